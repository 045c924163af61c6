/* tests/fetched.h - a fetch from its beginning to its end, and what the engine reads on its tape. */
#ifndef TESTS_FETCHED_H
#define TESTS_FETCHED_H

#include "probes/fetch.h"
#include "tests/served.h"

enum { FETCHED_TEXT = 4096 };

struct fetched {
	struct fetch_result result;     /* its spans are gone, but for these: */
	char body[FETCHED_TEXT];
	char server[128];               /* the header */
	/* "GET /x 200 hello; ", with "tls " and "tunnelled " before it; in the order of their ends */
	char exchanges[FETCHED_TEXT];
	char connections[FETCHED_TEXT]; /* "established fin; ", in the order of their beginnings */
	char sessions[FETCHED_TEXT];    /* "TLS 1.3 read; " */
	uint64_t lost;                  /* packets that the tape lacks */
	unsigned told;                  /* how often `done` was */
};

/* Options of a GET of http://127.0.0.1:PORT/x, to be changed. */
struct fetch_options fetched_options(const char *url);

/* Runs it in a loop of its own. */
void fetched_run(struct fetched *f, const struct fetch_options *o);

/* One request to one server.  Strings that are not given are not looked at, but for the error. */
struct fetched_row {
	const char *name;
	const char *url, *proxy;        /* with %u for the server's port; proxy NULL: direct */
	struct served_act acts[10];
	const struct served_tls *tls;   /* NULL: its server has none */
	void (*shape)(struct fetch_options *o);
	enum fetch_stage stage;
	unsigned status, connect_status;
	const char *error, *body, *exchanges, *connections;
	const char *heard;              /* by the server, somewhere in it */
};

#define FETCHED_PLAIN "http://wsus.test:%u/x"
#define FETCHED_SECURE "https://wsus.test:%u/x"
#define FETCHED_PROXY "http://proxy.test:%u"

/* Acts of a server. */
#define HEAR { SERVED_HEAR, NULL }
#define HOLD { SERVED_HOLD, NULL }
#define SAY(text) { SERVED_SAY, text }
#define TUNNEL SAY("HTTP/1.1 200 Connection established\r\n\r\n")
#define OK(text) SAY("HTTP/1.1 200 OK\r\nServer: Test/1\r\nContent-Length: " text)

void fetched_check(const struct fetched_row *rows, size_t count);

#define FETCHED_CHECK(rows) fetched_check(rows, sizeof(rows) / sizeof *(rows))

/* A second for all. */
void fetched_in_short(struct fetch_options *o);

/* The teardown of a group. */
int fetched_forget(void **state);

#endif
