/* tests/test_copies.c - a second sighting against a second sending. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/moment.h"
#include "decoders/copies.h"

#define US INT64_C(1000)

/* A packet of the scene, by what differs from the plain one. */
struct sight {
	int64_t time;
	uint16_t id;
	uint8_t ttl, hops;
	uint32_t wire, seq, len;
	uint8_t flags;
	uint16_t check;
	uint64_t packet_id;
	bool back;              /* from the server */
	bool want;              /* is a copy */
};

enum { SIGHTS = 4 };

#define SIGHT(number, first, length, bits, sum) \
	.id = number, .ttl = 64, .seq = first, .len = length, .flags = bits, .check = sum
#define PLAIN SIGHT(7, 100, 10, TCP_ACK, 1)
#define NO_ID SIGHT(0, 100, 10, TCP_ACK, 1)
#define BARE  SIGHT(0, 100, 0, TCP_ACK, 1)
#define ANSWER SIGHT(0, 0, 0, TCP_SYN | TCP_ACK, 1)
#define SOON  .time = 5 * US
#define LATER .time = 9 * US
#define COPY  .want = true

static const struct row {
	const char *name;
	struct sight sights[SIGHTS];
} rows[] = {
	{ "mirror of both directions of a port", { { PLAIN }, { PLAIN, SOON, COPY } } },
	{ "three layers", { { PLAIN }, { PLAIN, SOON, COPY }, { PLAIN, LATER, COPY } } },
	{ "the later one was written first", { { PLAIN, SOON }, { PLAIN, COPY } } },
	{ "a router between", { { PLAIN }, { PLAIN, SOON, .hops = 1, COPY } } },
	{ "two routers between: a loop", { { PLAIN }, { PLAIN, SOON, .hops = 2 } } },
	{ "checksum filled in on the way down", { { PLAIN }, { SIGHT(7, 100, 10, TCP_ACK, 9), SOON,
	  COPY } } },
	{ "sent again under a new id", { { PLAIN }, { SIGHT(8, 100, 10, TCP_ACK, 1), SOON } } },
	{ "sent again later under the same id", { { PLAIN }, { PLAIN, .time = 2 * MOMENT_MS } } },
	{ "another VLAN", { { PLAIN }, { PLAIN, .wire = 1, SOON } } },
	{ "the next segment", { { PLAIN }, { SIGHT(7, 110, 10, TCP_ACK, 1), SOON } } },
	{ "more of the same segment", { { PLAIN }, { SIGHT(7, 100, 20, TCP_ACK, 1), SOON } } },
	{ "its end", { { PLAIN }, { SIGHT(7, 100, 10, TCP_ACK | TCP_FIN, 1), SOON } } },
	{ "the answer", { { PLAIN }, { PLAIN, .back = true, SOON } } },
	{ "no id: a copy", { { NO_ID }, { NO_ID, SOON, COPY } } },
	{ "no id: other options", { { NO_ID }, { SIGHT(0, 100, 10, TCP_ACK, 2), SOON } } },
	{ "no id: the other side spoke in between",
	  { { NO_ID }, { SIGHT(0, 5, 0, TCP_ACK, 1), .back = true, SOON }, { NO_ID, LATER } } },
	{ "no id: its own side spoke in between",
	  { { NO_ID }, { SIGHT(0, 110, 10, TCP_ACK, 1), SOON }, { NO_ID, LATER, COPY } } },
	{ "no id: bare acknowledgments", { { BARE }, { BARE, SOON } } },
	{ "no id: SYN-ACK of Linux", { { ANSWER }, { ANSWER, SOON, COPY } } },
	{ "told to be one packet, 300 ms apart",
	  { { PLAIN, .packet_id = 4 }, { PLAIN, .packet_id = 4, .time = 300 * MOMENT_MS, COPY } } },
	{ "told to be one packet, but another segment",
	  { { PLAIN, .packet_id = 4 }, { SIGHT(7, 110, 10, TCP_ACK, 1), .packet_id = 4, SOON } } },
};

static struct packet packet_of(const struct sight *s)
{
	static const struct endpoint client = { { { [15] = 1 } }, 50000 },
	       server = { { { [15] = 2 } }, 8530 };

	return (struct packet){
		.kind = PACKET_TCP,
		.time = s->time,
		.source = s->back ? server : client,
		.target = s->back ? client : server,
		.wire = s->wire,
		.ttl = (uint8_t)(s->ttl - s->hops),
		.ip_id = s->id,
		.tcp = { .seq = s->seq, .ack = 1, .flags = s->flags, .len = s->len },
	};
}

static void scenes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct copies *c = copies_new();

		print_message("%s\n", rows[i].name);
		for (const struct sight *s = rows[i].sights; s < rows[i].sights + SIGHTS && s->ttl; s++) {
			struct packet p = packet_of(s);

			assert_int_equal(copies_seen(c, &p, s->check, s->packet_id), s->want);
		}
		copies_free(c);
	}
}

/* Their payload speaks: UDP may go without id and without checksum, as QUIC often does. */
static void datagrams(void **state)
{
	struct copies *c = copies_new();
	struct packet p = { .kind = PACKET_UDP, .ttl = 64, .target.port = 443, .udp = SPAN_LIT("query") };

	(void)state;
	assert_false(copies_seen(c, &p, 0, 0));
	assert_true(copies_seen(c, &p, 0, 0));
	p.udp = SPAN("quer?");
	assert_false(copies_seen(c, &p, 0, 0));
	p.kind = PACKET_ICMP;
	p.icmp = SPAN("quer?");
	assert_false(copies_seen(c, &p, 0, 0));
	assert_true(copies_seen(c, &p, 0, 0));
	copies_free(c);
}

/* A copy behind hundreds of other packets is still found. */
static void behind_a_crowd(void **state)
{
	struct copies *c = copies_new();
	struct sight sight = { PLAIN };
	unsigned found = 0;

	(void)state;
	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 500; i++) {
			struct packet p = packet_of(&sight);

			p.tcp.seq = i * 1460;
			p.ip_id = (uint16_t)(i + 1);
			found += copies_seen(c, &p, 1, 0);
		}
	assert_in_range(found, 470, 500);
	copies_free(c);
}

/* That others speak in between is no answer, by whatever addresses. */
static void strangers_break_no_silence(void **state)
{
	enum { STRANGERS = 6000 };
	struct packet first = packet_of(&(struct sight){ NO_ID }), other = first;
	struct copies *c = copies_new();

	(void)state;
	assert_non_null(c);
	assert_false(copies_seen(c, &first, 1, 0));
	/* All in one place of what is remembered, and not in the first one's. */
	other.tcp.seq = 7;
	for (unsigned i = 0; i < STRANGERS; i++) {
		other.source.addr.bytes[13] = (uint8_t)(1 + (i >> 8));
		other.source.addr.bytes[14] = (uint8_t)i;
		assert_false(copies_seen(c, &other, 1, 0));
	}
	assert_true(copies_seen(c, &first, 1, 0));
	copies_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenes),
		cmocka_unit_test(datagrams),
		cmocka_unit_test(behind_a_crowd),
		cmocka_unit_test(strangers_break_no_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
