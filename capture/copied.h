/* capture/copied.h - the blocks of a copy: what a pcapng input said, said again.
 *
 * Blocks come in the reader's byte order and go out in ours; options that only
 * other programs know go along.  Each adds one whole block to `out`, or nothing
 * and is false: no room, or out of memory.
 */
#ifndef CAPTURE_COPIED_H
#define CAPTURE_COPIED_H

#include "base/buf.h"
#include "capture/source.h"
#include "capture/timescale.h"

/* How times of one interface are told in the copy: as they were told, unless nanoseconds do not hold that. */
struct copied_clock {
	struct timescale scale;         /* of the original */
	bool kept;
};

/* `b` NULL: the input has no sections.  Comments come before its own texts; without `texts` (here and below)
 * nothing that people or programs wrote is kept, only numbers. */
bool copied_section(struct buf *out, const struct source_block *b, const struct span *comments,
                    size_t comment_count, bool texts);

/* `b` describes it; `more` are whole options to go with it.  Fills *clock. */
bool copied_interface(struct buf *out, const struct source_block *b, struct span more, bool texts,
                      struct copied_clock *clock);

/* An interface of a pcap file. */
bool copied_plain(struct buf *out, uint16_t link_type, uint32_t snaplen, uint8_t resolution,
                  struct copied_clock *clock);

bool copied_packet(struct buf *out, uint32_t interface, const struct frame *frame,
                   const struct copied_clock *clock, const struct span *comments, size_t comment_count,
                   bool texts);

/* *ended: it says when the capture was over. */
bool copied_statistics(struct buf *out, const struct source_block *b, uint32_t interface,
                       const struct copied_clock *clock, bool texts, bool *ended);

/* Nothing but when the capture was over. */
bool copied_end(struct buf *out, uint32_t interface, int64_t time, const struct copied_clock *clock);

bool copied_names(struct buf *out, const struct source_block *b);

/* A block that means the same in any byte order. */
bool copied_whole(struct buf *out, const struct source_block *b);

/* Of a decryption secrets block: the key log text that it holds (empty: another kind), and such a block. */
struct span copied_log(const struct source_block *b);
bool copied_secrets(struct buf *out, struct span log);

/* The comments among a section's texts, and its other texts as comments: options to go with an interface of
 * a file whose section is not ours.  Appends to `out`. */
bool copied_section_texts(struct buf *out, const struct source_block *b);

#endif
