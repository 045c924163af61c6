/* analyzers/probed.c - troubles of checks as findings. */
#include "analyzers/probed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"

enum { TROUBLES_MAX = 1024 };

struct probed {
	struct findings *findings;
	struct check *troubled;
	size_t count;
};

/* The check's detail follows.  What is not trusted here may be
 * trusted by clients, whose authorities are their own. */
static const struct row {
	enum finding_kind kind;
	enum confidence confidence;
	const char *text;               /* of the target */
} rows[] = {
	[CHECK_NO_TROUBLE] = { FINDING_KIND_COUNT, CONFIDENCE_POSSIBLE, "%.160s" },
	[CHECK_UNTRUSTED_CHAIN] = { FINDING_CERTIFICATE_UNTRUSTED, CONFIDENCE_PROBABLE,
	                            N_("The certificate that %.160s shows leads to no authority that is "
				       "trusted where the probe runs") },
	[CHECK_NOT_ITS_ADDRESS] = { FINDING_CERTIFICATE_NAME_MISMATCH, CONFIDENCE_CERTAIN,
	                                N_("The certificate that %.160s shows is not for that address") },
	[CHECK_SIZE_BLOCKED] = { FINDING_MTU_BLACK_HOLE, CONFIDENCE_CERTAIN,
	                         N_("On the way to %.160s full-size packets are lost where small ones "
				    "pass") },
	[CHECK_PAC_BROKEN] = { FINDING_AUTO_PROXY_FAILED, CONFIDENCE_CERTAIN,
	                       N_("The script that names the proxy for %.160s cannot be read or run") },
};

struct probed *probed_new(struct findings *findings)
{
	struct probed *p = calloc(1, sizeof *p);

	if (p)
		p->findings = findings;
	return p;
}

void probed_free(struct probed *p)
{
	if (!p)
		return;
	free(p->troubled);
	free(p);
}

enum finding_kind probed_kind(enum check_trouble trouble)
{
	return rows[trouble].kind;
}

/* Of none of its addresses is that port open. */
static bool is_shut(const struct check *c)
{
	return c->rung == CHECK_PORT && c->state == CHECK_FAILED && !c->unjudged;
}

void probed_check(struct probed *p, const struct check *check)
{
	struct check *more;

	if ((check->trouble == CHECK_NO_TROUBLE && !is_shut(check)) || p->count == TROUBLES_MAX)
		return;
	more = reallocarray(p->troubled, p->count + 1, sizeof *more);
	if (!more)
		return;
	p->troubled = more;
	p->troubled[p->count++] = *check;
}

static void raise_trouble(struct probed *p, const struct check *c)
{
	const struct check_talk *talk = c->talk_count ? &c->talks[c->talk_count - 1] : NULL;
	const struct row *row = &rows[c->trouble];
	char cause[CAUSE_TEXT];
	size_t len;

	if (talk && findings_tell(p->findings, row->kind, &talk->remote))
		return;
	len = tongue_say(cause, sizeof cause, row->text, c->target);
	/* TRANSLATORS: behind a sentence that has no end yet: ": " and a detail, or nothing; its end. */
	tongue_say(cause + len, sizeof cause - len, "%s%.200s.", c->detail[0] ? ": " : "", c->detail);
	finding_raise(p->findings, &(struct raise){
		.kind = row->kind,
		.severity = SEVERITY_OF_KIND,
		.confidence = row->confidence,
		.client = talk ? &talk->local.addr : NULL,
		.server = talk ? &talk->remote : NULL,
		.via = talk && c->proxy[0] ? &talk->remote : NULL,
		.for_all_clients = !talk,
		.cause = cause,
		.time = c->began == MOMENT_NONE ? c->ended : c->began,
		.until = c->ended,
	});
}

/* A client that gets in at one server minds the next one less; a probe was sent to each. */
static void insist(struct probed *p, const struct check *c)
{
	static const enum finding_kind kinds[] = { FINDING_CONNECTION_REFUSED, FINDING_CONNECTION_UNANSWERED,
		                                   FINDING_CONNECTION_REJECTED };

	for (unsigned i = 0; i < c->talk_count; i++)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
			finding_insist(p->findings, kinds[k], &c->talks[i].local.addr, &c->talks[i].remote);
}

void probed_end(struct probed *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->troubled[i].trouble != CHECK_NO_TROUBLE)
			raise_trouble(p, &p->troubled[i]);
		if (is_shut(&p->troubled[i]))
			insist(p, &p->troubled[i]);
	}
}
