/* cli/cmd_capture.c - wsuscope capture -i IFACE: what may be asked beside capturing, what makes no sense. */
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/listing.h"
#include "cli/sensor.h"

static bool is_standard(const char *path)
{
	return !path || !strcmp(path, "-");
}

/* A recording on standard output leaves no room for a report there. */
static bool stdout_is_taken_twice(const struct options *o)
{
	bool reports = false;

	for (size_t i = 0; i < o->output_count; i++)
		reports |= o->outputs[i].format <= OUTPUT_EVENTS && is_standard(o->outputs[i].path);
	return o->write && is_standard(o->write) && reports;
}

static const char *name_of(const char *path)
{
	while (!strncmp(path, "./", 2))
		path += 2;
	return path;
}

/* Devices and pipes may be written to by several. */
static bool is_one_file(const char *a, const char *b)
{
	struct stat one, other;

	if (is_standard(a) || is_standard(b))
		return false;
	if (!stat(a, &one) && !stat(b, &other))
		return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
	return !strcmp(name_of(a), name_of(b));
}

/* Two would write over each other. */
static bool file_is_taken_twice(const struct options *o)
{
	const char *paths[OUTPUTS_MAX + 2];
	size_t count = 0;

	for (size_t i = 0; i < o->output_count; i++)
		if (o->outputs[i].format <= OUTPUT_EVENTS)
			paths[count++] = o->outputs[i].path;
	paths[count++] = o->write;
	paths[count++] = o->metrics;
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (is_one_file(paths[i], paths[k]))
				return true;
	return false;
}

static bool is_sensible(const struct options *o, struct fault *f)
{
	const struct recording_limits *each = &o->each;
	const struct rule {
		bool broken;
		const char *what;
	} rules[] = {
		{ !o->interface_count || o->file_count,
		  "name an interface with -i (and no files); wsuscope capture -D lists them" },
		{ !o->write && (o->only_findings || o->pretrigger || each->bytes || each->frames ||
		                each->files || each->duration || each->interval || o->stop.bytes ||
		                o->stop.files),
		  "-b, -a filesize, -a files, --only-findings and --pre-trigger say what -w FILE records" },
		{ each->files && !each->bytes && !each->frames && !each->duration && !each->interval,
		  "-b files:N keeps N files: say when the next one begins, by -b filesize:KB or duration:S" },
		{ o->pretrigger && !o->only_findings, "--pre-trigger belongs to --only-findings" },
		{ stdout_is_taken_twice(o),
		  "-w - and a report on standard output: write one to a file (-o text=FILE)" },
		{ file_is_taken_twice(o), "of -w, -o and --metrics two name the same file" },
	};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].broken)
			return fault_set(f, FAULT_USAGE, "capture: %s", rules[i].what);
	return sensor_is_sensible(o, f);
}

int cmd_capture(const struct options *o)
{
	static const struct sensor_hooks nobody = { 0 };
	struct fault f = { 0 };

	if (o->list_devices)
		return listing_interfaces();
	if ((!o->dump_config || o->test_config) && !is_sensible(o, &f))
		return command_fault(&f);
	if (o->dump_config || o->test_config)
		return config_tell(o, &f) ? STATUS_GOOD : command_fault(&f);
	if (o->list_links)
		return listing_links(o);
	return sensor_run(o, &nobody);
}
