/* cli/joins.c - checks joined to findings: by connection, by server, by name. */
#include "cli/joins.h"

#include <stdlib.h>

#include "analyzers/probed.h"
#include "report/check_words.h"

enum { CONNECTIONS_MAX = 1 << 18, FRAMES_MAX = 1 << 24 };

struct ends {                           /* both of them, without padding */
	struct endpoint_key local, remote;
};

struct joined {
	uint64_t id;
	uint64_t frames[4];             /* that tell of it: first, reset, ICMP, last; 0: none */
};

static struct ends ends_of(const struct endpoint *local, const struct endpoint *remote)
{
	return (struct ends){ endpoint_key(local), endpoint_key(remote) };
}

void joins_init(struct joins *j)
{
	*j = (struct joins){ 0 };
	map_init(&j->by_ends, CONNECTIONS_MAX);
}

void joins_release(struct joins *j)
{
	map_release_values(&j->by_ends);
	free(j->owners);
}

void joins_fact(struct joins *j, const struct fact *fact)
{
	const struct connection *c = fact->connection;
	struct joined *joined;
	struct ends ends;

	if (fact->kind != FACT_CONNECTION)
		return;
	ends = ends_of(&c->client, &c->server);
	joined = map_value(&j->by_ends, span_of(&ends, sizeof ends), sizeof *joined);
	if (joined)
		*joined = (struct joined){ c->id,
			                   { c->first_frame, c->reset_frame, c->icmp_frame, c->last_frame } };
	if (c->id >= j->streams)
		j->streams = c->id + 1;
}

void joins_frame(struct joins *j, uint64_t frame, unsigned check)
{
	if (frame >= FRAMES_MAX)
		return;
	if (frame >= j->owner_room) {
		size_t room = ((size_t)frame + 1) * 2;
		uint32_t *owners = reallocarray(j->owners, room, sizeof *owners);

		if (!owners)
			return;
		memset(owners + j->owner_room, 0, (room - j->owner_room) * sizeof *owners);
		j->owners = owners;
		j->owner_room = room;
	}
	j->owners[frame] = check + 1;
}

static const struct joined *joined_of(const struct joins *j, const struct check_talk *talk)
{
	struct ends ends = ends_of(&talk->local, &talk->remote);
	const struct map_entry *e = map_find(&j->by_ends, span_of(&ends, sizeof ends));

	return e ? e->value : NULL;
}

/* ---- findings of a check ---- */

static bool is_of(const struct finding *n, const struct endpoint *server)
{
	return (n->has_server && endpoint_eq(&n->server, server)) ||
	       (n->has_via && endpoint_eq(&n->via, server));
}

static bool is_about_reaching(enum finding_kind kind)
{
	static const enum finding_kind kinds[] = {
		FINDING_CONNECTION_UNANSWERED, FINDING_CONNECTION_REFUSED, FINDING_CONNECTION_REJECTED,
		FINDING_PORT_MISMATCH, FINDING_UPSTREAM_UNREACHABLE,
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

/* Of those of a server that name no connection, or more than they remember. */
static bool explains(const struct finding *n, const struct check *c)
{
	const struct check_talk *last = c->talk_count ? &c->talks[c->talk_count - 1] : NULL;
	bool reaching = c->rung == CHECK_PORT || c->rung == CHECK_PATH || c->rung == CHECK_UPSTREAM;
	struct span host = check_host(c->target);

	if (n->severity < SEVERITY_WARNING)
		return false;
	if (c->trouble != CHECK_NO_TROUBLE && n->kind == probed_kind(c->trouble))
		return !last || !n->has_server || is_of(n, &last->remote);
	if (c->rung == CHECK_NAME)
		return !n->stream_count && host.len && span_ifind(span_text(n->cause), host) != SIZE_MAX;
	if (!last || !is_of(n, &last->remote))
		return false;
	return (reaching && is_about_reaching(n->kind)) ||
	       (n->stream_count == FINDING_STREAMS && n->count > n->stream_count);
}

/* What findings name, the gravest first: by connection, and by the check that a frame was made for. */
struct named {
	const struct finding **by_stream, **by_check;
	size_t checks;
};

static void name_streams(const struct joins *j, struct named *named, const struct finding *n)
{
	for (unsigned i = 0; i < n->stream_count; i++)
		if (n->streams[i] < j->streams && !named->by_stream[n->streams[i]])
			named->by_stream[n->streams[i]] = n;
}

static void name_frames(const struct joins *j, struct named *named, const struct finding *n)
{
	for (unsigned i = 0; i < n->frame_count; i++) {
		uint32_t owner = n->frames[i] < j->owner_room ? j->owners[n->frames[i]] : 0;

		if (owner && owner <= named->checks && !named->by_check[owner - 1])
			named->by_check[owner - 1] = n;
	}
}

static bool named_of(const struct joins *j, const struct findings *findings, size_t checks,
                     struct named *named)
{
	*named = (struct named){ calloc(j->streams + 1, sizeof(struct finding *)),
		                 calloc(checks + 1, sizeof(struct finding *)), checks };
	if (!named->by_stream || !named->by_check)
		return false;
	for (size_t i = 0; i < findings_count(findings); i++) {
		if (findings_at(findings, i)->severity < SEVERITY_WARNING)
			continue;
		name_streams(j, named, findings_at(findings, i));
		name_frames(j, named, findings_at(findings, i));
	}
	return true;
}

/* The gravest of its packets, else of what is known of its server; findings are in that order. */
static const struct finding *finding_of(const struct joins *j, const struct findings *findings,
                                        const struct named *named, const struct check *c)
{
	const struct finding *gravest = c->number < named->checks ? named->by_check[c->number] : NULL;

	for (unsigned i = 0; i < c->talk_count; i++) {
		const struct joined *joined = joined_of(j, &c->talks[i]);
		const struct finding *n = joined ? named->by_stream[joined->id] : NULL;

		if (n && (!gravest || n->id < gravest->id))
			gravest = n;
	}
	if (gravest || c->state == CHECK_OK)
		return gravest;
	for (size_t i = 0; i < findings_count(findings); i++)
		if (explains(findings_at(findings, i), c))
			return findings_at(findings, i);
	return NULL;
}

/* ---- results ---- */

static void keep_frame(struct report_check *r, uint64_t frame)
{
	unsigned at = 0;

	if (!frame || r->frame_count == CHECK_FRAMES)
		return;
	while (at < r->frame_count && r->frames[at] < frame)
		at++;
	if (at < r->frame_count && r->frames[at] == frame)
		return;
	memmove(&r->frames[at + 1], &r->frames[at], (r->frame_count - at) * sizeof *r->frames);
	r->frames[at] = frame;
	r->frame_count++;
}

static void keep_frames(const struct joins *j, struct report_check *r)
{
	for (unsigned i = 0; i < r->check->talk_count; i++) {
		const struct joined *joined = joined_of(j, &r->check->talks[i]);

		for (size_t k = 0; joined && k < sizeof joined->frames / sizeof *joined->frames; k++)
			keep_frame(r, joined->frames[k]);
	}
}

/* A rung below tells it already: what it makes of the later ones is no news. */
static bool is_told_below(const struct report_check *results, size_t count, const struct report_check *r)
{
	for (size_t i = 0; i < count; i++)
		if (results[i].finding == r->finding && results[i].state != CHECK_OK &&
		    results[i].check->rung < r->check->rung)
			return true;
	return false;
}

/* What is grave on the connections of a check that went well is not passed over. */
static void settle(struct report_check *results, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct report_check *r = &results[i];

		if (r->state != CHECK_OK || !r->finding)
			continue;
		if (r->finding->severity < SEVERITY_ERROR)
			r->finding = NULL;
		else if (!is_told_below(results, count, r))
			r->state = CHECK_WARNING;
	}
}

bool joins_make(const struct joins *j, const struct findings *findings, bool frames,
                struct report_check *results, size_t count)
{
	struct named named;
	bool good = named_of(j, findings, count, &named);

	for (size_t i = 0; good && i < count; i++) {
		struct report_check *r = &results[i];

		r->state = r->check->state;
		if (r->check->unjudged || r->state == CHECK_SKIPPED)
			continue;
		r->finding = finding_of(j, findings, &named, r->check);
		if (frames)
			keep_frames(j, r);
	}
	if (good)
		settle(results, count);
	free(named.by_stream);
	free(named.by_check);
	return good;
}
