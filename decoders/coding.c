/* decoders/coding.c - codecs in a row, each fed by the one before it. */
#include "decoders/coding.h"

#include <stdlib.h>

#include "decoders/codec.h"

enum {
	STAGES_MAX = 4,
	IDLE_MAX = 16,                          /* of each kind, kept in a pool ... */
	IDLE_SHARE = 8,                         /* ... of a size of one part in so many of the budget */
	BOMB_BYTES = 64 * 1024 * 1024,
	BOMB_RATIO = 1000,
};

static const struct codec *const codecs[] = {
	&codec_gzip, &codec_deflate, &codec_brotli, &codec_zstd, &codec_xpress,
};

enum { CODECS = sizeof codecs / sizeof *codecs };

struct stage {
	struct stage *next;             /* while idle */
	unsigned kind;                  /* index of codecs */
	void *codec;
	struct codec_out out;
	struct span pending;            /* of out, what the next stage has not read */
	uint64_t made;
	bool ended;
	bool bad;                       /* after what is pending */
};

struct coding {
	struct coding_pool *pool;
	struct stage *stages[STAGES_MAX];       /* [0] was applied last and is undone first */
	size_t count;
	uint64_t taken;                         /* bytes of input */
	enum coding_status failed;              /* BAD or BOMB, else MORE */
};

struct coding_pool {
	struct limits *limits;
	struct stage *idle[CODECS];
	unsigned idle_count[CODECS];
	size_t idle_size;                       /* bytes that all the idle may hold */
	struct budget *budget;
};

struct coding_pool *coding_pool_new(struct limits *limits, struct budget *budget)
{
	struct coding_pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		return NULL;
	pool->limits = limits;
	pool->budget = budget;
	return pool;
}

static void stage_free(struct stage *s)
{
	if (s->codec)
		codecs[s->kind]->destroy(s->codec);
	free(s->out.at);
	free(s);
}

static size_t stage_cost(unsigned kind)
{
	return sizeof(struct stage) + CODEC_ROOM + codecs[kind]->cost;
}

void coding_pool_free(struct coding_pool *pool)
{
	for (size_t i = 0; pool && i < CODECS; i++) {
		while (pool->idle[i]) {
			struct stage *next = pool->idle[i]->next;

			stage_free(pool->idle[i]);
			budget_give(pool->budget, stage_cost((unsigned)i));
			pool->idle[i] = next;
		}
	}
	free(pool);
}

static struct stage *stage_make(unsigned kind)
{
	struct stage *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->kind = kind;
	s->codec = codecs[kind]->create();
	s->out.at = malloc(CODEC_ROOM);
	if (s->codec && s->out.at)
		return s;
	stage_free(s);
	return NULL;
}

static struct stage *stage_get(struct coding_pool *pool, unsigned kind)
{
	struct stage *s;

	if (!pool)
		return stage_make(kind);
	s = pool->idle[kind];
	if (s) {
		pool->idle[kind] = s->next;
		pool->idle_count[kind]--;
		pool->idle_size -= stage_cost(kind);
		return s;
	}
	if (!budget_take(pool->budget, stage_cost(kind))) {
		limit_add(pool->limits, LIMIT_BODY_CEILING, 1);
		return NULL;
	}
	s = stage_make(kind);
	if (!s) {
		limit_add(pool->limits, LIMIT_MEMORY, 1);
		budget_give(pool->budget, stage_cost(kind));
	}
	return s;
}

/* Whether the pool may keep one more of that kind. */
static bool has_place(const struct coding_pool *pool, unsigned kind)
{
	return pool->idle_count[kind] < IDLE_MAX &&
	       (!pool->budget ||
	        pool->idle_size + stage_cost(kind) <= pool->budget->ceiling / IDLE_SHARE);
}

static void stage_put(struct coding_pool *pool, struct stage *s)
{
	unsigned kind = s->kind;

	if (!pool || !has_place(pool, kind) || !codecs[kind]->reset(s->codec)) {
		stage_free(s);
		if (pool)
			budget_give(pool->budget, stage_cost(kind));
		return;
	}
	pool->idle_size += stage_cost(kind);
	*s = (struct stage){ .next = pool->idle[kind], .kind = kind, .codec = s->codec,
	                     .out.at = s->out.at };
	pool->idle[kind] = s;
	pool->idle_count[kind]++;
}

static bool is_identity(struct span name)
{
	return !name.len || span_ieq(name, SPAN("identity"));
}

static bool find_codec(struct span name, unsigned *kind)
{
	for (*kind = 0; *kind < CODECS; ++*kind)
		for (size_t i = 0; i < 2; i++)
			if (codecs[*kind]->names[i].len && span_ieq(name, codecs[*kind]->names[i]))
				return true;
	return false;
}

/* Fills kinds[] as the names stand; false: one is unknown, or they are too many. */
static bool read_names(struct span names, unsigned kinds[static STAGES_MAX], size_t *count)
{
	*count = 0;
	while (names.len) {
		struct span name = span_trim(span_split(&names, ','));

		if (is_identity(name))
			continue;
		if (*count == STAGES_MAX || !find_codec(name, &kinds[*count]))
			return false;
		++*count;
	}
	return true;
}

struct coding *coding_new(struct coding_pool *pool, struct span names, bool *known)
{
	unsigned kinds[STAGES_MAX];
	size_t count;
	struct coding *c;

	*known = read_names(names, kinds, &count);
	if (!*known || !count)
		return NULL;
	c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->pool = pool;
	c->failed = CODING_MORE;
	while (c->count < count) {
		struct stage *s = stage_get(pool, kinds[count - 1 - c->count]);

		if (!s) {
			coding_free(c);
			return NULL;
		}
		c->stages[c->count++] = s;
	}
	return c;
}

void coding_free(struct coding *c)
{
	for (size_t i = 0; c && i < c->count; i++)
		stage_put(c->pool, c->stages[i]);
	free(c);
}

static enum coding_status fail(struct coding *c, enum coding_status how)
{
	c->failed = how;
	return how;
}

/* One step of one stage, whose output is read up. */
static enum coding_status step(struct coding *c, struct stage *s, struct span *in)
{
	size_t before = in->len;
	enum codec_status status;

	s->out.len = 0;
	s->out.more = false;
	status = codecs[s->kind]->step(s->codec, in, &s->out);
	if (s == c->stages[0])
		c->taken += before - in->len;
	s->made += s->out.len;
	s->pending = span_of(s->out.at, s->out.len);
	s->bad = status == CODEC_BAD;
	if (s->bad && !s->out.len)
		return fail(c, CODING_BAD);
	if (s->made > BOMB_BYTES && s->made / BOMB_RATIO > c->taken)
		return fail(c, CODING_BOMB);
	s->ended = status == CODEC_END;
	if (s->out.len)
		return CODING_PIECE;
	if (s->ended)
		return CODING_END;
	return before == in->len && in->len ? fail(c, CODING_BAD) : CODING_MORE;
}

/* Until stage `i` has output, or what it reads runs dry.  Past its end, what feeds it still has to
 * come to its own (a trailer).  Recursion is STAGES_MAX deep. */
static enum coding_status fill(struct coding *c, size_t i, struct span *in)
{
	struct stage *s = c->stages[i];
	struct span *from = i ? &c->stages[i - 1]->pending : in;
	enum coding_status status = CODING_MORE;

	while (!s->ended) {
		if (s->bad)
			return fail(c, CODING_BAD);
		if (!from->len && !s->out.more) {
			status = i ? fill(c, i - 1, in) : CODING_MORE;
			if (status != CODING_PIECE)
				return status;
		}
		status = step(c, s, from);
		if (status == CODING_PIECE || c->failed != CODING_MORE)
			return status;
	}
	if (!i)
		return CODING_END;
	do {
		from->len = 0;
		status = fill(c, i - 1, in);
	} while (status == CODING_PIECE);
	return status;
}

enum coding_status coding_next(struct coding *c, struct span *in, struct span *out)
{
	struct stage *last = c->stages[c->count - 1];
	enum coding_status status;

	if (c->failed != CODING_MORE)
		return c->failed;
	status = fill(c, c->count - 1, in);
	if (status == CODING_PIECE) {
		*out = last->pending;
		last->pending.len = 0;
	}
	return status;
}

bool coding_finish(struct coding *c)
{
	if (c->failed != CODING_MORE)
		return false;
	for (size_t i = 0; i < c->count; i++) {
		const struct stage *s = c->stages[i];

		if (s->bad || s->pending.len || s->out.more || !codecs[s->kind]->whole(s->codec))
			return false;
	}
	return true;
}
