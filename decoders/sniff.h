/* decoders/sniff.h - what a stream's first bytes, or a message's, look like.
 *
 * Strict enough to run over any traffic: text protocols that open with a word and a space (SMTP, FTP,
 * SIP, RTSP) are not HTTP, and TLS must show a hello or an alert.
 */
#ifndef DECODERS_SNIFF_H
#define DECODERS_SNIFF_H

#include "base/span.h"

enum { SNIFF_MAX = 8192 };      /* after so many bytes there is an answer */

enum sniff {
	SNIFF_NONE,
	SNIFF_MAYBE_HTTP,       /* needs more bytes */
	SNIFF_MAYBE_TLS,
	SNIFF_HTTP,             /* a request line or a status line */
	SNIFF_TLS,
	SNIFF_DNS,              /* by its port alone */
};

/* `joined`: the stream's beginning is not known, so any TLS record will do. */
enum sniff sniff_start(struct span bytes, bool joined);

/* What is usually spoken to that port: HTTP, TLS, DNS or NONE. */
enum sniff sniff_port(unsigned port);

#endif
