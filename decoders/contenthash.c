/* decoders/contenthash.c - a bounded table of files, each with the hash of what came so far. */
#include "decoders/contenthash.h"

#include <openssl/evp.h>

#include "base/map.h"
#include "facts/limits.h"
#include "facts/soap.h"
#include "facts/updatefile.h"
#include "facts/wsuscall.h"

enum { ANNOUNCED_MAX = 16384, HASHED_MAX = 256 };

/* A file on its way to one client: others may get other bytes. */
struct file_key {
	uint8_t sha1[SHA1_BYTES];
	struct addr client;
	struct endpoint_key server;
};

struct hashed_file {
	struct file_key key;
	EVP_MD_CTX *hash;               /* NULL: the place was never used */
	uint64_t next;                  /* how much of it came, in order; 0: nothing */
	uint64_t total;                 /* RANGE_UNKNOWN: what comes until the end */
	uint64_t used;                  /* when, counted in answers */
	bool busy;                      /* an answer is bringing bytes of it */
};

struct contenthash {
	const struct limits *limits;
	struct budget *budget;
	struct map announced;           /* SHA-1; no value */
	struct hashed_file files[HASHED_MAX];
	uint64_t answers;
};

struct contenthash *contenthash_new(const struct limits *limits, struct budget *budget)
{
	struct contenthash *h = budget_alloc(budget, sizeof *h);

	if (!h)
		return NULL;
	h->limits = limits;
	h->budget = budget;
	map_init(&h->announced, ANNOUNCED_MAX);
	return h;
}

void contenthash_free(struct contenthash *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < HASHED_MAX; i++)
		EVP_MD_CTX_free(h->files[i].hash);
	map_release(&h->announced);
	budget_free(h->budget, h, sizeof *h);
}

static void announce(struct contenthash *h, const struct wsus_file *file)
{
	struct span key = span_of(file->sha1, SHA1_BYTES);

	if (!file->has_sha1)
		return;
	/* What is fetched was told of lately: a full table begins anew. */
	if (h->announced.count == ANNOUNCED_MAX && !map_find(&h->announced, key)) {
		map_release(&h->announced);
		map_init(&h->announced, ANNOUNCED_MAX);
	}
	map_put(&h->announced, key);
}

void contenthash_exchange(struct contenthash *h, const struct exchange *x)
{
	const struct wsus_call *call = x->soap ? x->soap->values : NULL;

	for (size_t i = 0; call && i < call->file_count; i++)
		announce(h, &call->files[i]);
	for (size_t i = 0; call && i < call->location_count; i++)
		announce(h, &call->locations[i]);
}

/* ---- which answers ---- */

static struct file_key key_of(const struct exchange *x, const uint8_t sha1[static SHA1_BYTES])
{
	struct file_key k = { .client = x->conn->client.addr, .server = endpoint_key(&x->conn->server) };

	memcpy(k.sha1, sha1, SHA1_BYTES);
	return k;
}

/* Which bytes of the file the answer brings.  False: it does not say, or they are coded. */
static bool part_of(const struct exchange *x, struct byte_range *part)
{
	const struct http_body *body = &x->response.body;

	if (http_header(&x->response, SPAN("Content-Encoding")).len)
		return false;
	if (x->status == 206)
		return byte_range_told(http_header(&x->response, SPAN("Content-Range")), part) &&
		       part->first != RANGE_UNKNOWN && part->total != RANGE_UNKNOWN && body->has_length &&
		       body->declared == part->last - part->first + 1;
	*part = (struct byte_range){ 0, RANGE_UNKNOWN, body->has_length ? body->declared : RANGE_UNKNOWN };
	return x->status == 200;
}

static const struct hashed_file *find(const struct contenthash *h, const struct file_key *key)
{
	for (size_t i = 0; i < HASHED_MAX; i++)
		if (h->files[i].hash && h->files[i].next && !memcmp(&h->files[i].key, key, sizeof *key))
			return &h->files[i];
	return NULL;
}

bool contenthash_wanted(const struct contenthash *h, const struct exchange *x, bool all)
{
	const struct hashed_file *f;
	uint8_t sha1[SHA1_BYTES];
	struct byte_range part;
	struct file_key key;

	if (!h || (!all && !h->announced.count) || h->limits->count[LIMIT_TRUNCATED] ||
	    (x->status != 200 && x->status != 206) || !span_eq(x->method, SPAN("GET")))
		return false;
	if (updatefile_read(x->path, sha1) == UPDATEFILE_OTHER || !part_of(x, &part))
		return false;
	if (!all && !map_find(&h->announced, span_of(sha1, SHA1_BYTES)))
		return false;
	key = key_of(x, sha1);
	f = find(h, &key);
	if (!f)
		return !part.first;
	return !f->busy && (!part.first || (part.first == f->next && part.total == f->total));
}

/* ---- what they bring ---- */

static struct hashed_file *place_for(struct contenthash *h, const struct file_key *key)
{
	struct hashed_file *oldest = NULL;

	for (size_t i = 0; i < HASHED_MAX; i++) {
		struct hashed_file *f = &h->files[i];

		if (!memcmp(&f->key, key, sizeof *key) && f->hash)
			return f->busy ? NULL : f;
		if (!f->busy && (!oldest || f->used < oldest->used))
			oldest = f;
	}
	return oldest;
}

static bool restart(struct hashed_file *f, const struct file_key *key, uint64_t total)
{
	if (!f->hash)
		f->hash = EVP_MD_CTX_new();
	f->key = *key;
	f->next = 0;
	f->total = total;
	return f->hash && EVP_DigestInit_ex(f->hash, EVP_sha1(), NULL) == 1;
}

struct hashed_file *contenthash_begin(struct contenthash *h, const struct exchange *x)
{
	struct hashed_file *f;
	uint8_t sha1[SHA1_BYTES];
	struct byte_range part;
	struct file_key key;

	if (updatefile_read(x->path, sha1) == UPDATEFILE_OTHER || !part_of(x, &part))
		return NULL;
	key = key_of(x, sha1);
	f = place_for(h, &key);
	if (!f || (!part.first && !restart(f, &key, part.total)) || part.first != f->next)
		return NULL;
	f->used = ++h->answers;
	f->busy = true;
	return f;
}

void contenthash_piece(struct hashed_file *f, struct span piece)
{
	if (EVP_DigestUpdate(f->hash, piece.at, piece.len) == 1)
		f->next += piece.len;
}

void contenthash_drop(struct hashed_file *f)
{
	f->busy = false;
	f->next = 0;
}

enum body_digest contenthash_end(struct hashed_file *f, bool whole)
{
	uint8_t got[EVP_MAX_MD_SIZE];
	bool all = whole && f->next && (f->total == RANGE_UNKNOWN || f->next == f->total);
	bool known = all && EVP_DigestFinal_ex(f->hash, got, NULL) == 1;

	f->busy = false;
	if (all)
		f->next = 0;
	if (!known)
		return BODY_DIGEST_UNKNOWN;
	return memcmp(got, f->key.sha1, SHA1_BYTES) ? BODY_DIGEST_OTHER : BODY_DIGEST_EQUAL;
}
