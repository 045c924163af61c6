/* capture/copier.h - a pcapng file of frames that a source reads, with what their capture told around them.
 *
 * It hears the blocks of the source beside the frames: sections' and
 * interfaces' data, statistics, names and secrets go along, all in one section.
 * What has been handed to the system is whole blocks (outfile.h).
 */
#ifndef CAPTURE_COPIER_H
#define CAPTURE_COPIER_H

#include "capture/source.h"

struct copier;

struct copier_options {
	const struct span *comments;    /* of the section, before its own; lent for copier_begin */
	size_t comment_count;
	bool texts;                     /* what people and programs wrote is kept; else only numbers */
	struct span secrets;            /* a key log that goes along beside those; outlives the copier */
	bool names;                     /* name resolution, journal and custom blocks, too */
	/* Whether a line of a key log that the capture holds goes along; keeps NULL: none does. */
	void *self;
	bool (*keeps)(void *self, struct span line);
};

/* Into an open file, which is the copier's from now on (but for standard output), whatever comes of it;
 * `path` is for faults.  NULL: the fault tells. */
struct copier *copier_begin(int fd, const char *path, const struct copier_options *o, struct fault *f);

/* For source_next's blocks; a failure is told by the next copier_frame. */
void copier_block(struct copier *c, const struct source_block *b);

/* A frame of the input `info`, with comments beside its own.  False: the fault tells; when the file can be
 * written no more, it is told once, and frames are left out from then on. */
bool copier_frame(struct copier *c, const struct source_info *info, const struct frame *frame,
                  const struct span *comments, size_t comment_count, struct fault *f);

uint64_t copier_frames(const struct copier *c);

/* Closes the file and frees *c, whatever comes of it.  `ended`: when the capture was over, said where its own
 * statistics do not; MOMENT_NONE: not said. */
bool copier_end(struct copier *c, int64_t ended, struct fault *f);

#endif
