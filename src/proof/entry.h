/* SPDX-License-Identifier: EUPL-1.2
 *
 * One entry of the log as bytes (AUDIT 4, doc/FORMATS.md "Log"): the author
 * part that the writer signs, enfragad's part, the leaf made of both, and the
 * commitment to the secret payload. Decoding is strict: one value has one
 * encoding. Who may write what is the ledger's and the daemon's.
 */
#ifndef ENFRAGA_PROOF_ENTRY_H
#define ENFRAGA_PROOF_ENTRY_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/erasure.h"
#include "seal/hash.h"
#include "seal/key.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum entry_kind {
#define KIND(name, number, word, label, by, ref, open) KIND_##name = number,
#include "proof/kinds.def"
#undef KIND
};

enum entry_by { BY_USER = 1, BY_ENFRAGAD = 2, BY_BOTH = 3 };
enum entry_ref { REF_NONE, REF_MAY, REF_MUST };
enum entry_open { OPEN_NONE, OPEN_OPENS, OPEN_CLOSES };

struct entry_kind_row {
    enum entry_kind kind;
    const char *word;  /* "okand-utfall" */
    const char *label; /* msgid */
    enum entry_by by;
    enum entry_ref ref;
    enum entry_open open;
};

/* The row of a number or a word; NULL if there is none. */
const struct entry_kind_row *entry_kind_row(uint64_t kind);
const struct entry_kind_row *entry_kind_by_word(const char *word);

#define ENTRY_ORIGIN_MAX VKEY_NAME_MAX
#define ENTRY_LEGAL_MAX 63
#define ENTRY_NAMED_MAX 63
#define ENTRY_AUTHOR_MAX 4096           /* bytes of an author part */
#define ENTRY_LEAF_MAX (8 * 1024)       /* bytes of a leaf */
#define ENTRY_PAYLOAD_MAX (1024 * 1024) /* bytes of a payload */
#define ENTRY_NONCE 16
#define ENTRY_SALT 32
#define ENTRY_UNIT_MAX 63
#define ENTRY_NAME_MAX 63
#define ENTRY_RECIPIENTS 24

/* Who can open boxes: a reviewer's account, or "arkiv". */
struct entry_recipient {
    uint8_t cert[HASH_SIZE]; /* SHA-256 of the certificate (DER) */
    char name[ENTRY_NAME_MAX + 1];
};

struct entry_author {
    uint64_t type;                     /* enum entry_kind */
    char origin[ENTRY_ORIGIN_MAX + 1]; /* the log's origin and epoch */
    char mode[16];                     /* skarp, test or ovning */
    uint8_t kid[KID_SIZE];             /* who signs: vkey_kid */
    uint8_t forsakran[HASH_SIZE];      /* SHA-256 of the CMS; enfragad: 0 */
    uint8_t nonce[ENTRY_NONCE];
    uint64_t client_time_ms;      /* UTC */
    uint64_t client_boot_ms;      /* since boot */
    uint64_t seen_size;           /* newest checkpoint held; 0 none, */
    uint8_t seen_root[HASH_SIZE]; /* and then this is all zero */
    bool has_ref;
    uint64_t ref_seq;
    uint8_t ref_hash[HASH_SIZE];     /* leaf hash of that entry */
    uint64_t authorities;            /* bit n: published number n */
    uint64_t kind;                   /* kind of query */
    char legal[ENTRY_LEGAL_MAX + 1]; /* legal-basis code, may be "" */
    bool has_commit;                 /* there is a payload */
    uint8_t commit[HASH_SIZE];
    bool has_key; /* nyckel: an entry key declared, or a user's vouched for */
    uint8_t key[KEY_RAW];
    bool has_log_key; /* nyckel: the log key declared */
    uint8_t log_key[KEY_RAW];
    bool has_day; /* nyckel: a day key declared, sealed to the recipients */
    uint64_t day;
    uint8_t day_cms[HASH_SIZE];    /* SHA-256 of the sealed key's CMS */
    bool has_recipients;           /* nyckel: of the day key, or new ones */
    char unit[ENTRY_UNIT_MAX + 1]; /* enhet; "": all */
    unsigned n_recipients;
    struct entry_recipient recipient[ENTRY_RECIPIENTS];
    bool has_away; /* nyckel by a user: the one recipient is taken away, whom */
    uint64_t away; /* this entry had taken in */
    /* An intent by enfragad, which a system asked for: in whose name (SHA-256
     * of the CMS of that handläggare's försäkran), and the system's account. */
    bool has_named;
    uint8_t named_forsakran[HASH_SIZE];
    char named_by[ENTRY_NAMED_MAX + 1];
    bool has_erasure; /* gallring, and always there */
    struct entry_erasure erasure;
};

/* Appends the canonical bytes. ERR_BAD_INPUT for a value that decoding would
 * refuse, ERR_TOO_BIG past the buffer's ceiling. */
enum err_code entry_author_encode(struct buf *out, const struct entry_author *a,
                                  struct err *e);

/* Decodes; refuses whatever encode would not have written, save unknown tags
 * from 0x80 up, which are passed over. ERR_BAD_INPUT, ERR_TOO_BIG. */
enum err_code entry_author_decode(const void *p, size_t n,
                                  struct entry_author *a, struct err *e);

/* Ed25519 over "enfraga/entry/1\n" || author part. */
enum err_code entry_sign(const struct key *k, const void *author, size_t n,
                         uint8_t sig[KEY_SIG], struct err *e);
bool entry_verify(const struct key *k, const void *author, size_t n,
                  const uint8_t sig[KEY_SIG]);

/* SHA-256("enfraga/commit/1" || salt || payload). */
void entry_commit(uint8_t out[HASH_SIZE], const uint8_t salt[ENTRY_SALT],
                  const void *payload, size_t n);

enum entry_peer { PEER_NONE, PEER_UID, PEER_CERT };

/* enfragad's part. */
struct entry_host {
    uint64_t seq;
    uint64_t log_time_ms; /* UTC */
    uint64_t boot_ms;
    char boot_id[40];     /* the kernel's, or "" */
    enum entry_peer peer; /* PEER_NONE exactly for enfragad's own entries but
                             a named intent, which has the system's */
    uint64_t peer_uid;
    uint8_t peer_cert[HASH_SIZE];
    uint8_t box_sha256[HASH_SIZE]; /* zero when there is no payload */
    uint64_t day; /* number of the day key that seals the box; 0: it is clear
                     or there is none */
};

enum err_code entry_host_encode(struct buf *out, const struct entry_host *h,
                                struct err *e);
enum err_code entry_host_decode(const void *p, size_t n, struct entry_host *h,
                                struct err *e);

/* Where the pieces of a leaf lie; borrowed from the leaf's bytes. */
struct entry_leaf {
    const uint8_t *author;
    size_t author_len;
    const uint8_t *sig; /* KEY_SIG bytes */
    const uint8_t *host;
    size_t host_len;
};

/* u32 len || author part || sig || u32 len || enfragad's part. */
enum err_code entry_leaf_encode(struct buf *out, const void *author,
                                size_t author_len, const uint8_t sig[KEY_SIG],
                                const struct entry_host *h, struct err *e);
enum err_code entry_leaf_split(const void *leaf, size_t n,
                               struct entry_leaf *out, struct err *e);

/* SHA-256(0x00 || leaf). */
void entry_leaf_hash(uint8_t out[HASH_SIZE], const void *leaf, size_t n);

/* A box: first byte 0 (clear), then salt and payload; 1 is a sealed box, which
 * only its reader can open. Both are hashed with their first byte. */
#define BOX_CLEAR 0
#define BOX_SEALED 1
void entry_box_clear(struct buf *out, const uint8_t salt[ENTRY_SALT],
                     const void *payload, size_t n);

/* The name of enfragad's own entry key: "<origin>/enfragad". */
enum err_code entry_own_vkey(struct vkey *out, const char *origin,
                             const uint8_t pub[KEY_RAW], struct err *e);

#endif
