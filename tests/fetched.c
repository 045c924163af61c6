/* tests/fetched.c - loop, tape, fetch, and then the engine over the tape. */
#include "tests/fetched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip

#include "cli/engine.h"

enum { TAPE_ROOM = 8 << 20 };

static int len_of(struct span s)
{
	return (int)s.len;
}

static void add(char text[static FETCHED_TEXT], const char *format, ...) __attribute__((format(printf, 2,
3)));

static void add(char text[static FETCHED_TEXT], const char *format, ...)
{
	size_t const at = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + at, FETCHED_TEXT - at, format, arguments);
	va_end(arguments);
}

static void hear(void *self, const struct fact *fact)
{
	struct fetched *f = self;
	const struct exchange *x = fact->exchange;
	struct span start;

	if (fact->kind == FACT_EXCHANGE) {
		start = x->response.body.start;
		start.len = start.len < 64 ? start.len : 64;
		add(f->exchanges, "%s%s%.*s %.*s %u%s%.*s; ", x->tls ? "tls " : "",
		x->tunnel ? "tunnelled " : "",
		    len_of(x->method), (const char *)x->method.at, len_of(x->target),
		    (const char *)x->target.at, (unsigned)x->status, start.len ? " " : "", len_of(start),
		    (const char *)start.at);
	} else if (fact->kind == FACT_CONNECTION) {
		add(f->connections, "%s %s; ", connection_outcome_name(fact->connection->outcome),
		    connection_closed_name(fact->connection->closed));
	} else if (fact->kind == FACT_TLS) {
		add(f->sessions, "%s %s%s; ", tls_version_name(fact->tls->version),
		    tls_reading_name(fact->tls->reading), fact->tls->alert_count ? " alert" : "");
	}
}

static void read_tape(struct fetched *f, const struct tape *t)
{
	struct engine_options const options = {
		.relevance = { .all = true },
		.listener = { f, hear },
	};
	struct engine *e = engine_new(&options);
	struct frame frame = { 0 };
	uint64_t number = 0;
	unsigned owner;

	assert_non_null(e);
	tlskeys_log(engine_keys(e), tape_secrets(t));
	tlskeys_log_end(engine_keys(e));
	for (size_t at = 0; tape_next(t, &at, &frame, &owner);) {
		frame.number = ++number;
		assert_int_equal(owner, 7);
		engine_frame(e, &frame);
	}
	engine_end(e);
	engine_free(e);
	f->lost = tape_lost(t);
}

static void done(void *self, const struct fetch_result *result)
{
	struct fetched *f = self;
	struct span const server = fetch_header(result, SPAN("Server"));

	f->result = *result;
	f->told++;
	snprintf(f->body, sizeof f->body, "%.*s", len_of(result->body), (const char *)result->body.at);
	snprintf(f->server, sizeof f->server, "%.*s", len_of(server), (const char *)server.at);
}

struct fetch_options fetched_options(const char *url)
{
	return (struct fetch_options){
		.method = "GET",
		.url = url,
		.at = addr_v4((const uint8_t[]){ 127, 0, 0, 1 }),
		.agent = "tester/1",
		.tls = { .authorities = served_authority() },
		.owner = 7,
		.connect_timeout = 2 * MOMENT_S,
		.timeout = 4 * MOMENT_S,
		.keep = 1024,
		.most = 1 << 20,
	};
}

void fetched_run(struct fetched *f, const struct fetch_options *o)
{
	struct loop *l = loop_new();
	struct tape *t = tape_new(TAPE_ROOM);

	*f = (struct fetched){ 0 };
	assert_non_null(l);
	assert_non_null(t);
	assert_non_null(fetch_start(l, t, o, done, f));
	assert_int_equal(f->told, 0);
	loop_run(l);
	assert_int_equal(f->told, 1);
	read_tape(f, t);
	tape_free(t);
	loop_free(l);
}

static void run_row(const struct fetched_row *row, struct fetched *f)
{
	struct served *s = served_new(row->acts, row->tls);
	char url[128] = "", proxied[128];
	struct fetch_options o = fetched_options(url);

	snprintf(url, sizeof url, row->url, (unsigned)served_port(s));
	if (row->proxy) {
		snprintf(proxied, sizeof proxied, row->proxy, (unsigned)served_port(s));
		o.proxy = proxied;
	}
	if (row->shape)
		row->shape(&o);
	fetched_run(f, &o);
	if (row->heard && !strstr(served_heard(s), row->heard))
		fail_msg("%s: the server heard %s", row->name, served_heard(s));
	served_free(s);
}

static void same(const char *row, const char *what, const char *is, const char *due)
{
	if (due && strcmp(is, due))
		fail_msg("%s: %s is \"%s\", not \"%s\"", row, what, is, due);
}

static void check_row(const struct fetched_row *row)
{
	struct fetched f;

	run_row(row, &f);
	if (f.result.stage != row->stage || f.result.status != row->status ||
	    f.result.connect_status != row->connect_status)
		fail_msg("%s: stage %d, status %u, CONNECT %u, code %d, %s", row->name,
		(int)f.result.stage,
		         f.result.status, f.result.connect_status, (int)f.result.code, f.result.error);
	same(row->name, "the error", f.result.error, row->error ? row->error : "");
	same(row->name, "the body", f.body, row->body);
	same(row->name, "what was exchanged", f.exchanges, row->exchanges);
	same(row->name, "the connections", f.connections, row->connections);
	assert_int_equal(f.result.dial.fd, -1);
	assert_int_equal(f.lost, 0);
	assert_true(f.result.began <= f.result.ended);
}

void fetched_check(const struct fetched_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

void fetched_in_short(struct fetch_options *o)
{
	o->connect_timeout = o->timeout = MOMENT_S;
}

int fetched_forget(void **state)
{
	(void)state;
	served_forget();
	return 0;
}
