/* veil/tlsrecords.c - a queue, searched by places of the stream inside. */
#include "veil/tlsrecords.h"

#include "decoders/tlsrec.h"

/* More than bodies that are gathered (veil/bodies.c) and handshake messages. */
enum { WAITING_MAX = 16 << 20, LIST_MAX = (WAITING_MAX / 32) * sizeof(struct tlsrecord *) };

void tlsrecords_init(struct tlsrecords *t, const struct stream_env *env, enum side from)
{
	*t = (struct tlsrecords){ .shared = env->shared, .lane = &env->lane, .from = from };
	buf_init_on(&t->list, LIST_MAX, env->shared->budget);
}

static size_t count_of(const struct tlsrecords *t)
{
	return t->list.len / sizeof(struct tlsrecord *);
}

static struct tlsrecord *record_at(const struct tlsrecords *t, size_t i)
{
	struct tlsrecord *r;

	memcpy(&r, t->list.at + i * sizeof r, sizeof r);
	return r;
}

/* ---- leaving ---- */

static void put_sealed(struct tlsrecords *t, struct tlsrecord *r)
{
	uint8_t fragment[TLSREC_LENGTH_MAX];

	r->sealed.content = span_of(r->content, r->content_len);
	memcpy(fragment, r->front, sizeof r->front < r->len ? sizeof r->front : r->len);
	if (r->key && tlsseal_put(r->key->seal, &r->sealed, fragment, r->len)) {
		t->lane->put(t->lane->self, t->from, r->at, span_of(fragment, r->len));
		return;
	}
	t->shared->blanked++;
	t->lane->fill(t->lane->self, t->from, r->at, r->len, 0);
}

static size_t size_of(size_t content_len)
{
	return sizeof(struct tlsrecord) + 2 * content_len;
}

static void free_record(struct tlsrecords *t, struct tlsrecord *r)
{
	tlstwin_release(r->key);
	t->waiting -= size_of(r->content_len);
	budget_free(t->shared->budget, r, size_of(r->content_len));
}

/* While values are learned nobody needs what becomes of them. */
static void go(struct tlsrecords *t, struct tlsrecord *r)
{
	if (r->opened && t->shared->finder)
		put_sealed(t, r);
	else if (t->shared->finder)
		t->lane->put(t->lane->self, t->from, r->at, span_of(r->content, r->content_len));
	free_record(t, r);
}

static void flush(struct tlsrecords *t, bool all)
{
	enum { COMPACT = 4096 };

	if (t->busy)
		return;
	while (t->first < count_of(t)) {
		struct tlsrecord *r = record_at(t, t->first);

		if (r->undecided && !all && t->waiting <= WAITING_MAX)
			break;
		t->first++;
		go(t, r);
	}
	if (t->first == count_of(t)) {
		buf_clear(&t->list);
		t->first = 0;
	} else if (t->first >= COMPACT) {
		buf_drop_front(&t->list, t->first * sizeof(struct tlsrecord *));
		t->first = 0;
	}
}

void tlsrecords_end(struct tlsrecords *t)
{
	flush(t, true);
	buf_release(&t->list);
}

void tlsrecords_release(struct tlsrecords *t)
{
	for (size_t i = t->first; i < count_of(t); i++)
		free_record(t, record_at(t, i));
	buf_release(&t->list);
}

void tlsrecords_busy(struct tlsrecords *t)
{
	t->busy++;
}

void tlsrecords_done(struct tlsrecords *t)
{
	t->busy--;
	flush(t, false);
}

/* ---- coming ---- */

struct tlsrecord *tlsrecords_add(struct tlsrecords *t, uint64_t at, size_t len, struct span content)
{
	struct budget *budget = t->shared->budget;
	struct tlsrecord *r = budget_alloc(budget, size_of(content.len));

	if (!r)
		return NULL;
	if (!buf_add(&t->list, span_of(&r, sizeof r))) {
		budget_free(budget, r, size_of(content.len));
		return NULL;
	}
	t->waiting += size_of(content.len);
	r->at = at;
	r->len = len;
	r->content_len = r->undecided = content.len;
	r->inner_end = t->inner;
	if (content.len)
		memcpy(r->content + content.len, content.at, content.len);
	return r;
}

void tlsrecords_put(struct tlsrecords *t, struct tlsrecord *r, size_t place, struct span bytes)
{
	if (bytes.len)
		memcpy(r->content + place, bytes.at, bytes.len);
	r->undecided -= bytes.len < r->undecided ? bytes.len : r->undecided;
	flush(t, false);
}

void tlsrecords_keep(struct tlsrecords *t, struct tlsrecord *r, size_t place, size_t len)
{
	tlsrecords_put(t, r, place, span_of(r->content + r->content_len + place, len));
}

void tlsrecords_zero(struct tlsrecords *t, struct tlsrecord *r)
{
	r->undecided = 0;
	flush(t, false);
}

void tlsrecords_inner(struct tlsrecords *t, struct tlsrecord *r)
{
	t->inner += r->content_len;
	r->carries = true;
	r->inner_end = t->inner;
}

void tlsrecords_hole(struct tlsrecords *t, uint64_t len)
{
	t->inner += len;
}

/* The first record that ends behind that place: it holds it, or the place is in a hole before it. */
struct tlsrecord *tlsrecords_find(struct tlsrecords *t, uint64_t at, size_t *place, size_t *len)
{
	size_t low = t->first, high = count_of(t);
	struct tlsrecord *r;
	uint64_t begin;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (record_at(t, middle)->inner_end > at)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == count_of(t))
		return NULL;
	r = record_at(t, low);
	if (!r->carries)                /* what was before it has gone */
		return NULL;
	begin = r->inner_end - r->content_len;
	if (at < begin) {
		*len = begin - at < *len ? (size_t)(begin - at) : *len;
		return NULL;
	}
	*place = (size_t)(at - begin);
	if (*len > r->content_len - *place)
		*len = r->content_len - *place;
	return r;
}
