/* tests/decided.c - a map of what was decided. */
#include "tests/decided.h"

#include <stdlib.h>

#include "veil/find.h"

enum { SECRETS_MAX = 1 << 20 };

static void decide(struct decided *d, enum side from, uint64_t at, uint64_t len)
{
	if (at > d->end[from] || len > d->end[from] - at)
		abort();
	for (uint64_t i = at; i < at + len; i++) {
		if (d->bytes[from][i])
			abort();
		d->bytes[from][i] = true;
	}
}

static void keep(void *self, enum side from, uint64_t at, uint64_t len)
{
	decide(self, from, at, len);
}

static void put(void *self, enum side from, uint64_t at, struct span bytes)
{
	decide(self, from, at, bytes.len);
}

static void fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	(void)byte;
	decide(self, from, at, len);
}

bool decided_bytes(struct decided *d, enum side from, struct span bytes)
{
	uint64_t at = d->end[from];

	if (bytes.len > DECIDED_MAX - at)
		return false;
	d->end[from] += bytes.len;
	if (bytes.len)
		d->rewriter->bytes(d->self, from, at, bytes);
	return true;
}

bool decided_hole(struct decided *d, enum side from, size_t len)
{
	uint64_t at = d->end[from];

	if (len > DECIDED_MAX - at)
		return false;
	d->end[from] += len;
	if (len)
		d->rewriter->hole(d->self, from, at, len);
	return true;
}

static void read_once(const struct decided_stream *stream, struct stream_shared *shared, struct span in)
{
	static const struct connection conn;
	static struct decided d;
	struct stream_env env = {
		.shared = shared,
		.lane = { &d, keep, put, fill },
		.conn = &conn,
		.port = stream->port,
	};

	memset(&d, 0, sizeof d);
	d.rewriter = stream->rewriter;
	d.self = d.rewriter->create(&env);
	if (!d.self)
		return;
	stream->say(&d, in);
	d.rewriter->end(d.self);
	d.rewriter->destroy(d.self);
}

void decided_read(const struct decided_stream *stream, struct span in)
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	struct budget budget = { .ceiling = 64 << 20 };
	struct buf secrets;
	struct stream_shared shared = { .budget = &budget, .keys = stream->keys, .secrets = &secrets };
	struct finder *finder;

	shared.names = names_new(key, true, &budget);
	if (!shared.names)
		return;
	buf_init_on(&secrets, SECRETS_MAX, &budget);
	read_once(stream, &shared, in);
	names_seal(shared.names);
	finder = finder_new(shared.names, &budget);
	shared.finder = finder;
	if (finder)
		read_once(stream, &shared, in);
	finder_free(finder);
	buf_release(&secrets);
	names_free(shared.names);
	if (budget.used)
		abort();
}
