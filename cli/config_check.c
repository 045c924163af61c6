/* cli/config_check.c - a run that is not begun: what would keep it from beginning. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/filter.h"
#include "capture/wanted.h"
#include "cli/clients.h"
#include "cli/config.h"
#include "cli/publish.h"

/* ---- files ---- */

static bool is_allowed(const char *path, int mode)
{
	return !faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

/* The folder that a file lies in, as a text of its own. */
static const char *folder_of(const char *path, char folder[static 4096])
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	snprintf(folder, 4096, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return folder;
}

static bool can_be_made(const char *path, struct fault *f)
{
	char room[4096];
	const char *folder = folder_of(path, room);
	struct stat about;

	if (!is_allowed(folder, W_OK | X_OK))
		return fault_set(f, FAULT_OUTPUT, "%s: cannot be written: its folder %s: %s", path, folder,
		                 strerror(errno));
	return (!stat(folder, &about) && S_ISDIR(about.st_mode)) ||
	       fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s is no folder", path, folder);
}

static bool can_be_written(const char *path, struct fault *f)
{
	struct stat about;

	if (stat(path, &about))
		return can_be_made(path, f);
	if (S_ISDIR(about.st_mode))
		return fault_set(f, FAULT_OUTPUT, "%s: cannot be written: a folder has this name", path);
	return is_allowed(path, W_OK) ||
	       fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
}

/* A file, standard output, or a log: a socket that is there, or a host (-o syslog=udp:HOST). */
static bool can_be_told(const struct output *out, struct fault *f)
{
	bool is_file = !output_is_log(out->format);

	if (!out->path || (is_file && !strcmp(out->path, "-")))
		return true;
	if (is_file)
		return can_be_written(out->path, f);
	return !strncmp(out->path, "udp:", 4) || is_allowed(out->path, W_OK) ||
	       fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", out->path, strerror(errno));
}

static bool can_be_read(const char *const *paths, size_t count, struct fault *f)
{
	for (size_t i = 0; i < count; i++)
		if (!is_allowed(paths[i], R_OK))
			return fault_set(f, FAULT_INPUT, "%s: cannot be read: %s", paths[i], strerror(errno));
	return true;
}

/* ---- what is asked of options ---- */

static bool filter_compiles(const char *text, struct fault *f)
{
	struct filter *filter = text && *text ? filter_new(text, f) : NULL;

	if (text && *text && !filter)
		return false;
	filter_free(filter);
	return true;
}

static bool check_filters(const struct options *o, struct fault *f)
{
	return filter_compiles(o->filter, f) && filter_compiles(o->only_filter, f);
}

static bool check_inputs(const struct options *o, struct fault *f)
{
	struct clients clients = { 0 };
	bool good = clients_read(&clients, o, f);

	clients_release(&clients);
	return good && can_be_read(o->key_logs, o->key_log_count, f) &&
	       can_be_read(o->server_keys, o->server_key_count, f) &&
	       can_be_read(&o->key_pass, o->key_pass != NULL, f);
}

/* Files of a ring get names of their own, beside the one that is named; metrics do until they are whole. */
static bool check_files(const struct options *o, struct fault *f)
{
	bool rings = o->each.bytes || o->each.frames || o->each.duration || o->each.interval;

	for (size_t i = 0; i < o->output_count; i++)
		if (!can_be_told(&o->outputs[i], f))
			return false;
	if (o->metrics && !publish_check(o->metrics, f))
		return false;
	if (o->metrics && !publish_is_port(o->metrics) && !can_be_made(o->metrics, f))
		return false;
	if (!o->write || !strcmp(o->write, "-"))
		return true;
	return rings ? can_be_made(o->write, f) : can_be_written(o->write, f);
}

static bool check_user(const struct options *o, struct fault *f)
{
	return !o->user || getpwnam(o->user) ||
	       fault_set(f, FAULT_USAGE, "-Z %s: there is no such user", o->user);
}

static void warn_of_interfaces(const struct options *o)
{
	for (size_t i = 0; i < o->interface_count; i++)
		if (strcmp(o->interfaces[i], "any") != 0 && !if_nametoindex(o->interfaces[i]))
			fprintf(stderr, "wsuscope: interface %s: not there now\n", o->interfaces[i]);
}

bool config_check(const struct options *o, struct fault *f)
{
	static bool (*const checks[])(const struct options *o, struct fault *f) = {
		check_filters, check_inputs, check_files, check_user,
	};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		if (!checks[i](o, f))
			return false;
	return true;
}

bool config_tell(const struct options *o, struct fault *f)
{
	if (o->dump_config && (!config_write(stdout, o) || fflush(stdout)))
		return fault_set(f, FAULT_OUTPUT, "the options could not be written: %s", strerror(errno));
	if (!o->test_config)
		return true;
	if (!config_check(o, f))
		return false;
	warn_of_interfaces(o);
	if (!o->quiet)
		fprintf(o->dump_config ? stderr : stdout, "%s: good\n", o->config ? o->config : "options");
	return true;
}
