/* veil/users.c - users, URLs and queries: text that is made of several values. */
#include "base/host.h"
#include "veil/names.h"
#include "veil/utf16.h"

static void keep(struct span text, uint8_t *to)
{
	if (text.len)
		memmove(to, text.at, text.len);
}

/* "user@domain", "service/host@REALM": what stands before the first slash is a service's class. */
static void put_principal(struct names *n, struct span user, uint8_t *to)
{
	struct span rest = user, name = span_split(&rest, '@');
	size_t slash = span_byte(name, '/');

	keep(user, to);
	if (name.len < user.len)
		names_host(n, rest, to + name.len + 1);
	if (slash != SIZE_MAX)
		names_host(n, span_skip(name, slash + 1), to + slash + 1);
	else if (name.len && name.at[name.len - 1] == '$')
		names_word(n, span_of(name.at, name.len - 1), to);
	else
		names_word(n, name, to);
}

void names_user(struct names *n, struct span user, uint8_t *to)
{
	size_t slash = span_byte(user, '\\');

	if (slash == SIZE_MAX) {
		put_principal(n, user, to);
		return;
	}
	to[slash] = '\\';
	put_principal(n, span_skip(user, slash + 1), to + slash + 1);
	names_host(n, span_of(user.at, slash), to);
}

/* Numbers of a few digits, and flags, are nobody's. */
static bool is_plain(struct span value)
{
	enum { SHORT = 6 };
	uint64_t number;

	return value.len <= 1 || (value.len <= SHORT && span_decimal(value, &number)) ||
	       span_ieq(value, SPAN("true")) || span_ieq(value, SPAN("false"));
}

void names_query(struct names *n, struct span query, uint8_t *to)
{
	size_t at = 0;

	keep(query, to);
	while (at < query.len) {
		size_t end = at, equals = SIZE_MAX;

		for (; end < query.len && query.at[end] != '&' && query.at[end] != ';'; end++)
			if (query.at[end] == '=' && equals == SIZE_MAX)
				equals = end;
		if (equals != SIZE_MAX) {
			struct span value = span_of(query.at + equals + 1, end - equals - 1);

			if (!is_plain(value))
				names_put(n, NAME_TOKEN, value, to + equals + 1);
		}
		at = end + 1;
	}
}

static void put_login(struct names *n, struct span login, uint8_t *to)
{
	struct span rest = login, user = span_split(&rest, ':');

	keep(login, to);
	names_user(n, user, to);
	if (rest.len)
		names_put(n, NAME_TOKEN, rest, to + user.len + 1);
}

void names_url(struct names *n, struct span url, uint8_t *to)
{
	size_t query = span_byte(url, '?'), scheme = span_find(url, SPAN("://"));
	struct span host = url_host(url);

	keep(url, to);
	if (host.len) {
		size_t at = (size_t)(host.at - url.at);

		names_host(n, host, to + at);
		if (at > scheme + 4)
			put_login(n, span_of(url.at + scheme + 3, at - scheme - 4), to + scheme + 3);
	}
	if (query != SIZE_MAX)
		names_query(n, span_skip(url, query + 1), to + query + 1);
}

/* ---- other ways of writing ---- */

/* The first three parts are stored with their least byte first (MS-DTYP section 2.3.4.2). */
void names_guid_bytes(struct names *n, const uint8_t guid[static 16], uint8_t *to)
{
	static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	static const char digits[] = "0123456789abcdef";
	uint8_t text[36], *at = text;
	uint64_t value;

	for (unsigned i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = (uint8_t)digits[guid[order[i]] >> 4];
		*at++ = (uint8_t)digits[guid[order[i]] & 15];
	}
	names_put(n, NAME_GUID, span_of(text, sizeof text), text);
	at = text;
	for (unsigned i = 0; i < 16; i++) {
		at += *at == '-';
		to[order[i]] = span_hex(span_of(at, 2), &value) ? (uint8_t)value : 0;
		at += 2;
	}
}

struct putting {
	struct names *names;
	void (*put)(struct names *, struct span, uint8_t *);
};

static void put_piece(void *self, uint8_t *utf8, size_t len)
{
	const struct putting *p = self;

	p->put(p->names, span_of(utf8, len), utf8);
}

void names_utf16(struct names *n, void (*put)(struct names *, struct span, uint8_t *), struct span text,
                 uint8_t *to)
{
	struct putting p = { n, put };

	utf16_through(text, to, put_piece, &p);
}
