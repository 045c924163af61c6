/* capture/devices.h - the interfaces of this machine, and what can be captured on them. */
#ifndef CAPTURE_DEVICES_H
#define CAPTURE_DEVICES_H

#include <stddef.h>

#include "base/fault.h"

struct device {
	char *name, *description;       /* "" none */
	char *addresses;                /* "192.0.2.1, 2001:db8::1"; "" none */
	bool up, running, loopback, wireless;
};

/* Those that can be captured on, the likeliest first.  The caller frees them.  False: the fault tells. */
bool devices_list(struct device **devices, size_t *count, struct fault *f);
void devices_free(struct device *devices, size_t count);

struct device_link {                    /* static texts of libpcap */
	int number;                     /* DLT_... */
	const char *name, *description;
};

/* Link types of one interface, its own first.  At most `room` are written; how many there are; 0: the fault
 * tells. */
size_t device_links(const char *device, struct device_link *links, size_t room, struct fault *f);

#endif
