/* veil/logins.c - challenges and credentials: a scheme, then one word, or parameters. */
#include "veil/logins.h"

#include "base/base64.h"
#include "veil/freetext.h"
#include "veil/targets.h"

enum { TOKEN_MAX = 48 * 1024 };         /* decoded; a head has no more than 64 KiB */

enum scheme { BASIC, BLOB, OTHER };

static bool is_base64(uint8_t c)
{
	uint8_t lower = c | 0x20;

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* token68 of RFC 9110 section 11.2 has signs of its own beside those of tokens. */
static bool is_word(uint8_t c)
{
	return is_base64(c) || (c && strchr("-._~!#$%&'*^`|", c));
}

static enum scheme scheme_of(struct span word)
{
	if (span_ieq(word, SPAN("Basic")))
		return BASIC;
	if (span_ieq(word, SPAN("NTLM")) || span_ieq(word, SPAN("Negotiate")) ||
	    span_ieq(word, SPAN("Kerberos")))
		return BLOB;
	return OTHER;
}

/* ---- base64 in place ---- */

/* As many groups as `text` has, in its length; what `text` has behind its last letter stays. */
static void encode(const uint8_t *from, size_t len, uint8_t *to, size_t letters)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned have = 0;
	size_t at = 0;

	for (size_t i = 0; i < letters; i++) {
		if (have < 6) {
			bits = bits << 8 | (at < len ? from[at] : 0u);
			at++;
			have += 8;
		}
		have -= 6;
		to[i] = (uint8_t)alphabet[bits >> have & 63];
	}
}

static void put_login(struct names *n, uint8_t *login, size_t len)
{
	struct span rest = span_of(login, len), user = span_split(&rest, ':');

	names_user(n, user, login);
	if (rest.len)
		names_put(n, NAME_TOKEN, rest, login + user.len + 1);
}

static void put_blob(const struct stream_shared *s, enum scheme scheme, struct span word, uint8_t *to)
{
	size_t letters = 0, len;
	uint8_t *plain = budget_room(s->budget, TOKEN_MAX);

	while (letters < word.len && is_base64(word.at[letters]))
		letters++;
	if (!plain || letters / 4 * 3 + 3 > TOKEN_MAX) {
		memset(to, 'A', letters);
		budget_free(s->budget, plain, plain ? TOKEN_MAX : 0);
		return;
	}
	len = base64_decode(span_of(word.at, letters), plain, TOKEN_MAX);
	if (scheme == BASIC)
		put_login(s->names, plain, len);
	else
		token_put(s->names, plain, len);
	encode(plain, len, to, letters);
	budget_free(s->budget, plain, TOKEN_MAX);
}

/* ---- parameters ---- */

static void put_hex_or_token(struct names *n, struct span value, uint8_t *to)
{
	bool hex = value.len > 0;

	for (size_t i = 0; i < value.len; i++) {
		uint8_t lower = value.at[i] | 0x20;

		hex &= (value.at[i] >= '0' && value.at[i] <= '9') || (lower >= 'a' && lower <= 'f');
	}
	names_put(n, hex ? NAME_HEX : NAME_TOKEN, value, to);
}

/* A realm is words for people, or a domain. */
static void put_realm(const struct stream_shared *s, struct span realm, uint8_t *to)
{
	if (span_byte(realm, ' ') == SIZE_MAX && span_byte(realm, '.') != SIZE_MAX)
		names_host(s->names, realm, to);
	else
		freetext_put(s, to, realm.len);
}

static void put_parameter(const struct stream_shared *s, struct span name, struct span value, uint8_t *to)
{
	static const struct span stays[] = {
		SPAN_LIT("algorithm"), SPAN_LIT("qop"), SPAN_LIT("stale"), SPAN_LIT("charset"),
		SPAN_LIT("nc"), SPAN_LIT("userhash"), SPAN_LIT("error"),
	};

	for (size_t i = 0; i < sizeof stays / sizeof *stays; i++)
		if (span_ieq(name, stays[i]))
			return;
	if (span_ieq(name, SPAN("username")))
		names_user(s->names, value, to);
	else if (span_ieq(name, SPAN("realm")))
		put_realm(s, value, to);
	else if (span_ieq(name, SPAN("uri")))
		target_put(s, value, SPAN(""), to);
	else if (span_ieq(name, SPAN("domain")))
		freetext_put(s, to, value.len);
	else
		put_hex_or_token(s->names, value, to);
}

/* ---- the list ---- */

struct walk {
	const struct stream_shared *shared;
	struct span left;
	const uint8_t *base;
	uint8_t *to;
	bool named;                     /* `scheme` was read: a word without "=" is its credentials */
	enum scheme scheme;
};

static struct span take_word(struct span *from)
{
	size_t len = 0;

	while (len < from->len && is_word(from->at[len]))
		len++;
	return span_take(from, len);
}

static struct span take_value(struct span *from)
{
	struct span value = *from;
	size_t len = 0;

	if (from->len && from->at[0] == '"') {
		span_take(from, 1);
		return span_split(from, '"');
	}
	while (len < value.len && !strchr(", \t", value.at[len] ? value.at[len] : 'x'))
		len++;
	return span_take(from, len);
}

/* "=" that is no padding of base64: a value follows. */
static bool has_value(struct span rest)
{
	return rest.len > 1 && rest.at[0] == '=' && !strchr("=, \t", rest.at[1] ? rest.at[1] : 'x');
}

static void put_item(struct walk *w)
{
	struct span word = take_word(&w->left);
	uint8_t *to = w->to + (word.at - w->base);

	if (has_value(w->left)) {
		struct span value;

		span_take(&w->left, 1);
		value = take_value(&w->left);
		if (value.len)
			put_parameter(w->shared, word, value, w->to + (value.at - w->base));
	} else if (!w->named) {
		w->scheme = scheme_of(word);
		w->named = true;
	} else {
		if (w->scheme == OTHER)
			names_put(w->shared->names, NAME_TOKEN, word, to);
		else
			put_blob(w->shared, w->scheme, word, to);
		w->named = false;
	}
}

void logins_put(const struct stream_shared *s, struct span value, uint8_t *to)
{
	struct walk w = { .shared = s, .left = value, .base = value.at, .to = to };

	if (value.len)
		memmove(to, value.at, value.len);
	while (w.left.len) {
		uint8_t c = w.left.at[0];

		if (is_word(c)) {
			put_item(&w);
			continue;
		}
		/* Behind a comma a scheme or a parameter stands; one word alone is a scheme. */
		w.named &= c != ',';
		if (c == '"') {
			struct span quoted = take_value(&w.left);

			freetext_hide(s->names, quoted, to + (quoted.at - value.at));
			continue;
		}
		span_take(&w.left, 1);
	}
}
