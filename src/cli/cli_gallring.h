/* SPDX-License-Identifier: EUPL-1.2
 *
 * How gallring is printed: a line a fact, or enfragad's JSON under the schema
 * enfraga.gallring/1. On stdout.
 */
#ifndef ENFRAGA_CLI_CLI_GALLRING_H
#define ENFRAGA_CLI_CLI_GALLRING_H

#include "cli/cli.h"
#include "client/gallring.h"

void gallring_print_plan(const cJSON *o, bool json);
void gallring_print_row(const cJSON *row);
void gallring_print_list(const cJSON *o, bool json);
/* Those that have been carried out, and what they come to. */
void gallring_print_report(const cJSON *o, bool json);

#endif
