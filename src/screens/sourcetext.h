/* SPDX-License-Identifier: EUPL-1.2
 *
 * Texts that the municipality edits (data/skal.ini, kallor.ini): standard
 * reasons, standard texts of a klarmarkering, and for each source who corrects
 * it and what to do when it does not answer. Read once; a file that is missing
 * or wrong gives no texts, and the screens do without.
 */
#ifndef ENFRAGA_SCREENS_SOURCETEXT_H
#define ENFRAGA_SCREENS_SOURCETEXT_H

#include "base/buf.h"
#include "domain/source.h"
#include "tui/dialog.h"

/* Up to nine, the rest NULL; borrowed for the program's life. */
void sourcetext_reasons(const char *out[DIALOG_REASONS]);
void sourcetext_marks(const char *out[DIALOG_REASONS]);

void sourcetext_correct(enum source_id s, struct buf *out);
const char *sourcetext_phone(enum source_id s);   /* "" when none */
const char *sourcetext_instead(enum source_id s); /* "" when none */

/* Where the file of that name lies: ENFRAGA_DATA, or as installed. */
void sourcetext_path(const char *name, char *out, int size);

/* Frees what was read. */
void sourcetext_done(void);

#endif
