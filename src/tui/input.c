/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/input.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

/* What a decoder says of the bytes at the front. */
enum verdict {
    WHOLE,   /* a key; `used` bytes of it */
    NOTHING, /* `used` bytes that mean nothing */
    PART     /* more is needed */
};

struct taken {
    enum verdict verdict;
    size_t used;
    int code;
};

static struct taken
whole(int code, size_t used)
{
    return (struct taken){code == K_NONE ? NOTHING : WHOLE, used, code};
}

static const struct taken part = {PART, 0, K_NONE};

void
input_init(struct input *in, bool latin1)
{
    memset(in, 0, sizeof *in);
    in->latin1 = latin1;
}

void
input_done(struct input *in)
{
    mem_wipe(in, sizeof *in);
}

size_t
input_feed(struct input *in, const void *p, size_t n)
{
    size_t room = sizeof in->bytes - in->len;
    n = n < room ? n : room;
    memcpy(in->bytes + in->len, p, n);
    in->len += n;
    in->timed_out = false;
    return n;
}

static void
skip(struct input *in, size_t n)
{
    in->len -= n;
    memmove(in->bytes, in->bytes + n, in->len);
    mem_wipe(in->bytes + in->len, n);
    in->timed_out = false;
}

/* CSI n ~ : VT220 and what came after it; 11-14 are PuTTY's F1-F4. */
static int
tilde(int n)
{
    static const short fkey[] = {
        [11] = 1, [12] = 2, [13] = 3, [14] = 4,  [15] = 5,  [17] = 6,
        [18] = 7, [19] = 8, [20] = 9, [21] = 10, [23] = 11, [24] = 12};
    if (n >= 11 && n <= 24 && fkey[n])
        return K_F(fkey[n]);
    switch (n) {
    case 1:
    case 7:
        return K_HOME;
    case 4:
    case 8:
        return K_END;
    case 2:
        return K_INSERT;
    case 3:
        return K_DELETE;
    case 5:
        return K_PGUP;
    case 6:
        return K_PGDN;
    default:
        return K_NONE;
    }
}

/* The letter that ends CSI or follows SS3. */
static int
final_letter(int c)
{
    switch (c) {
    case 'A':
        return K_UP;
    case 'B':
        return K_DOWN;
    case 'C':
        return K_RIGHT;
    case 'D':
        return K_LEFT;
    case 'H':
        return K_HOME;
    case 'F':
        return K_END;
    case 'Z':
        return K_BACKTAB;
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return K_F(c - 'P' + 1);
    default:
        return K_NONE;
    }
}

/* The keypad in application mode: SS3 and a letter. */
static int
keypad(int c)
{
    if (c >= 'p' && c <= 'y')
        return '0' + c - 'p';
    switch (c) {
    case 'M':
        return K_ENTER;
    case 'j':
        return '*';
    case 'k':
        return '+';
    case 'l':
        return ',';
    case 'm':
        return '-';
    case 'n':
        return '.';
    case 'o':
        return '/';
    default:
        return final_letter(c);
    }
}

/* CSI: parameters, then a final letter. bytes[0] is Esc, [1] is "[". */
static struct taken
csi(struct input *in)
{
    const unsigned char *b = in->bytes;
    if (in->len > 2 && b[2] == '[') /* Linux console: [[A is F1 */
        return in->len < 4                  ? part
               : b[3] >= 'A' && b[3] <= 'E' ? whole(K_F(b[3] - 'A' + 1), 4)
                                            : whole(K_NONE, 4);
    size_t i = 2;
    int n = 0;
    bool first = true;
    for (; i < in->len && b[i] >= 0x20 && b[i] < 0x40; i++) {
        if (b[i] == ';')
            first = false;
        else if (first && b[i] >= '0' && b[i] <= '9' && n < 1000)
            n = n * 10 + b[i] - '0';
        if (i > 32)
            return whole(K_NONE, i);
    }
    if (i == in->len)
        return part;
    if (b[i] == '~' && n == 200) {
        in->pasting = true;
        in->paste_len = 0;
        return whole(K_NONE, i + 1);
    }
    if (b[i] == 'M' && i == 2) /* a mouse report in the old form */
        return in->len < 6 ? part : whole(K_NONE, 6);
    if (b[i] < 0x40 || b[i] > 0x7e)
        return whole(K_NONE, i); /* cut off by something else */
    return whole(b[i] == '~' ? tilde(n) : final_letter(b[i]), i + 1);
}

static struct taken
escape(struct input *in)
{
    const unsigned char *b = in->bytes;
    if (in->len == 1)
        return in->timed_out ? whole(K_ESC, 1) : part;
    struct taken t = part;
    switch (b[1]) {
    case '[':
        t = csi(in);
        break;
    case 'O':
        t = in->len < 3 ? part : whole(keypad(b[2]), 3);
        break;
    case 0x1b:
        /* Esc Esc is F12; Esc and a sequence is that key with Alt. */
        if (in->len == 2)
            return in->timed_out ? whole(K_F(12), 2) : part;
        if (b[2] == '[' || b[2] == 'O')
            return whole(K_NONE, 1);
        return whole(K_F(12), 2);
    case '0':
        return whole(K_F(10), 2);
    case '+':
        return whole(K_F(11), 2);
    default:
        if (b[1] >= '1' && b[1] <= '9')
            return whole(K_F(b[1] - '0'), 2);
        if (b[1] < 0x20 || b[1] >= 0x7f)
            return whole(K_ESC, 1);
        return whole(K_ALT(b[1]), 2);
    }
    if (t.verdict == PART && in->timed_out)
        return in->len == 2 ? whole(K_ALT(b[1]), 2) : whole(K_NONE, in->len);
    return t;
}

static struct taken
control(int c)
{
    switch (c) {
    case '\t':
        return whole(K_TAB, 1);
    case '\r':
    case '\n':
        return whole(K_ENTER, 1);
    case 0x08:
    case 0x7f:
        return whole(K_BACKSPACE, 1);
    case 0x03: /* Ctrl-C steps back, it never ends the program */
        return whole(K_F(12), 1);
    default:
        return whole(c >= 1 && c <= 26 ? K_CTRL('A' + c - 1) : K_NONE, 1);
    }
}

/* Bytes a UTF-8 letter has by its first byte; 0: it cannot be one. */
static size_t
utf8_len(unsigned char c)
{
    return c >= 0xc2 && c < 0xe0   ? 2
           : c >= 0xe0 && c < 0xf0 ? 3
           : c >= 0xf0 && c < 0xf5 ? 4
                                   : 0;
}

static struct taken
letter(const struct input *in)
{
    unsigned char c = in->bytes[0];
    if (c < 0x80)
        return whole(c, 1);
    if (in->latin1)
        return whole(c < 0xa0 ? K_NONE : c, 1);
    size_t n = utf8_len(c);
    if (!n)
        return whole(K_NONE, 1);
    char s[5] = "";
    size_t have = in->len < n ? in->len : n;
    for (size_t i = 1; i < have; i++)
        if ((in->bytes[i] & 0xc0) != 0x80)
            return whole(K_NONE, i);
    if (have < n)
        return in->timed_out ? whole(K_NONE, have) : part;
    memcpy(s, in->bytes, n);
    int len;
    uint32_t cp = text_next(s, &len);
    return whole(len == (int)n ? (int)cp : K_NONE, n);
}

/* One byte of a paste: line ends and tabs become a space, controls go. */
static void
paste_byte(struct input *in, unsigned char c)
{
    char add[2] = {(char)c, 0};
    size_t n = 1;
    if (c == '\r' || c == '\n' || c == '\t') {
        add[0] = ' ';
    } else if (c < 0x20 || c == 0x7f) {
        return;
    } else if (in->latin1 && c >= 0x80) {
        if (c < 0xa0)
            return;
        add[0] = (char)(0xc0 | c >> 6);
        add[1] = (char)(0x80 | (c & 63));
        n = 2;
    }
    if (in->paste_len + n < sizeof in->paste) {
        memcpy(in->paste + in->paste_len, add, n);
        in->paste_len += n;
    }
}

/* Takes bytes up to CSI 201 ~; true when it came. */
static bool
paste(struct input *in)
{
    static const char end[] = "\033[201~";
    size_t i = 0;
    while (i < in->len) {
        size_t left = in->len - i, n = left < 6 ? left : 6;
        if (in->bytes[i] == 0x1b && !memcmp(in->bytes + i, end, n)) {
            if (n < 6)
                break;
            skip(in, i + 6);
            return true;
        }
        paste_byte(in, in->bytes[i++]);
    }
    skip(in, i);
    return false;
}

/* A letter cut in two by the ceiling, or bytes that are no UTF-8, go. */
static const char *
paste_text(struct input *in)
{
    size_t o = 0;
    in->paste[in->paste_len] = '\0';
    for (size_t i = 0; i < in->paste_len;) {
        int len;
        uint32_t cp = text_next(in->paste + i, &len);
        if (cp != 0xfffd && !text_cp_steers(cp)) {
            memmove(in->paste + o, in->paste + i, (size_t)len);
            o += (size_t)len;
        }
        i += (size_t)len;
    }
    while (o > 0 && in->paste[o - 1] == ' ')
        o--;
    in->paste[o] = '\0';
    return in->paste;
}

bool
input_next(struct input *in, struct key *key)
{
    if (in->paste_len && !in->pasting) { /* the one handed out before */
        mem_wipe(in->paste, sizeof in->paste);
        in->paste_len = 0;
    }
    while (in->len || in->pasting) {
        if (in->pasting) {
            bool over = in->timed_out;
            if (!paste(in) && !over)
                return false;
            in->pasting = in->timed_out = false;
            *key = (struct key){K_PASTE, paste_text(in)};
            return true;
        }
        unsigned char c = in->bytes[0];
        struct taken t = c == 0x1b               ? escape(in)
                         : c < 0x20 || c == 0x7f ? control(c)
                                                 : letter(in);
        if (t.verdict == PART)
            return false;
        skip(in, t.used);
        if (t.verdict == WHOLE) {
            *key = (struct key){t.code, NULL};
            return true;
        }
    }
    return false;
}

bool
input_waiting(const struct input *in)
{
    return in->len > 0 || in->pasting;
}

void
input_timeout(struct input *in)
{
    in->timed_out = true;
}

void
input_drop(struct input *in)
{
    mem_wipe(in->bytes, in->len);
    mem_wipe(in->paste, sizeof in->paste);
    in->len = in->paste_len = 0;
    in->pasting = in->timed_out = false;
}
