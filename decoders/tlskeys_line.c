/* decoders/tlskeys_line.c - labels by table, bytes by a table of hexadecimal digits. */
#include "decoders/tlskeys_line.h"

/* Hashes of TLS 1.3's suites are of 32 or 48 bytes, master secrets of 48; a premaster secret of
 * Diffie-Hellman is as long as its group. */
#define SIZES_MASTER           TLSKEYS_MASTER, TLSKEYS_MASTER, 1
#define SIZES_CLIENT_EARLY     32, 48, 16
#define SIZES_CLIENT_HANDSHAKE 32, 48, 16
#define SIZES_SERVER_HANDSHAKE 32, 48, 16
#define SIZES_CLIENT_TRAFFIC   32, 48, 16
#define SIZES_SERVER_TRAFFIC   32, 48, 16
#define SIZES_PREMASTER        1, TLSKEYS_SECRET_MAX, 1

static const struct label {
	struct span text;
	size_t shortest, longest;       /* bytes of the secret */
	unsigned sizes;                 /* it is a multiple of this */
} labels[] = {
#define X(symbol, label) [TLS_SECRET_##symbol] = { SPAN_LIT(label), SIZES_##symbol },
	TLS_SECRETS(X)
#undef X
};

/* One more than the value of a digit; 0: it is none. */
static const uint8_t digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
	['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* The bytes of an even number of digits; false: others are among them.  One look at the end, so that the
 * loop has no branch. */
static bool read_bytes(struct span text, uint8_t *to)
{
	unsigned bad = 0;

	for (size_t i = 0; i < text.len / 2; i++) {
		unsigned high = digits[text.at[2 * i]] - 1u, low = digits[text.at[2 * i + 1]] - 1u;

		to[i] = (uint8_t)(high << 4 | low);
		bad |= high | low;
	}
	return !(text.len & 1) && bad < 16;
}

static struct span next_word(struct span *text)
{
	struct span word = span_split(text, ' ');

	while (text->len && text->at[0] == ' ')
		span_take(text, 1);
	return word;
}

static bool read_key(struct tlskeys_line *line, struct span text)
{
	line->key_len = text.len / 2;
	return text.len <= 2 * TLSKEYS_KEY && read_bytes(text, line->key);
}

static bool read_secret(struct tlskeys_line *line, struct span text)
{
	line->secret_len = text.len / 2;
	return text.len <= 2 * TLSKEYS_SECRET_MAX && read_bytes(text, line->secret);
}

static bool drop_start(struct span *text, struct span start)
{
	bool starts = span_starts(*text, start);

	if (starts)
		span_take(text, start.len);
	return starts;
}

/* What follows "RSA". */
static bool read_rsa(struct tlskeys_line *line, struct span key, struct span secret)
{
	if (drop_start(&key, SPAN("Session-ID:"))) {
		line->which = TLSKEYS_BY_SESSION;
		return drop_start(&secret, SPAN("Master-Key:")) && key.len && read_key(line, key) &&
		       read_secret(line, secret) && line->secret_len == TLSKEYS_MASTER;
	}
	line->which = TLSKEYS_BY_ENCRYPTED;
	return read_key(line, key) && line->key_len == TLSKEYS_ENCRYPTED && read_secret(line, secret) &&
	       line->secret_len == TLSKEYS_MASTER;
}

static const struct label *find_label(struct span text)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (span_eq(text, labels[i].text))
			return &labels[i];
	return NULL;
}

/* A label that nobody here knows: EXPORTER_SECRET, QUIC_..., of writers to come. */
static bool is_label(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];

		if (c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9'))
			return false;
	}
	return text.len && (text.at[0] < '0' || text.at[0] > '9');
}

static bool is_hex(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!digits[text.at[i]])
			return false;
	return text.len && !(text.len & 1);
}

enum tlskeys_line_kind tlskeys_line_read(struct span text, struct tlskeys_line *line)
{
	struct span name, key, secret;
	const struct label *label;

	text = span_trim(text);
	if (!text.len || text.at[0] == '#')
		return TLSKEYS_LINE_NONE;
	name = next_word(&text);
	key = next_word(&text);
	secret = next_word(&text);
	if (text.len)
		return TLSKEYS_LINE_UNREAD;
	memset(line->key, 0, sizeof line->key);
	if (span_eq(name, SPAN("RSA")))
		return read_rsa(line, key, secret) ? TLSKEYS_LINE_SECRET : TLSKEYS_LINE_UNREAD;
	label = find_label(name);
	if (!label)
		return is_label(name) && is_hex(key) && is_hex(secret) ? TLSKEYS_LINE_OTHER
		                                                       : TLSKEYS_LINE_UNREAD;
	line->which = (unsigned)(label - labels);
	if (!read_key(line, key) || line->key_len != TLSKEYS_KEY || !read_secret(line, secret) ||
	    line->secret_len < label->shortest || line->secret_len > label->longest ||
	    line->secret_len % label->sizes)
		return TLSKEYS_LINE_UNREAD;
	return TLSKEYS_LINE_SECRET;
}
