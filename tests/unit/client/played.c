/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/unit/client/played.h"

#include "base/clock.h"
#include "base/loop.h"
#include "base/text.h"
#include "forsakran/identity.h"
#include "local/svar.h"
#include "net/serve.h"
#include "proof/receipt.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct played w;

static void
reply(struct exchange *x, int status, const char *body)
{
    exchange_reply(x, status,
                   status == 200 ? "application/json"
                                 : "application/problem+json",
                   body, strlen(body));
}

static void
reply_status(struct exchange *x)
{
    AUTO_BUF(b, 4096);
    buf_addf(&b,
             "{\"version\":\"0\",\"lage\":\"test\",\"kommun\":\"Sundby\","
             "\"upstream\":\"ssbtek\",\"kontrakt\":\"v10\",\"origin\":\"%s\","
             "\"log_vkey\":\"%s\",\"logg\":{\"storlek\":2,\"hel\":true,"
             "\"text\":\"\"},\"certifikat_dagar\":-1,\"grans_s\":30,"
             "\"kallor\":[{\"kod\":\"AF\",\"driftlage\":\"klar\"}],"
             "\"provad\":null,\"nytt\":1}",
             ORIGIN, w.status_vkey);
    reply(x, 200, buf_str(&b));
}

/* The log played: every intent is appended, whatever is then said of it. */
static bool
log_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    (void)ctx;
    if (level || index >= w.count)
        return false;
    memcpy(out, w.leaf[index], HASH_SIZE);
    return true;
}

static const struct merkle_source source = {.node = log_node};

static void
sign_head(struct buf *note, bool other_key, bool other_root)
{
    struct checkpoint c = {.origin = ORIGIN, .size = w.count};
    struct err e = {0};
    assert_true(merkle_range_root(&source, w.count, c.root));
    c.root[0] ^= other_root;
    assert_int_equal(note_sign(note, &c, other_key ? &w.other : &w.log,
                               other_key ? w.other_key : w.log_key, &e),
                     ERR_OK);
}

/* Our entry's leaf, with the host's part; or, in a trick, a leaf that is the
 * log's all right but not made of what this client signed. */
static void
append_leaf(void)
{
    struct entry_host h = {.seq = w.count, .peer = PEER_UID};
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    uint8_t sig[KEY_SIG];
    memcpy(sig, w.got.sig, KEY_SIG);
    sig[0] ^= w.trick == OTHER_LEAF;
    assert_true(w.count < PLAYED_LEAVES);
    assert_int_equal(entry_leaf_encode(&leaf, w.got.author.data,
                                       w.got.author.len, sig, &h, NULL),
                     ERR_OK);
    entry_leaf_hash(w.leaf[w.count++], leaf.data, leaf.len);
}

/* "/v1/logg/konsistens/N" */
static void
reply_proof(struct exchange *x, const char *word)
{
    uint64_t old = strtoull(word, NULL, 10);
    struct merkle_proof p;
    AUTO_BUF(note, NOTE_MAX);
    sign_head(&note, false, false);
    assert_true(merkle_consistency(&source, old, w.count, &p));
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "huvud", buf_str(&note));
    cJSON *list = cJSON_AddArrayToObject(o, "bevis");
    for (unsigned i = 0; i < p.count; i++) {
        AUTO_BUF(b, 64);
        p.hash[i][0] ^= w.trick == NO_PROOF;
        text_base64_encode(&b, p.hash[i], HASH_SIZE);
        cJSON_AddItemToArray(list, cJSON_CreateString(buf_str(&b)));
    }
    char *json = cJSON_PrintUnformatted(o);
    reply(x, 200, json);
    cJSON_free(json);
    cJSON_Delete(o);
}

static void
reply_me(struct exchange *x)
{
    AUTO_BUF(b, 16384);
    AUTO_BUF(note, NOTE_MAX);
    sign_head(&note, w.trick == OTHER_HEAD, w.trick == OTHER_LOG);
    assert_string_equal(exchange_header(x, "Enfraga-Konto"), "hl0142");
    buf_addf(&b,
             "{\"konto\":\"hl0142\",\"namn\":\"Anna Ek\",\"kommun\":\"Sundby\","
             "\"ort\":\"Sundby\",\"roller\":[\"handlaggare\"],\"forsakran\":"
             "{\"lage\":\"giltig\",\"till\":\"2027-01-20\",\"sha256\":"
             "\"%064d\"},\"nyckel\":{\"vkey\":\"%s\",\"sedan\":"
             "\"2026-01-20\"},\"wording\":{\"id\":\"x\"},\"senaste_fraga\":"
             "null,\"fragor_idag\":3,\"importerat\":null,\"logg\":{"
             "\"storlek\":2,\"huvud\":",
             7, w.user_vkey);
    cJSON *text = cJSON_CreateString(buf_str(&note));
    char *json = cJSON_PrintUnformatted(text);
    buf_addf(&b, "%s},\"losen\":false}", json);
    cJSON_free(json);
    cJSON_Delete(text);
    reply(x, 200, buf_str(&b));
}

static void
make_receipt(struct buf *out, uint64_t seq)
{
    struct receipt r;
    struct entry_host h = {.seq = seq, .peer = PEER_UID};
    AUTO_BUF(note, NOTE_MAX);
    AUTO_BUF(host, RECEIPT_HOST);
    sign_head(&note, w.trick == OTHER_KEY, false);
    assert_int_equal(receipt_make(&r, seq, buf_str(&note), &source, NULL),
                     ERR_OK);
    assert_int_equal(entry_host_encode(&host, &h, NULL), ERR_OK);
    memcpy(r.host, host.data, host.len);
    r.host_len = w.trick == NO_HOST ? 0 : host.len;
    buf_init(out, 1 << 14);
    assert_int_equal(receipt_encode(out, &r), ERR_OK);
}

static void
line(struct exchange *x, struct buf *b)
{
    buf_addc(b, '\n');
    exchange_chunk(x, b->data, b->len);
}

static void
send_kvitto(struct exchange *x)
{
    AUTO_BUF(b, 1 << 16);
    struct kvitto k = {.loggpost = w.count - 1, .time_ms = clock_now_ms()};
    make_receipt(&k.receipt, w.trick == OTHER_SEQ ? 0 : w.count - 1);
    kvitto_write(&b, &k);
    buf_done(&k.receipt);
    line(x, &b);
}

/* One source's state, or its content, which goes into the hash too. */
static void
send_source(struct exchange *x, enum source_id s, bool content,
            struct buf *hashed)
{
    struct question q = {.arende = "X", .sources = SOURCE_BIT(s)};
    struct answer *a = answer_new(&q);
    AUTO_BUF(b, 1 << 16);
    a->of[s].state = STATE_INGA_UPPGIFTER;
    a->of[s].confirmed = CONFIRMED_JA;
    a->of[s].time_ms = 100;
    if (content)
        svar_write_source(&b, a, s);
    else
        svar_write_state(&b, a, s);
    line(x, &b);
    if (content)
        buf_add(hashed, b.data, b.len);
    answer_free(&a);
}

static void
send_klar(struct exchange *x, const struct buf *hashed)
{
    AUTO_BUF(b, 1 << 16);
    struct klar k = {.utfall = "hel", .loggpost = w.count - 1};
    memset(k.salt, 9, sizeof k.salt);
    struct hash_part parts[] = {{k.salt, sizeof k.salt},
                                {hashed->data, hashed->len}};
    sha256_parts(k.hash, parts, 2);
    if (w.trick == OTHER_HASH)
        k.hash[0] ^= 1;
    make_receipt(&k.receipt, w.count - 1);
    klar_write(&b, &k);
    buf_done(&k.receipt);
    line(x, &b);
}

static void
on_gone(void *arg)
{
    (void)arg;
    w.gone++;
    exchange_end(w.held);
    event_base_loopbreak(w.base);
}

static void
take_intent(struct exchange *x)
{
    struct err e = {0};
    size_t n;
    const void *p = exchange_body(x, &n);
    cJSON *o = message_parse(p, n, 1 << 20, &e);
    assert_non_null(o);
    if (w.has_got)
        signed_entry_done(&w.got);
    assert_int_equal(signed_entry_read(&w.got, o, &e), ERR_OK);
    w.has_got = true;
    cJSON_Delete(o);
}

static void
answer_question(struct exchange *x)
{
    AUTO_BUF(hashed, 1 << 16);
    w.asked++;
    take_intent(x);
    append_leaf();
    if (w.trick == REFUSED) {
        AUTO_BUF(b, 4096);
        struct err e = {0};
        err_set(&e, ERR_JAV, "because");
        problem_write(&b, ERR_JAV, &e, false);
        reply(x, problem_status(ERR_JAV), buf_str(&b));
        return;
    }
    exchange_stream(x, 200, "application/x-ndjson");
    if (w.trick == BEFORE_KVITTO)
        send_source(x, SOURCE_AF, true, &hashed);
    if (w.trick == NO_KVITTO) {
        send_klar(x, &hashed);
        exchange_end(x);
        return;
    }
    send_kvitto(x);
    if (w.trick == TWO_KVITTO)
        send_kvitto(x);
    send_source(x, SOURCE_AF, false, NULL);
    if (w.trick == HOLD) {
        w.held = x;
        exchange_on_gone(x, on_gone, NULL);
        return;
    }
    if (w.trick != STATE_ONLY)
        send_source(x, SOURCE_AF, true, &hashed);
    if (w.trick == OTHER_SOURCE)
        send_source(x, SOURCE_TNS, true, &hashed);
    if (w.trick == GARBAGE)
        exchange_chunk(x, "{\"typ\":\"svar\",\"kod\":\n", 21);
    if (w.trick == PROBLEM) {
        AUTO_BUF(b, 4096);
        problem_write(&b, ERR_LOG, NULL, true);
        line(x, &b);
    } else if (w.trick != CUT && w.trick != STATE_ONLY) {
        send_source(x, SOURCE_SO, false, NULL);
        if (w.trick == AFTER_KLAR)
            send_klar(x, &hashed);
        send_source(x, SOURCE_SO, true, &hashed);
        if (w.trick != AFTER_KLAR)
            send_klar(x, &hashed);
    }
    exchange_end(x);
}

static void
handle(void *arg, struct exchange *x)
{
    (void)arg;
    const char *path = exchange_path(x);
    if (!strcmp(path, "/v1/status"))
        reply_status(x);
    else if (!strcmp(path, "/v1/mig"))
        reply_me(x);
    else if (!strcmp(path, "/v1/fragor"))
        answer_question(x);
    else if (!strncmp(path, "/v1/logg/konsistens/", 20))
        reply_proof(x, path + 20);
    else
        reply(x, 404, "{\"kod\":\"saknas\"}");
}

void
played_pin(const char *text)
{
    FILE *f = fopen(w.vkey_file, "w");
    assert_non_null(f);
    fprintf(f, "%s\n", text);
    assert_int_equal(fclose(f), 0);
}

static void
make_key(struct key **k, struct vkey *v, char text[VKEY_TEXT_MAX])
{
    struct err e = {0};
    uint8_t raw[KEY_RAW];
    assert_int_equal(key_new_ed25519(k, &e), ERR_OK);
    assert_true(key_public_raw(*k, raw));
    assert_int_equal(vkey_make(v, ORIGIN, raw, &e), ERR_OK);
    vkey_text(v, text);
}

int
played_setup(void **state)
{
    (void)state;
    struct err e = {0};
    char path[160];
    snprintf(w.dir, sizeof w.dir, "/tmp/enfraga-client-XXXXXX");
    if (!mkdtemp(w.dir))
        return 1;
    snprintf(w.vkey_file, sizeof w.vkey_file, "%s/log.vkey", w.dir);
    snprintf(path, sizeof path, "%s/run", w.dir);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/anvandare", w.dir);
    mkdir(path, 0700);
    snprintf(w.user, sizeof w.user, "%s/anvandare/hl0142", w.dir);
    snprintf(w.socket, sizeof w.socket, "%s/run/enfraga.sock", w.dir);
    snprintf(path, sizeof path, "%s/ca", w.dir);
    if (ca_create(path, "Sundby kommun", NULL, &e) ||
        identity_create(w.user, path, "hl0142", "Anna Ek", "Sundby kommun",
                        ORIGIN, PASSPHRASE, false, &e) ||
        identity_read_vkey(w.user_vkey, w.user, &e)) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    make_key(&w.log_key, &w.log, w.log_text);
    make_key(&w.other_key, &w.other, w.other_text);
    played_pin(w.log_text);
    w.status_vkey = w.log_text;
    memset(w.leaf[0], 1, HASH_SIZE);
    w.count = 1;
    w.base = loop_new();
    struct serve_options o = {.path = w.socket,
                              .mode = 0600,
                              .max_body = 1 << 20,
                              .max_headers = 8192,
                              .idle_s = 30};
    w.server = server_new(w.base, &o, handle, NULL, &e);
    return w.server == NULL;
}

int
played_teardown(void **state)
{
    (void)state;
    char command[200];
    server_free(&w.server);
    event_base_free(w.base);
    libevent_global_shutdown();
    key_free(&w.log_key);
    key_free(&w.other_key);
    if (w.has_got)
        signed_entry_done(&w.got);
    snprintf(command, sizeof command, "rm -rf '%s'", w.dir);
    return system(command) != 0;
}
