/* facts/updatefile.h - update files on the wire: what their addresses say, and which part of one came.
 *
 * WSUS hands them out as /Content/<XX>/<SHA1>.<ext>: the file's SHA-1 in hex, in a folder named after its
 * last byte (MS-WUSP notes 56 and 57).  Microsoft's own servers put "_<sha1>" behind the file's name.
 */
#ifndef FACTS_UPDATEFILE_H
#define FACTS_UPDATEFILE_H

#include "base/span.h"

enum { SHA1_BYTES = 20 };

/* How an address tells its file.  X(symbol) */
#define UPDATEFILE_FORMS(X)                                             \
	X(CONTENT)      /* as WSUS writes it */                         \
	X(FOLDER)       /* so, but the folder is not the last byte */   \
	X(NAMED)        /* elsewhere, by a name with a SHA-1 */         \
	X(OTHER)        /* by no SHA-1 at all */

#define X(symbol) UPDATEFILE_##symbol,
enum updatefile_form { UPDATEFILE_FORMS(X) };
#undef X

/* Of a path or a URL, whose query does not count; `sha1` is filled in unless it is OTHER. */
enum updatefile_form updatefile_read(struct span address, uint8_t sha1[static SHA1_BYTES]);

struct span updatefile_name(struct span address);       /* what stands behind the last slash; no query */
struct span updatefile_type(struct span address);       /* its extension, with the dot; empty */

/* Some of a file's bytes (RFC 9110 section 14). */
#define RANGE_UNKNOWN UINT64_MAX
struct byte_range {
	uint64_t first, last;           /* UNKNOWN: none (of 416); last: to the end (of a request) */
	uint64_t total;                 /* of the file; UNKNOWN */
};

/* "bytes=a-b", "bytes=a-": one range and no other.  False: anything else, also a suffix "bytes=-n". */
bool byte_range_asked(struct span range, struct byte_range *r);

/* Of Content-Range: the part, and of how much, where that is told; a 416 tells only how much there is.
 * False: it makes no sense. */
bool byte_range_told(struct span content_range, struct byte_range *r);

#endif
