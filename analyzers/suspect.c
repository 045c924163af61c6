/* analyzers/suspect.c - what WSUS and its clients do not do. */
#include "analyzers/suspect.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/host.h"
#include "facts/soap.h"
#include "facts/updatefile.h"
#include "facts/wsuscall.h"

enum {
	SERVERS_MAX = 1024,
	COOKIE_MIN = 48,                /* 496 bytes were seen of a server, 47 of a forged one */
	COOKIE_MAX = 2048,
	COOKIE_SPREAD = 256,            /* names and groups of clients make so much of a difference */
	FEW_UPDATES = 2, FEW_REVISION = 204,
	WORDS_TEXT = 120,
};

static bool tells(const struct exchange *x, enum wsus_field field, struct span other)
{
	const struct wsus_value *v = wsus_value(x->soap->values, field);

	return v && !span_ieq(span_trim(v->text), other);
}

static void note_text(const struct exchange *x, struct span text, enum sign sign, suspect_note *note,
		      void *self)
{
	char words[WORDS_TEXT];

	note(self, x, sign, web_printable(text, words, sizeof words));
}

/* ---- what servers did before ---- */

struct past {                           /* of one server */
	int64_t least, most;            /* bytes of a cookie; most 0: it issued none */
	bool has_signed;
};

void suspect_past_init(struct suspect_past *p)
{
	map_init(&p->servers, SERVERS_MAX);
}

void suspect_past_release(struct suspect_past *p)
{
	map_release_values(&p->servers);
}

/* NULL: out of room. */
static struct past *past_of(struct suspect_past *p, const struct exchange *x)
{
	struct server_key key = web_server_key(x);

	return map_value(&p->servers, span_of(key.bytes, key.len), sizeof(struct past));
}

static void note_issued(struct past *past, int64_t length)
{
	if (!past->most || length < past->least)
		past->least = length;
	if (length > past->most)
		past->most = length;
}

static bool is_other_length(const struct past *past, int64_t length)
{
	return past && past->most &&
	       (length > past->most + COOKIE_SPREAD || length < past->least - COOKIE_SPREAD);
}

/* ---- logins ---- */

static void read_logins(struct past *past, const struct exchange *x, suspect_note *note, void *self)
{
	const struct wsus_call *call = x->soap->values;
	const struct wsus_value *cookie = wsus_value(call, FIELD_AUTH_COOKIE);

	if (tells(x, FIELD_PLUGIN, SPAN("SimpleTargeting")))
		note_text(x, wsus_text(call, FIELD_PLUGIN), SIGN_PLUGIN, note, self);
	if (wsus_value(call, FIELD_PLUGIN) && !wsus_text(call, FIELD_PLUGIN_URL).len)
		note(self, x, SIGN_NO_SERVICE, "");
	if (tells(x, FIELD_AUTH_PLUGIN, SPAN("SimpleTargeting")))
		note_text(x, wsus_text(call, FIELD_AUTH_PLUGIN), SIGN_COOKIE_PLUGIN, note, self);
	if (cookie && past)
		note_issued(past, cookie->number);
	if (cookie && cookie->number < COOKIE_MIN)
		note(self, x, SIGN_SHORT_COOKIE, "");
}

/* ---- files ---- */

static bool is_own_host(const struct exchange *x, struct span host)
{
	char addr[ADDR_TEXT];

	return span_ieq(host, host_name(x->host)) ||
	       span_ieq(host, span_text(addr_text(&x->conn->server.addr, addr)));
}

/* "wsus01" and "wsus01.corp.example" are one machine. */
static bool is_same_name(struct span a, struct span b)
{
	struct span shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;

	return shorter.len && span_istarts(longer, shorter) &&
	       (longer.len == shorter.len || longer.at[shorter.len] == '.');
}

static void read_location(const struct exchange *x, const struct wsus_file *file, suspect_note *note,
			  void *self)
{
	struct span host = host_name(url_host(file->url));
	uint8_t sha1[SHA1_BYTES];
	enum updatefile_form form = updatefile_read(file->url, sha1);
	bool own = is_own_host(x, host) || is_same_name(host, host_name(x->host));

	if (!host.len || wsus_microsoft_host(host))
		return;
	if (!own)
		note_text(x, file->url, SIGN_FILE_HOST, note, self);
	else if (form == UPDATEFILE_OTHER || form == UPDATEFILE_NAMED)
		note_text(x, file->url, SIGN_FILE_FORM, note, self);
	if (form != UPDATEFILE_OTHER && file->has_sha1 && memcmp(sha1, file->sha1, sizeof sha1) != 0)
		note_text(x, file->url, SIGN_FILE_NAME, note, self);
	else if (form == UPDATEFILE_FOLDER)
		note_text(x, file->url, SIGN_FILE_FOLDER, note, self);
}

/* ---- updates ---- */

/* Microsoft numbered bulletins from MS98-001 to MS17-023. */
static bool is_no_bulletin(struct span text)
{
	struct span year = span_skip(text, 2), number = year;
	uint64_t y, n;

	year = span_split(&number, '-');
	if (!span_istarts(text, SPAN("MS")) || year.len != 2 || !span_decimal(year, &y) ||
	    !span_decimal(number, &n))
		return false;
	return (y > 17 && y < 98) || !n || n > 200;
}

static bool is_shell(struct span arguments)
{
	static const struct span words[] = {
		SPAN_LIT("cmd"), SPAN_LIT("powershell"), SPAN_LIT("/c "), SPAN_LIT("net user"),
		SPAN_LIT("localgroup"), SPAN_LIT("-accepteula"), SPAN_LIT("/accepteula"), SPAN_LIT("-enc"),
		SPAN_LIT("http://"), SPAN_LIT("https://"), SPAN_LIT("rundll32"), SPAN_LIT("wscript"),
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_ifind(arguments, words[i]) != SIZE_MAX)
			return true;
	return false;
}

static void read_update(const struct exchange *x, const struct wsus_update *u, suspect_note *note, void *self)
{
	if (u->arguments.len && is_shell(u->arguments))
		note_text(x, u->arguments, SIGN_SHELL, note, self);
	else if (u->arguments.len)
		note_text(x, u->arguments, SIGN_ARGUMENTS, note, self);
	if (is_no_bulletin(u->bulletin))
		note_text(x, u->bulletin, SIGN_BULLETIN, note, self);
}

static bool are_few(const struct wsus_call *call)
{
	for (size_t i = 0; i < call->update_count; i++)
		if (call->updates[i].revision != FEW_REVISION)
			return false;
	return call->update_count && call->update_count <= FEW_UPDATES &&
	       wsus_number(call, FIELD_NEW_UPDATES, 0) <= FEW_UPDATES;
}

/* A proxy may take signatures away. */
static bool is_unsigned(const struct exchange *x)
{
	return !x->via_proxy && !http_header(&x->response, SPAN("X-AspNet-Version")).at &&
	       !http_header(&x->response, SPAN("X-Powered-By")).at &&
	       span_ifind(http_header(&x->response, SPAN("Server")), SPAN("Microsoft")) == SIZE_MAX;
}

static void read_signature(struct past *past, const struct exchange *x, suspect_note *note, void *self)
{
	struct span server = http_header(&x->response, SPAN("Server"));

	if (!wsus_place_is_update(wsus_exchange_place(x)))
		return;
	if (!is_unsigned(x)) {
		if (past)
			past->has_signed = true;
		return;
	}
	note_text(x, server, SIGN_NOT_IIS, note, self);
	if (past && past->has_signed)
		note_text(x, server, SIGN_CHANGED, note, self);
}

void suspect_answer(struct suspect_past *p, const struct exchange *x, suspect_note *note, void *self)
{
	const struct wsus_call *call = x->soap->values;
	struct past *past;

	if (!call || x->status != 200 || !x->soap->side[SERVER].complete)
		return;
	past = past_of(p, x);
	read_logins(past, x, note, self);
	for (size_t i = 0; i < call->location_count; i++)
		read_location(x, &call->locations[i], note, self);
	for (size_t i = 0; i < call->update_count; i++)
		read_update(x, &call->updates[i], note, self);
	if (x->soap->method == METHOD_SYNC_UPDATES && are_few(call))
		note(self, x, SIGN_FEW, "");
	read_signature(past, x, note, self);
}

/* ---- requests ---- */

static void read_cookie(const struct past *past, const struct exchange *x, int64_t length, suspect_note *note,
			void *self)
{
	char words[WORDS_TEXT];

	snprintf(words, sizeof words, "%lld bytes", (long long)length);
	note(self, x, SIGN_LONG_COOKIE, words);
	if (is_other_length(past, length))
		note(self, x, SIGN_OTHER_COOKIE, "");
	if (x->status == 500)
		note(self, x, SIGN_REFUSED, "500");
}

/* The calls that attacks use: GetCookie takes what it is given apart, reports are stored. */
static bool is_target(enum wsus_method method)
{
	return method == METHOD_GET_COOKIE || method == METHOD_DSS_GET_COOKIE ||
	       method == METHOD_REPORT_EVENT_BATCH || method == METHOD_REPORT_EVENT_BATCH2;
}

void suspect_request(struct suspect_past *p, const struct exchange *x, suspect_note *note, void *self)
{
	static const enum wsus_field cookies[] = {
		FIELD_COOKIE_AUTH_DATA, FIELD_COOKIE_OLD, FIELD_REPORT_COOKIE,
		FIELD_DSS_COOKIE_AUTH_DATA, FIELD_DSS_COOKIE_OLD,
	};
	const struct wsus_call *call = x->soap->values;
	struct span agent;
	bool stranger, odd;

	if (!is_target(x->soap->method))
		return;
	agent = http_header(&x->request, SPAN("User-Agent"));
	stranger = odd = !wsus_user_agent(agent);
	for (size_t c = 0; c < sizeof cookies / sizeof *cookies; c++) {
		int64_t length = wsus_number(call, cookies[c], 0);

		if (length <= COOKIE_MAX)
			continue;
		read_cookie(past_of(p, x), x, length, note, self);
		odd = true;
	}
	if (stranger)
		note_text(x, agent, SIGN_NOT_AGENT, note, self);
	if (odd && !addr_is_private(&x->conn->client.addr) && addr_is_private(&x->conn->server.addr))
		note(self, x, SIGN_OUTSIDE, "");
}
