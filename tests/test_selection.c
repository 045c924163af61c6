/* tests/test_selection.c - what is taken for a finding: how a conversation begins, ends, and is about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/selection.h"
#include "decoders/packet.h"

enum { TCP = 6, UDP = 17, FULL = 1400, SERVER_PORT = 8530 };
enum { CLIENT_HOST = 50, OTHER_HOST = 51, SERVER_HOST = 1, NAME_SERVER = 53 };

static void put(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Raw IPv4 (LINKTYPE_RAW) from 192.0.2.`from` to 192.0.2.`to`; `ports`: the client's, then the server's. */
static struct frame ip(uint8_t *room, uint8_t protocol, uint8_t from, uint8_t to, struct span payload)
{
	static const uint8_t head[20] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 192, 0, 2, 0, 192, 0, 2, 0,
	};

	memcpy(room, head, sizeof head);
	put(room + 2, (unsigned)(sizeof head + payload.len));
	room[9] = protocol;
	room[15] = from;
	room[19] = to;
	memcpy(room + sizeof head, payload.at, payload.len);
	return (struct frame){ .bytes = span_of(room, sizeof head + payload.len), .link_type = 101,
		               .wire_len = (uint32_t)(sizeof head + payload.len) };
}

static struct frame tcp(uint8_t *room, uint8_t client, unsigned flags, size_t len, uint32_t seq)
{
	uint8_t segment[20 + FULL] = { 0 };

	put(segment, 40000);
	put(segment + 2, SERVER_PORT);
	put(segment + 4, seq >> 16);
	put(segment + 6, seq & 0xffff);
	segment[12] = 0x50;
	segment[13] = (uint8_t)flags;
	return ip(room, TCP, client, SERVER_HOST, span_of(segment, 20 + len));
}

/* A conversation of `count` frames of each of two clients in turn: SYN, full segments, FIN. */
struct talk {
	struct selection *selection;
	uint64_t count, number;
};

static void play(struct talk *t, void (*hear)(struct selection *s, const struct frame *frame))
{
	static const uint8_t clients[] = { CLIENT_HOST, OTHER_HOST };
	uint8_t room[2000];

	t->number = 0;
	for (uint64_t i = 0; i < t->count; i++)
		for (unsigned k = 0; k < 2; k++) {
			unsigned flags = !i ? TCP_SYN : i + 1 == t->count ? TCP_FIN | TCP_ACK : TCP_ACK;
			size_t len = flags == TCP_ACK ? FULL : 0;
			struct frame frame = tcp(room, clients[k], flags, len, (uint32_t)(i * FULL));

			frame.number = ++t->number;
			frame.time = (int64_t)t->number * MOMENT_MS;
			hear(t->selection, &frame);
		}
}

static struct addr host(uint8_t last)
{
	return addr_v4((const uint8_t[]){ 192, 0, 2, last });
}

/* One finding, of CLIENT_HOST and the server, that names these frames. */
static struct findings *found(const uint64_t *frames, size_t count)
{
	static struct limits limits;
	struct findings *f = findings_new(&limits);
	struct addr client = host(CLIENT_HOST);
	struct endpoint server = { host(SERVER_HOST), SERVER_PORT };
	struct evidence evidence[4];

	assert_true(f && count <= 4);
	for (size_t i = 0; i < count; i++)
		evidence[i] = evidence_at(frames[i], "seen");
	finding_raise(f, &(struct raise){
		.kind = FINDING_SERVER_ERROR, .severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN, .client = &client, .server = &server, .time = 1,
		.evidence = evidence, .evidence_count = count,
	});
	findings_settle(f, false);
	assert_int_equal(findings_count(f), 1);
	return f;
}

static void choose(struct talk *t)
{
	assert_true(selection_begin(t->selection));
	play(t, selection_take);
	assert_true(selection_taken(t->selection));
}

static struct talk begin(const struct findings *f, uint64_t count)
{
	struct talk t = { selection_new(f, SEVERITY_INFO), count, 0 };

	assert_non_null(t.selection);
	play(&t, selection_learn);
	choose(&t);
	return t;
}

/* Frames of the client are odd, those of the other even. */
static uint64_t count_odd(const struct talk *t, uint64_t from, uint64_t to)
{
	uint64_t count = 0;

	for (uint64_t i = from; i <= to; i++) {
		bool has = selection_has(t->selection, i);

		assert_true(!has || i % 2);
		count += has;
	}
	return count;
}

/* 256 KiB from the beginning, what is named with the eight before it, the last eight, and the end; nothing of
 * the other's conversation. */
static void a_long_conversation(void **state)
{
	const uint64_t named[] = { 1501 };
	struct findings *f = found(named, 1);
	struct talk t = begin(f, 1000);
	uint64_t whole = (256 << 10) / (20 + 20 + FULL);

	(void)state;
	assert_int_equal(count_odd(&t, 1, 2 * whole), whole);
	assert_int_equal(count_odd(&t, 2 * whole + 4, 1484), 0);
	assert_int_equal(count_odd(&t, 1485, 1501), 9);
	assert_int_equal(count_odd(&t, 1502, 1982), 0);
	assert_int_equal(count_odd(&t, 1983, 2000), 9);
	assert_true(selection_has(t.selection, 1999));
	selection_free(t.selection);
	findings_free(f);
}

static void a_short_one_is_whole(void **state)
{
	const uint64_t named[] = { 3 };
	struct findings *f = found(named, 1);
	struct talk t = begin(f, 100);
	struct selected reasons[4];
	struct frame frame;
	uint8_t room[2000];

	(void)state;
	assert_int_equal(count_odd(&t, 1, 200), 100);
	assert_int_equal(selection_frames(t.selection), 100);
	selection_rewind(t.selection);
	for (uint64_t i = 1; i <= 3; i++) {
		frame = tcp(room, i == 2 ? OTHER_HOST : CLIENT_HOST, TCP_ACK, FULL, (uint32_t)i);
		frame.number = i;
		assert_int_equal(selection_explain(t.selection, &frame, reasons, 4), i != 2);
		if (i != 2)
			assert_int_equal(reasons[0].reason,
			                 i == 3 ? SELECTED_NAMED : SELECTED_CONNECTION);
	}
	selection_free(t.selection);
	findings_free(f);
}

/* What does not give the finding again is widened, to the end; where all that gives no more, less is kept. */
static void more_is_taken_only_where_it_helps(void **state)
{
	static struct limits limits;
	const uint64_t named[] = { 3 };
	struct findings *f = found(named, 1), *nothing = findings_new(&limits), *same = found(named, 1);
	struct talk t = begin(f, 1000);
	uint64_t least = selection_frames(t.selection);

	(void)state;
	findings_settle(nothing, false);
	assert_true(selection_judge(t.selection, nothing));
	assert_false(selection_gives(t.selection, findings_at(f, 0)));
	choose(&t);
	assert_int_equal(selection_frames(t.selection), 1000);
	while (selection_judge(t.selection, nothing))
		choose(&t);
	assert_int_equal(selection_frames(t.selection), 2000);
	assert_int_equal(selection_missing(t.selection), 1);
	assert_true(selection_back(t.selection));
	choose(&t);
	assert_int_equal(selection_frames(t.selection), least);
	assert_false(selection_judge(t.selection, same));
	assert_true(selection_gives(t.selection, findings_at(f, 0)));
	assert_int_equal(selection_missing(t.selection) + selection_extra(t.selection), 0);
	selection_free(t.selection);
	findings_free(f);
	findings_free(nothing);
	findings_free(same);
}

/* What only the selection gives: more of its client is taken, who is in no finding of the report. */
static void what_was_not_told_is_looked_for(void **state)
{
	static struct limits limits;
	struct findings *none = findings_new(&limits), *more;
	const uint64_t named[] = { 3 };
	struct talk t;

	(void)state;
	findings_settle(none, false);
	t = begin(none, 10);
	assert_int_equal(selection_frames(t.selection), 0);
	more = found(named, 1);
	assert_true(selection_judge(t.selection, more));
	assert_int_equal(selection_extra(t.selection), 1);
	choose(&t);
	assert_int_equal(count_odd(&t, 1, 20), 10);
	selection_free(t.selection);
	findings_free(none);
	findings_free(more);
}

/* The question for wsus01, or the answer that it is at 192.0.2.`given`. */
static void hear_lookup(struct selection *s, bool is_answer, uint8_t given,
                        void (*hear)(struct selection *s, const struct frame *frame))
{
	static const struct span question = SPAN_LIT("\x12\x34\x01\x00\0\1\0\0\0\0\0\0\6wsus01\0\0\1\0\1");
	static const struct span answer = SPAN_LIT("\x12\x34\x81\x80\0\1\0\1\0\0\0\0\6wsus01\0\0\1\0\1"
	                                           "\xc0\x0c\0\1\0\1\0\0\0\x0a\0\4\xc0\0\2\1");
	struct span message = is_answer ? answer : question;
	uint8_t datagram[100] = { 0 }, room[200];
	size_t len = 8 + message.len;
	struct frame frame;

	put(datagram, is_answer ? 53 : 50000);
	put(datagram + 2, is_answer ? 50000 : 53);
	put(datagram + 4, (unsigned)len);
	memcpy(datagram + 8, message.at, message.len);
	if (is_answer)
		datagram[len - 1] = given;
	frame = ip(room, UDP, is_answer ? NAME_SERVER : CLIENT_HOST, is_answer ? CLIENT_HOST : NAME_SERVER,
	           span_of(datagram, len));
	frame.number = 1 + is_answer;
	frame.time = MOMENT_S;
	hear(s, &frame);
}

/* Of what gave the server's address question and answer; nothing of what gave another's. */
static void the_lookup_is_taken(void **state)
{
	const uint64_t named[] = { 9 };

	(void)state;
	for (uint8_t given = 1; given <= 2; given++) {
		struct findings *f = found(named, 1);
		struct selection *s = selection_new(f, SEVERITY_INFO);

		hear_lookup(s, false, given, selection_learn);
		hear_lookup(s, true, given, selection_learn);
		assert_true(selection_begin(s));
		hear_lookup(s, false, given, selection_take);
		hear_lookup(s, true, given, selection_take);
		assert_true(selection_taken(s));
		assert_int_equal(selection_frames(s), given == SERVER_HOST ? 2 : 0);
		selection_free(s);
		findings_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_conversation),
		cmocka_unit_test(a_short_one_is_whole),
		cmocka_unit_test(more_is_taken_only_where_it_helps),
		cmocka_unit_test(what_was_not_told_is_looked_for),
		cmocka_unit_test(the_lookup_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
