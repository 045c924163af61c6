/* tests/test_directories.c - each directory against servers that answer it as IIS, HTTP.sys, proxies and
 * strangers do; statuses that are right are those of IIS's and WSUS's documentation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "probes/steps.h"
#include "tests/rehearsal.h"
#include "tests/scripted.h"

#define IIS "Server: Microsoft-IIS/10.0\r\n"
#define OK SCRIPTED_STATUS("200 OK", IIS "Content-Type: text/html\r\n")
#define MISSING SCRIPTED_STATUS("404 Not Found", IIS)
#define FORBIDDEN SCRIPTED_STATUS("403 Forbidden", IIS)
#define BROKEN SCRIPTED_STATUS("500 Internal Server Error", IIS)
#define LOGIN SCRIPTED_STATUS("401 Unauthorized", \
	IIS "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n")
#define FAULT SCRIPTED_STATUS("500 Internal Server Error", \
	IIS "Content-Type: text/xml; charset=utf-8\r\n")

/* HTTP.sys' own page */
#define BAD_HOST                                                                        \
	"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\n"     \
	"Server: Microsoft-HTTPAPI/2.0\r\nConnection: close\r\nContent-Length: 334\r\n\r\n"     \
	"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\">\r\n" \
	"<HTML><HEAD><TITLE>Bad Request</TITLE>\r\n"                                    \
	"<META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; charset=us-ascii\"></HEAD>\r\n" \
	"<BODY><h2>Bad Request - Invalid Hostname</h2>\r\n"                             \
	"<hr><p>HTTP Error 400. The request hostname is invalid.</p>\r\n</BODY></HTML>\r\n"
#define VERSION "HTTP/1.1 200 OK\r\n" IIS "Content-Type: text/xml\r\nContent-Length: 43\r\n\r\n" \
	"<serverversion>10.0.26100.1</serverversion>"

struct due {
	const char *name;
	enum check_state state;
	bool unjudged;
	const char *says;
};

static void expect(const struct rehearsal *r, const struct due *due)
{
	const struct check *told = rehearsal_check(r, due->name, false);

	rehearsal_expect(r, due->name, false, due->state, due->says);
	if (told->unjudged != due->unjudged)
		fail_msg("%s: unjudged is %d", due->name, told->unjudged);
}

static void run(const struct scripted_row *rows, const char *host, const struct due *due)
{
	struct rehearsal r = { 0 };
	struct peer peer = { 0 };
	char url[64];

	peer_start(&peer, scripted_serve, rows);
	snprintf(url, sizeof url, "http://%s:%u", host, peer.port);
	rehearsal_begin(&r, url);
	assert_true(directories_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	peer_stop(&peer);
	for (; due->name; due++)
		expect(&r, due);
	rehearsal_end(&r);
}

static void a_healthy_server(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET / ", FORBIDDEN }, { "ApiRemoting30", LOGIN }, { "/Inventory/", MISSING },
		{ "wusserverversion", VERSION }, { NULL, OK },
	};
	static const struct due due[] = {
		{ "/", CHECK_OK, true, "403 from IIS 10.0" },
		{ "SimpleAuthWebService", CHECK_OK, false, "200" },
		{ "ClientWebService", CHECK_OK, false, "200" },
		{ "ReportingWebService", CHECK_OK, false, "200" },
		{ "ServerSyncWebService", CHECK_OK, false, "200" },
		{ "DssAuthWebService", CHECK_OK, false, "200" },
		{ "ApiRemoting30", CHECK_OK, true, "asks for a login" },
		{ "SelfUpdate/wuident.cab", CHECK_OK, false, "200" },
		{ "Inventory", CHECK_OK, true, "not needed" },
		{ "wusserverversion.xml", CHECK_OK, false, "10.0.26100.1, WSUS of Windows Server 2025" },
		{ "host name", CHECK_OK, false, "answers to 127.0.0.1" },
		{ NULL, CHECK_OK, false, NULL },
	};

	(void)state;
	run(rows, "wsus01.test", due);
}

static void directories_that_are_broken(void **state)
{
	static const struct scripted_row rows[] = {
		{ "GET /SimpleAuth", MISSING }, { "GET /ClientWebService/client", BROKEN },
		{ "POST /ClientWebService", FAULT }, { "/ReportingWebService", BROKEN },
		{ "/ServerSync", LOGIN }, { "/DssAuth", SCRIPTED_STATUS("503 Service Unavailable", "") },
		{ "ApiRemoting30",
		  SCRIPTED_STATUS("401 Unauthorized", "WWW-Authenticate: Basic realm=x\r\n") },
		{ "/SelfUpdate/", FORBIDDEN }, { "/Inventory/", FORBIDDEN },
		{ "wusserverversion", OK }, { NULL, MISSING },
	};
	static const struct due due[] = {
		{ "/", CHECK_OK, true, "404" },
		{ "SimpleAuthWebService", CHECK_FAILED, false, "404 from IIS 10.0" },
		{ "ClientWebService", CHECK_OK, true, "it answers calls" },
		{ "ReportingWebService", CHECK_FAILED, false, "500" },
		{ "ServerSyncWebService", CHECK_FAILED, false, "401" },
		{ "DssAuthWebService", CHECK_FAILED, false, "503" },
		{ "ApiRemoting30", CHECK_WARNING, false, "neither Negotiate nor NTLM" },
		{ "SelfUpdate/wuident.cab", CHECK_WARNING, false, "403" },
		{ "Inventory", CHECK_OK, true, "not to be listed" },
		{ "wusserverversion.xml", CHECK_WARNING, false, "no version" },
		{ NULL, CHECK_OK, false, NULL },
	};

	(void)state;
	run(rows, "127.0.0.1", due);
}

static void names_that_have_no_site(void **state)
{
	static const struct scripted_row by_address[] = {
		{ "Host: 127.0.0.1", OK }, { NULL, BAD_HOST },
	};
	static const struct due refused[] = {
		{ "/", CHECK_FAILED, false, "no site is bound to this name" },
		{ "ClientWebService", CHECK_SKIPPED, false, "needs http /" },
		{ "host name", CHECK_FAILED, false, "answers to 127.0.0.1" },
		{ NULL, CHECK_OK, false, NULL },
	};
	static const struct scripted_row by_name[] = {
		{ "Host: 127.0.0.1", BAD_HOST }, { NULL, OK },
	};
	static const struct due fine[] = {
		{ "/", CHECK_OK, false, "200" },
		{ "host name", CHECK_OK, true, "its binding has a host name" },
		{ NULL, CHECK_OK, false, NULL },
	};
	static const struct scripted_row nobody[] = { { NULL, BAD_HOST } };
	static const struct due neither[] = {
		{ "/", CHECK_FAILED, false, "400" },
		{ "host name", CHECK_SKIPPED, true, "by its address, too" },
		{ NULL, CHECK_OK, false, NULL },
	};

	(void)state;
	run(by_address, "wsus01.test", refused);
	run(by_name, "wsus01.test", fine);
	run(nobody, "wsus01.test", neither);
}

static void strangers_between(void **state)
{
	static const struct scripted_row rows[] = {
		{ NULL, SCRIPTED_STATUS("503 Service Unavailable", "Server: squid/5.7\r\nX-Squid-Error: "
		                        "ERR_CONNECT_FAIL 111\r\nVia: 1.1 proxy (squid/5.7)\r\n") },
	};
	static const struct due due[] = {
		{ "/", CHECK_FAILED, false, "503 from Squid 5.7" },
		{ "host name", CHECK_SKIPPED, true, "another reason" },
		{ NULL, CHECK_OK, false, NULL },
	};
	static const struct scripted_row portal[] = {
		{ "GET / ", SCRIPTED_STATUS("302 Found", "Location: https://a:b@portal.test/login\r\n") },
		{ NULL, SCRIPTED_STATUS("302 Found", "Location: https://portal.test:8443/?u=1\r\n") },
	};
	static const struct due elsewhere[] = {
		{ "ClientWebService", CHECK_FAILED, false, "to portal.test:8443" },
		{ NULL, CHECK_OK, false, NULL },
	};
	static const struct scripted_row silent[] = { { NULL, "" } };
	static const struct due nothing[] = {
		{ "/", CHECK_FAILED, false, "no answer" },
		{ "host name", CHECK_SKIPPED, true, "needs http /" },
		{ NULL, CHECK_OK, false, NULL },
	};

	(void)state;
	run(rows, "wsus01.test", due);
	run(portal, "wsus01.test", elsewhere);
	run(silent, "wsus01.test", nothing);
}

/* ---- TLS and its plain neighbour ---- */

static struct identity server(void)
{
	return identity_make(&(struct identity_wish){ .name = "wsus01", .names = "IP:127.0.0.1" });
}

/* What is refused here is served there: the one thing that 403 does not tell by itself. */
static void http_where_https_is_wanted(void **state)
{
	static const struct scripted_row rows[] = {
		{ "/ClientWebService/", FORBIDDEN }, { "/ReportingWebService", FORBIDDEN }, { NULL, OK },
	};
	struct identity own = server();
	struct tls_script script = { .own = &own };
	struct rehearsal r = { .options = { .insecure = true } };
	struct peer plain = { 0 }, tls = { 0 };
	char url[64];

	(void)state;
	assert_true(scripted_start_pair(&plain, rows, &tls, &script));
	snprintf(url, sizeof url, "http://127.0.0.1:%u", plain.port);
	rehearsal_begin(&r, url);
	assert_true(directories_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	peer_stop(&plain);
	peer_stop(&tls);
	expect(&r, &(struct due){ "ClientWebService", CHECK_FAILED, false, "WUServer must name that" });
	expect(&r, &(struct due){ "ReportingWebService", CHECK_FAILED, false, "Require SSL is set where" });
	rehearsal_end(&r);
	identity_free(&own);
}

static void https_and_its_neighbour(void **state)
{
	static const struct scripted_row rows[] = {
		{ "/ReportingWebService", FORBIDDEN }, { "/SelfUpdate", MISSING },
		{ "/ClientWebService/", FORBIDDEN },   { "/ApiRemoting30", LOGIN },
		{ "/SimpleAuth", OK },                 { NULL, MISSING },
	};
	static const struct due due[] = {
		{ "ClientWebService", CHECK_OK, false, "200" },
		{ "ReportingWebService plain", CHECK_FAILED, false, "Require SSL is set where it must" },
		{ "SelfUpdate plain", CHECK_OK, true, "404" },
		{ "without TLS", CHECK_WARNING, true, "SimpleAuthWebService, ApiRemoting30; Require SSL" },
	};
	struct identity own = server();
	struct tls_script script = { .own = &own };
	struct rehearsal r = { .options = { .insecure = true } };
	struct peer plain = { 0 }, tls = { 0 };
	char url[64];

	(void)state;
	assert_true(scripted_start_pair(&plain, rows, &tls, &script));
	snprintf(url, sizeof url, "https://127.0.0.1:%u", tls.port);
	rehearsal_begin(&r, url);
	assert_true(directories_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	peer_stop(&plain);
	peer_stop(&tls);
	for (size_t i = 0; i < sizeof due / sizeof *due; i++)
		expect(&r, &due[i]);
	rehearsal_end(&r);
	identity_free(&own);
}

/* ---- ports that were only looked for ---- */

static void look(const struct scripted_row *first, const struct scripted_row *second, const struct due *due)
{
	struct rehearsal r = { 0 };
	struct peer peers[2] = { 0 };
	char url[64];

	peer_start(&peers[0], scripted_serve, first);
	peer_start(&peers[1], scripted_serve, second);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", peers[0].port);
	rehearsal_begin(&r, url);
	snprintf(url, sizeof url, "http://127.0.0.1:%u", peers[1].port);
	rehearsal_site(&r, url)->asked_for = false;
	r.site->asked_for = false;
	for (struct site *site = r.plan.sites; site; site = site->next)
		assert_true(directories_plan(&r.plan, site->ways));
	rehearsal_run(&r);
	for (size_t i = 0; i < 2; i++)
		peer_stop(&peers[i]);
	for (; due->name; due++)
		expect(&r, due);
	rehearsal_end(&r);
}

static void ports_that_were_looked_for(void **state)
{
	static const struct scripted_row serves[] = { { NULL, OK } }, other[] = { { NULL, MISSING } };
	static const struct due one[] = {
		{ "update point", CHECK_SKIPPED, true, "404 from IIS 10.0: no update point" },
		{ "any update point", CHECK_OK, false, "served on" },
		{ NULL, CHECK_OK, false, NULL },
	};
	static const struct due none[] = {
		{ "ClientWebService", CHECK_SKIPPED, false, "needs http update point" },
		{ "any update point", CHECK_FAILED, false, "no port serves updates" },
		{ NULL, CHECK_OK, false, NULL },
	};

	(void)state;
	look(serves, other, one);
	look(other, other, none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_server),
		cmocka_unit_test(directories_that_are_broken),
		cmocka_unit_test(names_that_have_no_site),
		cmocka_unit_test(strangers_between),
		cmocka_unit_test(http_where_https_is_wanted),
		cmocka_unit_test(https_and_its_neighbour),
		cmocka_unit_test(ports_that_were_looked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
