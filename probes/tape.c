/* probes/tape.c - packets in one buffer, and an index that is sorted by their times. */
#include "probes/tape.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/moment.h"
#include "probes/packets.h"

enum {
	LINKTYPE_RAW = 101,
	SEGMENT_USUAL = 1400,           /* where no maximum is known: what links and tunnels leave */
	SEGMENT_LARGE = 60000,          /* where nobody keeps bytes: few heads for many of them */
	HOPS_USUAL = 64,
	WINDOW = 65535,
	HEADS_SHARE = 4,                /* of the ceiling, one part in so many more is for heads alone */
	HEADS_LEAST = 1 << 16,
	SECRETS_MAX = 4 << 20,
};

/* Pieces of one side so close together were one write, or one segment read in parts. */
static const int64_t BURST = MOMENT_MS;

struct entry {
	int64_t time;
	size_t at;                      /* in the bytes */
	uint32_t kept, wire_len;
	unsigned owner;
	enum frame_direction direction;
};

/* The last two packets of the tape, if they are a side's data and what acknowledges it: it may grow. */
struct burst {
	bool open;
	struct endpoint us, them;
	enum tape_side from;
	int64_t time;                   /* of the data */
	uint32_t seq;
	size_t len;
};

struct tape {
	struct buf bytes;
	size_t ceiling;                 /* of bytes; behind it only heads are kept */
	struct entry *entries;          /* by time */
	size_t count, room;
	struct burst burst;
	uint32_t talks;
	uint16_t id;                    /* of the last IPv4 packet */
	uint64_t lost;
	struct buf secrets;
};

struct tape *tape_new(size_t ceiling)
{
	size_t const heads = ceiling / HEADS_SHARE + HEADS_LEAST;
	struct tape *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->ceiling = ceiling;
	buf_init(&t->bytes, ceiling < SIZE_MAX - heads ? ceiling + heads : SIZE_MAX);
	buf_init(&t->secrets, SECRETS_MAX);
	return t;
}

void tape_free(struct tape *t)
{
	if (!t)
		return;
	if (t->secrets.at)
		explicit_bzero(t->secrets.at, t->secrets.room);
	buf_release(&t->secrets);
	buf_release(&t->bytes);
	free(t->entries);
	free(t);
}

static bool more_entries(struct tape *t)
{
	size_t const room = t->room ? t->room * 2 : 256;
	struct entry *entries;

	if (t->count < t->room)
		return true;
	entries = realloc(t->entries, room * sizeof *entries);
	if (!entries)
		return false;
	t->entries = entries;
	t->room = room;
	return true;
}

/* Behind all that is not later. */
static void insert(struct tape *t, const struct entry *e)
{
	size_t at = t->count;

	while (at && t->entries[at - 1].time > e->time)
		at--;
	memmove(t->entries + at + 1, t->entries + at, (t->count - at) * sizeof *e);
	t->entries[at] = *e;
	t->count++;
}

/* A packet, of which the head is kept at least; false: not all of it is. */
static bool put(struct tape *t, unsigned owner, enum frame_direction direction, int64_t time,
                struct span head, struct span payload)
{
	struct entry e = {
		.time = time, .at = t->bytes.len, .owner = owner, .direction = direction,
		.wire_len = (uint32_t)(head.len + payload.len),
	};
	bool const whole = !payload.len || t->bytes.len + head.len + payload.len <= t->ceiling;

	t->burst.open = false;
	if (!more_entries(t) || !buf_add(&t->bytes, head)) {
		t->lost++;
		return false;
	}
	if (whole && buf_add(&t->bytes, payload))
		e.kept = e.wire_len;
	else
		e.kept = (uint32_t)head.len;
	t->lost += e.kept < e.wire_len;
	insert(t, &e);
	return e.kept == e.wire_len;
}

static uint16_t next_id(struct tape *t)
{
	t->id++;
	if (!t->id)                     /* stands for none */
		t->id = 1;
	return t->id;
}

static enum tape_side other(enum tape_side s)
{
	return s == TAPE_US ? TAPE_THEM : TAPE_US;
}

/* Their hops are not known, so they are told as 0. */
static struct packets_way way_of(struct tape *t, const struct tape_talk *k, enum tape_side from)
{
	return (struct packets_way){
		.from = from == TAPE_US ? k->us : k->them,
		.to = from == TAPE_US ? k->them : k->us,
		.hops = from == TAPE_THEM ? 0 : k->hop_limit ? k->hop_limit : HOPS_USUAL,
		.id = addr_is_v4(&k->them.addr) ? next_id(t) : 0,
	};
}

/* The next packet of a side; its numbers are the talk's, and what it acknowledges is all that came. */
static bool say(struct tape *t, const struct tape_talk *k, enum tape_side from, uint8_t flags, int64_t time,
                struct span payload)
{
	struct packets_tcp const tcp = {
		.seq = k->sent[from],
		.ack = flags & PACKETS_ACK ? k->sent[other(from)] : 0,
		.flags = flags,
		.window = flags & PACKETS_RST ? 0 : WINDOW,
		.mss = flags & PACKETS_SYN ? k->mss[from] : 0,
	};
	uint8_t head[PACKETS_HEAD];
	struct packets_way const way = way_of(t, k, from);
	size_t const len = packets_tcp(head, &way, &tcp, payload);

	return put(t, k->owner, from == TAPE_US ? FRAME_OUTBOUND : FRAME_INBOUND, time, span_of(head, len),
	           payload);
}

static void acknowledge(struct tape *t, const struct tape_talk *k, enum tape_side from, int64_t time)
{
	say(t, k, from, PACKETS_ACK, time, span_of(NULL, 0));
}

/* First numbers differ from talk to talk: the same ports with the same number would be the same SYN. */
static uint32_t first_number(struct tape *t)
{
	uint32_t number;

	do
		number = ++t->talks * 2654435761u;
	while (number == UINT32_MAX);
	return number;
}

/* Not under way, and between two addresses of one family. */
static bool may_begin(struct tape *t, const struct tape_talk *k)
{
	if (!t || k->open || k->ended[TAPE_US] || k->ended[TAPE_THEM])
		return false;
	if (addr_is_v4(&k->us.addr) == addr_is_v4(&k->them.addr))
		return true;
	t->lost++;
	return false;
}

void tape_syn(struct tape *t, struct tape_talk *k, int64_t time)
{
	if (!may_begin(t, k))
		return;
	if (!k->sent[TAPE_US])
		k->sent[TAPE_US] = first_number(t) + 1;
	k->sent[TAPE_US]--;
	say(t, k, TAPE_US, PACKETS_SYN, time, span_of(NULL, 0));
	k->sent[TAPE_US]++;
}

/* What answers a SYN follows one. */
static bool may_answer(struct tape *t, struct tape_talk *k, int64_t time)
{
	if (!may_begin(t, k))
		return false;
	if (!k->sent[TAPE_US])
		tape_syn(t, k, time);
	return true;
}

void tape_answered(struct tape *t, struct tape_talk *k, int64_t time)
{
	if (!may_answer(t, k, time))
		return;
	k->sent[TAPE_THEM] = ~k->sent[TAPE_US];
	say(t, k, TAPE_THEM, PACKETS_SYN | PACKETS_ACK, time, span_of(NULL, 0));
	k->sent[TAPE_THEM]++;
	acknowledge(t, k, TAPE_US, time);
	k->open = true;
}

void tape_refused(struct tape *t, struct tape_talk *k, int64_t time)
{
	if (!may_answer(t, k, time))
		return;
	k->sent[TAPE_THEM] = 0;         /* as a reset without a stream says (RFC 9293 section 3.10.7.1) */
	say(t, k, TAPE_THEM, PACKETS_RST | PACKETS_ACK, time, span_of(NULL, 0));
}

static size_t segment_max(const struct tape *t, const struct tape_talk *k, const struct packets_way *way)
{
	uint16_t const ours = k->mss[TAPE_US], theirs = k->mss[TAPE_THEM];
	size_t const room = packets_tcp_room(way);
	size_t max = !ours || (theirs && theirs < ours) ? theirs : ours;

	if (!max)
		max = SEGMENT_USUAL;
	if (t->bytes.len >= t->ceiling)
		max = SEGMENT_LARGE;
	return max < room ? max : room;
}

static bool goes_on(const struct tape *t, const struct tape_talk *k, enum tape_side from, int64_t time)
{
	const struct burst *b = &t->burst;

	return b->open && b->from == from && endpoint_eq(&b->us, &k->us) &&
	       endpoint_eq(&b->them, &k->them) && b->seq + (uint32_t)b->len == k->sent[from] &&
	       time >= b->time && (uint64_t)time - (uint64_t)b->time <= (uint64_t)BURST;
}

/* Two packets lie at the end, in time as in memory. */
static bool are_last(const struct tape *t)
{
	const struct entry *last = t->entries + t->count - 1, *before = last - 1;

	return t->count >= 2 && last->at + last->kept == t->bytes.len &&
	       before->at + before->kept == last->at;
}

/* Data grows by what it has room for: its acknowledgment is taken off, and its head is written anew. */
static void grow(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time,
                 struct span *bytes)
{
	struct burst b = t->burst;
	struct entry *data = t->entries + t->count - 2, *ack = data + 1;
	struct packets_way way = way_of(t, k, from);
	struct packets_tcp const tcp = {
		.seq = b.seq,
		.ack = k->sent[other(from)],
		.flags = PACKETS_PSH | PACKETS_ACK,
		.window = WINDOW,
	};
	size_t const max = segment_max(t, k, &way), head = data->kept - b.len;
	struct span part;

	if (b.len >= max || t->bytes.len - ack->kept + (max - b.len) > t->ceiling)
		return;
	part = span_take(bytes, max - b.len);
	t->bytes.len = ack->at;
	t->count--;
	if (!buf_add(&t->bytes, part)) {
		t->lost++;
		k->sent[from] += (uint32_t)part.len;
		t->burst.open = false;
		return;
	}
	b.len += part.len;
	data->kept = data->wire_len = (uint32_t)(head + b.len);
	packets_tcp(t->bytes.at + data->at, &way, &tcp, span_of(t->bytes.at + data->at + head, b.len));
	k->sent[from] += (uint32_t)part.len;
	acknowledge(t, k, other(from), time);
	t->burst = b;
}

/* One segment, and whether it may grow once it is acknowledged. */
static struct burst segment(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time,
                            struct span part)
{
	struct burst b = {
		.us = k->us,
		.them = k->them,
		.from = from,
		.time = time,
		.seq = k->sent[from],
		.len = part.len,
	};

	b.open = say(t, k, from, PACKETS_PSH | PACKETS_ACK, time, part);
	k->sent[from] += (uint32_t)part.len;
	return b;
}

void tape_bytes(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time, struct span bytes)
{
	struct burst b = { 0 };

	if (!t || !bytes.len)
		return;
	if (!k->open || k->ended[from]) {
		t->lost++;
		return;
	}
	if (goes_on(t, k, from, time))
		grow(t, k, from, time, &bytes);
	if (!bytes.len)
		return;
	while (bytes.len) {
		struct packets_way const way = { .from = k->us, .to = k->them };

		b = segment(t, k, from, time, span_take(&bytes, segment_max(t, k, &way)));
	}
	acknowledge(t, k, other(from), time);
	b.open = b.open && are_last(t);
	t->burst = b;
}

void tape_end(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time)
{
	if (!t || !k->open || k->ended[from])
		return;
	say(t, k, from, PACKETS_FIN | PACKETS_ACK, time, span_of(NULL, 0));
	k->sent[from]++;
	acknowledge(t, k, other(from), time);
	k->ended[from] = true;
	k->open = !k->ended[other(from)];
}

void tape_reset(struct tape *t, struct tape_talk *k, enum tape_side from, int64_t time)
{
	if (!t || !k->open)
		return;
	say(t, k, from, PACKETS_RST | PACKETS_ACK, time, span_of(NULL, 0));
	k->ended[TAPE_US] = k->ended[TAPE_THEM] = true;
	k->open = false;
}

void tape_icmp(struct tape *t, const struct tape_talk *k, const struct addr *from, uint8_t type,
               uint8_t code, int64_t time)
{
	uint8_t quoted[PACKETS_HEAD], bytes[PACKETS_ERROR];
	struct packets_tcp const syn = {
		.seq = k->sent[TAPE_US] - !k->open,
		.flags = PACKETS_SYN,
		.window = WINDOW,
		.mss = k->mss[TAPE_US],
	};
	struct packets_way ours, way = { .from.addr = *from, .to.addr = k->us.addr };
	size_t len;

	if (!t)
		return;
	if (addr_is_v4(from) != addr_is_v4(&k->us.addr) || addr_is_v4(from) != addr_is_v4(&k->them.addr)) {
		t->lost++;
		return;
	}
	ours = way_of(t, k, TAPE_US);
	way.id = ours.id;
	len = packets_tcp(quoted, &ours, &syn, span_of(NULL, 0));
	len = packets_error(bytes, &way, type, code, span_of(quoted, len));
	put(t, k->owner, FRAME_INBOUND, time, span_of(bytes, len), span_of(NULL, 0));
}

void tape_datagram(struct tape *t, unsigned owner, const struct endpoint *from, const struct endpoint *to,
                   int64_t time, struct span bytes)
{
	struct packets_way way = { .from = *from, .to = *to, .hops = HOPS_USUAL };
	uint8_t head[PACKETS_HEAD];
	size_t len;

	if (!t)
		return;
	if (addr_is_v4(&from->addr) != addr_is_v4(&to->addr) || bytes.len > packets_udp_room(&way)) {
		t->lost++;
		return;
	}
	way.id = addr_is_v4(&to->addr) ? next_id(t) : 0;
	len = packets_udp(head, &way, bytes);
	put(t, owner, FRAME_UNKNOWN, time, span_of(head, len), bytes);
}

void tape_secret(struct tape *t, struct span line)
{
	line = span_trim(line);
	if (!t || !line.len || !buf_reserve(&t->secrets, line.len + 1))
		return;
	buf_add(&t->secrets, line);
	buf_add_byte(&t->secrets, '\n');
}

struct span tape_secrets(const struct tape *t)
{
	return buf_span(&t->secrets);
}

bool tape_next(const struct tape *t, size_t *at, struct frame *frame, unsigned *owner)
{
	const struct entry *e;

	if (*at >= t->count)
		return false;
	e = t->entries + (*at)++;
	*owner = e->owner;
	*frame = (struct frame){
		.number = *at,
		.time = e->time,
		.bytes = { t->bytes.at + e->at, e->kept },
		.wire_len = e->wire_len,
		.link_type = LINKTYPE_RAW,
		.direction = e->direction,
	};
	return true;
}

uint64_t tape_lost(const struct tape *t)
{
	return t->lost;
}
