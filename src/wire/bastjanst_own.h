/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the compiler needs to know of a reader of a direct answer.
 */
#ifndef ENFRAGA_WIRE_BASTJANST_OWN_H
#define ENFRAGA_WIRE_BASTJANST_OWN_H

#include "wire/bastjanst.h"

#include <stdbool.h>

struct soap_answer;
struct soap_reader;

struct bastjanst_reader {
    struct answer *answer;
    enum source_id source;
    struct soap_reader *soap; /* NULL: JSON */
    bool json, keep;
    bool data;   /* finished, with the authority's answer whole in body */
    int body_at; /* soap_answer's body and encoding */
    const char *encoding;
    struct buf body; /* kept bytes; JSON always */
};

#endif
