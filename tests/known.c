/* tests/known.c - lines of stories into facts. */
#include "tests/known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "facts/location.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

enum { WORDS = 8, WORD = 160 };

struct line {
	int64_t second;
	uint64_t frame;
	char word[WORDS][WORD];         /* the client, what it does, with what */
	size_t count;
};

static struct connection parties(const struct line *l, const char *server)
{
	struct connection c = connection_at(l->word[0], server, l->second);

	c.first_frame = l->frame;
	return c;
}

static struct exchange call_of(const struct line *l, const struct connection *c, const char *path,
        const char *host)
{
	struct exchange x = call_on(c, path);

	x.host = span_text(host);
	x.request.first_frame = l->frame;
	return x;
}

static void tell_location(struct trial *t, const struct line *l)
{
	struct connection c = parties(l, "198.51.100.20:80");
	struct exchange x = call_of(l, &c, "/ccm_system/request", "mp01.corp.example");
	struct location_message m = { .asks = true, .answers = strcmp(l->word[1], "asks") != 0,
	                              .broken = !strcmp(l->word[1], "broken") };

	for (size_t i = 2; i < l->count; i++)
		m.locations[m.count++].url = span_text(l->word[i]);
	x.location = &m;
	if (m.answers)
		answer(&x, 200, 5);
	x.response.first_frame = l->frame + 1;
	trial_exchange(t, &x);
	trial_connection(t, &c);
}

static void tell_call(struct trial *t, const struct line *l, const char *path, const char *policy)
{
	size_t at = policy ? 3 : 2;
	struct connection c = parties(l, l->word[at + 1]);
	struct exchange x = call_of(l, &c, path, l->word[at]);
	char attributes[2 * WORD];
	struct wsus_value value = { .field = FIELD_DEVICE_ATTRIBUTES };
	struct wsus_call values = { .values = &value, .value_count = 1 };
	struct soap_call call = { .method = METHOD_SYNC_UPDATES, .values = &values };

	snprintf(attributes, sizeof attributes, "OSVersion=10.0;UpdateServiceUrl=%s;UpdateManagementGroup=2",
	         policy ? policy : "");
	value.text = span_text(attributes);
	if (policy)
		x.soap = &call;
	answer(&x, 200, 5);
	trial_exchange(t, &x);
	trial_connection(t, &c);
}

static void tell_attempt(struct trial *t, const struct line *l, enum connection_outcome outcome)
{
	struct connection c = parties(l, l->word[2]);

	c.outcome = outcome;
	trial_fact(t, &(struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .frame = l->frame,
	                              .connection = &c });
}

static void tell_hello(struct trial *t, const struct line *l)
{
	struct connection c = parties(l, l->word[3]);
	struct tls_session s = { .conn = &c, .client_hello = true, .last_time = c.last_time };

	snprintf(s.server_name, sizeof s.server_name, "%s", l->word[2]);
	trial_tls(t, &s);
	trial_connection(t, &c);
}

static void tell_lookup(struct trial *t, const struct line *l)
{
	struct lookup k = { .protocol = LOOKUP_DNS, .client = addr_at(l->word[0]), .type = 1,
	        .answered = true,
	                    .asked_seen = true, .answer_count = 1, .ask_time = l->second * MOMENT_S,
	                    .answer_time = l->second * MOMENT_S, .ask_frame = l->frame,
	                    .answer_frame = l->frame };

	k.server = endpoint_at("192.0.2.53:53");
	snprintf(k.name, sizeof k.name, "%s", l->word[2]);
	k.answers[0] = addr_at(l->word[3]);
	trial_fact(t, &(struct fact){ .kind = FACT_LOOKUP, .time = k.answer_time, .frame = l->frame,
	        .lookup = &k });
}

static void tell(struct trial *t, const struct line *l)
{
	const char *does = l->word[1];

	if (!strcmp(does, "told") || !strcmp(does, "asks") || !strcmp(does, "broken"))
		tell_location(t, l);
	else if (!strcmp(does, "calls") && l->count == 4)
		tell_call(t, l, "/ClientWebService/client.asmx", NULL);
	else if (!strcmp(does, "reports") && l->count == 4)
		tell_call(t, l, "/ReportingWebService/ReportingWebService.asmx", NULL);
	else if (!strcmp(does, "policy") && l->count == 5)
		tell_call(t, l, "/ClientWebService/client.asmx", l->word[2]);
	else if (!strcmp(does, "hello") && l->count == 4)
		tell_hello(t, l);
	else if (!strcmp(does, "tries") && l->count == 3)
		tell_attempt(t, l, CONNECTION_UNANSWERED);
	else if (!strcmp(does, "talks") && l->count == 3)
		tell_attempt(t, l, CONNECTION_ESTABLISHED);
	else if (!strcmp(does, "resolves") && l->count == 4)
		tell_lookup(t, l);
	else
		fail_msg("no line of a story: %s %s", l->word[0], does);
}

void known_tell(struct trial *t, const char *story)
{
	struct span rest = span_text(story);

	for (uint64_t frame = 1; rest.len; frame += 10) {
		struct span text = span_trim(span_split(&rest, '\n'));
		struct line l = { .frame = frame };
		uint64_t second = 0;

		if (!span_decimal(span_split(&text, ' '), &second))
			fail_msg("a line begins with its second: %.60s", story);
		l.second = (int64_t)second;
		for (; text.len && l.count < WORDS; l.count++) {
			struct span word = span_split(&text, ' ');

			snprintf(l.word[l.count], WORD, "%.*s", (int)word.len, (const char *)word.at);
		}
		tell(t, &l);
	}
}
