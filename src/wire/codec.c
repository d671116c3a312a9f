/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/codec.h"

#include <stddef.h>

#define SKATTEVERKET "http://xmls.skatteverket.se/se/skatteverket/zg/"

static const struct codec codecs[CODEC_COUNT] = {
#define CODEC(id, ns, ns2, request, answer, fault, code, text, loose)          \
    [SOURCE_##id] = {ns, ns2, request, answer, fault, code, text, loose},
#include "wire/codecs.def"
#undef CODEC
    [CODEC_FORFRAGAN] = {SKATTEVERKET "instans/standardiseradInformation/1.0",
                         SKATTEVERKET "komponent/infoForFolkbokforing/1.0",
                         "ForfraganBeskattningsuppgifterEnligtSFS2008-975", "",
                         "", "", "", false},
};

enum { SOURCE_FORFRAGAN = CODEC_FORFRAGAN };

static const struct ask_row rows[] = {
#define ASK(of, depth, name, fact) {SOURCE_##of, depth, name, ASK_##fact},
#include "wire/requests.def"
#undef ASK
    {CODEC_COUNT, 0, NULL, ASK_COUNT},
};

const struct codec *
codec_row(int of)
{
    return &codecs[of];
}

const struct ask_row *
ask_first(int of)
{
    const struct ask_row *r = rows;
    while (r->name && r->of != of)
        r++;
    return r->name ? r : NULL;
}

const struct ask_row *
ask_next(const struct ask_row *r)
{
    return r[1].of == r->of ? r + 1 : NULL;
}
