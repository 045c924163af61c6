/* tests/opened.c - capture, peel, track, and what they state. */
#include "tests/opened.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#undef skip                             /* a layer has one, too */

#include "capture/source.h"
#include "decoders/peel.h"
#include "decoders/track.h"
#include "facts/exchange.h"
#include "facts/tls.h"

struct writer {
	FILE *exchanges, *sessions, *pairs;
	char *text[3];
	size_t size[3];
};

static int len_of(struct span s)
{
	return (int)s.len;
}

static void write_exchange(const struct writer *w, const struct exchange *x)
{
	const char *none = "-";
	struct span host = x->host.len ? x->host : span_text(none);

	if (x->request.present && x->method.len)
		fprintf(w->exchanges, "REQ %llu %.*s %.*s %.*s\n", (unsigned long long)x->request.last_frame,
		        len_of(x->method), (const char *)x->method.at, len_of(host), (const char *)host.at,
		        len_of(x->target), (const char *)x->target.at);
	if (x->status)
		fprintf(w->exchanges, "RSP %llu %u\n", (unsigned long long)x->response.last_frame,
		        (unsigned)x->status);
	fprintf(w->pairs, "%.*s %.*s %.*s %u, %llu and %llu bytes%s%s, %s\n", len_of(x->method),
	        (const char *)x->method.at, len_of(host), (const char *)host.at, len_of(x->target),
	        (const char *)x->target.at, (unsigned)x->status,
	        (unsigned long long)x->request.body.entity_bytes,
	        (unsigned long long)x->response.body.entity_bytes,
	        x->response.body.complete ? "" : " incomplete", x->tunnel ? " tunnelled" : "",
	        exchange_end_text(x->end));
}

static void write_session(const struct writer *w, const struct tls_session *t)
{
	fprintf(w->sessions, "%s %s, %llu read, %llu not\n", t->server_name[0] ? t->server_name : "-",
	        tls_reading_name(t->reading), (unsigned long long)t->records_read,
	        (unsigned long long)t->records_unread);
}

static void take(void *self, const struct fact *fact)
{
	const struct writer *w = self;

	switch (fact->kind) {
	case FACT_EXCHANGE:
		write_exchange(w, fact->exchange);
		break;
	case FACT_TLS:
		write_session(w, fact->tls);
		break;
	case FACT_CONNECTION:
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *opened_sorted(const char *text)
{
	size_t count = 0, at = 0, len = strlen(text);
	char *copy = strdup(text), *sorted = malloc(len + 2), *rest = copy;
	char **lines = calloc(len + 1, sizeof *lines);

	assert_non_null(lines);
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line)
			lines[count++] = line;
	qsort(lines, count, sizeof *lines, by_text);
	for (size_t i = 0; i < count; i++)
		at += (size_t)snprintf(sorted + at, len + 2 - at, "%s\n", lines[i]);
	sorted[at] = 0;
	free(lines);
	free(copy);
	return sorted;
}

char *opened_file(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	char *text;

	if (!in)
		return NULL;
	fseek(in, 0, SEEK_END);
	*len = (size_t)ftell(in);
	rewind(in);
	text = calloc(1, *len + 1);
	assert_int_equal(fread(text, 1, *len, in), *len);
	fclose(in);
	return text;
}

struct tlskeys *opened_keys(const char *file, bool log)
{
	struct tlskeys *keys = tlskeys_new(NULL);
	struct fault fault = { 0 };
	size_t len;
	char *text = opened_file(file, &len);

	assert_non_null(text);
	if (log) {
		tlskeys_log(keys, span_of(text, len));
		tlskeys_log_end(keys);
	} else if (!tlskeys_private(keys, file, span_of(text, len), NULL, &fault)) {
		fail_msg("%s is no private key", file);
	}
	free(text);
	return keys;
}

/* Secrets that came with the capture so far. */
static size_t add_secrets(const struct source *source, struct tlskeys *keys, size_t seen)
{
	struct span secrets = source_secrets(source, 0);

	if (keys && secrets.len > seen)
		tlskeys_log(keys, span_skip(secrets, seen));
	return secrets.len;
}

static void decode(const char *capture, const struct stack_context *context, uint64_t first, uint64_t count)
{
	struct fault fault = { 0 };
	struct source *source = source_open(&capture, 1, NULL, &fault);
	struct peel *peel = peel_new(context->limits);
	struct track *track = track_new(context);
	struct frame frame;
	struct packet packet;
	size_t seen = 0;

	assert_non_null(source);
	while (source_next(source, &frame, &fault) == SOURCE_FRAME) {
		seen = add_secrets(source, context->keys, seen);
		if (frame.number - first < count)
			continue;
		if (peel_frame(peel, &frame, &packet) && packet.kind == PACKET_TCP)
			track_packet(track, &packet);
	}
	track_end(track);
	track_free(track);
	peel_free(peel);
	source_close(source);
}

void opened_read(struct opened *o, const char *capture, struct tlskeys *keys)
{
	opened_read_without(o, capture, keys, 0, 0);
}

void opened_read_without(struct opened *o, const char *capture, struct tlskeys *keys, uint64_t first,
                         uint64_t count)
{
	struct writer w = { 0 };
	struct fact_sink sink = { &w, take };
	struct budget budget = { .ceiling = (size_t)64 << 20 };
	struct stack_context context = {
		.sink = &sink, .limits = &o->limits, .budget = &budget, .all = true, .keys = keys,
	};

	*o = (struct opened){ 0 };
	w.exchanges = open_memstream(&w.text[0], &w.size[0]);
	w.sessions = open_memstream(&w.text[1], &w.size[1]);
	w.pairs = open_memstream(&w.text[2], &w.size[2]);
	decode(capture, &context, first, count);
	fclose(w.exchanges);
	fclose(w.sessions);
	fclose(w.pairs);
	o->exchanges = opened_sorted(w.text[0]);
	free(w.text[0]);
	o->sessions = w.text[1];
	o->pairs = w.text[2];
	assert_int_equal(budget.used, 0);
}

void opened_free(struct opened *o)
{
	free(o->exchanges);
	free(o->sessions);
	free(o->pairs);
}
