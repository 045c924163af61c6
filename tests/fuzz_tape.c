/* tests/fuzz_tape.c - any calls in any order: a tape in its bounds, and packets that decoders take. */
#include <stdlib.h>

#include "base/moment.h"
#include "base/reader.h"
#include "decoders/icmp.h"
#include "decoders/peel.h"
#include "decoders/track.h"
#include "probes/tape.h"
#include "tests/stack_fake.h"

enum { TALKS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *self, const struct fact *fact)
{
	const struct connection *c = fact->kind == FACT_CONNECTION ? fact->connection : NULL;

	(void)self;
	if (!c)
		return;
	if (c->joined || c->one_sided || !c->client_by_syn || c->reset_score >= 50)
		abort();
	for (enum side s = CLIENT; s <= SERVER; s++)
		if (c->side[s].retransmissions || c->side[s].conflicts || c->side[s].out_of_order)
			abort();
}

static struct tape_talk talk_of(unsigned i)
{
	struct tape_talk k = { .owner = i, .us.port = (uint16_t)(50000 + i), .them.port = 8530 };
	static const uint8_t v4[2][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 } };

	k.us.addr = addr_v4(v4[0]);
	k.them.addr = addr_v4(v4[1]);
	if (i & 1)
		k.us.addr.bytes[0] = k.them.addr.bytes[0] = 0x20;
	return k;
}

static void call(struct tape *t, struct tape_talk *k, struct reader *r, int64_t time)
{
	uint8_t const what = reader_u8(r);
	enum tape_side const from = what & 128 ? TAPE_US : TAPE_THEM;
	struct span bytes;

	switch (what % 10) {
	case 0:
		tape_syn(t, k, time);
		break;
	case 1:
		tape_answered(t, k, time);
		break;
	case 2:
		tape_refused(t, k, time);
		break;
	case 3:
		tape_end(t, k, from, time);
		break;
	case 4:
		tape_reset(t, k, from, time);
		break;
	case 5:
		tape_icmp(t, k, &k->them.addr, reader_u8(r), reader_u8(r), time);
		break;
	case 6:
		bytes = reader_bytes(r, reader_u8(r));
		tape_datagram(t, k->owner, &k->us, &k->them, time, bytes);
		break;
	case 7:
		tape_secret(t, reader_bytes(r, reader_u8(r)));
		break;
	default:
		bytes = reader_bytes(r, reader_be16(r) % (r->left.len + 1));
		tape_bytes(t, k, from, time, bytes);
		break;
	}
}

/* A talk that is over and begins anew. */
static void renew(struct tape_talk *k, unsigned i)
{
	if (!k->open && k->sent[TAPE_US])
		*k = talk_of(i);
}

static void play(struct tape *t, struct reader *r)
{
	struct tape_talk talks[TALKS];
	int64_t time = MOMENT_S;

	for (unsigned i = 0; i < TALKS; i++)
		talks[i] = talk_of(i);
	while (r->left.len) {
		uint8_t const which = reader_u8(r);
		unsigned const i = which % TALKS;

		if (which & 64)
			renew(&talks[i], i);
		time += (int64_t)(which >> 2 & 15) * 100000;
		call(t, &talks[i], r, time);
	}
}

static void decode(const struct tape *t, const struct stack_context *context)
{
	struct peel *peel = peel_new(context->limits);
	struct track *track = track_new(context);
	struct packet packet;
	struct icmp_error error;
	struct frame frame;
	uint64_t again = 0;
	size_t at = 0;
	unsigned owner;

	while (peel && track && tape_next(t, &at, &frame, &owner)) {
		if (owner >= TALKS || frame.bytes.len > frame.wire_len || !frame.bytes.len)
			abort();
		if (!peel_frame(peel, &frame, &packet)) {
			again++;
			continue;
		}
		if (packet.kind == PACKET_TCP)
			track_packet(track, &packet);
		else if (packet.kind == PACKET_ICMP && icmp_decode(&packet, &error))
			track_icmp(track, &error);
	}
	/* Twice the same SYN or question within a millisecond is taken for a copy, no other packet is. */
	if (again != context->limits->count[LIMIT_DUPLICATES])
		abort();
	if (track)
		track_end(track);
	track_free(track);
	peel_free(peel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recorder *recorder = calloc(1, sizeof *recorder);
	struct limits limits = { 0 };
	struct budget budget = { .ceiling = 16 << 20 };
	struct stack_context const context = {
		.sink = &recorder->sink, .limits = &limits, .budget = &budget,
	};
	struct reader r = reader_on(span_of(data, size));
	struct tape *t = tape_new((size_t)reader_be16(&r) * 16);

	recorder->sink = (struct fact_sink){ recorder, take };
	if (t) {
		play(t, &r);
		decode(t, &context);
	}
	tape_free(t);
	if (recorder->stacks || budget.used || limits.count[LIMIT_MALFORMED])
		abort();
	free(recorder);
	return 0;
}
