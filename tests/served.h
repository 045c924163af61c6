/* tests/served.h - a server in a thread of the test, which does act by act what it is told. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H

#include "base/span.h"

enum served_what {
	SERVED_END,             /* closes the connection; the last act */
	SERVED_HEAR,            /* a head and its Content-Length */
	SERVED_LISTEN,          /* to what comes at once */
	SERVED_SAY,
	SERVED_SLOWLY,          /* says it in bytes */
	SERVED_FLOOD,           /* says it until nobody listens */
	SERVED_TLS,             /* a handshake; all that follows is inside, another one too */
	SERVED_ASK,             /* TLS 1.2: another handshake, which asks for a certificate */
	SERVED_HOLD,            /* until the other side closes */
	SERVED_RESET,           /* closes by a reset */
	SERVED_NEXT,            /* closes, and waits for another connection */
};

struct served_act {
	enum served_what what;
	const char *text;
};

/* Names are "wsus.test" and 127.0.0.1; the authority is the test's own. */
enum served_certificate { SERVED_GOOD, SERVED_EXPIRED, SERVED_OTHER_NAME, SERVED_UNKNOWN_AUTHORITY };

struct served_tls {
	enum served_certificate certificate;
	int max;                /* TLS1_2_VERSION; 0: no bound */
	bool asks;              /* for a client's certificate, and takes it amiss when there is none */
};

struct served;

/* Files with the authority and with a client's certificate and key, made on first use. */
const char *served_authority(void);
const char *served_client(void);
void served_forget(void);       /* removes the files */

struct served *served_new(const struct served_act *acts, const struct served_tls *tls);
uint16_t served_port(const struct served *s);

/* Waits until the acts are done; all that was heard, lent until the server is freed. */
const char *served_heard(struct served *s);
void served_free(struct served *s);

/* A port that nobody listens on. */
uint16_t served_nowhere(void);

#endif
