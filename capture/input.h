/* capture/input.h - one input of a source: its bytes, its format, and the frame read ahead.
 *
 * Inside capture/ only.  A format is a const row of functions; its own state
 * hangs on input->state.
 */
#ifndef CAPTURE_INPUT_H
#define CAPTURE_INPUT_H

#include "base/buf.h"
#include "capture/bytes.h"
#include "capture/original.h"
#include "capture/source.h"

#include <signal.h>

enum {
	INPUT_FRAME_MAX = 16 << 20,     /* captured bytes of one frame; more is damage */
	INPUT_SECRETS_MAX = 16 << 20,   /* key log text kept of one input */
};

/* Times beyond these are set to them, so that the difference of two never overflows. */
#define INPUT_TIME_MAX ((INT64_C(1) << 62) - 1)

struct input;

struct format {
	const char *name;
	struct span magics[7];          /* first bytes; an empty one ends the list */
	size_t head;                    /* bytes that `open` needs */
	/* Reads what comes before the first frame.  False: the fault is told. */
	bool (*open)(struct input *in, struct fault *f);        /* NULL: opened otherwise */
	/* Fills in->frame but for `number` and `file`. */
	enum source_next (*next)(struct input *in, struct fault *f);
	void (*close)(struct input *in);
};

extern const struct format format_pcap, format_pcapng;

struct input {
	struct source_info info;
	const struct format *format;    /* NULL: closed, or not open yet */
	void *state;                    /* the format's */
	struct bytes bytes;
	struct original *original;      /* borrowed: the bytes are read from it; NULL: from the file named */
	uint64_t size;                  /* of the file; 0: not known */
	uint64_t position;              /* when it was closed */
	const volatile sig_atomic_t *stopping;  /* the source's; live inputs look at it */
	bool parked;                    /* closed, but in->frame.time is that of its first frame */
	struct frame frame;             /* read ahead */
	struct source_loss loss;        /* that nobody has asked for yet; no packets: none */
	struct source_listener listener;        /* block == NULL: nobody listens */
	struct buf secrets;
	char format_text[24];
};

/* Opens the file, unpacks it if it is packed, finds its format and reads its
 * head.  False: the fault is told and nothing is left open. */
bool input_open(struct input *in, const char *name, struct fault *f);
bool input_open_memory(struct input *in, const char *name, struct span bytes, struct fault *f);

/* What fills live inputs: the frames of all of them, in the order of time.  This way the readers of files
 * need nothing of live.c. */
struct feed {
	void *self;
	/* Fills and counts the frame of *from, but for its number. */
	enum source_next (*next)(void *self, struct input **from, struct fault *f);
	void (*close)(void *self);
};

/* Begins the inputs, one for each device, and sets *feed.  False: the fault tells; nothing is left open. */
typedef bool feed_open(struct feed *feed, struct input *inputs, const struct source_live_options *o,
                       struct fault *f);
struct source *source_open_feed(feed_open *open, const struct source_live_options *o, struct fault *f);

/* It has lost packets; what begins at MOMENT_NONE, with its first frame. */
void input_lost(struct input *in, const struct source_loss *loss);

/* The input's frame is one more that came. */
void input_count(struct input *in);

/* Gives back everything but `info` and `secrets`; release: these, too. */
void input_close(struct input *in);
void input_release(struct input *in);

/* Closes an input whose first frame alone was read: opened again, it begins anew. */
void input_park(struct input *in);

/* Sets `info` and `secrets` to those of an input of which nothing was read. */
void input_begin(struct input *in, const char *name);

uint64_t input_position(const struct input *in);        /* bytes of the file eaten */

/* Reads the next frame into in->frame and counts it. */
enum source_next input_next(struct input *in, struct fault *f);

/* The input ended where `missing` more bytes of `what` should be: SOURCE_FAULT
 * with FAULT_CUT, or what the bytes themselves have to tell. */
enum source_next input_cut(struct input *in, const char *what, uint64_t missing, struct fault *f);

/* The input makes no sense at byte `at`: SOURCE_FAULT with FAULT_CUT. */
enum source_next input_damaged(struct input *in, uint64_t at, struct fault *f, const char *format,
			       ...) __attribute__((format(printf, 4, 5)));

/* Keeps key log text. */
void input_keep_secrets(struct input *in, struct span text);

/* The frame's link type as LINKTYPE_ numbers go: some writers put their system's DLT_ there. */
uint16_t input_link_type(uint32_t told);

#endif
