/* analyzers/settle.c - after the last fact: what explains what, how sure we are, in which order
 * it is told. */
#include <stdlib.h>

#include "analyzers/findings_store.h"

/* The one finding that explains another makes the other superfluous: one finding a cause, not one
 * a symptom. */
static const struct hide {
	enum finding_kind by, hidden;
	enum { ALWAYS, WITHIN, AS_GRAVE } when; /* see is_explained */
} hides[] = {
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REFUSED, ALWAYS },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_UNANSWERED, ALWAYS },
	{ FINDING_PORT_MISMATCH, FINDING_CONNECTION_REJECTED, ALWAYS },
	{ FINDING_CONNECTION_REJECTED, FINDING_CONNECTION_UNANSWERED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_TLS_NOT_SERVED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_BAD_HOST_NAME, ALWAYS },
	{ FINDING_SCHEME_MISMATCH, FINDING_HTTP_ERROR, ALWAYS },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_REFUSED, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_UNANSWERED, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_CONNECTION_RESET, WITHIN },
	{ FINDING_SERVICE_INTERRUPTED, FINDING_REQUEST_UNANSWERED, WITHIN },
	{ FINDING_MTU_BLACK_HOLE, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_MTU_BLACK_HOLE, FINDING_LOSS, ALWAYS },
	{ FINDING_IDLE_CUT, FINDING_CONNECTION_RESET, WITHIN },
	{ FINDING_IDLE_CUT, FINDING_REQUEST_UNANSWERED, WITHIN },
	{ FINDING_IDLE_CUT, FINDING_LOSS, ALWAYS },
	{ FINDING_CONNECTION_RESET, FINDING_RESPONSE_CUT, ALWAYS },
	{ FINDING_CONNECTION_RESET, FINDING_REQUEST_UNANSWERED, ALWAYS },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_CONNECTION_RESET, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_FORBIDDEN, AS_GRAVE },
	{ FINDING_CLIENT_CERTIFICATE_DEMANDED, FINDING_REQUEST_UNANSWERED, AS_GRAVE },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_TLS_NOT_SERVED, ALWAYS },
	{ FINDING_TLS_VERSION_MISMATCH, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_NO_COMMON_CIPHER, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_NOT_SERVED, FINDING_TLS_ABORTED, ALWAYS },
	{ FINDING_TLS_NOT_SERVED, FINDING_CONNECTION_RESET, ALWAYS },
	{ FINDING_TLS_INTERCEPTED, FINDING_CERTIFICATE_UNTRUSTED, AS_GRAVE },
	{ FINDING_TLS_INTERCEPTED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_EXPIRED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_EXPIRED, FINDING_CERTIFICATE_UNTRUSTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_NAME_MISMATCH, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CERTIFICATE_UNTRUSTED, FINDING_TLS_ABORTED, AS_GRAVE },
	{ FINDING_CONTENT_OVER_TLS, FINDING_CONTENT_MISSING, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_BUSY, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_SERVER_ERROR, ALWAYS },
	{ FINDING_SERVICE_UNAVAILABLE, FINDING_HTTP_ERROR, ALWAYS },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_GATEWAY_TIMEOUT, ALWAYS },
	{ FINDING_PROXY_NAME_NOT_RESOLVED, FINDING_PROXY_BAD_GATEWAY, ALWAYS },
	{ FINDING_PROXY_CONNECT_DENIED, FINDING_PROXY_DENIED, ALWAYS },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_AUTH_FAILED, ALWAYS },
	{ FINDING_AUTH_MULTIPLEXED, FINDING_PROXY_AUTH_FAILED, ALWAYS },
};

/* WITHIN: only what lies within the other's time.  AS_GRAVE: a warning explains no error. */
static bool is_explained(const struct hide *rule, const struct finding *by, const struct finding *n)
{
	switch (rule->when) {
	case ALWAYS:
		return true;
	case WITHIN:
		return n->first >= by->first && n->last <= by->last;
	case AS_GRAVE:
		return by->severity >= n->severity;
	}
	return false;
}

static bool any_hides(const struct hide *rule, const struct finding *by, const struct finding *n)
{
	for (; by; by = by->alike)
		if (is_explained(rule, by, n))
			return true;
	return false;
}

/* What hides a finding concerns the same server, and the same client or all. */
static bool is_hidden(const struct findings *f, const struct finding *n)
{
	for (size_t i = 0; n->has_server && i < sizeof hides / sizeof *hides; i++) {
		const struct hide *rule = &hides[i];

		if (rule->hidden != n->kind || !f->of_kind[rule->by])
			continue;
		if (any_hides(rule, findings_alike(f, rule->by, NULL, &n->server), n))
			return true;
		if (n->has_client && any_hides(rule, findings_alike(f, rule->by, &n->client, &n->server), n))
			return true;
	}
	return false;
}

/* Kinds that packets missing from the capture could fake. */
static bool rests_on_absence(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_CONNECTION_UNANSWERED:
	case FINDING_REQUEST_UNANSWERED:
	case FINDING_RESPONSE_CUT:
	case FINDING_MTU_BLACK_HOLE:
	case FINDING_IDLE_CUT:
	case FINDING_TLS_NOT_SERVED:
	case FINDING_TLS_ABORTED:
	case FINDING_AUTH_FAILED:
	case FINDING_ADMIN_API_DENIED:
	case FINDING_PROXY_AUTH_REQUIRED:
	case FINDING_CONNECTION_MISSING:
	case FINDING_CLIENT_SILENT:
	case FINDING_SCAN_INCOMPLETE:
		return true;
	default:
		return false;
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

void findings_settle(struct findings *f, bool quality_is_poor)
{
	size_t kept = 0;
	bool *hidden = calloc(f->count + 1, sizeof *hidden);

	if (!hidden)
		limit_add(f->limits, LIMIT_MEMORY, 1);
	for (size_t i = 0; hidden && i < f->count; i++)
		hidden[i] = is_hidden(f, f->all[i]);
	for (size_t i = 0; i < f->count; i++) {
		struct finding *n = f->all[i];

		if (hidden && hidden[i]) {
			free(n);
			continue;
		}
		if (quality_is_poor && rests_on_absence(n->kind) && n->confidence == CONFIDENCE_CERTAIN)
			n->confidence = CONFIDENCE_PROBABLE;
		n->alike = NULL;
		f->all[kept] = n;
		n->id = (unsigned)++kept;
	}
	free(hidden);
	map_release(&f->by_key);
	map_release(&f->by_parties);
	f->count = kept;
	if (kept)
		qsort(f->all, kept, sizeof(struct finding *), by_weight);
	for (size_t i = 0; i < kept; i++)
		f->all[i]->id = (unsigned)i + 1;
}
