/* analyzers/updates.c - a bounded memory of updates' names and files. */
#include "analyzers/updates.h"

#include "analyzers/calls.h"

enum { UPDATES_MAX = 60000, FILES_MAX = 60000 };

void updates_init(struct updates *u)
{
	map_init(&u->revisions, UPDATES_MAX);
	map_init(&u->ids, UPDATES_MAX);
	map_init(&u->files, FILES_MAX);
}

void updates_release(struct updates *u)
{
	map_release(&u->ids);
	map_release(&u->files);
	map_release_values(&u->revisions);
}

/* NULL beyond the ceiling: that update has no name here, and nothing else is lost. */
static struct update_known *revision(struct updates *u, const struct exchange *x, int64_t id)
{
	struct server_key server = web_server_key(x);
	uint8_t key[sizeof server.bytes + sizeof id];

	memcpy(key, server.bytes, server.len);
	memcpy(key + server.len, &id, sizeof id);
	return map_value(&u->revisions, span_of(key, server.len + sizeof id), sizeof(struct update_known));
}

static void point(struct map *m, struct span key, struct update_known *known)
{
	struct map_entry *e = map_put(m, key);

	if (e)
		e->value = known;
}

static void learn_update(struct updates *u, const struct exchange *x, const struct wsus_update *told)
{
	struct update_known *known = told->revision_id ? revision(u, x, told->revision_id) : NULL;

	if (!known)
		return;
	if (!wsus_guid_is_zero(&told->id)) {
		known->id = told->id;
		point(&u->ids, span_of(told->id.bytes, sizeof told->id.bytes), known);
	}
	if (told->title.len && !known->title[0])
		web_printable(told->title, known->title, sizeof known->title);
	if (told->kb.len && !known->kb[0])
		web_printable(told->kb, known->kb, sizeof known->kb);
}

void updates_learn(struct updates *u, const struct exchange *x)
{
	const struct wsus_call *values = call_values(x);

	for (size_t i = 0; values && i < values->update_count; i++)
		learn_update(u, x, &values->updates[i]);
	for (size_t i = 0; values && i < values->file_count; i++) {
		const struct wsus_file *f = &values->files[i];
		struct update_known *known = f->has_sha1 && f->revision_id
		                                     ? revision(u, x, f->revision_id) : NULL;

		if (known)
			point(&u->files, span_of(f->sha1, sizeof f->sha1), known);
	}
}

static const struct update_known *look(const struct map *m, struct span key)
{
	const struct map_entry *e = map_find(m, key);

	return e ? e->value : NULL;
}

const struct update_known *updates_of(const struct updates *u, const struct wsus_guid *id)
{
	return look(&u->ids, span_of(id->bytes, sizeof id->bytes));
}

const struct update_known *updates_of_file(const struct updates *u, const uint8_t sha1[static 20])
{
	return look(&u->files, span_of(sha1, 20));
}
