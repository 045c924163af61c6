/* bench/content.c - downloads from /Content. */
#include "bench/kinds.h"

enum { WSUS_PORT = 8530, CLIENTS = 200, FILES_MAX = 3 };
enum { WHOLE = 0, RANGES = 1 };
enum { PART = 256 << 10 };     /* how much of a body is planned at a time */

void content_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	t->style = rng_chance(&t->rng, 7000) ? RANGES : WHOLE;
	t->steps = t->style == RANGES ? rng_range(&t->rng, 4, 16) : rng_range(&t->rng, 1, FILES_MAX);
	hosts_set(t, rng_below(&t->rng, CLIENTS), 1, WSUS_PORT);
	talk_open(t);
}

static void say(struct talk *t, struct stage *stage, unsigned from)
{
	talk_say(t, from, buf_span(&stage->scratch), false);
	buf_clear(&stage->scratch);
}

static void ask(struct talk *t, struct stage *stage, uint64_t from, uint64_t len)
{
	struct buf *b = &stage->scratch;
	unsigned name = (unsigned)(t->id * 2654435761u);

	talk_pause(t, rng_range(&t->rng, 1000, 50000));
	buf_printf(b, "GET /Content/%02X/%08X%08X%08X%08X%08X.cab HTTP/1.1\r\nConnection: Keep-Alive\r\n"
	              "Accept: */*\r\nAccept-Encoding: identity\r\n",
	           name & 0xff, ~name, name, name ^ 0x5a5a5a5a, name * 7, name);
	if (t->style == RANGES)
		buf_printf(b, "Range: bytes=%llu-%llu\r\n", (unsigned long long)from,
		           (unsigned long long)(from + len - 1));
	buf_add(b, SPAN("User-Agent: Microsoft-Delivery-Optimization/10.0\r\n"
	                "Host: wsus01.corp.example:8530\r\n\r\n"));
	say(t, stage, CLIENT);
	t->truth->requests++;
}

static void head(struct talk *t, struct stage *stage, uint64_t from, uint64_t len)
{
	struct buf *b = &stage->scratch;

	talk_pause(t, rng_range(&t->rng, 500, 5000));
	buf_printf(b, "HTTP/1.1 %s\r\nContent-Type: application/vnd.ms-cab-compressed\r\n"
	              "Last-Modified: Tue, 10 Feb 2026 17:00:00 GMT\r\nAccept-Ranges: bytes\r\n"
	              "ETag: \"%08x:0\"\r\nServer: Microsoft-IIS/10.0\r\nX-Powered-By: ASP.NET\r\n"
	              "Date: Tue, 10 Mar 2026 08:00:00 GMT\r\nContent-Length: %llu\r\n",
	           t->style == RANGES ? "206 Partial Content" : "200 OK", (unsigned)t->id,
	           (unsigned long long)len);
	if (t->style == RANGES)
		buf_printf(b, "Content-Range: bytes %llu-%llu/268435456\r\n", (unsigned long long)from,
		           (unsigned long long)(from + len - 1));
	buf_add(b, SPAN("\r\n"));
	say(t, stage, SERVER);
	t->truth->responses++;
}

static void pour(struct talk *t, struct stage *stage)
{
	size_t len = t->left < PART ? (size_t)t->left : PART;
	size_t at = rng_below(&t->rng, (uint32_t)(stage->noise.len - len));

	talk_pour(t, SERVER, span_of(stage->noise.at + at, len));
	t->left -= len;
}

bool content_more(struct talk *t, struct stage *stage)
{
	uint64_t len, from = (uint64_t)t->step << 23;

	if (t->left) {
		pour(t, stage);
		return true;
	}
	if (t->step > t->steps)
		return false;
	if (t->step++ == t->steps) {
		talk_fin(t, CLIENT);
		return true;
	}
	len = t->style == RANGES ? rng_range(&t->rng, 1 << 20, 8 << 20)
	                         : rng_range(&t->rng, 4 << 20, 60 << 20);
	ask(t, stage, from, len);
	head(t, stage, from, len);
	t->left = len;
	return true;
}
