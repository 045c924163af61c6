/* analyzers/place.c - update points by name, address and port. */
#include "analyzers/place.h"

#include <stdio.h>

#include "analyzers/kept.h"
#include "analyzers/addrnames.h"
#include "analyzers/web.h"
#include "facts/location.h"

enum { ADDRESSES = 16 };

bool place_read(struct span url, struct place *p)
{
	struct update_url u;

	*p = (struct place){ .port = 0 };
	if (!update_url_read(url, &u) || u.host.len >= sizeof p->host)
		return false;
	p->tls = u.tls;
	p->port = u.port;
	web_printable(u.host, p->host, sizeof p->host);
	for (char *c = p->host; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + ('a' - 'A'));
	return true;
}

const struct place *place_kept(struct map *places, struct span url, struct limits *limits)
{
	char text[PLACE_TEXT];
	struct place read, *kept;

	if (!place_read(url, &read))
		return NULL;
	kept = kept_value(places, span_text(place_text(&read, text)), sizeof *kept, limits);
	if (kept)
		*kept = read;
	return kept;
}

const char *place_text(const struct place *p, char text[static PLACE_TEXT])
{
	snprintf(text, PLACE_TEXT, "http%s://%s:%u", p->tls ? "s" : "", p->host, p->port);
	return text;
}

/* ---- what is dialled ---- */

struct dialled dialled_by(const struct exchange *x)
{
	return (struct dialled){
		.host = x->tunnel && !x->host.len ? x->tunnel->host : x->host,
		.server = x->via_proxy ? NULL : &x->conn->server,
	};
}

const char *dialled_text(const struct dialled *d, char text[static PLACE_TEXT])
{
	text[0] = '\0';
	if (d->host.len)
		web_printable(d->host, text, PLACE_TEXT);
	else if (d->server)
		endpoint_text(d->server, text);
	return text;
}

/* Host and port of a Host header; 0: it tells no port. */
static struct span name_of(struct span host, uint16_t *port)
{
	struct span rest = host;
	uint64_t value = 0;
	size_t colon;

	*port = 0;
	if (host.len && host.at[0] == '[') {
		span_split(&rest, ']');
		host.len -= rest.len;
	} else {
		colon = span_byte(host, ':');
		rest = colon == SIZE_MAX ? SPAN("") : span_skip(host, colon);
		host.len -= rest.len;
	}
	if (rest.len && rest.at[0] == ':' && span_decimal(span_skip(rest, 1), &value) && value <= UINT16_MAX)
		*port = (uint16_t)value;
	return host;
}

bool place_is_named(const struct place *p, struct span name)
{
	struct span own = span_text(p->host), first = own, asked = name;
	struct addr addr;

	if (span_ieq(own, name))
		return true;
	if (!name.len || addr_parse(own, &addr) || addr_parse(name, &addr))
		return false;
	first = span_split(&first, '.');
	asked = span_split(&asked, '.');
	return (first.len == own.len || asked.len == name.len) && span_ieq(first, asked);
}

/* ---- comparing ---- */

/* Addresses that the name has, as far as lookups show, or that it is; how many. */
static size_t addresses_of(struct span name, const struct addrnames *names,
			   struct addr known[static ADDRESSES])
{
	size_t count;

	if (addr_parse(name, &known[0]))
		return 1;
	count = names && name.len ? addrnames_addresses(names, name, known, ADDRESSES) : 0;
	return count < ADDRESSES ? count : ADDRESSES;
}

/* Is one of these addresses the place's? */
static enum place_match match_addresses(const struct place *p, const struct addr *at, size_t count,
                                        const struct addrnames *names)
{
	struct addr known[ADDRESSES];
	size_t own = addresses_of(span_text(p->host), names, known);

	for (size_t i = 0; i < own; i++)
		for (size_t k = 0; k < count; k++)
			if (addr_eq(&known[i], &at[k]))
				return PLACE_SAME;
	return own && count ? PLACE_OTHER : PLACE_UNSURE;
}

/* A Host without a port stands for 80 or 443; what ends TLS on the way leaves it as it is. */
static enum place_match match_port(const struct place *p, uint16_t port)
{
	bool same = port ? port == p->port : p->port == 80 || p->port == 443;

	return same ? PLACE_SAME : PLACE_OTHER_PORT;
}

enum place_match place_match(const struct place *p, const struct dialled *d, const struct addrnames *names)
{
	enum place_match by_address;
	struct addr dialled[ADDRESSES], literal;
	uint16_t port;
	struct span name = name_of(d->host, &port);
	size_t count;

	if (place_is_named(p, name))
		return match_port(p, port);
	/* Another name may be one of the same machine. */
	count = addresses_of(name, names, dialled);
	by_address = match_addresses(p, dialled, count, names);
	if (by_address != PLACE_SAME && d->server)
		by_address = match_addresses(p, &d->server->addr, 1, names);
	if (by_address == PLACE_SAME)
		return match_port(p, d->host.len || !d->server ? port : d->server->port);
	return name.len && !addr_parse(name, &literal) ? PLACE_OTHER : by_address;
}
