/* tests/test_leaks.c - the check at the end fails, loudly, when a rewriter does not rewrite.
 *
 * Each in turn is replaced by one that leaves its streams as they are, as a mistake of ours might; and frames
 * are handed on as they came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"
#include "cli/leaks.h"
#include "decoders/sniff.h"
#include "veil/streams.h"

/* ---- a rewriter that is none ---- */

static void *idle_create(const struct stream_env *env)
{
	struct stream_env *own = budget_alloc(env->shared->budget, sizeof *own);

	if (own)
		*own = *env;
	return own;
}

static void idle_destroy(void *self)
{
	struct stream_env *env = self;

	budget_free(env->shared->budget, env, sizeof *env);
}

static void idle_bytes(void *self, enum side from, uint64_t at, struct span bytes)
{
	const struct stream_env *env = self;

	env->lane.keep(env->lane.self, from, at, bytes.len);
}

static void idle_hole(void *self, enum side from, uint64_t at, uint64_t len)
{
	(void)self;
	(void)from;
	(void)at;
	(void)len;
}

static void idle_end(void *self)
{
	(void)self;
}

static const struct rewriter idle = { "idle", idle_create, idle_destroy, idle_bytes, idle_hole, idle_end };

/* ---- a run ---- */

struct bench {
	struct options options;
	struct outputs outputs;
	struct veil *veil;
	struct leaks *leaks;            /* NULL but in the third reading */
	bool bare;                      /* the check sees frames as they came */
};

static void read_all(struct bench *b, const char *path)
{
	struct frame frame;
	struct fault f;
	struct source *s = source_open(&path, 1, NULL, &f);
	enum source_next next;

	assert_non_null(s);
	while ((next = source_next(s, &frame, &f)) != SOURCE_END) {
		struct frame was = frame;

		if (next != SOURCE_FRAME)
			continue;
		veil_pass(b->veil, &frame);
		if (b->leaks)
			leaks_frame(b->leaks, b->bare ? &was : &frame);
	}
	source_close(s);
}

/* Whether the check is content; what it said is `said`. */
static bool tell(struct bench *b, char said[static 4096])
{
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO);
	size_t len;
	bool good;

	assert_non_null(file);
	fflush(stderr);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	good = leaks_tell(b->leaks, false);
	fflush(stderr);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	rewind(file);
	len = fread(said, 1, 4095, file);
	said[len] = '\0';
	fclose(file);
	return good;
}

static bool judged(const char *path, const struct rewriter *const *rewriters, bool bare,
		   char said[static 4096])
{
	struct bench *b = calloc(1, sizeof *b);
	struct veil_options o = { .key = { 7 }, .memory = 64 << 20, .rewriters = rewriters };
	struct fault f;
	bool good;

	assert_non_null(b);
	assert_true(outputs_open(&b->outputs, &b->options, NULL, &f));
	b->veil = veil_new(&o);
	b->bare = bare;
	assert_non_null(b->veil);
	for (unsigned reading = 0; reading < 2; reading++) {
		read_all(b, path);
		assert_true(veil_turn(b->veil));
	}
	b->leaks = leaks_new(b->veil, &b->outputs, NULL, 64 << 20);
	assert_non_null(b->leaks);
	read_all(b, path);
	good = tell(b, said);
	leaks_free(b->leaks);
	veil_free(b->veil);
	outputs_close(&b->outputs, &f);
	free(b);
	return good;
}

static const struct row {
	enum sniff off;                 /* SNIFF_NONE: all rewrite */
	bool bare;
	const char *path;
} rows[] = {
	{ SNIFF_NONE, false, "pcaps/healthy-scan.pcapng" },
	{ SNIFF_NONE, false, "pcaps/healthy-scan-tls.pcapng" },
	{ SNIFF_HTTP, false, "pcaps/healthy-scan.pcapng" },
	{ SNIFF_TLS, false, "pcaps/healthy-scan-tls.pcapng" },
	{ SNIFF_NONE, true, "pcaps/healthy-scan.pcapng" },
	{ SNIFF_NONE, true, "pcaps/healthy-scan-tls.pcapng" },
};

static void mistakes_are_told(void **state)
{
	char said[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct rewriter *table[REWRITERS];
		bool const wrong = rows[i].bare || rows[i].off != SNIFF_NONE;
		bool good;

		memcpy(table, rewriters_all, sizeof table);
		if (rows[i].off != SNIFF_NONE)
			table[rows[i].off] = &idle;
		good = judged(rows[i].path, table, rows[i].bare, said);
		if (good == wrong)
			fail_msg("row %zu: %s", i, said);
		assert_int_equal(strstr(said, "DO NOT SHARE") != NULL, wrong);
		assert_int_equal(strstr(said, "left under pseudonyms: a ") != NULL, wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_are_told),
	};

	if (access(rows[0].path, R_OK)) {
		print_message("without captures: pcaps/ is not here\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
