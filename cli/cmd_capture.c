/* cli/cmd_capture.c - wsuscope capture -i IFACE: what may be asked beside capturing, what makes no sense. */
#include "cli/command.h"
#include "cli/config.h"
#include "cli/listing.h"
#include "cli/sensor.h"

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
