/* cli/places.c - which files a run reads and writes, and whether two of them are the same. */
#include "cli/places.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WRITTEN_MAX = OUTPUTS_MAX + 2 };

/* Where standard input or output is a file, by a redirection. */
static const char STDIN_FILE[] = "/dev/stdin", STDOUT_FILE[] = "/dev/stdout";

static bool is_standard(const char *path)
{
	return !path || !strcmp(path, "-");
}

/* Files that are still to be made have no number: they are alike if their folder and their name are. */
static bool will_be_one(const char *a, const char *b)
{
	const char *paths[] = { a, b };
	char folders[2][PATH_MAX];
	const char *names[2];

	for (size_t i = 0; i < 2; i++) {
		const char *slash = strrchr(paths[i], '/');
		size_t len = slash ? (size_t)(slash - paths[i]) + 1 : 0;
		char folder[PATH_MAX] = ".";

		if (len >= sizeof folder)
			return false;
		memcpy(folder, len ? paths[i] : ".", len ? len : 1);
		names[i] = paths[i] + len;
		if (!realpath(folder, folders[i]))
			return false;
	}
	return !strcmp(folders[0], folders[1]) && !strcmp(names[0], names[1]);
}

static bool is_one(const char *a, const char *b)
{
	struct stat one, other;
	bool first = !stat(a, &one), second = !stat(b, &other);

	if (first && second)
		return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
	return !first && !second && will_be_one(a, b);
}

/* ---- what is read ---- */

static bool is_among(const char *path, const char *const *read, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (read[i] && is_one(path, is_standard(read[i]) ? STDIN_FILE : read[i]))
			return true;
	return false;
}

static bool is_read(const struct options *o, const char *path)
{
	const char *const single[] = { o->key_pass, o->pseudonym_key, o->config, o->read };
	bool operands = o->command & (FOR_ANALYZE | FOR_COMPARE);

	return is_among(path, o->files, operands ? o->file_count : 0) ||
	       is_among(path, o->key_logs, o->key_log_count) ||
	       is_among(path, o->server_keys, o->server_key_count) ||
	       is_among(path, o->clients, o->client_count) ||
	       is_among(path, single, sizeof single / sizeof *single);
}

/* ---- what is written ---- */

static size_t list_written(const struct options *o, const char *paths[static WRITTEN_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < o->output_count; i++)
		if (!output_is_log(o->outputs[i].format))
			paths[count++] = is_standard(o->outputs[i].path) ? STDOUT_FILE : o->outputs[i].path;
	if (o->write)
		paths[count++] = is_standard(o->write) ? STDOUT_FILE : o->write;
	if (o->metrics)
		paths[count++] = o->metrics;
	return count;
}

/* Lines follow each other; a document has standard output to itself, as packets have. */
static bool shares_output(const struct options *o)
{
	size_t standard = o->write && is_standard(o->write), alone = standard;

	for (size_t i = 0; i < o->output_count; i++) {
		enum output_format format = o->outputs[i].format;

		if (!is_standard(o->outputs[i].path) || output_is_log(format))
			continue;
		standard++;
		alone += format != OUTPUT_TEXT && format != OUTPUT_EVENTS;
	}
	return alone && standard > 1;
}

bool places_apart(const struct options *o, struct fault *f)
{
	const char *paths[WRITTEN_MAX];
	size_t count = list_written(o, paths);

	if (shares_output(o))
		return fault_set(f, FAULT_USAGE,
		                 "two outputs on standard output: write one to a file (-o text=FILE)");
	for (size_t i = 0; i < count; i++) {
		if (is_read(o, paths[i]))
			return fault_set(f, FAULT_USAGE, "%s: this run reads it, so it is not written over",
			                 paths[i]);
		for (size_t k = 0; k < i; k++)
			if (paths[i] != paths[k] && is_one(paths[i], paths[k]))
				return fault_set(f, FAULT_USAGE, "%s: two outputs name the same file",
				                 paths[i]);
	}
	return true;
}
