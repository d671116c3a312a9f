/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/ssl.h"

#include <openssl/err.h>

enum err_code
ssl_err(struct err *e, enum err_code code, const char *what)
{
    unsigned long n = ERR_get_error();
    const char *reason = n ? ERR_reason_error_string(n) : NULL;
    ERR_clear_error();
    return reason ? err_set(e, code, "%s: %s", what, reason)
                  : err_set(e, code, "%s", what);
}

void
ssl_clear(void)
{
    ERR_clear_error();
}
