/* veil/dnsstream.c - DNS over TCP: messages behind their lengths (RFC 1035 section 4.2.2). */
#include "veil/streams.h"
#include "veil/udp.h"

enum { MESSAGE_MAX = 2 + UINT16_MAX };

struct direction {
	struct buf held;                /* a message that has begun, with its length */
	uint64_t at;
	bool lost;                      /* where the next message begins is not known */
};

struct dns_stream {
	struct stream_env env;
	struct direction side[2];
};

static void *create(const struct stream_env *env)
{
	struct dns_stream *s = budget_alloc(env->shared->budget, sizeof *s);

	if (!s)
		return NULL;
	s->env = *env;
	for (enum side side = CLIENT; side <= SERVER; side++)
		buf_init_on(&s->side[side].held, MESSAGE_MAX, env->shared->budget);
	return s;
}

static void destroy(void *self)
{
	struct dns_stream *s = self;

	buf_release(&s->side[CLIENT].held);
	buf_release(&s->side[SERVER].held);
	budget_free(s->env.shared->budget, s, sizeof *s);
}

/* Bytes of the message that has begun, its length among them; two until that is known. */
static size_t wanted(const struct direction *d)
{
	return d->held.len < 2 ? 2 : 2 + ((size_t)d->held.at[0] << 8 | d->held.at[1]);
}

static void whole(struct dns_stream *s, enum side from)
{
	struct direction *d = &s->side[from];
	struct span message = span_skip(buf_span(&d->held), 2);
	struct budget *budget = s->env.shared->budget;
	uint8_t *to = budget_room(budget, d->held.len);

	/* Names point back to others, so what they are made of has to stay until all is done. */
	if (to) {
		memcpy(to, d->held.at, 2);
		dns_rewrite(s->env.shared->names, message, to + 2);
		s->env.lane.put(s->env.lane.self, from, d->at, span_of(to, d->held.len));
	}
	s->env.shared->blanked += !to;
	budget_free(budget, to, d->held.len);
	buf_clear(&d->held);
}

static void bytes(void *self, enum side from, uint64_t at, struct span bytes)
{
	struct dns_stream *s = self;
	struct direction *d = &s->side[from];

	while (bytes.len && !d->lost) {
		struct span some = span_take(&bytes, wanted(d) - d->held.len);

		if (!d->held.len)
			d->at = at;
		at += some.len;
		if (!buf_add(&d->held, some)) {
			d->lost = true;
			s->env.shared->blanked++;
			return;
		}
		if (d->held.len >= 2 && d->held.len == wanted(d))
			whole(s, from);
	}
}

static void hole(void *self, enum side from, uint64_t at, uint64_t len)
{
	struct dns_stream *s = self;

	(void)at;
	(void)len;
	s->side[from].lost = true;
}

static void end(void *self)
{
	(void)self;
}

const struct rewriter rewriter_dns = { "dns", create, destroy, bytes, hole, end };
