/* tests/test_loginparts.c - logins of which parts are missing, logins of many, and logins inside a URL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/web.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_login;

enum { MANY = 4096 };                   /* clients, as many as are kept apart */

static const char api[] = "/ApiRemoting30/WebService.asmx";

static struct connection from(const char *client, int64_t at)
{
	return connection_at(client, "198.51.100.10:8530", at);
}

static struct exchange refused_on(const struct connection *c, enum auth_step sent, enum auth_step said)
{
	struct exchange x = call_on(c, api);

	answer(&x, 401, 5);
	x.server_auth = (struct auth){ .offered = 1u << AUTH_NTLM, .sent = sent != AUTH_STEP_NONE,
				       .scheme = AUTH_NTLM, .sent_step = sent, .answer_step = said };
	x.answered_by = answerer_of(&x);
	return x;
}

static void state_refusal(struct trial *t, const struct connection *c, enum auth_step sent,
			  enum auth_step said)
{
	struct exchange x = refused_on(c, sent, said);

	trial_exchange(t, &x);
}

static void state_success(struct trial *t, const struct connection *c)
{
	struct exchange x = call_on(c, api);

	answer(&x, 200, 6);
	x.answered_by = answerer_of(&x);
	trial_exchange(t, &x);
}

static void finish(struct trial *t, const char *name, const char *told)
{
	trial_end(t, 100000 * MOMENT_S);
	trial_expect(t, name, told, NULL);
}

static void what_was_asked_is_not_known(void **unused)
{
	struct connection c = from("192.0.2.50", 10);
	struct exchange x = refused_on(&c, AUTH_STEP_NONE, AUTH_STEP_NONE);
	struct trial t;

	(void)unused;
	x.request = (struct http_message){ .present = false };
	x.path = x.host = span_of(NULL, 0);
	trial_begin(&t, &analyzer_login, &(struct relevance_options){ .all = true });
	trial_exchange(&t, &x);
	state_success(&t, &c);
	trial_connection(&t, &c);
	finish(&t, "no request", "");

	x = refused_on(&c, AUTH_STEP_NONE, AUTH_STEP_NONE);
	x.request.body.lost_bytes = 1;
	trial_begin(&t, &analyzer_login, NULL);
	state_success(&t, &c);
	trial_exchange(&t, &x);
	finish(&t, "half a request", "");
}

static void lost_bytes_may_be_the_success(void **unused)
{
	static const struct row {
		const char *name;
		uint64_t before, after;         /* lost, up to the refusal and at the end */
		bool elsewhere;                 /* on another connection */
		int64_t at;                     /* that begins then */
		const char *told;
	} rows[] = {
		{ "nothing is lost", 0, 0, false, 10, "admin-api-denied error probable 1" },
		{ "lost behind the challenge", 0, 100, false, 10, "" },
		{ "lost before it", 100, 100, false, 10, "admin-api-denied error probable 1" },
		{ "before and behind", 100, 200, false, 10, "" },
		{ "lost where the client went on", 0, 100, true, 12, "" },
		{ "lost in another time", 0, 100, true, 2, "admin-api-denied error probable 1" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection c = from("192.0.2.50", 10), other = from("192.0.2.50", rows[i].at);
		struct connection *lossy = rows[i].elsewhere ? &other : &c;
		struct trial t;

		other.id = 1;
		c.side[CLIENT].fin_frame = 8;
		c.side[SERVER].fin_frame = 9;
		lossy->side[SERVER].lost_bytes = rows[i].before;
		trial_begin(&t, &analyzer_login, NULL);
		state_refusal(&t, &c, AUTH_STEP_NTLM_NEGOTIATE, AUTH_STEP_NTLM_CHALLENGE);
		lossy->side[SERVER].lost_bytes = rows[i].after;
		trial_connection(&t, &c);
		trial_connection(&t, &other);
		finish(&t, rows[i].name, rows[i].told);
	}
}

static void state_many(struct trial *t, unsigned count, bool succeed)
{
	for (unsigned i = 0; i < count; i++) {
		char client[32];
		struct connection c;

		snprintf(client, sizeof client, "10.1.%u.%u", i / 250, i % 250 + 1);
		c = from(client, i);
		state_refusal(t, &c, AUTH_STEP_NONE, AUTH_STEP_NONE);
		if (succeed)
			state_success(t, &c);
	}
}

static void many_may_log_in_first(void **unused)
{
	struct connection c = from("192.0.2.50", 5000);
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_login, NULL);
	state_many(&t, MANY, true);
	state_refusal(&t, &c, AUTH_STEP_NONE, AUTH_STEP_NONE);
	trial_connection(&t, &c);
	finish(&t, "after many", "admin-api-denied error certain 1");
}

static void names_no_login(void **unused)
{
	static const struct row {
		const char *method, *target, *host, *path, *name;
	} rows[] = {
		{ "CONNECT", "user:pw@wsus01:8531", "user:pw@wsus01:8531", "", "CONNECT wsus01:8531" },
		{ "CONNECT", "wsus01:8531", "wsus01:8531", "", "CONNECT wsus01:8531" },
		{ "CONNECT", "user:p?w@wsus01:8531", "", "", "CONNECT wsus01:8531?..." },
		{ "GET", "/x?a=1", "user:p@w@wsus01", "/x", "GET wsus01/x?..." },
		{ "GET", "http://user:pw@wsus01?token=1", "user:pw@wsus01", "", "GET wsus01?..." },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct exchange x = {
			.method = span_text(rows[i].method), .target = span_text(rows[i].target),
			.host = span_text(rows[i].host), .path = span_text(rows[i].path),
		};
		char text[200];

		web_name_request(&x, text, sizeof text);
		assert_string_equal(text, rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_asked_is_not_known),
		cmocka_unit_test(lost_bytes_may_be_the_success),
		cmocka_unit_test(many_may_log_in_first),
		cmocka_unit_test(names_no_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
