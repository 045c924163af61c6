/* decoders/tlsopenstate.h - what tlsopen's files share: the session's keys as they stand. */
#ifndef DECODERS_TLSOPENSTATE_H
#define DECODERS_TLSOPENSTATE_H

#include "decoders/tlshello.h"
#include "decoders/tlskeys.h"
#include "decoders/tlsopen.h"

enum { TLSOPEN_SUITES_MAX = 8, TLSOPEN_ID_MAX = 32 };

/* Which keys protect what a side sends.  Up to TLS 1.2 there is TRAFFIC alone. */
enum tlsopen_stage { TLSOPEN_CLEAR, TLSOPEN_EARLY, TLSOPEN_HANDSHAKE, TLSOPEN_TRAFFIC, TLSOPEN_SHUT };

struct tlsopen_side {
	enum tlsopen_stage stage;
	struct tlscrypt *crypt[TLSOPEN_SHUT];   /* by stage; NULL: none yet, or none to be had */
	bool searches[TLSOPEN_SHUT];            /* for its place after a loss, and needs room for that */
	unsigned asked[TLSOPEN_SHUT];           /* how often, for the secrets of TLS 1.3 */
	bool proven;                            /* a record opened in this stage */
	bool lost;                              /* bytes were, before this stage was proven */
	bool missing;                           /* the keys of a stage are, those of a later one are there */
	unsigned failures;                      /* records that stayed shut since one opened */
	uint8_t secret[TLS_SECRET_MAX];         /* of TLS 1.3's TRAFFIC */
	size_t secret_len;
};

struct tlsopen {
	const struct layer_env *env;
	const struct tlslib *lib;               /* lent by the run's keys */
	struct tls_session *fact;
	struct tlsopen_side side[2];
	/* the handshake that is under way, or was the last one */
	unsigned version;
	const struct tls_suite *suite;          /* NULL: none known */
	struct tls_randoms randoms;
	bool client_hello, server_hello;
	bool logged;                            /* a log has secrets of it */
	bool extended_master, encrypt_then_mac;
	/* up to TLS 1.2 */
	bool full;                              /* it makes a new master secret */
	bool has_master, has_keys, remembered;
	uint8_t master[TLS_MASTER];
	struct tls_keys keys[2];
	uint8_t id[TLSOPEN_ID_MAX];             /* the server's session id */
	size_t id_len;
	struct buf offered_ticket, new_ticket;
	struct buf client_key;                  /* the ClientKeyExchange's body */
	bool has_client_key;
	size_t private_key;                     /* of the server's certificate; SIZE_MAX: none is known */
	struct buf transcript;                  /* ClientHello to ClientKeyExchange (RFC 7627 section 3) */
	bool transcribing, transcript_cut;
	/* TLS 1.3 */
	enum tlsopen_early early;
	bool early_offered;
	uint16_t suites13[TLSOPEN_SUITES_MAX];  /* that the client offers */
	unsigned suite13_count;
	struct buf copy;                        /* of a fragment that several keys are tried on */
	/* what came of it */
	bool opened;                            /* a record was */
	bool gaps;                              /* and something was not */
	bool wrong, forward_secret, unknown_suite;
};

/* tlsopen12.c */
void tlsopen12_client_hello(struct tlsopen *o, struct span session_ticket);
void tlsopen12_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m);
void tlsopen12_change_cipher(struct tlsopen *o, enum side from);
void tlsopen12_opened(struct tlsopen *o);       /* its keys fit: the session may be resumed by them */

/* tlsopen13.c */
void tlsopen13_client_hello(struct tlsopen *o, const struct tls_client_hello *hello);
void tlsopen13_server_hello(struct tlsopen *o);
void tlsopen13_early_refused(struct tlsopen *o);        /* by a HelloRetryRequest, or an older version */
/* A secret that a side's records wait for is not known, and may be yet. */
bool tlsopen13_may_find(const struct tlsopen *o, enum side from);
void tlsopen13_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m);
bool tlsopen13_record(struct tlsopen *o, enum side from, const struct tlsopen_record *sealed,
                      struct tlscrypt_record *content);

/* tlsopen.c */
static inline bool tlsopen_by(struct tlscrypt *crypt, const struct tlsopen_record *sealed,
                              struct tlscrypt_record *content)
{
	return tlscrypt_open(crypt, sealed->type, sealed->version, sealed->fragment, sealed->len, content);
}

void tlsopen_enter(struct tlsopen *o, enum side from, enum tlsopen_stage stage);
void tlsopen_shut(struct tlsopen *o, enum side from);
void tlsopen_note(struct tlsopen *o);           /* brings the fact's reading up to date */

/* Keys of a direction, on the budget.  NULL: a suite that is not read, or no memory. */
struct tlscrypt *tlsopen_crypt(const struct tlsopen *o, const struct tls_suite *suite,
                               const struct tls_keys *keys);
void tlsopen_discard(const struct tlsopen *o, struct tlscrypt *crypt);
void tlsopen_drop(struct tlsopen *o, enum side from, enum tlsopen_stage stage);         /* what is there */

/* As tlscrypt_lost, for what is there. */
bool tlsopen_search(struct tlsopen *o, enum side from, enum tlsopen_stage stage);

#endif
