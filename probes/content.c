/* probes/content.c - update files: is the directory open to all, do parts of a file come as asked for, is it
 * whole?
 *
 * Files are fetched over plain HTTP, of an https site from the port below (MS-WUSP 2.1), by the same way as
 * the rest.  What a proxy does to Range and to the bytes shows here.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/tongue.h"
#include "facts/updatefile.h"
#include "facts/wsus.h"
#include "probes/request.h"
#include "probes/steps.h"

#define CHECK_FILE "/Content/anonymousCheckFile.txt"
#define OLD_FILE   "/SelfUpdate/wuident.cab"     /* what every server of old has, and many of today */

enum { PART_LEN = 100, SMALL_MAX = 8 << 20 };

enum what { IS_OPEN, OVER_TLS, PART_OF_OLD, LENGTH, PART, WHOLE };

static const struct row {
	enum what what;
	const char *name;
	bool file;                      /* of the file that the user names */
} rows[] = {
	{ IS_OPEN, "anonymousCheckFile.txt", false },
	{ OVER_TLS, "Content over TLS", false },
	{ PART_OF_OLD, "range", false },
	{ LENGTH, "length", true },
	{ PART, "range", true },
	{ WHOLE, "hash", true },
};

/* Where the named file is. */
struct place {
	bool https;
	uint16_t port;
	char path[TARGET_PATH_MAX];
};

struct download {
	struct request request;
	struct place place;
	uint64_t length;                /* by HEAD */
};

/* ---- the directory ---- */

static void hear_check_file(struct request *r, const struct fetch_result *result)
{
	unsigned port = request_plain_port(r->step->way->site);
	char said[REQUEST_TEXT];

	request_said(result, said);
	if (result->stage != FETCH_DONE || result->status != 200)
		request_over(r, CHECK_FAILED, "port %u: %s", port, said);
	else
		request_over(r, CHECK_OK, "port %u: anybody may fetch files", port);
}

/* Files are not for the TLS port: refused there, they are as they should be. */
static void hear_over_tls(struct request *r, const struct fetch_result *result)
{
	struct step *s = r->step;
	bool plain = s->needs[1]->told.state == CHECK_OK || s->needs[1]->told.state == CHECK_WARNING;
	bool served = result->stage == FETCH_DONE && result->status == 200;
	unsigned port = request_plain_port(s->way->site);
	char said[REQUEST_TEXT];

	request_said(result, said);
	s->told.unjudged = !served;
	if (served && plain)
		request_over(r, CHECK_OK, "files are served over TLS, too");
	else if (served)
		request_over(r, CHECK_WARNING,
		             "files are served over TLS, and not on port %u, where clients fetch them", port);
	else
		request_over(r, CHECK_OK, "no files over TLS, which need none (%s)", said);
}

/* ---- a file ---- */

/* The whole Content-Length, or of how much a part is. */
static void hear_length(struct request *r, const struct fetch_result *result)
{
	struct span ranges = fetch_header(result, SPAN("Accept-Ranges"));
	char said[REQUEST_TEXT];

	request_said(result, said);
	if (result->stage != FETCH_DONE || result->status != 200)
		request_over(r, CHECK_FAILED, "HEAD: %s", said);
	else if (result->length < 0)
		request_over(r, CHECK_FAILED, "HEAD tells no length: BITS needs one");
	else if (span_ieq(ranges, SPAN("none")))
		request_over(r, CHECK_FAILED, "Accept-Ranges: none; BITS needs parts of files");
	else
		request_over(r, CHECK_OK, "%llu bytes", (unsigned long long)result->length);
}

static void hear_part(struct request *r, const struct fetch_result *result)
{
	struct byte_range got = { RANGE_UNKNOWN, RANGE_UNKNOWN, RANGE_UNKNOWN };
	struct span told = fetch_header(result, SPAN("Content-Range"));
	bool makes_sense = byte_range_told(told, &got);
	char said[REQUEST_TEXT];
	uint64_t due;

	request_said(result, said);
	due = got.total != RANGE_UNKNOWN && got.total < PART_LEN ? got.total : PART_LEN;
	if (result->stage == FETCH_DONE && result->status == 200)
		request_over(r, CHECK_FAILED,
		             "asked for %d bytes, all of it comes (200): Range is ignored or removed",
		             PART_LEN);
	else if (result->stage != FETCH_DONE || result->status != 206)
		request_over(r, CHECK_FAILED, "%s", said);
	else if (!makes_sense || got.first != 0 || got.last + 1 != due)
		request_over(r, CHECK_FAILED, "206 with Content-Range \"%.*s\"",
		             (int)(told.len < 80 ? told.len : 80), told.len ? (const char *)told.at : "");
	else if (result->body_bytes != due)
		request_over(r, CHECK_FAILED, "206 with %llu bytes where %llu are due",
		             (unsigned long long)result->body_bytes, (unsigned long long)due);
	else
		request_over(r, CHECK_OK, "206, as asked for");
}

/* Where no file is named, there may be none to try with. */
static void hear_part_of_old(struct request *r, const struct fetch_result *result)
{
	char said[REQUEST_TEXT];

	if (result->stage == FETCH_DONE && (result->status == 200 || result->status == 206)) {
		hear_part(r, result);
		return;
	}
	r->step->told.unjudged = true;
	request_over(r, CHECK_SKIPPED, "no file to try with (%.150s); --content names one",
	             request_said(result, said));
}

static bool is_named_after(const struct download *d, const struct fetch_result *result, bool *equal)
{
	uint8_t sha1[SHA1_BYTES];

	if (updatefile_read(span_text(d->place.path), sha1) == UPDATEFILE_OTHER)
		return false;
	*equal = !memcmp(sha1, result->sha1, sizeof sha1);
	return true;
}

static void hear_whole(struct request *r, const struct fetch_result *result)
{
	const struct download *d = (const struct download *)r;
	bool equal = false, named = is_named_after(d, result, &equal);
	char said[REQUEST_TEXT];

	request_said(result, said);
	if (result->stage != FETCH_DONE || result->status != 200)
		request_over(r, CHECK_FAILED, "%s", said);
	else if (result->cut)
		request_over(r, CHECK_OK, "more than %d MiB: too large to be fetched for this",
		             SMALL_MAX >> 20);
	else if (result->length >= 0 && (uint64_t)result->length != result->body_bytes)
		request_over(r, CHECK_FAILED, "%llu of %llu bytes came",
			     (unsigned long long)result->body_bytes, (unsigned long long)result->length);
	else if (!named)
		request_over(r, CHECK_OK, "%llu bytes; its name holds no SHA-1",
		             (unsigned long long)result->body_bytes);
	else if (!result->has_digest)
		request_over(r, CHECK_FAILED, "%llu bytes, not all of them hashed",
		             (unsigned long long)result->body_bytes);
	else if (!equal)
		request_over(r, CHECK_FAILED,
		             "%llu bytes, with another SHA-1 than its name says: replaced, or damaged",
		             (unsigned long long)result->body_bytes);
	else
		request_over(r, CHECK_OK, "%llu bytes, SHA-1 as its name says",
			     (unsigned long long)result->body_bytes);
}

static struct fetch_options options_of(struct download *d, const char *method)
{
	return request_elsewhere(&d->request, method, d->place.https, d->place.port, d->place.path);
}

/* Only small files are fetched whole. */
static void hear_size(struct request *r, const struct fetch_result *result)
{
	struct download *d = (struct download *)r;
	struct fetch_options o;

	if (result->stage == FETCH_DONE && result->length > SMALL_MAX) {
		request_over(r, CHECK_OK, "%llu bytes: too large to be fetched for this",
		             (unsigned long long)result->length);
		return;
	}
	r->heard = hear_whole;
	o = options_of(d, "GET");
	o.most = SMALL_MAX;
	o.hash = true;
	request_send(r, &o);
}

/* ---- where ---- */

static bool is_url(const char *content)
{
	return span_find(span_text(content), SPAN("://")) != SIZE_MAX;
}

/* Of the sites of the host that a URL names, the one with its port, else the first; NULL: there is none. */
static const struct site *home_of(const struct plan *p, const struct target *t)
{
	const struct site *home = NULL;

	for (const struct site *s = p->sites; s; s = s->next)
		if (!strcmp(s->target.host, t->host) && (!home || s->target.port == t->port))
			home = s;
	return home;
}

/* A path is every site's; a URL has one home, and without one the first site tells. */
static bool is_told_here(const struct plan *p, const struct site *site)
{
	const struct site *home;
	struct target t;
	struct fault f;

	if (!is_url(p->options->content))
		return true;
	home = target_parse(span_text(p->options->content), &t, &f) ? home_of(p, &t) : NULL;
	return site == (home ? home : p->sites);
}

/* False: no site's. */
static bool place_of(const struct plan *p, const struct site *site, struct place *at)
{
	const char *content = p->options->content;
	struct target t;
	struct fault f;

	if (!is_url(content)) {
		*at = (struct place){ .port = request_plain_port(site) };
		snprintf(at->path, sizeof at->path, "%s%s", content[0] == '/' ? "" : "/", content);
		return true;
	}
	if (!target_parse(span_text(content), &t, &f) || home_of(p, &t) != site)
		return false;
	at->https = t.https;
	at->port = t.has_port ? t.port : t.https ? 443 : 80;
	snprintf(at->path, sizeof at->path, "%s", t.path[0] ? t.path : "/");
	return true;
}

/* ---- the steps ---- */

static void hear_file(struct request *r, const struct fetch_result *result)
{
	switch (rows[r->step->variant].what) {
	case LENGTH: hear_length(r, result); break;
	case PART:   hear_part(r, result); break;
	case WHOLE:  hear_size(r, result); break;
	case IS_OPEN:
	case OVER_TLS:
	case PART_OF_OLD: break;
	}
}

static void start_file(struct step *s, enum what what)
{
	struct download *d = request_new(s, sizeof *d, hear_file);
	struct fetch_options o;

	if (!d)
		return;
	if (!place_of(s->plan, s->way->site, &d->place)) {
		s->told.unjudged = true;
		request_over(&d->request, CHECK_SKIPPED, "the file is on another host, which is no target");
		return;
	}
	o = options_of(d, what == PART ? "GET" : "HEAD");
	if (what == PART)
		o.range = "0-99";
	request_send(&d->request, &o);
}

static void start_check_file(struct step *s)
{
	struct request *r = request_new(s, sizeof *r, hear_check_file);
	struct fetch_options o;

	if (!r)
		return;
	o = request_elsewhere(r, "GET", false, request_plain_port(s->way->site), CHECK_FILE);
	request_send(r, &o);
}

static void start_old_file(struct step *s)
{
	struct request *r = request_new(s, sizeof *r, hear_part_of_old);
	struct fetch_options o;

	if (!r)
		return;
	o = request_elsewhere(r, "GET", false, request_plain_port(s->way->site), OLD_FILE);
	o.range = "0-99";
	request_send(r, &o);
}

/* What it needs is looked at here: of the plain port, both outcomes count. */
static void start_over_tls(struct step *s)
{
	const struct step *front = s->needs[0];
	char why[CHECK_DETAIL_MAX];
	struct request *r;
	struct fetch_options o;

	if (front->told.state != CHECK_OK && front->told.state != CHECK_WARNING) {
		s->told.unjudged = true;
		step_end(s, CHECK_SKIPPED, "%s", request_needs(front, why));
		return;
	}
	r = request_new(s, sizeof *r, hear_over_tls);
	if (!r)
		return;
	o = request_options(r, "GET", CHECK_FILE);
	request_send(r, &o);
}

static void start(struct step *s)
{
	switch (rows[s->variant].what) {
	case IS_OPEN:  start_check_file(s); break;
	case OVER_TLS: start_over_tls(s); break;
	case PART_OF_OLD: start_old_file(s); break;
	case LENGTH:
	case PART:
	case WHOLE:    start_file(s, rows[s->variant].what); break;
	}
}

static const struct step_kind content_kind = {
	.rung = CHECK_CONTENT, .start = start, .stop = request_stop,
};

static void describe(struct step *s, const struct row *row, const struct place *at)
{
	const struct site *site = s->way->site;

	switch (row->what) {
	case IS_OPEN:
		step_sends(s, "GET %s over HTTP, to port %u", CHECK_FILE,
			   request_plain_port(site));
		break;
	case OVER_TLS:
		step_sends(s, "GET %s", CHECK_FILE);
		break;
	case PART_OF_OLD:
		step_sends(s, "GET %s over HTTP, its first %d bytes, port %u", OLD_FILE, PART_LEN,
		           request_plain_port(site));
		break;
	case LENGTH:
		step_sends(s, "HEAD %.100s, port %u", at->path, at->port);
		break;
	case PART:
		step_sends(s, "GET %.100s, its first %d bytes, port %u", at->path, PART_LEN, at->port);
		break;
	case WHOLE:
		step_sends(s, "GET %.80s up to 8 MiB, port %u", at->path, at->port);
		break;
	}
}

static bool is_due(const struct row *row, const struct way *way, bool has_file)
{
	if (row->what == OVER_TLS)
		return way->site->target.https && !way->proxy;
	if (row->what == PART_OF_OLD)
		return !way->plan->options->content;
	return !row->file || has_file;
}

bool content_plan(struct plan *p, struct way *way)
{
	struct place at = { 0 };
	bool has_file = p->options->content && is_told_here(p, way->site);
	struct step *open = NULL;

	if (has_file)
		place_of(p, way->site, &at);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct step *s;

		if (!is_due(&rows[i], way, has_file))
			continue;
		s = plan_add(p, &content_kind, way, NULL, NULL, rows[i].name);
		if (!s)
			return false;
		s->variant = (unsigned)i;
		s->lenient = rows[i].what == OVER_TLS;
		describe(s, &rows[i], &at);
		/* of a site that was only looked for, nothing is to be fetched unless it serves updates */
		step_needs(s, way->site->asked_for && rows[i].what != OVER_TLS ? way->reach : way->http);
		if (rows[i].what == OVER_TLS || rows[i].what == PART_OF_OLD)
			step_needs(s, open);
		if (rows[i].what == IS_OPEN)
			open = s;
	}
	return true;
}
