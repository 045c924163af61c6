/* tests/test_drops.c - a host that is too slow drops packets: what was seen is told, what was not is not.
 *
 *   test_drops [FILE...]             without files: all of pcaps/ that tell a failure
 *
 * Of what fails, findings that rest on what was seen stay as they are, as long as their own connections are
 * whole.  test_loss holds that where all is well nothing is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/captures.h"
#include "tests/drops.h"
#include "tests/rewrite.h"

enum { SEEDS = 4, SEEDS_NAMED = 100 };

static const unsigned one_in[] = { 1000, 300, 100 };    /* frames is dropped */

struct trial {
	struct reel reel;
	uint64_t *streams;              /* by frame: its connection */
	struct engine *whole;           /* has heard all */
};

static struct engine *engine_made(void)
{
	struct engine *e = engine_new(&(struct engine_options){ .memory = 0 });

	assert_non_null(e);
	return e;
}

static void read_whole(struct trial *t, const char *path)
{
	struct fault f = { 0 };

	reel_init(&t->reel);
	assert_true(reel_read(&t->reel, path, &f));
	t->streams = calloc(t->reel.count + 1, sizeof *t->streams);
	t->whole = engine_made();
	assert_non_null(t->streams);
	for (size_t i = 0; i < t->reel.count; i++) {
		engine_frame(t->whole, &t->reel.all[i].frame);
		t->streams[i] = engine_stream(t->whole);
	}
	engine_end(t->whole);
}

/* What no connection tells alone. */
static bool is_of_several(enum finding_kind kind)
{
	static const enum finding_kind kinds[] = { FINDING_CONTENT_CORRUPT, FINDING_HANDSHAKE_LOOP,
		                                   FINDING_TLS_INTERCEPTED };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i] == kind)
			return true;
	return false;
}

static bool is_dropped(unsigned share, uint64_t seed, size_t i)
{
	return !drops_chance(seed * 1000 + share, i, share);
}

static bool is_of(const struct finding *n, uint64_t stream)
{
	for (unsigned i = 0; i < n->stream_count; i++)
		if (n->streams[i] == stream)
			return true;
	return false;
}

/* It has connections, and nothing of them is dropped, nor anything that belongs to none, as names do. */
static bool is_whole(const struct trial *t, const struct finding *n, unsigned share, uint64_t seed)
{
	for (size_t i = 0; i < t->reel.count; i++)
		if (is_dropped(share, seed, i) &&
		    (t->streams[i] == ENGINE_NO_STREAM || is_of(n, t->streams[i])))
			return false;
	return n->stream_count;
}

static bool is_told(const struct findings *all, const struct finding *n)
{
	for (size_t i = 0; i < findings_count(all); i++) {
		const struct finding *other = findings_at(all, i);

		if (other->kind == n->kind && other->severity >= n->severity &&
		    other->has_server == n->has_server &&
		    (!n->has_server || endpoint_eq(&other->server, &n->server)))
			return true;
	}
	return false;
}

static unsigned held(const struct trial *t, const struct findings *left, unsigned share, uint64_t seed)
{
	const struct findings *all = engine_findings(t->whole);
	unsigned wrong = 0;

	for (size_t i = 0; i < findings_count(all); i++) {
		const struct finding *n = findings_at(all, i);

		if (n->severity == SEVERITY_INFO || finding_is_of_absence(n) ||
		    is_of_several(n->kind) || !is_whole(t, n, share, seed) || is_told(left, n))
			continue;
		wrong++;
		print_message("    without 1 in %u, seed %llu: no more %s %s: %s\n", share,
		              (unsigned long long)seed, finding_row(n->kind)->kind,
		              severity_name(n->severity), n->cause);
	}
	return wrong;
}

static unsigned try(const struct trial *t, unsigned share, uint64_t seed)
{
	struct drops drops = { .engine = engine_made() };
	unsigned wrong;

	for (size_t i = 0; i < t->reel.count; i++)
		drops_frame(&drops, &t->reel.all[i].frame, is_dropped(share, seed, i));
	drops_end(&drops);
	wrong = held(t, engine_findings(drops.engine), share, seed);
	engine_free(drops.engine);
	return wrong;
}

static void sweep(const char *path, uint64_t seeds)
{
	struct trial t = { 0 };
	unsigned wrong = 0;

	read_whole(&t, path);
	for (size_t i = 0; i < sizeof one_in / sizeof *one_in; i++)
		for (uint64_t seed = 0; seed < seeds; seed++)
			wrong += try(&t, one_in[i], seed);
	engine_free(t.whole);
	free(t.streams);
	reel_release(&t.reel);
	assert_int_equal(wrong, 0);
}

static void what_was_seen_is_told(void **state)
{
	sweep(*state, SEEDS);
}

static void what_was_seen_is_told_often(void **state)
{
	sweep(*state, SEEDS_NAMED);
}

int main(int argc, char **argv)
{
	return captures_run(argc, argv, &(struct captures_tests){
		.group = "drops",
		.each = what_was_seen_is_told,
		.named = what_was_seen_is_told_often,
	});
}
