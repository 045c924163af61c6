/* twopoint/trouble.h - what happens to traffic between two points, as it is told. */
#ifndef TWOPOINT_TROUBLE_H
#define TWOPOINT_TROUBLE_H

#include "analyzers/finding.h"
#include "twopoint/twopoint.h"

enum { TROUBLE_FRAMES = 8, TROUBLE_CLIENTS = 4, TROUBLES_MAX = 128, REMEDIES = 2 };
enum { TROUBLE_TEXT = 768, VERDICT_TEXT = 2048 };

/* X(symbol, kind in outputs, severity, the verdict's words, title, what to do first, then) */
#define TROUBLE_KINDS(X) \
	X(DROPPED, "dropped-between", ERROR, "something drops what goes to", \
	  "Something between drops what goes to the server", \
	  "Look at the firewalls between both points, from the first to the last: one has a rule, or none, " \
	  "for this port.", "Capture on each side of every one of them: compare --same-time names the one.") \
	X(ANSWERS_DROPPED, "answers-dropped-between", ERROR, "something drops what comes back from", \
	  "Something between drops the server's answers", \
	  "Look for a firewall that sees one direction only (asymmetric routing): it drops answers to " \
	  "what it never saw begin.", \
	  "Compare the routes of both directions; look at its log of dropped packets.") \
	X(REFUSED, "refused-between", ERROR, "something refuses connections to", \
	  "Something between refuses connections in the server's name", \
	  "Look for a firewall rule that rejects this port; the server never saw the attempt.", "") \
	X(REJECTED, "rejected-between", ERROR, "a device rejects what goes to", \
	  "A device between says that it does not let this through", \
	  "The device names itself in the ICMP error: change its rule or its route.", "") \
	X(RESET, "reset-between", ERROR, "something resets connections to", \
	  "Something between resets connections", \
	  "Look for an intrusion prevention, a proxy or a firewall with a limit on connections between " \
	  "both points.", "Neither end sent these resets: their logs have nothing of it.") \
	X(BLACK_HOLE, "large-packets-lost-between", ERROR, "large packets are lost to or from", \
	  "Large packets are lost between", \
	  "Find the link with the smaller MTU (a tunnel, a VPN) and let its ICMP " \
	  "\"fragmentation needed\" through.", \
	  "Or clamp the MSS there (ip tcp adjust-mss, TCPMSS --clamp-mss-to-pmtu).") \
	X(LOSS, "loss-between", WARNING, "packets are lost to or from", \
	  "Packets are lost between", \
	  "Look at the counters of every interface between both points: errors, drops, queues.", \
	  "Ask for shapers and for links that are full.") \
	X(INTERCEPTED, "intercepted-between", WARNING, "TLS is opened on the way", \
	  "TLS is opened between, and encrypted anew", \
	  "Exempt the update point from TLS inspection.", "") \
	X(ANSWERED, "answered-between", ERROR, "something answers in the server's place", \
	  "Something between answers requests with errors in the server's place", \
	  "Look at the proxy's log for these requests; let the update point bypass it.", "") \
	X(HEADER_LOST, "header-removed-between", WARNING, "headers that updates need are taken off", \
	  "Something between takes headers off that updates need", \
	  "Let the proxy pass these headers; BITS cannot download in parts without Range.", "") \
	X(PAYLOAD, "payload-altered-between", WARNING, "something changes what is said to", \
	  "Something between changes what is said", \
	  "Look for an application gateway or a content filter between both points.", "") \
	X(OPTIONS_LOST, "options-removed-between", WARNING, "TCP options are taken off on the way to", \
	  "Something between takes TCP options off", \
	  "Look for TCP normalisation on a firewall; without these options large or lossy " \
	  "transfers are slow.", "") \
	X(RESET_BY_END, "reset-by-end", INFO, "", "Resets come from the ends, not from between", \
	  "Look at the host that sent them.", "") \
	X(ENDED, "relayed-between", INFO, "", "A proxy between ends connections and makes its own", "", "") \
	X(TRANSLATED, "translated-between", INFO, "", "Addresses or ports are translated between", "", "") \
	X(REWRITTEN, "rewritten-between", INFO, "", "Header fields are changed between", "", "") \
	X(HEADERS, "headers-changed-between", INFO, "", "HTTP headers are changed between", "", "")

#define X(symbol, ...) TROUBLE_##symbol,
enum trouble_kind { TROUBLE_KINDS(X) TROUBLE_KIND_COUNT };
#undef X

struct trouble {
	enum trouble_kind kind;
	enum severity severity;
	enum confidence confidence;
	struct endpoint server;         /* as NEAR has it */
	struct addr clients[TROUBLE_CLIENTS];
	unsigned client_count;          /* may exceed what is kept */
	uint64_t count;
	char text[TROUBLE_TEXT];        /* what happened, in words; may hold bytes of the wire */
	const char *would_change;       /* what would make it another story; "" */
	uint64_t frames[2][TROUBLE_FRAMES];     /* by enum place, of the captures as they are compared */
	unsigned frame_count[2];
};

struct troubles {
	struct trouble list[TROUBLES_MAX];
	size_t count;
	uint64_t left_out;              /* beyond those */
};

/* What a capture could not see. */
struct blind {
	const char *name;               /* as the user gave it */
	uint64_t dropped, truncated, left_out;
	uint64_t missed;                /* packets that must have passed, and are not in it */
	bool cut;
	int64_t ended;                  /* MOMENT_NONE: not told */
};

/* Judges what twopoint_join found; `blind` (two) by enum place, `missed` is filled in.  The gravest is first.
 * False: out of memory. */
bool troubles_find(struct troubles *all, const struct twopoint *t, struct blind *blind);

const char *trouble_name(enum trouble_kind k);
const char *trouble_title(enum trouble_kind k);
const char *trouble_remedy(enum trouble_kind k, unsigned which);       /* "": none */

/* The first sentence of a report.  Returns `text`. */
const char *troubles_verdict(const struct troubles *all, const struct twopoint *t,
                             const struct blind blind[2], char text[static VERDICT_TEXT]);

#endif
