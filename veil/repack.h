/* veil/repack.h - content codings done again, in exactly as many bytes as before.
 *
 * What is shorter than before is filled up in ways that every decoder skips: a comment in gzip's header
 * (RFC 1952 section 2.3.1), blocks of deflate with nothing in them (RFC 1951 section 3.2), matches of
 * xpress written out; at most four zeros are left behind the end.  Brotli and zstd are not done again.
 */
#ifndef VEIL_REPACK_H
#define VEIL_REPACK_H

#include "base/budget.h"
#include "base/span.h"

/* `plain` takes the place of what `coded` decodes to, and has as many bytes.  Writes coded.len bytes to `to`.
 * `whole`: the coding ends with it; else it goes on in bytes that nobody has.  False: it does not fit, or
 * there is no room to work in, or the coding is not one of these. */
bool repack(struct budget *budget, struct span coding, struct span coded, struct span plain, bool whole,
            uint8_t *to);

/* One block of xpress (MS-XCA section 2.4) in `room` bytes; up to a few behind its end are zeros. */
bool repack_xpress(struct budget *budget, struct span plain, uint8_t *to, size_t room);

#endif
