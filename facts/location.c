/* facts/location.c - where an update point is, as URLs tell it. */
#include "facts/location.h"

#include "facts/wsuscall.h"

/* The port behind the last colon; an IPv6 address has colons of its own, inside brackets. */
static bool read_port(struct update_url *u)
{
	size_t colon = u->host.len;
	uint64_t port;

	while (colon > 0 && u->host.at[colon - 1] != ':' && u->host.at[colon - 1] != ']')
		colon--;
	if (!colon || u->host.at[colon - 1] == ']')
		return true;
	if (!span_decimal(span_skip(u->host, colon), &port) || !port || port > UINT16_MAX)
		return false;
	u->port = (uint16_t)port;
	u->host.len = colon - 1;
	return true;
}

bool update_url_read(struct span url, struct update_url *u)
{
	struct span rest = span_trim(url);

	*u = (struct update_url){ .tls = span_istarts(rest, SPAN("https://")) };
	if (!u->tls && !span_istarts(rest, SPAN("http://")))
		return false;
	rest = span_skip(rest, u->tls ? 8 : 7);
	u->host = span_split(&rest, '/');
	u->port = u->tls ? 443 : 80;
	return read_port(u) && u->host.len;
}

struct span update_service_url(struct span device_attributes)
{
	return wsus_attribute(device_attributes, "UpdateServiceUrl");
}
