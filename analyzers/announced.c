/* analyzers/announced.c - a bounded table of files, from the calls that tell of them. */
#include "analyzers/announced.h"

#include <stdio.h>

#include "analyzers/web.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

enum { FILES_MAX = 16384 };

void announced_init(struct announced_files *a)
{
	map_init(&a->files, FILES_MAX);
}

void announced_release(struct announced_files *a)
{
	map_release_values(&a->files);
}

/* A capture that goes on for long begins anew when the table is full: what is fetched was told of lately. */
static struct announced *place_for(struct announced_files *a, const uint8_t sha1[static SHA1_BYTES])
{
	struct span key = span_of(sha1, SHA1_BYTES);

	if (a->files.count == FILES_MAX && !map_find(&a->files, key)) {
		announced_release(a);
		announced_init(a);
	}
	return map_value(&a->files, key, sizeof(struct announced));
}

/* Title and KB come in fragments of their own, which may stand in entries of their own; the title in the
 * language that the client prefers comes first. */
static void name_update(struct announced *file, const struct wsus_call *call, int64_t revision)
{
	for (size_t i = 0; i < call->update_count; i++) {
		const struct wsus_update *u = &call->updates[i];

		if (u->revision_id != revision)
			continue;
		if (u->title.len && !file->title[0])
			web_printable(u->title, file->title, sizeof file->title);
		if (u->kb.len && !file->kb[0])
			web_printable(u->kb, file->kb, sizeof file->kb);
	}
}

static void note(struct announced_files *a, const struct exchange *x, const struct wsus_file *told)
{
	struct announced *file = told->has_sha1 ? place_for(a, told->sha1) : NULL;

	if (!file)
		return;
	if (!file->frame) {
		file->frame = x->response.first_frame;
		file->size = -1;
	}
	if (told->size >= 0)
		file->size = told->size;
	if (told->name.len)
		web_printable(told->name, file->name, sizeof file->name);
	if (told->revision_id)
		name_update(file, x->soap->values, told->revision_id);
}

void announced_fact(struct announced_files *a, const struct exchange *x)
{
	const struct wsus_call *call = x->soap ? x->soap->values : NULL;

	for (size_t i = 0; call && i < call->file_count; i++)
		note(a, x, &call->files[i]);
	for (size_t i = 0; call && i < call->location_count; i++)
		note(a, x, &call->locations[i]);
}

const struct announced *announced_find(const struct announced_files *a, const uint8_t *sha1)
{
	const struct map_entry *e = map_find(&a->files, span_of(sha1, SHA1_BYTES));

	return e ? e->value : NULL;
}

static bool names_kb(const struct announced *file)
{
	return span_find(span_text(file->title), span_text(file->kb)) != SIZE_MAX;
}

const char *announced_text(const struct announced *file, struct span address, char *text)
{
	char own[ANNOUNCED_NAME];
	bool kb = file && file->kb[0] && !names_kb(file);
	const char *quote = file && file->title[0] ? "\"" : "";
	int len;

	web_printable(updatefile_name(address), own, sizeof own);
	len = snprintf(text, ANNOUNCED_TEXT, "%s", file && file->name[0] ? file->name : own);
	if (file && (file->title[0] || kb))
		snprintf(text + len, (size_t)(ANNOUNCED_TEXT - len), " of %s%s%s%s%s", quote, file->title,
			 quote, kb ? " KB" : "", kb ? file->kb : "");
	return text;
}
