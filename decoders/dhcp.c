/* decoders/dhcp.c - a fixed head, then options, which may go on where names and files stood. */
#include "decoders/dhcp.h"

#include "base/reader.h"

enum {
	XID_AT = 4, CLIENT_AT = 12, YOUR_AT = 16, HARDWARE_AT = 28, SNAME_AT = 44, SNAME_LEN = 64,
	FILE_AT = 108, FILE_LEN = 128, HEAD_LEN = 236, COOKIE = 0x63825363,
	OP_REQUEST = 1, OP_REPLY = 2,
	OPTION_PAD = 0, OPTION_NAME_SERVERS = 6, OPTION_HOST_NAME = 12, OPTION_OVERLOAD = 52,
	OPTION_TYPE = 53, OPTION_SERVER = 54, OPTION_ASKED = 55, OPTION_FQDN = 81, OPTION_PROXY = 252,
	OPTION_END = 255,
	OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2,
};

struct options {
	struct dhcp_message *m;
	struct dhcp_text fqdn;
	uint8_t overload;
};

static void add_text(struct dhcp_text *t, struct span more)
{
	struct span some = span_take(&more, sizeof t->bytes - t->len);

	if (some.len)
		memcpy(t->bytes + t->len, some.at, some.len);
	t->len += some.len;
}

/* Three bytes, then the name as text, or in labels where the flags say so (RFC 4702 section 2). */
static void take_fqdn(struct dhcp_text *t, struct span value)
{
	enum { FLAG_ENCODED = 4, HEAD = 3 };
	struct reader in;

	if (value.len < HEAD)
		return;
	if (!(value.at[0] & FLAG_ENCODED)) {
		add_text(t, span_skip(value, HEAD));
		return;
	}
	in = reader_on(span_skip(value, HEAD));
	while (in.left.len) {
		struct span label = reader_bytes(&in, reader_u8(&in));

		if (!label.len)
			return;
		if (t->len)
			add_text(t, SPAN("."));
		add_text(t, label);
	}
}

static void take_name_servers(struct dhcp_message *m, struct span value)
{
	for (; value.len >= 4; span_take(&value, 4)) {
		if (m->name_server_count < DHCP_NAME_SERVERS)
			m->name_servers[m->name_server_count] = addr_v4(value.at);
		m->name_server_count++;
	}
}

static void take_option(struct options *o, uint8_t option, struct span value)
{
	struct dhcp_message *m = o->m;

	switch (option) {
	case OPTION_NAME_SERVERS:
		take_name_servers(m, value);
		break;
	case OPTION_HOST_NAME:
		add_text(&m->host_name, value);
		break;
	case OPTION_OVERLOAD:
		o->overload |= value.len ? value.at[0] : 0;
		break;
	case OPTION_TYPE:
		if (value.len && value.at[0] <= DHCP_INFORM)
			m->type = (enum dhcp_type)value.at[0];
		break;
	case OPTION_SERVER:
		m->has_server = value.len == 4;
		if (m->has_server)
			m->server = addr_v4(value.at);
		break;
	case OPTION_ASKED:
		m->asks_proxy |= span_byte(value, OPTION_PROXY) != SIZE_MAX;
		break;
	case OPTION_FQDN:
		take_fqdn(&o->fqdn, value);
		break;
	case OPTION_PROXY:
		add_text(&m->proxy_script, value);
		break;
	}
}

static void take_options(struct options *o, struct span bytes)
{
	struct reader in = reader_on(bytes);

	while (in.left.len) {
		uint8_t option = reader_u8(&in);
		struct span value;

		if (option == OPTION_END)
			return;
		if (option == OPTION_PAD)
			continue;
		value = reader_bytes(&in, reader_u8(&in));
		if (in.ok)
			take_option(o, option, value);
	}
}

static void trim(struct dhcp_text *t)
{
	while (t->len && !t->bytes[t->len - 1])
		t->len--;
}

bool dhcp_read(struct span bytes, struct dhcp_message *m)
{
	struct reader in = reader_on(bytes);
	struct span head = reader_bytes(&in, HEAD_LEN);
	struct options o = { .m = m };

	*m = (struct dhcp_message){ .reply = false };
	if (!in.ok || reader_be32(&in) != COOKIE || (head.at[0] != OP_REQUEST && head.at[0] != OP_REPLY))
		return false;
	m->reply = head.at[0] == OP_REPLY;
	memcpy(&m->xid, head.at + XID_AT, sizeof m->xid);       /* compared, and no more */
	m->client = addr_v4(head.at + CLIENT_AT);
	m->your = addr_v4(head.at + YOUR_AT);
	memcpy(m->mac, head.at + HARDWARE_AT, DHCP_MAC);
	take_options(&o, in.left);
	if (o.overload & OVERLOAD_FILE)         /* in this order: RFC 2131 section 4.1 */
		take_options(&o, span_of(head.at + FILE_AT, FILE_LEN));
	if (o.overload & OVERLOAD_SNAME)
		take_options(&o, span_of(head.at + SNAME_AT, SNAME_LEN));
	if (!m->host_name.len)
		m->host_name = o.fqdn;
	trim(&m->host_name);
	trim(&m->proxy_script);
	return m->type != 0;
}
