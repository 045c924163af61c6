/* facts/limits.h - what the capture, or a ceiling of ours, kept us from seeing.
 *
 * Everyone who gives something up adds one here; the report tells it, and
 * confidence falls with it.  Nothing here is a fault.
 */
#ifndef FACTS_LIMITS_H
#define FACTS_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tongue.h"

/* X(symbol, kind in outputs, weight: 0 told only, 1 limited, 2 poor when frequent, text for one, for more) */
#define LIMITS(X) \
	X(TRUNCATED, "truncated-frames", 1, NN_("frame is captured shorter than it was", \
	  "frames are captured shorter than they were")) \
	X(DROPPED, "dropped-frames", 2, NN_("packet was dropped by the capturing host", \
	  "packets were dropped by the capturing host")) \
	X(HOLES, "lost-bytes", 1, NN_("gap in a byte stream never filled", \
	  "gaps in the byte streams never filled")) \
	X(ONE_SIDED, "one-sided", 2, NN_("connection shows one direction only", \
	  "connections show one direction only")) \
	X(JOINED, "joined", 0, NN_("connection began before the capture", \
	  "connections began before the capture")) \
	X(DUPLICATES, "duplicate-frames", 0, NN_("copy of a frame (mirror port, capture layers) set aside", \
	  "copies of frames (mirror port, capture layers) set aside")) \
	X(UNKNOWN_LINK, "unknown-link", 1, NN_("frame of a link type that is not understood", \
	  "frames of a link type that is not understood")) \
	X(MALFORMED, "malformed", 0, NN_("packet whose headers contradict themselves", \
	  "packets whose headers contradict themselves")) \
	X(FRAGMENTS, "fragments", 1, NN_("IP fragment whose datagram never became whole", \
	  "IP fragments whose datagram never became whole")) \
	X(ENCRYPTED, "encrypted", 0, NN_("TLS record that nobody can read without keys (--keys)", \
	  "TLS records that nobody can read without keys (--keys)")) \
	X(UNKNOWN_SUITE, "unknown-suite", 0, NN_("TLS record whose cipher suite is not read, keys or not", \
	  "TLS records whose cipher suites are not read, keys or not")) \
	X(WRONG_KEY, "wrong-key", 0, NN_("TLS session that the keys given for it do not open, or not whole", \
	  "TLS sessions that the keys given for them do not open, or not whole")) \
	X(FORWARD_SECRET, "forward-secret", 0, NN_( \
	  "TLS session by (EC)DHE: a server's private key cannot open it, a key log can", \
	  "TLS sessions by (EC)DHE: a server's private key cannot open them, a key log can")) \
	X(PROTECTED_WIFI, "protected-wifi", 2, NN_("802.11 frame that is encrypted", \
	  "802.11 frames that are encrypted")) \
	X(FLOW_CEILING, "connection-ceiling", 1, NN_("connection was forgotten early to stay within memory", \
	  "connections were forgotten early to stay within memory")) \
	X(REORDER_CEILING, "reorder-ceiling", 1, NN_("gap was given up because too much waited behind it", \
	  "gaps were given up because too much waited behind them")) \
	X(CONFLICTS, "conflicting-overlap", 0, NN_("retransmitted byte range differs from the first copy", \
	  "retransmitted bytes differ from the first copy")) \
	X(HEAD_CEILING, "head-ceiling", 0, NN_("HTTP head longer than is kept", \
	  "HTTP heads longer than is kept")) \
	X(BODY_CEILING, "body-ceiling", 0, NN_("body that expands beyond the ceiling", \
	  "bodies that expand beyond the ceiling")) \
	X(XML_CEILING, "xml-ceiling", 0, NN_("body of an update call with more in it than is read or kept", \
	  "bodies of update calls with more in them than is read or kept")) \
	X(PIPELINE_CEILING, "pipeline-ceiling", 0, NN_("request beyond the pipeline that is kept", \
	  "requests beyond the pipeline that is kept")) \
	X(WIRE_CEILING, "wire-ceiling", 1, NN_("VLAN or virtual network beyond those that are kept apart", \
	  "VLANs and virtual networks beyond those that are kept apart")) \
	X(LOOKUP_CEILING, "lookup-ceiling", 1, NN_("question for a name was given up to stay within memory", \
	  "questions for names were given up to stay within memory")) \
	X(FINDING_CEILING, "finding-ceiling", 1, NN_("finding beyond the number that is kept apart", \
	  "findings beyond the number that is kept apart")) \
	X(CASE_CEILING, "case-ceiling", 0, NN_("idle server or case was judged early and forgotten", \
	  "idle servers or cases were judged early and forgotten")) \
	X(CLIENT_CEILING, "client-ceiling", 1, NN_("client beyond the number that is kept apart", \
	  "clients beyond the number that is kept apart")) \
	X(MEMORY, "memory", 2, NN_("thing was given up because memory ran out", \
	  "things were given up because memory ran out"))

#define X(symbol, kind, weight, texts) LIMIT_##symbol,
enum limit { LIMITS(X) LIMIT_COUNT };
#undef X

struct limits {
	uint64_t count[LIMIT_COUNT];
};

static inline void limit_add(struct limits *l, enum limit which, uint64_t count)
{
	l->count[which] += count;
}

/* The capture as a whole, for `frames` frames.  X(symbol, name in outputs) */
#define QUALITIES(X) X(GOOD, N_("good")) X(LIMITED, N_("limited")) X(POOR, N_("poor"))
#define X(symbol, name) QUALITY_##symbol,
enum quality { QUALITIES(X) };
#undef X

enum quality limits_quality(const struct limits *l, uint64_t frames);
const char *quality_name(enum quality q);

const char *limit_kind(enum limit which);
const char *limit_text(enum limit which, uint64_t count);       /* to follow that number */
unsigned limit_weight(enum limit which);

#endif
