/* report/har_message.c - a request and a response of an HTTP Archive. */
#include <json-c/json.h>

#include "base/utf8.h"
#include "report/har_parts.h"
#include "report/json_util.h"

enum { URL_MAX = 1 << 20 };

static void put_version(struct json_object *to, const struct http_message *m)
{
	char text[16];

	snprintf(text, sizeof text, "HTTP/%u.%u", m->version / 10u, m->version % 10u);
	json_put_text(to, "httpVersion", m->present ? text : "");
}

/* Bytes of a head are not counted by whoever reads it. */
static void put_sizes(struct json_object *to, const struct http_message *m)
{
	json_put(to, "headersSize", json_object_new_int(-1));
	if (m->present)
		json_put_count(to, "bodySize", m->body.entity_bytes);
	else
		json_put(to, "bodySize", json_object_new_int(-1));
}

/* All of it was kept, and it is text. */
static bool is_text(const struct http_body *b)
{
	struct span left = b->start;
	uint64_t all = b->decoded_bytes ? b->decoded_bytes : b->entity_bytes;

	if (!left.len || left.len != all)
		return false;
	while (left.len) {
		size_t len = utf8_len(left);

		if (!len || !left.at[0])
			return false;
		span_take(&left, len);
	}
	return true;
}

static void put_text(struct json_object *to, const struct http_body *b, bool reveal)
{
	if (!b->entity_bytes)
		return;
	if (reveal && is_text(b))
		json_put_bytes(to, "text", b->start);
	else
		json_put_text(to, "comment", reveal ? "too long, or no text" : "left out: --reveal shows it");
}

static struct span type_of(const struct http_message *m)
{
	return http_header(m, SPAN("Content-Type"));
}

void har_put_request(struct json_object *entry, const struct exchange *x, bool reveal)
{
	struct json_object *o = json_put_object(entry, "request"), *body;
	struct buf url;

	buf_init(&url, URL_MAX);
	har_url(&url, x, reveal);
	json_put_bytes(o, "method", x->method);
	json_put_bytes(o, "url", buf_span(&url));
	put_version(o, &x->request);
	har_put_cookies(o, &x->request, SPAN("Cookie"), reveal);
	har_put_headers(o, &x->request, reveal);
	har_put_query(o, buf_span(&url));
	buf_release(&url);
	if (x->request.body.entity_bytes) {
		body = json_put_object(o, "postData");
		json_put_bytes(body, "mimeType", type_of(&x->request));
		put_text(body, &x->request.body, reveal);
	}
	put_sizes(o, &x->request);
}

static void put_content(struct json_object *response, const struct http_message *m, bool reveal)
{
	struct json_object *content = json_put_object(response, "content");
	const struct http_body *b = &m->body;
	uint64_t size = b->decoded ? b->decoded_bytes : b->entity_bytes;

	json_put_count(content, "size", size);
	if (b->decoded && size >= b->entity_bytes)
		json_put_count(content, "compression", size - b->entity_bytes);
	json_put_bytes(content, "mimeType", type_of(m).len ? type_of(m) : SPAN("x-unknown"));
	put_text(content, b, reveal);
}

void har_put_response(struct json_object *entry, const struct exchange *x, bool reveal)
{
	struct json_object *o = json_put_object(entry, "response");

	json_put_count(o, "status", x->status);
	json_put_bytes(o, "statusText", x->reason);
	put_version(o, &x->response);
	har_put_cookies(o, &x->response, SPAN("Set-Cookie"), reveal);
	har_put_headers(o, &x->response, reveal);
	put_content(o, &x->response, reveal);
	json_put_url(o, "redirectURL", http_header(&x->response, SPAN("Location")), reveal);
	put_sizes(o, &x->response);
}
