/* capture/putblock.h - the parts of pcapng blocks as they are written (draft-ietf-opsawg-pcapng section 3).
 *
 * Room for all of a block is reserved when it begins; nothing that follows fails.
 */
#ifndef CAPTURE_PUTBLOCK_H
#define CAPTURE_PUTBLOCK_H

#include "base/buf.h"

/* Room for a block with a body of up to `body` bytes; its beginning in *at. */
bool block_begin(struct buf *out, uint32_t type, size_t body, size_t *at);

/* Always true, so that "return block_end(...)" reads well. */
bool block_end(struct buf *out, size_t at);

void block_bytes(struct buf *out, struct span bytes);           /* padded to 4 */
void block_time(struct buf *out, int64_t time);         /* in the interface's units, high half first */
void block_option(struct buf *out, uint16_t code, struct span value);
void block_number(struct buf *out, uint16_t code, uint64_t value, size_t width);        /* 4 or 8 */
void block_moment(struct buf *out, uint16_t code, int64_t time);
void block_options_end(struct buf *out);

/* A text of no bytes is none; one that is too long is cut between two characters. */
void block_text(struct buf *out, uint16_t code, struct span text);

/* The most that an option of that value takes. */
size_t block_room(struct span value);

#endif
