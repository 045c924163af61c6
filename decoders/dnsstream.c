/* decoders/dnsstream.c - DNS over TCP as a layer: messages behind two bytes of length (RFC 7766 section 8).
 *
 * Nothing in such a stream marks a message's beginning: where bytes are missing, that side is lost. */
#include "base/buf.h"
#include "decoders/layer.h"
#include "decoders/lookups.h"

enum { LENGTH_LEN = 2, MESSAGE_MAX = LENGTH_LEN + 65535 };

struct dnsstream {
	const struct connection *conn;
	struct lookups *lookups;        /* NULL: nobody listens */
	struct budget *budget;
	struct buf waiting[2];          /* the beginning of a message */
	bool lost[2];
};

static void *create(const struct layer_env *env)
{
	struct dnsstream *d = budget_alloc(env->context->budget, sizeof *d);

	if (!d)
		return NULL;
	d->conn = env->place.conn;
	d->lookups = env->context->lookups;
	d->budget = env->context->budget;
	for (enum side side = CLIENT; side <= SERVER; side++) {
		buf_init_on(&d->waiting[side], MESSAGE_MAX, d->budget);
		d->lost[side] = env->joined || !d->lookups;
	}
	return d;
}

static void destroy(void *self)
{
	struct dnsstream *d = self;

	buf_release(&d->waiting[CLIENT]);
	buf_release(&d->waiting[SERVER]);
	budget_free(d->budget, d, sizeof *d);
}

static void lose(struct dnsstream *d, enum side from)
{
	buf_release(&d->waiting[from]);
	d->lost[from] = true;
}

/* Takes the whole messages off the front, and returns what is left. */
static struct span take_messages(struct dnsstream *d, enum side from, struct span bytes, struct mark mark)
{
	const struct endpoint *ends[2] = { &d->conn->client, &d->conn->server };

	while (bytes.len >= LENGTH_LEN) {
		size_t len = (size_t)(bytes.at[0] << 8 | bytes.at[1]);

		if (bytes.len - LENGTH_LEN < len)
			break;
		span_take(&bytes, LENGTH_LEN);
		lookups_stream(d->lookups, ends[from], ends[side_other(from)], span_take(&bytes, len),
		               mark.frame, mark.time);
	}
	return bytes;
}

static void take_bytes(void *self, enum side from, struct span bytes, struct mark mark)
{
	struct dnsstream *d = self;
	struct buf *waiting = &d->waiting[from];

	if (d->lost[from])
		return;
	if (!waiting->len)
		bytes = take_messages(d, from, bytes, mark);
	while (bytes.len) {
		size_t added = buf_add_some(waiting, bytes);

		if (!added) {
			lose(d, from);
			return;
		}
		span_take(&bytes, added);
		buf_drop_front(waiting, waiting->len - take_messages(d, from, buf_span(waiting), mark).len);
	}
}

static void hole(void *self, enum side from, uint64_t len, struct mark mark)
{
	(void)len;
	(void)mark;
	lose(self, from);
}

static uint64_t skippable(const void *self, enum side from)
{
	const struct dnsstream *d = self;

	return d->lost[from] ? UINT64_MAX : 0;
}

static void skip(void *self, enum side from, uint64_t len, struct mark mark)
{
	(void)self;
	(void)from;
	(void)len;
	(void)mark;
}

static void close_side(void *self, enum side from, struct mark mark)
{
	(void)self;
	(void)from;
	(void)mark;
}

static void end(void *self, enum stack_end how, struct mark mark)
{
	(void)self;
	(void)how;
	(void)mark;
}

const struct layer layer_dns = {
	.name = "dns",
	.create = create,
	.destroy = destroy,
	.bytes = take_bytes,
	.hole = hole,
	.skippable = skippable,
	.skip = skip,
	.close = close_side,
	.end = end,
};
