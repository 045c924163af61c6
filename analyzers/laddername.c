/* analyzers/laddername.c - names for rows, and the name rung out of the stories of lookups. */
#include "analyzers/laddername.h"

#include <stdio.h>

#include "analyzers/rungs.h"
#include "base/host.h"
#include "base/tongue.h"

static void put_rung(struct ladder *n, enum rung_state state, int64_t when, uint64_t frame,
                     const char *detail)
{
	struct rung *r = &n->rungs[RUNG_NAME];

	r->state = (uint8_t)state;
	r->when = when;
	r->frame = frame;
	r->tries = 1;
	r->detail = detail;
}

static void judge(struct ladder *n, const struct name_story *s, struct words *words)
{
	char text[64];

	switch (name_story_outcome(s)) {
	case NAME_REFUSED:
		put_rung(n, RUNG_FAILED, s->last_failure, s->refusal_frame,
		         words_keep(words, span_text(name_story_refusal(s, text))));
		break;
	case NAME_SILENT:
		put_rung(n, RUNG_FAILED, s->last_failure, s->ask_frame, _("no answer"));
		break;
	case NAME_TRUNCATED:
		put_rung(n, RUNG_FAILED, s->truncated, s->truncated_frame, _("truncated, and not over TCP"));
		break;
	case NAME_RESOLVED:
		if (s->resolved == MOMENT_NONE)
			break;
		put_rung(n, RUNG_OK, s->resolved, s->resolved_frame, "");
		if (s->took >= 0 && s->took / 1000 < INT32_MAX)
			n->rungs[RUNG_NAME].took = (int32_t)(s->took / 1000);
		break;
	case NAME_UNASKED:
		break;
	}
}

void ladder_name(struct ladder *n, const struct addrnames *names, struct words *words)
{
	const char *client = addrnames_of(names, &n->client), *server = addrnames_of(names, &n->server.addr);
	const struct name_story *story;
	struct span host = host_name(span_text(n->host));
	struct addr literal;
	char text[NAME_TEXT + 8];

	if (!n->name[0] && client)
		n->name = client;
	if (n->via_proxy) {                     /* what the client looks up is its proxy */
		host = span_text(server ? server : "");
	} else if (!host.len && server && n->server.port) {
		snprintf(text, sizeof text, "%s:%u", server, n->server.port);
		n->host = words_keep(words, span_text(text));
		host = span_text(server);
	}
	if (host.len && addr_parse(host, &literal)) {
		n->rungs[RUNG_NAME].state = RUNG_SKIPPED;
		return;
	}
	story = host.len ? name_stories_of(addrnames_stories(names), &n->client, host) : NULL;
	if (story)
		judge(n, story, words);
}

bool ladder_lacks_name(const struct name_story *s, const struct name_stories *stories,
                       const struct relevance *relevance)
{
	enum name_outcome outcome = name_story_outcome(s);

	return (outcome == NAME_REFUSED || outcome == NAME_SILENT) &&
	       relevance_name(relevance, span_text(s->name)) != RELEVANCE_NAME_OTHER &&
	       !name_stories_answers(stories, &s->client);
}
