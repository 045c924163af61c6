/* tests/trial.h - one analyzer, a few facts, and what it finds. */
#ifndef TESTS_TRIAL_H
#define TESTS_TRIAL_H

#include "analyzers/analyzer.h"

enum { TRIAL_TEXT = 4096 };

struct trial {
	const struct analyzer *analyzer;
	struct limits limits;
	struct relevance *relevance;
	struct findings *findings;
	struct addrnames *names;
	struct updates *updates;
	void *self;
	struct prefix expected;         /* a client */
	char told[TRIAL_TEXT];          /* "kind severity confidence count", separated by "; " */
	char words[TRIAL_TEXT];         /* causes and evidence */
};

void trial_begin(struct trial *t, const struct analyzer *analyzer, const struct relevance_options *options);

/* The same with an update point, as --sup has it, and clients, as --client has them; NULL: none. */
void trial_begin_expecting(struct trial *t, const struct analyzer *analyzer, const char *sup,
                           const char *client);

void trial_connection(struct trial *t, const struct connection *c);
void trial_exchange(struct trial *t, const struct exchange *x);
void trial_tls(struct trial *t, const struct tls_session *s);
void trial_fact(struct trial *t, const struct fact *fact);
void trial_end(struct trial *t, int64_t now);           /* settles, fills told and words, frees */
void trial_free(struct trial *t);                      /* of one that does not come to its end */

/* Fails the test of that name unless just this was found, and said (NULL: whatever). */
void trial_expect(const struct trial *t, const char *name, const char *told, const char *says);

/* "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80"; fails the test when it is none. */
struct addr addr_at(const char *text);
struct endpoint endpoint_at(const char *text);

/* An established connection that ended by FIN, `at` seconds into the capture, one second long. */
struct connection connection_at(const char *client, const char *server, int64_t at);

/* A POST of a SOAP call on it, whole, unanswered, sent when the connection began. */
struct exchange call_on(const struct connection *c, const char *path);

/* Its answer comes whole after so many ms. */
void answer(struct exchange *x, unsigned status, int64_t ms);

#endif
