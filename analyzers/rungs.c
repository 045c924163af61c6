/* analyzers/rungs.c - the words for rungs, and what an exchange tells of one. */
#include "analyzers/rungs.h"

#include <stdio.h>

#include "facts/wsus.h"

static const struct rung_words {
	const char *text, *column;
} rung_words[] = {
#define X(symbol, name, column) [RUNG_##symbol] = { name, column },
	RUNGS(X)
#undef X
};

const char *rung_text(enum rung_name r)
{
	return rung_words[r].text;
}

const char *rung_column(enum rung_name r)
{
	return rung_words[r].column;
}

const char *rung_state_text(enum rung_state s)
{
	static const char *const texts[] = { "unseen", "ok", "failed", "skipped" };

	return texts[s];
}

static const struct call {
	struct span method;
	enum rung_name rung;
} calls[] = {
	{ SPAN_LIT("GetConfig"), RUNG_CONFIG },           { SPAN_LIT("GetCookie"), RUNG_COOKIE },
	{ SPAN_LIT("RegisterComputer"), RUNG_REGISTRATION }, { SPAN_LIT("StartCategoryScan"), RUNG_SYNC },
	{ SPAN_LIT("SyncUpdates"), RUNG_SYNC },           { SPAN_LIT("SyncPrinterCatalog"), RUNG_SYNC },
	{ SPAN_LIT("RefreshCache"), RUNG_SYNC },          { SPAN_LIT("GetExtendedUpdateInfo"), RUNG_DETAILS },
	{ SPAN_LIT("GetExtendedUpdateInfo2"), RUNG_DETAILS }, { SPAN_LIT("GetFileLocations"), RUNG_DETAILS },
};

enum rung_name rung_of_exchange(const struct exchange *x)
{
	struct span method = wsus_method(x);

	switch (wsus_place(x->path)) {
	case WSUS_SELFUPDATE:
		return RUNG_SELFUPDATE;
	case WSUS_SIMPLE_AUTH:
		return RUNG_AUTHORIZATION;
	case WSUS_REPORTING:
		return RUNG_REPORT;
	case WSUS_CONTENT:
		return RUNG_CONTENT;
	case WSUS_CLIENT:
		break;
	default:
		return RUNG_COUNT;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (span_eq(method, calls[i].method))
			return calls[i].rung;
	return RUNG_COUNT;
}

/* A web page with status 200 where XML, a cab or a file is due is a portal's or a filter's.  A redirect
 * carries one too; clients follow it to files, and nowhere else. */
static bool is_web_page(const struct exchange *x, enum rung_name rung)
{
	if (rung == RUNG_CONTENT && x->status >= 300)
		return false;
	return span_istarts(http_header(&x->response, SPAN("Content-Type")), SPAN("text/html"));
}

/* No answer: a failure, unless the capture, or the client's own leaving of a download, explains it. */
static enum rung_state silence_state(const struct exchange *x, enum rung_name rung)
{
	switch (x->end) {
	case EXCHANGE_OPEN:
	case EXCHANGE_LOST:
	case EXCHANGE_REPLACED:
		return RUNG_UNSEEN;
	case EXCHANGE_FIN_BY_CLIENT:
		return rung == RUNG_CONTENT ? RUNG_UNSEEN : RUNG_FAILED;
	case EXCHANGE_COMPLETE:
	case EXCHANGE_FIN_BY_SERVER:
	case EXCHANGE_RESET:
	case EXCHANGE_SILENCE:
		break;
	}
	return x->conn->one_sided ? RUNG_UNSEEN : RUNG_FAILED;
}

static bool is_cut(const struct exchange *x)
{
	return x->response.head_complete && !x->response.body.complete && !x->response.body.lost_bytes &&
	       (x->end == EXCHANGE_FIN_BY_SERVER || x->end == EXCHANGE_SILENCE ||
	        (x->end == EXCHANGE_RESET && x->conn->closed != CONNECTION_RESET_BY_CLIENT));
}

enum rung_state rung_state_of(const struct exchange *x, enum rung_name rung)
{
	if (!x->response.present)
		return silence_state(x, rung);
	if (http_range_is_done(x))
		return RUNG_OK;
	return x->status >= 400 || is_web_page(x, rung) || is_cut(x) ? RUNG_FAILED : RUNG_OK;
}

const char *rung_result(const struct exchange *x, char text[static RUNG_DETAIL])
{
	if (!x->response.present || is_cut(x))
		return exchange_end_text(x->end);
	if (x->status < 400)
		snprintf(text, RUNG_DETAIL, is_web_page(x, rung_of_exchange(x)) ? "%u, a web page" : "%u",
		         x->status);
	else
		snprintf(text, RUNG_DETAIL, x->answered_by.product ? "%u by %s" : "%u", x->status,
		         x->answered_by.product);
	return text;
}
