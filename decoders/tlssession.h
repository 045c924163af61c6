/* decoders/tlssession.h - what one TLS session's records and messages mean for its fact.
 *
 * tls.c cuts the two streams into records; this judges them in the order in which they came, and
 * needs no byte beyond hellos and alerts.
 */
#ifndef DECODERS_TLSSESSION_H
#define DECODERS_TLSSESSION_H

#include "decoders/layer.h"
#include "decoders/tlsmsg.h"

struct tlssession_half {
	bool encrypted;                 /* TLS 1.2 and older: after its ChangeCipherSpec */
	bool finished;                  /* its Finished was sent, as far as ciphertext tells */
	uint64_t flight;                /* TLS 1.3: encrypted records before that */
	uint64_t maybe_alert;           /* TLS 1.3: frame of a last record as long as an alert; 0: none */
};

struct tlssession {
	struct tls_session fact;
	struct tlssession_half half[2];
	bool blind;                     /* joined or lost bytes: what is absent proves nothing */
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

void tlssession_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m,
                        struct mark mark);
void tlssession_alert(struct tlssession *s, enum side from, const uint8_t alert[static 2],
                      uint64_t frame);

/* A hello in SSL 2.0's clothes. */
void tlssession_sslv2(struct tlssession *s, uint16_t version, struct mark mark);

/* Nothing more comes: completes the fact. */
void tlssession_end(struct tlssession *s);

#endif
