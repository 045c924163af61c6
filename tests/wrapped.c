/* tests/wrapped.c - layers put before each other, from the innermost. */
#include "tests/wrapped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PAYLOAD = 24 };

/* How a header ends, or what fields of it tell of what follows. */
enum fills {
	PLAIN,
	TYPED,                  /* the Ethernet type is its last two bytes */
	TYPE_FIRST,             /* its first two */
	TYPE_THIRD,             /* from the third byte */
	NEXT_FIRST,             /* the IP protocol is its first byte */
	IP4, IP6, UDP, PPPOE,
};

static const struct layer {
	const char *name;
	struct span header;
	enum fills fills;
	unsigned ether_type, protocol;  /* by which it is known to the layer before it */
} layers[] = {
	{ "eth", SPAN_LIT("\2\0\0\0\0\1\2\0\0\0\0\2\0\0"), TYPED, 0x6558, 143 },
	{ "sll", SPAN_LIT("\0\0\0\1\0\6\2\0\0\0\0\2\0\0\0\0"), TYPED, 0, 0 },
	{ "sll2", SPAN_LIT("\0\0\0\0\0\0\0\3\0\1\0\6\2\0\0\0\0\2\0\0"), TYPE_FIRST, 0, 0 },
	{ "radiotap", SPAN_LIT("\0\0\10\0\0\0\0\0"), PLAIN, 0, 0 },
	{ "wifi", SPAN_LIT("\x08\2\0\0\2\0\0\0\0\1\2\0\0\0\0\2\2\0\0\0\0\3\0\0"), PLAIN, 0, 0 },
	{ "q", SPAN_LIT("\0\7\0\0"), TYPED, 0x8100, 0 },
	{ "ad", SPAN_LIT("\0\7\0\0"), TYPED, 0x88a8, 0 },
	{ "q9100", SPAN_LIT("\0\7\0\0"), TYPED, 0x9100, 0 },
	{ "q9200", SPAN_LIT("\0\7\0\0"), TYPED, 0x9200, 0 },
	{ "vntag", SPAN_LIT("\0\0\0\0\0\0"), TYPED, 0x8926, 0 },
	{ "pbb", SPAN_LIT("\0\0\0\7"), PLAIN, 0x88e7, 0 },
	{ "mpls", SPAN_LIT("\0\x10\1\x40"), PLAIN, 0x8847, 137 },
	{ "label", SPAN_LIT("\0\x20\0\x40"), PLAIN, 0x8847, 137 },       /* not the last one */
	{ "pppoe", SPAN_LIT("\x11\0\0\7\0\0\0\x21"), PPPOE, 0x8864, 0 },
	{ "snap", SPAN_LIT("\xaa\xaa\3\0\0\0\0\0"), TYPED, 0, 0 },
	{ "llc", SPAN_LIT("\6\6\3"), PLAIN, 0, 0 },
	{ "ip4", SPAN_LIT("\x45\0\0\0\0\1\0\0\x40\0\0\0\xc0\0\2\1\xc0\0\2\2"), IP4, 0x0800, 4 },
	{ "ip4later", SPAN_LIT("\x45\0\0\0\0\1\0\xb9\x40\0\0\0\xc0\0\2\1\xc0\0\2\2"), IP4, 0x0800, 4 },
	{ "ip6", SPAN_LIT("\x60\0\0\0\0\0\0\x40\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
	                  "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2"), IP6, 0x86dd, 41 },
	{ "hop", SPAN_LIT("\0\0\1\4\0\0\0\0"), NEXT_FIRST, 0, 0 },
	{ "route", SPAN_LIT("\0\0\0\0\0\0\0\0"), NEXT_FIRST, 0, 43 },
	{ "destination", SPAN_LIT("\0\0\1\4\0\0\0\0"), NEXT_FIRST, 0, 60 },
	{ "fragment", SPAN_LIT("\0\0\5\xc8\0\0\0\7"), NEXT_FIRST, 0, 44 },
	{ "ah", SPAN_LIT("\0\1\0\0\0\0\0\7\0\0\0\1"), NEXT_FIRST, 0, 51 },
	{ "gre", SPAN_LIT("\0\0\0\0"), TYPED, 0, 47 },
	{ "erspan", SPAN_LIT("\2\0\0\0\0\1\2\0\0\0\0\2\0\0"), TYPED, 0x88be, 0 },
	{ "etherip", SPAN_LIT("\x30\0"), PLAIN, 0, 97 },
	{ "vxlan", SPAN_LIT("\x08\0\0\0\0\0\7\0"), PLAIN, 0, 0 },
	{ "geneve", SPAN_LIT("\0\0\0\0\0\0\7\0"), TYPE_THIRD, 0, 0 },
	{ "gtp", SPAN_LIT("\x30\xff\0\0\0\0\0\7"), PLAIN, 0, 0 },
	{ "tzsp", SPAN_LIT("\1\0\0\1\1"), PLAIN, 0, 0 },
	{ "tcp", SPAN_LIT("\xc0\0\0\0\0\0\0\1\0\0\0\0\x50\2\x10\0\0\0\0\0"), PLAIN, 0, 6 },
	{ "udp", SPAN_LIT("\xc0\0\0\0\0\0\0\0"), UDP, 0, 17 },
	{ "icmp", SPAN_LIT("\3\3\0\0\0\0\0\0"), PLAIN, 0, 1 },
	{ "icmp6", SPAN_LIT("\1\4\0\0\0\0\0\0"), PLAIN, 0, 58 },
	{ "arp", SPAN_LIT("\0\1\x08\0\6\4\0\1"), PLAIN, 0x0806, 0 },
};

static void put_16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void fill(const struct wrapped *w, const struct layer *l, uint8_t *h)
{
	size_t inner = WRAPPED_MAX - w->at - l->header.len;
	unsigned type = w->ether_type ? w->ether_type : (unsigned)inner;        /* LLC has none: a length */

	switch (l->fills) {
	case PLAIN:      break;
	case TYPED:      put_16(h + l->header.len - 2, type); break;
	case TYPE_FIRST: put_16(h, type); break;
	case TYPE_THIRD: put_16(h + 2, type); break;
	case NEXT_FIRST: h[0] = (uint8_t)w->protocol; break;
	case IP4:
		put_16(h + 2, inner + 20);
		h[9] = (uint8_t)w->protocol;
		break;
	case IP6:
		put_16(h + 4, inner);
		h[6] = (uint8_t)w->protocol;
		break;
	case UDP:        put_16(h + 4, inner + 8); break;
	case PPPOE:      put_16(h + 4, inner + 2); break;
	}
}

static void put(struct wrapped *w, const char *name, size_t len)
{
	size_t letters = len;
	const char *port = NULL;

	if (len > 3 && (!strncmp(name, "tcp", 3) || !strncmp(name, "udp", 3))) {
		letters = 3;
		port = name + 3;
	}
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
		const struct layer *l = &layers[i];

		if (strlen(l->name) != letters || strncmp(l->name, name, letters) != 0)
			continue;
		assert_true(w->at >= l->header.len);
		w->at -= l->header.len;
		memcpy(w->room + w->at, l->header.at, l->header.len);
		fill(w, l, w->room + w->at);
		if (port)
			put_16(w->room + w->at + 2, strtoul(port, NULL, 10));
		w->ether_type = l->ether_type;
		w->protocol = l->protocol;
		return;
	}
	fail_msg("no layer has this name: %.*s", (int)len, name);
}

void wrapped_make(struct wrapped *w, const char *names)
{
	const char *end = names + strlen(names);

	*w = (struct wrapped){ .at = WRAPPED_MAX - PAYLOAD };
	while (end > names) {
		const char *begin = end;

		while (begin > names && begin[-1] != ' ')
			begin--;
		put(w, begin, (size_t)(end - begin));
		end = begin > names ? begin - 1 : begin;
	}
}

struct span wrapped_bytes(const struct wrapped *w)
{
	return span_of(w->room + w->at, WRAPPED_MAX - w->at);
}
