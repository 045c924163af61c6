/* decoders/tlsflight.h - TLS 1.3 hides its handshake in records of application data: which are which, by
 * their order and lengths (RFC 8446 sections 2, 4.4 and 5.2).
 */
#ifndef DECODERS_TLSFLIGHT_H
#define DECODERS_TLSFLIGHT_H

#include "facts/tls.h"

struct tlsflight {
	bool finished[2];               /* the client sent its Finished; the server went on after that */
	unsigned records[2];            /* of the flights, before that; stops at its maximum */
	uint64_t frame[2];              /* of the last of these */
	uint64_t maybe_alert[2];        /* frame of a last record as long as an alert; 0: none */
	uint64_t first_frame;           /* of the client's flight */
	size_t first, total;            /* lengths of its first record, and of all before the last */
	bool end_of_early_data;
};

enum tlsflight_kind {
	TLSFLIGHT_HANDSHAKE,
	TLSFLIGHT_DATA,
	TLSFLIGHT_HELD,                 /* an alert, unless more follows */
};

/* A record that could not be read.  *before: frame of a held one that turns out to be data now, 0: none. */
enum tlsflight_kind tlsflight_record(struct tlsflight *f, struct tls_session *t, enum side from,
                                     size_t length, uint64_t frame, uint64_t *before);

/* A handshake message that could, in the record `frame`; `empty`: a Certificate without any. */
void tlsflight_message(struct tlsflight *f, struct tls_session *t, enum side from, int type, bool empty,
                       uint64_t frame);

/* Application data that could be read. */
void tlsflight_data(struct tlsflight *f, enum side from);

/* The length of a record that holds an alert. */
size_t tlsflight_alert_length(const struct tls_session *t);

#endif
