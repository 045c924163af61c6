/* decoders/leases.c - a ring of the last requests, and the answers to them. */
#include "decoders/leases.h"

#include <stdlib.h>

#include "decoders/dhcp.h"

enum { PORT_SERVER = 67, PORT_CLIENT = 68, REQUESTS_KEPT = 256, NAME_KEPT = 128 };

struct request {
	uint32_t xid;
	uint8_t mac[DHCP_MAC];
	bool used, asks_proxy;
	size_t name_len;
	uint8_t name[NAME_KEPT];
};

struct leases {
	const struct fact_sink *sink;
	struct request requests[REQUESTS_KEPT];
	size_t next;
};

struct leases *leases_new(const struct fact_sink *sink)
{
	struct leases *l = calloc(1, sizeof *l);

	if (l)
		l->sink = sink;
	return l;
}

void leases_free(struct leases *l)
{
	free(l);
}

static struct request *request_of(struct leases *l, const struct dhcp_message *m)
{
	for (size_t i = 0; i < REQUESTS_KEPT; i++) {
		struct request *r = &l->requests[i];

		if (r->used && r->xid == m->xid && !memcmp(r->mac, m->mac, sizeof r->mac))
			return r;
	}
	return NULL;
}

static void keep_request(struct leases *l, const struct dhcp_message *m)
{
	struct request *r = request_of(l, m);

	if (!r) {
		r = &l->requests[l->next];
		l->next = (l->next + 1) % REQUESTS_KEPT;
		*r = (struct request){ .used = true, .xid = m->xid };
		memcpy(r->mac, m->mac, sizeof r->mac);
	}
	r->asks_proxy |= m->asks_proxy;
	if (m->host_name.len) {
		r->name_len = m->host_name.len < NAME_KEPT ? m->host_name.len : NAME_KEPT;
		memcpy(r->name, m->host_name.bytes, r->name_len);
	}
}

static bool is_nobody(const struct addr *a)
{
	static const uint8_t none[4];

	return !memcmp(a->bytes + 12, none, sizeof none);
}

static void state_lease(struct leases *l, const struct dhcp_message *m, const struct packet *p)
{
	const struct request *r = request_of(l, m);
	struct lease lease = {
		.frame = p->frame,
		.time = p->time,
		.client = is_nobody(&m->your) ? m->client : m->your,
		.server = m->has_server ? m->server : p->source.addr,
		.asked_proxy = r && r->asks_proxy,
		.proxy_script = span_of(m->proxy_script.bytes, m->proxy_script.len),
		.name_server_count = m->name_server_count,
	};
	struct fact fact = { .kind = FACT_LEASE, .time = p->time, .frame = p->frame, .lease = &lease };

	_Static_assert(sizeof lease.name_servers == sizeof m->name_servers, "as many as are read");
	memcpy(lease.name_servers, m->name_servers, sizeof lease.name_servers);
	if (r)
		lease.host_name = span_of(r->name, r->name_len);
	fact_state(l->sink, &fact);
}

void leases_packet(struct leases *l, const struct packet *packet)
{
	struct dhcp_message m;
	uint16_t to = packet->target.port;

	if ((to != PORT_SERVER && to != PORT_CLIENT) || !addr_is_v4(&packet->source.addr) ||
	    !dhcp_read(packet->udp, &m))
		return;
	if (!m.reply)
		keep_request(l, &m);
	else if (m.type == DHCP_OFFER || m.type == DHCP_ACK)
		state_lease(l, &m, packet);
}
