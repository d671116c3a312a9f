/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/i18n.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* Swedish unless the user has asked for another language by LANGUAGE. gettext
 * gives the msgid in the C locale, so a UTF-8 locale is needed for messages
 * even where the system has none but C.UTF-8. */
void
i18n_init(void)
{
    const char *dir = getenv("TEXTDOMAINDIR");
    const char *lang = getenv("ENFRAGA_SPRAK");
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", lang && !strcmp(lang, "en") ? "en" : "sv", 1);
    bindtextdomain("enfraga", dir && *dir ? dir : LOCALEDIR);
    bind_textdomain_codeset("enfraga", "UTF-8");
    textdomain("enfraga");
}
