/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/form.h"

#include "base/mem.h"
#include "base/text.h"
#include "tui/dialog.h"

#include <string.h>

static bool
has_text(const struct field *d)
{
    return d->kind == FIELD_TEXT || d->kind == FIELD_PERSONNUMMER ||
           d->kind == FIELD_SECRET;
}

static struct field *
active(const struct form *f)
{
    return f->focus >= 0 && f->focus < f->count ? &f->fields[f->focus] : NULL;
}

/* ---- one line of text ---- */

static int
before(const struct field *d, int at)
{
    while (at > 0 && (d->text[--at] & 0xc0) == 0x80)
        ;
    return at;
}

static int
after(const struct field *d, int at)
{
    if (at < d->len)
        at++;
    while (at < d->len && (d->text[at] & 0xc0) == 0x80)
        at++;
    return at;
}

static bool
in_word(const struct field *d, int at)
{
    return at < d->len && d->text[at] != ' ';
}

static int
word_back(const struct field *d, int at)
{
    while (at > 0 && !in_word(d, before(d, at)))
        at = before(d, at);
    while (at > 0 && in_word(d, before(d, at)))
        at = before(d, at);
    return at;
}

static int
word_on(const struct field *d, int at)
{
    while (at < d->len && !in_word(d, at))
        at = after(d, at);
    while (in_word(d, at))
        at = after(d, at);
    return at;
}

/* Takes the bytes from..to out, into the yank buffer unless it is a secret. */
static bool
cut(struct form *f, struct field *d, int from, int to, bool keep)
{
    if (from >= to)
        return false;
    int n = to - from;
    if (keep && d->kind != FIELD_SECRET) {
        memcpy(f->yank, d->text + from, (size_t)n);
        f->yank[n] = '\0';
    }
    memmove(d->text + from, d->text + to, (size_t)(d->len - to));
    mem_wipe(d->text + d->len - n, (size_t)n);
    d->len -= n;
    d->at = from;
    return true;
}

static bool
fits(const struct field *d, uint32_t cp)
{
    if (d->kind != FIELD_PERSONNUMMER)
        return !text_cp_steers(cp);
    return (cp >= '0' && cp <= '9') || cp == '-' || cp == '+';
}

static bool
insert(struct field *d, const char *s)
{
    int max = d->max > 0 && d->max < FIELD_MAX ? d->max : FIELD_MAX - 1, n;
    bool any = false;
    if (d->kind == FIELD_PERSONNUMMER && max > 13)
        max = 13;
    for (uint32_t cp; (cp = text_next(s, &n)) != 0; s += n) {
        if (!fits(d, cp))
            continue;
        if (d->len + n > max)
            break;
        memmove(d->text + d->at + n, d->text + d->at, (size_t)(d->len - d->at));
        memcpy(d->text + d->at, s, (size_t)n);
        d->len += n;
        d->at += n;
        any = true;
    }
    d->text[d->len] = '\0';
    return any;
}

static enum form_result
moved(struct field *d, int at)
{
    d->at = at;
    return FORM_HANDLED;
}

static enum form_result
edited(struct form *f, bool any)
{
    f->changed = f->changed || any;
    return any ? FORM_CHANGED : FORM_HANDLED;
}

static enum form_result
edit(struct form *f, struct field *d, const struct key *k)
{
    char s[5];
    switch (k->code) {
    case K_LEFT:
    case K_CTRL('B'):
        return moved(d, before(d, d->at));
    case K_RIGHT:
    case K_CTRL('F'):
        return moved(d, after(d, d->at));
    case K_HOME:
    case K_CTRL('A'):
        return moved(d, 0);
    case K_END:
    case K_CTRL('E'):
        return moved(d, d->len);
    case K_ALT('b'):
        return moved(d, word_back(d, d->at));
    case K_ALT('f'):
        return moved(d, word_on(d, d->at));
    case K_BACKSPACE:
        return edited(f, cut(f, d, before(d, d->at), d->at, false));
    case K_DELETE:
    case K_CTRL('D'):
        return edited(f, cut(f, d, d->at, after(d, d->at), false));
    case K_CTRL('K'):
        return edited(f, cut(f, d, d->at, d->len, true));
    case K_CTRL('U'):
        return edited(f, cut(f, d, 0, d->at, true));
    case K_CTRL('W'):
        return edited(f, cut(f, d, word_back(d, d->at), d->at, true));
    case K_ALT('d'):
        return edited(f, cut(f, d, d->at, word_on(d, d->at), true));
    case K_CTRL('Y'):
        return edited(f, insert(d, f->yank));
    case K_PASTE:
        return edited(f, insert(d, k->text));
    default:
        if (!key_is_text(k))
            return FORM_IGNORED;
        key_utf8(k->code, s);
        return edited(f, insert(d, s));
    }
}

/* ---- fields without text ---- */

static void
set_radio(struct form *f, int i)
{
    for (int k = 0; k < f->count; k++)
        if (f->fields[k].kind == FIELD_RADIO &&
            f->fields[k].group == f->fields[i].group)
            f->fields[k].on = k == i;
}

static int
value_count(const struct field *d)
{
    int n = 0;
    while (d->values && d->values[n])
        n++;
    return n;
}

static enum form_result
step_value(struct form *f, struct field *d, int by)
{
    int n = value_count(d);
    if (n > 0)
        d->value = (d->value + by + n) % n;
    return edited(f, n > 1);
}

static enum form_result
press(struct form *f, struct field *d)
{
    switch (d->kind) {
    case FIELD_TICK:
        d->on = !d->on;
        return edited(f, true);
    case FIELD_RADIO:
        set_radio(f, f->focus);
        return edited(f, true);
    case FIELD_VALUE:
        return step_value(f, d, 1);
    case FIELD_BUTTON:
        return FORM_BUTTON;
    default:
        return FORM_IGNORED;
    }
}

/* The next field in that direction that is not off. */
static enum form_result
go(struct form *f, int by)
{
    for (int i = 1, at = f->focus; i <= f->count; i++) {
        at = (at + by + f->count) % f->count;
        if (!f->fields[at].off) {
            form_focus(f, at);
            break;
        }
    }
    return FORM_HANDLED;
}

static void
chosen(struct app *app, void *arg, int index)
{
    struct form *f = arg;
    if (index >= 0)
        form_set_value(f, f->focus, index);
    f->changed = f->changed || index >= 0;
    app_redraw(app);
}

static enum form_result
list_values(struct app *app, struct form *f, struct field *d)
{
    if (d->kind != FIELD_VALUE)
        return FORM_IGNORED;
    choose_open(app, d->label, d->values, d->value, chosen, f);
    return FORM_LIST;
}

/* ---- the form ---- */

void
form_init(struct form *f, struct field *fields, int count)
{
    memset(f, 0, sizeof *f);
    f->fields = fields;
    f->count = count;
    for (int i = 0; i < count; i++)
        fields[i].len = fields[i].at = (int)strlen(fields[i].text);
    while (f->focus < count && fields[f->focus].off)
        f->focus++;
}

void
form_done(struct form *f)
{
    for (int i = 0; i < f->count; i++)
        form_wipe(f, i);
    mem_wipe(f->yank, sizeof f->yank);
}

enum form_result
form_act(struct app *app, struct form *f, const struct act *act)
{
    struct field *d = active(f);
    int code = act->key.code;
    if (!d)
        return FORM_IGNORED;
    if (code == K_TAB || code == K_DOWN || code == K_F(6))
        return go(f, 1);
    if (code == K_BACKTAB || code == K_UP)
        return go(f, -1);
    if (code == K_F(4) || (code == '=' && !has_text(d)))
        return list_values(app, f, d);
    if (code == K_ENTER)
        return d->kind == FIELD_BUTTON ? FORM_BUTTON : FORM_ENTER;
    if (has_text(d))
        return edit(f, d, &act->key);
    if (code == ' ')
        return press(f, d);
    if (d->kind == FIELD_VALUE && (code == K_LEFT || code == K_RIGHT))
        return step_value(f, d, code == K_LEFT ? -1 : 1);
    if (code == K_LEFT || code == K_RIGHT)
        return go(f, code == K_LEFT ? -1 : 1);
    return FORM_IGNORED;
}

bool
form_typing(const struct form *f)
{
    const struct field *d = active(f);
    return d && has_text(d);
}

bool
form_unsaved(const struct form *f)
{
    for (int i = 0; f->changed && i < f->count; i++)
        if (!f->fields[i].keep && has_text(&f->fields[i]) && f->fields[i].len)
            return true;
    return false;
}

const char *
form_help(const struct form *f)
{
    const struct field *d = active(f);
    return d ? d->help : NULL;
}

/* ---- drawing ---- */

/* Letters of the field from `left` on, stars for a secret. */
static int
draw_letters(const struct field *d, const struct pane *p, int row, int left)
{
    if (d->kind != FIELD_SECRET)
        return pane_put(p, row, 0, ROLE_FALT, d->text + left);
    int col = 0;
    for (int at = left; at < d->len; at = after(d, at))
        col = pane_put(p, row, col, ROLE_FALT, "*");
    return col;
}

static int
cells(const struct field *d, int from, int to)
{
    if (d->kind != FIELD_SECRET) {
        char s[FIELD_MAX];
        memcpy(s, d->text + from, (size_t)(to - from));
        s[to - from] = '\0';
        return text_width(s);
    }
    int n = 0;
    for (int at = from; at < to; at = after(d, at))
        n++;
    return n;
}

/* Shows the part that holds the cursor, which needs a cell of its own. */
static void
draw_text(const struct form *f, int i, const struct pane *p, int row, int col,
          int width)
{
    struct field *d = &f->fields[i];
    struct pane s = pane_sub(p, row, col, 1, width);
    if (d->left > d->at)
        d->left = d->at;
    while (cells(d, d->left, d->at) >= s.cols && d->left < d->at)
        d->left = after(d, d->left);
    int end = draw_letters(d, &s, 0, d->left);
    while (end < s.cols)
        end = pane_put(&s, 0, end, ROLE_FALT, "_");
    if (i == f->focus)
        pane_cursor(&s, 0, cells(d, d->left, d->at));
}

int
form_draw(const struct form *f, int i, const struct pane *p, int row, int col,
          int width)
{
    const struct field *d = &f->fields[i];
    bool here = i == f->focus;
    const char *label = d->label ? d->label : "";
    if (has_text(d)) {
        draw_text(f, i, p, row, col, width);
        return col + width;
    }
    if (here)
        pane_cursor(p, row, col);
    if (d->kind == FIELD_VALUE) {
        int n = value_count(d);
        const char *v = d->value < n ? d->values[d->value] : "";
        return pane_put_cut(p, row, col, width, ROLE_FALT, v);
    }
    int end = col;
    if (d->kind == FIELD_BUTTON)
        end = pane_putf(p, row, col, ROLE_TEXT, "[ %s ]", label);
    else if (d->off)
        return pane_putf(p, row, col, ROLE_TEXT, "    %s", label);
    else if (d->kind == FIELD_TICK)
        end = pane_putf(p, row, col, ROLE_TEXT, "[%c] %s", d->on ? 'x' : ' ',
                        label);
    else
        end = pane_putf(p, row, col, ROLE_TEXT, "(%c) %s", d->on ? '*' : ' ',
                        label);
    if (here)
        pane_role(p, row, col, end - col, ROLE_VALD);
    return end;
}

/* ---- values ---- */

const char *
form_text(const struct form *f, int i)
{
    return f->fields[i].text;
}

bool
form_on(const struct form *f, int i)
{
    return f->fields[i].on;
}

void
form_set_text(struct form *f, int i, const char *s)
{
    struct field *d = &f->fields[i];
    form_wipe(f, i);
    insert(d, s);
}

void
form_set_on(struct form *f, int i, bool on)
{
    if (f->fields[i].kind == FIELD_RADIO && on)
        set_radio(f, i);
    else
        f->fields[i].on = on;
}

void
form_set_value(struct form *f, int i, int value)
{
    if (value >= 0 && value < value_count(&f->fields[i]))
        f->fields[i].value = value;
}

void
form_focus(struct form *f, int i)
{
    f->focus = i;
}

void
form_wipe(struct form *f, int i)
{
    struct field *d = &f->fields[i];
    mem_wipe(d->text, sizeof d->text);
    d->len = d->at = d->left = 0;
}

bool
form_personnummer(const char *typed, char out[13])
{
    int n = 0;
    for (const char *p = typed; *p; p++) {
        if (*p >= '0' && *p <= '9') {
            if (n == 12)
                return false;
            out[n++] = *p;
        } else if (*p != '-' && *p != '+' && *p != ' ') {
            return false;
        }
    }
    out[n] = '\0';
    return n == 10 || n == 12;
}
