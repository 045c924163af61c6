/* veil/tlscarried.c - from places of the stream inside to places of records. */
#include "veil/tlscarried.h"

enum { HTTP_PORT = 80 };

void tlscarried_init(struct tlscarried *c, const struct stream_env *env, struct tlsrecords *client,
                     struct tlsrecords *server)
{
	*c = (struct tlscarried){ .env = env, .records = { client, server } };
}

void tlscarried_release(struct tlscarried *c)
{
	stream_free(c->stream);
}

/* What is decided of the stream inside, in pieces that lie in one record each. */
struct decision {
	struct span bytes;              /* empty: so many of `byte`, or what was there */
	bool keeps;
	uint8_t byte;
};

static void decide_piece(struct tlsrecords *records, struct tlsrecord *r, size_t place, size_t len,
                         struct decision *d)
{
	uint8_t filled[256];

	if (d->keeps) {
		tlsrecords_keep(records, r, place, len);
	} else if (d->bytes.len) {
		tlsrecords_put(records, r, place, span_of(d->bytes.at, len));
	} else {
		memset(filled, d->byte, sizeof filled);
		tlsrecords_put(records, r, place, span_of(filled, len));
	}
}

static void decide(struct tlscarried *c, enum side from, uint64_t at, uint64_t len, struct decision d)
{
	enum { PIECE = 256 };
	struct tlsrecords *records = c->records[from];

	tlsrecords_busy(records);
	while (len) {
		size_t most = d.keeps || d.bytes.len ? UINT16_MAX : PIECE;
		size_t some = len < most ? (size_t)len : most, place = 0;
		struct tlsrecord *r = tlsrecords_find(records, at, &place, &some);

		if (r)
			decide_piece(records, r, place, some, &d);
		span_take(&d.bytes, some);
		at += some;
		len -= some;
	}
	tlsrecords_done(records);
}

static void inner_keep(void *self, enum side from, uint64_t at, uint64_t len)
{
	decide(self, from, at, len, (struct decision){ .keeps = true });
}

static void inner_put(void *self, enum side from, uint64_t at, struct span bytes)
{
	decide(self, from, at, bytes.len, (struct decision){ .bytes = bytes });
}

static void inner_fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	decide(self, from, at, len, (struct decision){ .byte = byte });
}

void tlscarried_end(struct tlscarried *c)
{
	if (!c->stream)
		return;
	stream_end(c->stream);
	stream_free(c->stream);
	c->stream = NULL;
}

static struct stream *stream_of(struct tlscarried *c)
{
	if (!c->stream)
		c->stream = stream_new(&(struct stream_env){
			.shared = c->env->shared,
			.lane = { c, inner_keep, inner_put, inner_fill },
			.conn = c->env->conn,
			.port = HTTP_PORT,
			.depth = c->env->depth + 1,
		});
	return c->stream;
}

void tlscarried_hole(struct tlscarried *c, enum side from, uint64_t len)
{
	struct tlsrecords *records = c->records[from];

	if (!c->any || !len)
		return;
	if (c->stream)
		stream_hole(c->stream, from, records->inner, len);
	tlsrecords_hole(records, len);
}

void tlscarried_bytes(struct tlscarried *c, enum side from, struct tlsrecord *r, struct span bytes)
{
	struct tlsrecords *records = c->records[from];
	uint64_t at = records->inner;
	struct stream *stream = stream_of(c);

	c->any = true;
	tlsrecords_inner(records, r);
	if (stream)
		stream_bytes(stream, from, at, bytes);
	else
		inner_fill(c, from, at, bytes.len, 0);
}
