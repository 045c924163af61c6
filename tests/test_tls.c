/* tests/test_tls.c - TLS sessions as turns of two sides, and the one fact that each gives, at every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip                             /* a layer has one, too */

#include "decoders/layer.h"
#include "tests/tls_bytes.h"

enum { TURNS = 12 };

struct turn {                           /* turn n is frame n, from 1 */
	enum side from;
	struct span bytes;              /* at NULL: a hole of that length */
};

#define C(text) { CLIENT, SPAN_LIT(text) }
#define S(text) { SERVER, SPAN_LIT(text) }
#define HOLE(side, length) { side, { NULL, length } }

static const struct row {
	const char *name;
	enum { ANY_CUT, WHOLE, JOINED } how;    /* what was lost is taken up where a piece begins */
	struct turn turns[TURNS];
	const char *want;
} rows[] = {
	{ "TLS 1.2, whole", ANY_CUT,
	  { C(HELLO), S(SERVER_HELLO CERTIFICATE KEY_EXCHANGE DONE), C(CLIENT_KEY CHANGE FINISHED),
	    S(CHANGE FINISHED), C(DATA), S(DATA DATA), C(HIDDEN_ALERT) },
	  "hello 1 sup 0303 0304-0303 | server 2 0303 c02f | cert 2 | last Finished 3, Finished 4 | "
	  "data 1/5 2/10 | alert client 7 hidden | established" },
	{ "one record for all of a flight, cut records for another", ANY_CUT,
	  { C("\x16\3\1\0\x23\1\0\0\x42\3\3rrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
	      "\x16\3\1\0\x22rrr\0" "\0\2\xc0\x2f" "\1\0" "\0\x17" "\0\0\0\x08\0\6\0\0\3sup"
	      "\0\x2b\0\7\6\x0a\x0a\3\4\3"),
	    C("\x16\3\1\0\1\3"),
	    S("\x16\3\3\0\x3c" SERVER_MESSAGE "\x0b\0\0\x0a" "cccccccccc" "\x0e\0\0\0") },
	  "hello 2 sup 0303 0304-0303 | server 3 0303 c02f | cert 3 | "
	  "last ClientHello 2, ServerHelloDone 3 | data 0/0 0/0" },
	{ "certificate demanded, none given, then nothing", ANY_CUT,
	  { C(HELLO), S(SERVER_HELLO CERTIFICATE CERTIFICATE_REQUEST DONE),
	    C(NO_CERTIFICATE CLIENT_KEY CHANGE FINISHED), S(ALERT("\2", "\x28")) },
	  "hello 1 sup 0303 0304-0303 | server 2 0303 c02f | cert 2 request 2 | client cert 3 empty | "
	  "last Finished 3, ServerHelloDone 2 | data 0/0 0/0 | alert server 4 2 handshake_failure" },
	{ "resumed by the shape of the handshake", ANY_CUT,
	  { C(HELLO), S(SERVER_HELLO CHANGE FINISHED), C(CHANGE FINISHED), C(DATA) },
	  "hello 1 sup 0303 0304-0303 | server 2 0303 c02f | resumed | last Finished 3, Finished 2 | "
	  "data 1/5 0/0 | established" },
	{ "TLS 1.3", ANY_CUT,
	  { C(HELLO), S(SERVER13(RANDOM) CHANGE FLIGHT13 FLIGHT13), C(CHANGE FINISHED13 DATA), S(FLIGHT13),
	    S(ALERT13) },
	  "hello 1 sup 0303 0304-0303 | server 2 0304 1301 | last Finished 3, Finished 2 | data 1/5 1/30 | "
	  "alert server 5 hidden | established" },
	{ "TLS 1.3 after a HelloRetryRequest", ANY_CUT,
	  { C(HELLO), S(SERVER13(RETRY) CHANGE), C(CHANGE HELLO), S(SERVER13(RANDOM) FLIGHT13), C(FINISHED13),
	    S(DATA) },
	  "hello 1 sup 0303 0304-0303 | server 4 0304 1301 retry | last Finished 5, Finished 4 | "
	  "data 0/0 1/5 | established" },
	{ "TLS 1.3, the client wants no more", ANY_CUT,
	  { C(HELLO), S(SERVER13(RANDOM) FLIGHT13), C(ALERT13) },
	  "hello 1 sup 0303 0304-0303 | server 2 0304 1301 | last ClientHello 1, Finished 2 | data 0/0 0/0 | "
	  "alert client 3 hidden" },
	{ "TLS 1.3, the server wants a certificate", ANY_CUT,
	  { C(HELLO), S(SERVER13(RANDOM) FLIGHT13), C(NO_CERTIFICATE13 FINISHED13 DATA), S(ALERT13) },
	  "hello 1 sup 0303 0304-0303 | server 2 0304 1301 | last Finished 3, Finished 2 | data 1/5 0/0 | "
	  "alert server 4 hidden" },
	{ "TLS 1.3, data as long as an alert is data when more follows", ANY_CUT,
	  { C(HELLO), S(SERVER13(RANDOM) FLIGHT13), C(FINISHED13), S(ALERT13 DATA) },
	  "hello 1 sup 0303 0304-0303 | server 2 0304 1301 | last Finished 3, Finished 2 | data 0/0 1/5 | "
	  "established" },
	{ "version refused", ANY_CUT, { C(OLD_HELLO), S(ALERT("\2", "\x46")) },
	  "hello 1  0301 0301-0000 | last ClientHello 1, nothing 0 | data 0/0 0/0 | "
	  "alert server 2 2 protocol_version" },
	{ "an SSL 2.0 hello", ANY_CUT,
	  { C("\x80\x0c\1\3\1\0\3\0\0\0\0abc" ALERT("\1", "\0")), S(SERVER_HELLO) },
	  "hello 1 sslv2  0301 0301-0000 | server 2 0303 c02f | last ClientHello 1, ServerHello 2 | "
	  "data 0/0 0/0 | alert client 1 1 close_notify" },
	{ "a web server answers in clear text", ANY_CUT, { C(HELLO), S("HTTP/1.1 400 Bad Request\r\n\r\n") },
	  "hello 1 sup 0303 0304-0303 | last ClientHello 1, nothing 0 | data 0/0 0/0 | "
	  "server says 2 'HTTP/1.1 400 Bad Request\r\n\r\n'" },
	{ "a client speaks HTTP", ANY_CUT, { C("GET / HTTP/1.1\r\n\r\n"), S(ALERT("\2", "\x0a")) },
	  "last nothing 0, nothing 0 | data 0/0 0/0 | alert server 2 2 unexpected_message | "
	  "client says 1 'GET / HTTP/1.1\r\n\r\n'" },
	{ "the hello is cut by the capture", ANY_CUT,
	  { C("\x16\3\1\0\x46\1\0\0\x42\3\3rrrr"), HOLE(CLIENT, 60), S(ALERT("\2", "\x28")) },
	  "hello 1 cut  0303 0303-0000 | last ClientHello 1, nothing 0 | data 0/0 0/0 | "
	  "alert server 3 2 handshake_failure | lost 1" },
	{ "a hole in the certificate", ANY_CUT,
	  { C(HELLO), S(SERVER_HELLO "\x16\3\3\0\x0e\x0b\0\0\x0a" "cc"), HOLE(SERVER, 5), S("ccc" DONE) },
	  "hello 1 sup 0303 0304-0303 | server 2 0303 c02f | cert 4 | "
	  "last ClientHello 1, ServerHelloDone 4 | data 0/0 0/0 | lost 1" },
	{ "a hole over several records", WHOLE,
	  { C(HELLO), S(SERVER_HELLO "\x16\3\3\0\x0e\x0b\0\0\x0a" "cc"), HOLE(SERVER, 5000),
	    S("ccc"), S(DONE) },
	  "hello 1 sup 0303 0304-0303 | server 2 0303 c02f | cert 2 | "
	  "last ClientHello 1, ServerHelloDone 5 | "
	  "data 0/0 0/0 | lost 1" },
	{ "joined midway", JOINED, { S("middle"), S(DATA), C(DATA), S(HIDDEN_ALERT) },
	  "last nothing 0, nothing 0 | data 1/5 1/5 | alert server 4 hidden | established" },
	{ "joined, and no TLS", JOINED, { S("middle"), C("more") }, "" },
	{ "nothing said", ANY_CUT, { HOLE(CLIENT, 0) }, "" },
};

static void print_side(FILE *out, const struct tls_session *t, enum side side)
{
	if (t->not_tls[side])
		fprintf(out, " | %s says %d '%.*s'", side == CLIENT ? "client" : "server",
		        (int)t->other_frame[side], t->other_len[side], (const char *)t->other_bytes[side]);
}

static void print_alerts(FILE *out, const struct tls_session *t)
{
	for (unsigned i = 0; i < t->alert_count; i++) {
		const struct tls_alert *a = &t->alerts[i];

		fprintf(out, " | alert %s %d ", a->by == CLIENT ? "client" : "server", (int)a->frame);
		if (a->encrypted)
			fprintf(out, "hidden");
		else
			fprintf(out, "%u %s", (unsigned)a->level, tls_alert_name(a->description));
	}
}

static void print_hellos(FILE *out, const struct tls_session *t)
{
	if (t->client_hello)
		fprintf(out, "hello %d %s%s%s %04x %04x-%04x | ", (int)t->client_hello_frame,
		        t->sslv2_hello ? "sslv2 " : "", t->hello_cut ? "cut " : "", t->server_name,
		        (unsigned)t->offered_legacy, (unsigned)t->offered_max, (unsigned)t->offered_min);
	if (t->server_hello)
		fprintf(out, "server %d %04x %04x%s | ", (int)t->server_hello_frame, (unsigned)t->version,
		        (unsigned)t->cipher, t->hello_retry ? " retry" : "");
	if (t->resumed)
		fprintf(out, "resumed | ");
	if (t->certificate_frame)
		fprintf(out, "cert %d", (int)t->certificate_frame);
	if (t->certificate_request_frame)
		fprintf(out, " request %d", (int)t->certificate_request_frame);
	if (t->certificate_frame)
		fprintf(out, " | ");
	if (t->client_certificate_message)
		fprintf(out, "client cert %d%s | ", (int)t->client_certificate_frame,
		        t->client_certificate_empty ? " empty" : "");
}

static void print_fact(void *self, const struct fact *fact)
{
	const struct tls_session *t = fact->tls;
	FILE *out = self;

	assert_int_equal(fact->kind, FACT_TLS);
	print_hellos(out, t);
	fprintf(out, "last %s %d, %s %d | data %d/%d %d/%d", tls_message_name(t->last_message[CLIENT]),
	        (int)t->last_frame[CLIENT], tls_message_name(t->last_message[SERVER]),
	        (int)t->last_frame[SERVER], (int)t->application_records[CLIENT],
	        (int)t->application_bytes[CLIENT], (int)t->application_records[SERVER],
	        (int)t->application_bytes[SERVER]);
	print_alerts(out, t);
	print_side(out, t, CLIENT);
	print_side(out, t, SERVER);
	if (t->lost)
		fprintf(out, " | lost %u", t->lost);
	if (t->established)
		fprintf(out, " | established");
}

/* In pieces of `step`; what may be skipped is, when `skipping`. */
static void play(const struct layer *layer, void *self, const struct turn *t, struct mark mark, size_t step,
                 bool skipping)
{
	struct span bytes = t->bytes;

	while (bytes.len) {
		uint64_t some = skipping ? layer->skippable(self, t->from) : 0;

		if (some) {
			some = some < bytes.len ? some : bytes.len;
			span_take(&bytes, (size_t)some);
			layer->skip(self, t->from, some, mark);
		} else {
			layer->bytes(self, t->from, span_take(&bytes, step), mark);
		}
	}
}

static void run(const struct row *row, size_t step, bool skipping, char told[static 1024])
{
	static const struct connection conn;
	FILE *out = fmemopen(told, 1024, "w");
	struct limits limits = { 0 };
	struct fact_sink sink = { out, print_fact };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = {
		.context = &context, .place = { .conn = &conn }, .joined = row->how == JOINED,
	};
	void *self = layer_tls.create(&env);
	struct mark mark = { 0, 0 };

	told[0] = 0;
	for (size_t i = 0; i < TURNS && row->turns[i].bytes.len; i++) {
		const struct turn *t = &row->turns[i];

		mark.frame++;
		if (t->bytes.at)
			play(&layer_tls, self, t, mark, step, skipping);
		else
			layer_tls.hole(self, t->from, t->bytes.len, mark);
	}
	layer_tls.end(self, STACK_END_CAPTURE, mark);
	layer_tls.destroy(self);
	fclose(out);
}

static void every_cut_tells_the_same(void **state)
{
	char told[1024];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t last = rows[i].how == ANY_CUT ? 70 : 0;

		for (size_t step = 1; step <= last; step++) {
			run(&rows[i], step, step & 1, told);
			if (strcmp(told, rows[i].want))
				fail_msg("%s, %zu:\n%s\n%s", rows[i].name, step, told, rows[i].want);
		}
		run(&rows[i], SIZE_MAX, true, told);
		if (strcmp(told, rows[i].want))
			fail_msg("%s:\n%s\n%s", rows[i].name, told, rows[i].want);
	}
}

static void application_data_is_skipped(void **state)
{
	static const struct connection conn;
	struct limits limits = { 0 };
	struct fact_sink sink = { NULL, NULL };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };
	void *self = layer_tls.create(&env);
	struct mark mark = { 1, 0 };

	(void)state;
	layer_tls.bytes(self, SERVER, SPAN(SERVER_HELLO), mark);
	assert_int_equal(layer_tls.skippable(self, SERVER), 0);
	layer_tls.bytes(self, SERVER, SPAN("\x17\3\3\x40\0ab"), mark);
	assert_int_equal(layer_tls.skippable(self, SERVER), 0x4000 - 2);
	layer_tls.skip(self, SERVER, 0x4000 - 2, mark);
	assert_int_equal(layer_tls.skippable(self, SERVER), 0);
	assert_int_equal(limits.count[LIMIT_ENCRYPTED], 1);
	layer_tls.destroy(self);
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(tls_message_name(13), "CertificateRequest");
	assert_string_equal(tls_message_name(-1), "nothing");
	assert_string_equal(tls_message_name(3), "?");
	assert_string_equal(tls_message_name(1000), "?");
	assert_string_equal(tls_alert_name(0), "close_notify");
	assert_string_equal(tls_alert_name(116), "certificate_required");
	assert_string_equal(tls_alert_name(1), "unknown");
	assert_string_equal(tls_alert_name(255), "unknown");
	assert_string_equal(tls_version_name(0x0304), "TLS 1.3");
	assert_string_equal(tls_version_name(0x0305), "unknown");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_tells_the_same),
		cmocka_unit_test(application_data_is_skipped),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
