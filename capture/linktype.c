/* capture/linktype.c - letting libpcap translate, by way of a file header in memory. */
#include "capture/linktype.h"

#include "capture/order.h"

#include <stdio.h>

enum { HEAD = 24, LINK_TYPE_AT = 20 };

pcap_t *linktype_handle(uint16_t link_type)
{
	/* Magic, version 2.4, no zone, no accuracy, snap length 262144: little-endian. */
	uint8_t head[HEAD] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [18] = 4 };
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *handle;
	FILE *file;

	head[LINK_TYPE_AT] = (uint8_t)link_type;
	head[LINK_TYPE_AT + 1] = (uint8_t)(link_type >> 8);
	file = fmemopen(head, sizeof head, "r");
	if (!file)
		return NULL;
	handle = pcap_fopen_offline(file, why);
	if (!handle)
		fclose(file);
	return handle;
}

bool linktype_of(pcap_t *handle, uint16_t *link_type)
{
	uint8_t head[HEAD + 1] = { 0 };         /* fmemopen ends what it writes with a zero */
	FILE *file = fmemopen(head, sizeof head, "w");
	pcap_dumper_t *dumper;
	bool big;

	if (!file)
		return false;
	dumper = pcap_dump_fopen(handle, file);
	if (!dumper) {
		fclose(file);
		return false;
	}
	pcap_dump_close(dumper);
	big = head[0] == 0xa1;
	*link_type = (uint16_t)order_32(head + LINK_TYPE_AT, big);
	return true;
}
