/* veil/tlscarried.h - the stream that TLS carries: a rewriter of its own, whose decisions go into records. */
#ifndef VEIL_TLSCARRIED_H
#define VEIL_TLSCARRIED_H

#include "veil/tlsrecords.h"

struct tlscarried {
	const struct stream_env *env;   /* of TLS itself; borrowed, as all but the stream */
	struct tlsrecords *records[2];
	struct stream *stream;          /* NULL: nothing came, or nobody takes it */
	bool any;                       /* something came */
};

void tlscarried_init(struct tlscarried *c, const struct stream_env *env, struct tlsrecords *client,
                     struct tlsrecords *server);
void tlscarried_release(struct tlscarried *c);

/* The content of a record that was added last; or so many bytes are missing. */
void tlscarried_bytes(struct tlscarried *c, enum side from, struct tlsrecord *r, struct span bytes);
void tlscarried_hole(struct tlscarried *c, enum side from, uint64_t len);

/* Nothing more comes of this stream; what comes then begins another. */
void tlscarried_end(struct tlscarried *c);

#endif
