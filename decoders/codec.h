/* decoders/codec.h - one content coding: the vtable that coding.c chains.
 *
 * A codec owns its state and writes into room that it is given; it never allocates by what the
 * input announces beyond `cost`.
 */
#ifndef DECODERS_CODEC_H
#define DECODERS_CODEC_H

#include "base/span.h"

enum { CODEC_ROOM = 64 * 1024 };        /* of every output buffer: no xpress block is longer */

enum codec_status {
	CODEC_OK,               /* the input is used up, or the room is full */
	CODEC_END,              /* the coding is over; the rest of the input is not its own */
	CODEC_BAD,
};

struct codec_out {
	uint8_t *at;            /* CODEC_ROOM bytes */
	size_t len;             /* written by this step */
	bool more;              /* a step without input may write more */
};

struct codec {
	struct span names[2];                   /* second may be empty */
	size_t cost;                            /* bytes that one may come to hold */
	void *(*create)(void);                  /* NULL: out of memory */
	bool (*reset)(void *self);              /* as after create; false: destroy it */
	void (*destroy)(void *self);
	enum codec_status (*step)(void *self, struct span *in, struct codec_out *out);
	bool (*whole)(const void *self);        /* the input so far may end here */
};

extern const struct codec codec_gzip, codec_deflate, codec_brotli, codec_zstd;  /* codecs.c */
extern const struct codec codec_xpress;                                         /* codecxpress.c */

#endif
