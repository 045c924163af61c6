/* analyzers/interference.c - answers that something on the way altered or put in place of the due ones.
 *
 * BITS and Delivery Optimization live on ranges (RFC 9110 section 14) and lengths; scans live on
 * XML.  A box that strips, downgrades or replaces them breaks updates while every status is fine.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/web.h"
#include "base/host.h"
#include "base/tongue.h"
#include "facts/updatefile.h"

struct interference {
	struct analyzer_env env;
};

static void *create(const struct analyzer_env *env)
{
	struct interference *i = calloc(1, sizeof *i);

	if (i)
		i->env = *env;
	return i;
}

static void destroy(void *self)
{
	free(self);
}

/* Marks that the answer came by a box, whoever made it. */
static bool by_a_device(const struct exchange *x)
{
	return x->via_proxy || answerer_is_box(&x->answered_by) ||
	       http_header(&x->response, SPAN("Via")).at || http_header(&x->response, SPAN("X-Cache")).at;
}

static const char *suspect(const struct exchange *x)
{
	return by_a_device(x) ? _("a proxy on the way") : _("the server, or something before it,");
}

static bool is_content(const struct exchange *x)
{
	static const struct span types[] = { SPAN_LIT(".cab"), SPAN_LIT(".exe"), SPAN_LIT(".msu"),
					     SPAN_LIT(".psf"), SPAN_LIT(".msi"), SPAN_LIT(".esd") };

	if (wsus_exchange_place(x) == WSUS_CONTENT)
		return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (span_iends(x->path, types[i]))
			return true;
	return false;
}

/* ---- ranges ---- */

/* A 200 in place of a part: harmless only when the part asked for is the whole. */
static void judge_whole(struct interference *i, const struct exchange *x, const struct byte_range *asked)
{
	const struct http_body *body = &x->response.body;
	bool all = !asked->first && (asked->last == RANGE_UNKNOWN ||
				     (body->has_length && asked->last + 1 >= body->declared));
	struct web_case c;

	if (all || http_header(&x->request, SPAN("If-Range")).at)
		return;
	c = web_case_of(x);
	snprintf(c.codes, sizeof c.codes, "0x80200013 0x80D05011");
	web_raise(&i->env, FINDING_RANGE_STRIPPED, &c, CONFIDENCE_CERTAIN,
		  "The client asks for part of a file and gets the whole (200): %s ignores or "
		  "removes the Range "
		  "header.",
		  suspect(x));
}

static void judge_part(struct interference *i, const struct exchange *x, const struct byte_range *asked)
{
	struct span type = http_header(&x->response, SPAN("Content-Type"));
	struct span told = http_header(&x->response, SPAN("Content-Range"));
	const struct http_body *body = &x->response.body;
	const char *wrong = NULL;
	struct byte_range got;
	struct web_case c;

	if (span_istarts(type, SPAN("multipart/")))
		return;
	if (!told.at)
		wrong = _("does not say which part it is (no Content-Range)");
	else if (!byte_range_told(told, &got) || got.first == RANGE_UNKNOWN)
		wrong = _("has a Content-Range that makes no sense");
	else if (got.first != asked->first || got.last > asked->last)
		wrong = _("is another part than was asked for");
	else if (body->has_length && body->declared != got.last - got.first + 1)
		wrong = _("has another length than its Content-Range");
	if (!wrong)
		return;
	c = web_case_of(x);
	snprintf(c.codes, sizeof c.codes, "0x80200013 0x80D05011");
	web_raise(&i->env, FINDING_RANGE_STRIPPED, &c, CONFIDENCE_CERTAIN,
		  "The client asks for part of a file, and the answer (206) %s: %s alters "
		  "it.", wrong, suspect(x));
}

static void judge_range(struct interference *i, const struct exchange *x)
{
	struct byte_range asked;

	/* Where a request is missing, this may be the answer to that. */
	if (!span_eq(x->method, SPAN("GET")) || x->conn->side[CLIENT].lost_bytes)
		return;
	if (!byte_range_asked(http_header(&x->request, SPAN("Range")), &asked))
		return;
	if (x->status == 200)
		judge_whole(i, x, &asked);
	else if (x->status == 206)
		judge_part(i, x, &asked);
}

/* ---- versions and lengths ---- */

static bool is_microsoft(const struct exchange *x)
{
	return x->answered_by.role == ANSWERER_HTTP_SYS || x->answered_by.role == ANSWERER_IIS ||
	       x->answered_by.role == ANSWERER_WSUS;
}

static void judge_downgrade(struct interference *i, const struct exchange *x)
{
	const struct http_body *body = &x->response.body;
	bool reads = span_eq(x->method, SPAN("GET")) || span_eq(x->method, SPAN("HEAD"));
	bool old = x->response.version == 10 && x->request.version == 11;
	struct web_case c;

	if (span_eq(x->method, SPAN("CONNECT")) || (x->status != 200 && x->status != 206))
		return;
	/* IIS answers HTTP/1.1 to everyone: an old version under its name is another's work. */
	if (old && (by_a_device(x) || is_microsoft(x))) {
		c = web_case_of(x);
		web_raise(&i->env, FINDING_HTTP_DOWNGRADED, &c, CONFIDENCE_PROBABLE,
			  "The client speaks HTTP/1.1 and gets HTTP/1.0: a proxy or scanner on the "
			  "way cannot do "
			  "better, and BITS may refuse to work through it.");
	} else if (reads && !body->has_length && is_content(x) && by_a_device(x)) {
		c = web_case_of(x);
		web_raise(&i->env, FINDING_HTTP_DOWNGRADED, &c, CONFIDENCE_PROBABLE,
			  "A file comes without its length (Content-Length) through a proxy or "
			  "scanner; BITS and "
			  "Delivery Optimization need it.");
	}
}

/* ---- pages in place of data ---- */

/* What the client asked for is read by a program, never by a person. */
static bool wants_data(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	if (wsus_place_is_soap(place) && span_eq(x->method, SPAN("POST")))
		return true;
	if (span_iends(x->path, SPAN(".htm")) || span_iends(x->path, SPAN(".html")))
		return false;
	return is_content(x) || span_iends(x->path, SPAN(".xml")) ||
	       wsus_user_agent(http_header(&x->request, SPAN("User-Agent")));
}

static bool is_page(const struct exchange *x)
{
	struct span type = http_header(&x->response, SPAN("Content-Type"));
	struct span start = span_trim(x->response.body.start);

	if (x->response.body.has_length && !x->response.body.declared)
		return false;
	return span_istarts(type, SPAN("text/html")) || span_istarts(start, SPAN("<!DOCTYPE html")) ||
	       span_istarts(start, SPAN("<html"));
}

/* " by Zscaler", or "". */
static const char *maker(const struct exchange *x, char text[static 64])
{
	text[0] = '\0';
	if (answerer_is_box(&x->answered_by) && x->answered_by.product)
		tongue_say(text, 64, " by %s", x->answered_by.product);
	return text;
}

static void judge_redirect(struct interference *i, const struct exchange *x)
{
	struct span to = url_host(http_header(&x->response, SPAN("Location")));
	char host[80], by[64];
	struct web_case c;

	/* An update point may send clients for files to Microsoft, and to itself by another port. */
	if (!to.len || !x->host.len || wsus_microsoft_host(to))
		return;
	if (span_ieq(host_name(to), host_name(x->host)))
		return;
	c = web_case_of(x);
	web_raise(&i->env, FINDING_CONTENT_REPLACED, &c,
		  is_microsoft(x) ? CONFIDENCE_POSSIBLE : CONFIDENCE_PROBABLE,
		  "In place of WSUS data comes a redirect%s (%u) to %s: a login portal or a filter "
		  "is in the way.",
		  maker(x, by), x->status, web_printable(to, host, sizeof host));
}

static void judge_page(struct interference *i, const struct exchange *x)
{
	struct web_case c = web_case_of(x);
	char by[64];

	if (x->status == 511)
		web_raise(&i->env, FINDING_CONTENT_REPLACED, &c, CONFIDENCE_CERTAIN,
			  "The network wants a login in a browser before it lets anything through "
			  "(511).");
	else
		web_raise(&i->env, FINDING_CONTENT_REPLACED, &c,
			  is_microsoft(x) ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN,
			  "In place of WSUS data comes a web page%s with status %u: a login "
			  "portal, a block page "
			  "or a filter is in the way.",
			  maker(x, by), x->status);
}

/* Returns whether a page came in place of what was asked for: that explains an odd length and range. */
static bool judge_replacement(struct interference *i, const struct exchange *x)
{
	bool page = x->status == 511;

	if (!page && !wants_data(x))
		return false;
	page = page || ((x->status == 200 || x->status == 206) && is_page(x));
	if (page)
		judge_page(i, x);
	else if (x->status >= 301 && x->status <= 308 && x->status != 304)
		judge_redirect(i, x);
	return page;
}

static void fact(void *self, const struct fact *what)
{
	struct interference *i = self;
	const struct exchange *x = what->exchange;

	if (what->kind != FACT_EXCHANGE || !x->request.present || !x->status)
		return;
	if (!web_served(x) && x->status != 511)
		return;
	if (!relevance_exchange(i->env.relevance, x))
		return;
	if (judge_replacement(i, x))
		return;
	judge_range(i, x);
	judge_downgrade(i, x);
}

const struct analyzer analyzer_interference = {
	.name = "interference",
	.create = create,
	.destroy = destroy,
	.fact = fact,
};
