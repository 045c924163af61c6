/* capture/blocks.h - the blocks of pcapng that a writer makes (draft-ietf-opsawg-pcapng section 4).
 *
 * Each adds one whole block to `out`, or nothing and is false: no room, or out of memory.
 */
#ifndef CAPTURE_BLOCKS_H
#define CAPTURE_BLOCKS_H

#include "base/buf.h"
#include "base/frame.h"
#include "capture/writer.h"

bool blocks_section(struct buf *out, const struct writer_section *s);

/* `name` and `filter` may be NULL; snaplen 0: none. */
bool blocks_interface(struct buf *out, uint16_t link_type, const char *name, const char *filter,
                      uint32_t snaplen);

/* `comment` comes beside the frame's own. */
bool blocks_packet(struct buf *out, uint32_t interface, const struct frame *frame, struct span comment);

/* Of one interface, since the file was begun. */
struct blocks_statistics {
	uint32_t interface;
	int64_t now, begun;
	bool ended;                     /* nothing follows: `now` is the end, too */
	bool told;                      /* what was lost is known */
	struct recording_losses lost;
	uint64_t delivered;             /* frames that came to us */
	bool all_told;                  /* `delivered` is all of them, and not only what was recorded */
};

bool blocks_statistics(struct buf *out, const struct blocks_statistics *s);

/* Length of the block that begins there, and whether it is one of a packet. */
size_t blocks_length(const uint8_t *at);
bool blocks_is_packet(const uint8_t *at);

/* Times before 1970 can be written in no format. */
static inline uint64_t blocks_time(int64_t time)
{
	return time < 0 ? 0 : (uint64_t)time;
}

#endif
