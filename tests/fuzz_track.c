/* tests/fuzz_track.c - bytes become packets of a few conversations; the tracker must stay in its
 * bounds. */
#include "base/moment.h"
#include "base/reader.h"
#include "decoders/track.h"
#include "tests/stack_fake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *self, const struct fact *fact)
{
	const struct connection *c = fact->kind == FACT_CONNECTION ? fact->connection : NULL;

	(void)self;
	if (c && (c->reset_score > 100 || c->idle_before_end < 0 || c->rtt < -1))
		abort();
}

static void packet_of(struct reader *r, struct packet *p)
{
	uint8_t const which = reader_u8(r);
	bool const down = which & 1;
	struct endpoint client = { .port = (uint16_t)(50000 + (which >> 1 & 1)) };
	struct endpoint server = { .port = 8530 };

	server.addr.bytes[15] = 1;
	*p = (struct packet){ .kind = PACKET_TCP };
	p->source = down ? server : client;
	p->target = down ? client : server;
	p->ttl = (uint8_t)(which & 4 ? 64 : 128);
	p->wire = which >> 3 & 1;
	p->tcp.flags = reader_u8(r) & 31;
	p->tcp.seq = which & 16 ? reader_be32(r) : 1000 + reader_u8(r);
	p->tcp.ack = which & 32 ? reader_be32(r) : 1000 + reader_u8(r);
	p->tcp.window = which & 64 ? 0 : 1000;
	p->tcp.len = reader_u8(r);
	p->tcp.payload = reader_bytes(r, which & 128 ? p->tcp.len / 2 : p->tcp.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recorder *recorder = calloc(1, sizeof *recorder);
	struct limits limits = { 0 };
	struct budget budget = { .ceiling = 256 << 10 };
	struct stack_context const context = {
		.sink = &recorder->sink, .limits = &limits, .budget = &budget,
	};
	struct reader r = reader_on(span_of(data, size));
	struct track *track;
	struct packet p;

	recorder->sink = (struct fact_sink){ recorder, take };
	recorder->skippable[SERVER] = reader_be16(&r);
	track = track_new(&context);
	for (uint64_t frame = 1; track && r.left.len; frame++) {
		int64_t const time = (int64_t)reader_u8(&r);

		packet_of(&r, &p);
		p.frame = frame;
		p.time = time * time * time * MOMENT_S / 1000;
		track_packet(track, &p);
	}
	if (track)
		track_end(track);
	track_free(track);
	if (recorder->stacks || budget.used)
		abort();
	free(recorder);
	return 0;
}
