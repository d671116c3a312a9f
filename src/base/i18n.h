/* SPDX-License-Identifier: EUPL-1.2
 *
 * Texts shown to people: English msgid, Swedish by translation (po/).
 * i18n_init makes Swedish the language and UTF-8 the encoding also where LANG
 * is unset or C (UX 15); ENFRAGA_SPRAK=en is for developers. Where the terminal
 * is ISO-8859-1 tui/term transcodes: inside, all is UTF-8. Errors' messages
 * (errors.def) are msgids too.
 */
#ifndef ENFRAGA_BASE_I18N_H
#define ENFRAGA_BASE_I18N_H

#include <libintl.h>

#define _(s) gettext(s)
#define N_(s) (s)

void i18n_init(void);

#endif
