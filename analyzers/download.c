/* analyzers/download.c - files that came, but are not what was announced.
 *
 * A client fetches a file in ranges, over one connection or several.  Every answer tells the file's size, and
 * most tell by validators which state of it they are from (RFC 9110 sections 8.8 and 14.4); what all of it
 * hashes to, decoders tell of the last answer, when all of it passed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/content.h"
#include "analyzers/ranges.h"
#include "base/tongue.h"

enum { DOWNLOADS_MAX = 8192, ETAG_TEXT = 48, DATE_TEXT = 36, BLAME_TEXT = 160 };

struct download {                       /* of one file, by one client, from one server */
	uint64_t total;                 /* RANGE_UNKNOWN */
	struct ranges got;
	char etag[ETAG_TEXT], modified[DATE_TEXT];
	uint64_t frame;                 /* of its first answer */
	uint64_t connection;            /* of its latest */
	unsigned answers, connections;
	bool size_told;                 /* a wrong size is told once */
};

void downloads_init(struct downloads *d, const struct analyzer_env *env)
{
	d->env = env;
	map_init(&d->young, DOWNLOADS_MAX);
	map_init(&d->old, DOWNLOADS_MAX);
}

static void release(struct map *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct download *one = m->entries[i].value;

		if (one)
			ranges_release(&one->got);
	}
	map_release_values(m);
}

void downloads_release(struct downloads *d)
{
	release(&d->young);
	release(&d->old);
}

/* Two generations: what is asked for goes on living, and when the young are many, the old are forgotten. */
static struct download *find(struct downloads *d, struct span key)
{
	struct map_entry *e = map_find(&d->young, key), *before;

	if (!e && d->young.count == DOWNLOADS_MAX) {
		release(&d->old);
		d->old = d->young;
		map_init(&d->young, DOWNLOADS_MAX);
	}
	e = map_put(&d->young, key);
	if (!e || e->value)
		return e ? e->value : NULL;
	before = map_find(&d->old, key);
	if (before && before->value) {
		e->value = before->value;
		before->value = NULL;
		return e->value;
	}
	e->value = calloc(1, sizeof(struct download));
	if (e->value)
		((struct download *)e->value)->total = RANGE_UNKNOWN;
	return e->value;
}

/* ---- one answer ---- */

struct answer {
	const struct exchange *x;
	const struct update_file *told;         /* NULL: the file was not announced */
	struct byte_range part;                 /* that the answer says it is; total UNKNOWN */
	char etag[ETAG_TEXT], modified[DATE_TEXT];
	char file[UPDATE_FILE_TEXT];
};

/* False: it says nothing about the file, or is about another thing, such as a page in its place. */
static bool read_answer(struct answer *a, const struct exchange *x)
{
	const struct http_body *body = &x->response.body;
	struct span told = http_header(&x->response, SPAN("Content-Range"));
	struct span type = http_header(&x->response, SPAN("Content-Type"));

	a->x = x;
	if (span_istarts(type, SPAN("text/html")) || http_header(&x->response, SPAN("Content-Encoding")).len)
		return false;
	if (x->status == 206 || x->status == 416)
		return byte_range_told(told, &a->part) &&
		       (a->part.first == RANGE_UNKNOWN) == (x->status == 416);
	a->part.total = body->has_length ? body->declared : RANGE_UNKNOWN;
	a->part.first = 0;
	a->part.last = a->part.total && a->part.total != RANGE_UNKNOWN ? a->part.total - 1 : RANGE_UNKNOWN;
	return x->status == 200;
}

/* ---- verdicts ---- */

static const char *blame(const struct exchange *x, char text[static BLAME_TEXT])
{
	bool boxed = x->via_proxy || http_header(&x->response, SPAN("Via")).at ||
		     http_header(&x->response, SPAN("X-Cache")).at;

	snprintf(text, BLAME_TEXT, "%s", boxed ? _("by a proxy or cache on the way, or on the server's disk")
	                                       : _("on the server's disk, or by a device on the way"));
	return text;
}

static struct web_case case_of(const struct answer *a, const struct download *d, const char *codes)
{
	struct web_case c = web_case_of(a->x);
	struct evidence first = evidence_at(d->frame, "the first answer of this download");
	struct evidence told = evidence_at(a->told ? a->told->frame : 0, "the file is announced");
	struct evidence came =
		evidence_at(a->x->response.last_frame,
			    "%llu bytes came, %llu of them twice; answers: %u, connections: %u",
			    (unsigned long long)d->got.bytes, (unsigned long long)d->got.twice, d->answers,
			    d->connections);

	snprintf(c.codes, sizeof c.codes, "%s", codes);
	if (d->frame && d->frame != a->x->response.first_frame)
		evidence_keep(c.evidence, &c.evidence_count, &first);
	if (a->told)
		evidence_keep(c.evidence, &c.evidence_count, &told);
	if (d->answers && !d->got.scattered)
		evidence_keep(c.evidence, &c.evidence_count, &came);
	return c;
}

static bool judge_size(const struct downloads *d, struct download *one, const struct answer *a)
{
	struct web_case c;
	char text[BLAME_TEXT];

	if (!a->told || a->told->size < 0 || a->part.total == RANGE_UNKNOWN ||
	    a->part.total == (uint64_t)a->told->size)
		return false;
	if (one->size_told)
		return true;
	one->size_told = true;
	c = case_of(a, one, "0x80246002 0x8020002B");
	web_raise(d->env, FINDING_CONTENT_CORRUPT, &c, CONFIDENCE_CERTAIN,
		  "%s has %llu bytes here, and %lld were announced: it was cut short or replaced, %s.",
		  a->file, (unsigned long long)a->part.total, (long long)a->told->size, blame(a->x, text));
	return true;
}

static void judge_digest(const struct downloads *d, const struct download *one, const struct answer *a)
{
	struct web_case c;
	char text[BLAME_TEXT];

	if (a->x->response.body.digest != BODY_DIGEST_OTHER)
		return;
	c = case_of(a, one, "0x80246002 0x80200053");
	web_raise(d->env, FINDING_CONTENT_CORRUPT, &c, CONFIDENCE_CERTAIN,
		  "All of %s came (%llu bytes), and its SHA-1 is not the one that it is named by: it was "
		  "altered, %s.",
		  a->file, (unsigned long long)a->part.total, blame(a->x, text));
}

static bool differs(const char *before, const char *now)
{
	return before[0] && now[0] && strcmp(before, now) != 0;
}

/* The capture shows all of it from the first byte to where this part begins. */
static bool is_seamless(const struct download *one, const struct byte_range *part)
{
	return one->got.count == 1 && !one->got.scattered && !one->got.pieces[0].first &&
	       one->got.pieces[0].last + 1 == part->first;
}

/* The client goes on with what it has, and gets a part of another state of the file (BITS gives up, RFC 9110
 * section 14.2).  Who begins anew knows that it changed: where parts are not seen, that may be why. */
static void judge_change(const struct downloads *d, const struct download *one, const struct answer *a)
{
	bool date = differs(one->modified, a->modified);
	/* Weak tags promise nothing of bytes, and the machines of a large network have each their own. */
	bool tag = differs(one->etag, a->etag) && one->etag[0] == '"' && !wsus_microsoft_host(a->x->host);
	bool size = a->part.total != RANGE_UNKNOWN && one->total != a->part.total;
	struct web_case c;

	/* Where a request is missing, this may be the answer to that. */
	if ((!date && !tag && !size) || a->x->conn->side[CLIENT].lost_bytes)
		return;
	c = case_of(a, one, "0x80200073 0x80246002");
	web_raise(d->env, FINDING_CONTENT_CORRUPT, &c,
		  !is_seamless(one, &a->part) ? CONFIDENCE_POSSIBLE
		  : date || size              ? CONFIDENCE_CERTAIN
		                              : CONFIDENCE_PROBABLE,
		  "%s changed while it was fetched: its %s is not the same in all parts. Servers or caches "
		  "with different copies answer to one name.",
		  a->file, size ? "size" : date ? "Last-Modified" : "ETag");
}

/* ---- a download as it goes on ---- */

/* What comes from the first byte on, where it has not been seen, is more likely the beginning of another
 * download than the rest of this one. */
static bool is_continued(const struct download *one, const struct byte_range *part)
{
	return part->first && one->got.count && one->total != RANGE_UNKNOWN &&
	       !ranges_whole(&one->got, one->total) && !ranges_overlap(&one->got, part->first, part->last);
}

static void begin(struct download *one, const struct answer *a)
{
	one->size_told = one->size_told && !one->got.count;     /* HEAD told it, and now the file comes */
	ranges_release(&one->got);
	one->frame = a->x->response.first_frame;
	one->answers = one->connections = 0;
}

/* The bytes that came, whether the capture shows them or not. */
static void add_part(struct download *one, const struct answer *a)
{
	uint64_t came = a->x->response.body.entity_bytes;

	if (!one->answers++ || one->connection != a->x->conn->id)
		one->connections++;
	one->connection = a->x->conn->id;
	if (came && a->part.first <= RANGE_UNKNOWN - came)
		ranges_add(&one->got, a->part.first, a->part.first + came - 1);
	one->total = a->part.total;
	memcpy(one->etag, a->etag, sizeof one->etag);
	memcpy(one->modified, a->modified, sizeof one->modified);
}

static void take_answer(struct downloads *d, struct download *one, struct answer *a)
{
	bool got = a->x->status != 416 && span_eq(a->x->method, SPAN("GET"));

	update_file_text(a->told, a->x->path, a->file);
	web_printable(http_header(&a->x->response, SPAN("ETag")), a->etag, sizeof a->etag);
	web_printable(http_header(&a->x->response, SPAN("Last-Modified")), a->modified, sizeof a->modified);
	if (got && is_continued(one, &a->part))
		judge_change(d, one, a);
	else if (got)
		begin(one, a);
	if (got)
		add_part(one, a);
	if (!judge_size(d, one, a) && got)
		judge_digest(d, one, a);
}

void downloads_exchange(struct downloads *d, const struct exchange *x)
{
	uint8_t sha1[SHA1_BYTES];
	struct answer a = { .part = { RANGE_UNKNOWN, RANGE_UNKNOWN, RANGE_UNKNOWN } };
	struct content_key key;
	struct download *one;

	if ((x->status != 200 && x->status != 206 && x->status != 416) ||
	    updatefile_read(x->path, sha1) == UPDATEFILE_OTHER || !read_answer(&a, x))
		return;
	key = content_key_of(x, span_of(sha1, sizeof sha1));
	one = find(d, span_of(key.bytes, key.len));
	if (!one)
		return;
	a.told = updates_file(d->env->updates, sha1);
	take_answer(d, one, &a);
}
