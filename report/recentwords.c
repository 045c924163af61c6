/* report/recentwords.c - short, exact words about facts. */
#include "report/recentwords.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "facts/soap.h"

/* ---- texts of RECENT_TEXT bytes ---- */

/* Adds what is the same in every language. */
__attribute__((format(printf, 2, 3))) static void say(char text[static RECENT_TEXT], const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, RECENT_TEXT - len, format, args);
	va_end(args);
}

/* Adds a message, translated here; a comma stands before it unless it is the first. */
static void word(char text[static RECENT_TEXT], const char *message, ...)
	__attribute__((format(printf, 2, 3)));

static void word(char text[static RECENT_TEXT], const char *message, ...)
{
	size_t len = strlen(text);
	va_list args;

	if (len)
		/* TRANSLATORS: between items of a list. */
		len += tongue_say(text + len, RECENT_TEXT - len, ", ");
	va_start(args, message);
	tongue_vsay(text + len, RECENT_TEXT - len, message, args);
	va_end(args);
}

/* Bytes of the wire: what is broken or harmful becomes '?', what does not fit ends in "...". */
static void say_bytes(char text[static RECENT_TEXT], struct span bytes)
{
	enum { KEPT = RECENT_TEXT - 4 };
	size_t at = strlen(text);

	while (bytes.len) {
		size_t len = utf8_len(bytes);
		bool bad = !len || utf8_is_harmful(utf8_code(bytes.at, len));
		struct span letter = span_take(&bytes, len ? len : 1);

		if (at + letter.len > KEPT) {
			snprintf(text + at, RECENT_TEXT - at, "...");
			return;
		}
		if (bad)
			letter = SPAN("?");
		memcpy(text + at, letter.at, letter.len);
		at += letter.len;
		text[at] = '\0';
	}
}

static void say_size(char text[static RECENT_TEXT], uint64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
		value /= 1000;
		unit++;
	}
	say(text, unit && value < 9.95 ? " %.1f %s" : " %.0f %s", value, units[unit]);
}

/* ---- exchanges ---- */

/* "wsus01:8531" of "user@wsus01:8531" */
static struct span without_login(struct span host)
{
	size_t at = host.len;

	while (at && host.at[at - 1] != '@')
		at--;
	return span_skip(host, at);
}

static void word_asked(const struct exchange *x, char text[static RECENT_TEXT])
{
	if (!x->request.present) {
		word(text, "a request that was not seen");
		return;
	}
	say_bytes(text, x->method);
	say(text, " ");
	if (span_eq(x->method, SPAN("CONNECT")))
		say_bytes(text, without_login(x->target));
	else
		say_bytes(text, x->path.len ? x->path : SPAN("*"));
	if (x->soap && x->soap->name.len) {
		say(text, " ");
		say_bytes(text, x->soap->name);
	}
}

static const struct auth *login_of(const struct exchange *x)
{
	return x->status == 401 ? &x->server_auth : x->status == 407 ? &x->proxy_auth : NULL;
}

/* A login takes several turns, and the first answers of it are no failures. */
static bool login_goes_on(const struct auth *a)
{
	return a->offered && (!a->sent || auth_step_goes_on(a->answer_step));
}

/* "NTLM, Basic" */
static void word_schemes(unsigned offered, char text[static RECENT_TEXT])
{
	for (int i = 0; i < AUTH_SCHEME_COUNT; i++)
		if (offered & 1u << i)
			word(text, "%s", auth_scheme_name((enum auth_scheme)i));
}

static void word_login(const struct auth *a, char text[static RECENT_TEXT])
{
	char schemes[RECENT_TEXT] = "";

	word_schemes(a->offered, schemes);
	if (!login_goes_on(a))
		word(text, a->sent ? N_("login refused") : N_("no login offered"));
	else if (a->sent)
		word(text, "login goes on");
	else
		word(text, "asks for a login (%s)", schemes);
}

static void word_answer(const struct exchange *x, char text[static RECENT_TEXT])
{
	struct span type = http_header(&x->response, SPAN("Content-Type"));
	char code[RECENT_TEXT] = "";

	if (!x->status) {
		word(text, "no answer: %s", _(exchange_end_text(x->end)));
		return;
	}
	say(text, "%u", x->status);
	if (type.len) {
		say(text, " ");
		say_bytes(text, span_trim(span_split(&type, ';')));
	}
	if (x->response.body.entity_bytes)
		say_size(text, x->response.body.entity_bytes);
	if (x->soap && x->soap->fault.present) {
		say_bytes(code, x->soap->fault.error_code.len ? x->soap->fault.error_code
		                                              : x->soap->fault.code);
		word(text, "fault %s", code);
	}
	if (login_of(x))
		word_login(login_of(x), text);
	if (x->end != EXCHANGE_COMPLETE)
		word(text, "%s", _(exchange_end_text(x->end)));
}

static bool exchange_failed(const struct exchange *x)
{
	if (!x->status || (x->end != EXCHANGE_COMPLETE && x->end != EXCHANGE_REPLACED))
		return x->end != EXCHANGE_OPEN && x->end != EXCHANGE_LOST;
	if (x->soap && x->soap->fault.present)
		return true;
	if (login_of(x))
		return !login_goes_on(login_of(x));
	return x->status >= 400 && !http_range_is_done(x);
}

static void row_exchange(const struct exchange *x, struct recent_row *row)
{
	bool both = x->request.present && x->response.present;

	row->kind = RECENT_EXCHANGE;
	row->server = x->conn->server;
	row->time = x->request.present ? x->request.first_time : x->response.first_time;
	row->took = x->ttfb >= 0 ? x->ttfb : both ? x->response.first_time - x->request.first_time : -1;
	row->frame = x->request.present ? x->request.first_frame : 0;
	row->answer_frame = x->response.present ? x->response.first_frame : 0;
	row->status = x->status;
	row->failed = exchange_failed(x);
	word_asked(x, row->asked);
	word_answer(x, row->answer);
}

/* ---- connections ---- */

static void word_outcome(const struct connection *c, struct recent_row *row)
{
	static const char *const later[] = { N_("later reset by the client"), N_("later reset by the server"),
		                             N_("later reset by a box between") };

	switch (c->outcome) {
	case CONNECTION_REFUSED:
		word(row->answer, "refused");
		break;
	case CONNECTION_UNANSWERED:
		word(row->answer, tongue_many("no answer, asked %u time", "no answer, asked %u times",
		                              c->syn_count), c->syn_count);
		break;
	case CONNECTION_REJECTED:
		word(row->answer, "rejected: %s",
		     _(icmp_text(!addr_is_v4(&c->server.addr), c->icmp_type, c->icmp_code)));
		break;
	case CONNECTION_ESTABLISHED:
	case CONNECTION_MIDSTREAM:
		word(row->answer, "accepted");
		break;
	}
	if (c->closed >= CONNECTION_RESET_BY_CLIENT && c->outcome == CONNECTION_ESTABLISHED)
		word(row->answer, "%s", _(later[c->closed - CONNECTION_RESET_BY_CLIENT]));
}

static bool row_connection(const struct connection *c, struct recent_row *row)
{
	if (c->outcome == CONNECTION_MIDSTREAM || c->syn_time == MOMENT_NONE)
		return false;
	row->kind = RECENT_CONNECTION;
	row->server = c->server;
	row->time = c->syn_time;
	if (c->synack_time != MOMENT_NONE)
		row->took = c->synack_time - c->syn_time;
	else if (c->outcome == CONNECTION_REFUSED && c->reset_frame)
		row->took = c->reset_time - c->syn_time;
	row->frame = c->syn_frame;
	row->answer_frame = c->synack_frame ? c->synack_frame : c->reset_frame;
	if (!row->answer_frame)
		row->answer_frame = c->icmp_frame;
	row->failed = connection_failed(c);
	word(row->asked, "connect");
	word_outcome(c, row);
	return true;
}

/* ---- TLS ---- */

static const struct tls_alert *fatal_alert(const struct tls_session *t)
{
	for (unsigned i = 0; i < t->alert_count && i < TLS_ALERTS_KEPT; i++)
		if (!t->alerts[i].encrypted && t->alerts[i].description)        /* 0: close_notify */
			return &t->alerts[i];
	return NULL;
}

static void word_tls(const struct tls_session *t, struct recent_row *row)
{
	const struct tls_alert *alert = fatal_alert(t);
	/* Whoever did not hang up spoke last. */
	enum side last = connection_closed_by(t->conn, CLIENT) ? SERVER : CLIENT;

	if (t->server_hello)
		word(row->answer, t->resumed ? N_("%s, resumed") : "%s", tls_version_name(t->version));
	if (alert)
		word(row->answer,
		     alert->by == CLIENT ? N_("alert %s by the client") : N_("alert %s by the server"),
		     tls_alert_name(alert->description));
	else if (t->not_tls[SERVER])
		word(row->answer, "the server does not speak TLS");
	else if (!t->established && t->server_hello)
		word(row->answer, "not established: last %s", tls_message_name(t->last_message[last]));
	else if (!t->server_hello)
		word(row->answer, connection_closed_by(t->conn, SERVER) ?
		                  N_("no answer, the server hung up") : N_("no answer"));
}

static bool row_tls(const struct tls_session *t, struct recent_row *row)
{
	char name[RECENT_TEXT] = "";

	if (!t->client_hello)
		return false;
	row->kind = RECENT_TLS;
	row->server = t->conn->server;
	row->time = t->client_hello_time;
	row->frame = t->client_hello_frame;
	row->answer_frame = t->server_hello_frame;
	row->failed = !t->established && !tls_left_early(t) && !t->lost && t->conn->closed;
	if (t->server_name[0]) {
		say_bytes(name, span_text(t->server_name));
		word(row->asked, "TLS for %s", name);
	} else {
		word(row->asked, "TLS for a server without a name");
	}
	word_tls(t, row);
	return true;
}

/* ---- lookups and ICMP ---- */

static void word_addresses(const struct lookup *l, char text[static RECENT_TEXT])
{
	enum { TOLD = 3 };
	char address[ADDR_TEXT];

	for (unsigned i = 0; i < l->answer_count && i < TOLD; i++)
		word(text, "%s", addr_text(&l->answers[i], address));
	if (l->answer_count > TOLD)
		say(text, _(" and %u more"), l->answer_count - TOLD);
}

static void row_lookup(const struct lookup *l, struct recent_row *row)
{
	static const char *const by[] = { [LOOKUP_DNS] = "", [LOOKUP_LLMNR] = "LLMNR ",
		                          [LOOKUP_NBNS] = "NetBIOS " };
	char text[16];

	row->kind = RECENT_LOOKUP;
	row->server = l->server;
	row->time = l->ask_time != MOMENT_NONE ? l->ask_time : l->answer_time;
	if (l->answered && l->ask_time != MOMENT_NONE)
		row->took = l->answer_time - l->ask_time;
	row->frame = l->ask_frame;
	row->answer_frame = l->answer_frame;
	/* Groups are asked without a right to an answer. */
	row->failed = l->answered ? lookup_failed(l) : l->protocol == LOOKUP_DNS;
	say(row->asked, "%s%s ", by[l->protocol], lookup_type_text(l->type, text));
	say_bytes(row->asked, span_text(l->name));
	if (!l->answered)
		word(row->answer, tongue_many("no answer, asked %u time", "no answer, asked %u times",
		                              l->tries), l->tries);
	else if (l->rcode)
		say(row->answer, "%s", lookup_rcode_text(l->rcode, text));
	else if (l->answer_count)
		word_addresses(l, row->answer);
	else
		word(row->answer, lookup_asks_address(l) ? N_("no address") : N_("answered"));
}

static void row_icmp(const struct icmp_error *e, struct recent_row *row)
{
	char text[ENDPOINT_TEXT];

	row->kind = RECENT_ICMP;
	row->server = e->conn ? e->conn->server : e->target;
	row->time = e->time;
	row->answer_frame = e->frame;
	row->failed = icmp_rejects(e->v6, e->type, e->code);
	word(row->asked, "a packet to %s",
	     row->server.port ? endpoint_text(&row->server, text) : addr_text(&row->server.addr, text));
	word(row->answer, "%s, says %s", _(icmp_text(e->v6, e->type, e->code)), addr_text(&e->from, text));
}

/* ---- any fact ---- */

bool recent_word(const struct fact *fact, struct addr *client, struct recent_row *row, bool *answered)
{
	*row = (struct recent_row){ .took = -1 };
	*answered = true;
	switch (fact->kind) {
	case FACT_EXCHANGE:
		*client = fact->exchange->conn->client.addr;
		row_exchange(fact->exchange, row);
		return true;
	case FACT_CONNECTION:
		*client = fact->connection->client.addr;
		*answered = fact->connection->outcome == CONNECTION_ESTABLISHED;
		return row_connection(fact->connection, row);
	case FACT_TLS:
		*client = fact->tls->conn->client.addr;
		return row_tls(fact->tls, row);
	case FACT_LOOKUP:
		*client = fact->lookup->client;
		*answered = fact->lookup->answered;
		row_lookup(fact->lookup, row);
		return true;
	case FACT_ICMP:
		*client = fact->icmp->conn ? fact->icmp->conn->client.addr : fact->icmp->source.addr;
		*answered = fact->icmp->conn && fact->icmp->conn->outcome == CONNECTION_ESTABLISHED;
		row_icmp(fact->icmp, row);
		return true;
	case FACT_LEASE:
		return false;
	}
	return false;
}
