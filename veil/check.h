/* veil/check.h - is any value left in what is handed out?
 *
 * All values that were replaced are looked for at once, in the forms in which protocols and outputs write
 * them:
 *   as they are, in any case; UTF-16 of either byte order; hexadecimal; base64 at its three alignments, of
 *   UTF-8 and of UTF-16; percent-encoded and as XML entities, where those differ; NetBIOS' halved letters;
 *   addresses and MAC addresses as text, IPv6 and MAC addresses as bytes; GUIDs as bytes.
 * Not looked for, because finding them would say nothing:
 *   - what find_searchable leaves out: short, numbers, words that everybody uses;
 *   - MAC addresses of three zeros or more, as bytes;
 *   - what is somebody else's pseudonym, too (with a key of the user's addresses may be);
 *   - in texts, names of JSON's members and what we say ourselves (check_ours);
 *   - words of fewer than CHECK_SURE characters, and IPv4 addresses as bytes: chance writes them in packets,
 *     and outputs have short words of their own.
 * These, and what is inside of compressed bodies and TLS, are looked for by value, whatever their length:
 * check_names, by what another veil learns from the copy.
 */
#ifndef VEIL_CHECK_H
#define VEIL_CHECK_H

#include "veil/names.h"

enum { CHECK_SURE = 6, CHECK_KEPT = 16 };

/* X(symbol, how it is told) */
#define CHECK_FORMS(X)                          \
	X(PLAIN,   "as it is")                  \
	X(WIDE,    "in UTF-16")                 \
	X(WIDE_BE, "in UTF-16, big-endian")     \
	X(HEX,     "in hexadecimal")            \
	X(BASE64,  "in base64")                 \
	X(PERCENT, "percent-encoded")           \
	X(ENTITY,  "in XML entities")           \
	X(NETBIOS, "in NetBIOS letters")        \
	X(BYTES,   "as bytes")                  \
	X(INSIDE,  "inside a stream")

#define X(symbol, text) CHECK_##symbol,
enum check_form { CHECK_FORMS(X) CHECK_FORM_COUNT };
#undef X

const char *check_form_text(enum check_form form);

struct check_leak {
	enum name_kind kind;
	enum check_form form;
	const char *where;              /* as it was given */
	uint64_t at;                    /* bytes into it; of a packet its frame; INSIDE: 0 */
	size_t name;                    /* names_at */
};

struct check;

/* Values as they are now; `names` is borrowed.  NULL: out of memory. */
struct check *check_new(const struct names *names, struct budget *budget);
void check_free(struct check *c);

/* Words of ours that every report may have: a value that is among them tells nothing there. */
void check_ours(struct check *c, struct span text);

/* A text that comes in pieces. */
struct check_text {                     /* zeroed at first, but for `where` */
	const char *where;              /* borrowed; outlives the check */
	uint64_t begun;                 /* where `held` begins */
	size_t len, done;               /* bytes held; bytes of them that are looked through */
	uint8_t held[4096];
};

void check_piece(struct check *c, struct check_text *t, struct span piece);
void check_end(struct check *c, struct check_text *t);

/* A packet whole. */
void check_frame(struct check *c, const char *where, uint64_t number, struct span bytes);

/* What another registry has learned from what is handed out. */
void check_names(struct check *c, const char *where, const struct names *found);

uint64_t check_leaks(const struct check *c);
size_t check_kept(const struct check *c);               /* the first of different values */
struct check_leak check_leak_at(const struct check *c, size_t i);
uint64_t check_refused(const struct check *c);          /* forms that found no room: not looked for */

#endif
