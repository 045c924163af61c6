/* tests/drawer.h - a folder of recordings: opens and removes their files, and keeps what was asked for. */
#ifndef TESTS_DRAWER_H
#define TESTS_DRAWER_H

#include "capture/recording.h"

/* 2026-11-23T10:47:28Z */
#define DRAWER_START (INT64_C(1795430848) * MOMENT_S)

enum { DRAWER_PATH = 256 };

struct drawer {
	char *folder, *path;            /* NAME.pcapng in it */
	char calls[4096];               /* lines "+part" (opened) and "-part" (removed) */
	int flags;                      /* of open(2), beside those to write */
	unsigned fail_from;             /* so many are opened; 0: all */
	unsigned opened;
	char last[DRAWER_PATH];         /* opened last */
	struct recording *recording;
};

void drawer_open(struct drawer *d);
void drawer_close(struct drawer *d);

/* Its functions for a recording.  A file is removed only when the one opened last can be read. */
struct recording_files drawer_files(struct drawer *d);

void drawer_begin(struct drawer *d, struct recording_limits each, struct recording_limits all);
void drawer_end(struct drawer *d);      /* closes the recording */

/* `count` frames, `step` ns apart, from `from` on; every one has to be taken. */
void drawer_put(struct drawer *d, size_t count, int64_t from, int64_t step);
struct frame drawer_frame(uint64_t number, int64_t time);

void drawer_path(const struct drawer *d, const char *part, char path[static DRAWER_PATH]);

/* Frames in a file, which has to be whole. */
size_t drawer_frames(const struct drawer *d, const char *part);

/* As source_told; the caller frees it. */
char *drawer_told(const struct drawer *d, const char *part);

/* A file that tells nothing of its making. */
struct writer *drawer_writer(const char *path, enum writer_format format);

/* Files may have so many bytes from now on, and going beyond is an error; RLIM_INFINITY: no limit. */
void drawer_limit(uint64_t bytes);

#endif
