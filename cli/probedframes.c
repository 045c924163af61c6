/* cli/probedframes.c - a probe's own packets, and among them those that a judge is to hear of. */
#include "cli/probedframes.h"

#include <stdio.h>
#include <string.h>

#include "base/host.h"
#include "decoders/peel.h"
#include "report/check_words.h"

enum { PORTS_MAX = 48, TALKS_MAX = 1 << 18 };

/* ---- what is recorded ---- */

/* "8530" of "wsus01:8530"; empty: none. */
static struct span port_of(struct span place)
{
	struct span host = host_name(place);

	return span_skip(place, host.len + (place.len > host.len));
}

static bool add_port(struct span ports[static PORTS_MAX], size_t *count, struct span port)
{
	uint64_t number;

	if (!port.len || !span_decimal(port, &number))
		return true;
	for (size_t i = 0; i < *count; i++)
		if (span_eq(ports[i], port))
			return true;
	if (*count == PORTS_MAX)
		return false;
	ports[(*count)++] = port;
	return true;
}

void probed_filter(const struct probed *p, char *filter, size_t size)
{
	/* A script's proxies are not known before it has been read. */
	bool few = !p->options.probe->pac && !p->options.probe->wpad;
	struct span ports[PORTS_MAX];
	size_t count = 0;
	int len = snprintf(filter, size, "icmp or icmp6 or port 53");

	for (size_t i = 0; few && i < p->report.check_count; i++) {
		const struct check *c = p->results[i].check;

		few = add_port(ports, &count, port_of(check_place(c->target))) &&
		      add_port(ports, &count, port_of(span_text(c->proxy)));
	}
	if (!few) {
		snprintf(filter, size, "icmp or icmp6 or udp port 53 or tcp");
		return;
	}
	for (size_t i = 0; i < count && len > 0 && (size_t)len < size; i++)
		len += snprintf(filter + len, size - (size_t)len, " or tcp port %.*s", (int)ports[i].len,
		                (const char *)ports[i].at);
}

bool probed_is_proxy(const struct probed *p, const struct check *c)
{
	for (size_t i = 0; i < p->report.check_count; i++)
		if (p->results[i].check->proxy[0] &&
		    span_ieq(span_text(p->results[i].check->proxy), check_place(c->target)))
			return true;
	return false;
}

/* ---- from the tape ---- */

bool probed_feed_tape(struct probed *p)
{
	const struct tape *t = probe_tape(p->probe);
	struct frame frame;
	unsigned owner, check;
	size_t at = 0;

	while (tape_next(t, &at, &frame, &owner)) {
		check = tape_owner_check(owner);
		if (check < p->report.check_count &&
		    !check_is_judged(p->results[check].check, tape_owner_turn(owner)))
			continue;
		joins_frame(&p->joins, frame.number, check);
		engine_frame(p->engine, &frame);
	}
	return true;
}

/* ---- from a capture ---- */

struct kept {                           /* what a capture holds of the probe */
	struct probed *probed;
	struct peel *peel;
	struct limits limits;           /* nobody's: the engine counts its own */
	struct map pairs;               /* both ends of a connection -> its struct report_check */
	struct map spared;              /* of one that no judge is to hear of */
	struct map asked;               /* ends that were dialled for a judge */
};

struct pair {
	struct endpoint_key local, remote;
};

static const struct check *check_of(const struct kept *k, const struct endpoint *local,
                                    const struct endpoint *remote, bool *spared)
{
	struct pair pair = { endpoint_key(local), endpoint_key(remote) };
	const struct map_entry *e = map_find(&k->pairs, span_of(&pair, sizeof pair));
	const struct report_check *r = e ? e->value : NULL;

	*spared = r && map_find(&k->spared, span_of(&pair, sizeof pair));
	return r ? r->check : NULL;
}

static bool has_end(const struct map *m, const struct endpoint *e)
{
	struct endpoint_key key = endpoint_key(e);

	return map_find(m, ENDPOINT_SPAN(key)) != NULL;
}

static void learn_pair(struct kept *k, size_t check, unsigned turn, const struct endpoint *local,
                       const struct endpoint *remote)
{
	struct report_check *r = &k->probed->results[check];
	struct pair pair = { endpoint_key(local), endpoint_key(remote) };
	struct map_entry *e = map_put(&k->pairs, span_of(&pair, sizeof pair));

	if (e)
		e->value = r;
	if (check_is_judged(r->check, turn))
		map_put(&k->asked, ENDPOINT_SPAN(pair.remote));
	else
		map_put(&k->spared, span_of(&pair, sizeof pair));
}

/* A check keeps its last talks, the tape all: whose connection it is tells the SYN. */
static void learn_tape(struct kept *k)
{
	const struct tape *t = probe_tape(k->probed->probe);
	struct peel *peel = peel_new(&k->limits);       /* one of its own: it minds copies */
	struct packet packet;
	struct frame frame;
	unsigned owner;
	size_t at = 0;

	while (peel && tape_next(t, &at, &frame, &owner)) {
		if (tape_owner_check(owner) >= k->probed->report.check_count ||
		    !peel_frame(peel, &frame, &packet) || packet.kind != PACKET_TCP ||
		    (packet.tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
			continue;
		learn_pair(k, tape_owner_check(owner), tape_owner_turn(owner), &packet.source,
		           &packet.target);
	}
	peel_free(peel);
}

static void learn(struct kept *k)
{
	learn_tape(k);
	for (size_t i = 0; i < k->probed->report.check_count; i++) {
		const struct check *c = k->probed->results[i].check;

		for (unsigned t = 0; t < c->talk_count; t++)
			learn_pair(k, i, c->talks[t].turn, &c->talks[t].local, &c->talks[t].remote);
	}
}

/* A question for one of our names: its labels stand in it (RFC 1035 section 3.1). */
static bool asks_ours(const struct probed *p, struct span message)
{
	for (size_t i = 0; i < p->report.check_count; i++) {
		const struct check *c = p->results[i].check;
		struct span host = check_host(c->target), via = host_name(span_text(c->proxy));
		struct span label = span_split(&host, '.'), proxy = span_split(&via, '.');

		if (c->rung == CHECK_NAME && label.len && span_ifind(message, label) != SIZE_MAX)
			return true;
		if (c->rung == CHECK_NAME && proxy.len && span_ifind(message, proxy) != SIZE_MAX)
			return true;
	}
	return false;
}

static bool is_kept(struct kept *k, const struct frame *frame)
{
	const struct check *c;
	struct packet packet;
	bool spared;

	if (!peel_frame(k->peel, frame, &packet))
		return false;
	switch (packet.kind) {
	case PACKET_TCP:
		c = check_of(k, &packet.source, &packet.target, &spared);
		c = c ? c : check_of(k, &packet.target, &packet.source, &spared);
		if (spared)
			return false;
		if (c)
			joins_frame(&k->probed->joins, frame->number, c->number);
		return has_end(&k->asked, &packet.source) || has_end(&k->asked, &packet.target);
	case PACKET_UDP:
		return asks_ours(k->probed, packet.udp);
	case PACKET_ICMP:
		return true;
	case PACKET_NONE:
		break;
	}
	return false;
}

static bool read_all(struct probed *p, struct kept *k, struct fault *f)
{
	struct frame frame;

	for (;;) {
		switch (source_next(p->source, &frame, f)) {
		case SOURCE_FRAME:
			if (is_kept(k, &frame))
				engine_frame(p->engine, &frame);
			break;
		case SOURCE_IDLE:
			break;
		case SOURCE_FAULT:
			return false;
		case SOURCE_END:
			return true;
		}
	}
}

bool probed_feed_capture(struct probed *p, struct fault *f)
{
	struct kept k = { .probed = p };
	bool good;

	k.peel = peel_new(&k.limits);
	if (!k.peel)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	map_init(&k.pairs, TALKS_MAX);
	map_init(&k.spared, TALKS_MAX);
	map_init(&k.asked, TALKS_MAX);
	learn(&k);
	p->source = source_open(&p->options.capture, 1, NULL, f);
	good = p->source && read_all(p, &k, f);
	map_release(&k.pairs);
	map_release(&k.spared);
	map_release(&k.asked);
	peel_free(k.peel);
	return good;
}
