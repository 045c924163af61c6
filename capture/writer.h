/* capture/writer.h - frames out: a pcapng or classic pcap file.
 *
 * What has been handed to the system is whole: a run that is killed leaves a
 * file that can be read, and on a full disk it ends with the last whole block.
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

enum { WRITER_COMMENTS = 2, WRITER_INPUTS = 64 };

/* What the head of a pcapng file tells of its making. */
struct writer_section {
	char hardware[72], system[152];                 /* "x86_64", "Linux 6.1.0-30-amd64"; "": not told */
	const char *comments[WRITER_COMMENTS];          /* NULL: none */
};

/* Frames of an interface which were lost so far: by the kernel, by the interface, by us. */
struct recording_losses {
	uint64_t kernel, interface, ours;
};

/* This machine, without comments. */
void writer_here(struct writer_section *s);

/* "-" is standard output.  NULL: the fault tells. */
struct writer *writer_open(const char *path, enum writer_format format, struct fault *f);

/* Into an open file, which is the writer's from now on (but for standard output), whatever comes of it;
 * `path` is for faults.  The head is handed over at once, but a classic one's to a pipe. */
struct writer *writer_begin(int fd, const char *path, enum writer_format format,
                            const struct writer_section *section, struct fault *f);

/* Names an input's interface; its description in the file comes with its first frame.  The texts are
 * borrowed, and may be NULL; snaplen 0: none. */
void writer_interface(struct writer *w, uint16_t file, const char *name, const char *filter,
                      uint32_t snaplen);

/* `comment` comes beside the frame's own; an empty one is none.  False: the fault tells; when the file can be
 * written no more, it is told once, and frames are left out from then on. */
bool writer_frame(struct writer *w, const struct frame *frame, struct span comment, struct fault *f);

/* Of that input since the file was begun, for its statistics: frames lost, and frames that came to us (unless
 * they are just those written). */
void writer_lost(struct writer *w, uint16_t file, const struct recording_losses *lost);
void writer_received(struct writer *w, uint16_t file, uint64_t frames);

/* A quiet moment, `now` by the frames' clock: everything is handed to the system, statistics now and then.
 * Happens by itself once a second of the frames' time, and when much has gathered. */
bool writer_turn(struct writer *w, int64_t now, struct fault *f);

uint64_t writer_frames(const struct writer *w);         /* without those that a failed write lost */
uint64_t writer_bytes(const struct writer *w);          /* of the file, those not yet handed over too */

/* Writes the last statistics and closes the file. */
bool writer_end(struct writer *w, struct fault *f);
void writer_free(struct writer *w);

/* Both, whatever comes of it. */
bool writer_close(struct writer *w, struct fault *f);

#endif
