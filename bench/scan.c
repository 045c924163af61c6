/* bench/scan.c - conversations of scanning clients. */
#include "bench/kinds.h"

enum { CLIENTS = 4000, STEADY_CLIENTS = 500, WSUS_PORT = 8530, PROXY_PORT = 3128, PROXY = 9 };
enum { THROUGH_PROXY = 1, ASKED_FOR_LOGIN = 2, ADMIN = 4, GZIPS = 8, CHUNKS = 16 };

static const uint8_t scan_order[] = {
	CALL_CONFIG, CALL_AUTHORIZE, CALL_COOKIE, CALL_REGISTER, CALL_SYNC,
	CALL_SYNC,   CALL_SYNC,      CALL_SYNC,   CALL_EXTENDED, CALL_REPORT,
};

enum { SCAN_STEPS = sizeof scan_order, FIRST_SCAN_STEPS = 5, DELTA_SCAN_FROM = 4, CHUNK = 4096 };

static const struct answer {
	unsigned status;
	const char *line, *extra, *type;
	struct span body;
} refusals[] = {
	{ 401, "401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n", "text/html",
	  SPAN_LIT("<html><head><title>401 - Unauthorized</title></head><body>401</body></html>") },
	{ 407, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"proxy\"\r\n",
	  "text/html", SPAN_LIT("<html><head><title>ERROR: Cache Access Denied</title></head></html>") },
	{ 500, "500 Internal Server Error", "", "text/html",
	  SPAN_LIT("<html><head><title>Runtime Error</title></head><body>500</body></html>") },
	{ 503, "503 Service Unavailable", "Connection: close\r\n", "text/html; charset=us-ascii",
	  SPAN_LIT("<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD><BODY></BODY></HTML>") },
};

void scan_start(struct talk *t, struct stage *stage)
{
	struct rng *r = &t->rng;

	(void)stage;
	if (rng_chance(r, 1500))
		t->style |= THROUGH_PROXY;
	if (t->style & THROUGH_PROXY && rng_chance(r, 3000))
		t->style |= ASKED_FOR_LOGIN;
	if (rng_chance(r, 200))
		t->style |= ADMIN;
	if (rng_chance(r, 3500))
		t->style |= GZIPS | (rng_chance(r, 5000) ? CHUNKS : 0);
	t->steps = SCAN_STEPS;
	if (rng_chance(r, 5000))
		t->step = DELTA_SCAN_FROM;
	hosts_set(t, rng_below(r, CLIENTS), t->style & THROUGH_PROXY ? PROXY : 1 + rng_below(r, 4),
	          t->style & THROUGH_PROXY ? PROXY_PORT : WSUS_PORT);
	talk_open(t);
}

void mess_start(struct talk *t, struct stage *stage)
{
	t->mess = true;
	scan_start(t, stage);
}

/* The beginning of a scan, up to its first page, of a machine that nobody saw before. */
void clients_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	t->steps = FIRST_SCAN_STEPS;
	hosts_set(t, (uint32_t)t->id, 1, WSUS_PORT);
	talk_open(t);
}

/* The same machines, each every 22 hours. */
void steady_start(struct talk *t, struct stage *stage)
{
	clients_start(t, stage);
	hosts_set(t, (uint32_t)(t->id % STEADY_CLIENTS), 1, WSUS_PORT);
}

static void send(struct talk *t, struct stage *stage, unsigned from, bool holes)
{
	talk_say(t, from, buf_span(&stage->scratch), holes);
	buf_clear(&stage->scratch);
}

static void request(struct talk *t, struct stage *stage, enum soap_call call, const char *login)
{
	const struct soap_call_shape *shape = &soap_calls[call];
	const struct buf *body = &stage->bodies.request[call][rng_below(&t->rng, VARIANTS)];
	struct buf *b = &stage->scratch;

	talk_pause(t, rng_range(&t->rng, 2000, 60000));
	buf_printf(b, "POST %s/%s.asmx HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Keep-Alive\r\n"
	              "Pragma: no-cache\r\nContent-Type: text/xml; charset=utf-8\r\nAccept-Encoding: %s\r\n"
	              "User-Agent: Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.50\r\n"
	              "SOAPAction: \"http://www.microsoft.com/SoftwareDistribution/Server/%s/%s\"\r\n"
	              "MS-CV: %08x.0.1.%u\r\n%sContent-Length: %zu\r\n"
	              "Host: wsus01.corp.example:8530\r\n\r\n",
	           t->style & THROUGH_PROXY ? "http://wsus01.corp.example:8530" : "", shape->directory,
	           t->style & GZIPS ? "gzip" : "xpress", shape->space, shape->method, (unsigned)t->id,
	           t->step, login, body->len);
	buf_add(b, buf_span(body));
	send(t, stage, CLIENT, false);
	t->truth->requests++;
	talk_pause(t, rng_range(&t->rng, 800, 20000));
}

static void refuse(struct talk *t, struct stage *stage, unsigned status)
{
	const struct answer *a = refusals;
	struct buf *b = &stage->scratch;

	while (a->status != status)
		a++;
	buf_printf(b, "HTTP/1.1 %s\r\nContent-Type: %s\r\nServer: %s\r\n%sContent-Length: %zu\r\n\r\n",
	           a->line, a->type, status == 407 ? "squid/5.7" : "Microsoft-IIS/10.0", a->extra,
	           a->body.len);
	buf_add(b, a->body);
	send(t, stage, SERVER, false);
	t->truth->responses++;
}

static void add_chunks(struct buf *b, struct span body)
{
	while (body.len) {
		struct span chunk = span_take(&body, CHUNK);

		buf_printf(b, "%zx\r\n", chunk.len);
		buf_add(b, chunk);
		buf_add(b, SPAN("\r\n"));
	}
	buf_add(b, SPAN("0\r\n\r\n"));
}

static void answer(struct talk *t, struct stage *stage, enum soap_call call)
{
	enum coding coding = t->style & GZIPS ? CODING_GZIP : CODING_XPRESS;
	const struct buf *body = &stage->bodies.answer[call][rng_below(&t->rng, VARIANTS)][coding];
	struct buf *b = &stage->scratch;

	buf_printf(b, "HTTP/1.1 200 OK\r\nCache-Control: private\r\nContent-Type: text/xml; charset=utf-8\r\n"
	              "Content-Encoding: %s\r\nVary: Accept-Encoding\r\nServer: Microsoft-IIS/10.0\r\n"
	              "X-AspNet-Version: 4.0.30319\r\nX-Powered-By: ASP.NET\r\n%s"
	              "Date: Tue, 10 Mar 2026 08:00:00 GMT\r\n",
	           coding == CODING_GZIP ? "gzip" : "xpress",
	           t->style & THROUGH_PROXY ? "Via: 1.1 proxy01 (squid/5.7)\r\n" : "");
	if (t->style & CHUNKS) {
		buf_add(b, SPAN("Transfer-Encoding: chunked\r\n\r\n"));
		add_chunks(b, buf_span(body));
	} else {
		buf_printf(b, "Content-Length: %zu\r\n\r\n", body->len);
		buf_add(b, buf_span(body));
	}
	/* A hole in a body of told length costs nobody an exchange; in chunks it might. */
	send(t, stage, SERVER, !(t->style & CHUNKS));
	t->truth->responses++;
}

static void exchange(struct talk *t, struct stage *stage, enum soap_call call)
{
	static const char proxy_login[] = "Proxy-Authorization: Basic cGMtMDQxMjpub3QgYSBzZWNyZXQ=\r\n";
	const char *login = "";

	if (t->style & ASKED_FOR_LOGIN) {
		request(t, stage, call, "");
		refuse(t, stage, 407);
		t->style &= ~(unsigned)ASKED_FOR_LOGIN;
		login = proxy_login;
	} else if (call == CALL_ADMIN) {
		request(t, stage, call, "");
		refuse(t, stage, 401);
		login = "Authorization: Negotiate YIIBhwYGKwYBBQUCoIIBezCCAXegMDAuBgkqhkiC9xIBAgIG\r\n";
	}
	request(t, stage, call, login);
	answer(t, stage, call);
}

static void finish(struct talk *t)
{
	uint32_t dice = rng_below(&t->rng, 100);

	talk_pause(t, rng_range(&t->rng, 100000, 5000000));
	if (dice < 70)
		talk_fin(t, CLIENT);
	else if (dice < 90)
		talk_reset(t, CLIENT);
}

bool scan_more(struct talk *t, struct stage *stage)
{
	enum soap_call call;

	if (t->step > t->steps)
		return false;
	if (t->step == t->steps) {
		t->step++;
		finish(t);
		return true;
	}
	call = t->style & ADMIN ? CALL_ADMIN : (enum soap_call)scan_order[t->step];
	t->step++;
	if (call == CALL_SYNC && rng_chance(&t->rng, 600))
		call = CALL_PAGE;
	if (rng_chance(&t->rng, 40)) {
		request(t, stage, call, "");
		refuse(t, stage, 500);
	} else if (rng_chance(&t->rng, 30)) {
		request(t, stage, call, "");
		refuse(t, stage, 503);
		talk_fin(t, SERVER);
		t->step = t->steps + 1;
	} else {
		exchange(t, stage, call);
	}
	return true;
}
