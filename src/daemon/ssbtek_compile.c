/* SPDX-License-Identifier: EUPL-1.2
 *
 * "Teknisk bearbetning": what came of each authority, in its place and as it
 * came (wire/compile).
 */
#include "config.h"

#include "daemon/ssbtek.h"

#include "base/i18n.h"
#include "base/log.h"

enum { PART_MAX = 2 * SSBTEK_ANSWER_MAX };

/* One request at a time: all sources of SSBTEK's, or one authority. */
static bool
put_parts(struct buf *out, struct buf of[SOURCE_COUNT],
          const struct ssbtek_call *s, struct run *run,
          const struct upstream *up)
{
    const struct answer *a = run_answer(run);
    source_set left = s->asked.sources;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        size_t n;
        if (!(left & SOURCE_BIT(i)))
            continue;
        if (up->direct) {
            compile_source(&of[i], s->asked.kontrakt, i, a, run_reader(run, i));
            continue;
        }
        source_set set = up->split ? SOURCE_BIT(i) : left;
        const char *body = run_raw(run, i, &n);
        if (compile_fault_passed(out, s->asked.kontrakt, set, a, body, n))
            return false;
        compile_passed(of, set, a, body, n);
        left &= ~set;
    }
    return true;
}

int
ssbtek_compile(struct buf *out, const struct ssbtek_call *s, struct run *run,
               const struct upstream *up, const void *question, size_t n)
{
    const struct compile_head head = {
        .kontrakt = s->asked.kontrakt,
        .request = s->asked.echo ? question : NULL,
        .request_len = n,
        .frage_tidpunkt = s->asked.tidpunkt,
        .korrelationsid = s->asked.korrelationsid};
    struct buf of[SOURCE_COUNT];
    struct err e = {0};
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = BUF_INIT(PART_MAX);
    bool answered = put_parts(out, of, s, run, up);
    enum err_code code = answered ? compile_answer(out, &head, of, &e) : ERR_OK;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (of[i].full)
            code = err_set(&e, ERR_TOO_BIG, "%s", source_row(i)->code);
        buf_done(&of[i]);
    }
    if (!code)
        return answered ? 200 : 500;
    log_error("ssbtek: the answer was not sent: %s", e.text);
    buf_clear(out);
    ssbtek_put_fault(out, s, code, NULL);
    return 500;
}
