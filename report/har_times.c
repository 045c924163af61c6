/* report/har_times.c - an exchange's time, divided as HAR 1.2 has it (section "timings"). */
#include "report/har_parts.h"

#include <json-c/json.h>

#include "facts/tls.h"
#include "report/json_util.h"

/* us between two moments; -1: one of them is not known, or they contradict each other. */
static int64_t between(int64_t from, int64_t to)
{
	return from == MOMENT_NONE || to == MOMENT_NONE || to < from ? -1 : (to - from) / (MOMENT_MS / 1000);
}

static int64_t known(int64_t time)
{
	return time > 0 ? time : 0;
}

/* The first on its connection waited for that, too. */
static bool tells_connection(const struct exchange *x)
{
	const struct connection *c = x->conn;

	return !x->number && !x->tunnel && !c->joined && between(c->syn_time, c->synack_time) >= 0 &&
	       between(c->synack_time, x->request.first_time) >= 0;
}

/* The first within a session: from the client's hello on, as the handshake's end is hidden in TLS 1.3. */
static int64_t handshake_of(const struct exchange *x)
{
	if (x->number || !x->tls || !x->tls->client_hello)
		return -1;
	return between(x->tls->client_hello_time, x->request.first_time);
}

static void take_way(struct har_times *t, const struct exchange *x, int64_t asked, int64_t answered)
{
	const struct connection *c = x->conn;
	bool opens = tells_connection(x);

	t->ssl = handshake_of(x);
	if (opens) {
		t->start = c->syn_time;
		t->connect = between(c->syn_time, c->synack_time) + known(t->ssl);
	} else if (t->ssl >= 0) {
		t->start = x->tls->client_hello_time;
		t->connect = t->ssl;
	}
	if (opens && between(answered, c->syn_time) >= 0 && between(asked, answered) >= 0) {
		t->dns = between(asked, answered);
		t->start = asked;
	}
	/* What is left until the request began, it waited for something else. */
	if (t->start != x->request.first_time)
		t->blocked = known(between(t->start, x->request.first_time) - known(t->dns) -
		                   known(t->connect));
}

struct har_times har_times_of(const struct exchange *x, int64_t asked, int64_t answered)
{
	const struct http_message *request = &x->request, *response = &x->response;
	struct har_times t = {
		.start = request->first_time, .blocked = -1, .dns = -1, .connect = -1, .ssl = -1,
		.send = between(request->first_time, request->end_time), .wait = -1, .receive = -1,
	};

	take_way(&t, x, asked, answered);
	if (response->present) {
		t.wait = x->ttfb < 0 ? -1 : x->ttfb / (MOMENT_MS / 1000);
		t.receive = between(response->first_time, response->last_time);
	}
	t.all = known(t.blocked) + known(t.dns) + known(t.connect) + known(t.send) + known(t.wait) +
	        known(t.receive);
	return t;
}

static void put_time(struct json_object *to, const char *key, int64_t us)
{
	if (us < 0)
		json_put(to, key, json_object_new_int(-1));
	else
		json_put_ms(to, key, us * (MOMENT_MS / 1000));
}

void har_put_times(struct json_object *entry, const struct har_times *t)
{
	struct json_object *timings;

	put_time(entry, "time", t->all);
	timings = json_put_object(entry, "timings");
	put_time(timings, "blocked", t->blocked);
	put_time(timings, "dns", t->dns);
	put_time(timings, "connect", t->connect);
	put_time(timings, "ssl", t->ssl);
	put_time(timings, "send", t->send);
	put_time(timings, "wait", t->wait);
	put_time(timings, "receive", t->receive);
}
