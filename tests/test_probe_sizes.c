/* tests/test_probe_sizes.c - requests that pass or stand still, full-size and small, and what that means.
 *
 * The network is a table here: fetch_start answers from it, in the order of the requests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>

#include "probes/schedule.h"
#include "probes/steps.h"

enum { ASKED_MAX = 8 };

/* What becomes of a request: '-' it stands still, 'T' in the handshake, 'o' a short answer, 'O' a long one,
 * 'R' a reset, 'C' no connection, 'P' the proxy lets it wait, 'D' an
 * answer that drips to the end of the time, 'l' one that is almost as late. */
struct world {
	struct plan plan;
	struct probe_options options;
	struct site site;
	struct way way;
	const char *network;
	char asked[ASKED_MAX * 8];      /* "POST 0, GET 536" */
	size_t count;
	volatile sig_atomic_t stop;
};

struct fetch {
	struct loop *loop;
	struct loop_timer timer;
	struct world *world;
	char what;
	void (*done)(void *self, const struct fetch_result *result);
	void *self;
};

static struct world *the_world;

static void answer(void *self)
{
	static const struct {
		char what;
		enum fetch_stage stage;
		CURLcode code;
		unsigned status;
		uint64_t bytes;
	} answers[] = {
		{ '-', FETCH_ANSWER, CURLE_OPERATION_TIMEDOUT, 0, 0 },
		{ 'T', FETCH_TLS, CURLE_OPERATION_TIMEDOUT, 0, 0 },
		{ 'o', FETCH_DONE, CURLE_OK, 403, 1200 },
		{ 'O', FETCH_DONE, CURLE_OK, 200, 20480 },
		{ 'R', FETCH_ANSWER, CURLE_RECV_ERROR, 0, 0 },
		{ 'C', FETCH_CONNECT, CURLE_OPERATION_TIMEDOUT, 0, 0 },
		{ 'P', FETCH_TUNNEL, CURLE_OPERATION_TIMEDOUT, 0, 0 },
		{ 'l', FETCH_DONE, CURLE_OK, 403, 1200 },
		{ 'D', FETCH_BODY, CURLE_OPERATION_TIMEDOUT, 200, 20480 },
	};
	struct fetch *f = self;
	struct fetch_result r = { .length = -1, .lookup = MOMENT_NONE, .connected = MOMENT_NONE,
		                  .secured = MOMENT_NONE, .first_byte = MOMENT_NONE };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].what == f->what) {
			r.stage = answers[i].stage;
			r.code = answers[i].code;
			r.status = answers[i].status;
			r.body_bytes = answers[i].bytes;
		}
	r.ended = f->what == 'l' ? 3900 * MOMENT_MS : 0;
	r.dial.outcome = r.stage == FETCH_CONNECT ? DIAL_UNANSWERED : DIAL_OPEN;
	f->done(f->self, &r);
	free(f);
}

struct fetch *fetch_start(struct loop *l, struct tape *t, const struct fetch_options *o,
                          void (*done)(void *self, const struct fetch_result *result), void *self)
{
	struct world *w = the_world;
	struct fetch *f = calloc(1, sizeof *f);
	size_t len = strlen(w->asked);

	(void)t;
	assert_non_null(f);
	assert_true(w->count < ASKED_MAX);
	assert_true(o->timeout <= 4 * MOMENT_S);
	snprintf(w->asked + len, sizeof w->asked - len, "%s%s %u", len ? ", " : "", o->method, o->mss);
	if (!strcmp(o->method, "POST")) {
		assert_true(o->body.len >= 8192);
		assert_true(span_find(o->body, SPAN("GetConfig")) != SIZE_MAX);
		assert_int_equal(o->body.at[o->body.len - 1], ' ');
		assert_string_equal(o->url, "http://wsus01:8530/ClientWebService/client.asmx");
	}
	*f = (struct fetch){ .loop = l, .world = w, .done = done, .self = self };
	f->timer = (struct loop_timer){ .fired = answer, .self = f };
	f->what = w->network[w->count++];
	loop_set(l, &f->timer, loop_now(l));
	return f;
}

void fetch_stop(struct fetch *f)
{
	loop_clear(f->loop, &f->timer);
	free(f);
}

struct span fetch_header(const struct fetch_result *r, struct span name)
{
	(void)r;
	(void)name;
	return span_of(NULL, 0);
}

bool fetch_can(enum fetch_login login)
{
	return login == FETCH_NO_LOGIN;
}

static const struct row {
	const char *network, *asked;
	enum check_state state;
	const char *detail;
	bool blocked;
} rows[] = {
	{ "oO", "POST 0, GET 0", CHECK_OK, "a question of 8 KiB passes and an answer of 20.0 KiB", false },
	{ "oo", "POST 0, GET 0", CHECK_OK,
	  "a question of 8 KiB passes, and no answer was long enough to tell of the way back", false },
	{ "-o-", "POST 0, POST 536, POST 0", CHECK_FAILED, "full-size packets", true },
	{ "o-o-", "POST 0, GET 0, GET 536, GET 0", CHECK_FAILED, "full-size packets", true },
	{ "ToT", "POST 0, POST 536, POST 0", CHECK_FAILED, "full-size packets", true },
	/* a server that woke up meanwhile */
	{ "-oooO", "POST 0, POST 536, POST 0, GET 0", CHECK_OK, "a question of 8 KiB passes", false },
	{ "-oo-oO", "POST 0, POST 536, POST 0, GET 0, GET 536, GET 0", CHECK_OK,
	  "a question of 8 KiB passes", false },
	/* one that never answers */
	{ "--", "POST 0, POST 536", CHECK_SKIPPED,
	  "cannot be told: small packets bring no answer in 4 s", false },
	{ "o--", "POST 0, GET 0, GET 536", CHECK_SKIPPED, "cannot be told: small packets", false },
	/* what is no matter of sizes */
	{ "R", "POST 0", CHECK_SKIPPED, "cannot be told: no answer", false },
	{ "C", "POST 0", CHECK_SKIPPED, "cannot be told: no connection", false },
	{ "P", "POST 0", CHECK_SKIPPED, "cannot be told: the proxy opened no tunnel", false },
	{ "D", "POST 0", CHECK_SKIPPED, "cannot be told: the answer broke off", false },
	{ "-oD", "POST 0, POST 536, POST 0", CHECK_SKIPPED, "cannot be told: the answer broke off", false },
	/* a server as slow as that would be late again, and no size's fault */
	{ "-l-", "POST 0, POST 536, POST 0", CHECK_SKIPPED, "cannot be told: too little time", false },
	{ "-loo", "POST 0, POST 536, POST 0, GET 0", CHECK_OK, "a question of 8 KiB passes", false },
	{ "-R", "POST 0, POST 536", CHECK_SKIPPED, "cannot be told: no answer", false },
};

static void set_up(struct world *w, const char *network)
{
	*w = (struct world){ .network = network };
	w->plan.options = &w->options;
	w->plan.loop = loop_new();
	assert_non_null(w->plan.loop);
	w->site.target =
		(struct target){ .has_scheme = true, .has_port = true, .port = 8530, .host = "wsus01" };
	assert_true(addr_parse(SPAN("127.0.0.1"), &w->site.addresses[0]));
	w->site.address_count = 1;
	w->way = (struct way){ .plan = &w->plan, .site = &w->site };
	the_world = w;
}

static void tear_down(struct world *w)
{
	plan_release(&w->plan);
	loop_free(w->plan.loop);
}

static void judges_by_the_counter_proof(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		const struct step *s;

		set_up(&w, rows[i].network);
		assert_true(sizes_plan(&w.plan, &w.way));
		s = w.plan.steps[0];
		assert_true(s->told.unjudged);
		schedule_run(&w.plan, &w.stop, NULL, NULL);
		assert_string_equal(w.asked, rows[i].asked);
		if (strncmp(s->told.detail, rows[i].detail, strlen(rows[i].detail)) != 0)
			fail_msg("%s: %s", rows[i].network, s->told.detail);
		assert_int_equal(s->told.state, rows[i].state);
		assert_int_equal(s->told.trouble, rows[i].blocked ? CHECK_SIZE_BLOCKED : CHECK_NO_TROUBLE);
		tear_down(&w);
	}
}

/* The loopback device's, which ip(8) shows too; but no IPv4 packet is longer than 65535 (RFC 791). */
static void names_what_is_lost(void **unused)
{
	struct world w;
	FILE *mtu = fopen("/sys/class/net/lo/mtu", "r");
	char text[16] = "", want[128];
	uint64_t lo = 0;

	(void)unused;
	if (!mtu || !fgets(text, sizeof text, mtu))
		skip();
	fclose(mtu);
	assert_true(span_decimal(span_trim(span_text(text)), &lo));
	if (lo > 65535)
		lo = 65535;
	set_up(&w, "o-o-");
	assert_true(sizes_plan(&w.plan, &w.way));
	schedule_run(&w.plan, &w.stop, NULL, NULL);
	snprintf(want, sizeof want, "full-size packets (%u) of a long answer are lost, packets of 536 pass",
	         (unsigned)lo - 40);
	assert_string_equal(w.plan.steps[0]->told.detail, want);
	tear_down(&w);
	set_up(&w, "oO");
	assert_true(sizes_plan(&w.plan, &w.way));
	schedule_run(&w.plan, &w.stop, NULL, NULL);
	snprintf(want, sizeof want, "; the path MTU is %u", (unsigned)lo);
	assert_non_null(strstr(w.plan.steps[0]->told.detail, want));
	tear_down(&w);
}

static void nothing_when_quick(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w, "");
	w.options.quick = true;
	assert_true(sizes_plan(&w.plan, &w.way));
	assert_int_equal(w.plan.step_count, 0);
	tear_down(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_by_the_counter_proof),
		cmocka_unit_test(names_what_is_lost),
		cmocka_unit_test(nothing_when_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
