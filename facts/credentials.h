/* facts/credentials.h - what the tokens of NTLM, SPNEGO and Kerberos say (MS-NLMP, RFC 4178, RFC 4120).
 *
 * Never a secret: no password, no response to a challenge, no ticket.  Texts are UTF-8 and live where
 * the exchange's do.
 */
#ifndef FACTS_CREDENTIALS_H
#define FACTS_CREDENTIALS_H

#include "base/moment.h"
#include "base/span.h"

struct ntlm_version {                   /* MS-NLMP 2.2.2.10; major 0: not told */
	uint8_t major, minor, revision;
	uint16_t build;
};

struct ntlm_message {                   /* MS-NLMP 2.2.1 */
	unsigned type;                  /* 1 NEGOTIATE, 2 CHALLENGE, 3 AUTHENTICATE; 0: none */
	uint32_t flags;                 /* MS-NLMP 2.2.2.5 */
	struct ntlm_version version;
	struct span user, domain, workstation;  /* of 3; domain and workstation of 1 */
	struct span target;             /* of 2: TargetName */
	struct span computer, dns_computer, dns_domain, dns_forest, netbios_domain;  /* of 2: TargetInfo */
	struct span service;            /* of 3: MsvAvTargetName, the SPN that the client means */
	int64_t timestamp;              /* of TargetInfo, of 2 or, sent back, of 3; MOMENT_NONE */
	bool v2;                        /* of 3: an NTLMv2 response */
	bool anonymous;                 /* of 3: no user, no response */
	bool mic;                       /* of 3: a message integrity code is there */
	bool channel_binding;           /* of 3: MsvAvChannelBindings is there and not zero */
	bool cut;                       /* lengths or offsets that point outside */
};

/* What SPNEGO offers, and where it stands (RFC 4178 sections 4.2.1, 4.2.2).  X(symbol, name) */
#define SPNEGO_MECHANISMS(X) \
	X(KERBEROS, "Kerberos") X(MS_KERBEROS, "Kerberos (Microsoft's OID)") X(NTLM, "NTLM") \
	X(NEGOEX, "NegoEx") X(OTHER, "another mechanism")
#define SPNEGO_STATES(X) \
	X(NOT_TOLD, "not told") X(COMPLETED, "accept-completed") X(INCOMPLETE, "accept-incomplete") \
	X(REJECT, "reject") X(REQUEST_MIC, "request-mic")

#define X(symbol, name) SPNEGO_##symbol,
enum spnego_mechanism { SPNEGO_MECHANISMS(X) SPNEGO_MECHANISM_COUNT };
enum spnego_state { SPNEGO_STATES(X) };
#undef X

/* X(symbol, message type of RFC 4120, name) */
#define KERBEROS_MESSAGES(X) \
	X(NONE, 0, "none") X(AP_REQ, 14, "AP-REQ") X(AP_REP, 15, "AP-REP") X(ERROR, 30, "KRB-ERROR")

#define X(symbol, value, name) KERBEROS_##symbol = value,
enum kerberos_kind { KERBEROS_MESSAGES(X) };
#undef X

struct kerberos_message {
	enum kerberos_kind kind;
	struct span service;            /* "HTTP/wsus01.corp.example" */
	struct span realm;
	int ticket_etype, authenticator_etype;  /* of AP-REQ (RFC 3961 numbers); 0: not told */
	unsigned error;                 /* of KRB-ERROR */
	int64_t server_time;            /* of KRB-ERROR; MOMENT_NONE */
};

struct auth_token {                     /* one token, opened as far as it goes */
	bool spnego;                    /* wrapped in SPNEGO (RFC 4178) */
	unsigned mechanisms;            /* offered there: bits 1u << enum spnego_mechanism */
	enum spnego_state state;        /* of a NegTokenResp */
	struct ntlm_message ntlm;       /* type 0: none */
	struct kerberos_message kerberos;       /* kind NONE: none */
	bool unreadable;                /* neither, or broken */
};

const char *spnego_mechanism_name(enum spnego_mechanism m);
const char *spnego_state_name(enum spnego_state s);
const char *kerberos_kind_name(enum kerberos_kind k);
const char *kerberos_etype_name(int etype);     /* "AES256-SHA1"; "unknown" */
const char *kerberos_error_name(unsigned error);        /* "KRB_AP_ERR_SKEW"; "unknown" */

#endif
