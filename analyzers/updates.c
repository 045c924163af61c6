/* analyzers/updates.c - a bounded memory of updates and files. */
#include "analyzers/updates.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/web.h"
#include "base/tongue.h"

enum { UPDATES_MAX = 16384, FILES_MAX = 32768, SERVERS_MAX = UPDATES_MAX };

/* Servers tell all clients of the same updates in the same order, so what was told behind one is looked for
 * there first: no hash, and one place in memory instead of four.  Tables were a third of learning. */
struct revision {
	uint64_t server;                /* its number; both are the key that `revisions` has it by */
	int64_t id;
	struct revision *then;          /* NULL: none was told behind it */
	struct update_known known;
};

struct file {
	struct file *then;
	struct update_file known;
};

struct updates {
	struct map servers;             /* server_key -> number, from 1 */
	struct map revisions;           /* -> struct revision */
	struct map ids;                 /* update id -> update_known of one of these */
	struct map files;               /* SHA-1 -> struct file */
	struct arena kept;              /* the revisions, as they were told: one behind the other */
	struct update_known *named[UPDATES_MAX];        /* of these, those with a name */
	size_t named_count;
};

static void begin(struct updates *u)
{
	map_init(&u->servers, SERVERS_MAX);
	map_init(&u->revisions, UPDATES_MAX);
	map_init(&u->ids, UPDATES_MAX);
	map_init(&u->files, FILES_MAX);
	arena_init(&u->kept, SIZE_MAX / 2);
	u->named_count = 0;
}

static void forget(struct updates *u)
{
	map_release(&u->servers);
	map_release(&u->ids);
	map_release_values(&u->files);
	map_release(&u->revisions);
	arena_release(&u->kept);
}

static bool is_full(const struct updates *u)
{
	return u->servers.count == SERVERS_MAX || u->revisions.count == UPDATES_MAX ||
	       u->files.count == FILES_MAX;
}

struct updates *updates_new(void)
{
	struct updates *u = calloc(1, sizeof *u);

	if (u)
		begin(u);
	return u;
}

void updates_free(struct updates *u)
{
	if (!u)
		return;
	forget(u);
	free(u);
}

/* ---- what calls tell ---- */

/* One call's telling. */
struct telling {
	struct updates *u;
	uint64_t server, frame;
	struct revision *revision;      /* that it told last; NULL: none yet */
	struct file *file;
};

/* 0: no more are kept. */
static uint64_t number_of_server(struct updates *u, const struct exchange *x)
{
	struct server_key key = web_server_key(x);
	struct map_entry *e = map_put(&u->servers, span_of(key.bytes, key.len));

	if (e && !e->value)
		e->value = (void *)(uintptr_t)u->servers.count;
	return e ? (uintptr_t)e->value : 0;
}

static struct revision *find_revision(struct telling *t, int64_t id)
{
	uint64_t key[] = { t->server, (uint64_t)id };
	struct revision *r = t->revision ? t->revision->then : NULL;
	struct map_entry *e;

	if (r && r->server == t->server && r->id == id)
		return r;
	e = map_put(&t->u->revisions, span_of(key, sizeof key));
	if (!e || e->value)
		return e ? e->value : NULL;
	r = e->value = arena_alloc(&t->u->kept, sizeof *r);
	if (r) {
		r->server = t->server;
		r->id = id;
	}
	return r;
}

static struct revision *next_revision(struct telling *t, int64_t id)
{
	struct revision *r = find_revision(t, id);

	if (t->revision && t->revision->then != r)
		t->revision->then = r;
	t->revision = r;
	return r;
}

static struct file *next_file(struct telling *t, const uint8_t sha1[static SHA1_BYTES])
{
	struct file *f = t->file ? t->file->then : NULL;

	if (!f || memcmp(f->known.sha1, sha1, SHA1_BYTES))
		f = map_value(&t->u->files, span_of(sha1, SHA1_BYTES), sizeof *f);
	if (t->file && t->file->then != f)
		t->file->then = f;
	t->file = f;
	return f;
}

static bool has_name(const struct update_known *k)
{
	return k->title[0] || k->kb[0];
}

static void note_text(struct span told, char *text, size_t size)
{
	if (told.len && !text[0])
		web_printable(told, text, size);
}

static void learn_update(struct telling *t, const struct wsus_update *told)
{
	struct revision *r = told->revision_id ? next_revision(t, told->revision_id) : NULL;
	struct update_known *k = r ? &r->known : NULL;
	struct map_entry *e;
	bool had_name;

	if (!k)
		return;
	had_name = has_name(k);
	if (wsus_guid_is_zero(&k->id) && !wsus_guid_is_zero(&told->id)) {
		k->id = told->id;
		k->revision = told->revision;
		e = map_put(&t->u->ids, span_of(told->id.bytes, sizeof told->id.bytes));
		if (e)
			e->value = k;
	}
	/* The title in the language that the client prefers comes first. */
	note_text(told->title, k->title, sizeof k->title);
	note_text(told->kb, k->kb, sizeof k->kb);
	note_text(told->severity, k->severity, sizeof k->severity);
	if (!had_name && has_name(k))
		t->u->named[t->u->named_count++] = k;
}

static void join(struct update_file *file, struct revision *r)
{
	if (!r)
		return;
	file->update = &r->known;
	file->next = r->known.files;
	r->known.files = file;
	r->known.file_count++;
}

static void learn_file(struct telling *t, const struct wsus_file *told)
{
	struct file *f = told->has_sha1 ? next_file(t, told->sha1) : NULL;
	struct update_file *k = f ? &f->known : NULL;

	if (!k)
		return;
	if (!k->frame) {
		memcpy(k->sha1, told->sha1, SHA1_BYTES);
		k->frame = t->frame;
		k->size = -1;
	}
	if (told->size >= 0)
		k->size = told->size;
	note_text(told->name, k->name, sizeof k->name);
	if (told->revision_id && !k->update)
		join(k, find_revision(t, told->revision_id));
}

void updates_fact(struct updates *u, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;
	const struct wsus_call *call = fact->kind == FACT_EXCHANGE ? call_values(x) : NULL;
	struct telling t = { .u = u };

	if (!call || !(call->update_count || call->file_count || call->location_count))
		return;
	/* In a long capture a table that is full begins anew: what is fetched was told of lately. */
	if (is_full(u)) {
		forget(u);
		begin(u);
	}
	t.frame = x->response.first_frame;
	t.server = number_of_server(u, x);
	if (!t.server)
		return;
	for (size_t i = 0; i < call->update_count; i++)
		learn_update(&t, &call->updates[i]);
	for (size_t i = 0; i < call->file_count; i++)
		learn_file(&t, &call->files[i]);
	for (size_t i = 0; i < call->location_count; i++)
		learn_file(&t, &call->locations[i]);
}

/* ---- what is known ---- */

static const void *look(const struct map *m, struct span key)
{
	const struct map_entry *e = map_find(m, key);

	return e ? e->value : NULL;
}

const struct update_known *updates_of(const struct updates *u, const struct wsus_guid *id)
{
	return look(&u->ids, span_of(id->bytes, sizeof id->bytes));
}

const struct update_file *updates_file(const struct updates *u, const uint8_t sha1[static SHA1_BYTES])
{
	const struct file *f = look(&u->files, span_of(sha1, SHA1_BYTES));

	return f ? &f->known : NULL;
}

size_t updates_count(const struct updates *u)
{
	return u ? u->named_count : 0;
}

const struct update_known *updates_at(const struct updates *u, size_t i)
{
	return u->named[i];
}

const char *update_text(const char *title, const char *kb, char text[static UPDATE_TEXT])
{
	bool inside = kb[0] && span_find(span_text(title), span_text(kb)) != SIZE_MAX;

	if (title[0])
		snprintf(text, UPDATE_TEXT, "\"%s\"%s%s%s", title, kb[0] && !inside ? " (KB" : "",
		         kb[0] && !inside ? kb : "", kb[0] && !inside ? ")" : "");
	else
		snprintf(text, UPDATE_TEXT, "%s%s", kb[0] ? "KB" : "", kb);
	return text;
}

const char *update_file_text(const struct update_file *file, struct span address,
                             char text[static UPDATE_FILE_TEXT])
{
	const struct update_known *k = file ? file->update : NULL;
	char own[UPDATE_FILE_NAME], update[UPDATE_TEXT] = "";

	web_printable(updatefile_name(address), own, sizeof own);
	if (k)
		update_text(k->title, k->kb, update);
	tongue_say(text, UPDATE_FILE_TEXT, update[0] ? N_("%s of %s") : "%s",
		   file && file->name[0] ? file->name : own, update);
	return text;
}
