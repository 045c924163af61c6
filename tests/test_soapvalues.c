/* tests/test_soapvalues.c - what calls say, whole and cut everywhere; a million ids; lists and their ends.
 *
 * Bodies and what they mean: MS-WUSP 2.2.2, MS-WSUSSS 3.1.4.  Base64 by coreutils, times by date -u.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <expat.h>

#include "base/arena.h"
#include "decoders/soapvalues.h"
#include "facts/wsusmethods.h"

enum { ROOM = 1 << 20, TOLD_MAX = 8192 };

/* Reused from test to test, as it is from exchange to exchange. */
static struct soapvalues_pool *pool;

/* Tells elements below the outermost one, as soap.c does, texts in pieces of `step`. */
struct walk {
	struct soapvalues *values;
	unsigned depth;
	size_t step;
};

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static void opened(void *user, const char *name, const char **attributes)
{
	struct walk *w = user;

	if (w->depth++)
		soapvalues_open(w->values, local(name), (const char *const *)attributes);
}

static void closed(void *user, const char *name)
{
	struct walk *w = user;

	(void)name;
	if (--w->depth)
		soapvalues_close(w->values);
}

static void said(void *user, const char *text, int len)
{
	struct walk *w = user;
	struct span left = span_of(text, (size_t)len);

	while (left.len)
		soapvalues_text(w->values, span_take(&left, w->step));
}

static bool walk(struct soapvalues *values, const char *body, enum side side, enum wsus_method method,
                 size_t step)
{
	struct walk w = { .values = values, .step = step };
	XML_Parser parser = XML_ParserCreate("UTF-8");

	soapvalues_begin(values, side, method);
	XML_SetUserData(parser, &w);
	XML_SetElementHandler(parser, opened, closed);
	XML_SetCharacterDataHandler(parser, said);
	assert_int_equal(XML_Parse(parser, body, (int)strlen(body), 1), XML_STATUS_OK);
	XML_ParserFree(parser);
	return soapvalues_end(values);
}

static void tell_value(FILE *out, const struct wsus_value *value)
{
	char when[MOMENT_TEXT];

	fprintf(out, "%s=", wsus_field_name(value->field));
	switch (wsus_field_type(value->field)) {
	case WSUS_TEXT:
	case WSUS_PRIVATE:
		fprintf(out, "%.*s ", (int)value->text.len, (const char *)value->text.at);
		break;
	case WSUS_NUMBER:
	case WSUS_COUNT:
		fprintf(out, "%lld ", (long long)value->number);
		break;
	case WSUS_FLAG:
		fprintf(out, "%s ", value->number ? "true" : "false");
		break;
	case WSUS_TIME:
		fprintf(out, "%s ", moment_text(value->number, when));
		break;
	case WSUS_SECRET:
		assert_true(value->hash != 0);
		fprintf(out, "(%lld) ", (long long)value->number);
		break;
	}
}

static void tell_text(FILE *out, const char *name, struct span text)
{
	if (text.len)
		fprintf(out, "%s=%.*s ", name, (int)text.len, (const char *)text.at);
}

static void tell_guid(FILE *out, const char *name, const struct wsus_guid *id)
{
	char text[37];

	if (!wsus_guid_is_zero(id))
		fprintf(out, "%s=%.8s ", name, wsus_guid_text(id, text));
}

static void tell_update(FILE *out, const struct wsus_update *u)
{
	fprintf(out, "| %lld %s ", (long long)u->revision_id, u->is_leaf ? "leaf" : "node");
	tell_guid(out, "id", &u->id);
	if (u->revision)
		fprintf(out, "revision=%u ", u->revision);
#define X(member) tell_text(out, #member, u->member);
	WSUS_UPDATE_TEXTS(X)
#undef X
}

static void tell_file(FILE *out, const char *what, const struct wsus_file *f)
{
	fprintf(out, "| %s ", what);
	if (f->has_sha1)
		fprintf(out, "%02X%02X..%02X ", f->sha1[0], f->sha1[1], f->sha1[19]);
	if (f->size >= 0)
		fprintf(out, "size=%lld ", (long long)f->size);
	if (f->revision_id)
		fprintf(out, "of=%lld ", (long long)f->revision_id);
	tell_text(out, "name", f->name);
	tell_text(out, "url", f->url);
}

static void tell_event(FILE *out, const struct wsus_event *e)
{
	char when[MOMENT_TEXT];

	fprintf(out, "| event %d source=%d hresult=%08x time=%s ", e->event, e->source, e->hresult,
	        moment_text(e->time, when));
	tell_guid(out, "update", &e->update);
	tell_guid(out, "instance", &e->instance);
	fprintf(out, "revision=%u os=%u.%u ", e->revision, e->build, e->ubr);
	tell_text(out, "target", e->target);
	tell_text(out, "app", e->app);
	tell_text(out, "first", e->text[0]);
	tell_text(out, "then", e->text[1]);
	tell_text(out, "second", e->second);
}

/* Counts of nothing are left out. */
static void tell(const struct wsus_call *call, char told[static TOLD_MAX])
{
	FILE *out = fmemopen(told, TOLD_MAX, "w");

	for (unsigned f = 0; f < WSUS_FIELD_COUNT; f++) {
		const struct wsus_value *value = wsus_value(call, f);

		if (value && (value->number || wsus_field_type(f) != WSUS_COUNT))
			tell_value(out, value);
	}
	for (size_t i = 0; i < call->update_count; i++)
		tell_update(out, &call->updates[i]);
	for (size_t i = 0; i < call->file_count; i++)
		tell_file(out, "file", &call->files[i]);
	for (size_t i = 0; i < call->location_count; i++)
		tell_file(out, "location", &call->locations[i]);
	for (size_t i = 0; i < call->event_count; i++)
		tell_event(out, &call->events[i]);
	fclose(out);
}

static const struct row {
	const char *name;
	enum wsus_method method;
	enum side side;
	const char *body;               /* the method's element */
	const char *want;
} rows[] = {
#define CALL(name, method, side, body, want) { name, METHOD_##method, side, body, want },
#include "tests/soapsaid.def"
#undef CALL
};

static void calls_say_what_they_mean(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const size_t steps[] = { 1, 2, 3, 7, SIZE_MAX };

		for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
			char told[TOLD_MAX] = "";
			struct arena arena;
			struct soapvalues *values;

			arena_init(&arena, ROOM);
			values = soapvalues_get(pool, &arena);
			assert_non_null(values);
			assert_true(walk(values, rows[i].body, rows[i].side, rows[i].method, steps[s]));
			tell(soapvalues_call(values), told);
			if (strcmp(told, rows[i].want))
				print_message("%s, by %zu:\n", rows[i].name, steps[s]);
			assert_string_equal(told, rows[i].want);
			soapvalues_put(values);
			arena_release(&arena);
		}
	}
}

/* Both sides are one call; a list that was not sent is 0 once its side was read. */
static void sides_add_up(void **state)
{
	const struct wsus_call *call;
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_get(pool, &arena);
	assert_true(walk(values, "<SyncUpdates><parameters><SkipSoftwareSync>false</SkipSoftwareSync>"
	                 "</parameters></SyncUpdates>", CLIENT, METHOD_SYNC_UPDATES, 9));
	call = soapvalues_call(values);
	assert_int_equal(wsus_number(call, FIELD_INSTALLED_IDS, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_NEW_UPDATES, -1), -1);
	assert_int_equal(wsus_number(call, FIELD_SKIP_SOFTWARE, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_TRUNCATED, -1), -1);
	assert_true(walk(values, "<SyncUpdatesResponse><SyncUpdatesResult><NewUpdates/>"
	                 "<Truncated>true</Truncated></SyncUpdatesResult></SyncUpdatesResponse>",
	                 SERVER, METHOD_SYNC_UPDATES, 9));
	call = soapvalues_call(values);
	soapvalues_put(values);
	assert_int_equal(wsus_number(call, FIELD_SKIP_SOFTWARE, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_NEW_UPDATES, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_NON_LEAVES, -1), -1);
	assert_int_equal(wsus_number(call, FIELD_TRUNCATED, -1), 1);
	arena_release(&arena);
}

static void leaf(struct soapvalues *values, const char *name, const char *text)
{
	soapvalues_open(values, name, NULL);
	soapvalues_text(values, span_text(text));
	soapvalues_close(values);
}

static void a_million_ids_take_no_memory(void **state)
{
	struct soapvalues *values;
	struct arena arena;
	size_t used;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_get(pool, &arena);
	soapvalues_begin(values, CLIENT, METHOD_SYNC_UPDATES);
	used = arena.used;
	soapvalues_open(values, "parameters", NULL);
	soapvalues_open(values, "OtherCachedUpdateIDs", NULL);
	for (unsigned i = 0; i < 1000000; i++)
		leaf(values, "int", "12345");
	assert_true(soapvalues_end(values));
	assert_int_equal(arena.used, used);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_CACHED_IDS, 0), 1000000);
	soapvalues_put(values);
	arena_release(&arena);
}

static void secret(struct arena *arena, const char *base64, size_t step, struct wsus_value *to)
{
	struct soapvalues *values = soapvalues_get(pool, arena);
	struct span left = span_text(base64);

	soapvalues_begin(values, SERVER, METHOD_GET_COOKIE);
	soapvalues_open(values, "GetCookieResult", NULL);
	soapvalues_open(values, "EncryptedData", NULL);
	while (left.len)
		soapvalues_text(values, span_take(&left, step));
	soapvalues_close(values);
	assert_true(soapvalues_end(values));
	*to = *wsus_value(soapvalues_call(values), FIELD_COOKIE_DATA);
	soapvalues_put(values);
}

/* Equal secrets are equal however they are wrapped, and of theirs nothing stays.
 * The hash: base64 -d | sha256sum. */
static void secrets_are_lengths_and_hashes(void **state)
{
	enum { LETTERS = 12000 };
	static char large[LETTERS + 1], other[LETTERS + 1];
	struct wsus_value a, b;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	secret(&arena, "AAECAwQFBgcICQ==", 1, &a);
	secret(&arena, " AAECAwQF\r\nBgcICQ==\n", 100, &b);
	assert_int_equal(a.number, 10);
	assert_int_equal(b.number, 10);
	assert_true(a.hash == 0x1f825aa2f0020ef7);
	assert_true(a.hash == b.hash);
	assert_null(a.text.at);
	secret(&arena, "AAECAwQFBgcICQo=", 1, &b);
	assert_int_equal(b.number, 11);
	assert_true(a.hash != b.hash);
	memset(large, 'Q', LETTERS);
	memset(other, 'Q', LETTERS);
	other[10] = 'R';
	secret(&arena, large, 5000, &a);
	secret(&arena, large, 7, &b);
	assert_int_equal(a.number, LETTERS / 4 * 3);
	assert_true(a.hash == b.hash);
	secret(&arena, other, 5000, &b);
	assert_true(a.hash != b.hash);
	arena_release(&arena);
}

/* An answer to SyncUpdates, up to its list of new updates. */
static struct soapvalues *begin_updates(struct arena *arena)
{
	struct soapvalues *values = soapvalues_get(pool, arena);

	assert_non_null(values);
	soapvalues_begin(values, SERVER, METHOD_SYNC_UPDATES);
	soapvalues_open(values, "SyncUpdatesResult", NULL);
	soapvalues_open(values, "NewUpdates", NULL);
	return values;
}

/* More than is kept is counted, and that it was dropped is told. */
static void lists_have_an_end(void **state)
{
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = begin_updates(&arena);
	for (unsigned i = 0; i < WSUS_UPDATES_KEPT + 10; i++) {
		soapvalues_open(values, "UpdateInfo", NULL);
		leaf(values, "ID", "3");
		leaf(values, "Xml", "<Properties UpdateType='Software'/>");
		soapvalues_close(values);
	}
	assert_false(soapvalues_end(values));
	assert_int_equal(soapvalues_call(values)->update_count, WSUS_UPDATES_KEPT);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_NEW_UPDATES, 0), WSUS_UPDATES_KEPT + 10);
	soapvalues_put(values);
	arena_release(&arena);
}

/* A text too long is cut before a character that would be. */
static void texts_have_an_end(void **state)
{
	static char text[VALUE_TEXT_MAX + 100];
	struct soapvalues *values;
	struct arena arena;
	struct span kept;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[VALUE_TEXT_MAX - 1] = '\xc3';
	text[VALUE_TEXT_MAX] = '\xa4';
	arena_init(&arena, ROOM);
	values = soapvalues_get(pool, &arena);
	soapvalues_begin(values, CLIENT, METHOD_GET_AUTHORIZATION_COOKIE);
	leaf(values, "dnsName", text);
	assert_true(soapvalues_end(values));
	kept = wsus_text(soapvalues_call(values), FIELD_CLIENT_NAME);
	assert_int_equal(kept.len, VALUE_TEXT_MAX - 1);
	soapvalues_put(values);
	arena_release(&arena);
}

/* Whatever the arena's ceiling, what is told is whole, and what is missing is told. */
static void every_ceiling_is_told(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 24000; ceiling += 96) {
		struct arena arena;
		struct soapvalues *values;

		arena_init(&arena, ceiling);
		values = soapvalues_get(pool, &arena);
		for (size_t i = 0; values && i < sizeof rows / sizeof *rows; i++) {
			char told[TOLD_MAX] = "";
			bool all = walk(values, rows[i].body, rows[i].side, rows[i].method, 64);

			tell(soapvalues_call(values), told);
			if (!i && all)
				assert_string_equal(told, rows[i].want);
		}
		soapvalues_put(values);
		arena_release(&arena);
	}
}

/* What was open when the body broke off is no value. */
static void what_breaks_off_is_no_value(void **state)
{
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = begin_updates(&arena);
	soapvalues_open(values, "UpdateInfo", NULL);
	leaf(values, "ID", "392");
	soapvalues_open(values, "Xml", NULL);
	soapvalues_text(values, SPAN("<Properties UpdateType='Soft"));
	assert_true(soapvalues_end(values));
	assert_int_equal(soapvalues_call(values)->update_count, 0);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_NEW_UPDATES, 0), 1);
	soapvalues_close(values);
	soapvalues_text(values, SPAN("after the end"));
	soapvalues_open(values, "IsLeaf", NULL);
	soapvalues_close(values);
	soapvalues_put(values);
	arena_release(&arena);
}

static int make_pool(void **state)
{
	(void)state;
	pool = soapvalues_pool_new(NULL);
	return pool ? 0 : -1;
}

static int free_pool(void **state)
{
	(void)state;
	soapvalues_pool_free(pool);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_say_what_they_mean),
		cmocka_unit_test(sides_add_up),
		cmocka_unit_test(a_million_ids_take_no_memory),
		cmocka_unit_test(secrets_are_lengths_and_hashes),
		cmocka_unit_test(lists_have_an_end),
		cmocka_unit_test(texts_have_an_end),
		cmocka_unit_test(every_ceiling_is_told),
		cmocka_unit_test(what_breaks_off_is_no_value),
	};

	return cmocka_run_group_tests(tests, make_pool, free_pool);
}
