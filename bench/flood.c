/* bench/flood.c - what strangers may send to a segment, without end: a pcap on standard output.
 *
 *   flood KIND COUNT [SEED [GAP_US]]           KIND: see the table below
 *   flood fuzz COUNT [SEED [GAP_US]] <PCAP     COUNT frames of a pcap of Ethernet, each a little broken
 *
 * COUNT is packets or connections.  Behind them a client of its own, 172.31.0.77, asks 172.16.0.1 three
 * times and gets 503: that is to be found all the same.  Same arguments, same bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "bench/random.h"

#define EPOCH_US INT64_C(1773129600000000)      /* 2026-03-10 08:00:00 UTC */

enum { FRAME_MAX = 65536, ETHERNET = 14, IPV4 = 20, IPV6 = 40, TCP = 20, UDP = 8 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_FRAGMENT = 44 };
enum { WSUS = 8530 };

/* All that are not drawn are of 172.16.0.0/12. */
#define SERVER      0xac100001U
#define LAST_CLIENT 0xac1f004dU
#define LEASED      0xac110000U
#define RESOLVER    0xac100035U
#define DHCP        0xac100043U

static const int64_t us_a_day = INT64_C(86400000000);

struct flood {
	struct rng rng;
	int64_t us, gap;
	uint8_t frame[FRAME_MAX];
	uint64_t frames;
};

struct end {
	uint32_t ip;
	uint16_t port;
};

static void put_bytes(uint8_t *at, struct span bytes)
{
	if (bytes.len)
		memcpy(at, bytes.at, bytes.len);
}

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v & 0xffff);
}

static void put_record(int64_t us, const uint8_t *bytes, size_t len)
{
	uint32_t const whole = (uint32_t)len;
	uint32_t head[4] = { (uint32_t)(us / 1000000), (uint32_t)(us % 1000000), whole, whole };

	fwrite(head, sizeof head, 1, stdout);
	fwrite(bytes, len, 1, stdout);
}

static void put(struct flood *f, size_t len)
{
	put_record(f->us, f->frame, len);
	f->frames++;
	f->us += f->gap;
}

static void checksum(uint8_t *at)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < IPV4; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	put16(at + 10, ~(sum + (sum >> 16)) & 0xffff);
}

/* Ethernet and IPv4 around `len` bytes; returns where these begin. */
static uint8_t *ipv4(struct flood *f, uint32_t from, uint32_t to, uint8_t protocol, size_t len)
{
	uint8_t *at = f->frame;

	memcpy(at, "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", ETHERNET);
	at += ETHERNET;
	memset(at, 0, IPV4);
	at[0] = 0x45;
	put16(at + 2, (uint32_t)(IPV4 + len));
	put16(at + 4, (uint32_t)(f->frames % 0xffff + 1));
	at[8] = 64;
	at[9] = protocol;
	put32(at + 12, from);
	put32(at + 16, to);
	checksum(at);
	return at + IPV4;
}

static void tcp(struct flood *f, struct end from, struct end to, uint32_t seq, uint32_t ack,
                uint8_t flags, const char *data)
{
	struct span text = data ? span_text(data) : span_of(NULL, 0);
	uint8_t *at = ipv4(f, from.ip, to.ip, PROTO_TCP, TCP + text.len);

	memset(at, 0, TCP);
	put16(at, from.port);
	put16(at + 2, to.port);
	put32(at + 4, seq);
	put32(at + 8, ack);
	at[12] = 0x50;
	at[13] = flags;
	put16(at + 14, 0xffff);
	put_bytes(at + TCP, text);
	put(f, ETHERNET + IPV4 + TCP + text.len);
}

static void udp(struct flood *f, struct end from, struct end to, const void *data, size_t len)
{
	uint8_t *at = ipv4(f, from.ip, to.ip, PROTO_UDP, UDP + len);

	put16(at, from.port);
	put16(at + 2, to.port);
	put16(at + 4, (uint32_t)(UDP + len));
	put16(at + 6, 0);
	memcpy(at + UDP, data, len);
	put(f, ETHERNET + IPV4 + UDP + len);
}

static uint32_t any_address(struct flood *f)
{
	return 0x0b000000 + rng_below(&f->rng, 0xc0000000);
}

static uint16_t any_port(struct flood *f)
{
	return (uint16_t)rng_range(&f->rng, 1024, 65535);
}

static const struct end server = { SERVER, WSUS };

static void shake(struct flood *f, struct end client, struct end with)
{
	tcp(f, client, with, 0, 0, SYN, NULL);
	tcp(f, with, client, 0, 1, SYN | ACK, NULL);
	tcp(f, client, with, 1, 1, ACK, NULL);
}

static void exchange(struct flood *f, struct end client, struct end with, const char *ask,
                     const char *answer)
{
	uint32_t asked = 1 + (uint32_t)strlen(ask), answered = 1 + (uint32_t)strlen(answer);

	shake(f, client, with);
	tcp(f, client, with, 1, 1, ACK | PSH, ask);
	tcp(f, with, client, 1, asked, ACK | PSH, answer);
	tcp(f, client, with, asked, answered, ACK | FIN, NULL);
	tcp(f, with, client, answered, asked + 1, ACK | FIN, NULL);
	tcp(f, client, with, asked + 1, answered + 1, ACK, NULL);
}

static const char ask[] = "POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: wsus:8530\r\n"
			  "User-Agent: Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.33\r\n"
			  "SOAPAction: \"http://www.microsoft.com/SoftwareDistribution/Server/"
			  "ClientWebService/GetConfig\"\r\nContent-Length: 0\r\n\r\n";
static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
static const char fine[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/* ---- one unit of each kind; `i` counts them ---- */

static void syn(struct flood *f, uint64_t i)
{
	(void)i;
	tcp(f, (struct end){ any_address(f), any_port(f) }, server, (uint32_t)rng_next(&f->rng), 0, SYN,
	    NULL);
}

static void synack(struct flood *f, uint64_t i)
{
	(void)i;
	tcp(f, server, (struct end){ any_address(f), any_port(f) }, 5, (uint32_t)rng_next(&f->rng),
	    SYN | ACK, NULL);
}

static void reset(struct flood *f, uint64_t i)
{
	(void)i;
	tcp(f, (struct end){ any_address(f), any_port(f) }, server, 1, 1, RST | ACK, NULL);
}

static void midway(struct flood *f, uint64_t i)
{
	(void)i;
	tcp(f, (struct end){ any_address(f), any_port(f) }, server, (uint32_t)rng_next(&f->rng), 1, ACK | PSH,
	    ask);
}

static void udp_any(struct flood *f, uint64_t i)
{
	uint8_t noise[200];

	(void)i;
	rng_fill(&f->rng, noise, sizeof noise);
	udp(f, (struct end){ any_address(f), any_port(f) },
	    (struct end){ SERVER, (uint16_t)rng_below(&f->rng, 65536) }, noise, rng_below(&f->rng, 200));
}

/* A question for "HOST.corp.example", or its answer. */
static size_t name_message(struct flood *f, uint8_t at[static 128], bool answer, uint64_t i)
{
	size_t len = 12;
	char host[24];
	int host_len = snprintf(host, sizeof host, "wsus%llx", (unsigned long long)(i & 0xffffffffff));

	memset(at, 0, 128);
	put16(at, rng_below(&f->rng, 65536));
	put16(at + 2, answer ? 0x8183 : 0x0100);
	put16(at + 4, 1);
	at[len++] = (uint8_t)host_len;
	memcpy(at + len, host, (size_t)host_len);
	len += (size_t)host_len;
	put_bytes(at + len, SPAN("\4corp\7example\0\0\1\0\1"));
	return len + 18;
}

static void question(struct flood *f, uint64_t i)
{
	uint8_t m[128];
	size_t len = name_message(f, m, false, i);

	udp(f, (struct end){ any_address(f), any_port(f) }, (struct end){ RESOLVER, 53 }, m, len);
}

static void unasked(struct flood *f, uint64_t i)
{
	uint8_t m[128];
	size_t len = name_message(f, m, true, i);

	udp(f, (struct end){ RESOLVER, 53 }, (struct end){ any_address(f), any_port(f) }, m, len);
}

static void everyone(struct flood *f, uint64_t i)
{
	uint8_t m[128];
	size_t len = name_message(f, m, false, i);

	udp(f, (struct end){ any_address(f), any_port(f) }, (struct end){ 0xe00000fc, 5355 }, m, len);
}

static void unreachable(struct flood *f, uint64_t i)
{
	uint32_t client = any_address(f);
	uint8_t quoted[8 + IPV4 + 8] = { 3, 13 }, *at;

	(void)i;
	ipv4(f, client, SERVER, PROTO_TCP, TCP);
	memcpy(quoted + 8, f->frame + ETHERNET, IPV4);
	put16(quoted + 8 + IPV4, any_port(f));
	put16(quoted + 8 + IPV4 + 2, WSUS);
	at = ipv4(f, any_address(f), client, PROTO_ICMP, sizeof quoted);
	memcpy(at, quoted, sizeof quoted);
	put(f, ETHERNET + IPV4 + sizeof quoted);
}

/* Each has a client of its own, is asked something, and never ends. */
static void endless(struct flood *f, uint64_t i)
{
	struct end client = { 0x0b000000 + (uint32_t)i, 40000 };

	shake(f, client, server);
	tcp(f, client, server, 1, 1, ACK | PSH, "POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: ws");
}

static void hello(struct flood *f, uint64_t i)
{
	struct end client = { 0x0b000000 + (uint32_t)i, 40000 }, with = { SERVER, 8531 };

	shake(f, client, with);
	tcp(f, client, with, 1, 1, ACK | PSH,
	    "\x16\x03\x01\x02\x70\x01\x01\x01\x6c\x03\x03" "0123456789abcdef");
}

static void fragment(struct flood *f, uint64_t i)
{
	uint8_t *at = ipv4(f, any_address(f), SERVER, PROTO_UDP, 1024);

	rng_fill(&f->rng, at, 64);
	memset(at + 64, 'a', 1024 - 64);
	put16(at - IPV4 + 4, rng_below(&f->rng, 65536));
	put16(at - IPV4 + 6, i % 2 ? 0x2000 : 0x2000 | rng_below(&f->rng, 8000));
	checksum(at - IPV4);
	put(f, ETHERNET + IPV4 + 1024);
}

static void fragment6(struct flood *f, uint64_t i)
{
	uint8_t *at = f->frame + ETHERNET;

	memcpy(f->frame, "\2\0\0\0\0\1\2\0\0\0\0\2\x86\xdd", ETHERNET);
	memset(at, 0, IPV6 + 8 + 1024);
	at[0] = 0x60;
	put16(at + 4, 8 + 1024);
	at[6] = PROTO_FRAGMENT;
	at[7] = 64;
	rng_fill(&f->rng, at + 8, 16);
	at[8] = 0x20;
	put_bytes(at + 24, SPAN("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"));
	at[IPV6] = PROTO_UDP;
	put16(at + IPV6 + 2, (i % 2 ? 0 : rng_below(&f->rng, 8000)) << 3 | 1);
	put32(at + IPV6 + 4, (uint32_t)rng_next(&f->rng));
	put(f, ETHERNET + IPV6 + 8 + 1024);
}

/* A lease of a new machine at an address of 65536, in turn. */
static void lease(struct flood *f, uint64_t i)
{
	uint8_t m[300] = { 1, 1, 6 };
	uint32_t address = LEASED + (uint32_t)(i & 0xffff);
	char name[16];
	int len = snprintf(name, sizeof name, "PC-%08llX", (unsigned long long)i);

	put32(m + 4, (uint32_t)i);
	put_bytes(m + 28, SPAN("\2\1"));
	put32(m + 30, (uint32_t)i);
	put_bytes(m + 236, SPAN("\x63\x82\x53\x63\x35\1\3\x0c"));
	m[244] = (uint8_t)len;
	memcpy(m + 245, name, (size_t)len);
	m[245 + len] = 0xff;
	udp(f, (struct end){ 0, 68 }, (struct end){ 0xffffffff, 67 }, m, sizeof m);
	m[0] = 2;
	put32(m + 16, address);
	put_bytes(m + 240, SPAN("\x35\1\5\xff"));
	udp(f, (struct end){ DHCP, 67 }, (struct end){ address, 68 }, m, sizeof m);
}

/* A client that comes, leases, asks and is served (one in a hundred is not), and comes back some time. */
static void churn(struct flood *f, uint64_t i)
{
	uint64_t machine = i % 200000;
	struct rng turn = rng_of(machine, i / 200000);
	struct end client = { LEASED + rng_below(&turn, 1 << 20), (uint16_t)(1024 + i / 7 % 60000) };

	lease(f, machine);
	exchange(f, client, server, ask, machine % 100 ? fine : busy);
}

/* The clock goes a year forward for one packet of a hundred thousand, an hour back, or stays so. */
static void jumps(struct flood *f, uint64_t i)
{
	struct end client = { LEASED + (uint32_t)(i % 1000), (uint16_t)(1024 + i / 1000) };

	if (i % 5000 == 1000)
		f->us += 365 * us_a_day;
	if (i % 5000 == 1001)
		f->us -= 365 * us_a_day;
	if (i % 5000 == 3000)
		f->us -= us_a_day / 24;
	if (i % 3)
		exchange(f, client, server, ask, fine);
	else
		tcp(f, client, server, 0, 0, SYN, NULL);
}

/* ---- broken frames ---- */

/* The next frame of standard input, from its beginning again at its end. */
static size_t next_frame(uint8_t to[static FRAME_MAX])
{
	uint32_t head[4];

	for (int tries = 0; tries < 2; tries++) {
		if (fread(head, sizeof head, 1, stdin) == 1 && head[2] < FRAME_MAX &&
		    fread(to, 1, head[2], stdin) == head[2])
			return head[2];
		fseek(stdin, 24, SEEK_SET);
	}
	fputs("flood: fuzz reads a pcap file from standard input\n", stderr);
	exit(1);
}

static void fuzz(struct flood *f, uint64_t i)
{
	size_t len = next_frame(f->frame);
	uint32_t times = rng_below(&f->rng, 4);

	(void)i;
	if (!len)
		return;
	/* Headers are where it hurts. */
	for (uint32_t n = 0; n < times; n++) {
		size_t within = rng_chance(&f->rng, 7000) && len > 80 ? 80 : len;
		size_t at = rng_below(&f->rng, (uint32_t)within);

		if (rng_chance(&f->rng, 5000))
			f->frame[at] = (uint8_t)rng_next(&f->rng);
		else
			f->frame[at] ^= (uint8_t)(1 << rng_below(&f->rng, 8));
	}
	if (rng_chance(&f->rng, 500))
		len = 1 + rng_below(&f->rng, (uint32_t)len);
	put(f, len);
}

static const struct kind {
	const char *name;
	void (*one)(struct flood *f, uint64_t i);
	int64_t gap_us;                 /* between packets, unless told */
} kinds[] = {
	{ "syn",       syn,         10 },
	{ "synack",    synack,      10 },
	{ "reset",     reset,       10 },
	{ "midway",    midway,      10 },
	{ "udp",       udp_any,     10 },
	{ "dns",       question,    10 },
	{ "unasked",   unasked,     10 },
	{ "llmnr",     everyone,    10 },
	{ "icmp",      unreachable, 10 },
	{ "endless",   endless,     10 },
	{ "hello",     hello,       10 },
	{ "fragment",  fragment,    10 },
	{ "fragment6", fragment6,   10 },
	{ "lease",     lease,       1000 },
	{ "churn",     churn,       1000000 },
	{ "jumps",     jumps,       1000 },
	{ "fuzz",      fuzz,        10 },
};

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

int main(int argc, char **argv)
{
	static const uint32_t file_head[] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 262144, 1 };
	static struct flood f;
	const struct kind *kind = argc > 2 ? kind_named(argv[1]) : NULL;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

	if (!kind) {
		fputs("usage: flood KIND COUNT [SEED [GAP_US]]\n", stderr);
		return 2;
	}
	f.rng = rng_of(argc > 3 ? strtoull(argv[3], NULL, 10) : 1, 0);
	f.gap = argc > 4 ? strtoll(argv[4], NULL, 10) : kind->gap_us;
	f.us = EPOCH_US;
	setvbuf(stdout, NULL, _IOFBF, 1 << 20);
	fwrite(file_head, sizeof file_head, 1, stdout);
	for (uint64_t i = 0; i < count; i++)
		kind->one(&f, i);
	f.gap = 1000;
	for (uint16_t i = 0; i < 3; i++)
		exchange(&f, (struct end){ LAST_CLIENT, (uint16_t)(50000 + i) }, server, ask, busy);
	return fflush(stdout) ? 1 : 0;
}
