/* report/har_headers.c - headers, cookies, URLs, and what of them is not shown. */
#include <json-c/json.h>

#include "report/har_parts.h"
#include "report/json_util.h"
#include "report/mask.h"

enum { VALUE_MAX = 256 * 1024 };

/* ---- what a header may hide ---- */

typedef void mask_fn(struct buf *out, struct span value);

/* "Basic ***" */
static void mask_credentials(struct buf *out, struct span value)
{
	buf_add(out, span_split(&value, ' '));
	buf_add(out, value.len ? SPAN(" ***") : SPAN(""));
}

/* A challenge of words (realm="...") is shown, one of a token is not: NTLM's names domain and machine. */
static void mask_challenge(struct buf *out, struct span value)
{
	if (span_find(value, SPAN("=\"")) != SIZE_MAX)
		buf_add(out, value);
	else
		mask_credentials(out, value);
}

static void mask_all(struct buf *out, struct span value)
{
	(void)value;
	buf_add(out, SPAN("***"));
}

/* "a=***; b=***" */
static void mask_cookies(struct buf *out, struct span value)
{
	while (value.len) {
		struct span pair = span_split(&value, ';'), name = span_split(&pair, '=');

		buf_add(out, name);
		buf_add(out, pair.len ? SPAN("=***") : SPAN(""));
		buf_add(out, value.len ? SPAN(";") : SPAN(""));
	}
}

/* "a=***; path=/; secure" */
static void mask_set_cookie(struct buf *out, struct span value)
{
	struct span pair = span_split(&value, ';');

	mask_cookies(out, pair);
	if (value.len)
		buf_printf(out, ";%.*s", (int)value.len, (const char *)value.at);
}

static const struct mask_row {
	struct span name;
	mask_fn *mask;
} masks[] = {
	{ SPAN_LIT("Authorization"), mask_credentials },
	{ SPAN_LIT("Proxy-Authorization"), mask_credentials },
	{ SPAN_LIT("WWW-Authenticate"), mask_challenge },
	{ SPAN_LIT("Proxy-Authenticate"), mask_challenge },
	{ SPAN_LIT("Cookie"), mask_cookies },
	{ SPAN_LIT("Set-Cookie"), mask_set_cookie },
	{ SPAN_LIT("User-Agent"), mask_url },
};

/* By its name; names that products make up are judged by what stands in them. */
static mask_fn *mask_of(struct span name)
{
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
		if (span_ieq(name, masks[i].name))
			return masks[i].mask;
	if (span_ifind(name, SPAN("auth")) != SIZE_MAX || span_ifind(name, SPAN("user")) != SIZE_MAX ||
	    mask_is_secret(name))
		return mask_all;
	return mask_url;
}

void har_put_headers(struct json_object *to, const struct http_message *m, bool reveal)
{
	struct json_object *headers = json_put_array(to, "headers");
	struct buf shown;

	buf_init(&shown, VALUE_MAX);
	for (size_t i = 0; i < m->header_count; i++) {
		struct json_object *o = json_object_new_object();
		struct span value = m->headers[i].value;

		buf_clear(&shown);
		if (!reveal) {
			mask_of(m->headers[i].name)(&shown, value);
			value = buf_span(&shown);
		}
		json_put_bytes(o, "name", m->headers[i].name);
		json_put_bytes(o, "value", value);
		json_object_array_add(headers, o);
	}
	buf_release(&shown);
}

/* ---- cookies ---- */

static void put_cookie(struct json_object *cookies, struct span pair, bool reveal)
{
	struct json_object *o = json_object_new_object();

	json_put_bytes(o, "name", span_trim(span_split(&pair, '=')));
	json_put_bytes(o, "value", reveal ? span_trim(pair) : SPAN("***"));
	json_object_array_add(cookies, o);
}

/* Of Cookie each pair, of Set-Cookie the first: the others are attributes. */
void har_put_cookies(struct json_object *to, const struct http_message *m, struct span header, bool reveal)
{
	struct json_object *cookies = json_put_array(to, "cookies");
	bool every = span_eq(header, SPAN("Cookie"));

	for (size_t i = 0; i < m->header_count; i++) {
		struct span left = m->headers[i].value;

		if (!span_ieq(m->headers[i].name, header))
			continue;
		do {
			struct span pair = span_trim(span_split(&left, ';'));

			if (pair.len)
				put_cookie(cookies, pair, reveal);
		} while (every && left.len);
	}
}

/* ---- URLs ---- */

/* Reserved and unreserved characters, and the sign of what is encoded already (RFC 3986 section 2). */
static bool is_of_uri(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

static void encode(struct buf *to, struct span raw)
{
	for (size_t i = 0; i < raw.len; i++)
		if (is_of_uri(raw.at[i]))
			buf_add_byte(to, raw.at[i]);
		else
			buf_printf(to, "%%%02X", raw.at[i]);
}

/* As sent, where that is a URL; an authority alone is a CONNECT's. */
static void add_raw_url(struct buf *to, const struct exchange *x)
{
	char server[ENDPOINT_TEXT];
	bool connects = span_eq(x->method, SPAN("CONNECT"));

	if (span_istarts(x->target, SPAN("http://")) || span_istarts(x->target, SPAN("https://"))) {
		buf_add(to, x->target);
		return;
	}
	buf_add(to, x->tls || connects ? SPAN("https://") : SPAN("http://"));
	if (connects)
		buf_add(to, x->target);
	else if (x->host.len)
		buf_add(to, x->host);
	else
		buf_add(to, span_text(endpoint_text(&x->conn->server, server)));
	if (connects)
		return;
	buf_add(to, span_starts(x->target, SPAN("/")) ? SPAN("") : SPAN("/"));
	buf_add(to, x->target);
}

void har_url(struct buf *to, const struct exchange *x, bool reveal)
{
	struct buf raw, shown;

	buf_init(&raw, VALUE_MAX);
	buf_init(&shown, VALUE_MAX);
	add_raw_url(&raw, x);
	if (!reveal)
		mask_url(&shown, buf_span(&raw));
	encode(to, reveal ? buf_span(&raw) : buf_span(&shown));
	buf_release(&shown);
	buf_release(&raw);
}

void har_put_query(struct json_object *to, struct span url)
{
	struct json_object *query = json_put_array(to, "queryString");

	span_split(&url, '?');
	while (url.len) {
		struct span pair = span_split(&url, '&');
		struct json_object *o = json_object_new_object();

		json_put_bytes(o, "name", span_split(&pair, '='));
		json_put_bytes(o, "value", pair);
		json_object_array_add(query, o);
	}
}
