/* analyzers/web.h - what the analyzers of HTTP share: who answered, what a status means, how to say it. */
#ifndef ANALYZERS_WEB_H
#define ANALYZERS_WEB_H

#include "analyzers/analyzer.h"
#include "facts/wsus.h"

enum { ANSWERED_BY_TEXT = 96, CODES_TEXT = 96 };

/* Who made the response, as far as blame goes. */
enum web_maker { MADE_BY_SERVER, MADE_BY_BOX, MADE_BY_UNSURE };

enum web_maker web_maker(const struct exchange *x);

/* The server that an exchange is about, as a key: its endpoint, and behind a proxy the name asked for. */
enum { SERVER_KEY_HOST = 80 };

struct server_key {
	size_t len;
	uint8_t bytes[16 + 2 + SERVER_KEY_HOST];
};

struct server_key web_server_key(const struct exchange *x);

/* An answer that is no refusal: 1xx aside, 2xx and 3xx. */
bool web_served(const struct exchange *x);

/* The kind of failure that one exchange alone shows, or FINDING_KIND_COUNT: none, or one (401, 407) that only
 * the story tells.  Kinds that need other exchanges to be told apart come as the mildest of them: FORBIDDEN,
 * NOT_FOUND, SERVER_BUSY. */
enum finding_kind web_kind(const struct exchange *x);

/* The server closed an idle connection just as the client used it again: browsers and agents repeat. */
bool web_crossed_close(const struct exchange *x);

/* A 500 that WSUS itself made, with an ErrorCode that the protocol deals with (MS-WUSP section
 * 2.2.2.4); also one whose body was not seen but is XML. */
bool web_is_soap_fault(const struct exchange *x);

/* A 404 for an update file.  HTTP.sys has no files: its own 404 is about the site; and health checks ask for
 * a file that is none. */
bool web_is_absent_file(const struct exchange *x);

/* By its words a box forbids, whatever its status: ISA says 502 also of that (12202: URL denied, 12204:
 * port not allowed). */
bool web_is_denial(const struct exchange *x);

/* How sure the maker of the answer is. */
enum confidence web_confidence(const struct exchange *x);

/* Bytes of the wire for people: what is not printable ASCII becomes '?'.  Returns `text`. */
const char *web_printable(struct span bytes, char *text, size_t size);

/* The same of a name that nobody is to see unasked, as finding.h says; the second mark is never cut off.
 * `size` is PRIVATE_MARKS more than printable text needs.  Returns `text`. */
enum { PRIVATE_MARKS = 2 };
const char *web_private(struct span name, char *text, size_t size);

/* "user:password@host:port", as the target of a CONNECT may be, without what stands before the last '@'. */
struct span web_without_login(struct span authority);

/* "POST wsus01:8530/ClientWebService/client.asmx", a query as "?...": what may be shown to anybody. */
void web_name_request(const struct exchange *x, char *text, size_t size);

/* Failures of one cause, kept until the story is known.  Everything is copied. */
struct web_case {
	struct connection conn;         /* id, client and server only */
	bool via_proxy;
	bool for_all_clients;
	bool proved;                    /* as raise.proved */
	uint8_t stops;                  /* as raise.stops */
	enum severity severity;
	int64_t first, last;
	uint64_t count;
	char answered_by[ANSWERED_BY_TEXT];
	char codes[CODES_TEXT];
	const char *remedy;             /* static text; NULL: the catalogue's */
	struct evidence evidence[FINDING_EVIDENCE];
	unsigned evidence_count;
};

struct web_case web_case_of(const struct exchange *x);

/* One more failure of the same cause; `again` false: only its frames, no count. */
void web_case_add(struct web_case *c, const struct exchange *x, bool again);

/* Raises a case, the cause in its own words. */
void web_raise(const struct analyzer_env *env, enum finding_kind kind, const struct web_case *c,
	       enum confidence confidence, const char *cause, ...) __attribute__((format(printf, 5, 6)));

#endif
