/* veil/dhcp.c - DHCP: addresses in the head, then options, each by what it is. */
#include "base/reader.h"
#include "veil/udp.h"

enum {
	ADDRESSES_AT = 12, HARDWARE_AT = 28, HARDWARE_LEN = 16, SNAME_AT = 44, SNAME_LEN = 64, FILE_AT = 108,
	FILE_LEN = 128, HEAD = 236, COOKIE = 0x63825363, PAD = 0, END = 255,
};

/* How an option's value is rewritten (RFC 2132). */
enum form {
	FORM_BLANK, FORM_KEEP, FORM_ADDRESSES, FORM_NAME, FORM_URL, FORM_CLIENT_ID, FORM_FQDN, FORM_SEARCH,
};

static const uint8_t forms[256] = {
	[1] = FORM_KEEP, [2] = FORM_KEEP, [3] = FORM_ADDRESSES, [4] = FORM_ADDRESSES, [5] = FORM_ADDRESSES,
	[6] = FORM_ADDRESSES, [7] = FORM_ADDRESSES, [8] = FORM_ADDRESSES, [9] = FORM_ADDRESSES,
	[12] = FORM_NAME, [15] = FORM_NAME, [19] = FORM_KEEP, [26] = FORM_KEEP, [28] = FORM_ADDRESSES,
	[31] = FORM_KEEP, [33] = FORM_ADDRESSES, [42] = FORM_ADDRESSES, [44] = FORM_ADDRESSES,
	[45] = FORM_ADDRESSES, [46] = FORM_KEEP, [50] = FORM_ADDRESSES, [51] = FORM_KEEP, [52] = FORM_KEEP,
	[53] = FORM_KEEP, [54] = FORM_ADDRESSES, [55] = FORM_KEEP, [57] = FORM_KEEP, [58] = FORM_KEEP,
	[59] = FORM_KEEP, [60] = FORM_KEEP, [61] = FORM_CLIENT_ID, [66] = FORM_NAME, [81] = FORM_FQDN,
	[116] = FORM_KEEP, [119] = FORM_SEARCH, [150] = FORM_ADDRESSES, [252] = FORM_URL,
};

struct writer {
	struct names *names;
	struct span message;
	uint8_t *to;
};

static uint8_t *to_of(const struct writer *w, struct span value)
{
	return w->to + (value.at - w->message.at);
}

static void blank(const struct writer *w, struct span value)
{
	if (value.len)
		memset(to_of(w, value), 0, value.len);
}

static void put_addresses(const struct writer *w, struct span value)
{
	for (; value.len >= 4; span_take(&value, 4))
		names_v4(w->names, value.at, to_of(w, value));
	blank(w, value);
}

/* Labels with their lengths (RFC 1035 section 3.1), without pointers: those would point out of the
 * option. */
static void put_labels(const struct writer *w, struct span value)
{
	struct reader in = reader_on(value);

	while (in.left.len) {
		struct span label = reader_bytes(&in, reader_u8(&in));

		if (!in.ok) {
			blank(w, value);
			return;
		}
		names_word(w->names, label, to_of(w, label));
	}
}

static void put_name(const struct writer *w, struct span value)
{
	while (value.len && !value.at[value.len - 1])
		value.len--;
	if (value.len)
		names_host(w->names, value, to_of(w, value));
}

static void put_url(const struct writer *w, struct span value)
{
	while (value.len && !value.at[value.len - 1])
		value.len--;
	if (value.len)
		names_url(w->names, value, to_of(w, value));
}

/* A hardware type and address, or whatever the client likes (RFC 4361). */
static void put_client_id(const struct writer *w, struct span value)
{
	enum { ETHERNET = 1 };

	if (value.len == 7 && value.at[0] == ETHERNET)
		names_mac(w->names, value.at + 1, to_of(w, value) + 1);
	else if (value.len > 1)
		blank(w, span_skip(value, 1));
}

/* Flags and two codes, then the name, as text or in labels (RFC 4702 section 2). */
static void put_fqdn(const struct writer *w, struct span value)
{
	enum { FLAG_ENCODED = 4 };

	if (value.len < 3)
		return;
	if (value.at[0] & FLAG_ENCODED)
		put_labels(w, span_skip(value, 3));
	else
		put_name(w, span_skip(value, 3));
}

static void put_option(const struct writer *w, uint8_t option, struct span value)
{
	switch ((enum form)forms[option]) {
	case FORM_BLANK:     blank(w, value); break;
	case FORM_KEEP:      break;
	case FORM_ADDRESSES: put_addresses(w, value); break;
	case FORM_NAME:      put_name(w, value); break;
	case FORM_URL:       put_url(w, value); break;
	case FORM_CLIENT_ID: put_client_id(w, value); break;
	case FORM_FQDN:      put_fqdn(w, value); break;
	case FORM_SEARCH:    put_labels(w, value); break;
	}
}

/* Options may go on where the names of server and file stand (option 52); what is no option there is
 * blanked. */
static unsigned put_options(const struct writer *w, struct span bytes)
{
	enum { OVERLOAD = 52 };
	struct reader in = reader_on(bytes);
	unsigned overload = 0;

	while (in.left.len) {
		uint8_t option = reader_u8(&in);
		struct span value;

		if (option == PAD)
			continue;
		if (option == END)
			break;
		value = reader_bytes(&in, reader_u8(&in));
		if (!in.ok) {
			blank(w, span_skip(bytes, (size_t)(value.at - bytes.at)));
			return overload;
		}
		put_option(w, option, value);
		if (option == OVERLOAD && value.len)
			overload |= value.at[0];
	}
	blank(w, in.left);
	return overload;
}

bool dhcp_rewrite(struct names *n, struct span message, uint8_t *to)
{
	struct writer w = { n, message, to };
	struct reader in = reader_on(span_skip(message, HEAD));
	unsigned overload;

	if (message.len < HEAD || reader_be32(&in) != COOKIE) {
		memset(to, 0, message.len);
		return false;
	}
	memmove(to, message.at, message.len);
	for (unsigned i = 0; i < 4; i++)
		names_v4(n, message.at + ADDRESSES_AT + 4 * i, to + ADDRESSES_AT + 4 * i);
	memset(to + HARDWARE_AT, 0, HARDWARE_LEN);
	if (message.at[2] == 6)
		names_mac(n, message.at + HARDWARE_AT, to + HARDWARE_AT);
	overload = put_options(&w, in.left);
	blank(&w, span_of(message.at + SNAME_AT, SNAME_LEN + FILE_LEN));
	if (overload & 1) {
		memcpy(to + FILE_AT, message.at + FILE_AT, FILE_LEN);
		put_options(&w, span_of(message.at + FILE_AT, FILE_LEN));
	}
	if (overload & 2) {
		memcpy(to + SNAME_AT, message.at + SNAME_AT, SNAME_LEN);
		put_options(&w, span_of(message.at + SNAME_AT, SNAME_LEN));
	}
	return true;
}
