/* SPDX-License-Identifier: EUPL-1.2
 *
 * Passes: the försäkringar, so that keys are known; then entries, boxes and
 * checkpoints side by side in order of seq; then what only the end can tell:
 * heads larger than the log, entries behind the last head, the stored
 * frontier, heads kept elsewhere.
 */
#include "config.h"

#include "proof/verify.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "proof/verify_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_EVERY = 4096 };

/* Reads the next checkpoint ahead. */
static enum err_code
next_note(struct run *v, struct err *e)
{
    const char *note;
    int got =
        v->src->checkpoint(v->src->ctx, &note, &v->note_len, &v->note_size, e);
    v->has_note = got == 1;
    if (got < 0)
        return source_failed(v, v->r->last, e);
    if (got == 1 && v->note_len >= NOTE_MAX)
        v->note_len = 0; /* no note is so long: it will not parse */
    if (got == 1) {
        memcpy(v->note, note, v->note_len);
        v->note[v->note_len] = '\0';
    }
    return ERR_OK;
}

/* Is the note read ahead a head of this log? Full verification asks for the
 * signature of each, quick for the last one's, when all are read. */
static bool
note_holds(struct run *v, bool full, struct checkpoint *c, struct err *e)
{
    if (full && !v->has_log_key)
        return false;
    if (full ? note_verify_with(v->note, v->note_len, &v->r->log_key,
                                v->log_key, c, e)
             : note_parse(v->note, v->note_len, c, e))
        return false;
    return c->size == v->note_size;
}

static void
bad_note(struct run *v, uint64_t size, const char *why)
{
    uint64_t last = size ? size - 1 : 0;
    finding_add(v, VERIFY_EDITED, v->r->vouched, last,
                _("the signed head of %" PRIu64 " entries does not hold: %s"),
                size, why);
}

/* All checkpoints of the size that the tree has now. */
static enum err_code
heads_here(struct run *v, struct err *e)
{
    enum err_code code = ERR_OK;
    uint8_t root[HASH_SIZE];
    bool agreed = false;
    if (v->has_note && v->note_size <= v->tree.size)
        merkle_root(&v->tree, root);
    for (; !code && v->has_note && v->note_size <= v->tree.size;
         code = next_note(v, e)) {
        struct checkpoint c;
        struct err why = {0};
        if (v->note_size < v->tree.size ||
            !note_holds(v, v->o->full, &c, &why)) {
            bad_note(v, v->note_size, why.text);
            continue;
        }
        if (memcmp(c.root, root, HASH_SIZE) == 0) {
            if (v->o->full)
                witness_lines(v, v->r->vouched, c.size);
            agreed = true;
            v->r->checkpoints++;
            v->r->vouched = c.size;
            memcpy(v->last, v->note, v->note_len + 1);
            v->last_len = v->note_len;
            v->has_last = true;
        } else if (agreed || v->r->vouched == c.size) {
            finding_add(v, VERIFY_FORKED, c.size - 1, c.size - 1,
                        _("two signed heads of %" PRIu64 " entries differ"),
                        c.size);
        } else if (!v->diverged) {
            v->diverged = true;
            v->from = v->r->vouched;
            v->to = c.size - 1;
        }
    }
    return code;
}

/* The range is told only where no entry in it contradicts itself; that is
 * known when all signatures are in. */
static void
range_check(struct run *v)
{
    if (v->diverged && !finding_in(v, v->from, v->to))
        finding_add(v, VERIFY_EDITED, v->from, v->to,
                    _("an entry from %" PRIu64 " to %" PRIu64
                      " has been changed: the signed head has another root"),
                    v->from, v->to);
}

/* Heads from elsewhere that are of the size the tree has now. */
static void
outside_here(struct run *v)
{
    uint8_t root[HASH_SIZE];
    for (size_t i = 0; i < v->outsides; i++) {
        if (v->outside[i].c.size != v->tree.size)
            continue;
        merkle_root(&v->tree, root);
        v->outside[i].differs =
            memcmp(root, v->outside[i].c.root, HASH_SIZE) != 0;
    }
}

/* The number of the row against the place it stands in. */
static void
place_check(struct run *v, uint64_t want, const struct verify_row *row)
{
    if (row->seq == want)
        return;
    v->gap = true;
    if (row->seq > want)
        finding_add(v, VERIFY_ERASED, want, row->seq - 1,
                    _("entry %" PRIu64 " is missing"), want);
    else
        finding_add(v, VERIFY_EDITED, row->seq, row->seq,
                    _("entry %" PRIu64 " is there twice"), row->seq);
}

/* Quick verification reads of the leaves only what covers erasures: type is
 * the first field of the author part. */
static void
peek_erasing(struct run *v, const struct verify_row *row)
{
    enum { TYPE_AT = 4 + 5 + 7 };
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    if (row->leaf_len > TYPE_AT && row->leaf[TYPE_AT] == KIND_GALLRING &&
        !entry_leaf_split(row->leaf, row->leaf_len, &leaf, NULL) &&
        !entry_author_decode(leaf.author, leaf.author_len, &a, NULL) &&
        !entry_host_decode(leaf.host, leaf.host_len, &h, NULL))
        erasing_add(v, row->seq, &a, &h, a.forsakran);
}

static enum err_code
one_entry(struct run *v, const struct verify_row *row, struct err *e)
{
    uint8_t made[HASH_SIZE];
    const uint8_t *hash = row->leaf_hash;
    if (row->leaf) {
        entry_leaf_hash(made, row->leaf, row->leaf_len);
        if (hash && memcmp(hash, made, HASH_SIZE) != 0)
            finding_add(
                v, VERIFY_EDITED, row->seq, row->seq,
                _("entry %" PRIu64 " has been changed: its hash is another"),
                row->seq);
        if (!hash)
            hash = made;
    } else {
        missing_add(v, MISSING_LEAF, row->seq);
        if (!hash)
            hash = memset(made, 0, sizeof made);
    }
    enum err_code code = ERR_OK;
    if (!v->gap)
        merkle_append(&v->tree, hash);
    if (v->o->full)
        code = entry_check(v, row, hash, e);
    else if (row->leaf)
        peek_erasing(v, row);
    if (!code && !v->gap) {
        outside_here(v);
        code = heads_here(v, e);
    }
    return code;
}

static enum err_code
all_entries(struct run *v, struct err *e)
{
    struct verify_row row;
    struct verify_report *r = v->r;
    uint64_t want = 0;
    enum err_code code = ERR_OK;
    int got;
    while (!code && (got = v->src->entry(v->src->ctx, &row, e)) != 0) {
        if (got < 0)
            return source_failed(v, want, e);
        place_check(v, want, &row);
        if (r->entries++ == 0) {
            r->first = row.seq;
            first_check(v, &row);
        }
        r->last = row.seq;
        want = row.seq + 1;
        code = one_entry(v, &row, e);
        if (v->o->progress && r->entries % PROGRESS_EVERY == 0)
            v->o->progress(v->o->progress_ctx, r->entries);
    }
    return code;
}

/* What is left of the checkpoints counts more entries than there are. */
static enum err_code
heads_beyond(struct run *v, struct err *e)
{
    enum err_code code = ERR_OK;
    for (; !code && v->has_note; code = next_note(v, e)) {
        struct checkpoint c;
        struct err why = {0};
        if (v->gap)
            continue; /* the missing entry has been told */
        if (!note_holds(v, true, &c, &why)) {
            bad_note(v, v->note_size, why.text);
            continue;
        }
        v->cut = true;
        finding_add(v, VERIFY_CUT, v->tree.size, c.size - 1,
                    _("the log is cut: %" PRIu64 " entries are there, %" PRIu64
                      " have been signed"),
                    v->tree.size, c.size);
    }
    return code;
}

static void
vouched_check(struct run *v)
{
    struct verify_report *r = v->r;
    struct checkpoint c;
    struct err why = {0};
    if (r->entries == 0) {
        finding_add(v, VERIFY_CUT, 0, 0, "%s", _("the log has no entries"));
        return;
    }
    if (!v->o->full && v->has_last &&
        (!v->has_log_key || note_verify_with(v->last, v->last_len, &r->log_key,
                                             v->log_key, &c, &why))) {
        r->vouched = 0;
        r->checkpoints = 0;
        bad_note(v, v->tree.size, why.text);
    } else if (!v->gap && !v->diverged && !v->cut &&
               r->vouched < v->tree.size) {
        finding_add(
            v, VERIFY_EDITED, r->vouched, v->tree.size - 1,
            _("no signed head vouches for the entries from %" PRIu64 " on"),
            r->vouched);
    }
}

static void
outside_check(struct run *v)
{
    for (size_t i = 0; i < v->outsides; i++) {
        const struct outside *o = &v->outside[i];
        if (o->c.size > v->tree.size && !v->gap)
            finding_add(
                v, VERIFY_CUT, v->tree.size, o->c.size - 1,
                _("the log is cut: a head kept elsewhere counts %" PRIu64
                  " entries"),
                o->c.size);
        else if (o->differs && (v->r->vouched >= o->c.size ||
                                !finding_in(v, 0, o->c.size - 1)))
            finding_add(
                v, v->r->vouched >= o->c.size ? VERIFY_FORKED : VERIFY_EDITED,
                0, o->c.size - 1,
                _("a head of %" PRIu64
                  " entries kept elsewhere has another root"),
                o->c.size);
    }
}

/* Heads from elsewhere: what the log key has signed, or a line that was
 * registered by hand. */
static enum err_code
take_outside(struct run *v, struct err *e)
{
    v->outside = mem_alloc((v->o->note_count + 2) * sizeof *v->outside);
    for (size_t i = 0; i < v->o->note_count; i++) {
        struct checkpoint *c = &v->outside[v->outsides].c;
        const char *note = v->o->notes[i];
        const struct vkey *key = v->o->log_key;
        enum err_code code = ERR_OK;
        if (!note_line(note, c)) /* by hand, and so by nobody's key */
            code = key ? note_verify(note, strlen(note), key, c, e)
                       : note_parse(note, strlen(note), c, e);
        else if (key && strcmp(key->name, c->origin) != 0)
            code = err_set(e, ERR_BAD_INPUT, _("the line is of another log"));
        if (code)
            return code;
        v->outsides++;
    }
    if (v->o->done.size) {
        struct checkpoint *c = &v->outside[v->outsides++].c;
        c->size = v->o->done.size;
        memcpy(c->root, v->o->done.root, HASH_SIZE);
    }
    return ERR_OK;
}

static enum err_code
run_all(struct run *v, struct err *e)
{
    enum err_code code = take_outside(v, e);
    if (!code && v->o->full)
        code = signers_load(v, e);
    if (!code && v->o->full)
        code = days_load(v, e);
    if (!code)
        code = next_note(v, e);
    if (!code && v->o->full)
        code = box_next(v, e);
    if (!code)
        code = all_entries(v, e);
    if (v->o->full)
        signatures_finish(v->sigs);
    if (!code)
        code = heads_beyond(v, e);
    /* boxes of entries that are cut off go with them */
    for (; !code && v->has_box && !v->cut; code = box_next(v, e))
        finding_add(v, VERIFY_EDITED, v->box.seq, v->box.seq,
                    _("entry %" PRIu64 ": a box that belongs to no entry"),
                    v->box.seq);
    if (code)
        return code;
    erase_finish(v);
    witness_finish(v);
    range_check(v);
    seen_finish(v);
    vouched_check(v);
    outside_check(v);
    if (v->o->full) {
        signers_finish(v);
        days_finish(v);
    }
    return derived_check(v, e);
}

static void
run_done(struct run *v)
{
    signatures_free(&v->sigs);
    for (size_t i = 0; i < v->signers; i++)
        key_free(&v->signer[i].key);
    key_free(&v->log_key);
    free(v->signer);
    free(v->past);
    free(v->day);
    free(v->taken);
    free(v->proposed);
    free(v->nonce_slot);
    free(v->missing);
    free(v->erasing);
    free(v->mismatch);
    free(v->outside);
}

enum err_code
verify_run(const struct verify_source *src, const struct verify_options *o,
           struct verify_report *r, struct err *e)
{
    struct run *v = mem_alloc(sizeof *v);
    struct err own = {0};
    if (!e)
        e = &own; /* a source tells damage from trouble by its code */
    memset(r, 0, sizeof *r);
    v->src = src;
    v->o = o;
    v->r = r;
    r->has_key = v->has_log_key = o->log_key != NULL;
    if (o->log_key)
        r->log_key = *o->log_key;
    log_key_make(v);
    merkle_init(&v->tree);
    if (o->full)
        v->sigs = signatures_new(v);
    enum err_code code = run_all(v, e);
    finding_finish(v);
    memcpy(r->head, v->last, v->last_len);
    r->holds = r->holds && !code;
    run_done(v);
    free(v);
    return code;
}
