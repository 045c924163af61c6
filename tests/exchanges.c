/* tests/exchanges.c - a small language for exchanges. */
#include "tests/exchanges.h"

#include "facts/tls.h"
#include "tests/calls.h"

enum { HEADERS_MAX = 24 };

bool exchange_endpoint(struct span text, struct endpoint *e)
{
	size_t colon = text.len;
	uint64_t port = 0;

	while (colon > 0 && text.at[colon - 1] != ':')
		colon--;
	if (addr_parse(text, &e->addr)) {
		e->port = 50000;
		return true;
	}
	e->port = 0;
	if (!colon || !span_decimal(span_skip(text, colon), &port))
		return false;
	e->port = (uint16_t)port;
	return addr_parse(span_of(text.at, colon - 1), &e->addr);
}

static struct span word(struct span *line)
{
	*line = span_trim(*line);
	return span_split(line, ' ');
}

static enum auth_scheme scheme_named(struct span name)
{
	for (unsigned s = 0; s < AUTH_SCHEME_COUNT; s++)
		if (span_ieq(span_text(auth_scheme_name((enum auth_scheme)s)), name))
			return (enum auth_scheme)s;
	return AUTH_OTHER;
}

static enum auth_step step_named(struct span name)
{
	for (unsigned s = 0; s < AUTH_STEP_COUNT; s++)
		if (span_eq(span_text(auth_step_name((enum auth_step)s)), name))
			return (enum auth_step)s;
	return AUTH_STEP_NONE;
}

/* Behind the step that a client sends: a user, "domain=CORP", "on=PC1", "spn=HTTP/x", "bound", "nobody". */
static void read_names(struct auth *auth, struct auth_token *token, struct span words)
{
	while (words.len) {
		struct span value = word(&words), name = value;

		name = span_split(&value, '=');
		if (span_eq(name, SPAN("domain")))
			auth->domain = value;
		else if (span_eq(name, SPAN("on")))
			auth->workstation = value;
		else if (span_eq(name, SPAN("spn")))
			token->kerberos.service = value;
		else if (span_eq(name, SPAN("bound")))
			token->ntlm.channel_binding = true;
		else if (span_eq(name, SPAN("nobody")))
			token->ntlm.anonymous = true;
		else
			auth->user = name;
	}
}

/* "NTLM authenticate", "Basic credentials alice"; offers: "Negotiate, NTLM", "NTLM challenge",
 * "Negotiate kerberos-error 37". */
static void read_auth(struct arena *arena, struct auth *auth, struct span value, bool by_client)
{
	struct span first = value, scheme = span_split(&first, ' ');
	struct auth_token *token = arena_alloc(arena, sizeof *token);
	enum auth_step step = step_named(word(&first));
	uint64_t error;

	token->ntlm.timestamp = token->kerberos.server_time = MOMENT_NONE;
	token->ntlm.type = step == AUTH_STEP_NTLM_AUTHENTICATE ? 3 : 0;
	if (by_client) {
		auth->sent = true;
		auth->scheme = scheme_named(scheme);
		auth->sent_step = step;
		auth->sent_token = token;
		read_names(auth, token, first);
		return;
	}
	if (step != AUTH_STEP_NONE)
		auth->answer_step = step;
	if (step == AUTH_STEP_KERBEROS_ERROR && span_decimal(first, &error)) {
		token->kerberos.kind = KERBEROS_ERROR;
		token->kerberos.error = (unsigned)error;
		auth->answer_token = token;
	}
	while (value.len) {
		struct span one = span_trim(span_split(&value, ','));

		auth->offered |= 1u << scheme_named(span_split(&one, ' '));
	}
}

static void read_header(struct arena *arena, struct exchange *x, struct http_header h, bool by_client)
{
	if (span_ieq(h.name, SPAN("Authorization")) || span_ieq(h.name, SPAN("WWW-Authenticate")))
		read_auth(arena, &x->server_auth, h.value, by_client);
	if (span_ieq(h.name, SPAN("Proxy-Authorization")) || span_ieq(h.name, SPAN("Proxy-Authenticate")))
		read_auth(arena, &x->proxy_auth, h.value, by_client);
	if (by_client && span_istarts(h.name, SPAN("Proxy-")))
		x->via_proxy = true;
	if (by_client && !x->host.at && span_ieq(h.name, SPAN("Host")))
		x->host = h.value;
}

static void read_remark(struct exchange *x, struct http_message *m, struct span remark)
{
	static const struct exchange tunnel = { 0 };
	static const struct tls_session tls = { 0 };

	if (span_starts(remark, SPAN("bytes ")))
		span_decimal(span_skip(remark, 6), &m->body.entity_bytes);
	if (span_eq(remark, SPAN("1.0")))
		m->version = 10;
	else if (span_eq(remark, SPAN("tunnel")))
		x->tunnel = &tunnel;
	else if (span_eq(remark, SPAN("tls")))
		x->tls = &tls;
	else if (span_eq(remark, SPAN("end reset")))
		x->end = EXCHANGE_RESET;
}

/* As much as is announced comes, but for HEAD. */
static void read_length(const struct exchange *x, struct http_message *m, struct span value)
{
	m->body.has_length = span_decimal(value, &m->body.declared);
	if (m == &x->request || !span_eq(x->method, SPAN("HEAD")))
		m->body.entity_bytes = m->body.declared;
}

/* "| Name: value | remark | <body"; of a call also what tests/calls.h has. */
static void read_fields(struct arena *arena, struct exchange *x, struct http_message *m,
			struct call_text *call, struct span fields)
{
	struct http_header *headers = arena_alloc(arena, HEADERS_MAX * sizeof *headers);

	m->headers = headers;
	m->head_complete = true;
	if (call && m == &x->request)
		headers[m->header_count++] = call_action(call);
	while (fields.len) {
		struct span value = span_trim(span_split(&fields, '|')), name;

		if (value.len && value.at[0] == '<') {
			m->body.start = value;
			continue;
		}
		if (call && call_field(call, m == &x->request ? CLIENT : SERVER, value))
			continue;
		name = value;
		name = span_split(&name, ':');
		if (name.len == value.len) {
			read_remark(x, m, value);
			continue;
		}
		headers[m->header_count].name = name;
		headers[m->header_count].value = span_trim(span_skip(value, name.len + 1));
		read_header(arena, x, headers[m->header_count], m == &x->request);
		if (span_ieq(name, SPAN("Content-Length")))
			read_length(x, m, headers[m->header_count].value);
		m->header_count++;
	}
}

static void read_target(struct exchange *x)
{
	struct span rest = x->target;
	size_t scheme = span_find(rest, SPAN("://"));

	if (span_eq(x->method, SPAN("CONNECT"))) {
		x->host = x->target;
		x->via_proxy = true;
		return;
	}
	if (scheme != SIZE_MAX) {
		rest = span_skip(rest, scheme + 3);
		x->host = rest;
		x->host = span_split(&x->host, '/');
		rest = span_skip(rest, x->host.len);
		x->via_proxy = true;
	}
	x->path = span_split(&rest, '?');
}

static struct connection *read_parties(struct arena *arena, struct span *line)
{
	struct connection *conn = arena_alloc(arena, sizeof *conn);
	struct span id;
	bool whole = exchange_endpoint(word(line), &conn->client);

	whole = whole && span_eq(word(line), SPAN(">"));
	whole = whole && exchange_endpoint(word(line), &conn->server);
	*line = span_trim(*line);
	if (line->len && line->at[0] == '#') {
		id = span_skip(word(line), 1);
		whole = whole && span_decimal(id, &conn->id);
		*line = span_trim(*line);
	}
	if (line->len && line->at[0] == '~') {
		uint64_t wire = 0;

		id = span_skip(word(line), 1);
		whole = whole && span_decimal(id, &wire);
		conn->wire = (uint32_t)wire;
	}
	return whole ? conn : NULL;
}

struct exchange *exchange_of(struct arena *arena, const char *text, size_t number, int64_t time)
{
	struct span line = span_text(text), answer, status;
	struct exchange *x = arena_alloc(arena, sizeof *x);
	size_t arrow = span_find(line, SPAN("=>"));
	struct call_text *call = NULL;
	uint64_t code = 0;

	answer = arrow == SIZE_MAX ? SPAN("") : span_skip(line, arrow + 2);
	if (arrow != SIZE_MAX)
		line.len = arrow;
	x->conn = read_parties(arena, &line);
	if (!x->conn)
		return NULL;
	x->method = word(&line);
	x->target = word(&line);
	if (span_eq(x->method, SPAN("CALL"))) {
		call = call_begin(arena, x, x->target);
		if (!call)
			return NULL;
	}
	x->request = (struct http_message){ .present = true, .version = 11, .first_frame = 2 * number - 1,
					    .first_time = time, .last_time = time };
	x->response.version = 11;
	read_target(x);
	read_fields(arena, x, &x->request, call, line);
	if (call)
		call_end(call);
	if (arrow == SIZE_MAX)
		return x;
	answer = span_trim(answer);
	line = span_trim(span_split(&answer, '|'));
	status = span_split(&line, ' ');
	if (!span_decimal(status, &code))
		return NULL;
	x->status = (uint16_t)code;
	x->reason = line;
	x->response = (struct http_message){ .present = true, .version = 11, .first_frame = 2 * number,
					     .first_time = time, .last_time = time };
	read_fields(arena, x, &x->response, call, answer);
	x->answered_by = answerer_of(x);
	if (call)
		call_end(call);
	return x;
}
