/* cli/selection_judge.c - whether a selection stands by itself, and whose each of its frames is. */
#include "cli/selectionstate.h"

enum { ROUNDS_MAX = 6 };

/* ---- judging ---- */

static bool is_same(const struct target *t, const struct finding *n)
{
	return t->kind == n->kind && t->has_client == n->has_client &&
	       (!n->has_client || addr_eq(&t->client, &n->client));
}

/* Marks the target that the finding gives; false: there is none left. */
static bool match(struct selection *s, const struct finding *n)
{
	/* Findings come in the same order again, mostly. */
	for (size_t i = 1; i <= s->finding_count; i++) {
		size_t at = (s->matched + i) % s->finding_count;
		struct target *t = &s->targets[at];

		if (!t->given && t->finding->severity == n->severity && is_same(t, n)) {
			t->given = true;
			s->matched = at;
			return true;
		}
	}
	return false;
}

/* What names nothing (the rest of a crowd that has no findings of its own) rests on all there is. */
static bool raise_level(struct target *t)
{
	bool names = t->has_client || t->has_server || !t->finding || t->finding->frame_count;

	if (t->level == LEVEL_ALL || !names)
		return false;
	t->level++;
	return true;
}

/* What explains it away is missing: more of its client and server is wanted. */
static bool want_extra(struct selection *s, const struct finding *n)
{
	struct target *t;

	for (size_t i = s->finding_count; i < s->target_count; i++)
		if (is_same(&s->targets[i], n))
			return raise_level(&s->targets[i]);
	t = selection_add_target(s, n);
	return t && raise_level(t);
}

/* More of the capture is not always better: what nothing mends is not worth a large file. */
static void note_best(struct selection *s)
{
	size_t wrong = selection_missing(s) + s->extra;

	if (s->best_round && wrong >= s->best_wrong)
		return;
	s->best_round = s->round;
	s->best_wrong = wrong;
	for (size_t i = 0; i < s->target_count; i++)
		s->targets[i].best_level = s->targets[i].level;
}

/* Which findings the selection gives; what it gives besides is raised at once if `wants`. */
static bool match_all(struct selection *s, const struct findings *again, bool wants)
{
	bool more = false;

	s->extra = 0;
	s->matched = s->finding_count - 1;
	for (size_t i = 0; i < s->finding_count; i++)
		s->targets[i].given = false;
	for (size_t i = 0; i < findings_count(again); i++) {
		const struct finding *n = findings_at(again, i);

		if (n->severity < s->from || match(s, n))
			continue;
		s->extra++;
		more |= wants && want_extra(s, n);
	}
	return more;
}

bool selection_judge(struct selection *s, const struct findings *again)
{
	bool more;

	match_all(s, again, false);
	note_best(s);
	if (!s->best_wrong || s->round >= ROUNDS_MAX)
		return false;
	more = match_all(s, again, true);
	for (size_t i = 0; i < s->finding_count; i++)
		if (!s->targets[i].given)
			more |= raise_level(&s->targets[i]);
	return more && !s->failed;
}

bool selection_back(struct selection *s)
{
	if (s->best_round == s->round)
		return false;
	for (size_t i = 0; i < s->target_count; i++)
		s->targets[i].level = s->targets[i].best_level;
	s->round = ROUNDS_MAX;
	return true;
}

bool selection_gives(const struct selection *s, const struct finding *n)
{
	for (size_t i = 0; i < s->finding_count; i++)
		if (s->targets[i].finding == n)
			return s->targets[i].given;
	return false;
}

size_t selection_missing(const struct selection *s)
{
	size_t missing = 0;

	for (size_t i = 0; i < s->finding_count; i++)
		missing += !s->targets[i].given;
	return missing;
}

size_t selection_extra(const struct selection *s)
{
	return s->extra;
}

/* ---- explaining ---- */

void selection_rewind(struct selection *s)
{
	/* Fragments were added as they came together. */
	selection_sort_named(s);
	selection_renew_peel(s);
}

static bool explain(const struct selection *s, struct selected *to, size_t *count, size_t most,
                    uint32_t owner, enum selection_reason reason)
{
	const struct finding *n = s->targets[owner].finding;

	if (!n)
		return true;
	for (size_t i = 0; i < *count; i++)
		if (to[i].finding == n)
			return true;
	if (*count == most)
		return false;
	to[(*count)++] = (struct selected){ n, reason };
	return true;
}

static void explain_owners(const struct selection *s, struct selected *to, size_t *count, size_t most,
                           const struct owners *o, enum selection_reason reason)
{
	for (size_t i = 0; i < o->count; i++)
		if (!explain(s, to, count, most, o->at[i], reason))
			return;
}

size_t selection_explain(struct selection *s, const struct frame *frame, struct selected *to, size_t most)
{
	struct packet packet;
	struct flow_key key;
	size_t count = 0;

	for (size_t i = selection_named_at(s, frame->number); selection_is_at(s, i, frame->number); i++)
		explain(s, to, &count, most, s->named[i].owner, s->named[i].reason);
	if (!peel_frame(s->peel, frame, &packet))
		return count;
	if (flows_key(&packet, &key)) {
		const struct flow *flow = flows_find(&s->flows, &key);

		if (flow)
			explain_owners(s, to, &count, most, &flow->owners,
			               flow->learned ? SELECTED_CONNECTION : SELECTED_AROUND);
	} else {
		const struct peer *peer = selection_peer(s, &packet);

		if (peer)
			explain_owners(s, to, &count, most, &peer->owners, SELECTED_AROUND);
	}
	return count;
}
