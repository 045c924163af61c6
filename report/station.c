/* report/station.c - findings and rungs on the way from a client to the update service. */
#include "report/station.h"

#include "base/tongue.h"

/* The device or the service that is to be looked at first, which the catalogue's first remedy names. */
static const uint8_t of_kind[FINDING_KIND_COUNT] = {
	[FINDING_AUTH_FAILED] = STATION_IIS,
	[FINDING_ANONYMOUS_REFUSED] = STATION_IIS,
	[FINDING_ADMIN_API_DENIED] = STATION_WSUS,
	[FINDING_FORBIDDEN] = STATION_IIS,
	[FINDING_SSL_REQUIRED] = STATION_IIS,
	[FINDING_IP_RESTRICTED] = STATION_IIS,
	[FINDING_NOT_FOUND] = STATION_IIS,
	[FINDING_SELFUPDATE_MISSING] = STATION_IIS,
	[FINDING_CONTENT_MISSING] = STATION_WSUS,
	[FINDING_BAD_HOST_NAME] = STATION_IIS,
	[FINDING_VERB_BLOCKED] = STATION_IIS,
	[FINDING_REQUEST_TOO_LARGE] = STATION_IIS,
	[FINDING_SERVER_ERROR] = STATION_WSUS,
	[FINDING_SERVICE_UNAVAILABLE] = STATION_IIS,
	[FINDING_SERVER_BUSY] = STATION_IIS,
	[FINDING_HTTP_ERROR] = STATION_IIS,
	[FINDING_NAME_NOT_RESOLVED] = STATION_NAMES,
	[FINDING_NAME_UNANSWERED] = STATION_NAMES,
	[FINDING_CONNECTION_UNANSWERED] = STATION_FIREWALL,
	[FINDING_CONNECTION_REFUSED] = STATION_IIS,
	[FINDING_CONNECTION_REJECTED] = STATION_FIREWALL,
	[FINDING_PORT_MISMATCH] = STATION_CLIENT,
	[FINDING_SCHEME_MISMATCH] = STATION_CLIENT,
	[FINDING_CONNECTION_MISSING] = STATION_CLIENT,
	[FINDING_CLIENT_SILENT] = STATION_CLIENT,
	[FINDING_WRONG_SERVER] = STATION_CLIENT,
	[FINDING_NO_UPDATE_POINT] = STATION_CLIENT,
	[FINDING_CONNECTION_RESET] = STATION_FIREWALL,
	[FINDING_REQUEST_UNANSWERED] = STATION_IIS,
	[FINDING_RESPONSE_CUT] = STATION_IIS,
	[FINDING_MTU_BLACK_HOLE] = STATION_FIREWALL,
	[FINDING_IDLE_CUT] = STATION_FIREWALL,
	[FINDING_SLOW_ANSWER] = STATION_WSUS,
	[FINDING_SERVICE_INTERRUPTED] = STATION_IIS,
	[FINDING_LOSS] = STATION_FIREWALL,
	[FINDING_PROXY_BAD_GATEWAY] = STATION_PROXY,
	[FINDING_PROXY_GATEWAY_TIMEOUT] = STATION_PROXY,
	[FINDING_PROXY_AUTH_REQUIRED] = STATION_PROXY,
	[FINDING_PROXY_AUTH_FAILED] = STATION_PROXY,
	[FINDING_PROXY_DENIED] = STATION_PROXY,
	[FINDING_PROXY_CONNECT_DENIED] = STATION_PROXY,
	[FINDING_PROXY_IN_PATH] = STATION_PROXY,
	[FINDING_PROXY_NAME_NOT_RESOLVED] = STATION_PROXY,
	[FINDING_AUTO_PROXY_FAILED] = STATION_PROXY,
	[FINDING_RANGE_STRIPPED] = STATION_PROXY,
	[FINDING_HTTP_DOWNGRADED] = STATION_PROXY,
	[FINDING_CONTENT_REPLACED] = STATION_PROXY,
	[FINDING_AUTH_MULTIPLEXED] = STATION_PROXY,
	[FINDING_CLIENT_CERTIFICATE_DEMANDED] = STATION_TLS,
	[FINDING_CERTIFICATE_NAME_MISMATCH] = STATION_TLS,
	[FINDING_CERTIFICATE_EXPIRED] = STATION_TLS,
	[FINDING_CERTIFICATE_UNTRUSTED] = STATION_TLS,
	[FINDING_CERTIFICATE_WEAK] = STATION_TLS,
	[FINDING_TLS_VERSION_MISMATCH] = STATION_TLS,
	[FINDING_TLS_NO_COMMON_CIPHER] = STATION_TLS,
	[FINDING_TLS_NOT_SERVED] = STATION_TLS,
	[FINDING_TLS_INTERCEPTED] = STATION_TLS,
	[FINDING_TLS_ABORTED] = STATION_TLS,
	[FINDING_CONTENT_OVER_TLS] = STATION_TLS,
	[FINDING_SOAP_FAULT] = STATION_WSUS,
	[FINDING_HANDSHAKE_LOOP] = STATION_WSUS,
	[FINDING_SERVER_CHANGED] = STATION_WSUS,
	[FINDING_SCAN_INCOMPLETE] = STATION_WSUS,
	[FINDING_TOO_MANY_TRIPS] = STATION_WSUS,
	[FINDING_ID_LIMIT] = STATION_WSUS,
	[FINDING_DUPLICATE_CLIENT_ID] = STATION_CLIENT,
	[FINDING_CLOCK_SKEW] = STATION_CLIENT,
	[FINDING_REPORTED_ERROR] = STATION_CLIENT,
	[FINDING_CONTENT_CORRUPT] = STATION_WSUS,
	[FINDING_SERVER_OUTDATED] = STATION_WSUS,
	[FINDING_SYNC_FAILED] = STATION_WSUS,
	[FINDING_UPSTREAM_UNREACHABLE] = STATION_WSUS,
	[FINDING_CLEAR_TEXT_UPDATE] = STATION_TLS,
	[FINDING_SUSPICIOUS_UPDATE_SERVER] = STATION_WSUS,
};

static const uint8_t of_rung[RUNG_COUNT] = {
	[RUNG_NAME] = STATION_NAMES,
	[RUNG_CONNECTION] = STATION_FIREWALL,
	[RUNG_TLS] = STATION_TLS,
	[RUNG_SELFUPDATE] = STATION_IIS,
	[RUNG_CONFIG] = STATION_IIS,
	[RUNG_AUTHORIZATION] = STATION_WSUS,
	[RUNG_COOKIE] = STATION_WSUS,
	[RUNG_REGISTRATION] = STATION_WSUS,
	[RUNG_SYNC] = STATION_WSUS,
	[RUNG_DETAILS] = STATION_WSUS,
	[RUNG_REPORT] = STATION_WSUS,
	[RUNG_CONTENT] = STATION_IIS,
};

const char *station_name(enum station s)
{
#define X(symbol, name) name,
	static const char *const names[] = { STATIONS(X) };
#undef X
	return _(names[s]);
}

enum station station_of(const struct finding *n)
{
	enum station of = of_kind[n->kind];

	/* Behind a proxy only its side is seen: what lies on the network lies at it. */
	return n->has_via && of == STATION_FIREWALL ? STATION_PROXY : of;
}

enum station station_of_rung(enum rung_name rung)
{
	return of_rung[rung];
}

/* Whatever lies before a rung that went well was passed. */
static void read_ladder(struct station_seen seen[static STATION_COUNT], const struct ladder *l)
{
	seen[STATION_CLIENT].state = STATION_PASSED;
	for (int i = 0; i < RUNG_COUNT; i++) {
		enum station of = station_of_rung((enum rung_name)i);

		if (l->rungs[i].state != RUNG_OK)
			continue;
		seen[of].state = STATION_PASSED;
		/* Who answers a request of the services is IIS first. */
		if (of == STATION_WSUS)
			seen[STATION_IIS].state = STATION_PASSED;
		if (i > RUNG_CONNECTION && l->via_proxy)
			seen[STATION_PROXY].state = STATION_PASSED;
	}
}

static bool mark_findings(struct station_seen seen[static STATION_COUNT], const struct findings *f)
{
	bool broken = false, told[FINDING_KIND_COUNT] = { false };

	for (size_t i = 0; i < findings_count(f); i++) {
		const struct finding *n = findings_at(f, i);
		struct station_seen *at = &seen[station_of(n)];

		if (n->severity < SEVERITY_WARNING || told[n->kind])
			continue;
		told[n->kind] = true;
		at->troubles++;
		if (at->worst)
			continue;
		at->worst = n;
		at->state = broken || n->severity < SEVERITY_ERROR ? STATION_TROUBLED : STATION_BROKEN;
		broken |= at->state == STATION_BROKEN;
	}
	return broken;
}

/* Where no finding tells why: the rung that the first client failed at. */
static void mark_stop(struct station_seen seen[static STATION_COUNT], const struct ladders *ladders)
{
	for (size_t i = 0; i < ladders_count(ladders); i++) {
		const struct ladder *l = ladders_at(ladders, i);

		for (int rung = 0; l->failed && rung < RUNG_COUNT; rung++)
			if (l->rungs[rung].state == RUNG_FAILED) {
				seen[station_of_rung((enum rung_name)rung)].state = STATION_BROKEN;
				return;
			}
	}
}

void stations_read(struct station_seen seen[static STATION_COUNT], const struct report *r)
{
	for (int i = 0; i < STATION_COUNT; i++)
		seen[i] = (struct station_seen){ .state = STATION_UNSEEN };
	for (size_t i = 0; i < ladders_count(r->ladders); i++)
		read_ladder(seen, ladders_at(r->ladders, i));
	if (!mark_findings(seen, r->findings))
		mark_stop(seen, r->ladders);
}
