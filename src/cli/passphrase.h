/* SPDX-License-Identifier: EUPL-1.2
 *
 * A passphrase that a command needs: from a file that only its owner can
 * read, else typed at the terminal without echo.
 */
#ifndef ENFRAGA_CLI_PASSPHRASE_H
#define ENFRAGA_CLI_PASSPHRASE_H

#include "base/err.h"

#include <stdbool.h>

enum { PASSPHRASE_SIZE = 512 };

/* file NULL: asks at /dev/tty. no_tty is what to do where there is none. A new
 * one is asked for twice and has at least eight characters. ERR_PASSPHRASE
 * else. The caller wipes out. */
enum err_code passphrase_ask(const char *file, const char *prompt, bool new,
                             const char *no_tty, char out[PASSPHRASE_SIZE],
                             struct err *e);

#endif
