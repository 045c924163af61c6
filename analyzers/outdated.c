/* analyzers/outdated.c - update points of versions that current clients and servers have left behind.
 *
 * GetConfig tells a protocol (absent: WSUS 2.0; 3.0, 3.1: WSUS 3.0 and its SP1; 3.2: SP2 and all since),
 * upstream servers tell theirs in GetConfigData (1.8: WSUS 3.0 SP2, 1.20: Windows Server 2016 and later); the
 * version of IIS is that of Windows.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/kept.h"
#include "analyzers/story.h"
#include "base/tongue.h"

enum { SERVERS_MAX = 4000, CAUSE_KEPT = 320 };

struct old {
	struct story story;
	char cause[CAUSE_KEPT];
};

struct outdated {
	struct analyzer_env env;
	struct map servers;             /* server_key -> struct old */
};

static void *create(const struct analyzer_env *env)
{
	struct outdated *o = calloc(1, sizeof *o);

	if (o) {
		o->env = *env;
		map_init(&o->servers, SERVERS_MAX);
	}
	return o;
}

static void destroy(void *self)
{
	struct outdated *o = self;

	map_release_values(&o->servers);
	free(o);
}

/* "3.2" as 3002, "1.20" as 1020; 0: no version. */
static unsigned version_of(struct span text)
{
	uint64_t major = 0, minor = 0;
	struct span first = span_split(&text, '.'), second = span_split(&text, '.');

	if (!span_decimal(first, &major) || major > 1000 || (second.len && !span_decimal(second, &minor)))
		return 0;
	return (unsigned)(major * 1000 + (minor < 1000 ? minor : 999));
}

/* Windows by its IIS, as far as it is no longer maintained. */
static const char *old_windows(struct span server)
{
	static const struct {
		struct span product;
		const char *windows;
	} rows[] = {
		{ SPAN_LIT("Microsoft-IIS/5."), "Windows 2000" },
		{ SPAN_LIT("Microsoft-IIS/6."), "Windows Server 2003" },
		{ SPAN_LIT("Microsoft-IIS/7.0"), "Windows Server 2008" },
		{ SPAN_LIT("Microsoft-IIS/7.5"), "Windows Server 2008 R2" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_istarts(server, rows[i].product))
			return rows[i].windows;
	return NULL;
}

static bool judge_config(const struct exchange *x, char cause[static CAUSE_KEPT])
{
	const struct wsus_call *values = call_values(x);
	struct span told = wsus_text(values, FIELD_SERVER_PROTOCOL);
	unsigned version = version_of(told);

	if (!x->soap || !x->soap->side[SERVER].complete || !values)
		return false;
	if (version >= 3002 || (told.len && !version))
		return false;
	/* Answers of other servers of this protocol lack the properties altogether. */
	if (!told.len && wsus_number(values, FIELD_PLUGIN_COUNT, 0) == 0)
		return false;
	if (told.len)
		tongue_say(cause, CAUSE_KEPT, "GetConfig tells protocol %.*s: WSUS 3.0%s. Since SP2 it "
					      "is 3.2.",
		         (int)(told.len < 8 ? told.len : 8), (const char *)told.at,
		         version == 3001 ? " SP1" : "");
	else
		tongue_say(cause, CAUSE_KEPT,
		         "GetConfig tells no protocol version: WSUS 2.0. Since WSUS 3.0 SP2 it is 3.2.");
	return true;
}

static bool judge_upstream(const struct exchange *x, char cause[static CAUSE_KEPT])
{
	struct span told = wsus_text(call_values(x), FIELD_UPSTREAM_PROTOCOL);
	unsigned version = version_of(told);

	if (!version || version >= 1008)
		return false;
	tongue_say(cause, CAUSE_KEPT,
	         "The upstream server tells protocol %.*s between servers: older than WSUS 3.0 SP2 (1.8).",
	         (int)(told.len < 8 ? told.len : 8), (const char *)told.at);
	return true;
}

static bool judge_product(const struct exchange *x, char cause[static CAUSE_KEPT])
{
	struct span server = http_header(&x->response, SPAN("Server"));
	const char *windows = old_windows(server);
	char product[40];

	if (!windows)
		return false;
	tongue_say(cause, CAUSE_KEPT,
	         "The server is %s, %s: WSUS 3.0 SP2 at most, which gets no updates any more and is slow for "
	         "current clients.",
	         web_printable(server, product, sizeof product), windows);
	return true;
}

static void fact(void *self, const struct fact *f)
{
	struct outdated *o = self;
	const struct exchange *x = f->exchange;
	char cause[CAUSE_KEPT];
	struct server_key key;
	enum wsus_method m;
	struct old *old;
	bool found;

	if (f->kind != FACT_EXCHANGE || !call_succeeded(x) || wsus_microsoft_host(x->host))
		return;
	m = call_method(&o->env, x);
	if (m == METHOD_UNKNOWN || web_maker(x) == MADE_BY_BOX)
		return;
	found = (m == METHOD_GET_CONFIG && judge_config(x, cause)) ||
	        (m == METHOD_GET_CONFIG_DATA && judge_upstream(x, cause)) || judge_product(x, cause);
	if (!found)
		return;
	key = web_server_key(x);
	old = kept_value(&o->servers, span_of(key.bytes, key.len), sizeof *old, o->env.limits);
	if (!old)
		return;
	/* What it says of itself tells more than its product. */
	if (!old->story.count || m == METHOD_GET_CONFIG || m == METHOD_GET_CONFIG_DATA)
		memcpy(old->cause, cause, sizeof cause);
	story_add(&old->story, x, call_time(x));
	story_show(&old->story, x->response.first_frame, "the answer to %s", wsus_method_name(m));
}

static void end(void *self, int64_t now)
{
	struct outdated *o = self;

	(void)now;
	for (size_t i = 0; i < o->servers.count; i++) {
		const struct old *old = o->servers.entries[i].value;

		if (old)
			story_raise(&old->story, o->env.findings, (struct raise){
				.kind = FINDING_SERVER_OUTDATED,
				.severity = SEVERITY_OF_KIND,
				.confidence = CONFIDENCE_CERTAIN,
				.cause = old->cause,
			});
	}
}

const struct analyzer analyzer_outdated = {
	.name = "outdated",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
