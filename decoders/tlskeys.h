/* decoders/tlskeys.h - what opens TLS: key logs, and private keys of servers.
 *
 * One store for a run: filled before and while frames come (secrets inside pcapng), read by every session,
 * never written anywhere.  Secrets are wiped when it is freed.
 */
#ifndef DECODERS_TLSKEYS_H
#define DECODERS_TLSKEYS_H

#include "base/budget.h"
#include "base/fault.h"
#include "base/span.h"

/* X(symbol, label of the NSS key log format): secrets by client random */
#define TLS_SECRETS(X) \
	X(MASTER, "CLIENT_RANDOM") \
	X(CLIENT_EARLY, "CLIENT_EARLY_TRAFFIC_SECRET") \
	X(CLIENT_HANDSHAKE, "CLIENT_HANDSHAKE_TRAFFIC_SECRET") \
	X(SERVER_HANDSHAKE, "SERVER_HANDSHAKE_TRAFFIC_SECRET") \
	X(CLIENT_TRAFFIC, "CLIENT_TRAFFIC_SECRET_0") \
	X(SERVER_TRAFFIC, "SERVER_TRAFFIC_SECRET_0") \
	X(PREMASTER, "PMS_CLIENT_RANDOM")

#define X(symbol, label) TLS_SECRET_##symbol,
enum tls_secret { TLS_SECRETS(X) TLS_SECRET_COUNT };
#undef X

struct tlskeys;
struct tlslib;

struct tlskeys_counts {
	uint64_t secrets;               /* kept */
	uint64_t lines_secret;          /* lines that held one, maybe known already */
	uint64_t lines_unread;          /* neither a comment nor a line of the format */
	uint64_t lines_other;           /* well-formed, of no use here (exporter secrets) */
	uint64_t refused;               /* no memory for them */
	size_t private_keys;
	uint64_t certificates;          /* that private keys were looked for */
	uint64_t certificates_owned;    /* of them: one was found */
	uint64_t log_lines;             /* of the log that is being read, or was last */
	uint64_t first_unread;          /* number of its first line that could not be read; 0: none */
};

struct tlskeys *tlskeys_new(struct budget *budget);     /* borrowed, may be NULL; NULL: out of memory */
void tlskeys_free(struct tlskeys *k);

/* The next piece of a key log, cut anywhere; tlskeys_log_end ends a file, so that its last line counts. */
void tlskeys_log(struct tlskeys *k, struct span text);
void tlskeys_log_end(struct tlskeys *k);

/* A private key: PEM or DER (PKCS#8, PKCS#1), or PKCS#12; `password` may be NULL.  False: the fault says why,
 * naming the file by `name`: one that is not RSA opens nothing (FAULT_USAGE). */
bool tlskeys_private(struct tlskeys *k, const char *name, struct span file, const char *password,
                     struct fault *f);

/* A key log that is still being written: `look` reads what was appended.  It is called before a secret is
 * said to be unknown; NULL: nothing grows any more. */
struct tlskeys_growth {
	void *self;
	void (*look)(void *self);
};

void tlskeys_follow(struct tlskeys *k, struct tlskeys_growth growth);
bool tlskeys_grows(const struct tlskeys *k);

/* libcrypto, as whoever opens something uses it: made when it is first asked for, lent until tlskeys_free.
 * NULL: it does not start. */
const struct tlslib *tlskeys_lib(struct tlskeys *k);

/* As long as files can be opened: libcrypto reads its configuration and, where there are `keys` or will be,
 * loads what opens old sessions. */
void tlskeys_prepare(struct tlskeys *k, bool keys);

struct tlskeys_counts tlskeys_counts(const struct tlskeys *k);
bool tlskeys_any(const struct tlskeys *k);              /* there is something to open with, or may be */

/* Empty: not known.  Lent until the same secret is logged once more. */
struct span tlskeys_secret(const struct tlskeys *k, enum tls_secret which,
                           const uint8_t client_random[static 32]);

/* "RSA" lines: the premaster secret by the first 8 bytes of its encrypted form.  Empty: not known. */
struct span tlskeys_premaster(const struct tlskeys *k, struct span encrypted);

/* The private key that belongs to a certificate (DER): its number; SIZE_MAX: none does. */
size_t tlskeys_private_for(struct tlskeys *k, struct span certificate);

/* Decrypts a premaster secret (RFC 5246 section 7.4.7.1) by that key.  False: it does not open. */
bool tlskeys_private_open(const struct tlskeys *k, size_t which, struct span encrypted,
                          uint8_t premaster[static 48]);

/* Sessions that may be resumed: the master secret by session id or ticket.  The oldest make room. */
void tlskeys_remember(struct tlskeys *k, struct span id, const uint8_t master[static 48]);
bool tlskeys_recall(struct tlskeys *k, struct span id, uint8_t master[static 48]);

#endif
