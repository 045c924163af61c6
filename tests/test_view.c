/* tests/test_view.c - a view is a copy: what it was taken of may go; what does not fit is told. */
#include "live/view.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyzers/scan.h"
#include "tests/case.h"

enum { ROOM = 8 << 20 };

/* Three clients, of whom one is refused; one has a scan with a name. */
static void three_clients(struct report_case *r)
{
	case_begin(r);
	case_client(r, "192.0.2.50", 200);
	case_client(r, "192.0.2.51", 0);
	case_client(r, "192.0.2.52", 200);
	case_scan(r, "192.0.2.52", "PC-0417");
	case_raise(r, FINDING_CONNECTION_REFUSED, "192.0.2.51", "198.51.100.10:8530", "Refused.");
	case_raise(r, FINDING_CERTIFICATE_WEAK, NULL, "198.51.100.10:8531", "Weak.");
	findings_settle(r->findings, false);
	ladders_settle(r->ladders, r->findings, r->input.last);
}

static void *aligned_room(size_t size)
{
	void *room = aligned_alloc(alignof(max_align_t), (size + 63) / 64 * 64);

	assert_non_null(room);
	return room;
}

static bool is_within(const void *what, const void *room, size_t size)
{
	return (const char *)what >= (const char *)room && (const char *)what < (const char *)room + size;
}

static void what_it_was_taken_of_may_go(void **unused)
{
	void *room = aligned_room(ROOM);
	struct report_case r;
	const struct view *v;

	(void)unused;
	three_clients(&r);
	v = view_take(room, ROOM, &r.report, 77);
	case_end(&r);                   /* the sanitizer sees whoever still looks there */
	assert_ptr_equal(v, room);
	assert_false(v->cut);
	assert_int_equal(v->now, 77);
	assert_int_equal(v->counts.frames, 1842);
	assert_int_equal(v->finding_count, 2);
	assert_int_equal(v->finding_total, 2);
	assert_int_equal(v->findings[0].kind, FINDING_CONNECTION_REFUSED);
	assert_string_equal(v->findings[0].cause, "Refused.");
	assert_null(v->findings[0].alike);
	assert_int_equal(v->of_kind[FINDING_CERTIFICATE_WEAK], 1);
	assert_int_equal(v->of_severity[SEVERITY_ERROR], 1);
	assert_int_equal(v->of_severity[SEVERITY_WARNING], 1);
	assert_int_equal(v->client_count, 3);
	assert_int_equal(v->climbers, 3);
	assert_int_equal(v->failed, 1);
	assert_int_equal(v->server_count, v->server_total);
	assert_null(v->report);
	free(room);
}

static void those_that_fail_come_first_then_the_latest(void **unused)
{
	void *room = aligned_room(ROOM);
	char text[ADDR_TEXT];
	struct report_case r;
	const struct view *v;

	(void)unused;
	three_clients(&r);
	v = view_take(room, ROOM, &r.report, 0);
	assert_string_equal(addr_text(&v->clients[0].client, text), "192.0.2.51");
	assert_true(v->clients[0].failed);
	for (size_t i = 1; i + 1 < v->client_count; i++)
		assert_true(v->clients[i].last >= v->clients[i + 1].last);
	case_end(&r);
	free(room);
}

/* Every text of a row lies in the room, and the same text only once. */
static void texts_are_shared(void **unused)
{
	void *room = aligned_room(ROOM);
	struct report_case r;
	const struct view *v;
	const struct ladder *scanned = NULL;

	(void)unused;
	three_clients(&r);
	v = view_take(room, ROOM, &r.report, 0);
	case_end(&r);
	for (size_t i = 0; i < v->client_count; i++) {
		const struct ladder *l = &v->clients[i];

		assert_true(!l->host[0] || is_within(l->host, room, ROOM));
		assert_true(is_within(l->verdict, room, ROOM));
		for (int k = 0; k < RUNG_COUNT; k++)
			assert_true(!l->rungs[k].detail[0] || is_within(l->rungs[k].detail, room, ROOM));
		if (l->scans)
			scanned = l;
	}
	assert_ptr_equal(v->clients[1].host, v->clients[2].host);
	assert_non_null(scanned);
	assert_string_equal(scanned->scans->name, "PC-0417");
	assert_string_equal(scanned->scans->agent, "1507.1");
	assert_null(scanned->scans->older);
	free(room);
}

/* In every room it says what fits, and that something lacks; never beyond its end, as the sanitizer sees. */
static void any_room_will_do(void **unused)
{
	struct report_case r;
	size_t whole = 0;

	(void)unused;
	three_clients(&r);
	for (size_t size = 0; !whole; size += 61) {
		void *room = malloc(size ? size : 1);
		const struct view *v = view_take(room, size, &r.report, 0);

		if (!v)
			assert_true(size < sizeof *v);
		else if (!v->cut)
			whole = size;
		else
			assert_true(v->finding_count <= v->finding_total &&
			            v->client_count <= v->client_total);
		free(room);
	}
	assert_true(whole > sizeof(struct view));
	case_end(&r);
}

static void an_empty_run_has_a_view(void **unused)
{
	void *room = aligned_room(ROOM);
	struct report_case r;
	const struct view *v;

	(void)unused;
	case_begin(&r);
	findings_settle(r.findings, false);
	ladders_settle(r.ladders, r.findings, 0);
	v = view_take(room, ROOM, &r.report, 0);
	assert_non_null(v);
	assert_false(v->cut);
	assert_int_equal(v->finding_count + v->client_count, 0);
	case_end(&r);
	free(room);
}

/* More than a view holds: the most severe, and all are counted. */
static void of_too_many_the_most_severe_are_told(void **unused)
{
	void *room = aligned_room((size_t)64 << 20);
	struct report_case r;
	const struct view *v;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 1500; i++) {
		char client[32];

		snprintf(client, sizeof client, "10.1.%u.%u", i / 250, i % 250);
		case_raise(&r, FINDING_SELFUPDATE_MISSING, client, "198.51.100.10:8530", "Missing.");
		case_raise(&r, FINDING_CLEAR_TEXT_UPDATE, client, "198.51.100.10:8530", "Clear.");
		case_raise(&r, FINDING_FORBIDDEN, client, "198.51.100.10:8530", "Forbidden.");
	}
	findings_settle(r.findings, false);
	ladders_settle(r.ladders, r.findings, 0);
	v = view_take(room, (size_t)64 << 20, &r.report, 0);
	assert_int_equal(v->finding_count, VIEW_FINDINGS_MAX);
	assert_true(v->finding_total > VIEW_FINDINGS_MAX);
	/* Those of a kind that stand in a sum are told right behind its first. */
	assert_int_equal(v->findings[1].clients + 990, 1500);
	assert_int_equal(v->findings[990].kind, FINDING_FORBIDDEN);
	assert_int_equal(v->findings[991].kind, FINDING_SELFUPDATE_MISSING);
	assert_int_equal(v->findings[VIEW_FINDINGS_MAX - 1].kind, FINDING_CLEAR_TEXT_UPDATE);
	assert_int_equal(v->of_kind[FINDING_SELFUPDATE_MISSING], 1500);
	assert_int_equal(v->of_kind[FINDING_CLEAR_TEXT_UPDATE], 1500);
	assert_false(v->cut);
	case_end(&r);
	free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_was_taken_of_may_go),
		cmocka_unit_test(those_that_fail_come_first_then_the_latest),
		cmocka_unit_test(texts_are_shared),
		cmocka_unit_test(any_room_will_do),
		cmocka_unit_test(an_empty_run_has_a_view),
		cmocka_unit_test(of_too_many_the_most_severe_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
