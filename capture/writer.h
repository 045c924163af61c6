/* capture/writer.h - frames out: a pcapng or classic pcap file.
 *
 * What has been handed to the system is always whole: a run that is killed
 * leaves a file that can be read.
 */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include "base/fault.h"
#include "base/frame.h"

struct writer;

enum writer_format {
	WRITER_PCAPNG,          /* nanoseconds, comments, directions, drop counts, any mix of link types */
	WRITER_PCAP,            /* nanoseconds; one link type, no comments */
};

/* "-" is standard output.  The path stays the caller's until writer_close.  NULL: the fault tells. */
struct writer *writer_open(const char *path, enum writer_format format, struct fault *f);

/* An input's interface appears in the file with its first frame.  `comment`
 * comes beside the frame's own; an empty one is none.  False: the fault tells. */
bool writer_frame(struct writer *w, const struct frame *frame, struct span comment, struct fault *f);

/* Frames of that input's interface which were lost, so far: for its statistics. */
void writer_dropped(struct writer *w, uint16_t file, uint32_t interface, uint64_t dropped);

/* Hands everything to the system.  Happens by itself once a second of the
 * frames' time, and when much has gathered. */
bool writer_flush(struct writer *w, struct fault *f);

uint64_t writer_frames(const struct writer *w);
uint64_t writer_bytes(const struct writer *w);          /* of the file, those not yet handed over too */

/* Writes the statistics and frees the writer, whatever comes of it. */
bool writer_close(struct writer *w, struct fault *f);

#endif
