/* SPDX-License-Identifier: EUPL-1.2
 *
 * Which of the contracts' fields are addresses or names of places (UX 8):
 * they are shown only where AF, CSN and FK have answered and none says that
 * the person is protected. A table; what to put instead is here too, so that
 * every form says the same.
 */
#ifndef ENFRAGA_DOMAIN_PLACES_H
#define ENFRAGA_DOMAIN_PLACES_H

#include <stdbool.h>

/* A field of this name, and everything under it, is a place. Matched on the
 * contract's name, case-insensitively. */
bool place_name(const char *name);

/* What stands in its place: "(dold tills AF, CSN och FK har svarat)". */
extern const char place_mask[];

#endif
