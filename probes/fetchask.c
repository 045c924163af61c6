/* probes/fetchask.c - tables of options, and the few that need thought. */
#include "probes/fetchask.h"

#include <stdio.h>
#include <stdlib.h>

enum { PORT_TEXT = 8, LOGIN_TEXT = 512 };

static bool set_fixed(CURL *easy)
{
	static const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
		{ CURLOPT_HTTP09_ALLOWED, 0 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
		{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
		{ CURLOPT_PATH_AS_IS, 1 },
		{ CURLOPT_FRESH_CONNECT, 1 },
		{ CURLOPT_FORBID_REUSE, 1 },
		{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
		{ CURLOPT_HTTP_TRANSFER_DECODING, 1 },
		{ CURLOPT_HEADEROPT, CURLHEADER_SEPARATE },
	};
	static const struct {
		CURLoption option;
		const char *value;
	} texts[] = {
		{ CURLOPT_PROTOCOLS_STR, "http,https" },
		{ CURLOPT_REDIR_PROTOCOLS_STR, "http,https" },
		{ CURLOPT_NOPROXY, "" },        /* else the environment's */
	};
	bool good = true;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		good = !curl_easy_setopt(easy, numbers[i].option, numbers[i].value) && good;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		good = !curl_easy_setopt(easy, texts[i].option, texts[i].value) && good;
	return good;
}

static bool part(CURLU *url, CURLUPart which, char *to, size_t room)
{
	char *text;
	bool fits;

	if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT))
		return false;
	fits = (size_t)snprintf(to, room, "%s", text) < room;
	curl_free(text);
	return fits;
}

/* Without the brackets of an address, and without the root's dot, which no certificate has. */
static void bare(char host[static FETCHTLS_HOST_MAX])
{
	size_t len = strlen(host);

	if (host[0] == '[' && host[len - 1] == ']') {
		memmove(host, host + 1, len - 2);
		host[len - 2] = '\0';
	} else if (len && host[len - 1] == '.') {
		host[len - 1] = '\0';
	}
}

/* False: not of HTTP. */
static bool read_url(const char *text, bool *https, char host[static FETCHTLS_HOST_MAX],
                     char port[static PORT_TEXT])
{
	CURLU *url = curl_url();
	char scheme[8];
	bool good = url && !curl_url_set(url, CURLUPART_URL, text, 0) &&
	            part(url, CURLUPART_SCHEME, scheme, sizeof scheme) &&
	            part(url, CURLUPART_HOST, host, FETCHTLS_HOST_MAX) &&
	            part(url, CURLUPART_PORT, port, PORT_TEXT);

	curl_url_cleanup(url);
	if (!good)
		return false;
	*https = !strcmp(scheme, "https");
	if (!*https && strcmp(scheme, "http"))
		return false;
	bare(host);
	return true;
}

static bool append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (longer)
		*list = longer;
	return longer;
}

/* Whatever address curl has is never dialed (wires_open): any will do, so that it asks nobody for one. */
static bool set_addresses(struct fetchask *a, const char *port)
{
	char row[32];

	snprintf(row, sizeof row, "*:%s:127.0.0.1", port);
	return append(&a->resolve, row) && !curl_easy_setopt(a->easy, CURLOPT_RESOLVE, a->resolve);
}

/* Where nothing is to be sent, curl is to stop before TLS as well. */
static bool set_url(struct fetchask *a, const struct fetch_options *o, const char *port)
{
	char plain[FETCHTLS_HOST_MAX + 32];
	const char *format = strchr(a->host, ':') ? "http://[%s]:%s/" : "http://%s:%s/";

	if (!o->connect_only)
		return !curl_easy_setopt(a->easy, CURLOPT_URL, o->url);
	snprintf(plain, sizeof plain, format, a->host, port);
	a->https = false;
	/* Of a connection that is made it would think at once that it is there. */
	return !curl_easy_setopt(a->easy, CURLOPT_URL, plain) &&
	       !curl_easy_setopt(a->easy, CURLOPT_CONNECT_ONLY, o->proxy && o->tunnel ? 1L : 0L);
}

static bool set_place(struct fetchask *a, const struct fetch_options *o)
{
	char port[PORT_TEXT], proxy_port[PORT_TEXT];

	if (!read_url(o->url, &a->https, a->host, port) || !set_url(a, o, port))
		return false;
	a->proxied = o->proxy;
	if (!o->proxy)
		return !curl_easy_setopt(a->easy, CURLOPT_PROXY, "") && set_addresses(a, port);
	a->tunnels = o->tunnel || a->https;
	return read_url(o->proxy, &a->proxy_https, a->proxy_host, proxy_port) &&
	       !curl_easy_setopt(a->easy, CURLOPT_PROXY, o->proxy) &&
	       !curl_easy_setopt(a->easy, CURLOPT_HTTPPROXYTUNNEL, a->tunnels ? 1L : 0L) &&
	       set_addresses(a, proxy_port);
}

static bool has_header(const struct fetch_options *o, struct span name)
{
	for (const char *const *h = o->headers; h && *h; h++) {
		struct span line = span_text(*h);

		if (span_ieq(span_split(&line, ':'), name))
			return true;
	}
	return false;
}

/* What curl would add by itself is taken out: a wait for 100, a form's type. */
static bool set_headers(struct fetchask *a, const struct fetch_options *o)
{
	bool good = append(&a->headers, "Expect:");

	for (const char *const *h = o->headers; h && *h; h++)
		good = good && append(&a->headers, *h);
	if (!has_header(o, SPAN("Content-Type")))
		good = good && append(&a->headers, "Content-Type:");
	if (o->agent)
		good = good && !curl_easy_setopt(a->easy, CURLOPT_USERAGENT, o->agent);
	if (o->range)
		good = good && !curl_easy_setopt(a->easy, CURLOPT_RANGE, o->range);
	return good && !curl_easy_setopt(a->easy, CURLOPT_HTTPHEADER, a->headers);
}

static bool set_body(CURL *easy, struct span body)
{
	const char *bytes = body.len ? (const char *)body.at : "";

	return !curl_easy_setopt(easy, CURLOPT_POST, 1L) &&
	       !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len) &&
	       !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes);
}

static bool set_method(CURL *easy, const struct fetch_options *o)
{
	struct span const method = span_text(o->method);

	if (span_eq(method, SPAN("GET")))
		return !curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	if (span_eq(method, SPAN("HEAD")))
		return !curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	if (span_eq(method, SPAN("POST")))
		return set_body(easy, o->body);
	return (!o->body.len || set_body(easy, o->body)) &&
	       !curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, o->method);
}

static unsigned long schemes(enum fetch_login login, const char *user)
{
	static const unsigned long masks[] = {
		[FETCH_NO_LOGIN] = CURLAUTH_NONE,
		[FETCH_BASIC] = CURLAUTH_BASIC,
		[FETCH_NTLM] = CURLAUTH_NTLM,
		[FETCH_NEGOTIATE] = CURLAUTH_NEGOTIATE,
		[FETCH_ANY] = CURLAUTH_ANY,
	};

	/* A ticket of one's own is for Kerberos: a name that is empty would be sent to everybody else. */
	if (login == FETCH_ANY && !strcmp(user, ":"))
		return CURLAUTH_NEGOTIATE;
	/* Which is all that curl's GSSAPI knows: a password is for the others. */
	if (login == FETCH_ANY)
		return CURLAUTH_ANY & ~CURLAUTH_NEGOTIATE;
	return masks[login];
}

struct login {
	CURLoption schemes, user, password;
	bool escaped;                   /* curl takes what is told of proxies for parts of a URL */
};

/* Copies are wiped; curl's own are its affair. */
static bool set_part(CURL *easy, CURLoption option, struct span text, bool escaped)
{
	char copy[LOGIN_TEXT];
	char *escape;
	bool good;

	if (text.len >= sizeof copy)
		return false;
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	escape = escaped && text.len ? curl_easy_escape(easy, copy, (int)text.len) : NULL;
	good = (escape || !escaped || !text.len) && !curl_easy_setopt(easy, option, escape ? escape : copy);
	explicit_bzero(copy, sizeof copy);
	if (escape)
		explicit_bzero(escape, strlen(escape));
	curl_free(escape);
	return good;
}

static bool set_login(CURL *easy, const struct login *l, enum fetch_login login, const char *user)
{
	struct span rest, name;

	if (login == FETCH_NO_LOGIN || !user)
		return true;
	rest = span_text(user);
	name = span_split(&rest, ':');
	return !curl_easy_setopt(easy, l->schemes, schemes(login, user)) &&
	       set_part(easy, l->user, name, l->escaped) && set_part(easy, l->password, rest, l->escaped);
}

static bool set_logins(CURL *easy, const struct fetch_options *o)
{
	static const struct login server = { CURLOPT_HTTPAUTH, CURLOPT_USERNAME, CURLOPT_PASSWORD, false };
	static const struct login proxy = {
		CURLOPT_PROXYAUTH, CURLOPT_PROXYUSERNAME, CURLOPT_PROXYPASSWORD, true,
	};

	return set_login(easy, &server, o->server_login, o->server_user) &&
	       (!o->proxy || set_login(easy, &proxy, o->proxy_login, o->proxy_user));
}

bool fetchask_init(struct fetchask *a, const struct fetch_options *o)
{
	*a = (struct fetchask){ .easy = curl_easy_init() };
	return a->easy && set_fixed(a->easy) && set_place(a, o) && set_method(a->easy, o) &&
	       set_headers(a, o) && set_logins(a->easy, o);
}

void fetchask_release(struct fetchask *a)
{
	curl_easy_cleanup(a->easy);
	curl_slist_free_all(a->headers);
	curl_slist_free_all(a->resolve);
}
