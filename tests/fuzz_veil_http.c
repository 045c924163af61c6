/* tests/fuzz_veil_http.c - both readings of HTTP under the veil: whatever comes, every byte is decided at
 * most once, inside of what came, and all memory is given back.
 *
 * The input is a list of pieces: a byte of side and hole, a byte of length, bytes.
 */
#include <stdlib.h>

#include "veil/find.h"
#include "veil/streams.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STREAM_MAX = 64 * 1024 };

struct stage {
	bool decided[2][STREAM_MAX];
	uint64_t end[2];                /* of what came */
};

static void decide(struct stage *s, enum side from, uint64_t at, uint64_t len)
{
	if (at > s->end[from] || len > s->end[from] - at)
		abort();
	for (uint64_t i = at; i < at + len; i++) {
		if (s->decided[from][i])
			abort();
		s->decided[from][i] = true;
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

static void read_all(struct stream_shared *shared, struct stage *s, struct span in)
{
	struct stream_env env = { .shared = shared, .lane = { s, keep, put, fill }, .port = 8530 };
	void *self = rewriter_http.create(&env);
	enum { SIDE = 1, HOLE = 2 };

	memset(s, 0, sizeof *s);
	while (self && in.len > 2) {
		struct span head = span_take(&in, 2), piece = span_take(&in, head.at[1] ? head.at[1] : 2048u);
		enum side from = head.at[0] & SIDE ? SERVER : CLIENT;
		uint64_t at = s->end[from], hole = head.at[0] & HOLE ? 1 + (head.at[0] >> 4) : 0;

		if (at + hole + piece.len > STREAM_MAX)
			break;
		s->end[from] += hole + piece.len;
		if (hole)
			rewriter_http.hole(self, from, at, hole);
		rewriter_http.bytes(self, from, at + hole, piece);
	}
	if (self) {
		rewriter_http.end(self);
		rewriter_http.destroy(self);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	static struct stage s;
	struct budget budget = { .ceiling = 64 << 20 };
	struct stream_shared shared = { .budget = &budget };
	struct finder *finder;

	shared.names = names_new(key, true, &budget);
	if (!shared.names)
		return 0;
	read_all(&shared, &s, span_of(data, size));
	names_seal(shared.names);
	finder = finder_new(shared.names, &budget);
	shared.finder = finder;
	if (finder)
		read_all(&shared, &s, span_of(data, size));
	finder_free(finder);
	names_free(shared.names);
	if (budget.used)
		abort();
	return 0;
}
