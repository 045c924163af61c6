/* probes/ports.c - whether a port is open: every address of its host is tried, side by side.
 *
 * Ports of a host that were only looked for stand for each other: where one is open, the others are no
 * failure; where none is, all are.  Until that is known, a port that is not open waits.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "probes/otherports.h"
#include "probes/steps.h"

struct knocks;

struct knock {
	struct knocks *all;
	struct dial *dial;              /* under way; NULL */
	struct dial_result result;
};

struct knocks {
	struct step *step;
	unsigned count, left;
	bool rests;                     /* it is not open, and what that means depends on others */
	char words[CHECK_DETAIL_MAX];
	struct knock at[SITE_ADDRESSES_MAX];
};

/* ---- what was found ---- */

static size_t add_words(const struct knock *k, bool named, char *text, size_t room)
{
	const struct dial_result *r = &k->result;
	char address[ADDR_TEXT], words[160];
	int len;

	if (r->outcome == DIAL_OPEN)
		tongue_say(words, sizeof words, "open in %.3g ms",
		         (double)(r->ended - r->began) / (double)MOMENT_MS);
	else
		dial_text(r, words);
	len = snprintf(text, room, "%s%s%s", named ? addr_text(&r->talk.them.addr, address) : "",
	               named ? " " : "", words);
	return (size_t)len < room ? (size_t)len : room - 1;
}

/* What is open comes first, as it does in the list of addresses. */
static void tell(struct knocks *k, bool named)
{
	size_t len = 0;

	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned i = 0; i < k->count; i++) {
			if ((k->at[i].result.outcome == DIAL_OPEN) == (turn == 1))
				continue;
			if (len && len + 3 < sizeof k->words)
				len += (size_t)snprintf(k->words + len, sizeof k->words - len, "; ");
			len += add_words(&k->at[i], named, k->words + len, sizeof k->words - len);
		}
}

/* An address that this machine cannot send to is no way for anyone here: only what was sent counts. */
static enum check_state judge(const struct knocks *k)
{
	unsigned open = 0, closed = 0;

	for (unsigned i = 0; i < k->count; i++) {
		open += k->at[i].result.outcome == DIAL_OPEN;
		closed += k->at[i].result.outcome != DIAL_OPEN && k->at[i].result.outcome != DIAL_IMPOSSIBLE;
	}
	if (!open)
		return CHECK_FAILED;
	return closed ? CHECK_WARNING : CHECK_OK;
}

/* Open ones to the front, otherwise in their order.  Returns how many are open. */
static unsigned sort_addresses(const struct knocks *k, struct addr *addresses)
{
	unsigned to = 0, open;

	for (unsigned i = 0; i < k->count; i++)
		if (k->at[i].result.outcome == DIAL_OPEN)
			addresses[to++] = k->at[i].result.talk.them.addr;
	open = to;
	for (unsigned i = 0; i < k->count; i++)
		if (k->at[i].result.outcome != DIAL_OPEN)
			addresses[to++] = k->at[i].result.talk.them.addr;
	return open;
}

static enum dial_outcome first_closed(const struct knocks *k)
{
	for (unsigned i = 0; i < k->count; i++)
		if (k->at[i].result.outcome != DIAL_OPEN)
			return k->at[i].result.outcome;
	return DIAL_OPEN;
}

/* ---- ports that stand for each other ---- */

static void end(struct step *s, enum check_state state, const char *words)
{
	step_forget(s);
	step_end(s, state, "%s", words);
}

static bool rests(const struct step *s)
{
	const struct knocks *k = s->work;

	return !s->ended && k && k->rests;
}

static void end_resting(struct step *s, const struct site *open)
{
	const struct knocks *k = s->work;
	char words[CHECK_DETAIL_MAX];

	s->told.unjudged = open;
	if (open)
		tongue_say(words, sizeof words, "%.240s; port %u is open instead", k->words,
			open->target.port);
	else
		memcpy(words, k->words, sizeof words);
	end(s, open ? CHECK_SKIPPED : CHECK_FAILED, words);
}

static bool is_peer(const struct site *a, const struct site *b)
{
	return b->port && !strcmp(a->target.host, b->target.host);
}

static void settle(struct plan *p, const struct site *of)
{
	const struct site *open = NULL;
	bool waits = false;

	for (struct site *site = p->sites; site; site = site->next) {
		if (!is_peer(of, site))
			continue;
		if (!open && step_well(site->port))
			open = site;
		waits = waits || (!site->port->ended && !rests(site->port));
	}
	if (!open && waits)
		return;
	for (struct site *site = p->sites; site; site = site->next)
		if (is_peer(of, site) && rests(site->port))
			end_resting(site->port, open);
}

/* ---- knocking ---- */

static void all_told(struct knocks *k)
{
	struct step *s = k->step;
	enum check_state state = judge(k);

	if (s->site) {
		tell(k, !s->site->target.is_addr);
		s->site->open_count = sort_addresses(k, s->site->addresses);
		s->site->closed = first_closed(k);
	} else {
		tell(k, !s->proxy->target.is_addr);
		sort_addresses(k, s->proxy->addresses);
	}
	if (state == CHECK_FAILED && s->site && !s->site->asked_for) {
		k->rests = true;
		step_rests(s);
	} else {
		char words[CHECK_DETAIL_MAX];

		memcpy(words, k->words, sizeof words);
		end(s, state, words);
	}
	if (s->site)
		settle(s->plan, s->site);
}

static void heard(void *self, const struct dial_result *result)
{
	struct knock *k = self;
	struct plan *p = k->all->step->plan;

	k->dial = NULL;
	k->result = *result;
	dial_hang_up(&k->result, p->tape, loop_now(p->loop));
	step_talk(k->all->step, &k->result);
	if (!--k->all->left)
		all_told(k->all);
}

static void knock(struct knocks *k, const struct addr *addresses, unsigned count, uint16_t port)
{
	struct step *s = k->step;

	k->count = k->left = count;
	for (unsigned i = 0; i < count; i++) {
		struct dial_options o = {
			.to = { addresses[i], port },
			.owner = s->told.number,
			.timeout = step_connect_timeout(s),
		};

		k->at[i].all = k;
		k->at[i].result = (struct dial_result){ .outcome = DIAL_IMPOSSIBLE, .fd = -1 };
		k->at[i].result.talk.them = o.to;
		k->at[i].dial = dial_start(s->plan->loop, s->plan->tape, &o, heard, &k->at[i]);
		if (!k->at[i].dial)
			k->left--;
	}
	if (!k->left)
		all_told(k);
}

static void stop(struct step *s)
{
	struct knocks *k = s->work;

	for (unsigned i = 0; k && i < k->count; i++)
		if (k->at[i].dial)
			dial_stop(k->at[i].dial);
	step_forget(s);
}

static struct knocks *work_for(struct step *s)
{
	struct knocks *k = calloc(1, sizeof *k);

	if (k)
		k->step = s;
	s->work = k;
	return k;
}

static void start_site(struct step *s)
{
	struct site *site = s->site;
	struct knocks *k;

	if (site->name && !step_well(site->name)) {     /* it is lenient, as others wait for how it ends */
		step_skip(s, site->name);
		settle(s->plan, site);
		return;
	}
	if (!site->address_count && site->target.is_addr)
		site->addresses[site->address_count++] = site->target.addr;
	k = site->address_count ? work_for(s) : NULL;
	if (k) {
		knock(k, site->addresses, site->address_count, site->target.port);
		return;
	}
	step_end(s, CHECK_FAILED, site->address_count ? _("out of memory") : _("no address is known"));
	settle(s->plan, site);
}

static void start_proxy(struct step *s)
{
	struct proxy *proxy = s->proxy;
	struct knocks *k;

	if (!proxy->address_count && proxy->target.is_addr)
		proxy->addresses[proxy->address_count++] = proxy->target.addr;
	k = proxy->address_count ? work_for(s) : NULL;
	if (k)
		knock(k, proxy->addresses, proxy->address_count, proxy->target.port);
	else
		step_end(s, CHECK_FAILED, proxy->address_count ? _("out of memory") : _("no address is "
											"known"));
}

static const struct step_kind site_port = { CHECK_PORT, start_site, stop, SITE_ADDRESSES_MAX, true };
static const struct step_kind proxy_port = { CHECK_PORT, start_proxy, stop, SITE_ADDRESSES_MAX, true };

bool ports_plan(struct plan *p, struct site *site)
{
	char name[CHECK_NAME_MAX], place[TARGET_TEXT];
	struct step *s;

	snprintf(name, sizeof name, "%u", site->target.port);
	s = site->port = plan_add(p, &site_port, NULL, site, NULL, name);
	if (!s)
		return false;
	s->lenient = true;
	step_needs(s, site->name);
	step_sends(s, "a TCP connection to %s%s", target_host_port(&site->target, place),
	           site->target.is_addr ? "" : _(", to each of its addresses"));
	return other_ports_plan(p, site);
}

bool proxy_ports_plan(struct plan *p, struct proxy *proxy)
{
	char name[CHECK_NAME_MAX], place[TARGET_TEXT];
	struct step *s;

	if (proxy->target.host[0])
		snprintf(name, sizeof name, "%u", proxy->target.port);
	else
		snprintf(name, sizeof name, "of %.48s", proxy->origin);
	s = proxy->port = plan_add(p, &proxy_port, NULL, NULL, proxy, name);
	if (!s)
		return false;
	step_needs(s, proxy->name);
	if (proxy->target.host[0])
		step_sends(s, "a TCP connection to %s", target_host_port(&proxy->target, place));
	else
		step_sends(s, "a TCP connection to the proxy that %s names", proxy->origin);
	return true;
}
