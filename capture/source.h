/* capture/source.h - frames in: from files, from standard input, from memory, from an interface.
 *
 * A source lends one frame after the other.  Several files are merged by time;
 * frames of equal time come in the order of the files.  A frame's bytes and
 * comment are views into the block that was read, good until the next call.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include "base/fault.h"
#include "base/frame.h"
#include "base/moment.h"

struct source;

/* One input file or interface; grows as it is read. */
struct source_info {
	const char *name;       /* as the user gave it */
	const char *format;     /* "pcap", "pcapng", "pcap+gzip", "live", ... */
	uint64_t frames;        /* read so far, those that the filter refused too */
	uint64_t bytes;         /* captured bytes of these frames */
	int64_t first, last;    /* earliest and latest time; MOMENT_NONE before the first frame */
	int64_t ended;          /* the capture, as the file says at its end; MOMENT_NONE: it does not */
	uint64_t truncated;     /* frames whose captured bytes < wire length */
	uint64_t dropped;       /* told by statistics, by packets or by the kernel; the sum of: */
	uint64_t dropped_kernel, dropped_interface, dropped_ours;       /* live */
	uint64_t filtered;      /* frames that the filter refused */
	uint64_t secrets;       /* decryption secrets blocks kept */
	uint64_t secrets_lost;  /* too large to be kept, or of a kind that nobody reads */
	uint32_t snaplen;       /* of a pcap file's head; 0: not told */
	uint8_t resolution;     /* of a pcap file's times: 10^-resolution s */
	bool cut;               /* broke off midway */
	bool away;              /* live: the interface is down or gone; it is looked for again and again */
	uint64_t absences;      /* live: how often it went */
};

/* Packets that were dropped while capturing, between two times at which somebody counted. */
struct source_loss {
	int64_t from, until;            /* ns since 1970 */
	uint64_t packets;
	uint64_t frames;                /* of the input meanwhile */
};

/* A block of a pcapng input that holds no packet. */
struct source_block {
	uint16_t file;
	bool big;               /* byte order of its section */
	uint32_t type;
	uint32_t interface;     /* that it describes or counts for, as frames have it; 0 for other blocks */
	struct span body;       /* between the two lengths; lent for the call */
};

/* Hears of them in the order of their file, before the frame behind them is lent; of an input that is opened
 * a second time, those before its first frame twice. */
struct source_listener {
	void *self;
	void (*block)(void *self, const struct source_block *block);
};

enum source_next {
	SOURCE_FRAME,
	SOURCE_END,
	SOURCE_IDLE,            /* live: nothing came for a while, or a signal did */
	SOURCE_FAULT,
};

enum { SOURCE_RINGS_MAX = 64 };

struct source_live_options {
	const char *const *devices;     /* "any" is one, too */
	size_t device_count;
	const char *filter;     /* BPF, or NULL */
	const char *untagged;   /* for link types other than Ethernet, that know no `vlan`; NULL: `filter` */
	int snaplen;            /* 0: 262144 */
	bool promiscuous;
	int buffer_kib;         /* of each ring of the kernel; 0: 32 MiB */
	unsigned rings;         /* of each device, a thread each (PACKET_FANOUT); 0, 1: one, and no thread */
};

/* "-" is standard input; `filter` is BPF, or NULL.  The names and the filter
 * stay the caller's and must outlive the source.  NULL: the fault tells which file is
 * wrong and what to do about it, or what is wrong with the filter. */
struct source *source_open(const char *const *files, size_t count, const char *filter,
			   struct fault *f);

/* The same of files that are read more than once; the originals are borrowed, and named as `files` are. */
struct original;
struct source *source_open_originals(struct original *originals, const char *const *files, size_t count,
                                     const char *filter, struct fault *f);

/* The same for one capture that is already in memory. */
struct source *source_open_memory(const char *name, struct span bytes, const char *filter,
				  struct fault *f);

/* Frames of all devices, merged by time; a device is one input.  Everything that needs rights is opened here;
 * threads start with the first source_next.  An interface that goes away (SOURCE_FAULT with FAULT_CUT tells
 * it, once) is looked for again; capturing goes on by itself when it is back, without new rights.
 * NULL: the fault tells. */
struct source *source_live(const struct source_live_options *o, struct fault *f);

/* Before the first source_next. */
void source_listen(struct source *s, struct source_listener listener);

void source_close(struct source *s);

/* SOURCE_FAULT with FAULT_CUT: one file breaks off, and the next call goes on
 * with the others.  With FAULT_USAGE: the filter cannot be applied to a link
 * type; its frames are refused from now on, and the next call goes on. */
enum source_next source_next(struct source *s, struct frame *frame, struct fault *f);

/* Every frame goes through `pass`, which may lend other bytes in the place of its own, before it is lent. */
struct source_veil {
	void *self;
	void (*pass)(void *self, struct frame *frame);
};
void source_through(struct source *s, struct source_veil veil);

/* Safe in a signal handler: source_next gives what has already been captured, then SOURCE_END. */
void source_stop(struct source *s);

/* There are so many files that some are closed, and opened once more when their time comes. */
bool source_reopens(const struct source *s);

size_t source_count(const struct source *s);
const struct source_info *source_info(const struct source *s, size_t i);

/* What input `i` has lost since the last call, as far as it is known by the frame that was lent last.  False:
 * nothing. */
bool source_lost(struct source *s, size_t i, struct source_loss *loss);

/* TLS key log text (NSS format) that came with input `i`, so far; lent until the next source_next. */
struct span source_secrets(const struct source *s, size_t i);

/* Bytes of the files eaten, and their size (0: not known): for progress. */
uint64_t source_position(const struct source *s);
uint64_t source_size(const struct source *s);

#endif
