/* probes/fetch.c - one request's life, and the result that grows in curl's callbacks. */
#include "probes/fetch.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "probes/fetchask.h"
#include "probes/fetchtls.h"
#include "probes/fetchwire.h"
#include "probes/fetchwords.h"

enum { HEAD_MAX = 256 << 10, CLOCK_SHARE = 50 };

static const int64_t TIMEOUT_USUAL = 15 * MOMENT_S;

struct fetch {
	struct loop *loop;
	struct fetchask ask;
	struct wires wires;
	struct fetchtls tls;
	void (*done)(void *self, const struct fetch_result *result);
	void *self;
	bool connect_only, head_only;
	int64_t timeout;
	uint64_t most;
	struct buf head;                /* of the answer that came last: its lines */
	size_t head_bytes;              /* of all answers */
	bool head_begun, head_done, head_full;
	bool garbled;                   /* lines without a first one */
	bool tunnel_open;
	bool endless;                   /* its login: what was answered last is the answer */
	struct buf body;
	EVP_MD_CTX *digest;             /* NULL: none is wanted */
	bool telling;
	bool over;                      /* nothing is left but connections that curl still holds */
	char curl_said[CURL_ERROR_SIZE];
	struct fetch_result result;
};

static void release(struct fetch *f)
{
	fetchask_release(&f->ask);
	fetchtls_release(&f->tls);
	buf_release(&f->head);
	buf_release(&f->body);
	EVP_MD_CTX_free(f->digest);
	f->over = true;
	if (!f->wires.first)
		free(f);
}

static void new_answer(struct fetch *f)
{
	buf_clear(&f->head);
	buf_clear(&f->body);
	f->head_begun = f->head_done = false;
	f->result.status = 0;
	f->result.body_bytes = 0;
	f->result.first_byte = MOMENT_NONE;
	if (f->digest)
		EVP_DigestInit_ex(f->digest, EVP_sha1(), NULL);
}

static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct fetch *f = self;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	f->endless = f->wires.count >= WIRES_MAX;
	if (f->endless)
		return CURL_SOCKET_BAD;
	fetchtls_begin(&f->tls);
	new_answer(f);
	f->tunnel_open = false;
	f->result.connect_status = 0;
	return wires_open(&f->wires, address);
}

static int close_socket(void *self, curl_socket_t fd)
{
	struct fetch *f = self;
	int const failed = wires_close(&f->wires, fd);

	if (f->over && !f->wires.first)
		free(f);
	return failed;
}

/* "HTTP/1.1 200 OK" */
static unsigned status_of(struct span line)
{
	uint64_t status = 0;

	span_split(&line, ' ');
	if (!span_decimal(span_take(&line, 3), &status))
		return 0;
	return (unsigned)status;
}

static void head_is_done(struct fetch *f)
{
	f->head_done = true;
	if (!f->ask.tunnels || f->tunnel_open)
		return;
	f->result.connect_status = f->result.status;
	if (f->result.status / 100 != 2)
		return;
	f->tunnel_open = true;
	new_answer(f);
}

/* Line by line; lines behind the head are a chunked body's last ones. */
static size_t take_header(char *bytes, size_t size, size_t count, void *self)
{
	struct fetch *f = self;
	struct span const line = span_of(bytes, size * count);

	f->head_bytes += line.len;
	if (f->head_bytes > HEAD_MAX) {
		f->head_full = true;
		return 0;
	}
	if (span_starts(line, SPAN("HTTP/"))) {
		new_answer(f);
		f->head_begun = true;
		f->result.status = status_of(line);
		f->result.first_byte = loop_clock(f->loop);
	} else if (!f->head_begun) {
		f->garbled = true;
	} else if (f->head_done) {
		return line.len;
	}
	if (!buf_add(&f->head, line))
		return 0;
	if (!span_trim(line).len)
		head_is_done(f);
	return line.len;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
	struct fetch *f = self;
	struct fetch_result *r = &f->result;
	struct span rest = span_of(bytes, size * count), taken = rest;

	if (f->most && rest.len > f->most - r->body_bytes) {
		taken = span_take(&rest, (size_t)(f->most - r->body_bytes));
		r->cut = true;
	}
	r->body_bytes += taken.len;
	buf_add_some(&f->body, taken);
	if (f->digest)
		EVP_DigestUpdate(f->digest, taken.at, taken.len);
	return r->cut ? 0 : taken.len;
}

/* Spans of the kept lines: folded ones (RFC 9112 section 5.2) and those without a colon are nobody's. */
static void read_headers(struct fetch *f)
{
	struct fetch_result *r = &f->result;
	struct span rest = buf_span(&f->head);

	span_split(&rest, '\n');
	while (rest.len && r->header_count < FETCH_HEADERS_MAX) {
		struct span value = span_split(&rest, '\n'), name;

		if (span_starts(value, SPAN(" ")) || span_starts(value, SPAN("\t")) ||
		    span_byte(value, ':') == SIZE_MAX)
			continue;
		name = span_split(&value, ':');
		r->headers[r->header_count++] = (struct fetch_header){ span_trim(name), span_trim(value) };
	}
}

static int64_t read_length(const struct fetch_result *r)
{
	uint64_t length;

	if (!span_decimal(fetch_header(r, SPAN("Content-Length")), &length) || length > INT64_MAX)
		return -1;
	return (int64_t)length;
}

/* An answer that only the connection's end ends is not whole when that is a reset. */
static bool broke_off(const struct fetch *f)
{
	const struct fetch_result *r = &f->result;

	return f->wires.reset && r->length < 0 && !fetch_header(r, SPAN("Transfer-Encoding")).at &&
	       !f->head_only && r->status != 204 && r->status != 304;
}

/* What TLS needs cannot be had here: curl knows before there is a connection. */
static bool is_unready(CURLcode code)
{
	return code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER || code == CURLE_SSL_CACERT_BADFILE;
}

static enum fetch_stage stage_of(const struct fetch *f)
{
	const struct fetch_result *r = &f->result;

	if (f->wires.last.outcome != DIAL_OPEN)
		return is_unready(r->code) ? FETCH_TLS : FETCH_CONNECT;
	if (f->wires.idle)
		return FETCH_DONE;
	if (f->ask.proxy_https && !f->tls.shakes[0].done)
		return FETCH_TLS;
	if (f->ask.tunnels && !f->tunnel_open)
		return FETCH_TUNNEL;
	if (!fetchtls_secured(&f->tls))
		return FETCH_TLS;
	if (f->connect_only)
		return FETCH_DONE;
	if (!f->head_done || r->status / 100 == 1)
		return FETCH_ANSWER;
	if (r->cut || f->endless)
		return FETCH_DONE;
	return r->code == CURLE_OK && !broke_off(f) ? FETCH_DONE : FETCH_BODY;
}

static void finish_digest(struct fetch *f)
{
	struct fetch_result *r = &f->result;

	if (f->digest && r->stage == FETCH_DONE && !r->cut && !f->connect_only)
		r->has_digest = EVP_DigestFinal_ex(f->digest, r->sha1, NULL);
}

static void explain(struct fetch *f)
{
	struct fetchwords const seen = {
		.proxied = f->ask.proxied,
		.tls = f->ask.https && f->tunnel_open,
		.ended = f->wires.ended,
		.reset = f->wires.reset,
		.head_full = f->head_full,
		.head_begun = f->head_begun,
		.garbled = f->garbled,
		.heard = f->wires.heard,
		.timeout = f->timeout,
		.curl_said = f->curl_said,
	};

	fetchwords_explain(&f->result, &seen);
}

static void conclude(void *self, CURLcode code)
{
	struct fetch *f = self;
	struct fetch_result *r = &f->result;

	wires_stop(&f->wires);
	r->code = code;
	r->ended = loop_clock(f->loop);
	r->dial = f->wires.last;
	r->connected = r->dial.outcome == DIAL_OPEN ? r->dial.ended : MOMENT_NONE;
	read_headers(f);
	r->length = read_length(r);
	r->stage = stage_of(f);
	if (r->status / 100 == 1) {
		r->status = 0;
		r->header_count = 0;
	}
	r->body = buf_span(&f->body);
	finish_digest(f);
	explain(f);
	f->telling = true;
	f->done(f->self, r);
	release(f);
}

/* Without a connection, and with nothing to say, there is nothing that curl could do. */
static void dialed(void *self)
{
	struct fetch *f = self;
	bool const open = f->wires.last.outcome == DIAL_OPEN;

	if (open && !f->wires.idle)
		return;
	loop_curl_stop(f->loop, f->ask.easy);
	conclude(f, open ? CURLE_OK : CURLE_COULDNT_CONNECT);
}

static bool set_callbacks(struct fetch *f)
{
	CURL *easy = f->ask.easy;

	return !curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       !curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, f) &&
	       !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket) &&
	       !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, f) &&
	       !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) &&
	       !curl_easy_setopt(easy, CURLOPT_HEADERDATA, f) &&
	       !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) &&
	       !curl_easy_setopt(easy, CURLOPT_WRITEDATA, f) &&
	       !curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, f->curl_said);
}

/* curl's times begin when it gets a connection's end, and so hold while it is not connected, too. */
static bool set_times(struct fetch *f, const struct fetch_options *o)
{
	int64_t const connect = o->connect_timeout > 0 ? o->connect_timeout : TIMEOUT_USUAL;
	long ms;

	f->timeout = o->timeout > 0 ? o->timeout : TIMEOUT_USUAL;
	/* Of two that are equal the connection's is to be first: it knows more. */
	f->wires.timeout = f->timeout - f->timeout / CLOCK_SHARE;
	if (connect < f->wires.timeout)
		f->wires.timeout = connect;
	ms = (long)((f->timeout + MOMENT_MS - 1) / MOMENT_MS);
	return !curl_easy_setopt(f->ask.easy, CURLOPT_TIMEOUT_MS, ms) &&
	       !curl_easy_setopt(f->ask.easy, CURLOPT_CONNECTTIMEOUT_MS, ms);
}

static bool set_all(struct fetch *f, const struct fetch_options *o)
{
	const char *proxy, *server;

	if (!fetchask_init(&f->ask, o))
		return false;
	proxy = f->ask.proxy_https ? f->ask.proxy_host : NULL;
	server = f->ask.https ? f->ask.host : NULL;
	if (o->hash && !(f->digest = EVP_MD_CTX_new()))
		return false;
	return fetchtls_init(&f->tls, f->ask.easy, &o->tls, proxy, server) && set_callbacks(f) &&
	       set_times(f, o);
}

static void set_result(struct fetch_result *r, int64_t now)
{
	*r = (struct fetch_result){
		.dial = { .outcome = DIAL_IMPOSSIBLE, .fd = -1 },
		.length = -1,
		.verify = -1,
		.alert = -1,
		.began = now,
		.lookup = MOMENT_NONE,
		.connected = MOMENT_NONE,
		.secured = MOMENT_NONE,
		.first_byte = MOMENT_NONE,
		.ended = MOMENT_NONE,
	};
}

struct fetch *fetch_start(struct loop *l, struct tape *t, const struct fetch_options *o,
                          void (*done)(void *self, const struct fetch_result *result), void *self)
{
	struct fetch *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->loop = l;
	f->done = done;
	f->self = self;
	f->connect_only = o->connect_only;
	f->head_only = !strcmp(o->method, "HEAD");
	f->most = o->most;
	buf_init(&f->head, HEAD_MAX);
	buf_init(&f->body, o->keep);
	set_result(&f->result, loop_clock(l));
	f->tls.loop = l;
	f->tls.tape = t;
	f->tls.result = &f->result;
	f->wires = (struct wires){
		.loop = l,
		.tape = t,
		.at = o->at,
		.owner = o->owner,
		.mss = o->mss,
		.dialed = dialed,
		.self = f,
		.idle = o->connect_only && !(o->proxy && o->tunnel),
		.lasting = o->server_login > FETCH_BASIC || o->proxy_login > FETCH_BASIC,
		.last = f->result.dial,
	};
	if (set_all(f, o) && loop_curl(l, f->ask.easy, conclude, f))
		return f;
	release(f);
	return NULL;
}

void fetch_stop(struct fetch *f)
{
	if (!f || f->telling)
		return;
	loop_curl_stop(f->loop, f->ask.easy);
	wires_stop(&f->wires);
	release(f);
}

struct span fetch_header(const struct fetch_result *r, struct span name)
{
	for (unsigned i = 0; i < r->header_count; i++)
		if (span_ieq(r->headers[i].name, name))
			return r->headers[i].value;
	return span_of(NULL, 0);
}

bool fetch_can(enum fetch_login login)
{
	static const int features[] = {
		[FETCH_NTLM] = CURL_VERSION_NTLM,
		[FETCH_NEGOTIATE] = CURL_VERSION_SPNEGO,
		[FETCH_ANY] = 0,
	};

	return (curl_version_info(CURLVERSION_NOW)->features & features[login]) == features[login];
}
