/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each cell of DESIGN 4's table of proofs, its near misses (a bit of
 * the proof less, any spoiling bit more), the rule for samordningsnummer, and
 * by going through every evidence word that inga_uppgifter never comes
 * without its whole proof. Leaves out: what a decoder sees (wire).
 */
#include "config.h"

#include "domain/zero.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    E = SEEN_ELEMENT,
    D = SEEN_DATA,
    R = SEEN_READ,
    CAME = E | D | R,
    OK = SEEN_OK,
    P = SEEN_PERSON,
    L = SEEN_LIST,
    ROWS = SEEN_ROWS,
    SPOILS = SEEN_ERROR | SEEN_NOT_OK | SEEN_UNKNOWN | SEEN_OTHER | SEEN_GAP |
             SEEN_UNREAD | SEEN_UNSURE | SEEN_BARRED | SEEN_ROWS
};

/* The proof of nothing, written here by itself and not read from zero.def. */
static const uint32_t proof[SOURCE_COUNT] = {
    [SOURCE_AF] = CAME | OK | P,  [SOURCE_CSN] = CAME | OK | P | L,
    [SOURCE_FK] = CAME | OK | L,  [SOURCE_PM] = CAME | OK | L,
    [SOURCE_SKV] = CAME | L,      [SOURCE_SO] = CAME | L,
    [SOURCE_TNS] = CAME | OK | L, [SOURCE_MIV] = CAME | P | L,
};

/* What an answer with data needs. */
static const uint32_t data[SOURCE_COUNT] = {
    [SOURCE_AF] = CAME | OK | P | ROWS, [SOURCE_CSN] = CAME | OK | P | L | ROWS,
    [SOURCE_FK] = CAME | OK | ROWS,     [SOURCE_PM] = CAME | OK | ROWS,
    [SOURCE_SKV] = CAME | ROWS,         [SOURCE_SO] = CAME | ROWS,
    [SOURCE_TNS] = CAME | OK | ROWS,    [SOURCE_MIV] = CAME | P | ROWS,
};

static void
gives(enum source_id id, uint32_t seen, enum source_state want)
{
    enum source_state got = zero_state(id, seen);
    if (got != want)
        fail_msg("%s with 0x%05x: %s, not %s", source_row(id)->code,
                 (unsigned)seen, state_row(got)->word, state_row(want)->word);
}

static void
test_proof_and_near_misses(void **state)
{
    (void)state;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        gives(id, proof[id], STATE_INGA_UPPGIFTER);
        gives(id, data[id], STATE_SVAR);
        for (int b = 0; b < SEEN_BITS; b++) {
            uint32_t bit = 1u << b;
            if (proof[id] & bit) /* one bit less */
                assert_int_not_equal(zero_state(id, proof[id] & ~bit),
                                     STATE_INGA_UPPGIFTER);
            if (SPOILS & bit) /* one bit more */
                assert_int_not_equal(zero_state(id, proof[id] | bit),
                                     STATE_INGA_UPPGIFTER);
            if (data[id] & ~ROWS & bit) {
                enum source_state s = zero_state(id, data[id] & ~bit);
                assert_int_not_equal(s, STATE_SVAR);
                assert_int_not_equal(s, STATE_INGA_UPPGIFTER);
            }
        }
    }
}

static void
test_what_holds_for_all(void **state)
{
    (void)state;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        uint32_t all = proof[id];
        gives(id, 0, STATE_SAKNAS); /* asked, not in the answer */
        gives(id, E, STATE_SAKNAS); /* neither data nor error */
        gives(id, E | SEEN_ERROR, STATE_FEL);
        gives(id, E | SEEN_ERROR | SEEN_BARRED, STATE_EJ_BEHORIG);
        gives(id, all | SEEN_ERROR, STATE_FEL);
        gives(id, E | D, id == SOURCE_MIV ? STATE_SAKNAS : STATE_OLASLIGT);
        gives(id, all | SEEN_OTHER, STATE_FEL); /* another person */
        gives(id, data[id] | SEEN_OTHER, STATE_FEL);
        gives(id, SEEN_OTHER, STATE_FEL);
        gives(id, all | SEEN_BARRED, STATE_EJ_BEHORIG);
        gives(id, data[id] | SEEN_BARRED, STATE_DELSVAR);
        gives(id, all | SEEN_UNKNOWN, STATE_OKAND_PERSON);
        gives(id, data[id] | SEEN_UNKNOWN, STATE_DELSVAR);
        static const uint32_t doubt[] = {SEEN_GAP, SEEN_UNREAD, SEEN_UNSURE};
        for (int i = 0; i < 3; i++) {
            gives(id, all | doubt[i], STATE_DELSVAR);
            gives(id, data[id] | doubt[i], STATE_DELSVAR);
        }
    }
}

static void
test_af(void **state)
{
    (void)state;
    gives(SOURCE_AF, CAME | P | SEEN_NOT_OK, STATE_FEL); /* code not 0 */
    gives(SOURCE_AF, CAME | P | ROWS | SEEN_NOT_OK, STATE_FEL);
    gives(SOURCE_AF, CAME | P | SEEN_UNKNOWN | SEEN_NOT_OK,
          STATE_OKAND_PERSON); /* a code that the code table knows */
    gives(SOURCE_AF, CAME | P, STATE_FEL); /* no code at all */
    gives(SOURCE_AF, CAME | P | ROWS, STATE_DELSVAR);
    gives(SOURCE_AF, CAME | OK, STATE_DELSVAR); /* about nobody */
    gives(SOURCE_AF, CAME | OK | ROWS, STATE_DELSVAR);
}

static void
test_csn(void **state)
{
    (void)state;
    gives(SOURCE_CSN, CAME | OK | L | SEEN_UNKNOWN, STATE_OKAND_PERSON);
    gives(SOURCE_CSN, CAME | OK | P | L | SEEN_UNKNOWN, STATE_OKAND_PERSON);
    gives(SOURCE_CSN, CAME | P | L | SEEN_NOT_OK, STATE_FEL);
    gives(SOURCE_CSN, CAME | OK | P, STATE_DELSVAR);        /* no counts */
    gives(SOURCE_CSN, CAME | OK | P | ROWS, STATE_DELSVAR); /* same */
    gives(SOURCE_CSN, CAME | OK | L, STATE_DELSVAR);        /* no Person */
    gives(SOURCE_CSN, CAME | OK | P | L | ROWS | SEEN_UNSURE,
          STATE_DELSVAR); /* full at its cap, or counts differ */
}

static void
test_fk_and_pm_by_themselves(void **state)
{
    (void)state;
    static const enum source_id both[] = {SOURCE_FK, SOURCE_PM};
    for (int i = 0; i < 2; i++) {
        gives(both[i], CAME | L, STATE_FEL);        /* deliverer missing */
        gives(both[i], CAME | L | ROWS, STATE_FEL); /* it has said nothing */
        gives(both[i], CAME | L | SEEN_NOT_OK, STATE_FEL);
        gives(both[i], CAME | L | OK | SEEN_NOT_OK, STATE_FEL);
        gives(both[i], CAME | OK | L | SEEN_GAP, STATE_DELSVAR);
        gives(both[i], CAME | OK | L | ROWS | SEEN_GAP, STATE_DELSVAR);
        gives(both[i], CAME | OK, STATE_DELSVAR); /* lists not read */
        gives(both[i], CAME | OK | ROWS | SEEN_UNREAD, STATE_DELSVAR);
    }
    /* FK has nothing and PM is down: two states */
    gives(SOURCE_FK, CAME | OK | L | P, STATE_INGA_UPPGIFTER);
    gives(SOURCE_PM, CAME | L | P | SEEN_NOT_OK, STATE_FEL);
}

static void
test_skv(void **state)
{
    (void)state;
    gives(SOURCE_SKV, CAME, STATE_DELSVAR);      /* no PersonuppgiftLista */
    gives(SOURCE_SKV, CAME | L | P, STATE_SVAR); /* not empty */
    gives(SOURCE_SKV, CAME | L | ROWS | SEEN_GAP, STATE_DELSVAR);
    gives(SOURCE_SKV, CAME | L | SEEN_NOT_OK, STATE_FEL);
    gives(SOURCE_SKV, CAME | L | ROWS | SEEN_NOT_OK, STATE_DELSVAR);
}

/* v11: LIST says that each part asked for has nothing; READ, that one of them
 * at least was read. */
static void
test_skv_parts(void **state)
{
    (void)state;
    const uint32_t K = SEEN_KNOWN;
    gives(SOURCE_SKV, E | D | SEEN_ERROR | SEEN_GAP, STATE_FEL); /* all */
    gives(SOURCE_SKV, E | D | SEEN_GAP, STATE_OLASLIGT); /* none readable */
    gives(SOURCE_SKV, CAME | SEEN_GAP, STATE_DELSVAR);   /* 404 and an error */
    gives(SOURCE_SKV, CAME | ROWS | K | SEEN_GAP, STATE_DELSVAR);
    gives(SOURCE_SKV, CAME | ROWS | K, STATE_SVAR); /* data and 404 */
    gives(SOURCE_SKV, CAME | ROWS | K | P, STATE_SVAR);
    gives(SOURCE_SKV, CAME | ROWS | K | SEEN_OTHER, STATE_FEL);
    gives(SOURCE_SKV, CAME | SEEN_UNSURE, STATE_DELSVAR); /* {} */
    gives(SOURCE_SKV, CAME | ROWS | K | SEEN_UNSURE, STATE_DELSVAR);
    gives(SOURCE_SKV, CAME | L, STATE_INGA_UPPGIFTER); /* all 404 */
    gives(SOURCE_SKV, CAME | L | SEEN_SAMORDNING, STATE_OKAND_PERSON);
    gives(SOURCE_SKV, CAME | L | SEEN_ERROR, STATE_FEL);
}

static void
test_so(void **state)
{
    (void)state;
    gives(SOURCE_SO, CAME | L | OK, STATE_INGA_UPPGIFTER); /* funds are OK */
    gives(SOURCE_SO, CAME | L | P, STATE_INGA_UPPGIFTER);
    gives(SOURCE_SO, CAME | L | SEEN_GAP, STATE_DELSVAR); /* unknown status */
    gives(SOURCE_SO, CAME | L | SEEN_NOT_OK, STATE_DELSVAR);
    gives(SOURCE_SO, CAME | L | ROWS | SEEN_GAP, STATE_DELSVAR);
    gives(SOURCE_SO, CAME, STATE_DELSVAR); /* no list */
    gives(SOURCE_SO, CAME | OK, STATE_DELSVAR);
}

static void
test_tns(void **state)
{
    (void)state;
    gives(SOURCE_TNS, CAME | L | SEEN_NOT_OK, STATE_FEL);
    gives(SOURCE_TNS, CAME | L | ROWS | SEEN_NOT_OK, STATE_FEL);
    gives(SOURCE_TNS, CAME | OK, STATE_DELSVAR); /* no fordonsinnehav */
    gives(SOURCE_TNS, CAME | L, STATE_FEL);      /* no resultat */
    gives(SOURCE_TNS, CAME | L | ROWS, STATE_DELSVAR);
}

static void
test_miv(void **state)
{
    (void)state;
    gives(SOURCE_MIV, E | D | P | L, STATE_SAKNAS); /* no response */
    gives(SOURCE_MIV, CAME | P, STATE_DELSVAR);     /* no svarCollection */
    gives(SOURCE_MIV, CAME | L, STATE_DELSVAR);     /* about nobody */
    gives(SOURCE_MIV, CAME | L | ROWS, STATE_DELSVAR);
}

static void
test_samordningsnummer(void **state)
{
    (void)state;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        uint32_t all = proof[id] | SEEN_SAMORDNING;
        /* CSN's Person is its sign; TNS and MIV have no such rule */
        bool free = id == SOURCE_CSN || id == SOURCE_TNS || id == SOURCE_MIV;
        gives(id, all, free ? STATE_INGA_UPPGIFTER : STATE_OKAND_PERSON);
        gives(id, all | SEEN_KNOWN, STATE_INGA_UPPGIFTER);
        gives(id, data[id] | SEEN_SAMORDNING, STATE_SVAR);
    }
    gives(SOURCE_FK, proof[SOURCE_FK] | SEEN_SAMORDNING | P,
          STATE_INGA_UPPGIFTER); /* GEPI */
    gives(SOURCE_PM, proof[SOURCE_PM] | SEEN_SAMORDNING | P,
          STATE_OKAND_PERSON);
    gives(SOURCE_SO, proof[SOURCE_SO] | SEEN_SAMORDNING | P,
          STATE_OKAND_PERSON); /* an echo */
}

static void
test_every_evidence_word(void **state)
{
    (void)state;
    long zeros = 0;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++)
        for (uint32_t seen = 0; seen < 1u << SEEN_BITS; seen++) {
            enum source_state s = zero_state(id, seen);
            assert_true(s != STATE_EJ_TILLFRAGAD && s != STATE_VANTAR);
            if (s == STATE_SVAR &&
                (!(seen & (ROWS | (id == SOURCE_SKV ? P : 0))) ||
                 seen & SPOILS & ~(uint32_t)ROWS))
                fail_msg("svar of 0x%05x", (unsigned)seen);
            if (s != STATE_INGA_UPPGIFTER)
                continue;
            zeros++;
            if ((seen & proof[id]) != proof[id] || seen & SPOILS)
                fail_msg("%s: inga_uppgifter of 0x%05x", source_row(id)->code,
                         (unsigned)seen);
        }
    assert_true(zeros > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proof_and_near_misses),
        cmocka_unit_test(test_what_holds_for_all),
        cmocka_unit_test(test_af),
        cmocka_unit_test(test_csn),
        cmocka_unit_test(test_fk_and_pm_by_themselves),
        cmocka_unit_test(test_skv),
        cmocka_unit_test(test_skv_parts),
        cmocka_unit_test(test_so),
        cmocka_unit_test(test_tns),
        cmocka_unit_test(test_miv),
        cmocka_unit_test(test_samordningsnummer),
        cmocka_unit_test(test_every_evidence_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
