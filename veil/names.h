/* veil/names.h - the registry: values that tell who somebody is, and what stands in their place.
 *
 * A pseudonym is as long as its value and made of the same kinds of characters in the same places, so
 * that no length, no parser and no eye is disturbed.  It is drawn from a key (HMAC-SHA-256): the same
 * value of the same kind gives the same pseudonym wherever it stands, in this run and in others with
 * that key.
 *
 * Two phases.  While the capture is read for the first time values are learned: what is written then
 * is of no use but has the right length.  names_seal gives each its pseudonym, none of which is
 * another's, nor a value that was learned; from then on they are given out.  Values that come later
 * get theirs as they come.
 *
 * Registered are values whole (a host by its labels); what stands for them elsewhere in text is
 * veil/find.h's. Whatever takes `to` writes exactly as many bytes there as its value has; both may be
 * the same memory.
 */
#ifndef VEIL_NAMES_H
#define VEIL_NAMES_H

#include "base/addr.h"
#include "base/budget.h"

/* X(symbol, what one of them is called, what many) */
#define NAME_KINDS(X)                                                                                   \
	X(WORD,    "name", "names")             /* labels of hosts, users, domains, machines: any case */ \
	X(TOKEN,   "token", "tokens")           /* cookies, keys, tickets: letters, digits, base64 */   \
	X(HEX,     "hash or id", "hashes and ids")      /* hexadecimal, any case; serial numbers */     \
	X(GUID,    "GUID", "GUIDs")                                                                     \
	X(SID,     "SID", "SIDs")                                                                       \
	X(ADDRESS, "address", "addresses")      /* sixteen bytes, as struct addr */                     \
	X(MAC,     "MAC address", "MAC addresses")      /* six bytes */

#define X(symbol, one, many) NAME_##symbol,
enum name_kind { NAME_KINDS(X) NAME_KIND_COUNT };
#undef X

enum { NAMES_KEY = 32 };

struct names;

/* The key is copied (and wiped at the end); the budget is borrowed.  `steady`: it is to give the same
 * elsewhere, so addresses take the first mapping, though one of this capture become what another was.
 * NULL: out of memory. */
struct names *names_new(const uint8_t key[static NAMES_KEY], bool steady, struct budget *budget);
void names_free(struct names *n);
void names_seal(struct names *n);
bool names_sealed(const struct names *n);

/* A value whole.  Empty ones and those that tell nothing (names_public) stay. */
void names_put(struct names *n, enum name_kind kind, struct span value, uint8_t *to);

/* Bytes that nothing reads, consistently: TLS randoms and tickets, proofs, keys.  Not registered. */
void names_bytes(const struct names *n, struct span value, uint8_t *to);

/* Payloads that nothing reads: zeros, but for a few bytes by which unequal ones stay unequal, so that no two
 * packets look like copies of one. */
void names_blank(const struct names *n, struct span value, uint8_t *to);

/* ---- what is made of several values ---- */

/* A name with dots, by its labels; a public last one stays.  That is what any WORD with a dot becomes, so
 * that a host is the same whoever took it for a word. */
void names_labels(struct names *n, struct span name, uint8_t *to);

/* A host as URLs and headers name it: a name by its labels (public suffixes and public hosts stay), an
 * address, "[v6]", each with an optional port; "*." and trailing dots stay. */
void names_host(struct names *n, struct span host, uint8_t *to);

/* "user", "DOMAIN\user", "user@domain", "HOST$", "service/host@REALM". */
void names_user(struct names *n, struct span user, uint8_t *to);

/* "http://user:secret@host:port/path?query": host and login; of the query the values that names_query
 * replaces; the path is left to whoever knows what it is. */
void names_url(struct names *n, struct span url, uint8_t *to);

/* "a=b&c=d" or "a=b;c=d": values become tokens, unless they are short numbers or plain words of ours. */
void names_query(struct names *n, struct span query, uint8_t *to);

/* An address as text.  False: it is none, and nothing was written. */
bool names_address_text(struct names *n, struct span text, uint8_t *to);

/* A GUID as Windows lays it out in memory: the same as its text would become. */
void names_guid_bytes(struct names *n, const uint8_t guid[static 16], uint8_t *to);

/* UTF-16LE text: `put` is any of the functions above that take (n, span, to), with the same result as
 * for its UTF-8.  An odd byte at the end becomes 0. */
void names_utf16(struct names *n, void (*put)(struct names *, struct span, uint8_t *), struct span text,
                 uint8_t *to);
void names_word(struct names *n, struct span value, uint8_t *to);       /* names_put of a WORD, for that */

/* ---- addresses: see veil/addresses.h ---- */

struct addr names_addr(struct names *n, const struct addr *a);
/* The same of a network: nobody's address, so it is not registered. */
struct addr names_network(const struct names *n, const struct addr *a);
void names_v4(struct names *n, const uint8_t *from, uint8_t *to);       /* four bytes */
void names_v6(struct names *n, const uint8_t *from, uint8_t *to);       /* sixteen */
void names_mac(struct names *n, const uint8_t *from, uint8_t *to);      /* six */

/* ---- what was learned, in the order in which it was ---- */

struct name {
	enum name_kind kind;
	struct span value;              /* in lower case where that tells nothing; binary: ADDRESS, MAC */
	struct span pseudonym;          /* likewise; empty: none, for want of memory or before names_seal */
};

size_t names_count(const struct names *n);
struct name names_at(const struct names *n, size_t i);
uint64_t names_of_kind(const struct names *n, enum name_kind kind);     /* different values */
/* Whether that word was learned before names were sealed. */
bool names_learned(const struct names *n, struct span word);
uint64_t names_refused(const struct names *n);  /* values not registered for want of memory: still replaced */

/* Whether `value` stays as it is because everybody knows it: "localhost", "wpad", "com", "NT
 * AUTHORITY". */
bool names_public(struct span word);

/* A host of Microsoft's or of a certificate authority's, which anybody's client asks for; also in front of
 * the name of who delivers for them. */
bool names_public_host(struct span host);

#endif
