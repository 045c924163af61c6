/* veil/heads.c - headers by a table of their names. */
#include "veil/heads.h"

#include "veil/freetext.h"
#include "veil/logins.h"
#include "veil/targets.h"

/* What becomes of a value. */
enum action {
	STAYS,                          /* bodies begin and end by it */
	TEXT,                           /* words of protocols, too: values among them are looked for */
	HOST, HOSTS,                    /* one; some in a list */
	URL, LOGIN, COOKIES, NEW_COOKIE, VIA, FROM, TAG, VECTOR,
	TOKEN,                          /* unknown: its shape */
};

static const struct row {
	struct span name;
	enum action action;
} rows[] = {
	{ SPAN_LIT("Host"), HOST },
	{ SPAN_LIT("Location"), URL }, { SPAN_LIT("Content-Location"), URL }, { SPAN_LIT("Referer"), URL },
	{ SPAN_LIT("Origin"), URL }, { SPAN_LIT("Refresh"), TEXT },
	{ SPAN_LIT("Authorization"), LOGIN }, { SPAN_LIT("Proxy-Authorization"), LOGIN },
	{ SPAN_LIT("WWW-Authenticate"), LOGIN }, { SPAN_LIT("Proxy-Authenticate"), LOGIN },
	{ SPAN_LIT("Authentication-Info"), LOGIN }, { SPAN_LIT("Proxy-Authentication-Info"), LOGIN },
	{ SPAN_LIT("Cookie"), COOKIES }, { SPAN_LIT("Set-Cookie"), NEW_COOKIE },
	{ SPAN_LIT("Via"), VIA }, { SPAN_LIT("X-Cache"), FROM }, { SPAN_LIT("X-Cache-Lookup"), FROM },
	{ SPAN_LIT("Cache-Status"), VIA },
	{ SPAN_LIT("X-Forwarded-For"), HOSTS }, { SPAN_LIT("X-Real-IP"), HOSTS },
	{ SPAN_LIT("X-Client-IP"), HOSTS }, { SPAN_LIT("Client-IP"), HOSTS },
	{ SPAN_LIT("X-Forwarded-Host"), HOSTS }, { SPAN_LIT("X-Forwarded-Server"), HOSTS },
	{ SPAN_LIT("X-Authenticated-User"), TOKEN },
	{ SPAN_LIT("ETag"), TAG }, { SPAN_LIT("If-Match"), TAG }, { SPAN_LIT("If-None-Match"), TAG },
	{ SPAN_LIT("If-Range"), TAG }, { SPAN_LIT("MS-CV"), VECTOR },
	{ SPAN_LIT("User-Agent"), TEXT }, { SPAN_LIT("Server"), TEXT }, { SPAN_LIT("X-Powered-By"), TEXT },
	{ SPAN_LIT("X-AspNet-Version"), TEXT }, { SPAN_LIT("X-Squid-Error"), TEXT },
	{ SPAN_LIT("SOAPAction"), TEXT }, { SPAN_LIT("Warning"), TEXT }, { SPAN_LIT("Retry-After"), TEXT },
	{ SPAN_LIT("Content-Type"), TEXT }, { SPAN_LIT("Content-Disposition"), TOKEN },
	{ SPAN_LIT("Content-Length"), STAYS }, { SPAN_LIT("Content-Range"), TEXT },
	{ SPAN_LIT("Content-Encoding"), STAYS }, { SPAN_LIT("Content-Language"), TEXT },
	{ SPAN_LIT("Transfer-Encoding"), STAYS }, { SPAN_LIT("TE"), STAYS }, { SPAN_LIT("Trailer"), TEXT },
	{ SPAN_LIT("Connection"), STAYS }, { SPAN_LIT("Proxy-Connection"), STAYS },
	{ SPAN_LIT("Keep-Alive"), STAYS }, { SPAN_LIT("Upgrade"), STAYS },
	{ SPAN_LIT("Upgrade-Insecure-Requests"), TEXT }, { SPAN_LIT("Persistent-Auth"), TEXT },
	{ SPAN_LIT("Proxy-Support"), TEXT }, { SPAN_LIT("Accept"), TEXT },
	{ SPAN_LIT("Accept-Encoding"), TEXT }, { SPAN_LIT("Accept-Language"), TEXT },
	{ SPAN_LIT("Accept-Charset"), TEXT }, { SPAN_LIT("Accept-Ranges"), TEXT },
	{ SPAN_LIT("Range"), TEXT }, { SPAN_LIT("Expect"), STAYS }, { SPAN_LIT("Date"), TEXT },
	{ SPAN_LIT("Expires"), TEXT }, { SPAN_LIT("Last-Modified"), TEXT }, { SPAN_LIT("Age"), TEXT },
	{ SPAN_LIT("If-Modified-Since"), TEXT }, { SPAN_LIT("If-Unmodified-Since"), TEXT },
	{ SPAN_LIT("Cache-Control"), TEXT }, { SPAN_LIT("Pragma"), TEXT }, { SPAN_LIT("Vary"), TEXT },
	{ SPAN_LIT("Allow"), TEXT }, { SPAN_LIT("Public"), TEXT }, { SPAN_LIT("DNT"), TEXT },
	{ SPAN_LIT("MIME-Version"), TEXT }, { SPAN_LIT("UA-CPU"), TEXT },
	{ SPAN_LIT("X-Content-Type-Options"), TEXT }, { SPAN_LIT("X-Frame-Options"), TEXT },
	{ SPAN_LIT("X-XSS-Protection"), TEXT }, { SPAN_LIT("Strict-Transport-Security"), TEXT },
	{ SPAN_LIT("X-P2P-PeerDist"), TEXT }, { SPAN_LIT("X-P2P-PeerDistEx"), TEXT },
	{ SPAN_LIT("Max-Forwards"), TEXT },
};

static enum action action_of(struct span name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_ieq(name, rows[i].name))
			return rows[i].action;
	return TOKEN;
}

/* ---- values of several parts ---- */

/* Name by name: "a, b;port". */
static void put_hosts(struct names *n, struct span value, uint8_t *to)
{
	struct span rest = value;

	while (rest.len) {
		struct span host = span_trim(span_split(&rest, ','));

		names_host(n, host, to + (host.at - value.at));
	}
}

/* "a=secret; b=other": names of cookies are their makers', but some have a server's in them. */
static void put_cookie(const struct stream_shared *s, struct span cookie, uint8_t *to)
{
	struct span rest = cookie, name = span_split(&rest, '=');

	freetext_put(s, to, name.len);
	if (rest.len)
		names_put(s->names, NAME_TOKEN, rest, to + name.len + 1);
	else if (name.len == cookie.len)
		names_put(s->names, NAME_TOKEN, cookie, to);
}

static void put_cookies(const struct stream_shared *s, struct span value, uint8_t *to)
{
	struct span rest = value;

	while (rest.len) {
		struct span cookie = span_trim(span_split(&rest, ';'));

		if (cookie.len)
			put_cookie(s, cookie, to + (cookie.at - value.at));
	}
}

/* RFC 6265 section 4.1.1: the cookie, then what it holds for. */
static void put_new_cookie(const struct stream_shared *s, struct span value, uint8_t *to)
{
	struct span rest = value, cookie = span_trim(span_split(&rest, ';'));

	if (cookie.len)
		put_cookie(s, cookie, to + (cookie.at - value.at));
	while (rest.len) {
		struct span attribute = span_trim(span_split(&rest, ';'));
		struct span more = attribute, name = span_split(&more, '=');
		uint8_t *at = to + (more.at - value.at);

		if (!more.len)
			continue;
		if (span_ieq(name, SPAN("Domain")))
			names_host(s->names, more, at);
		else if (span_ieq(name, SPAN("Path")))
			target_url(s, more, at);
	}
}

/* "1.1 host:3128 (squid/5.7), 1.0 other": RFC 9110 section 7.6.3.  Of Cache-Status (RFC 9211) the first word
 * is the host, where it looks like one. */
static void put_via(const struct stream_shared *s, struct span value, uint8_t *to)
{
	struct span rest = value;

	while (rest.len) {
		struct span hop = span_trim(span_split(&rest, ','));
		struct span more = hop, word = span_split(&more, ' ');

		if (more.len)
			word = span_split(&more, ' ');
		if (word.len && word.at[0] != '(' && span_byte(word, '=') == SIZE_MAX)
			names_host(s->names, word, to + (word.at - value.at));
		if (more.len)
			freetext_put(s, to + (more.at - value.at), more.len);
	}
}

/* "MISS from host", "HIT from host:3128". */
static void put_from(const struct stream_shared *s, struct span value, uint8_t *to)
{
	size_t from = span_find(value, SPAN(" from "));
	struct span host, rest;

	if (from == SIZE_MAX) {
		freetext_put(s, to, value.len);
		return;
	}
	rest = span_skip(value, from + 6);
	host = span_split(&rest, ' ');
	names_host(s->names, host, to + (host.at - value.at));
	if (rest.len)
		freetext_put(s, to + (rest.at - value.at), rest.len);
}

/* W/"tag", in lists; a date in If-Range is none. */
static void put_tags(struct names *n, struct span value, uint8_t *to)
{
	struct span rest = value;

	span_split(&rest, '"');
	while (rest.len) {
		struct span tag = span_split(&rest, '"');

		names_put(n, NAME_TOKEN, tag, to + (tag.at - value.at));
		span_split(&rest, '"');
	}
}

/* "BASE.1.2": calls of one scan have one base. */
static void put_vector(struct names *n, struct span value, uint8_t *to)
{
	struct span rest = value, base = span_split(&rest, '.');

	names_put(n, NAME_TOKEN, base, to);
}

/* ---- lines ---- */

/* `to` holds the value already. */
static void put_value(const struct stream_shared *s, enum action action, struct span value, uint8_t *to)
{
	switch (action) {
	case STAYS:      break;
	case TEXT:       freetext_put(s, to, value.len); break;
	case HOST:       names_host(s->names, value, to); break;
	case HOSTS:      put_hosts(s->names, value, to); break;
	case URL:        target_url(s, value, to); break;
	case LOGIN:      logins_put(s, value, to); break;
	case COOKIES:    put_cookies(s, value, to); break;
	case NEW_COOKIE: put_new_cookie(s, value, to); break;
	case VIA:        put_via(s, value, to); break;
	case FROM:       put_from(s, value, to); break;
	case TAG:        put_tags(s->names, value, to); break;
	case VECTOR:     put_vector(s->names, value, to); break;
	case TOKEN:      names_put(s->names, NAME_TOKEN, value, to); break;
	}
}

/* A line that goes on with the header before it has no name (RFC 9112 section 5.2). */
static void put_line(const struct stream_shared *s, struct span line, uint8_t *to)
{
	struct span value = line, name = span_split(&value, ':');
	enum action action;

	if (!line.len)
		return;
	if (line.at[0] == ' ' || line.at[0] == '\t' || name.len == line.len) {
		value = span_trim(line);
		if (value.len)
			freetext_hide(s->names, value, to + (value.at - line.at));
		return;
	}
	value = span_trim(value);
	action = action_of(span_trim(name));
	/* "X-Contoso-User": one that nobody knows has its maker in it, who may be somebody. */
	if (action == TOKEN)
		freetext_put(s, to, name.len);
	if (value.len)
		put_value(s, action, value, to + (value.at - line.at));
}

static void put_first(const struct stream_shared *s, const struct httphead *head, uint8_t *to)
{
	const uint8_t *base = head->bytes.at;

	if (head->response) {
		if (head->reason.len)
			freetext_put(s, to + (head->reason.at - base), head->reason.len);
		return;
	}
	if (head->target.len)
		target_put(s, head->target, heads_value(head, SPAN("Host")), to + (head->target.at - base));
}

void heads_put(const struct stream_shared *s, const struct httphead *head, uint8_t *to)
{
	struct span rest = head->bytes;

	if (!rest.len)
		return;
	memcpy(to, rest.at, rest.len);
	put_first(s, head, to);
	span_split(&rest, '\n');
	while (rest.len) {
		struct span line = span_split(&rest, '\n');

		put_line(s, line, to + (line.at - head->bytes.at));
	}
}

struct span heads_value(const struct httphead *head, struct span name)
{
	for (size_t i = 0; i < head->header_count; i++)
		if (span_ieq(head->headers[i].name, name))
			return head->headers[i].value;
	return SPAN("");
}
