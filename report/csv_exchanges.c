/* report/csv_exchanges.c - exchanges as rows. */
#include "report/csv_exchanges.h"

#include "facts/soap.h"

static const char *const columns[] = {
	"time_utc",     "client",        "client_port",    "server",        "server_port",   "stream",
	"request_frame", "response_frame", "method",       "host",          "target",        "user_agent",
	"tls",          "via_proxy",     "tunnel",         "status",        "reason",        "content_type",
	"answered_by",  "request_bytes", "response_bytes", "decoded_bytes", "first_byte_ms", "duration_ms",
	"end",          "call",          "fault",          NULL,
};

struct csv csv_exchanges_begin(FILE *out, const struct report_style *style)
{
	struct csv c = { .out = out, .reveal = style->reveal };

	csv_head(&c, columns);
	return c;
}

static const struct http_message *first_of(const struct exchange *x)
{
	return x->request.present ? &x->request : &x->response;
}

/* ns from its first byte to its last; -1: one of them was not seen. */
static int64_t duration_of(const struct exchange *x)
{
	if (!x->request.present || !x->response.present || x->response.last_time < x->request.first_time)
		return -1;
	return x->response.last_time - x->request.first_time;
}

static void put_parties(struct csv *c, const struct exchange *x)
{
	csv_addr(c, &x->conn->client.addr);
	csv_count(c, x->conn->client.port);
	csv_addr(c, &x->conn->server.addr);
	csv_count(c, x->conn->server.port);
	csv_count(c, x->conn->id);
	csv_frame(c, x->request.present ? x->request.first_frame : 0);
	csv_frame(c, x->response.present ? x->response.first_frame : 0);
}

static void put_request(struct csv *c, const struct exchange *x)
{
	csv_bytes(c, x->method);
	csv_url(c, x->host);
	csv_url(c, x->target);
	csv_bytes(c, http_header(&x->request, SPAN("User-Agent")));
	csv_bool(c, x->tls != NULL);
	csv_bool(c, x->via_proxy);
	csv_url(c, x->tunnel ? x->tunnel->target : SPAN(""));
}

static void put_response(struct csv *c, const struct exchange *x)
{
	if (x->status)
		csv_count(c, x->status);
	else
		csv_none(c);
	csv_bytes(c, x->reason);
	csv_bytes(c, http_header(&x->response, SPAN("Content-Type")));
	csv_text(c, x->answered_by.product ? x->answered_by.product : "");
	csv_count(c, x->request.body.entity_bytes);
	csv_count(c, x->response.body.entity_bytes);
	if (x->response.body.decoded)
		csv_count(c, x->response.body.decoded_bytes);
	else
		csv_none(c);
	csv_ms(c, x->ttfb);
	csv_ms(c, duration_of(x));
	csv_text(c, exchange_end_text(x->end));
}

void csv_exchanges_fact(struct csv *c, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;

	if (fact->kind != FACT_EXCHANGE)
		return;
	csv_time(c, first_of(x)->first_time);
	put_parties(c, x);
	put_request(c, x);
	put_response(c, x);
	csv_bytes(c, x->soap ? x->soap->name : SPAN(""));
	csv_bytes(c, !x->soap || !x->soap->fault.present ? SPAN("")
	             : x->soap->fault.error_code.len     ? x->soap->fault.error_code
	                                                 : x->soap->fault.code);
	csv_row_end(c);
}
