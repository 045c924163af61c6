/* live/metrics_traffic.c - what passed by: connections, exchanges, times, servers. */
#include "analyzers/ladder.h"
#include "live/metrics_parts.h"

static const char *const status_names[STATUS_CLASSES] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };

static void put_connections(FILE *out, const struct tally *t)
{
	static const char name[] = "wsuscope_connections_total";

	metric_head(out, name, "counter", "TCP connections that are over, by how they began.");
#define X(symbol, text) metric_count(out, name, METRIC_LABELS({ "outcome", text }), \
                                     t->connections[CONNECTION_##symbol]);
	CONNECTION_OUTCOMES(X)
#undef X
}

static void put_row(FILE *out, const char *rung, const uint64_t status[static STATUS_CLASSES])
{
	for (size_t i = 0; i < STATUS_CLASSES; i++)
		metric_count(out, "wsuscope_exchanges_total",
		             METRIC_LABELS({ "rung", rung }, { "status", status_names[i] }), status[i]);
}

static void put_exchanges(FILE *out, const struct tally *t)
{
	metric_head(out, "wsuscope_exchanges_total", "counter",
	            "HTTP requests by rung of the ladder and class of the answer's status.");
	for (size_t i = 0; i < RUNG_COUNT; i++)
		put_row(out, rung_text((enum rung_name)i), t->exchanges[i]);
	put_row(out, "other", t->other_exchanges);
}

static void put_times(FILE *out, const char *name, const char *help, const struct tally_times *times)
{
	const struct metric_histogram h = { tally_bounds, TALLY_BUCKETS - 1, times->in, times->sum };

	metric_head(out, name, "histogram", help);
	metric_histogram(out, name, METRIC_PLAIN, &h);
}

/* ---- servers ---- */

struct named {
	char text[ENDPOINT_TEXT];
	const struct tally_server *of;
};

static void put_server_counts(FILE *out, const struct named *all, size_t count)
{
	const struct column {
		const char *name, *help;
		size_t at;
	} columns[] = {
		{ "wsuscope_server_connections_total", "TCP connections to a server that are over.",
		  offsetof(struct tally_server, connections) },
		{ "wsuscope_server_failed_connections_total", "Those that it refused, or nobody answered.",
		  offsetof(struct tally_server, failed_connections) },
		{ "wsuscope_server_body_bytes_total", "Bytes of requests' and answers' bodies, as sent.",
		  offsetof(struct tally_server, bytes) },
	};

	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		metric_head(out, columns[c].name, "counter", columns[c].help);
		for (size_t i = 0; i < count; i++)
			metric_count(out, columns[c].name, METRIC_LABELS({ "server", all[i].text }),
			             *(const uint64_t *)((const char *)all[i].of + columns[c].at));
	}
}

static void put_server_answers(FILE *out, const struct named *all, size_t count)
{
	metric_head(out, "wsuscope_server_exchanges_total", "counter",
	            "HTTP requests to a server by class of the answer's status.");
	for (size_t i = 0; i < count; i++)
		for (size_t s = 0; s < STATUS_CLASSES; s++)
			metric_count(out, "wsuscope_server_exchanges_total",
			             METRIC_LABELS({ "server", all[i].text }, { "status", status_names[s] }),
			             all[i].of->status[s]);
	metric_head(out, "wsuscope_server_first_byte_seconds", "summary",
	            "From a request's end to its answer's first byte, of a server.");
	for (size_t i = 0; i < count; i++) {
		metric_seconds(out, "wsuscope_server_first_byte_seconds_sum",
		               METRIC_LABELS({ "server", all[i].text }), all[i].of->first_byte.sum);
		metric_count(out, "wsuscope_server_first_byte_seconds_count",
		             METRIC_LABELS({ "server", all[i].text }), all[i].of->first_byte.count);
	}
}

static void put_servers(FILE *out, const struct tally *t)
{
	struct named all[TALLY_NAMED + 1];
	size_t count = 0;

	for (size_t i = 0; i < t->server_count && count < TALLY_NAMED; i++)
		if (t->servers[i].named) {
			endpoint_text(&t->servers[i].at, all[count].text);
			all[count++].of = &t->servers[i];
		}
	all[count++] = (struct named){ "other", &t->unnamed };
	put_server_counts(out, all, count);
	put_server_answers(out, all, count);
}

void metrics_traffic(FILE *out, const struct tally *t)
{
	const struct metric_plain plain[] = {
		{ "wsuscope_tls_sessions_total", "counter", "TLS sessions that are over.", t->tls_sessions },
		{ "wsuscope_tls_sessions_failed_total", "counter",
		  "TLS sessions that a client began in earnest and that came to nothing.", t->tls_failed },
		{ "wsuscope_lookups_total", "counter", "Questions for names.", t->lookups },
		{ "wsuscope_lookups_unanswered_total", "counter", "Questions for names that nobody answered.",
		  t->lookups_unanswered },
		{ "wsuscope_icmp_errors_total", "counter", "ICMP errors.", t->icmp },
		{ "wsuscope_leases_total", "counter", "DHCP answers.", t->leases },
	};

	put_connections(out, t);
	put_exchanges(out, t);
	put_times(out, "wsuscope_first_byte_seconds", "From a request's end to its answer's first byte.",
	          &t->first_byte);
	put_times(out, "wsuscope_connect_seconds", "From a connection's first SYN until it stood.",
	          &t->connect);
	put_times(out, "wsuscope_lookup_seconds", "From a question for a name to its answer.", &t->lookup);
	metrics_put(out, plain, sizeof plain / sizeof *plain);
	put_servers(out, t);
}
