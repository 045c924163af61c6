/* twopoint/trouble.c - from counts to what is told of them. */
#include "twopoint/trouble.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "facts/icmp.h"
#include "twopoint/tally.h"

enum { LOSS_LEAST = 3, LOSS_PERMILLE = 10, LARGE_LEAST = 3, RESET_LOSSES = 4 };

static const struct trouble_row {
	const char *name;
	enum severity severity;
	const char *verdict, *title, *remedies[REMEDIES];
} rows[TROUBLE_KIND_COUNT] = {
#define X(symbol, name, severity, verdict, title, first, second) \
	[TROUBLE_##symbol] = { name, SEVERITY_##severity, verdict, title, { first, second } },
	TROUBLE_KINDS(X)
#undef X
};

const char *trouble_name(enum trouble_kind k)
{
	return rows[k].name;
}

const char *trouble_title(enum trouble_kind k)
{
	return _(rows[k].title);
}

const char *trouble_remedy(enum trouble_kind k, unsigned which)
{
	return which < REMEDIES ? _(rows[k].remedies[which]) : "";
}

struct trouble *trouble_add(struct troubles *all, enum trouble_kind kind, const struct endpoint *server)
{
	struct trouble *r;

	if (all->count == TROUBLES_MAX) {
		all->left_out++;
		return NULL;
	}
	r = &all->list[all->count++];
	*r = (struct trouble){ .kind = kind, .severity = rows[kind].severity, .confidence =
	                      CONFIDENCE_CERTAIN,
		               .server = *server, .would_change = "" };
	return r;
}

void trouble_client(struct trouble *r, const struct addr *client)
{
	for (unsigned i = 0; i < r->client_count && i < TROUBLE_CLIENTS; i++)
		if (addr_eq(&r->clients[i], client))
			return;
	if (r->client_count < TROUBLE_CLIENTS)
		r->clients[r->client_count] = *client;
	r->client_count++;
}

void trouble_frame(struct trouble *r, enum place at, uint64_t frame)
{
	if (frame && r->frame_count[at] < TROUBLE_FRAMES)
		r->frames[at][r->frame_count[at]++] = frame;
}

static void take_frames(struct trouble *r, enum place at, const struct frames *f)
{
	for (unsigned i = 0; i < f->count && i < TROUBLE_FRAMES; i++)
		trouble_frame(r, at, f->at[i]);
}

static struct trouble *add(struct troubles *all, enum trouble_kind kind, const struct tally *y,
                           uint64_t count)
{
	struct trouble *r = trouble_add(all, kind, &y->server);

	if (!r)
		return NULL;
	for (unsigned i = 0; i < y->client_count && i < TROUBLE_CLIENTS; i++)
		r->clients[i] = y->clients[i];
	r->client_count = y->client_count;
	r->count = count;
	return r;
}

void trouble_say(struct trouble *r, const char *message, ...)
{
	size_t len = strlen(r->text);
	va_list args;

	va_start(args, message);
	tongue_vsay(r->text + len, sizeof r->text - len, message, args);
	va_end(args);
}

/* "192.0.2.50", "192.0.2.50 and 4 more" */
static const char *who(const struct trouble *r, char text[static 80])
{
	char addr[ADDR_TEXT];

	addr_text(&r->clients[0], addr);
	if (r->client_count <= 1)
		snprintf(text, 80, "%s", addr);
	else
		tongue_say(text, 80, "%s and %u more", addr, r->client_count - 1);
	return text;
}

struct judging {
	struct troubles *all;
	const struct twopoint *t;
	const struct blind *blind;
};

static const char *name_at(const struct judging *j, enum place at)
{
	return j->blind[at].name;
}

/* ---- what does not arrive ---- */

static void doubt(const struct judging *j, struct trouble *r, const struct tally *y, enum place other)
{
	const struct blind *b = &j->blind[other];
	const struct way *w = &y->way[other == NEAR];

	if (!y->known) {
		r->confidence = CONFIDENCE_POSSIBLE;
		r->would_change = _("The other capture shows nothing of this server at all: was it taken "
		                    "on the way there, and without a filter?");
	} else if (b->dropped || b->missed || b->left_out || b->cut) {
		r->confidence = CONFIDENCE_POSSIBLE;
		r->would_change = _("The other capture itself missed packets: some of these may have been "
		                    "among them.");
	} else if (w->beyond == w->lost) {
		r->confidence = CONFIDENCE_PROBABLE;
		r->would_change = _("All of it was sent after the other capture's last packet: had it "
		                    "ended already?");
	} else if (!y->through) {
		r->confidence = CONFIDENCE_PROBABLE;
		r->would_change = _("The other capture shows this server but nothing on this port: a "
		                    "filter that left it out would look the same.");
	}
}

/* What leaves a client: how many of how many, whose; by whether datagrams, and whether none arrived. */
static const char *const dropped_texts[2][2] = {
	{ N_("%" PRIu64 " of %" PRIu64 " SYNs of %s left, but did not arrive."),
	  N_("%" PRIu64 " of %" PRIu64 " SYNs of %s left, none arrived.") },
	{ N_("%" PRIu64 " of %" PRIu64 " datagrams of %s left, but did not arrive."),
	  N_("%" PRIu64 " of %" PRIu64 " datagrams of %s left, none arrived.") },
};

static bool judge_dropped(const struct judging *j, const struct tally *y)
{
	const struct way *w = &y->way[0];
	uint64_t sent = y->kind == PACKET_UDP ? w->sent : w->begun;
	uint64_t lost = y->kind == PACKET_UDP ? w->lost : w->begun_lost;
	struct trouble *r;
	char text[80];

	if (!lost || (y->through && !y->vain) || y->refused || y->rejected)
		return false;
	r = add(j->all, TROUBLE_DROPPED, y, lost);
	if (!r)
		return true;
	trouble_say(r, dropped_texts[y->kind == PACKET_UDP][lost == sent], lost, sent, who(r, text));
	if (y->through)
		trouble_say(r, " %" PRIu32 " of %" PRIu32 " connections never came through.", y->vain,
		            y->flows);
	take_frames(r, NEAR, &w->frames);
	doubt(j, r, y, FAR);
	return true;
}

/* How many of how many, from where, to where. */
static const char *const answers_texts[] = {
	N_("%" PRIu64 " of %" PRIu64 " SYN-ACKs left %s, none arrived at %s; what clients send does arrive."),
	N_("%" PRIu64 " of %" PRIu64 " datagrams left %s, none arrived at %s; what clients send does "
	   "arrive."),
};

static bool judge_answers(const struct judging *j, const struct tally *y)
{
	const struct way *w = &y->way[1];
	uint64_t sent = y->kind == PACKET_UDP ? w->sent : w->begun;
	uint64_t lost = y->kind == PACKET_UDP ? w->lost : w->begun_lost;
	struct trouble *r;

	if (!lost || lost < sent || w->arrived)
		return false;
	r = add(j->all, TROUBLE_ANSWERS_DROPPED, y, lost);
	if (!r)
		return true;
	trouble_say(r, answers_texts[y->kind == PACKET_UDP], lost, sent, name_at(j, FAR), name_at(j, NEAR));
	take_frames(r, FAR, &w->frames);
	doubt(j, r, y, NEAR);
	return true;
}

static bool judge_large(const struct judging *j, const struct tally *y, unsigned way)
{
	const struct way *w = &y->way[way];
	struct trouble *r;

	if (w->lost_large < LARGE_LEAST || w->arrived < LARGE_LEAST || w->lost_large * 10 < w->lost * 9)
		return false;
	r = add(j->all, TROUBLE_BLACK_HOLE, y, w->lost_large);
	if (!r)
		return true;
	trouble_say(r, "%" PRIu64 " packets with %" PRIu32 " bytes of data and more left %s, none arrived "
	               "at %s; all that did arrive had at most %" PRIu32 ".",
	            w->lost_large, w->smallest_lost, name_at(j, way ? FAR : NEAR),
	            name_at(j, way ? NEAR : FAR), w->largest);
	take_frames(r, way ? FAR : NEAR, &w->frames);
	doubt(j, r, y, way ? NEAR : FAR);
	return true;
}

/* What is reset on its way is answered, and goes no further: it is told with the resets. */
static bool is_reset(const struct tally *y, unsigned way)
{
	return y->way[way].lost <= RESET_LOSSES * y->resets[way ? MAKER_TO_FAR : MAKER_TO_NEAR];
}

static void judge_loss(const struct judging *j, const struct tally *y, unsigned way)
{
	const struct way *w = &y->way[way];
	enum place from = way ? FAR : NEAR, to = way ? NEAR : FAR;
	struct trouble *r;

	if (!w->lost || !w->arrived || is_reset(y, way))
		return;
	r = add(j->all, TROUBLE_LOSS, y, w->lost);
	if (!r)
		return;
	trouble_say(r, "%" PRIu64 " of %" PRIu64 " packets (%.1f %%) that left %s did not arrive at %s.",
	            w->lost, w->sent, (double)w->lost * 100 / (double)w->sent, name_at(j, from),
	            name_at(j, to));
	take_frames(r, from, &w->frames);
	doubt(j, r, y, to);
	if (w->lost < LOSS_LEAST || w->lost * 1000 < w->sent * LOSS_PERMILLE || r->confidence ==
	    CONFIDENCE_POSSIBLE)
		r->severity = SEVERITY_INFO;
}

static void judge_refused(const struct judging *j, const struct tally *y)
{
	struct trouble *r = y->refused ? add(j->all, TROUBLE_REFUSED, y, y->refused) : NULL;
	char text[80], from[ADDR_TEXT];

	if (r) {
		trouble_say(r, "Attempts: %" PRIu64 ". Those of %s were answered with a reset at %s; none of "
		               "them reached %s, so the server did not send it.",
		            y->refused, who(r, text), name_at(j, NEAR), name_at(j, FAR));
		take_frames(r, NEAR, &y->refused_frames);
		doubt(j, r, y, FAR);
	}
	r = y->rejected ? add(j->all, TROUBLE_REJECTED, y, y->rejected) : NULL;
	if (!r)
		return;
	trouble_say(r, "%s answers %s: %s (attempts: %" PRIu64 "); none of them reached %s.",
	            addr_text(&y->rejected_from, from), who(r, text),
	            _(icmp_text(!addr_is_v4(&y->rejected_from), y->rejected_type, y->rejected_code)),
	            y->rejected, name_at(j, FAR));
	take_frames(r, NEAR, &y->rejected_frames);
}

/* ---- who resets ---- */

static void judge_resets(const struct judging *j, const struct tally *y)
{
	uint64_t made = y->resets[MAKER_TO_NEAR] + y->resets[MAKER_TO_FAR];
	uint64_t ends = y->resets[MAKER_CLIENT] + y->resets[MAKER_SERVER];
	struct trouble *r = made ? add(j->all, TROUBLE_RESET, y, made) : NULL;
	char server[ENDPOINT_TEXT], text[80];

	endpoint_text(&y->server, server);
	if (r && y->resets[MAKER_TO_NEAR])
		trouble_say(r, "%" PRIu64 " resets reach %s in the name of %s; %s never shows them",
		            y->resets[MAKER_TO_NEAR], who(r, text), server, name_at(j, FAR));
	if (r && y->resets[MAKER_TO_NEAR] && y->resets[MAKER_TO_FAR])
		trouble_say(r, ". ");
	if (r && y->resets[MAKER_TO_FAR])
		trouble_say(r, "%" PRIu64 " resets reach %s in clients' names; %s never shows them",
		            y->resets[MAKER_TO_FAR], server, name_at(j, NEAR));
	if (r)
		trouble_say(r, ".");
	for (unsigned at = NEAR; r && at <= FAR; at++)
		take_frames(r, at, &y->reset_frames[at == NEAR ? MAKER_TO_NEAR : MAKER_TO_FAR][at]);
	if (r && (j->blind[NEAR].dropped || j->blind[FAR].dropped))
		r->confidence = CONFIDENCE_PROBABLE;
	r = ends ? add(j->all, TROUBLE_RESET_BY_END, y, ends) : NULL;
	if (!r)
		return;
	trouble_say(r, "%" PRIu64 " come from the server or from beyond %s, %" PRIu64 " from clients or "
	               "from before %s.",
	            y->resets[MAKER_SERVER], name_at(j, FAR), y->resets[MAKER_CLIENT], name_at(j, NEAR));
	for (unsigned at = NEAR; at <= FAR; at++) {
		take_frames(r, at, &y->reset_frames[MAKER_SERVER][at]);
		take_frames(r, at, &y->reset_frames[MAKER_CLIENT][at]);
	}
}

/* ---- what is changed ---- */

static const char *const change_names[] = {
#define X(symbol, name) [CHANGE_##symbol] = name,
	CHANGES(X)
#undef X
};

/* Which changes are told together, as what. */
static const struct {
	enum trouble_kind kind;
	unsigned changes;
} groups[] = {
	{ TROUBLE_PAYLOAD, 1u << CHANGE_PAYLOAD },
	{ TROUBLE_OPTIONS_LOST, 1u << CHANGE_SCALE | 1u << CHANGE_SACK },
	{ TROUBLE_REWRITTEN, 1u << CHANGE_MSS | 1u << CHANGE_STAMPS | 1u << CHANGE_OTHERS | 1u << CHANGE_ISN |
	                     1u << CHANGE_WINDOW | 1u << CHANGE_IP_ID | 1u << CHANGE_TTL | 1u << CHANGE_DSCP |
	                     1u << CHANGE_ECN | 1u << CHANGE_ECN_ASKED },
};

/* What, and in how many of how many: by whether there is another value, or none; towards whom. */
static const char *const changed_texts[2][2] = {
	{ N_("%s towards the server: changed in %" PRIu64 " of %" PRIu64),
	  N_("%s towards clients: changed in %" PRIu64 " of %" PRIu64) },
	{ N_("%s towards the server: removed in %" PRIu64 " of %" PRIu64),
	  N_("%s towards clients: removed in %" PRIu64 " of %" PRIu64) },
};

static const char *const became_texts[] = {
	N_("%s towards the server: %" PRIu32 " becomes %" PRIu32 " in %" PRIu64 " of %" PRIu64),
	N_("%s towards clients: %" PRIu32 " becomes %" PRIu32 " in %" PRIu64 " of %" PRIu64),
};

static void say_change(struct trouble *r, enum change which, const struct changed *h, unsigned way)
{
	bool valued = which != CHANGE_PAYLOAD && which != CHANGE_ISN && which != CHANGE_IP_ID;
	bool removed = valued && !h->after && which != CHANGE_DSCP && which != CHANGE_WINDOW;
	const char *name = _(change_names[which]);
	/* A scale of 0 is one, too: it is kept with 1 added. */
	uint32_t before = which == CHANGE_SCALE ? h->before - !!h->before : h->before;
	uint32_t after = which == CHANGE_SCALE ? h->after - 1 : h->after;

	if (r->text[0])
		trouble_say(r, "; ");
	if (valued && !removed)
		trouble_say(r, became_texts[way], name, before, after, h->count, h->of);
	else
		trouble_say(r, changed_texts[removed][way], name, h->count, h->of);
}

static void judge_changes(const struct judging *j, const struct tally *y, size_t group)
{
	struct trouble *r = NULL;

	for (unsigned i = 0; i < 2 * CHANGE_COUNT; i++) {
		enum change which = (enum change)(i / 2);
		const struct changed *h = &y->changes[i % 2][which];

		if (!h->count || !(groups[group].changes & 1u << which))
			continue;
		if (!r)
			r = add(j->all, groups[group].kind, y, h->count);
		if (!r)
			return;
		say_change(r, which, h, i % 2);
		take_frames(r, NEAR, &h->frames[NEAR]);
		take_frames(r, FAR, &h->frames[FAR]);
	}
	if (r)
		trouble_say(r, ".");
}

static void judge_translation(const struct judging *j, const struct tally *y)
{
	char before[ENDPOINT_TEXT], after[ENDPOINT_TEXT];
	struct trouble *r;

	if (!y->server_turned && !y->client_turned)
		return;
	r = add(j->all, TROUBLE_TRANSLATED, y, y->server_turned > y->client_turned ? y->server_turned :
	        y->client_turned);
	if (!r)
		return;
	if (y->server_turned)
		trouble_say(r, "What goes to %s arrives as for %s", endpoint_text(&y->server, before),
		            endpoint_text(&y->server_beyond, after));
	if (y->server_turned && y->client_turned)
		trouble_say(r, ". ");
	if (y->client_turned)
		trouble_say(r, "What comes from %s arrives as from %s",
		            endpoint_text(&y->client_before, before),
		            endpoint_text(&y->client_beyond, after));
	trouble_say(r, ".");
	take_frames(r, NEAR, &y->turned_frames[NEAR]);
	take_frames(r, FAR, &y->turned_frames[FAR]);
}

static void judge(const struct judging *j, const struct tally *y)
{
	bool there = judge_dropped(j, y) || judge_large(j, y, 0);
	bool back = judge_answers(j, y) || judge_large(j, y, 1);

	judge_refused(j, y);
	if (!there && !y->refused && !y->rejected)
		judge_loss(j, y, 0);
	if (!back)
		judge_loss(j, y, 1);
	judge_resets(j, y);
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		judge_changes(j, y, i);
	judge_translation(j, y);
}

static int by_gravity(const void *a, const void *b)
{
	const struct trouble *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return memcmp(&x->server.addr, &y->server.addr, sizeof x->server.addr);
}

bool troubles_find(struct troubles *all, const struct twopoint *t, struct blind *blind)
{
	const struct judging j = { all, t, blind };
	struct tallies tallies;
	bool done;

	*all = (struct troubles){ .count = 0 };
	done = tallies_make(&tallies, t, blind);
	for (size_t i = 0; done && i < tallies.by_server.count; i++)
		judge(&j, tallies.by_server.entries[i].value);
	tallies_free(&tallies);
	if (!done)
		return false;
	troubles_relayed(all, t);
	qsort(all->list, all->count, sizeof *all->list, by_gravity);
	return true;
}

const char *troubles_verdict(const struct troubles *all, const struct twopoint *t,
                             const struct blind blind[2], char text[static VERDICT_TEXT])
{
	const struct trouble *r = all->count ? &all->list[0] : NULL;
	const char *near = blind[NEAR].name, *far = blind[FAR].name;
	size_t len;

	if (r && r->severity > SEVERITY_INFO) {
		len = tongue_say(text, VERDICT_TEXT, rows[r->kind].verdict, near, far, r->server.port);
		/* TRANSLATORS: between where the trouble is, and what happened there. */
		tongue_say(text + len, VERDICT_TEXT - len, ": %s", r->text);
	} else if (t->pairs) {
		tongue_say(text, VERDICT_TEXT, "Between %s and %s nothing grave is lost, reset or altered: "
		           "%" PRIu64 " packets of %" PRIu32 " conversations passed both.",
		           near, far, t->mates, t->pairs);
	} else {
		tongue_say(text, VERDICT_TEXT, "Between %s and %s something makes every connection anew (a "
		           "proxy): %" PRIu32 " of them, and nothing is wrong with what passes both.",
		           near, far, t->relays);
	}
	return text;
}
