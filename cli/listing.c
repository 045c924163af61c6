/* cli/listing.c - interfaces and their link types, one a line. */
#include "cli/listing.h"

#include <stdio.h>

#include "capture/devices.h"
#include "cli/command.h"

enum { LINKS_MAX = 64 };

static void print_interface(const struct device *d)
{
	const struct state {
		bool is;
		const char *text;
	} states[] = { { !d->up, "down" }, { d->up && !d->running, "no link" }, { d->loopback, "loopback" },
		       { d->wireless, "wireless" } };

	fputs(d->name, stdout);
	if (d->description[0])
		printf("  %s", d->description);
	if (d->addresses[0])
		printf("  %s", d->addresses);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (states[i].is)
			printf("  [%s]", states[i].text);
	putchar('\n');
}

int listing_interfaces(void)
{
	struct device *devices;
	struct fault f = { 0 };
	size_t count;

	if (!devices_list(&devices, &count, &f))
		return command_fault(&f);
	for (size_t i = 0; i < count; i++)
		print_interface(&devices[i]);
	devices_free(devices, count);
	return STATUS_GOOD;
}

int listing_links(const struct options *o)
{
	struct device_link links[LINKS_MAX];
	struct fault f = { 0 };

	if (!o->interface_count) {
		fault_set(&f, FAULT_USAGE, "-L: name the interface with -i (-D lists them)");
		return command_fault(&f);
	}
	for (size_t i = 0; i < o->interface_count; i++) {
		size_t count = device_links(o->interfaces[i], links, LINKS_MAX, &f);

		if (!count)
			return command_fault(&f);
		printf("%s:\n", o->interfaces[i]);
		for (size_t k = 0; k < count; k++)
			printf("  %s (%s)\n", links[k].name, links[k].description);
	}
	return STATUS_GOOD;
}
