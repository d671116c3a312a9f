/* SPDX-License-Identifier: EUPL-1.2
 *
 * A case file taken while enfragad serves: systemansvarig's, or the
 * instance's own uid's. The entry first, then the register.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/text.h"
#include "cases/import.h"

static void
import_run(void *arg)
{
    struct task *t = arg;
    size_t n;
    const void *p = exchange_body(t->x, &n);
    t->code =
        import_bytes(t->d->in->reg, p, n, t->d->in->mode, &t->import, &t->err);
}

static void
import_done(void *arg)
{
    struct task *t = arg;
    if (t->code) {
        task_problem(t, t->code, &t->err);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "arenden", t->import.cases);
    cJSON_AddNumberToObject(o, "personer", t->import.persons);
    cJSON_AddNumberToObject(o, "nya", t->import.new_cases);
    routes_receipt(o, t);
    routes_put(t, o);
    task_reply_json(t);
}

static void
import_recorded(void *arg, enum err_code code, const struct receipt *r,
                const struct err *e)
{
    struct task *t = arg;
    t->receipt = *r;
    if (!code && t->d->stopping)
        code = ERR_STOPPING;
    if (code)
        task_problem(t, code, e);
    else
        worker_run(t->d->reg_worker, import_run, import_done, t);
}

void
entries_import_act(struct task *t)
{
    char hex[65], note[160];
    size_t n;
    uint8_t sha[HASH_SIZE];
    const void *p = exchange_body(t->x, &n);
    sha256(sha, p, n);
    text_hex(sha, sizeof sha, hex);
    snprintf(note, sizeof note, "{\"slag\":\"import\",\"sha256\":\"%s\"}", hex);
    record_own(t->d, KIND_REGISTER, false, 0, 0, note, import_recorded, t);
}
