/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "audit/policy.h"

#include "base/buf.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 << 10, NONE = -1 };

/* The next word of *s, ended where it stands; NULL at the end. */
static char *
word(char **s)
{
    char *w = *s + strspn(*s, " \t");
    if (!*w)
        return NULL;
    size_t n = strcspn(w, " \t");
    *s = w[n] ? w + n + 1 : w + n;
    w[n] = '\0';
    return w;
}

static int
find(const struct policy *p, const char *name)
{
    for (int i = 0; i < p->witnesses; i++)
        if (!strcmp(p->witness[i].name, name))
            return i;
    for (int i = 0; i < p->groups; i++)
        if (!strcmp(p->group[i].name, name))
            return POLICY_MAX + i;
    return NONE;
}

static enum err_code
new_name(const struct policy *p, const char *name, char out[POLICY_NAME],
         struct err *e)
{
    if (!name || strlen(name) >= POLICY_NAME)
        return err_set(e, ERR_CONFIG, "a name is missing or too long");
    if (!strcmp(name, "none") || find(p, name) != NONE)
        return err_set(e, ERR_CONFIG, "the name %s is taken", name);
    snprintf(out, POLICY_NAME, "%s", name);
    return ERR_OK;
}

static enum err_code
read_log(char *s, const struct vkey *log, struct err *e)
{
    struct vkey v;
    char *text = word(&s);
    enum err_code code = vkey_parse(text ? text : "", &v, e);
    if (code)
        return ERR_CONFIG;
    if (log && (strcmp(v.name, log->name) != 0 ||
                memcmp(v.pub, log->pub, KEY_RAW) != 0))
        return err_set(e, ERR_CONFIG, "%s is another log", v.name);
    return ERR_OK;
}

static enum err_code
read_witness(struct policy *p, char *s, struct err *e)
{
    struct policy_witness *w = &p->witness[p->witnesses];
    if (p->witnesses == POLICY_MAX)
        return err_set(e, ERR_CONFIG, "more than %d witnesses", POLICY_MAX);
    enum err_code code = new_name(p, word(&s), w->name, e);
    char *key = word(&s), *url = word(&s);
    if (!code && vkey_parse_cosigner(key ? key : "", &w->vkey, e))
        code = ERR_CONFIG;
    if (!code && url && strlen(url) >= POLICY_URL)
        code = err_set(e, ERR_CONFIG, "the address is too long");
    for (int i = 0; !code && i < p->witnesses; i++)
        if (!memcmp(p->witness[i].vkey.pub, w->vkey.pub, KEY_RAW))
            code = err_set(e, ERR_CONFIG, "the key of %s again",
                           p->witness[i].name);
    if (code)
        return code;
    snprintf(w->url, sizeof w->url, "%s", url ? url : "");
    p->witnesses++;
    return ERR_OK;
}

/* Each name is a member at most once, in whatever group. */
static bool
is_member(const struct policy *p, const struct policy_group *last, int who)
{
    for (const struct policy_group *g = p->group; g <= last; g++)
        for (int i = 0; i < g->n; i++)
            if (g->member[i] == who)
                return true;
    return false;
}

static enum err_code
read_group(struct policy *p, char *s, struct err *e)
{
    struct policy_group *g = &p->group[p->groups];
    if (p->groups == POLICY_MAX)
        return err_set(e, ERR_CONFIG, "more than %d groups", POLICY_MAX);
    enum err_code code = new_name(p, word(&s), g->name, e);
    const char *k = word(&s), *name;
    g->n = 0;
    while (!code && (name = word(&s))) {
        int who = find(p, name);
        if (who == NONE)
            code = err_set(e, ERR_CONFIG, "%s is not known yet", name);
        else if (is_member(p, g, who))
            code = err_set(e, ERR_CONFIG, "%s is a member twice", name);
        else
            g->member[g->n++] = who;
    }
    if (code)
        return code;
    char *end = NULL;
    long number = k ? strtol(k, &end, 10) : 0;
    if (k && !strcmp(k, "any"))
        g->k = 1;
    else if (k && !strcmp(k, "all"))
        g->k = g->n;
    else
        g->k = end && *k && !*end && number <= g->n ? (int)number : 0;
    if (g->k < 1)
        return err_set(e, ERR_CONFIG,
                       "group %s: all, any, or a number from "
                       "1 to the number of its members",
                       g->name);
    p->groups++;
    return ERR_OK;
}

static enum err_code
read_line(struct policy *p, char *s, const struct vkey *log, bool *quorum,
          struct err *e)
{
    char *what = word(&s);
    if (!what || *what == '#')
        return ERR_OK;
    if (!strcmp(what, "log"))
        return read_log(s, log, e);
    if (!strcmp(what, "witness"))
        return read_witness(p, s, e);
    if (!strcmp(what, "group"))
        return read_group(p, s, e);
    if (strcmp(what, "quorum") != 0)
        return err_set(e, ERR_CONFIG, "\"%s\" is not understood", what);
    const char *name = word(&s);
    if (*quorum || !name)
        return err_set(e, ERR_CONFIG, "there is one quorum");
    *quorum = true;
    p->quorum = strcmp(name, "none") ? find(p, name) : NONE;
    return strcmp(name, "none") && p->quorum == NONE
               ? err_set(e, ERR_CONFIG, "%s is not known", name)
               : ERR_OK;
}

enum err_code
policy_read(struct policy *p, const char *text, const struct vkey *log,
            struct err *e)
{
    AUTO_STR char *copy = mem_strdup(text);
    bool quorum = false;
    int number = 0;
    *p = (struct policy){.quorum = NONE};
    for (char *s = copy, *next; s && *s; s = next) {
        next = strchr(s, '\n');
        if (next)
            *next++ = '\0';
        number++;
        enum err_code code = read_line(p, s, log, &quorum, e);
        if (code)
            return err_add(e, code, "line %d", number);
    }
    return quorum ? ERR_OK : err_set(e, ERR_CONFIG, "there is no quorum");
}

enum err_code
policy_load(struct policy *p, const char *path, const struct vkey *log,
            struct err *e)
{
    AUTO_BUF(text, TEXT_MAX);
    char block[4096];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_CONFIG, "%s", path);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, block, n);
    bool bad = ferror(f);
    fclose(f);
    if (bad || text.full || (text.len && memchr(text.data, 0, text.len)))
        return err_set(e, ERR_CONFIG, "%s cannot be read", path);
    enum err_code code = policy_read(p, buf_str(&text), log, e);
    return code ? err_add(e, code, "%s", path) : ERR_OK;
}

static bool
holds(const struct policy *p, int who, const bool has[POLICY_MAX])
{
    if (who < POLICY_MAX)
        return has[who];
    const struct policy_group *g = &p->group[who - POLICY_MAX];
    int n = 0;
    for (int i = 0; i < g->n; i++)
        n += holds(p, g->member[i], has);
    return n >= g->k;
}

bool
policy_holds(const struct policy *p, const bool has[POLICY_MAX])
{
    return p->quorum == NONE || holds(p, p->quorum, has);
}

/* The k members that need the fewest, one after the other. */
static int
least(const struct policy *p, int who)
{
    if (who < POLICY_MAX)
        return 1;
    const struct policy_group *g = &p->group[who - POLICY_MAX];
    int need[2 * POLICY_MAX], sum = 0;
    for (int i = 0; i < g->n; i++) {
        int at = i, n = least(p, g->member[i]);
        for (; at > 0 && need[at - 1] > n; at--)
            need[at] = need[at - 1];
        need[at] = n;
    }
    for (int i = 0; i < g->k; i++)
        sum += need[i];
    return sum;
}

int
policy_least(const struct policy *p)
{
    return p->quorum == NONE ? 0 : least(p, p->quorum);
}

uint64_t
policy_size(const struct policy *p, const uint64_t size[POLICY_MAX])
{
    uint64_t best = 0;
    for (int i = 0; i < p->witnesses; i++) {
        bool has[POLICY_MAX] = {false};
        for (int j = 0; j < p->witnesses; j++)
            has[j] = size[j] >= size[i];
        if (size[i] > best && p->quorum != NONE && policy_holds(p, has))
            best = size[i];
    }
    return best;
}
