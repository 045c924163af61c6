/* tests/taped.c - peel, track, and what they state; checksums are summed up here once more. */
#include "tests/taped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip                             /* a layer has one, too */

#include "decoders/icmp.h"
#include "decoders/peel.h"
#include "decoders/track.h"

enum { V4_HEAD = 20, V6_HEAD = 40, PROTOCOL_ICMP = 1 };

static uint32_t sum(uint32_t before, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		before += i % 2 ? at[i] : (uint32_t)at[i] << 8;
	while (before > 0xffff)
		before = (before >> 16) + (before & 0xffff);
	return before;
}

/* RFC 1071: all words with the checksum among them add up to ones. */
static void check_sums(const struct frame *f)
{
	const uint8_t *h = f->bytes.at;
	bool const v4 = h[0] >> 4 == 4;
	size_t const head = v4 ? V4_HEAD : V6_HEAD, len = f->wire_len - head;
	uint8_t const protocol = v4 ? h[9] : h[6];
	uint32_t all = 0;

	assert_int_equal(f->link_type, 101);
	assert_int_equal((h[v4 ? 2 : 4] << 8 | h[v4 ? 3 : 5]) + (v4 ? 0 : V6_HEAD), f->wire_len);
	if (v4)
		assert_int_equal(sum(0, h, V4_HEAD), 0xffff);
	if (f->bytes.len < f->wire_len)
		return;
	if (protocol != PROTOCOL_ICMP) {
		all = sum(0, h + (v4 ? 12 : 8), v4 ? 8 : 32);
		all += protocol + (uint32_t)len;
	}
	assert_int_equal(sum(all, h + head, len), 0xffff);
}

static void copy_text(char *to, size_t room, struct span text)
{
	snprintf(to, room, "%.*s", (int)text.len, (const char *)text.at);
}

static void keep_exchange(struct taped *h, const struct exchange *x)
{
	struct taped_exchange *kept = &h->exchanges[h->exchange_count];

	if (h->exchange_count++ >= TAPED_MAX)
		return;
	copy_text(kept->method, sizeof kept->method, x->method);
	copy_text(kept->host, sizeof kept->host, x->host);
	copy_text(kept->target, sizeof kept->target, x->target);
	kept->status = x->status;
	kept->complete = x->request.body.complete && x->response.body.complete;
	kept->request_bytes = x->request.body.entity_bytes;
	kept->response_bytes = x->response.body.entity_bytes;
}

static void take(void *self, const struct fact *fact)
{
	struct taped *h = self;

	switch (fact->kind) {
	case FACT_CONNECTION:
		if (h->count < TAPED_MAX)
			h->connections[h->count] = *fact->connection;
		h->count++;
		break;
	case FACT_EXCHANGE:
		keep_exchange(h, fact->exchange);
		break;
	case FACT_ICMP:
		h->icmp_known += !!fact->icmp->conn;
		break;
	case FACT_TLS:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

static void read_frame(struct taped *h, struct peel *peel, struct track *track, const struct frame *f)
{
	struct packet packet;
	struct icmp_error error;

	if (!peel_frame(peel, f, &packet))
		return;
	switch (packet.kind) {
	case PACKET_TCP:
		track_packet(track, &packet);
		break;
	case PACKET_ICMP:
		assert_true(icmp_decode(&packet, &error));
		track_icmp(track, &error);
		break;
	case PACKET_UDP:
		h->datagrams++;
		break;
	case PACKET_NONE:
		break;
	}
}

void taped_read(struct taped *h, const struct tape *t)
{
	struct fact_sink sink = { h, take };
	struct budget budget = { .ceiling = (size_t)64 << 20 };
	struct stack_context context = {
		.sink = &sink, .limits = &h->limits, .budget = &budget, .all = true,
	};
	struct peel *peel = peel_new(&h->limits);
	struct track *track = track_new(&context);
	struct frame frame;
	int64_t last = INT64_MIN;
	size_t at = 0;
	unsigned owner;

	*h = (struct taped){ 0 };
	while (tape_next(t, &at, &frame, &owner)) {
		assert_int_equal(frame.number, ++h->frames);
		assert_true(frame.time >= last);
		last = frame.time;
		check_sums(&frame);
		read_frame(h, peel, track, &frame);
	}
	track_end(track);
	track_free(track);
	peel_free(peel);
	assert_int_equal(budget.used, 0);
}

void taped_is_clean(const struct taped *h)
{
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		assert_int_equal(h->limits.count[i], 0);
	for (size_t i = 0; i < h->count && i < TAPED_MAX; i++) {
		const struct connection *c = &h->connections[i];

		assert_false(c->joined);
		assert_false(c->one_sided);
		assert_true(c->client_by_syn);
		for (enum side s = CLIENT; s <= SERVER; s++) {
			const struct connection_side *side = &c->side[s];

			assert_int_equal(side->lost_bytes + side->holes + side->retransmissions, 0);
			assert_int_equal(side->out_of_order + side->conflicts + side->cut_packets, 0);
			assert_int_equal(side->unacked_tries + side->loss_frame, 0);
		}
	}
}
