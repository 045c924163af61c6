/* analyzers/rungs.c - the words for rungs, and what an exchange tells of one. */
#include "analyzers/rungs.h"

#include <stdio.h>

#include "base/tongue.h"
#include "facts/tls.h"
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

static const enum rung_name rung_of[METHOD_COUNT] = {
	[METHOD_GET_CONFIG] = RUNG_CONFIG,
	[METHOD_GET_COOKIE] = RUNG_COOKIE,
	[METHOD_REGISTER_COMPUTER] = RUNG_REGISTRATION,
	[METHOD_START_CATEGORY_SCAN] = RUNG_SYNC,
	[METHOD_SYNC_UPDATES] = RUNG_SYNC,
	[METHOD_SYNC_PRINTER_CATALOG] = RUNG_SYNC,
	[METHOD_REFRESH_CACHE] = RUNG_SYNC,
	[METHOD_GET_EXTENDED_UPDATE_INFO] = RUNG_DETAILS,
	[METHOD_GET_EXTENDED_UPDATE_INFO2] = RUNG_DETAILS,
	[METHOD_GET_FILE_LOCATIONS] = RUNG_DETAILS,
	[METHOD_GET_AUTHORIZATION_COOKIE] = RUNG_AUTHORIZATION,
	[METHOD_REPORT_EVENT_BATCH] = RUNG_REPORT,
	[METHOD_REPORT_EVENT_BATCH2] = RUNG_REPORT,
	[METHOD_GET_REQUIRED_INVENTORY_TYPE] = RUNG_REPORT,
	[METHOD_REPORT_INVENTORY] = RUNG_REPORT,
	[METHOD_GET_ROLLUP_CONFIGURATION] = RUNG_REPORT,
	[METHOD_ROLLUP_DOWNSTREAM_SERVERS] = RUNG_REPORT,
	[METHOD_ROLLUP_COMPUTERS] = RUNG_REPORT,
	[METHOD_GET_OUT_OF_SYNC_COMPUTERS] = RUNG_REPORT,
	[METHOD_ROLLUP_COMPUTER_STATUS] = RUNG_REPORT,
	[METHOD_DSS_GET_AUTH_CONFIG] = RUNG_CONFIG,
	[METHOD_DSS_GET_COOKIE] = RUNG_COOKIE,
	[METHOD_GET_CONFIG_DATA] = RUNG_CONFIG,
	[METHOD_GET_REVISION_ID_LIST] = RUNG_SYNC,
	[METHOD_GET_UPDATE_DATA] = RUNG_DETAILS,
	[METHOD_GET_UPDATE_DECRYPTION_DATA] = RUNG_DETAILS,
	[METHOD_DOWNLOAD_FILES] = RUNG_CONTENT,
	[METHOD_GET_DEPLOYMENTS] = RUNG_SYNC,
	[METHOD_GET_RELATED_REVISIONS] = RUNG_SYNC,
	[METHOD_GET_DRIVER_ID_LIST] = RUNG_SYNC,
	[METHOD_GET_DRIVER_SET_DATA] = RUNG_DETAILS,
	[METHOD_DSS_GET_AUTHORIZATION_COOKIE] = RUNG_AUTHORIZATION,
	[METHOD_API_CALL] = RUNG_SYNC,
	[METHOD_PING] = RUNG_COUNT,
};

enum rung_name rung_of_method(enum wsus_method method)
{
	return method == METHOD_UNKNOWN ? RUNG_COUNT : rung_of[method];
}

/* A refused login to the administration stops at the login, whatever was asked for. */
static bool is_login_refused(const struct exchange *x)
{
	return wsus_exchange_place(x) == WSUS_API && (x->status == 401 || x->status == 403);
}

/* Microsoft's own hosts have other directories, and serve the same to whoever is no update agent. */
static enum rung_name rung_at_microsoft(const struct exchange *x)
{
	if (!wsus_microsoft_host(x->host) || !wsus_user_agent(http_header(&x->request, SPAN("User-Agent"))))
		return RUNG_COUNT;
	if (span_ifind(x->path, SPAN("/selfupdate/")) != SIZE_MAX)
		return RUNG_SELFUPDATE;
	return span_ifind(x->path, SPAN("/msdownload/")) != SIZE_MAX ||
	                       span_istarts(x->path, SPAN("/filestreamingservice/"))
	               ? RUNG_CONTENT
	               : RUNG_COUNT;
}

enum rung_name rung_of_exchange(const struct exchange *x)
{
	if (is_login_refused(x))
		return RUNG_AUTHORIZATION;
	switch (wsus_exchange_place(x)) {
	case WSUS_SELFUPDATE:
		return RUNG_SELFUPDATE;
	case WSUS_SIMPLE_AUTH:
	case WSUS_DSS_AUTH:
		return RUNG_AUTHORIZATION;
	case WSUS_REPORTING:
		return RUNG_REPORT;
	case WSUS_CONTENT:
		return RUNG_CONTENT;
	case WSUS_SMS_DP:               /* a challenge there is how a login begins */
		return wsus_configmgr_refuses(x) ? RUNG_COUNT : RUNG_CONTENT;
	case WSUS_CLIENT:
	case WSUS_SERVER_SYNC:
	case WSUS_API:
		return rung_of_method(wsus_exchange_method(x));
	case WSUS_NOWHERE:
		return rung_at_microsoft(x);
	default:
		return RUNG_COUNT;
	}
}

bool rung_is_way(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	return place != WSUS_CCM && place != WSUS_SMS_MP;
}

uint8_t rung_stopped(const struct exchange *x)
{
	enum rung_name rung = rung_of_exchange(x);

	return rung == RUNG_COUNT ? 0 : (uint8_t)(rung + 1);
}

/* A web page with status 200 where XML, a cab or a file is due is a portal's or a filter's.  A redirect
 * carries one too; clients follow it to files, and nowhere else. */
static bool is_web_page(const struct exchange *x, enum rung_name rung)
{
	if (rung == RUNG_CONTENT && x->status >= 300)
		return false;
	return span_istarts(http_header(&x->response, SPAN("Content-Type")), SPAN("text/html"));
}

/* No answer: a failure, unless the capture explains it, or the client's own leaving: of a download, or before
 * it has asked. */
static enum rung_state silence_state(const struct exchange *x, enum rung_name rung)
{
	switch (x->end) {
	case EXCHANGE_OPEN:
	case EXCHANGE_LOST:
	case EXCHANGE_REPLACED:
		return RUNG_UNSEEN;
	case EXCHANGE_FIN_BY_CLIENT:
		return rung == RUNG_CONTENT || !x->request.body.complete ? RUNG_UNSEEN : RUNG_FAILED;
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

/* A leg of a login under way refuses nobody. */
static bool is_login_under_way(const struct exchange *x)
{
	return is_login_refused(x) && x->status == 401 &&
	       (!x->server_auth.sent || auth_step_goes_on(x->server_auth.answer_step));
}

enum rung_state rung_state_of(const struct exchange *x, enum rung_name rung)
{
	if (!x->response.present)
		return silence_state(x, rung);
	if (is_login_under_way(x))
		return RUNG_UNSEEN;
	if (http_range_is_done(x))
		return RUNG_OK;
	return x->status >= 400 || is_web_page(x, rung) || is_cut(x) ? RUNG_FAILED : RUNG_OK;
}

/* "200", "407 by Squid", "the connection was reset": `text` or a static text.  Nearly all answers
 * are 200 and 206: printing them and looking them up was over half of climbing. */
static const char *rung_result(const struct exchange *x, enum rung_state state,
                               char text[static RUNG_DETAIL])
{
	const char *more = "";

	if (!x->response.present || is_cut(x))
		return _(exchange_end_text(x->end));
	if (x->status >= 400) {
		tongue_say(text, RUNG_DETAIL, x->answered_by.product ? N_("%u by %s") : "%u", x->status,
			   x->answered_by.product);
		return text;
	}
	if (state == RUNG_FAILED)               /* so it can only be one */
		more = _(", a web page");
	else if (wsus_exchange_place(x) == WSUS_SMS_DP)
		more = _(", distribution point");
	else if (x->status == 200)
		return "200";
	else if (x->status == 206)
		return "206";
	tongue_say(text, RUNG_DETAIL, "%u%s", x->status, more);
	return text;
}

void rungs_clear(struct rung rungs[static RUNG_COUNT])
{
	for (int i = 0; i < RUNG_COUNT; i++)
		rungs[i] = (struct rung){ .when = MOMENT_NONE, .took = -1, .detail = "" };
}

void rung_climb(struct rung *r, enum rung_state state, int64_t when, uint64_t frame, const char *detail)
{
	if (r->tries < UINT16_MAX)
		r->tries++;
	if (when < r->when)
		return;
	r->state = (uint8_t)state;
	r->when = when;
	r->frame = frame;
	r->detail = detail;
}

int32_t rung_microseconds(int64_t ns)
{
	return ns / 1000 < INT32_MAX ? (int32_t)(ns / 1000) : INT32_MAX;
}

/* How it got there: a request on a connection, inside TLS or not. */
static void take_way(struct rung rungs[static RUNG_COUNT], const struct exchange *x, bool by_connect)
{
	int64_t when = x->request.first_time;

	rung_climb(&rungs[RUNG_CONNECTION], RUNG_OK, when, x->request.first_frame, "");
	if (x->tls)
		rung_climb(&rungs[RUNG_TLS], RUNG_OK, when, x->tls->server_hello_frame,
		           tls_version_name(x->tls->version));
	else if (!by_connect)
		rung_climb(&rungs[RUNG_TLS], RUNG_SKIPPED, when, 0, "");
}

void rungs_take(struct rung rungs[static RUNG_COUNT], const struct exchange *x, struct words *words)
{
	bool by_connect = span_eq(x->method, SPAN("CONNECT"));
	enum rung_name rung = by_connect ? RUNG_CONNECTION : rung_of_exchange(x);
	enum rung_state state = rung_state_of(x, rung);
	int64_t when = x->request.first_time;
	char text[RUNG_DETAIL];
	const char *result;

	take_way(rungs, x, by_connect);
	if (rung == RUNG_COUNT || state == RUNG_UNSEEN)
		return;
	result = rung_result(x, state, text);
	rung_climb(&rungs[rung], state, when,
	           state == RUNG_OK ? x->request.first_frame : x->response.first_frame,
	           result == text ? words_keep(words, span_text(text)) : result);
	/* Who is let in by the administration has logged in, now or before on that connection. */
	if (wsus_exchange_place(x) == WSUS_API && rung != RUNG_AUTHORIZATION && x->response.present)
		rung_climb(&rungs[RUNG_AUTHORIZATION], RUNG_OK, when, x->request.first_frame, "");
	if (state == RUNG_OK && x->response.end_time != MOMENT_NONE)
		rungs[rung].took = rung_microseconds(x->response.end_time - when);
}
