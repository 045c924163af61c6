/* report/event_http.c - http.*, url.*, user_agent.* and wsuscope.exchange.*. */
#include "report/event_http.h"

#include <json-c/json.h>

#include "report/event_auth.h"
#include "report/json_util.h"

/* The host without its port: what Elastic calls the domain. */
static struct span domain_of(struct span host)
{
	struct span left;
	size_t end;

	while ((end = span_byte(host, '@')) != SIZE_MAX)        /* a login before it */
		host = span_skip(host, end + 1);
	left = host;
	if (host.len && host.at[0] == '[') {
		end = span_byte(host, ']');
		return end == SIZE_MAX ? host : span_of(host.at, end + 1);
	}
	return span_split(&left, ':');
}

static void put_request(struct json_object *line, struct json_object *http,
                        const struct exchange *x, bool reveal)
{
	struct span agent = http_header(&x->request, SPAN("User-Agent"));
	struct json_object *request = json_put_object(http, "request"), *url;

	json_put_bytes(request, "method", x->method);
	json_put_count(json_put_object(request, "body"), "bytes", x->request.body.entity_bytes);
	url = json_put_object(line, "url");
	json_put_url(url, "original", x->target, reveal);
	json_put_url(url, "path", x->path, reveal);
	/* A CONNECT asks for an authority: its target has no scheme. */
	if (!span_eq(x->method, SPAN("CONNECT")))
		json_put_text(url, "scheme", x->tls ? "https" : "http");
	if (x->host.len)
		json_put_bytes(url, "domain", domain_of(x->host));
	if (agent.at)
		json_put_bytes(json_put_object(line, "user_agent"), "original", agent);
}

static void put_response(struct json_object *http, const struct exchange *x)
{
	struct span type = http_header(&x->response, SPAN("Content-Type"));
	struct json_object *response = json_put_object(http, "response");

	if (x->status)
		json_put_count(response, "status_code", x->status);
	json_put_count(json_put_object(response, "body"), "bytes", x->response.body.entity_bytes);
	if (type.at)
		json_put_bytes(response, "mime_type", span_trim(span_split(&type, ';')));
}

static void put_answerer(struct json_object *to, const struct answerer *a)
{
	struct json_object *o;

	if (a->role == ANSWERER_UNKNOWN)
		return;
	o = json_put_object(to, "answered_by");
	json_put_text(o, "role", answerer_role_name(a->role));
	if (a->product)
		json_put_text(o, "product", a->product);
	if (a->version.len)
		json_put_bytes(o, "version", a->version);
	if (a->host.len)
		json_put_bytes(o, "host", a->host);
	if (a->error.len)
		json_put_bytes(o, "error", a->error);
	json_put_count(o, "confidence", a->confidence);
}

static void put_exchange(struct json_object *to, const struct exchange *x, bool reveal)
{
	const struct http_body *body = &x->response.body;
	struct span coding = http_header(&x->response, SPAN("Content-Encoding"));

	if (x->request.present)
		json_put_count(to, "request_frame", x->request.first_frame);
	if (x->response.present)
		json_put_count(to, "response_frame", x->response.first_frame);
	if (x->host.len)
		json_put_url(to, "host", x->host, reveal);
	json_put_count(to, "body_wire_bytes", body->wire_bytes);
	json_put_bool(to, "body_skipped", body->skipped);
	json_put_bool(to, "body_decoded", body->decoded);
	json_put_count(to, "body_decoded_bytes", body->decoded_bytes);
	if (coding.at)
		json_put_bytes(to, "content_encoding", coding);
	if (x->ttfb >= 0)
		json_put_ms(to, "ttfb_ms", x->ttfb);
	json_put_bool(to, "complete", x->end == EXCHANGE_COMPLETE);
	json_put_text(to, "end", exchange_end_text(x->end));
	json_put_bool(to, "via_proxy", x->via_proxy);
	json_put_bool(to, "tls", x->tls != NULL);
	if (x->tunnel)
		json_put_url(to, "tunnel", x->tunnel->target, reveal);
	put_answerer(to, &x->answered_by);
	event_auth(to, x, reveal);
}

void event_http(struct json_object *line, const struct exchange *x, bool reveal)
{
	struct json_object *http = json_put_object(line, "http");

	if (x->request.present)
		put_request(line, http, x, reveal);
	if (x->response.present)
		put_response(http, x);
	put_exchange(json_put_object(json_put_object(line, "wsuscope"), "exchange"), x, reveal);
}
