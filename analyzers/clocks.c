/* analyzers/clocks.c - clocks of clients, and of servers, that are wrong.
 *
 * A client states its time in GetCookie and ReportEventBatch, a server in Date, the capture has a time of its
 * own: of three clocks the one that stands alone is wrong.  Where the capture's is that one, nothing is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "base/tongue.h"

enum { PAIRS_MAX = 20000 };

#define TOLERATED (5 * 60 * MOMENT_S)   /* what Kerberos tolerates, and cookies */
#define HOUR      (3600 * MOMENT_S)
#define HOUR_SLIP (60 * MOMENT_S)

struct skew {                           /* of one client, or of one server */
	struct web_case calls;
	int64_t worst;                  /* ns ahead of the others; behind: negative */
	bool one_witness;               /* the answer had no Date */
};

struct clocks {
	struct analyzer_env env;
	struct map clients;             /* call_key -> struct skew */
	struct map servers;             /* server_key -> struct skew */
	bool capture_right;             /* somebody's clock agrees with the capture's */
};

static void *create(const struct analyzer_env *env)
{
	struct clocks *c = calloc(1, sizeof *c);

	if (c) {
		c->env = *env;
		map_init(&c->clients, PAIRS_MAX);
		map_init(&c->servers, PAIRS_MAX);
	}
	return c;
}

static void destroy(void *self)
{
	struct clocks *c = self;

	map_release_values(&c->clients);
	map_release_values(&c->servers);
	free(c);
}

static bool is_far(int64_t apart)
{
	return apart > TOLERATED || apart < -TOLERATED;
}

static void note(struct map *m, struct span key, struct clocks *c, const struct exchange *x, int64_t ahead,
                 bool one_witness)
{
	struct skew *s = kept_value(m, key, sizeof *s, c->env.limits);

	if (!s)
		return;
	if (s->calls.count)
		web_case_add(&s->calls, x, true);
	else
		s->calls = web_case_of(x);
	if ((ahead < 0 ? -ahead : ahead) >= (s->worst < 0 ? -s->worst : s->worst))
		s->worst = ahead;
	s->one_witness = one_witness;
}

/* The client's clock as it states it. */
static int64_t stated(const struct exchange *x, enum wsus_method m)
{
	switch (m) {
	case METHOD_GET_COOKIE:
		return wsus_number(call_values(x), FIELD_CLIENT_TIME, MOMENT_NONE);
	case METHOD_REPORT_EVENT_BATCH:
		return wsus_number(call_values(x), FIELD_REPORT_TIME, MOMENT_NONE);
	case METHOD_REPORT_EVENT_BATCH2:
		return wsus_number(call_values(x), FIELD_REPORT2_TIME, MOMENT_NONE);
	default:
		return MOMENT_NONE;
	}
}

static void fact(void *self, const struct fact *f)
{
	struct clocks *c = self;
	const struct exchange *x = f->exchange;
	int64_t client, date, to_capture, to_server;
	struct server_key server;
	struct call_key key;

	if (f->kind != FACT_EXCHANGE || !x->request.present)
		return;
	client = stated(x, call_method(&c->env, x));
	if (client == MOMENT_NONE)
		return;
	date = moment_read_http(http_header(&x->response, SPAN("Date")));
	to_capture = call_apart(client, x->request.first_time);
	to_server = date == MOMENT_NONE ? to_capture : call_apart(client, date);
	c->capture_right |= !is_far(to_capture) ||
	                    (date != MOMENT_NONE && !is_far(call_apart(date, x->request.first_time)));
	if (!is_far(to_server))
		return;
	key = call_key(x);
	server = web_server_key(x);
	if (is_far(to_capture))
		note(&c->clients, span_of(key.bytes, sizeof key.bytes), c, x, to_server, date == MOMENT_NONE);
	else
		note(&c->servers, span_of(server.bytes, server.len), c, x, -to_server, false);
}

/* ---- verdicts ---- */

/* An offset of whole hours is a matter of time zones. */
static bool is_of_zone(int64_t ahead)
{
	int64_t size = ahead < 0 ? -ahead : ahead;
	int64_t rest = size % HOUR;

	return size < 15 * HOUR && size > HOUR - HOUR_SLIP && (rest < HOUR_SLIP || rest > HOUR - HOUR_SLIP);
}

static void judge(struct clocks *c, struct skew *s, bool of_client)
{
	const char *zone = is_of_zone(s->worst)
	                           ? _(" Whole hours: a time zone or daylight saving is set wrong on it.")
	                           : "";
	char spelt[SPELL_TEXT];

	/* One clock against another: either may be wrong. */
	if (s->one_witness && !c->capture_right)
		return;
	s->calls.answered_by[0] = s->calls.codes[0] = '\0';
	if (of_client) {
		web_raise(&c->env, FINDING_CLOCK_SKEW, &s->calls,
		          s->one_witness ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN,
			  /* TRANSLATORS: so much time; whose clock; a sentence or nothing. */
			  s->worst < 0 ? N_("The client's clock is %s behind %s.%s")
				       : N_("The client's clock is %s ahead of %s.%s"),
			  call_spell(s->worst, spelt),
		          s->one_witness ? _("the capture's; the server tells no time")
		                         : _("the server's and the capture's"),
		          zone);
		return;
	}
	s->calls.for_all_clients = true;
	s->calls.remedy = N_("w32tm /query /status on the server; w32tm /resync\n"
	                  "Where is this server's time from? Virtual machines: the host or the domain, "
	                  "not both");
	web_raise(&c->env, FINDING_CLOCK_SKEW, &s->calls, CONFIDENCE_PROBABLE,
		  s->worst < 0 ? N_("The server's clock is %s behind its clients' and the capture's: cookies "
				    "end at the wrong time, and logins by Kerberos fail.%s")
			       : N_("The server's clock is %s ahead of its clients' and the capture's: "
				    "cookies "
				    "end at the wrong time, and logins by Kerberos fail.%s"),
		  call_spell(s->worst, spelt), zone);
}

static void end(void *self, int64_t now)
{
	struct clocks *c = self;

	(void)now;
	for (size_t i = 0; i < c->clients.count; i++)
		if (c->clients.entries[i].value)
			judge(c, c->clients.entries[i].value, true);
	for (size_t i = 0; i < c->servers.count; i++)
		if (c->servers.entries[i].value)
			judge(c, c->servers.entries[i].value, false);
}

const struct analyzer analyzer_clocks = {
	.name = "clocks",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
