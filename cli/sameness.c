/* cli/sameness.c - rows of findings, sorted and compared. */
#include "cli/sameness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sameness_row row_of(const struct finding *n)
{
	struct sameness_row row;

	memset(&row, 0, sizeof row);
	row.kind = (uint8_t)n->kind;
	row.severity = (uint8_t)n->severity;
	row.has_client = n->has_client;
	row.has_server = n->has_server;
	if (n->has_client)
		memcpy(row.client, n->client.bytes, sizeof row.client);
	if (n->has_server) {
		memcpy(row.server, n->server.addr.bytes, sizeof row.server);
		row.port = n->server.port;
	}
	row.count = n->count;
	return row;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct sameness_row));
}

bool sameness_keep(struct sameness *s, const struct findings *findings)
{
	s->count = findings_count(findings);
	s->rows = calloc(s->count + 1, sizeof *s->rows);
	for (size_t i = 0; s->rows && i < s->count; i++)
		s->rows[i] = row_of(findings_at(findings, i));
	return s->rows;
}

static void veil_one(struct names *names, uint8_t bytes[static 16])
{
	struct addr a;

	memcpy(a.bytes, bytes, sizeof a.bytes);
	a = names_addr(names, &a);
	memcpy(bytes, a.bytes, sizeof a.bytes);
}

void sameness_veil(struct sameness *s, struct names *names)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->rows[i].has_client)
			veil_one(names, s->rows[i].client);
		if (s->rows[i].has_server)
			veil_one(names, s->rows[i].server);
	}
}

static void tell(const struct sameness_row *row, const char *what)
{
	fprintf(stderr, "wsuscope: under pseudonyms a finding is %s: %s, %" PRIu64 " times\n", what,
	        finding_row((enum finding_kind)row->kind)->kind, row->count);
}

bool sameness_tell(struct sameness *s, const struct findings *findings)
{
	struct sameness now = { NULL, 0 };
	size_t i = 0, k = 0;
	bool same = true;

	if (!sameness_keep(&now, findings))
		return false;
	qsort(s->rows, s->count, sizeof *s->rows, by_bytes);
	qsort(now.rows, now.count, sizeof *now.rows, by_bytes);
	while (i < s->count || k < now.count) {
		int order = i == s->count   ? 1
		            : k == now.count ? -1
		                             : by_bytes(&s->rows[i], &now.rows[k]);

		if (order < 0)
			tell(&s->rows[i], "lost");
		else if (order > 0)
			tell(&now.rows[k], "new");
		same = same && !order;
		i += order <= 0;
		k += order >= 0;
	}
	sameness_release(&now);
	return same;
}

void sameness_release(struct sameness *s)
{
	free(s->rows);
	*s = (struct sameness){ NULL, 0 };
}
