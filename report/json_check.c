/* report/json_check.c - what was asked of whom, by which way, and how it ended. */
#include "report/json_check.h"

#include <json-c/json.h>

#include "report/check_words.h"
#include "report/json_util.h"

static void put_ms(struct json_object *to, const char *key, int64_t ns)
{
	if (ns >= 0)
		json_put_ms(to, key, ns);
	else
		json_put_null(to, key);
}

static void put_text(struct json_object *to, const char *key, const char *text)
{
	if (text && text[0])
		json_put_text(to, key, text);
	else
		json_put_null(to, key);
}

static void put_phases(struct json_object *to, const struct check *c)
{
	struct json_object *phases = json_put_object(to, "phases");

	put_ms(phases, "lookup_ms", c->lookup);
	put_ms(phases, "connect_ms", c->connect);
	put_ms(phases, "tls_ms", c->tls);
	put_ms(phases, "first_byte_ms", c->first_byte);
}

struct json_object *json_check(const struct report_check *c)
{
	struct json_object *o = json_object_new_object(), *frames;
	char label[CHECK_LABEL];

	json_put_text(o, "name", check_label(c->check, label));
	json_put_text(o, "rung", check_rung_name(c->check->rung));
	json_put_text(o, "target", c->check->target);
	json_put_text(o, "path", c->check->proxy[0] ? "proxy" : "direct");
	put_text(o, "proxy", c->check->proxy);
	json_put_text(o, "state", check_state_name(c->state));
	put_ms(o, "ms", check_took(c->check));
	put_phases(o, c->check);
	json_put_text(o, "detail", c->check->detail);
	put_text(o, "kind", check_kind(c));
	frames = json_put_array(o, "frames");
	for (unsigned i = 0; i < c->frame_count; i++)
		json_object_array_add(frames, json_object_new_uint64(c->frames[i]));
	return o;
}
