/* tests/test_ipfrag.c - fragments in any order, overlapping, repeated, missing, too many,
	       inside tunnels. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/moment.h"
#include "decoders/ipfrag.h"
#include "tests/frame_text.h"

struct world {
	struct limits limits;
	struct peel *peel;
	struct frame frame;
	uint8_t bytes[FRAME_TEXT_BYTES];
	char text[FRAME_TEXT];
};

static int set_up(void **state)
{
	static struct world w;

	w = (struct world){ 0 };
	w.peel = peel_new(&w.limits);
	w.frame = (struct frame){ .link_type = 101 };
	*state = &w;
	return w.peel ? 0 : -1;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	peel_free(w->peel);
	return 0;
}

static const char *tell(struct world *w, const char *hex)
{
	size_t len = frame_bytes(hex, w->bytes);

	w->frame.number++;
	w->frame.bytes = span_of(w->bytes, len);
	w->frame.wire_len = (uint32_t)len;
	return frame_told(w->peel, &w->limits, &w->frame, w->text);
}

static void expect(struct world *w, const char *hex, const char *want)
{
	assert_string_equal(tell(w, hex), want);
}

/* The TCP header and "hello" (25 bytes) of frame_text.h,
	       in pieces of 24 and 1: the first must hold the header. */
#define V4(len, id, offset) "4500" len id offset "4006 0000 0a000001 0a000002"
#define HEAD "04d2 2152 00000001 00000002 5018 2000 abcd 0000 68656c6c"
#define TAIL "6f"
#define FIRST V4("002c", "0007", "2000") HEAD
#define LAST  V4("0015", "0007", "0003") TAIL

static void two_pieces(void **state)
{
	struct world *w = *state;

	expect(w, FIRST, "- fragments");
	expect(w, LAST, FRAME_TOLD4 " fragments");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 0);
}

static void the_last_comes_first(void **state)
{
	struct world *w = *state;

	expect(w, LAST, "- fragments");
	expect(w, FIRST, FRAME_TOLD4 " fragments");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 0);
}

static void a_mirror_shows_each_twice(void **state)
{
	struct world *w = *state;

	expect(w, FIRST, "- fragments");
	expect(w, FIRST, "- duplicate-frames");
	expect(w, LAST, FRAME_TOLD4 " fragments");
	expect(w, LAST, "- duplicate-frames");
	expect(w, FIRST, "- duplicate-frames");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 0);
}

static void the_same_identification_later_is_another(void **state)
{
	struct world *w = *state;

	expect(w, FIRST, "- fragments");
	expect(w, LAST, FRAME_TOLD4 " fragments");
	w->frame.time += MOMENT_S;
	expect(w, FIRST, "- fragments");
	expect(w, LAST, FRAME_TOLD4 " fragments");
}

static void patience_ends_after_thirty_seconds(void **state)
{
	struct world *w = *state;

	expect(w, FIRST, "- fragments");
	w->frame.time += 31 * MOMENT_S;
	expect(w, LAST, "- fragments");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 2);
}

static void what_came_first_stays(void **state)
{
	struct world *w = *state;

	expect(w, V4("0015", "0007", "0003") "6f", "- fragments");
	expect(w, V4("0015", "0007", "0003") "21", "- duplicate-frames");
	expect(w, FIRST, FRAME_TOLD4 " fragments");
}

static void pieces_overlap(void **state)
{
	struct world *w = *state;

	/* Bytes 16 to 24 again, with other content, then the rest. */
	expect(w, FIRST, "- fragments");
	expect(w, V4("001d", "0007", "0002") "5858585858585858" TAIL, FRAME_TOLD4 " fragments");
}

static void contradictions(void **state)
{
	struct world *w = *state;

	expect(w, V4("001b", "0008", "2003") "68656c6c6f2121", "- malformed");  /* more,
	       yet 7 bytes */
	expect(w, V4("0024", "0008", "2000") "04d2215200000001 0000000250182000",
	       "- malformed"); /* tiny */
	expect(w, V4("0014", "0008", "2003"), "- malformed");                   /* empty */
	expect(w, V4("0024", "0008", "1fff") "04d2215200000001 0000000250182000",
	       "- malformed"); /* beyond 64 KiB */
	expect(w, LAST, "- fragments");
	expect(w, V4("001c", "0007", "2004") "6868686868686868",
	       "- malformed"); /* behind the end */
	expect(w, V4("0015", "0007", "0004") "68", "- malformed");              /* another end */
}

static void cut_pieces_give_a_cut_datagram(void **state)
{
	struct world *w = *state;
	size_t len = frame_bytes(FIRST, w->bytes);

	w->frame.bytes = span_of(w->bytes, len - 2);
	w->frame.wire_len = (uint32_t)len;
	assert_string_equal(frame_told(w->peel, &w->limits, &w->frame, w->text),
	       "- truncated-frames fragments");
	expect(w, LAST,
	       "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 2 flags 24 ttl 64 2 of 5: he fragments");
}

static void wires_and_protocols_apart(void **state)
{
	struct world *w = *state;

	w->frame.link_type = 1;
	expect(w, FRAME_MACS "8100 0001 0800" FIRST, "- fragments");
	expect(w, FRAME_MACS "8100 0002 0800" LAST, "- fragments");
	expect(w, FRAME_MACS "8100 0001 0800" LAST, FRAME_TOLD4 " on vlan 1 fragments");
	expect(w, FRAME_MACS "8100 0002 0800" FIRST, FRAME_TOLD4 " on vlan 2 fragments");
}

#define V6(len, next, fragment) "60000000" len "2c 40" FRAME_IP6_ADDRS next "00" fragment "00000007"

static void version_6(void **state)
{
	struct world *w = *state;

	expect(w, V6("0020", "06", "0001") HEAD, "- fragments");
	expect(w, V6("0009", "06", "0018") TAIL, FRAME_TOLD6 " fragments");
}

static void options_behind_the_fragment_header(void **state)
{
	struct world *w = *state;

	expect(w, V6("0028", "3c", "0001") "0600 0104 00000000" HEAD, "- fragments");
	expect(w, V6("0009", "3c", "0020") TAIL, FRAME_TOLD6 " fragments");
}

#define OUT(len, id, offset) "4500" len id offset "4004 0000 c0a80001 c0a80002"

/* Outer datagram in pieces,
	       and inside it the inner one's pieces (as ERSPAN does to large frames). */
static void fragments_in_fragments(void **state)
{
	struct world *w = *state;

	expect(w, OUT("002c", "0001", "2000") "4500002c 00072000 40060000 0a000001 0a000002 04d22152",
	       "- fragments");
	/* The outer is whole now, and its content waits: one less, one more. */
	expect(w, OUT("0028", "0001", "0003") "00000001 00000002 5018 2000 abcd 0000 68656c6c",
	       "-");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 1);
	expect(w, OUT("0029", "0002", "0000") LAST, FRAME_TOLD4 " fragments");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 0);
}

/* More unfinished datagrams than are kept: the oldest go, the newest still become whole. */
static void too_many_wait(void **state)
{
	struct world *w = *state;
	char hex[256];

	for (unsigned id = 0; id < 3000; id++) {
		snprintf(hex, sizeof hex, "4500 002c %04x 2000 4006 0000 0a000001 0a000002" HEAD,
	       id);
		expect(w, hex, "- fragments");
	}
	snprintf(hex, sizeof hex, "4500 0015 %04x 0003 4006 0000 0a000001 0a000002" TAIL, 2999);
	expect(w, hex, FRAME_TOLD4 " fragments");
	snprintf(hex, sizeof hex, "4500 0015 %04x 0003 4006 0000 0a000001 0a000002" TAIL, 1);
	expect(w, hex, "- fragments");
	assert_int_equal(w->limits.count[LIMIT_FRAGMENTS], 3000);
}

/* Each says that it ends at 64 KiB,
	       so each takes that much: the bytes have a ceiling of their own. */
static void too_much_waits(void **state)
{
	struct world *w = *state;
	char hex[256];

	for (unsigned id = 0; id < 1000; id++) {
		snprintf(hex, sizeof hex, "4500 0015 %04x 1ffd 4006 0000 0a000001 0a000002" TAIL,
	       id);
		expect(w, hex, "- fragments");
	}
	assert_int_equal(w->limits.count[LIMIT_MEMORY], 0);
}

/* Pieces of any place and length: the first copy of each eight bytes stays. */
static void any_pieces_make_what_a_model_makes(void **state)
{
	enum { TOTAL = 65528, PIECE_MAX = 4096 };
	static uint8_t want[TOTAL], bytes[TOTAL];
	struct world *w = *state;
	struct ipfrag *f = ipfrag_new(&w->limits);
	enum ipfrag_result result = IPFRAG_WAITS;
	struct span made;
	uint64_t seed = 1;
	uint32_t len;

	memset(want, 0, sizeof want);
	for (unsigned i = 1; result != IPFRAG_WHOLE && i < 2000; i++) {
		struct ipfrag_piece piece = { .key.id = 1, .next = 17 };
		uint32_t end;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		piece.offset = (uint32_t)(seed >> 33) % TOTAL & ~7u;
		end = piece.offset + 8 + ((uint32_t)(seed >> 13) % PIECE_MAX & ~7u);
		end = end < TOTAL ? end : TOTAL;
		piece.len = end - piece.offset;
		piece.more = end < TOTAL;
		memset(bytes, 1 + (int)(i % 255), piece.len);
		piece.bytes = span_of(bytes, piece.len);
		for (uint32_t at = piece.offset; at < end; at++)
			want[at] = want[at] ? want[at] : bytes[0];
		result = ipfrag_add(f, &piece, &made, &len);
	}
	assert_int_equal(result, IPFRAG_WHOLE);
	assert_int_equal(len, TOTAL);
	assert_int_equal(made.len, TOTAL);
	assert_memory_equal(made.at, want, TOTAL);
	ipfrag_free(f);
}

/* Of those that it was made of, as they came; of a datagram of very many, the first. */
static void frames_of_a_datagram(void **state)
{
	struct world *w = *state;
	struct ipfrag *f = ipfrag_new(&w->limits);
	uint8_t bytes[8] = { 0 };
	const uint64_t *frames;
	struct span made;
	uint32_t len;

	for (uint32_t pieces = 2; pieces < 100; pieces += 50) {
		for (uint32_t i = pieces; i > 0; i--) {
			struct ipfrag_piece piece = {
				.key.id = pieces, .next = 17, .frame = 1000 - i, .offset = 8 * (i - 1),
				.len = 8, .bytes = span_of(bytes, 8), .more = i < pieces,
			};
			enum ipfrag_result want = i > 1 ? IPFRAG_WAITS : IPFRAG_WHOLE;

			assert_int_equal(ipfrag_add(f, &piece, &made, &len), want);
		}
		assert_int_equal(ipfrag_frames(f, &frames), pieces < IPFRAG_FRAMES ? pieces : IPFRAG_FRAMES);
		assert_int_equal(frames[0], 1000 - pieces);
		assert_int_equal(frames[1], 1001 - pieces);
	}
	ipfrag_free(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_pieces),
		TEST(the_last_comes_first),
		TEST(a_mirror_shows_each_twice),
		TEST(the_same_identification_later_is_another),
		TEST(patience_ends_after_thirty_seconds),
		TEST(what_came_first_stays),
		TEST(pieces_overlap),
		TEST(contradictions),
		TEST(cut_pieces_give_a_cut_datagram),
		TEST(wires_and_protocols_apart),
		TEST(version_6),
		TEST(options_behind_the_fragment_header),
		TEST(fragments_in_fragments),
		TEST(too_many_wait),
		TEST(too_much_waits),
		TEST(any_pieces_make_what_a_model_makes),
		TEST(frames_of_a_datagram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
