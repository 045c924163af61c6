/* report/event_check.c - fields of wsuscope.check. */
#include "report/event_check.h"

#include <json-c/json.h>

#include "report/check_words.h"
#include "report/json_check.h"
#include "report/json_util.h"

static void put_end(struct json_object *line, const char *key, const struct endpoint *e)
{
	struct json_object *o = json_put_object(line, key);
	char ip[ADDR_TEXT];

	json_put_text(o, "ip", addr_text(&e->addr, ip));
	json_put_count(o, "port", e->port);
}

void event_check(struct json_object *line, const struct report_check *c)
{
	unsigned talks = c->check->talk_count;

	if (talks) {
		const struct check_talk *talk = &c->check->talks[talks - 1];

		put_end(line, "client", &talk->local);
		put_end(line, "server", &talk->remote);
	}
	json_put(json_put_object(line, "wsuscope"), "check", json_check(c));
}
