/* decoders/tlssession.h - what one TLS session's records and messages mean for its fact.
 *
 * tls.c cuts the two streams into records; this judges them in the order in which they came, and
 * needs no byte beyond handshake messages and alerts.  Records that somebody opened are told as such,
 * and their content as if it had been sent in the clear.
 */
#ifndef DECODERS_TLSSESSION_H
#define DECODERS_TLSSESSION_H

#include <openssl/types.h>

#include "base/arena.h"
#include "decoders/layer.h"
#include "decoders/tlsflight.h"
#include "decoders/tlsmsg.h"
#include "decoders/tlsshape.h"

struct tlssession_half {
	bool encrypted;                 /* TLS 1.2 and older: after its ChangeCipherSpec */
	bool finished;                  /* likewise: its Finished was sent, as far as ciphertext tells */
	bool opened;                    /* its last record was */
	size_t length;                  /* of that */
};

/* A request for a certificate; its texts are the session's. */
struct tlssession_request {
	uint64_t frame;                 /* 0: none */
	bool decrypted;
	unsigned authority_count;
	struct span authorities[TLS_AUTHORITIES_KEPT];
};

struct tlssession {
	struct tls_session fact;
	struct tlssession_half half[2];
	bool blind;                     /* joined or lost bytes: what is absent proves nothing */
	bool offered_session;           /* the client's hello has a session id ... */
	uint8_t session_id[32];         /* ... this */
	uint8_t session_id_len;
	struct tlsshape shape;
	struct tlsflight flight;        /* of TLS 1.3 */
	struct certs *certs;            /* borrowed; NULL: certificates are not parsed */
	const EVP_MD *md5;              /* borrowed; NULL: JA3 is not told */
	struct tlssession_request *later;       /* in the arena: not the first, and not answered yet */
	struct arena arena;             /* of the fact's texts */
};

void tlssession_init(struct tlssession *s, const struct layer_env *env);         /* borrowed */
void tlssession_release(struct tlssession *s);

struct tlssession_record {
	unsigned type;
	size_t length;
	bool opened;                    /* it was decrypted: type and length are of the content */
	struct mark mark;
};

/* A handshake, alert, application or ChangeCipherSpec record begins.  True: its content is readable, and
 * wanted: messages of handshake records, the two bytes of alerts. */
bool tlssession_record(struct tlssession *s, enum side from, const struct tlssession_record *r);

/* A message of the side's last record. */
void tlssession_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m,
                        struct mark mark);
void tlssession_alert(struct tlssession *s, enum side from, const uint8_t alert[static 2],
                      uint64_t frame);

/* A hello in SSL 2.0's clothes; and what is behind its first bytes, when that is there. */
void tlssession_sslv2(struct tlssession *s, uint16_t version, struct mark mark);
void tlssession_sslv2_rest(struct tlssession *s, struct span rest);

/* Nothing more comes: completes the fact. */
void tlssession_end(struct tlssession *s);

#endif
