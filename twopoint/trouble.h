/* twopoint/trouble.h - what happens to traffic between two points, as it is told. */
#ifndef TWOPOINT_TROUBLE_H
#define TWOPOINT_TROUBLE_H

#include "analyzers/finding.h"
#include "base/tongue.h"
#include "twopoint/twopoint.h"

enum { TROUBLE_FRAMES = 8, TROUBLE_CLIENTS = 4, TROUBLES_MAX = 128, REMEDIES = 2 };
enum { TROUBLE_TEXT = 768, VERDICT_TEXT = 2048 };

/* X(symbol, kind in outputs, severity, the verdict's beginning (both captures; the port), title, what to do
 * first, then).  Where a proxy ends connections, NEAR knows its port alone, and none is told. */
#define TROUBLE_KINDS(X) \
	X(DROPPED, "dropped-between", ERROR, \
	  N_("Between %s and %s something drops what goes to port %u"), \
	  N_("Something on the way drops what goes to the server"), \
	  N_("Look at the firewalls between both points, from the first to the last: one has a rule, or " \
	     "none, for this port."), \
	  N_("Capture on each side of every one of them: compare --same-time names the one.")) \
	X(ANSWERS_DROPPED, "answers-dropped-between", ERROR, \
	  N_("Between %s and %s something drops what comes back from port %u"), \
	  N_("Something on the way drops the server's answers"), \
	  N_("Look for a firewall that sees one direction only (asymmetric routing): it drops answers to " \
	     "what it never saw begin."), \
	  N_("Compare the routes of both directions; look at its log of dropped packets.")) \
	X(REFUSED, "refused-between", ERROR, \
	  N_("Between %s and %s something refuses connections to port %u"), \
	  N_("Something on the way refuses connections in the server's name"), \
	  N_("Look for a firewall rule that rejects this port; the server never saw the attempt."), "") \
	X(REJECTED, "rejected-between", ERROR, \
	  N_("Between %s and %s a device rejects what goes to port %u"), \
	  N_("A device on the way says that it does not let this through"), \
	  N_("The device names itself in the ICMP error: change its rule or its route."), "") \
	X(RESET, "reset-between", ERROR, \
	  N_("Between %s and %s something resets connections to port %u"), \
	  N_("Something on the way resets connections"), \
	  N_("Look for an intrusion prevention, a proxy or a firewall with a limit on connections " \
	     "between both points."), \
	  N_("Neither client nor server sent these resets: their logs have nothing of it.")) \
	X(BLACK_HOLE, "large-packets-lost-between", ERROR, \
	  N_("Between %s and %s large packets are lost to or from port %u"), \
	  N_("Large packets are lost on the way"), \
	  N_("Find the link with the smaller MTU (a tunnel, a VPN) and let its ICMP " \
	     "\"fragmentation needed\" through."), \
	  N_("Or clamp the MSS there (ip tcp adjust-mss, TCPMSS --clamp-mss-to-pmtu).")) \
	X(LOSS, "loss-between", WARNING, \
	  N_("Between %s and %s packets are lost to or from port %u"), \
	  N_("Packets are lost on the way"), \
	  N_("Look at the counters of every interface between both points: errors, drops, queues."), \
	  N_("Look for traffic shaping, and for links that are full.")) \
	X(INTERCEPTED, "intercepted-between", WARNING, \
	  N_("Between %s and %s TLS is opened on the way"), \
	  N_("TLS is opened on the way, and encrypted anew"), \
	  N_("Exempt the update point from TLS inspection."), "") \
	X(ANSWERED, "answered-between", ERROR, \
	  N_("Between %s and %s something answers in the server's place"), \
	  N_("Something on the way answers requests with errors in the server's place"), \
	  N_("Look at the proxy's log for these requests; let the update point bypass it."), "") \
	X(HEADER_LOST, "header-removed-between", WARNING, \
	  N_("Between %s and %s headers that updates need are taken off"), \
	  N_("Something on the way takes headers off that updates need"), \
	  N_("Let the proxy pass these headers; BITS cannot download in parts without Range."), "") \
	X(PAYLOAD, "payload-altered-between", WARNING, \
	  N_("Between %s and %s something changes what is said to port %u"), \
	  N_("Something on the way changes what is said"), \
	  N_("Look for an application gateway or a content filter between both points."), "") \
	X(OPTIONS_LOST, "options-removed-between", WARNING, \
	  N_("Between %s and %s TCP options are taken off on the way to port %u"), \
	  N_("Something on the way takes TCP options off"), \
	  N_("Look for TCP normalisation on a firewall; without these options large or lossy " \
	     "transfers are slow."), "") \
	X(RESET_BY_END, "reset-by-end", INFO, "", N_("Resets come from client or server, not from between"), \
	  N_("Look at the host that sent them."), "") \
	X(ENDED, "relayed-between", INFO, "", \
	  N_("A proxy on the way ends connections and makes its own"), "", "") \
	X(TRANSLATED, "translated-between", INFO, "", \
	  N_("Addresses or ports are translated on the way"), "", "") \
	X(REWRITTEN, "rewritten-between", INFO, "", N_("Header fields are changed on the way"), "", "") \
	X(HEADERS, "headers-changed-between", INFO, "", N_("HTTP headers are changed on the way"), "", "")

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
