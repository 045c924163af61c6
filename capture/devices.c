/* capture/devices.c - what libpcap finds on this machine. */
#include "capture/devices.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capture/live_device.h"

enum { ADDRESSES_TEXT = 1024 };

/* libpcap also lists buses and queues (usbmon, nflog, dbus), on which there are no packets that we read. */
static bool is_network(const pcap_if_t *found)
{
	return if_nametoindex(found->name) || !strcmp(found->name, "any");
}

static void add_address(char text[static ADDRESSES_TEXT], const struct sockaddr *address)
{
	char one[INET6_ADDRSTRLEN];
	const void *bytes = NULL;
	size_t len = strlen(text);

	if (address && address->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
	if (address && address->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	if (bytes && inet_ntop(address->sa_family, bytes, one, sizeof one) &&
	    len + strlen(one) + 3 < ADDRESSES_TEXT)
		snprintf(text + len, ADDRESSES_TEXT - len, "%s%s", len ? ", " : "", one);
}

static bool fill(struct device *d, const pcap_if_t *found)
{
	char addresses[ADDRESSES_TEXT] = "";

	for (const pcap_addr_t *a = found->addresses; a; a = a->next)
		add_address(addresses, a->addr);
	*d = (struct device){
		.name = strdup(found->name),
		.description = strdup(found->description ? found->description : ""),
		.addresses = strdup(addresses),
		.up = found->flags & PCAP_IF_UP,
		.running = found->flags & PCAP_IF_RUNNING,
		.loopback = found->flags & PCAP_IF_LOOPBACK,
		.wireless = found->flags & PCAP_IF_WIRELESS,
	};
	return d->name && d->description && d->addresses;
}

static bool copy(const pcap_if_t *all, struct device **devices, size_t *count)
{
	size_t room = 0;

	for (const pcap_if_t *found = all; found; found = found->next)
		room++;
	*count = 0;
	*devices = calloc(room + 1, sizeof **devices);
	if (!*devices)
		return false;
	for (const pcap_if_t *found = all; found; found = found->next)
		if (is_network(found) && !fill(&(*devices)[(*count)++], found)) {
			devices_free(*devices, *count);
			return false;
		}
	return true;
}

bool devices_list(struct device **devices, size_t *count, struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all;
	bool good;

	if (pcap_findalldevs(&all, why) < 0)
		return fault_set(f, FAULT_INPUT, "interfaces cannot be listed: %s", why);
	good = copy(all, devices, count);
	pcap_freealldevs(all);
	return good || fault_set(f, FAULT_MEMORY, "no memory to list interfaces");
}

void devices_free(struct device *devices, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(devices[i].name);
		free(devices[i].description);
		free(devices[i].addresses);
	}
	free(devices);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static struct device_link link_of(int number)
{
	return (struct device_link){ number, or_empty(pcap_datalink_val_to_name(number)),
	                             or_empty(pcap_datalink_val_to_description(number)) };
}

static size_t copy_links(pcap_t *pcap, struct device_link *links, size_t room)
{
	int own = pcap_datalink(pcap), *all = NULL, count = pcap_list_datalinks(pcap, &all);
	size_t filled = 0;

	/* Its own first; libpcap's list, which may lack it, in its order. */
	for (int i = -1; i < count; i++) {
		int number = i < 0 ? own : all[i];

		if (i >= 0 && number == own)
			continue;
		if (filled < room)
			links[filled] = link_of(number);
		filled++;
	}
	if (count > 0)
		pcap_free_datalinks(all);
	return filled;
}

size_t device_links(const char *device, struct device_link *links, size_t room, struct fault *f)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create(device, why);
	size_t count = 0;
	int status;

	if (!pcap) {
		fault_set(f, FAULT_INPUT, "%s: %s", device, why);
		return 0;
	}
	status = pcap_activate(pcap);
	if (status < 0)
		live_tell(device, pcap, status, f);
	else
		count = copy_links(pcap, links, room);
	pcap_close(pcap);
	return count;
}
