/* facts/tls.c - names of messages, alerts and versions. */
#include "facts/tls.h"

#include <stddef.h>

/* X(wire value, name): RFC 8446 appendix B.2 with what older versions had (RFC 5246 section 7.2). */
#define TLS_ALERT_NAMES(X)                              \
	X(0,   "close_notify")                          \
	X(10,  "unexpected_message")                    \
	X(20,  "bad_record_mac")                        \
	X(21,  "decryption_failed")                     \
	X(22,  "record_overflow")                       \
	X(30,  "decompression_failure")                 \
	X(40,  "handshake_failure")                     \
	X(41,  "no_certificate")                        \
	X(42,  "bad_certificate")                       \
	X(43,  "unsupported_certificate")               \
	X(44,  "certificate_revoked")                   \
	X(45,  "certificate_expired")                   \
	X(46,  "certificate_unknown")                   \
	X(47,  "illegal_parameter")                     \
	X(48,  "unknown_ca")                            \
	X(49,  "access_denied")                         \
	X(50,  "decode_error")                          \
	X(51,  "decrypt_error")                         \
	X(60,  "export_restriction")                    \
	X(70,  "protocol_version")                      \
	X(71,  "insufficient_security")                 \
	X(80,  "internal_error")                        \
	X(86,  "inappropriate_fallback")                \
	X(90,  "user_canceled")                         \
	X(100, "no_renegotiation")                      \
	X(109, "missing_extension")                     \
	X(110, "unsupported_extension")                 \
	X(111, "certificate_unobtainable")              \
	X(112, "unrecognized_name")                     \
	X(113, "bad_certificate_status_response")       \
	X(114, "bad_certificate_hash_value")            \
	X(115, "unknown_psk_identity")                  \
	X(116, "certificate_required")                  \
	X(120, "no_application_protocol")

/* Who leaves sooner gives the server no time to answer. */
#define PATIENCE (2 * MOMENT_S)

bool tls_left_early(const struct tls_session *t)
{
	const struct connection *c = t->conn;
	bool by_client = c->closed == CONNECTION_RESET_BY_CLIENT ||
	                 (c->closed == CONNECTION_FIN && c->side[CLIENT].fin_frame &&
	                  (!c->side[SERVER].fin_frame ||
	                   c->side[CLIENT].fin_frame < c->side[SERVER].fin_frame));

	return by_client && t->client_hello && !t->server_hello && !t->alert_count &&
	       !c->side[SERVER].bytes && c->last_time - t->client_hello_time < PATIENCE;
}

const char *tls_message_name(int type)
{
#define X(symbol, value, name) [value] = name,
	static const char *const names[] = { TLS_MESSAGES(X) };
#undef X

	if (type == -1)
		return "nothing";
	if (type < 0 || (size_t)type >= sizeof names / sizeof *names || !names[type])
		return "?";
	return names[type];
}

const char *tls_alert_name(unsigned description)
{
#define X(value, name) [value] = name,
	static const char *const names[] = { TLS_ALERT_NAMES(X) };
#undef X

	if (description >= sizeof names / sizeof *names || !names[description])
		return "unknown";
	return names[description];
}

const char *tls_version_name(unsigned version)
{
#define X(symbol, value, name) case symbol: return name;
	switch (version) {
		TLS_VERSIONS(X)
	default: return "unknown";
	}
#undef X
}

const char *tls_reading_name(enum tls_reading r)
{
#define X(symbol, name) [TLS_##symbol] = name,
	static const char *const names[] = { TLS_READINGS(X) };
#undef X
	return names[r];
}
