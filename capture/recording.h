/* capture/recording.h - what is captured, in files: one, or a ring of them.
 *
 * Files are whole at every moment (capture/writer.h).  An old file of a ring
 * goes only when the next one is open and its head is written.  Where the disk
 * is full, recording stops for good and says so once: the analysis goes on.
 */
#ifndef CAPTURE_RECORDING_H
#define CAPTURE_RECORDING_H

#include "capture/writer.h"

/* Conditions, each 0 when there is none: of one file (-b) or of all (-a).  A file that has reached one gets
 * nothing more.  As dumpcap does, a series takes the bytes of -a for those of each file. */
struct recording_limits {
	uint64_t bytes, frames;
	uint64_t files;                 /* -b: how many are kept; -a: how many are written */
	int64_t duration;               /* ns since the file (the recording) began, by the frames' clock */
	int64_t interval;               /* ns: a new file at each multiple of it since 1970 (UTC) */
};

enum { RECORDING_PART = 64, RECORDING_FILES_MAX = 100000 };

/* Who opens and removes files: a keeper, when we may not ourselves.  `part` is put before the path's ending:
 * "" for a single file, else number and time of its beginning (UTC), "_00001_20261123104728". */
struct recording_files {
	void *self;
	int (*open)(void *self, const char *part, struct fault *f);     /* a descriptor; -1: f tells */
	bool (*remove)(void *self, const char *part, struct fault *f);
};

struct recording_options {
	const char *path;               /* as the user named it; for messages */
	enum writer_format format;
	struct recording_limits each;   /* any but `files`: "FILE_00001_20261123104728.pcapng" and so on */
	struct recording_limits all;
	struct recording_files files;
	const char *comment;            /* of the section: the command line; NULL: none.  pcapng only */
	uint32_t snaplen;               /* of every interface; 0: none is told */
	int64_t now;                    /* for the first file's name */
};

struct recording;

/* The first file is made at once.  NULL: the fault tells. */
struct recording *recording_open(const struct recording_options *o, struct fault *f);

/* False: recording has just stopped, and the fault tells why, once; later frames are left out. */
bool recording_frame(struct recording *r, const struct frame *frame, struct span comment,
                     struct fault *f);

/* Names an interface and its filter in the files to come, and in this one as long as it has none of its
 * frames; texts are borrowed. */
void recording_interface(struct recording *r, uint16_t file, const char *name, const char *filter);

/* Of that interface, so far: frames that were lost (capture/writer.h), and frames that came to us, where not
 * all of them are recorded.  Each file tells of its own time. */
void recording_lost(struct recording *r, uint16_t file, const struct recording_losses *lost);
void recording_received(struct recording *r, uint16_t file, uint64_t frames);

/* A quiet moment, `now` by the frames' clock: what was recorded is handed to the system; a file whose time is
 * over is closed, and the next one begun, whether or not it holds a frame. */
bool recording_turn(struct recording *r, int64_t now, struct fault *f);

/* A condition of `all` was reached. */
bool recording_is_over(const struct recording *r);

/* Begins the next file now (SIGHUP).  A single file goes on in one that is made anew; where it had not been
 * moved away, and its opener did not empty it, it just goes on. */
bool recording_switch(struct recording *r, struct fault *f);

uint64_t recording_frames(const struct recording *r);   /* written, in all files */
uint64_t recording_bytes(const struct recording *r);
uint64_t recording_missed(const struct recording *r);   /* not written: recording or its reader had stopped */

bool recording_close(struct recording *r, struct fault *f);

#endif
