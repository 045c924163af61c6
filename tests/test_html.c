/* tests/test_html.c - the page: what a reader finds in it, that it asks for nothing, and that nothing of the
 * wire becomes markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "report/heard.h"
#include "report/html.h"
#include "tests/case.h"
#include "tests/checks.h"

#define SUP "198.51.100.10:8530"

static const struct report_style plain = { .width = 80 };

static void assert_says(const char *page, const char *what)
{
	if (!strstr(page, what))
		fail_msg("\"%s\" is missing in:\n%s", what, page);
}

static void assert_silent(const char *page, const char *what)
{
	if (strstr(page, what))
		fail_msg("\"%s\" should not be in:\n%s", what, page);
}

static char *page_of(struct report_case *r)
{
	return case_write(r, report_html, &plain);
}

/* ---- structure ---- */

enum { OPEN_MAX = 64,
       TAG_MAX = 16 };

static bool is_void(const char *name)
{
	return !strcmp(name, "meta") || !strcmp(name, "path") || !strcmp(name, "rect") ||
	       !strcmp(name, "circle");
}

/* Each element that is opened is closed, in order; what is in style and script is none. */
static void assert_balanced(const char *page)
{
	char open[OPEN_MAX][TAG_MAX];
	size_t depth = 0;

	for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
		char name[TAG_MAX];
		bool closes = at[1] == '/';
		size_t len = strspn(at + 1 + closes, "abcdefghijklmnopqrstuvwxyz123456");

		snprintf(name, sizeof name, "%.*s", (int)len, at + 1 + closes);
		if (!len || is_void(name))
			continue;
		if (closes) {
			if (!depth || strcmp(open[depth - 1], name) != 0)
				fail_msg("</%s> closes <%s>: %.80s", name, depth ? open[depth - 1] : "", at);
			depth--;
			continue;
		}
		assert_true(depth < OPEN_MAX);
		memcpy(open[depth++], name, sizeof name);
		if (!strcmp(name, "style") || !strcmp(name, "script"))
			at = strstr(at, "</") - 1;
	}
	assert_int_equal(depth, 0);
}

/* Places that links lead to are there. */
static void assert_linked(const char *page)
{
	for (const char *at = strstr(page, "href=\""); at; at = strstr(at + 1, "href=\"")) {
		const char *id = at + strlen("href=\"#");
		char place[80];

		assert_int_equal(id[-1], '#');
		snprintf(place, sizeof place, " id=\"%.*s\"", (int)strcspn(id, "\""), id);
		assert_says(page, place);
	}
}

static void assert_page(const char *page)
{
	assert_int_equal(strncmp(page, "<!doctype html>\n<html lang=\"en\">", 32), 0);
	assert_balanced(page);
	assert_linked(page);
	/* Nothing that a browser would fetch. */
	assert_silent(page, " src=");
	assert_silent(page, "url(");
	assert_silent(page, "@import");
	assert_silent(page, "http-equiv=\"refresh\"");
}

/* ---- tests ---- */

static void the_first_screen_tells_what_is_broken(void **unused)
{
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 407);
	case_client(&r, "192.0.2.51", 200);
	case_raise(&r, FINDING_PROXY_AUTH_REQUIRED, "192.0.2.50", SUP, "The proxy wants a login.");
	page = page_of(&r);
	assert_page(page);
	assert_says(page, "1 of 2 clients cannot update from wsus01:8530.</h1>");
	assert_says(page, "<p class=\"mood\">Stopped</p>");
	assert_says(page, "<li class=\"broken\"");
	assert_says(page, "<b>Proxy</b> <span class=\"state\">broken here</span><a href=\"#finding-1\">");
	assert_says(page, "<article id=\"finding-1\" class=\"finding error\"");
	assert_says(page, "<code>0x8024401B</code>");
	assert_says(page, "<p class=\"cause\">The proxy wants a login.</p>");
	/* The failing client's row is first. */
	assert_true(strstr(page, "<th scope=\"row\">192.0.2.50") < strstr(page,
	                                                                  "<th scope=\"row\">192.0.2.51"));
	free(page);
	case_end(&r);
}

static void health_has_nothing_to_mend(void **unused)
{
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	page = page_of(&r);
	assert_page(page);
	assert_says(page, "<p class=\"mood\">Well</p>");
	assert_silent(page, "class=\"broken\"");
	assert_silent(page, "id=\"findings\"");
	free(page);
	case_end(&r);
}

static void an_empty_capture_is_a_page(void **unused)
{
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	page = page_of(&r);
	assert_page(page);
	assert_says(page, "No update traffic is in this capture");
	assert_silent(page, "id=\"clients\"");
	free(page);
	case_end(&r);
}

/* What a policy allows by its hash is what stands between the tags (CSP 3 section 6.7.2.3). */
static void assert_hashed(const char *page, const char *tag, const char *directive)
{
	char mark[32], wanted[160], base64[64];
	unsigned char digest[SHA256_DIGEST_LENGTH];
	const char *from, *to;

	snprintf(mark, sizeof mark, "<%s>", tag);
	from = strstr(page, mark);
	assert_non_null(from);
	from += strlen(mark);
	to = strstr(from, "</");
	SHA256((const unsigned char *)from, (size_t)(to - from), digest);
	EVP_EncodeBlock((unsigned char *)base64, digest, sizeof digest);
	snprintf(wanted, sizeof wanted, "%s 'sha256-%s'", directive, base64);
	assert_says(page, wanted);
}

static void the_policy_allows_its_own_alone(void **unused)
{
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	page = page_of(&r);
	assert_says(page, "content=\"default-src 'none'; ");
	assert_hashed(page, "style", "style-src");
	assert_hashed(page, "script", "script-src");
	/* Nothing else of style and script is in it. */
	assert_silent(page, " style=");
	assert_silent(page, " onclick=");
	free(page);
	case_end(&r);
}

static void hostile_text_is_no_markup(void **unused)
{
	static const char hostile[] = "</p><script>alert(1)</script>\"' onload=x &amp; \xe2\x80\xae\xff "
				      "\033[31m";
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	r.input.name = "<b>\"x' onclick=\"y.pcap";
	case_host(&r, "192.0.2.50", SUP, SPAN("<img src=x>:8530"), 500);
	case_scan(&r, "192.0.2.50", "<svg/onload=alert(2)>");
	case_raise(&r, FINDING_SERVER_ERROR, "192.0.2.50", SUP, hostile);
	page = page_of(&r);
	assert_balanced(page);
	assert_silent(page, "<script>alert");
	assert_silent(page, "<img");
	assert_silent(page, "<svg/");
	assert_silent(page, "<b>\"x");
	assert_silent(page, "\033");
	assert_silent(page, "\xe2\x80\xae");
	assert_silent(page, "\xff");
	assert_says(page, "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x &amp;amp; "
	                  "\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd[31m");
	free(page);
	case_end(&r);
}

static void names_are_masked(void **unused)
{
	static const struct report_style revealed = { .width = 80, .reveal = true };
	struct report_case r;
	char *page;

	(void)unused;
	case_begin(&r);
	case_raise(&r, FINDING_AUTH_FAILED, "192.0.2.50", SUP, "The login of \x0e"
	                                                       "CORP\\anna\x0f fails.");
	page = page_of(&r);
	assert_says(page, "The login of C*** fails.");
	assert_silent(page, "anna");
	free(page);
	page = case_write(&r, report_html, &revealed);
	assert_says(page, "The login of CORP\\anna fails.");
	free(page);
	case_end(&r);
}

static void many_clients_are_told_by_groups(void **unused)
{
	struct report_case r;
	char client[32], *page;

	(void)unused;
	case_begin(&r);
	for (unsigned i = 0; i < 700; i++) {
		snprintf(client, sizeof client, "10.1.%u.%u", i / 256, i % 256);
		case_client(&r, client, i % 7 ? 200 : 0);
	}
	page = page_of(&r);
	assert_page(page);
	assert_says(page, "700 rows are too many for a page: the table shows 300");
	assert_says(page, "All clients, alike ones together");
	/* 100 of 700 were reset. */
	assert_says(page, "<th scope=\"row\">100 rows");
	assert_says(page, "<th scope=\"row\">600 rows");
	free(page);
	case_end(&r);
}

static void fail_to_connect(struct heard *heard, const char *client)
{
	static const int64_t time = 1773136931 * MOMENT_S; /* 2026-03-10 10:02:11 */
	struct connection conn = {
		.outcome = CONNECTION_UNANSWERED,
		.syn_count = 3,
		.syn_time = time,
		.first_time = time,
		.synack_time = MOMENT_NONE,
		.rtt = -1,
		.syn_frame = 7,
		.client_by_syn = true,
	};
	struct fact fact = { .kind = FACT_CONNECTION, .time = time, .connection = &conn };

	assert_true(addr_parse(span_text(client), &conn.client.addr));
	assert_true(addr_parse(SPAN("198.51.100.10"), &conn.server.addr));
	conn.server.port = 8530;
	heard_fact(heard, &fact);
}

static void steps_are_drawn_of_who_failed(void **unused)
{
	struct heard *heard = heard_new();
	struct report_case r;
	char *page;

	(void)unused;
	assert_non_null(heard);
	case_begin(&r);
	case_client(&r, "192.0.2.50", 0);
	fail_to_connect(heard, "192.0.2.50");
	r.report.heard = heard;
	page = page_of(&r);
	assert_page(page);
	assert_says(page, "<a href=\"#flow-1\">192.0.2.50</a>");
	assert_says(page, "<details id=\"flow-1\" open>");
	assert_says(page, "<b>connect</b> <span class=\"answer\">no answer, asked 3 times</span>");
	assert_says(page, "10:02:11.000");
	assert_says(page, "class=\"lost\"");
	assert_says(page, "1 TCP connection was tried in the whole capture; accepted: 0.");
	free(page);
	heard_free(heard);
	case_end(&r);
}

static void a_probe_has_its_checks(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *page;

	(void)unused;
	assert_non_null(c);
	checks_begin(c);
	checks_add(c, CHECK_PORT, "8530", "http://wsus01:8530", "", CHECK_OK, "open");
	checks_add(c, CHECK_SOAP, "GetConfig", "http://wsus01:8530", "", CHECK_FAILED, "HTTP <500>");
	page = case_write(&c->base, report_html, &plain);
	assert_page(page);
	assert_says(page, "<td class=\"failed\">STOP</td>");
	assert_says(page, "<th scope=\"row\">soap GetConfig</th>");
	assert_says(page, "HTTP &lt;500&gt;");
	free(page);
	checks_end(c);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_tells_what_is_broken),
		cmocka_unit_test(health_has_nothing_to_mend),
		cmocka_unit_test(an_empty_capture_is_a_page),
		cmocka_unit_test(the_policy_allows_its_own_alone),
		cmocka_unit_test(hostile_text_is_no_markup),
		cmocka_unit_test(names_are_masked),
		cmocka_unit_test(many_clients_are_told_by_groups),
		cmocka_unit_test(steps_are_drawn_of_who_failed),
		cmocka_unit_test(a_probe_has_its_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
