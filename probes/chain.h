/* probes/chain.h - a server's certificate chain as it was sent, in words for a check.
 *
 * Whether a chain is trusted is libssl's judgement, handed in as its number; dates, names, keys and gaps are
 * read here.  A chain owns no memory.
 */
#ifndef PROBES_CHAIN_H
#define PROBES_CHAIN_H

#include "base/addr.h"
#include "base/moment.h"
#include "facts/check.h"

enum { CHAIN_LINKS = 8, CHAIN_NAME = 96, CHAIN_NAMES = 160, CHAIN_WORD = 24, CHAIN_DIGEST = 32 };

struct chain_link {
	bool readable;                  /* false: nothing below is told */
	char subject[CHAIN_NAME], issuer[CHAIN_NAME];   /* the common name, else all of it; printable UTF-8 */
	int64_t not_before, not_after;  /* ns; MOMENT_NONE: unreadable */
	char key[CHAIN_WORD];           /* "RSA 2048", "EC P-256" */
	char signature[CHAIN_WORD];     /* its digest: "SHA256"; "": the key's own */
	bool short_key, old_signature;  /* that current Windows refuses, or soon will */
	bool self_issued;               /* subject and issuer are the same name */
	bool signed_by_next;            /* its issuer's name is the next one's subject */
};

struct chain {
	struct chain_link links[CHAIN_LINKS];   /* the server's own first */
	unsigned count;
	char names[CHAIN_NAMES];        /* that the first is for: "wsus01.corp.example, wsus01" */
	bool covers;                    /* ... and the one that was asked for is among them */
	bool serves;                    /* its usage allows a server */
	uint8_t leaf[CHAIN_DIGEST];     /* SHA-256 of the first */
};

/* What libssl, or the name, has against a chain.  X(symbol, no packet tells of it) */
#define CHAIN_FAULTS(X)                                                         \
	X(TRUSTED, false)                                                       \
	X(UNSEEN, false)                /* there was none to judge */           \
	X(SELF_SIGNED, true)                                                    \
	X(UNKNOWN_ROOT, true)                                                   \
	X(INCOMPLETE, true)                                                     \
	X(EXPIRED, false)                                                       \
	X(NOT_YET, false)                                                       \
	X(ISSUER_EXPIRED, true)                                                 \
	X(OTHER_NAME, false)                                                    \
	X(OTHER_USAGE, false)                                                   \
	X(WEAK, false)                                                          \
	X(OTHER, true)

#define X(symbol, untold) CHAIN_##symbol,
enum chain_fault { CHAIN_FAULTS(X) };
#undef X

/* `host` is the name that was asked for, or an address where `addr` is not NULL. */
void chain_read(struct chain *c, const struct span *der, unsigned count, const char *host,
                const struct addr *addr);

/* Of X509_V_ERR_... about the certificate at place `at` (0: the server's own). */
enum chain_fault chain_fault(const struct chain *c, long verify, int at);

/* Which one is meant, and what is wrong: "its authority CN is not trusted here: ...".  Returns `text`. */
const char *chain_fault_words(const struct chain *c, enum chain_fault fault, long verify, int at,
                              const char *host, char text[static CHECK_DETAIL_MAX]);

/* True: the check has trouble UNTRUSTED_CHAIN. */
bool chain_untold(enum chain_fault fault);

/* The server's certificate, and what is wrong with it at `now` or soon will be: FAILED, WARNING or OK. */
enum check_state chain_words(const struct chain *c, const char *host, int64_t now,
                             char text[static CHECK_DETAIL_MAX]);

/* What the first certificate of a PEM file is called; "": it cannot be read.  Returns `text`. */
const char *chain_own_name(const char *file, char text[static CHAIN_NAME]);

#endif
