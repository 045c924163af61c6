/* analyzers/namestory.c - lookups of one client and one name, one after the other. */
#include "analyzers/namestory.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/kept.h"
#include "base/host.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum {
	STORIES_MAX = 110000,
	OTHERS_MAX = 30000,             /* of names that do not look like the update path's */
	SERVERS_MAX = 4096,
	TYPE_AAAA = 28,
	RCODE_NOERROR = 0, RCODE_NXDOMAIN = 3,
};

/* Answers of one lookup come together: A and AAAA, and one suffix after the other. */
#define TOGETHER (5 * MOMENT_S)

struct name_stories {
	struct limits *limits;
	struct map stories;             /* client and label -> struct name_story */
	struct map servers;             /* addresses that answered */
};

struct key {
	size_t len;
	uint8_t bytes[16 + STORY_NAME];
};

struct name_stories *name_stories_new(struct limits *limits, struct budget *budget)
{
	struct name_stories *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->limits = limits;
	map_init_on(&s->stories, STORIES_MAX, budget);
	map_init(&s->servers, SERVERS_MAX);
	return s;
}

void name_stories_free(struct name_stories *s)
{
	if (!s)
		return;
	map_release_values(&s->stories);
	map_release(&s->servers);
	free(s);
}

static struct key key_of(const struct addr *client, struct span name)
{
	struct key k = { .len = 16 };
	struct addr literal;

	name = host_name(name);
	if (addr_parse(name, &literal))
		name.len = 0;
	if (!wsus_microsoft_host(name))
		name = span_split(&name, '.');
	memcpy(k.bytes, client->bytes, 16);
	for (size_t i = 0; i < name.len && k.len < sizeof k.bytes; i++)
		k.bytes[k.len++] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];
	return k;
}

static bool is_wanted(struct span name)
{
	return wsus_likely_name(name) || wsus_microsoft_host(name) || span_istarts(name, SPAN("wpad"));
}

static struct name_story *story_of(struct name_stories *s, const struct addr *client, struct span name)
{
	struct key k = key_of(client, name);
	struct map_entry *e = map_find(&s->stories, span_of(k.bytes, k.len));
	struct name_story *story;

	if (e || k.len == 16)
		return e ? e->value : NULL;
	if (s->stories.count >= OTHERS_MAX && !is_wanted(name)) {
		limit_add(s->limits, LIMIT_LOOKUP_CEILING, 1);
		return NULL;
	}
	story = kept_value(&s->stories, span_of(k.bytes, k.len), sizeof *story, s->limits);
	if (story)
		*story = (struct name_story){ .client = *client, .resolved = MOMENT_NONE, .took = -1,
			                      .failing = MOMENT_NONE, .last_failure = MOMENT_NONE,
			                      .truncated = MOMENT_NONE, .shouted = MOMENT_NONE,
			                      .reached = MOMENT_NONE };
	return story;
}

/* ---- what lookups tell ---- */

static bool is_within(int64_t earlier, int64_t when)
{
	return earlier != MOMENT_NONE && when - earlier < TOGETHER;
}

static void resolve(struct name_story *s, const struct lookup *l)
{
	if (s->proves && !s->unseen && l->answer_time - s->failing >= TOGETHER) {
		s->healed = s->refusals + s->silences;
		s->outage = l->answer_time - s->failing;
	}
	s->resolved = l->answer_time;
	s->resolved_frame = l->answer_frame;
	s->took = l->ask_time == MOMENT_NONE ? -1 : l->answer_time - l->ask_time;
	s->refusals = s->silences = 0;
	s->silent_tries = s->server_count = 0;
	s->failing = s->last_failure = s->truncated = MOMENT_NONE;
	s->silent_a = s->proves = false;
	s->unseen = 0;
}

static void keep_name(struct name_story *s, const struct lookup *l)
{
	/* With a suffix too many it is harder to recognise. */
	if (!s->name[0] || s->last_failure == MOMENT_NONE || strlen(l->name) < strlen(s->name))
		snprintf(s->name, sizeof s->name, "%.*s", STORY_NAME - 1, l->name);
}

static void keep_silent(struct name_story *s, const struct addr *server)
{
	for (unsigned i = 0; i < s->server_count && i < STORY_SERVERS; i++)
		if (addr_eq(&s->servers[i], server))
			return;
	if (s->server_count < STORY_SERVERS)
		s->servers[s->server_count] = *server;
	s->server_count++;
}

/* No AAAA record is no failure where nobody asked for an A record: it may be known from before.  Nor is
 * silence after one question: who hears nothing asks again. */
static bool is_proof(const struct name_story *s, const struct lookup *l)
{
	if (l->answered)
		return l->type != TYPE_AAAA || l->rcode == RCODE_NXDOMAIN;
	return s->silent_a && s->silent_tries > 1;
}

/* Who asks once and never again was answered, by a server that has just said that there is no address of
 * another kind: the capture lacks it. */
static bool is_unseen(const struct name_story *s, const struct lookup *l)
{
	return !l->answered && l->tries < 2 && s->refusals && s->rcode == RCODE_NOERROR &&
	       s->type != l->type && addr_eq(&s->by.addr, &l->server.addr);
}

static void fail(struct name_story *s, const struct lookup *l, int64_t when)
{
	keep_name(s, l);
	if (s->failing == MOMENT_NONE)
		s->failing = when;
	s->last_failure = when;
	if (!l->answered) {
		s->silent_tries += l->tries;
		s->silent_a |= l->type != TYPE_AAAA;
	}
	s->proves |= is_proof(s, l);
	s->ask_frame = l->ask_frame;
	if (l->answered) {
		if (s->unseen == l->type)
			s->unseen = 0;
		s->refusals++;
		s->rcode = l->rcode;
		s->type = l->type;
		s->by = l->server;
		s->refusal_frame = l->answer_frame;
		return;
	}
	s->silences++;
	keep_silent(s, &l->server.addr);
	if (!s->refusals)
		s->by = l->server;
}

static void shout(struct name_story *s, const struct lookup *l)
{
	s->shouted = l->answered ? l->answer_time : l->ask_time;
	s->shout_answered |= l->answered && l->answer_count;
	if (!s->name[0])
		snprintf(s->name, sizeof s->name, "%.*s", STORY_NAME - 1, l->name);
	if (l->answered && l->answer_count)
		resolve(s, l);
}

static void judge(struct name_story *s, const struct lookup *l, int64_t now)
{
	int64_t when = l->ask_time == MOMENT_NONE ? l->answer_time : l->ask_time;

	if (l->answered && l->answer_count && !l->truncated) {
		keep_name(s, l);
		resolve(s, l);
		return;
	}
	if (is_within(s->resolved, when))
		return;
	if (l->answered && l->truncated) {
		keep_name(s, l);
		s->truncated = l->answer_time;
		s->truncated_frame = l->answer_frame;
		s->by = l->server;
	} else if (lookup_failed(l)) {
		fail(s, l, when);
	} else if (is_unseen(s, l)) {
		s->unseen = l->type;
	} else if (!l->answered && (l->tries > 1 || now - when >= TOGETHER)) {
		fail(s, l, when);
	}
}

void name_stories_lookup(struct name_stories *s, const struct lookup *l, int64_t now)
{
	struct name_story *story;

	if (l->answered && l->protocol == LOOKUP_DNS)
		map_put(&s->servers, span_of(l->server.addr.bytes, 16));
	story = lookup_asks_address(l) ? story_of(s, &l->client, span_text(l->name)) : NULL;
	if (!story)
		return;
	if (l->protocol == LOOKUP_DNS)
		judge(story, l, now);
	else
		shout(story, l);
}

void name_stories_reached(struct name_stories *s, const struct addr *client, struct span host, int64_t when)
{
	struct key k = key_of(client, host);
	struct map_entry *e = map_find(&s->stories, span_of(k.bytes, k.len));
	struct name_story *story = e ? e->value : NULL;

	if (story && when > story->reached)
		story->reached = when;
}

/* ---- asking ---- */

size_t name_stories_count(const struct name_stories *s)
{
	return s->stories.count;
}

const struct name_story *name_stories_at(const struct name_stories *s, size_t i)
{
	return s->stories.entries[i].value;
}

const struct name_story *name_stories_of(const struct name_stories *s, const struct addr *client,
                                         struct span host)
{
	struct key k = key_of(client, host);
	const struct map_entry *e = map_find(&s->stories, span_of(k.bytes, k.len));

	return e ? e->value : NULL;
}

bool name_stories_answers(const struct name_stories *s, const struct addr *server)
{
	return map_find(&s->servers, span_of(server->bytes, 16)) != NULL;
}

enum name_outcome name_story_outcome(const struct name_story *s)
{
	bool onward = s->reached != MOMENT_NONE;

	if (s->proves && !s->unseen && !(onward && s->reached + TOGETHER > s->failing))
		return s->refusals ? NAME_REFUSED : NAME_SILENT;
	if (s->truncated != MOMENT_NONE && !(onward && s->reached + TOGETHER > s->truncated))
		return NAME_TRUNCATED;
	return s->resolved != MOMENT_NONE || onward ? NAME_RESOLVED : NAME_UNASKED;
}

bool name_stories_failed(const struct name_stories *s, struct span host)
{
	for (size_t i = 0; i < s->stories.count; i++) {
		const struct name_story *story = s->stories.entries[i].value;

		if (story && name_story_outcome(story) > NAME_RESOLVED &&
		    name_stories_of(s, &story->client, host) == story)
			return true;
	}
	return false;
}

const char *name_story_refusal(const struct name_story *s, char text[static 32])
{
	char code[16];

	if (s->rcode == RCODE_NOERROR)
		return _("no address (NOERROR)");
	snprintf(text, 32, "%s", lookup_rcode_text(s->rcode, code));
	return text;
}
