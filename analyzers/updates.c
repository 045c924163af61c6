/* analyzers/updates.c - a bounded memory of updates and files. */
#include "analyzers/updates.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/calls.h"
#include "analyzers/web.h"

enum { UPDATES_MAX = 16384, FILES_MAX = 32768 };

struct updates {
	struct map revisions;           /* server_key and revision id -> struct update_known */
	struct map ids;                 /* update id -> one of these */
	struct map files;               /* SHA-1 -> struct update_file */
	struct update_known *named[UPDATES_MAX];        /* of these, those with a name */
	size_t named_count;
};

static void begin(struct updates *u)
{
	map_init(&u->revisions, UPDATES_MAX);
	map_init(&u->ids, UPDATES_MAX);
	map_init(&u->files, FILES_MAX);
	u->named_count = 0;
}

static void forget(struct updates *u)
{
	map_release(&u->ids);
	map_release_values(&u->files);
	map_release_values(&u->revisions);
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

/* Where a server's revisions are kept: its key, and room for the id behind it. */
struct revision_key {
	size_t server_len;
	uint8_t bytes[sizeof(struct server_key) + sizeof(int64_t)];
};

static struct revision_key key_of_server(const struct exchange *x)
{
	struct server_key server = web_server_key(x);
	struct revision_key key = { .server_len = server.len };

	memcpy(key.bytes, server.bytes, server.len);
	return key;
}

static struct update_known *revision(struct updates *u, struct revision_key *key, int64_t id)
{
	memcpy(key->bytes + key->server_len, &id, sizeof id);
	return map_value(&u->revisions, span_of(key->bytes, key->server_len + sizeof id),
	                 sizeof(struct update_known));
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

static void learn_update(struct updates *u, struct revision_key *key, const struct wsus_update *told)
{
	struct update_known *k = told->revision_id ? revision(u, key, told->revision_id) : NULL;
	struct map_entry *e;
	bool had_name;

	if (!k)
		return;
	had_name = has_name(k);
	if (wsus_guid_is_zero(&k->id) && !wsus_guid_is_zero(&told->id)) {
		k->id = told->id;
		k->revision = told->revision;
		e = map_put(&u->ids, span_of(told->id.bytes, sizeof told->id.bytes));
		if (e)
			e->value = k;
	}
	/* The title in the language that the client prefers comes first. */
	note_text(told->title, k->title, sizeof k->title);
	note_text(told->kb, k->kb, sizeof k->kb);
	note_text(told->severity, k->severity, sizeof k->severity);
	if (!had_name && has_name(k))
		u->named[u->named_count++] = k;
}

static void join(struct update_file *file, struct update_known *k)
{
	if (file->update || !k)
		return;
	file->update = k;
	file->next = k->files;
	k->files = file;
	k->file_count++;
}

static void learn_file(struct updates *u, struct revision_key *key, uint64_t frame,
                       const struct wsus_file *told)
{
	struct update_file *file;

	if (!told->has_sha1)
		return;
	file = map_value(&u->files, span_of(told->sha1, SHA1_BYTES), sizeof *file);
	if (!file)
		return;
	if (!file->frame) {
		memcpy(file->sha1, told->sha1, SHA1_BYTES);
		file->frame = frame;
		file->size = -1;
	}
	if (told->size >= 0)
		file->size = told->size;
	note_text(told->name, file->name, sizeof file->name);
	if (told->revision_id)
		join(file, revision(u, key, told->revision_id));
}

void updates_fact(struct updates *u, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;
	const struct wsus_call *call = fact->kind == FACT_EXCHANGE ? call_values(x) : NULL;
	struct revision_key key;

	if (!call || !(call->update_count || call->file_count || call->location_count))
		return;
	/* In a long capture a table that is full begins anew: what is fetched was told of lately. */
	if (u->revisions.count == UPDATES_MAX || u->files.count == FILES_MAX) {
		forget(u);
		begin(u);
	}
	key = key_of_server(x);
	for (size_t i = 0; i < call->update_count; i++)
		learn_update(u, &key, &call->updates[i]);
	for (size_t i = 0; i < call->file_count; i++)
		learn_file(u, &key, x->response.first_frame, &call->files[i]);
	for (size_t i = 0; i < call->location_count; i++)
		learn_file(u, &key, x->response.first_frame, &call->locations[i]);
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
	return look(&u->files, span_of(sha1, SHA1_BYTES));
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
	snprintf(text, UPDATE_FILE_TEXT, "%s%s%s", file && file->name[0] ? file->name : own,
	         update[0] ? " of " : "", update);
	return text;
}
