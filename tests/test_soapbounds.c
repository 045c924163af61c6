/* tests/test_soapbounds.c - bodies without end, depth without end, no memory; and two sides at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decoders/soap.h"
#include "facts/wsuscall.h"

#define OPEN "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define TAIL "</s:Body></s:Envelope>"
#define HALF "<GetConfig><protocolVersion>2.90</protocolVersion>"

struct world {
	struct limits limits;
	struct budget budget;
	struct soap_pool *pool;
	struct arena arena;
	struct soap *soap;
};

static void begin(struct world *w, size_t memory)
{
	const struct exchange x = { .method = SPAN("POST"), .path = SPAN("/ClientWebService/client.asmx") };

	*w = (struct world){ .budget.ceiling = memory };
	w->pool = soap_pool_new(&w->limits, &w->budget);
	assert_non_null(w->pool);
	arena_init(&w->arena, 256 * 1024);
	w->soap = soap_new(w->pool, &x, &w->arena);
	assert_non_null(w->soap);
}

static void end(struct world *w)
{
	soap_free(w->soap);
	arena_release(&w->arena);
	soap_pool_free(w->pool);
	assert_int_equal(w->budget.used, 0);
}

static const struct soap_side *side(const struct world *w, enum side from)
{
	return &soap_call(w->soap)->side[from];
}

/* The same piece again and again, until nobody wants more; returns how many were taken. */
static size_t pour(struct world *w, const char *piece, size_t max)
{
	size_t count = 0;

	while (count < max && soap_piece(w->soap, CLIENT, span_text(piece)))
		count++;
	return count;
}

static const struct row {
	const char *name, *first, *again;
	size_t max;
	unsigned anomaly;
} rows[] = {
	{ "elements in elements", OPEN, "<a>", 100, SOAP_TOO_DEEP },
	{ "elements in elements that are not plain", OPEN "<a>\xc3\xa4", "<a>", 100, SOAP_TOO_DEEP },
	{ "a tag without end", OPEN "<a",
	  " a='0123456789012345678901234567890123456789'", 1000, SOAP_TOO_LONG },
	{ "a name without end", OPEN "<",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1000, SOAP_TOO_LONG },
	{ "a comment without end", OPEN "<!--", "01234567890123456789012345678901234567890123456789", 1000,
	  SOAP_TOO_LONG },
	{ "a declaration without end", "<?xml version='1.0' ",
	  "                                        ", 1000, SOAP_TOO_LONG },
};

static void test_ceilings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;

		begin(&w, 8 << 20);
		assert_true(soap_piece(w.soap, CLIENT, span_text(rows[i].first)));
		if (pour(&w, rows[i].again, rows[i].max) == rows[i].max)
			fail_msg("%s: is read on", rows[i].name);
		if (side(&w, CLIENT)->anomalies != 1u << rows[i].anomaly)
			fail_msg("%s: anomalies %x", rows[i].name, side(&w, CLIENT)->anomalies);
		assert_int_equal(w.limits.count[LIMIT_XML_CEILING], 1);
		assert_false(soap_piece(w.soap, CLIENT, SPAN("<a>")));
		soap_end(w.soap, CLIENT, true);
		assert_int_equal(side(&w, CLIENT)->anomalies, 1u << rows[i].anomaly);
		end(&w);
	}
}

/* A parser remembers names, those of attributes too: some are many enough.  Its pool takes the next body all
 * the same. */
static void test_names(void **state)
{
	static const char *const forms[] = { "<n%u/>", "<n a%u='1'/>" };
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct world w;
		unsigned taken = 0;

		begin(&w, 8 << 20);
		assert_true(soap_piece(w.soap, CLIENT, SPAN(OPEN "<GetConfig>\r")));
		do {
			snprintf(name, sizeof name, forms[i], taken);
		} while (taken++ < 100000 && soap_piece(w.soap, CLIENT, span_text(name)));
		assert_in_range(taken, 1000, 10000);
		assert_int_equal(side(&w, CLIENT)->anomalies, 1u << SOAP_TOO_LONG);
		assert_int_equal(w.limits.count[LIMIT_XML_CEILING], 1);
		assert_true(soap_piece(w.soap, SERVER, SPAN(OPEN "\r<GetConfigResponse/>" TAIL)));
		soap_end(w.soap, SERVER, true);
		assert_true(side(&w, SERVER)->complete);
		end(&w);
	}
}

/* 64 MiB of ids: counted, then enough. */
static void test_length(void **state)
{
	static char ids[1 << 20];
	struct world w;
	size_t taken = 1;

	(void)state;
	for (size_t i = 0; i + 16 < sizeof ids; i += 16)
		memcpy(ids + i, "<int>12345</int>", 16);
	begin(&w, 8 << 20);
	assert_true(soap_piece(w.soap, CLIENT, SPAN(OPEN "<SyncUpdates><parameters><OtherCachedUpdateIDs>")));
	while (taken < 100 && soap_piece(w.soap, CLIENT, span_of(ids, sizeof ids / 16 * 16 - 16)))
		taken++;
	assert_in_range(taken, 60, 66);
	assert_int_equal(side(&w, CLIENT)->anomalies, 1u << SOAP_TOO_LONG);
	assert_true(wsus_number(soap_call(w.soap)->values, FIELD_CACHED_IDS, 0) > 4000000);
	end(&w);
}

static void test_no_memory(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 64);
	assert_false(soap_piece(w.soap, CLIENT, SPAN(OPEN)));
	assert_int_equal(side(&w, CLIENT)->anomalies, 0);
	assert_int_equal(w.limits.count[LIMIT_XML_CEILING], 1);
	end(&w);
}

/* Bytes fell into a hole: that is nobody's fault. */
static void test_lost(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 8 << 20);
	assert_true(soap_piece(w.soap, CLIENT, SPAN(OPEN HALF)));
	soap_end(w.soap, CLIENT, false);
	assert_false(side(&w, CLIENT)->complete);
	assert_int_equal(side(&w, CLIENT)->anomalies, 0);
	assert_int_equal(soap_call(w.soap)->method, METHOD_GET_CONFIG);
	assert_false(soap_piece(w.soap, CLIENT, SPAN("</GetConfig>")));
	end(&w);
}

/* The answer comes while the request goes on: both envelopes are read, the values of the later one. */
static void test_at_once(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 8 << 20);
	assert_true(soap_piece(w.soap, CLIENT, SPAN(OPEN HALF)));
	assert_true(soap_piece(w.soap, SERVER, SPAN(OPEN "<GetConfigResponse><GetConfigResult>")));
	assert_true(soap_piece(w.soap, CLIENT, SPAN(HALF "</GetConfig></GetConfig>" TAIL)));
	assert_true(soap_piece(w.soap, SERVER, SPAN("<IsRegistrationRequired>true</IsRegistrationRequired>"
	                                            "</GetConfigResult></GetConfigResponse>" TAIL)));
	soap_end(w.soap, CLIENT, true);
	soap_end(w.soap, SERVER, true);
	assert_true(side(&w, CLIENT)->complete && side(&w, SERVER)->complete);
	assert_int_equal(side(&w, CLIENT)->anomalies | side(&w, SERVER)->anomalies, 0);
	assert_int_equal(wsus_number(soap_call(w.soap)->values, FIELD_REGISTRATION_REQUIRED, -1), 1);
	end(&w);
}

static void test_wrong_answer(void **state)
{
	struct world w;

	(void)state;
	begin(&w, 8 << 20);
	assert_true(soap_piece(w.soap, CLIENT, SPAN(OPEN "<GetConfig/>" TAIL)));
	assert_true(soap_piece(w.soap, SERVER, SPAN(OPEN "<GetCookieResponse/>" TAIL)));
	soap_end(w.soap, CLIENT, true);
	soap_end(w.soap, SERVER, true);
	assert_int_equal(soap_call(w.soap)->method, METHOD_GET_CONFIG);
	assert_int_equal(side(&w, CLIENT)->anomalies, 0);
	assert_int_equal(side(&w, SERVER)->anomalies, 1u << SOAP_OTHER_ACTION);
	end(&w);
}

/* Whatever stands before a title, each of its references is what it means. */
static void escaped_texts_have_no_seams(void **state)
{
	(void)state;
	for (size_t pad = 4000; pad < 4200; pad++) {
		const struct wsus_call *values;
		struct world w;
		struct buf body;

		begin(&w, SIZE_MAX);
		buf_init(&body, 64 * 1024);
		buf_printf(&body, "%s<SyncUpdatesResponse><SyncUpdatesResult><NewUpdates><UpdateInfo>"
		           "<ID>7</ID><Xml>&lt;LocalizedProperties a='%0*d'&gt;"
		           "&lt;Title&gt;A&amp;amp;B &amp;lt;C&amp;gt;"
		           "&lt;/Title&gt;&lt;/LocalizedProperties&gt;</Xml></UpdateInfo></NewUpdates>"
		           "</SyncUpdatesResult></SyncUpdatesResponse>%s", OPEN, (int)pad, 0, TAIL);
		soap_piece(w.soap, SERVER, buf_span(&body));
		soap_end(w.soap, SERVER, true);
		values = soap_call(w.soap)->values;
		assert_non_null(values);
		assert_int_equal(values->update_count, 1);
		assert_true(span_eq(values->updates[0].title, SPAN("A&B <C>")));
		buf_release(&body);
		end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_wrong_answer),
		cmocka_unit_test(escaped_texts_have_no_seams),
	};

	return cmocka_run_group_tests_name("soap-bounds", tests, NULL, NULL);
}
