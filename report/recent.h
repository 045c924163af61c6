/* report/recent.h - the last exchanges, connections and lookups of each client: for a screen or a page. */
#ifndef REPORT_RECENT_H
#define REPORT_RECENT_H

#include "base/addr.h"
#include "facts/fact.h"

enum { RECENT_CLIENTS = 2000, RECENT_ROWS = 64, RECENT_TEXT = 120 };

/* X(symbol) */
#define RECENT_KINDS(X) X(LOOKUP) X(CONNECTION) X(TLS) X(EXCHANGE) X(ICMP)
#define X(symbol) RECENT_##symbol,
enum recent_kind { RECENT_KINDS(X) };
#undef X

struct recent_row {
	int64_t time;                   /* of its beginning, ns */
	int64_t took;                   /* to the answer, ns; -1: none came */
	uint64_t frame, answer_frame;   /* 0: none */
	struct endpoint server;
	enum recent_kind kind;
	uint16_t status;                /* of an exchange; 0: no answer */
	bool failed;
	char asked[RECENT_TEXT];        /* "POST /ClientWebService/client.asmx GetConfig", "A wsus01.corp" */
	char answer[RECENT_TEXT];       /* "200 text/xml 1.2 kB", "NXDOMAIN", "refused" */
};

struct recent;

/* Rows take `room` bytes at most; when these are full, whoever was heard last longest ago is forgotten.
 * NULL: out of memory. */
struct recent *recent_new(size_t room);
void recent_free(struct recent *r);
void recent_fact(struct recent *r, const struct fact *fact);

/* Rows of a client, oldest first; lent until the next fact. */
size_t recent_count(const struct recent *r, const struct addr *client);
const struct recent_row *recent_at(const struct recent *r, const struct addr *client, size_t i);

#endif
