/* report/event_lookup.c - dns.* as the Elastic Common Schema has it, and wsuscope.lookup.*. */
#include "report/event_lookup.h"

#include <json-c/json.h>

#include "report/json_util.h"

static void put_answers(struct json_object *dns, const struct lookup *l)
{
	struct json_object *answers = json_put_array(dns, "answers");
	char text[ADDR_TEXT];

	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS; i++) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "data", addr_text(&l->answers[i], text));
		json_object_array_add(answers, o);
	}
}

static void put_frame(struct json_object *to, const char *key, uint64_t frame)
{
	if (frame)
		json_put_count(to, key, frame);
}

void event_lookup(struct json_object *line, const struct lookup *l)
{
	struct json_object *dns = json_put_object(line, "dns"), *question = json_put_object(dns, "question");
	struct json_object *own = json_put_object(json_put_object(line, "wsuscope"), "lookup");
	bool timed = l->answered && l->ask_time != MOMENT_NONE;
	char text[16];

	json_put_text(question, "name", l->name);
	json_put_text(question, "type", lookup_type_text(l->type, text));
	if (l->answered) {
		json_put_text(dns, "response_code", lookup_rcode_text(l->rcode, text));
		put_answers(dns, l);
	}
	json_put_text(own, "protocol", lookup_protocol_name(l->protocol));
	json_put_bool(own, "answered", l->answered);
	if (timed)
		json_put_ms(own, "ms", l->answer_time - l->ask_time);
	else
		json_put_null(own, "ms");
	json_put_count(own, "tries", l->tries);
	if (l->canonical[0])
		json_put_text(own, "canonical", l->canonical);
	json_put_bool(own, "truncated", l->truncated);
	json_put_bool(own, "malformed", l->malformed);
	put_frame(own, "ask_frame", l->ask_frame);
	put_frame(own, "answer_frame", l->answer_frame);
}
