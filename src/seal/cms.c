/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/cms.h"

#include "seal/ssl.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/cms.h>

enum err_code
cms_holds(const void *der, size_t der_len, const void *text, size_t text_len,
          struct err *e)
{
    if (der_len > INT_MAX || text_len > INT_MAX)
        return err_set(e, ERR_TOO_BIG, "CMS");
    const unsigned char *p = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)der_len);
    /* Bytes behind the structure would be outside the signature. */
    bool whole = cms && p == (const unsigned char *)der + der_len;
    BIO *content = BIO_new_mem_buf(text, (int)text_len);
    bool ok = whole && content &&
              CMS_verify(cms, NULL, NULL, content, NULL,
                         CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    BIO_free(content);
    CMS_ContentInfo_free(cms);
    return ok ? ERR_OK : ssl_err(e, ERR_SIGNATURE, "CMS");
}
