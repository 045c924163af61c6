/* veil/shapes.c - each form by the characters that it is made of, and then by its own rule. */
#include "veil/shapes.h"

enum { LONG_RUN = 32, RUN_MAX = 512 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_hex(uint8_t c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* How far bytes of that kind reach; beyond RUN_MAX nobody asks. */
static size_t run(struct span text, const char *others, bool letters, bool hex)
{
	size_t len = 0;

	for (; len < text.len && len < RUN_MAX; len++) {
		uint8_t c = text.at[len];

		if (!is_digit(c) && !(letters && is_letter(c)) && !(hex && is_hex(c)) &&
		    !(c && strchr(others, c)))
			break;
	}
	return len;
}

/* "Squid/5.7.0.1" has a version, "//192.0.2.1" an address. */
static bool is_version(const uint8_t *text, size_t at)
{
	return at > 1 && text[at - 1] == '/' && is_letter(text[at - 2]);
}

static size_t put_address(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at);
	size_t v4 = run(rest, ".", false, false), v6 = run(rest, ":.", false, true);

	if (at && (text[at - 1] == '.' || is_version(text, at)))
		return 0;
	/* A full stop ends a sentence, a colon comes before a port. */
	while (v4 && rest.at[v4 - 1] == '.')
		v4--;
	if (v4 >= 7 && (v4 == rest.len || !is_letter(rest.at[v4])) &&
	    names_address_text(n, span_of(rest.at, v4), text + at))
		return v4;
	while (v6 && rest.at[v6 - 1] == '.')
		v6--;
	if (v6 >= 3 && (v6 == rest.len || !is_letter(rest.at[v6])) &&
	    names_address_text(n, span_of(rest.at, v6), text + at))
		return v6;
	return 0;
}

static bool is_guid(struct span s)
{
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (i >= s.len || (dash ? s.at[i] != '-' : !is_hex(s.at[i])))
			return false;
	}
	return s.len == 36 || !is_hex(s.at[36]);
}

static size_t put_guid(struct names *n, uint8_t *text, size_t len, size_t at)
{
	if (!is_guid(span_of(text + at, len - at)))
		return 0;
	names_put(n, NAME_GUID, span_of(text + at, 36), text + at);
	return 36;
}

static size_t put_sid(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at), sid;

	if (!span_istarts(rest, SPAN("S-1-5-21-")))
		return 0;
	sid = span_of(rest.at, 2 + run(span_skip(rest, 2), "-", false, false));
	names_put(n, NAME_SID, sid, text + at);
	return sid.len;
}

/* Six pairs with one kind of sign between them. */
static size_t put_mac(struct names *n, uint8_t *text, size_t len, size_t at)
{
	enum { TEXT = 17 };
	static const char digits[] = "0123456789abcdef", capitals[] = "0123456789ABCDEF";
	struct span s = span_of(text + at, len - at);
	uint8_t mac[6];
	bool upper = false;
	uint64_t value;

	if (s.len < TEXT || (s.at[2] != ':' && s.at[2] != '-') || (s.len > TEXT && is_hex(s.at[TEXT])) ||
	    (s.len > TEXT && s.at[TEXT] == s.at[2]) || (at && text[at - 1] == s.at[2]))
		return 0;
	for (unsigned i = 0; i < 6; i++) {
		if ((i < 5 && s.at[3 * i + 2] != s.at[2]) || !span_hex(span_of(s.at + 3 * i, 2), &value))
			return 0;
		mac[i] = (uint8_t)value;
		upper |= (s.at[3 * i] >= 'A' && s.at[3 * i] <= 'F') ||
		         (s.at[3 * i + 1] >= 'A' && s.at[3 * i + 1] <= 'F');
	}
	names_mac(n, mac, mac);
	for (unsigned i = 0; i < 6; i++) {
		text[at + 3 * i] = (uint8_t)(upper ? capitals : digits)[mac[i] >> 4];
		text[at + 3 * i + 1] = (uint8_t)(upper ? capitals : digits)[mac[i] & 15];
	}
	return TEXT;
}

static size_t put_mail(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at);
	size_t local = run(rest, "._%+-$", true, false), domain;

	if (!local || local >= rest.len || rest.at[local] != '@')
		return 0;
	domain = run(span_skip(rest, local + 1), ".-", true, false);
	while (domain && rest.at[local + domain] == '.')
		domain--;
	if (!domain)
		return 0;
	names_user(n, span_of(rest.at, local + 1 + domain), text + at);
	return local + 1 + domain;
}

/* "\\server\share": at the name. */
static size_t put_unc(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at);
	size_t host = run(rest, "._-", true, false);

	if (at < 2 || text[at - 1] != '\\' || text[at - 2] != '\\' || !host || host == rest.len ||
	    rest.at[host] != '\\')
		return 0;
	names_host(n, span_of(rest.at, host), text + at);
	return host;
}

/* "http://host:port/": at the host. */
static size_t put_url(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at);
	size_t host = run(rest, ".-_", true, false);

	while (host && rest.at[host - 1] == '.')
		host--;
	if (at < 3 || memcmp(text + at - 3, "://", 3) != 0 || !host)
		return 0;
	names_host(n, span_of(rest.at, host), text + at);
	return host;
}

/* "http://server:8530/path", "ftp://..": at the name, which may be a common word. */
static size_t put_host(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span before = span_of(text, at), rest = span_of(text + at, len - at);
	size_t host = run(rest, "._-", true, false);

	if (!span_iends(before, SPAN("://")) || !host || (host < rest.len && rest.at[host] == '@'))
		return 0;
	names_host(n, span_of(rest.at, host), text + at);
	return host;
}

/* "C:\Users\somebody\..." and what it was called before: at the name. */
static size_t put_profile(struct names *n, uint8_t *text, size_t len, size_t at)
{
	enum { NAME_MAX_LEN = 64 };
	static const struct span folders[] = {
		SPAN_LIT("\\users\\"), SPAN_LIT("\\documents and settings\\"),
	};
	struct span before = span_of(text, at), rest = span_of(text + at, len - at);
	size_t name = 0;

	while (name < rest.len && name < NAME_MAX_LEN && rest.at[name] >= ' ' &&
	       !strchr("\\/:*?\"<>|", rest.at[name]))
		name++;
	for (size_t i = 0; name && i < sizeof folders / sizeof *folders; i++) {
		if (!span_iends(before, folders[i]) || span_ieq(span_of(rest.at, name), SPAN("public")))
			continue;
		names_word(n, span_of(rest.at, name), text + at);
		return name;
	}
	return 0;
}

/* A run that mixes digits and letters of both cases is no word. */
static bool is_mixed(struct span text)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.at[i]))
			kinds |= 1;
		else if (is_letter(text.at[i]))
			kinds |= text.at[i] & 0x20 ? 2 : 4;
	return kinds == 7;
}

/* Hexadecimal, else base64. */
static size_t put_run(struct names *n, uint8_t *text, size_t len, size_t at)
{
	struct span rest = span_of(text + at, len - at);
	size_t hex = run(rest, "", false, true), some = run(rest, "+_-=", true, false), done = 0;

	if (hex >= LONG_RUN && (hex == rest.len || !is_letter(rest.at[hex]))) {
		names_put(n, NAME_HEX, span_of(rest.at, hex), text + at);
		return hex;
	}
	if (some < LONG_RUN || !is_mixed(span_of(rest.at, some)))
		return 0;
	/* To its end, however long: what is left of a word would not be looked at. */
	for (; some; some = run(span_skip(rest, done), "+_-=", true, false)) {
		names_put(n, NAME_TOKEN, span_of(rest.at + done, some), text + at + done);
		done += some;
	}
	return done;
}

size_t shapes_put(struct names *n, uint8_t *text, size_t len, size_t at)
{
	static size_t (*const forms[])(struct names *, uint8_t *, size_t, size_t) = {
		put_guid, put_sid, put_mac, put_address, put_url, put_mail, put_host, put_unc, put_profile,
		put_run,
	};
	size_t done = 0;

	if (!is_digit(text[at]) && !is_letter(text[at]) && text[at] != ':' && text[at] < 0x80)
		return 0;
	for (size_t i = 0; i < sizeof forms / sizeof *forms && !done; i++)
		done = forms[i](n, text, len, at);
	return done;
}
