/* tests/test_loss.c - what a capture misses is nobody's fault.
 *
 *   test_loss [FILE...]              without files: all of pcaps/ whose scenario expects nothing
 *
 * Where all is well nothing may be found when the capture ends at any frame, begins at any, lacks any one,
 * or when a host that is too slow drops some, alone or in bursts, and tells how many; in the clear, and with
 * the keys that lie beside it.  Of some captures what is left rightly tells what the whole does not.  Named
 * files are tried at every frame, those of pcaps/ at some, which are the same each time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/engine.h"
#include "tests/captures.h"
#include "tests/drops.h"
#include "tests/opened.h"
#include "tests/rewrite.h"

enum { PATH_LEN_MAX = 512, TRIALS = 32, SHOWN = 12, BURST_MAX = 60, FEWER = 5 };

/* X(symbol, what is missing) */
#define LOSSES(X)                                       \
	X(REST,     "ends before frame")                \
	X(START,    "begins with frame")                \
	X(ONE,      "lacks frame")                      \
	X(BURST,    "drops a burst from frame")         \
	X(SOME,     "drops one in twenty, seed")

#define X(symbol, text) LOSS_##symbol,
enum loss { LOSSES(X) LOSS_COUNT };
#undef X

/* What may be told of what is left, and how surely at most. */
static const struct leftover {
	const char *name;
	enum finding_kind kind;
	enum confidence most;
} leftovers[] = {
	/* The ticket is refused, and without its end that is all. */
	{ "auth-401-negotiate-then-ntlm", FINDING_ADMIN_API_DENIED, CONFIDENCE_CERTAIN },
	/* Where a request is missing, an answer passes for another's. */
	{ "content-in-pieces", FINDING_CONTENT_CORRUPT, CONFIDENCE_POSSIBLE },
	/* Without the second download, the file is not there. */
	{ "content-file-arrives", FINDING_CONTENT_MISSING, CONFIDENCE_CERTAIN },
	/* The switch is told in one frame. */
	{ "healthy-told-another", FINDING_WRONG_SERVER, CONFIDENCE_PROBABLE },
	/* Without the second reply, none is told. */
	{ "healthy-told-late", FINDING_NO_UPDATE_POINT, CONFIDENCE_CERTAIN },
	/* Without its scan, the client waits all that time. */
	{ "healthy-told-slow", FINDING_CONNECTION_MISSING, CONFIDENCE_POSSIBLE },
	/* Without its return, the name is gone. */
	{ "name-comes-back", FINDING_NAME_NOT_RESOLVED, CONFIDENCE_CERTAIN },
	/* Without the second suffix, the first is the name. */
	{ "name-suffix-heals", FINDING_NAME_NOT_RESOLVED, CONFIDENCE_PROBABLE },
	/* Without what follows it, nobody answered its SYN. */
	{ "syn-ack-late", FINDING_CONNECTION_UNANSWERED, CONFIDENCE_PROBABLE },
	/* Without its end, it looks like a demand. */
	{ "tls12-server-renegotiates", FINDING_CLIENT_CERTIFICATE_DEMANDED, CONFIDENCE_PROBABLE },
};

struct sweep {
	const char *path;
	struct reel reel;
	struct span keys;               /* a log; empty: none */
	size_t stride;
	unsigned wrong;
};

static bool is_missing(enum loss how, size_t at, size_t i)
{
	switch (how) {
	case LOSS_REST:  return i >= at;
	case LOSS_START: return i < at;
	case LOSS_ONE:   return i == at;
	case LOSS_BURST: return i >= at && i < at + 2 + drops_chance(at, 0, BURST_MAX);
	case LOSS_SOME:  return !drops_chance(at, i, 20);
	case LOSS_COUNT: break;
	}
	return false;
}

static bool is_leftover(const struct sweep *s, const struct finding *f)
{
	struct span name = captures_scenario(s->path);

	for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++)
		if (span_eq(name, span_text(leftovers[i].name)) && f->kind == leftovers[i].kind)
			return f->confidence <= leftovers[i].most;
	return false;
}

static void complain(struct sweep *s, enum loss how, size_t at, const struct finding *f)
{
#define X(symbol, text) [LOSS_##symbol] = text,
	static const char *const texts[] = { LOSSES(X) };
#undef X

	if (s->wrong++ < SHOWN || s->stride == 1)
		print_message("    %s%s, which %s %zu: %s %s %s, %llu times: %s\n", s->path,
		              s->keys.len ? " with keys" : "", texts[how], at + 1, finding_row(f->kind)->kind,
		              severity_name(f->severity), confidence_name(f->confidence),
		              (unsigned long long)f->count, f->cause);
}

/* Only who drops packets counts them. */
static void feed(const struct sweep *s, struct engine *e, enum loss how, size_t at)
{
	bool told = how >= LOSS_BURST;
	struct drops drops = { .engine = e };

	for (size_t i = 0; i < s->reel.count; i++) {
		const struct frame *frame = &s->reel.all[i].frame;

		if (told)
			drops_frame(&drops, frame, is_missing(how, at, i));
		else if (!is_missing(how, at, i))
			engine_frame(e, frame);
	}
	if (told)
		drops_end(&drops);
	else
		engine_end(e);
}

static void try(struct sweep *s, enum loss how, size_t at)
{
	struct engine *e = engine_new(&(struct engine_options){ .memory = 0 });
	struct report r = { 0 };

	assert_non_null(e);
	if (s->keys.len) {
		tlskeys_log(engine_keys(e), s->keys);
		tlskeys_log_end(engine_keys(e));
	}
	feed(s, e, how, at);
	engine_report(e, &r);
	for (size_t i = 0; i < findings_count(r.findings); i++) {
		const struct finding *f = findings_at(r.findings, i);

		if (f->severity != SEVERITY_INFO && !is_leftover(s, f))
			complain(s, how, at, f);
	}
	engine_free(e);
}

/* An odd step: questions and answers take turns in many captures. */
static size_t stride_of(size_t count)
{
	return count / TRIALS | 1;
}

static void try_all(struct sweep *s)
{
	for (enum loss how = LOSS_REST; how < LOSS_COUNT; how++) {
		size_t stride = s->stride * (how >= LOSS_BURST ? FEWER : 1);

		for (size_t at = (size_t)how % stride; at < s->reel.count; at += stride)
			try(s, how, at);
	}
}

/* The log beside a capture.  NULL: there is none; else to be freed. */
static char *keys_of(const char *path, size_t *len)
{
	char keys[PATH_LEN_MAX];
	size_t name = strlen(path) - strlen("pcapng");

	if (name + sizeof "keys" > sizeof keys)
		return NULL;
	snprintf(keys, sizeof keys, "%.*skeys", (int)name, path);
	return opened_file(keys, len);
}

static void sweep(const char *path, bool every)
{
	struct sweep s = { .path = path };
	struct fault f = { 0 };
	size_t len = 0;
	char *keys = keys_of(path, &len);

	reel_init(&s.reel);
	assert_true(reel_read(&s.reel, path, &f));
	s.stride = every ? 1 : stride_of(s.reel.count);
	try_all(&s);
	if (keys) {
		s.keys = span_of(keys, len);
		try_all(&s);
	}
	reel_release(&s.reel);
	free(keys);
	assert_int_equal(s.wrong, 0);
}

static void some_frames_are_lost(void **state)
{
	sweep(*state, false);
}

static void any_frame_is_lost(void **state)
{
	sweep(*state, true);
}

/* Its scenario neither expects nor allows a finding, with keys or without. */
static bool is_healthy(const char *path)
{
	struct span name = captures_scenario(path);
	char scenario[PATH_LEN_MAX], *text;
	bool healthy;
	size_t size;

	snprintf(scenario, sizeof scenario, "tests/lab/scenarios/%.*s.sh", (int)name.len,
	         (const char *)name.at);
	text = opened_file(scenario, &size);
	healthy = text && !strstr(text, "\n# expect") && !strstr(text, "\n# allow");
	free(text);
	return healthy;
}

int main(int argc, char **argv)
{
	return captures_run(argc, argv, &(struct captures_tests){
		.group = "loss",
		.each = some_frames_are_lost,
		.named = any_frame_is_lost,
		.takes = is_healthy,
	});
}
