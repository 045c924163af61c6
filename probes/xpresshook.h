/* probes/xpresshook.h - how a probe undoes content codings without knowing any decoder.
 *
 * Update points answer in xpress ([MS-WUSP] section 2.1.1); whoever runs a probe lends what reads it.
 */
#ifndef PROBES_XPRESSHOOK_H
#define PROBES_XPRESSHOOK_H

#include "base/buf.h"

struct body_decoder {
	void *self;
	/* Appends to *out, up to its ceiling, what `encoded` says; `coding` is the value of Content-Encoding.
	 * False: it cannot be read, or not all of it. */
	bool (*decode)(void *self, struct span encoded, struct span coding, struct buf *out);
};

#endif
