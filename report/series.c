/* report/series.c - buckets that double their width, and histograms. */
#include "report/series.h"

#include "base/tongue.h"

#define WIDTH_AT_FIRST (MOMENT_S / 64)

/* A clock may say anything: no difference of two of its times overflows. */
static uint64_t since(int64_t from, int64_t time)
{
	return (uint64_t)time - (uint64_t)from;
}

static void add_bucket(struct series_bucket *to, const struct series_bucket *b)
{
	for (int i = 0; i < ANSWER_COUNT; i++)
		to->answers[i] += b->answers[i];
	for (int i = 0; i < ATTEMPT_COUNT; i++)
		to->attempts[i] += b->attempts[i];
}

/* Two become one; the first stays where it is. */
static void halve(struct series *s)
{
	for (size_t i = 0; i < SERIES_BUCKETS / 2; i++) {
		struct series_bucket both = s->buckets[2 * i];

		add_bucket(&both, &s->buckets[2 * i + 1]);
		s->buckets[i] = both;
	}
	memset(&s->buckets[SERIES_BUCKETS / 2], 0, sizeof s->buckets / 2);
	s->used = (s->used + 1) / 2;
	s->width *= 2;
}

/* Makes room before the first, for what began before it. */
static void extend(struct series *s, int64_t time)
{
	uint64_t need;

	/* Where the clock has no time so early, it stays in the first. */
	for (;;) {
		need = (since(time, s->from) - 1) / (uint64_t)s->width + 1;
		if (s->used + need <= SERIES_BUCKETS || s->width > INT64_MAX / 4)
			break;
		halve(s);
	}
	if (s->used + need > SERIES_BUCKETS || since(INT64_MIN, s->from) / (uint64_t)s->width < need)
		return;
	memmove(&s->buckets[need], s->buckets, s->used * sizeof *s->buckets);
	memset(s->buckets, 0, need * sizeof *s->buckets);
	s->from = (int64_t)((uint64_t)s->from - need * (uint64_t)s->width);
	s->used += need;
}

static struct series_bucket *bucket_of(struct series *s, int64_t time)
{
	uint64_t at;

	if (!s->width) {
		s->width = WIDTH_AT_FIRST;
		s->from = time;
	}
	if (time < s->from)
		extend(s, time);
	if (time < s->from)
		return &s->buckets[0];
	while ((at = since(s->from, time) / (uint64_t)s->width) >= SERIES_BUCKETS)
		halve(s);
	if (at >= s->used)
		s->used = at + 1;
	return &s->buckets[at];
}

/* ---- histograms ---- */

int64_t series_bar_bound(size_t bar)
{
	static const int64_t bounds[SERIES_BARS] = {
		MOMENT_MS / 2,
		MOMENT_MS,
		2 * MOMENT_MS,
		5 * MOMENT_MS,
		10 * MOMENT_MS,
		20 * MOMENT_MS,
		50 * MOMENT_MS,
		100 * MOMENT_MS,
		200 * MOMENT_MS,
		500 * MOMENT_MS,
		MOMENT_S,
		2 * MOMENT_S,
		5 * MOMENT_S,
		10 * MOMENT_S,
		30 * MOMENT_S,
		INT64_MAX,
	};

	return bounds[bar];
}

static void note(struct histogram *h, int64_t took)
{
	size_t bar = 0;

	if (took < 0)
		return;
	while (bar + 1 < SERIES_BARS && took >= series_bar_bound(bar))
		bar++;
	h->bars[bar]++;
	h->count++;
	h->most = took > h->most ? took : h->most;
}

int64_t series_share(const struct histogram *h, unsigned percent)
{
	uint64_t below = 0;

	if (!h->count)
		return -1;
	for (size_t i = 0; i < SERIES_BARS; i++) {
		below += h->bars[i];
		if (below * 100 >= h->count * percent)
			return h->most < series_bar_bound(i) ? h->most : series_bar_bound(i);
	}
	return h->most;
}

/* ---- facts ---- */

static enum series_answer answer_of(unsigned status)
{
	if (!status)
		return ANSWER_NONE;
	if (status == 401 || status == 407)
		return ANSWER_LOGIN;
	return status < 300 ? ANSWER_GOOD : status < 400 ? ANSWER_ELSEWHERE
	                            : status < 500       ? ANSWER_REFUSED
	                                                 : ANSWER_FAILED;
}

static void count_exchange(struct series *s, const struct exchange *x)
{
	enum series_answer answer = answer_of(x->status);

	/* What the capture does not hold whole tells nothing; an answer alone is one to some request. */
	if (!x->request.present && !x->response.present)
		return;
	if (!x->status && (x->end == EXCHANGE_OPEN || x->end == EXCHANGE_LOST))
		return;
	bucket_of(s, x->request.present ? x->request.first_time : x->response.first_time)->answers[answer]++;
	s->answers[answer]++;
	if (x->status < SERIES_STATUSES)
		s->statuses[x->status] += x->status > 0;
	note(&s->first_byte, x->ttfb);
}

static void count_connection(struct series *s, const struct connection *c)
{
	static const enum series_attempt attempts[] = {
		[CONNECTION_ESTABLISHED] = ATTEMPT_ACCEPTED,
		[CONNECTION_REFUSED] = ATTEMPT_REFUSED,
		[CONNECTION_UNANSWERED] = ATTEMPT_UNANSWERED,
		[CONNECTION_REJECTED] = ATTEMPT_REJECTED,
		[CONNECTION_MIDSTREAM] = ATTEMPT_ACCEPTED,
	};
	enum series_attempt attempt = attempts[c->outcome];

	/* One that began before the capture was no attempt in it. */
	if (c->outcome == CONNECTION_MIDSTREAM || c->syn_time == MOMENT_NONE)
		return;
	bucket_of(s, c->syn_time)->attempts[attempt]++;
	s->attempts[attempt]++;
	note(&s->round_trip, c->rtt);
}

void series_fact(struct series *s, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_EXCHANGE:
		count_exchange(s, fact->exchange);
		break;
	case FACT_CONNECTION:
		count_connection(s, fact->connection);
		break;
	case FACT_TLS:
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

const char *series_answer_name(enum series_answer a)
{
#define X(symbol, name) name,
	static const char *const names[] = { SERIES_ANSWERS(X) };
#undef X
	return _(names[a]);
}

const char *series_attempt_name(enum series_attempt a)
{
#define X(symbol, name) name,
	static const char *const names[] = { SERIES_ATTEMPTS(X) };
#undef X
	return _(names[a]);
}
