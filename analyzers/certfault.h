/* analyzers/certfault.h - what is wrong with a server's certificate, seen in one session. */
#ifndef ANALYZERS_CERTFAULT_H
#define ANALYZERS_CERTFAULT_H

#include "analyzers/finding.h"
#include "facts/tls.h"

/* X(symbol, kind of finding) */
#define CERT_FAULTS(X)                                  \
	X(EXPIRED,   CERTIFICATE_EXPIRED)               \
	X(NOT_YET,   CERTIFICATE_EXPIRED)               \
	X(ENDING,    CERTIFICATE_EXPIRED)       /* within 30 days */ \
	X(CLOCK,     CERTIFICATE_EXPIRED)       /* the client says so, the dates do not */ \
	X(NAME,      CERTIFICATE_NAME_MISMATCH)         \
	X(UNTRUSTED, CERTIFICATE_UNTRUSTED)             \
	X(WEAK,      CERTIFICATE_WEAK)

#define X(symbol, kind) FAULT_##symbol,
enum cert_fault { CERT_FAULTS(X) FAULT_COUNT };
#undef X

/* What the client made of the certificate. */
enum cert_verdict {
	VERDICT_NONE,                   /* it got on, or the capture does not show */
	VERDICT_REFUSED,                /* an alert about certificates */
	VERDICT_LEFT,                   /* it left before the handshake was done, without saying why */
	VERDICT_LEFT_LATE,              /* after the handshake, without asking for anything */
};

struct cert_view {                      /* a session, as far as its certificate goes */
	const struct tls_session *session;
	const struct certificate *leaf; /* NULL: not seen, or not readable */
	struct span asked;              /* the name; empty: not known */
	bool asked_by_option;           /* --sup told it */
	enum cert_verdict verdict;
	const struct tls_alert *alert;  /* of VERDICT_REFUSED */
	bool explained;                 /* something else already tells why the client left */
	bool update_point;              /* whose administrator reads this */
	bool microsoft;                 /* nobody here can change it */
};

/* Bits 1u << enum cert_fault. */
unsigned cert_faults(const struct cert_view *v);

/* How sure that fault is, and its cause in this case's words. */
enum confidence cert_fault_words(const struct cert_view *v, enum cert_fault fault,
                                 char cause[static CAUSE_TEXT]);

#endif
