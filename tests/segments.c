/* tests/segments.c - a small reader of scripts; a mistake in one ends the test. */
#include "tests/segments.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/moment.h"

static void bad(const char *at)
{
	fprintf(stderr, "script not understood at: %.40s\n", at);
	abort();
}

void segments_init(struct segments *s, const char *script)
{
	static const uint8_t client[] = { 198, 51, 100, 7 }, server[] = { 192, 0, 2, 1 };

	s->script = script;
	s->first[CLIENT] = 1000;
	s->first[SERVER] = 5000;
	s->ends[CLIENT] = (struct endpoint){ addr_v4(client), 50000 };
	s->ends[SERVER] = (struct endpoint){ addr_v4(server), 8530 };
	s->frame = 0;
	s->time = 1000 * MOMENT_S;
}

uint8_t segments_pattern(uint64_t offset)
{
	return (uint8_t)('a' + offset % 26);
}

static uint64_t number(const char **at)
{
	char *end;
	uint64_t value = strtoull(*at, &end, 10);

	if (end == *at)
		bad(*at);
	*at = end;
	return value;
}

static void spaces(const char **at)
{
	*at += strspn(*at, " \t");
}

static bool line_over(const char *at)
{
	return !*at || *at == '\n' || *at == ';';
}

static void pass_time(struct segments *s, const char **at)
{
	int64_t amount = (int64_t)strtoll(*at, NULL, 10);

	*at += strspn(*at, "+-0123456789");
	if (!strncmp(*at, "ms", 2))
		s->time += amount * MOMENT_MS;
	else if (!strncmp(*at, "us", 2))
		s->time += amount * 1000;
	else if (**at == 's')
		s->time += amount * MOMENT_S;
	else
		bad(*at);
	*at += strspn(*at, "msu");
}

static uint8_t flags(const char **at)
{
	static const char letters[] = "FSRPA";
	uint8_t bits = 0;

	for (const char *found; **at && (found = strchr(letters, **at)); (*at)++)
		bits = (uint8_t)(bits | 1 << (found - letters));
	return bits;
}

/* What a line may carry behind its numbers. */
struct setting {
	uint64_t ttl, win, mss, cap, wire, port, at, mtu;
};

static void setting(const char **at, struct setting *set)
{
	const struct {
		const char *name;
		uint64_t *value;
	} names[] = {
		{ "ttl=", &set->ttl },
		{ "win=", &set->win },
		{ "mss=", &set->mss },
		{ "cap=", &set->cap },
		{ "wire=", &set->wire },
		{ "port=", &set->port },
		{ "at=", &set->at },
		{ "mtu=", &set->mtu },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len = strlen(names[i].name);

		if (!strncmp(*at, names[i].name, len)) {
			*at += len;
			*names[i].value = number(at);
			return;
		}
	}
	bad(*at);
}

/* Payload in quotes or as a pattern; returns its length. */
static size_t payload(struct segments *s, const char **at, uint64_t offset)
{
	size_t len = 0;

	if (**at == '*') {
		(*at)++;
		len = (size_t)number(at);
		if (len > sizeof s->payload)
			bad(*at);
		for (size_t i = 0; i < len; i++)
			s->payload[i] = segments_pattern(offset + i);
		return len;
	}
	for ((*at)++; **at && **at != '"'; (*at)++)
		s->payload[len++] = (uint8_t)(*at)[0];
	if (!**at)
		bad("no closing quote");
	(*at)++;
	return len;
}

static void tcp_line(struct segments *s, const char **at, struct packet *p)
{
	enum side const from = **at == '>' ? CLIENT : SERVER;
	struct setting set = { .ttl = from == CLIENT ? 128 : 60, .win = 65535, .cap = UINT64_MAX };
	uint64_t seq, ack = 0;
	size_t len = 0;

	++*at;
	spaces(at);
	*p = (struct packet){ .kind = PACKET_TCP };
	p->source = s->ends[from];
	p->target = s->ends[side_other(from)];
	p->tcp.flags = flags(at);
	spaces(at);
	seq = number(at);
	spaces(at);
	if (**at >= '0' && **at <= '9')
		ack = number(at);
	for (spaces(at); !line_over(*at); spaces(at)) {
		if (**at == '"' || **at == '*')
			len = payload(s, at, seq - 1);
		else
			setting(at, &set);
	}
	if (set.at)
		s->frame = set.at - 1;
	p->frame = ++s->frame;
	p->time = s->time;
	p->ttl = (uint8_t)set.ttl;
	p->wire = (uint32_t)set.wire;
	if (set.port)
		(from == CLIENT ? &p->source : &p->target)->port = (uint16_t)set.port;
	p->tcp.seq = (uint32_t)seq + s->first[from];
	p->tcp.ack = p->tcp.flags & TCP_ACK ? (uint32_t)ack + s->first[side_other(from)] : 0;
	p->tcp.window = (uint16_t)set.win;
	p->tcp.mss = (uint16_t)set.mss;
	p->tcp.len = (uint32_t)len;
	p->tcp.payload = span_of(s->payload, set.cap < len ? (size_t)set.cap : len);
}

static void icmp_line(struct segments *s, const char **at, struct icmp_error *error)
{
	static const uint8_t router[] = { 203, 0, 113, 9 };
	struct setting set = { 0 };

	*at += strlen("icmp");
	*error = (struct icmp_error){
		.frame = ++s->frame,
		.time = s->time,
		.from = addr_v4(router),
		.to = s->ends[CLIENT].addr,
		.quotes_tcp = true,
		.source = s->ends[CLIENT],
		.target = s->ends[SERVER],
		.seq = s->first[CLIENT],
	};
	error->type = (uint8_t)number(at);
	error->code = (uint8_t)number(at);
	for (spaces(at); !line_over(*at); spaces(at))
		setting(at, &set);
	error->mtu = (uint16_t)set.mtu;
	error->wire = (uint32_t)set.wire;
}

enum segment_kind segments_next(struct segments *s, struct packet *packet, struct icmp_error *error)
{
	enum segment_kind kind = SEGMENTS_OVER;
	const char *at = s->script;

	while (kind == SEGMENTS_OVER && *(at += strspn(at, " \t\n;"))) {
		if (*at == '+' || *at == '-') {
			pass_time(s, &at);
		} else if (*at == '<' || *at == '>') {
			tcp_line(s, &at, packet);
			kind = SEGMENT_TCP;
		} else if (!strncmp(at, "icmp", 4)) {
			icmp_line(s, &at, error);
			kind = SEGMENT_ICMP;
		} else {
			bad(at);
		}
	}
	s->script = at;
	return kind;
}
