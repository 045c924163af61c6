/* capture/live_batch.c - pcap_dispatch(3) into a buffer of our own. */
#include "capture/live_batch.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNED = 16, HEADERS = 64 };    /* HEADERS: what libpcap puts before a frame of the snap length */

static size_t aligned(size_t len)
{
	return (len + ALIGNED - 1) / ALIGNED * ALIGNED;
}

bool batch_init(struct batch *b, struct live_device *d, unsigned ring)
{
	*b = (struct batch){ .device = d, .ring = &d->rings[ring] };
	b->room = aligned(BATCH_BYTES + HEADERS + (size_t)pcap_snapshot(b->ring->pcap));
	b->bytes = malloc(b->room);
	return b->bytes != NULL;
}

void batch_release(struct batch *b)
{
	free(b->bytes);
	b->bytes = NULL;
}

static void take(uint8_t *user, const struct pcap_pkthdr *head, const uint8_t *bytes)
{
	struct batch *b = (struct batch *)(void *)user;
	int64_t time = head->ts.tv_sec * MOMENT_S + head->ts.tv_usec * b->device->unit;
	struct batch_frame *frame = &b->frames[b->count];

	if (!b->ring->begun && time < b->device->since)
		return;
	b->ring->begun = true;
	if (head->caplen > b->room - b->used) {
		b->lost++;
		return;
	}
	*frame = (struct batch_frame){ time, (uint32_t)b->used, head->caplen, head->len };
	memcpy(b->bytes + b->used, bytes, head->caplen);
	b->count++;
	b->used += aligned(head->caplen);
	if (b->used >= BATCH_BYTES)
		pcap_breakloop(b->ring->pcap);
}

bool batch_fill(struct batch *b)
{
	int status;

	b->count = b->next = b->used = 0;
	do      /* again when all were left out */
		status = pcap_dispatch(b->ring->pcap, BATCH_FRAMES, take, (uint8_t *)b);
	while (status > 0 && !b->count);
	b->ring->begun |= !status;
	return status >= 0 || status == PCAP_ERROR_BREAK;
}
