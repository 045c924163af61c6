/* tests/test_ccm.c - messages of management points: whole, in other forms, cut anywhere, and hostile.
 *
 * Forms: RFC 2046 section 5.1 (multipart), RFC 1950 (zlib), RFC 2781 (UTF-16); elements as ConfigMgr
 * writes them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decoders/ccm.h"
#include "decoders/layer.h"

enum { ROOM = 1 << 20 };

#define REQUEST                                                                                            \
	"<WSUSLocationRequest SchemaVersion=\"1.00\"><Content ID=\"{7B8D}\" Version=\"38\"/>"              \
	"<AssignedSite SiteCode=\"PS1\"/><ClientLocationInfo OnInternet=\"0\"/></WSUSLocationRequest>"
#define REPLY(records)                                                                                     \
	"<WSUSLocationReply SchemaVersion=\"1.00\"><Sites><Site><MPSite SiteCode=\"PS1\"/><LocationRecords>" \
	records "</LocationRecords></Site></Sites></WSUSLocationReply>"
#define RECORD(url) "<LocationRecord WSUSURL=\"" url "\" ServerName=\"SUP01\" Version=\"38\"/>"
#define HEADER "<Msg SchemaVersion=\"1.1\"><ID>{5DD1}</ID><SourceHost> PC-0450 </SourceHost></Msg>"

/* How a part is written; the header always in UTF-16 with a mark. */
enum form { ZLIB, ZLIB_BEST, BARE, MARKED, BIG_ENDIAN_MARKED, UTF8, RAW_ZLIB_UTF8 };

static void add_utf16(struct buf *to, const char *text, bool big)
{
	for (; *text; text++) {
		assert_true(buf_add_byte(to, big ? 0 : (uint8_t)*text));
		assert_true(buf_add_byte(to, big ? (uint8_t)*text : 0));
	}
}

static void add_zlib(struct buf *to, struct span plain, int level)
{
	uLongf len = compressBound((uLong)plain.len);
	uint8_t *at = buf_reserve(to, len);

	assert_non_null(at);
	assert_int_equal(compress2(at, &len, plain.at, (uLong)plain.len, level), Z_OK);
	to->len += len;
}

static void add_body(struct buf *to, const char *text, enum form form)
{
	struct buf plain;

	buf_init(&plain, ROOM);
	if (form == MARKED)
		assert_true(buf_add(&plain, SPAN("\xff\xfe")));
	if (form == BIG_ENDIAN_MARKED)
		assert_true(buf_add(&plain, SPAN("\xfe\xff")));
	if (form == UTF8 || form == RAW_ZLIB_UTF8)
		assert_true(buf_add(&plain, span_text(text)));
	else
		add_utf16(&plain, text, form == BIG_ENDIAN_MARKED);
	assert_true(buf_add(&plain, span_of("\0\0", 2)));       /* the string's end is sent, too */
	if (form == ZLIB || form == ZLIB_BEST || form == RAW_ZLIB_UTF8)
		add_zlib(to, buf_span(&plain), form == ZLIB_BEST ? 9 : 1);
	else
		assert_true(buf_add(to, buf_span(&plain)));
	buf_release(&plain);
}

static void add_message(struct buf *to, const char *boundary, const char *text, enum form form)
{
	assert_true(buf_printf(to, "--%s\r\ncontent-type: text/plain; charset=UTF-16\r\n\r\n", boundary));
	assert_true(buf_add(to, SPAN("\xff\xfe")));
	add_utf16(to, HEADER, false);
	assert_true(buf_printf(to, "\r\n--%s\r\ncontent-type: application/octet-stream\r\n\r\n", boundary));
	add_body(to, text, form);
	assert_true(buf_printf(to, "\r\n--%s--", boundary));
}

struct reading {
	struct arena arena;
	struct http_header header;
	struct exchange x;
	bool whole;
};

/* Reads a body as the request's or the answer's of one exchange. */
static void read_side(struct reading *r, bool by_client, const char *type, struct span body)
{
	struct http_message *m = by_client ? &r->x.request : &r->x.response;

	r->header = (struct http_header){ SPAN_LIT("Content-Type"), span_text(type) };
	r->x.path = SPAN("/ccm_system/request");
	*m = (struct http_message){ .present = true, .headers = &r->header, .header_count = 1 };
	m->body.complete = true;
	m->body.decoded_bytes = body.len;
	assert_true(ccm_wanted(&r->x, m));
	r->whole = ccm_read(&r->x, m, body, &r->arena);
	*m = (struct http_message){ .present = true };
}

static void begin(struct reading *r)
{
	*r = (struct reading){ .whole = true };
	arena_init(&r->arena, ROOM);
}

static void assert_span(struct span is, const char *want)
{
	if (!span_eq(is, span_text(want)))
		fail_msg("\"%.*s\" is not \"%s\"", (int)is.len, (const char *)is.at, want);
}

#define TYPE "multipart/mixed; boundary=\"aAbB\""

static void reads_both_sides(void **unused)
{
	struct reading r;
	struct buf body;

	(void)unused;
	begin(&r);
	buf_init(&body, ROOM);
	add_message(&body, "aAbB", REQUEST, ZLIB);
	read_side(&r, true, TYPE, buf_span(&body));
	assert_non_null(r.x.location);
	assert_true(r.x.location->asks && !r.x.location->answers && !r.x.location->broken);
	assert_span(r.x.location->content_id, "{7B8D}");
	assert_span(r.x.location->sender, "PC-0450");
	buf_clear(&body);
	add_message(&body, "aAbB", REPLY(RECORD("http://SUP01:8530") RECORD("https://sup02:8531")), ZLIB);
	read_side(&r, false, TYPE, buf_span(&body));
	assert_true(r.x.location->asks && r.x.location->answers && !r.x.location->broken && r.whole);
	assert_int_equal(r.x.location->count, 2);
	assert_span(r.x.location->locations[0].url, "http://SUP01:8530");
	assert_span(r.x.location->locations[0].version, "38");
	assert_span(r.x.location->locations[1].url, "https://sup02:8531");
	assert_span(r.x.location->sender, "PC-0450");
	buf_release(&body);
	arena_release(&r.arena);
}

static void reads_every_form(void **unused)
{
	static const char *const types[] = { TYPE, "Multipart/Mixed; charset=x; BOUNDARY=aAbB ; a=b",
		                             "multipart/mixed;boundary=aAbB" };

	(void)unused;
	for (unsigned form = ZLIB; form <= RAW_ZLIB_UTF8; form++)
		for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
			struct reading r;
			struct buf body;

			begin(&r);
			buf_init(&body, ROOM);
			assert_true(buf_add(&body, SPAN("preamble\r\n")));
			add_message(&body, "aAbB", REPLY(RECORD("http://sup01:8530")), (enum form)form);
			read_side(&r, false, types[t], buf_span(&body));
			if (!r.x.location || r.x.location->count != 1 || r.x.location->broken)
				fail_msg("form %u, type %s", form, types[t]);
			assert_span(r.x.location->sender, "");
			buf_release(&body);
			arena_release(&r.arena);
		}
}

static const struct odd {
	const char *name, *body, *type;
	bool hangs, broken;
	unsigned count;
} odds[] = {
	{ "an empty list", REPLY(""), TYPE, true, false, 0 },
	{ "records without a URL", REPLY("<LocationRecord ServerName=\"a\"/>" RECORD("")), TYPE, true,
	  false, 0 },
	{ "another message", "<ClientIDRequest/>", TYPE, false, false, 0 },
	{ "no XML", "hello", TYPE, false, false, 0 },
	{ "records outside of a reply", RECORD("http://a"), TYPE, false, false, 0 },
	{ "broken off", "<WSUSLocationReply><Sites>" RECORD("http://a"), TYPE, true, true, 1 },
	{ "crossed", "<WSUSLocationReply>" RECORD("http://a") "</Sites>", TYPE, true, true, 1 },
	{ "a document type", "<!DOCTYPE a [<!ENTITY b \"c\">]>" REPLY(RECORD("http://a")), TYPE, false,
	  false, 0 },
	{ "something follows", REPLY(RECORD("http://a")) "<more/>", TYPE, true, false, 1 },
	{ "no boundary", REPLY(RECORD("http://a")), "multipart/mixed", false, false, 0 },
	{ "an empty boundary", REPLY(RECORD("http://a")), "multipart/mixed; boundary=\"\"", false, false, 0 },
	{ "another boundary", REPLY(RECORD("http://a")), "multipart/mixed; boundary=other", false, false, 0 },
};

static void takes_odd_messages_as_they_are(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
		const struct odd *o = &odds[i];
		struct reading r;
		struct buf body;

		begin(&r);
		buf_init(&body, ROOM);
		add_message(&body, "aAbB", o->body, ZLIB);
		read_side(&r, false, o->type, buf_span(&body));
		if (o->hangs != (r.x.location != NULL) ||
		    (r.x.location && (r.x.location->broken != o->broken || r.x.location->count != o->count)))
			fail_msg("%s", o->name);
		buf_release(&body);
		arena_release(&r.arena);
	}
}

/* Every beginning of a message: nothing false is told, and what may be missing is said to be. */
static void reads_every_cut(void **unused)
{
	struct buf body;

	(void)unused;
	buf_init(&body, ROOM);
	add_message(&body, "aAbB", REPLY(RECORD("http://sup01:8530")), ZLIB);
	for (size_t len = 0; len < body.len; len++) {
		struct reading r;
		uint8_t *copy = malloc(len + 1);

		assert_non_null(copy);
		memcpy(copy, body.at, len);
		begin(&r);
		read_side(&r, false, TYPE, span_of(copy, len));
		if (r.x.location && !r.x.location->broken && len + 8 < body.len)
			fail_msg("cut at %zu of %zu and not said to be", len, body.len);
		arena_release(&r.arena);
		free(copy);
	}
	buf_release(&body);
}

static void keeps_to_its_ceilings(void **unused)
{
	struct reading r;
	struct buf body, text;

	(void)unused;
	begin(&r);
	buf_init(&body, ROOM);
	buf_init(&text, ROOM);
	assert_true(buf_add(&text, SPAN("<WSUSLocationReply>")));
	for (int i = 0; i < 40; i++)
		assert_true(buf_printf(&text, "<LocationRecord WSUSURL=\"http://sup%d\"/>", i));
	while (text.len < 300000)       /* UTF-16 doubles it */
		assert_true(buf_add(&text, SPAN("                                ")));
	assert_true(buf_add(&text, span_of("</WSUSLocationReply>", 21)));
	add_message(&body, "aAbB", (const char *)text.at, ZLIB_BEST);
	read_side(&r, false, TYPE, buf_span(&body));
	assert_non_null(r.x.location);
	assert_int_equal(r.x.location->count, 40);
	assert_span(r.x.location->locations[LOCATIONS_KEPT - 1].url, "http://sup15");
	assert_true(r.x.location->broken);
	assert_false(r.whole);
	buf_release(&text);
	buf_release(&body);
	arena_release(&r.arena);
}

struct heard {
	unsigned exchanges, locations;
	bool asked, answered, broken;
	size_t kept[2];                 /* of the bodies */
};

static void hear(void *self, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;
	struct heard *h = self;

	if (fact->kind != FACT_EXCHANGE)
		return;
	h->exchanges++;
	h->kept[CLIENT] = x->request.body.start.len;
	h->kept[SERVER] = x->response.body.start.len;
	if (!x->location)
		return;
	h->locations += x->location->count;
	h->asked = x->location->asks;
	h->answered = x->location->answers;
	h->broken = x->location->broken;
}

static void add_http(struct buf *to, const char *first, bool chunked, const char *text, enum form form)
{
	struct buf body;

	buf_init(&body, ROOM);
	add_message(&body, "aAbB", text, form);
	assert_true(buf_printf(to, "%s\r\nContent-Type: " TYPE "\r\n", first));
	if (chunked)
		assert_true(buf_printf(to, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", body.len));
	else
		assert_true(buf_printf(to, "Content-Length: %zu\r\n\r\n", body.len));
	assert_true(buf_add(to, buf_span(&body)));
	if (chunked)
		assert_true(buf_add(to, SPAN("\r\n0\r\n\r\n")));
	buf_release(&body);
}

static struct heard talk(struct span asks, struct span answers, size_t step, struct limits *limits)
{
	struct heard heard = { .exchanges = 0 };
	struct fact_sink sink = { &heard, hear };
	struct connection conn = { .id = 0 };
	struct stack_context context = { .sink = &sink, .limits = limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };
	struct mark mark = { 1, MOMENT_S };
	void *layer = layer_http.create(&env);

	assert_non_null(layer);
	for (; asks.len; mark.frame++)
		layer_http.bytes(layer, CLIENT, span_take(&asks, step), mark);
	for (; answers.len; mark.frame++)
		layer_http.bytes(layer, SERVER, span_take(&answers, step), mark);
	layer_http.end(layer, STACK_END_FIN, mark);
	layer_http.destroy(layer);
	return heard;
}

/* One exchange of HTTP, in frames of so many bytes. */
static void reads_what_streams_past(void **unused)
{
	static const size_t steps[] = { 1, 2, 7, 1460, 100000 };

	(void)unused;
	for (unsigned kind = 0; kind < 4; kind++) {
		enum form form = kind & 1 ? ZLIB : BARE;
		struct buf asks, answers;

		buf_init(&asks, ROOM);
		buf_init(&answers, ROOM);
		add_http(&asks, "CCM_POST /ccm_system/request HTTP/1.1\r\nHost: mp01", false, REQUEST, form);
		add_http(&answers, "HTTP/1.1 200 OK", kind & 2,
		         REPLY(RECORD("http://a") RECORD("http://b")), form);
		for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
			struct limits limits = { { 0 } };
			struct heard h = talk(buf_span(&asks), buf_span(&answers), steps[i], &limits);

			if (h.exchanges != 1 || h.locations != 2 || !h.asked || !h.answered || h.broken)
				fail_msg("kind %u, steps of %zu: %u locations", kind, steps[i],
				         h.locations);
		}
		buf_release(&asks);
		buf_release(&answers);
	}
}

/* A list that is longer than is kept of other bodies, and one that is longer than is kept at all. */
static void reads_long_bodies(void **unused)
{
	static const unsigned counts[] = { 200, 2000 };

	(void)unused;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct limits limits = { { 0 } };
		struct buf text, asks, answers;
		struct heard h;

		buf_init(&text, ROOM);
		buf_init(&asks, ROOM);
		buf_init(&answers, ROOM);
		assert_true(buf_add(&text, SPAN("<WSUSLocationReply>")));
		for (unsigned n = 0; n < counts[i]; n++)
			assert_true(buf_printf(&text, "<LocationRecord WSUSURL=\"http://sup%u\"/>", n));
		assert_true(buf_add(&text, span_of("</WSUSLocationReply>", 21)));
		add_http(&asks, "CCM_POST /ccm_system/request HTTP/1.1\r\nHost: mp01", false, REQUEST, ZLIB);
		add_http(&answers, "HTTP/1.1 200 OK", false, (const char *)text.at, BARE);
		h = talk(buf_span(&asks), buf_span(&answers), 1460, &limits);
		assert_true(h.answered);
		assert_int_equal(h.broken, i);
		assert_int_equal(limits.count[LIMIT_XML_CEILING], i);
		if (!i)
			assert_int_equal(h.locations, counts[i]);
		assert_int_equal(h.kept[SERVER], EXCHANGE_BODY_KEPT);
		buf_release(&text);
		buf_release(&asks);
		buf_release(&answers);
	}
}

static void wants_only_what_may_tell(void **unused)
{
	struct http_header type = { SPAN_LIT("Content-Type"), SPAN_LIT("multipart/mixed; boundary=a") };
	struct http_message m = { .headers = &type, .header_count = 1 };
	struct exchange x = { .path = SPAN_LIT("/ccm_system_windowsauth/request") };

	(void)unused;
	assert_true(ccm_wanted(&x, &m));
	x.path = SPAN("/ClientWebService/client.asmx");
	assert_false(ccm_wanted(&x, &m));
	x.path = SPAN("/ccm_system/request");
	type.value = SPAN("text/xml");
	assert_false(ccm_wanted(&x, &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_sides),
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(takes_odd_messages_as_they_are),
		cmocka_unit_test(reads_every_cut),
		cmocka_unit_test(keeps_to_its_ceilings),
		cmocka_unit_test(reads_what_streams_past),
		cmocka_unit_test(reads_long_bodies),
		cmocka_unit_test(wants_only_what_may_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
