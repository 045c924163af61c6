/* report/json_update.c - names, sizes and digests of what clients are offered. */
#include "report/json_update.h"

#include <json-c/json.h>
#include <stdio.h>

#include "report/json_util.h"

static struct json_object *file_object(const struct update_file *f)
{
	struct json_object *o = json_object_new_object();
	char hex[2 * SHA1_BYTES + 1];

	for (size_t i = 0; i < SHA1_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02X", f->sha1[i]);
	json_put_text(o, "name", f->name);
	if (f->size >= 0)
		json_put_count(o, "size", (uint64_t)f->size);
	else
		json_put_null(o, "size");
	json_put_text(o, "sha1", hex);
	return o;
}

struct json_object *json_update(const struct update_known *update)
{
	struct json_object *o = json_object_new_object(), *files;
	char id[37];

	json_put_text(o, "kb", update->kb);
	json_put_text(o, "title", update->title);
	json_put_text(o, "severity", update->severity);
	if (wsus_guid_is_zero(&update->id))
		json_put_null(o, "id");
	else
		json_put_text(o, "id", wsus_guid_text(&update->id, id));
	json_put_count(o, "revision", update->revision);
	files = json_put_array(o, "files");
	for (const struct update_file *f = update->files; f; f = f->next)
		json_object_array_add(files, file_object(f));
	return o;
}
