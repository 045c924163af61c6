/* tests/rehearsal.h - a plan of a few modules against servers of the test, and what its checks came to.
 *
 * The host of every site is 127.0.0.1 under a name of the test's choice; whatever comes before the modules,
 * names and ports, is taken to have ended well.
 */
#ifndef TESTS_REHEARSAL_H
#define TESTS_REHEARSAL_H

#include "probes/plan.h"

struct rehearsal {
	struct plan plan;
	struct probe_options options;
	struct site *site;
	struct way *direct;
};

/* With options as they stand in r->options, which the caller sets before, and one site. */
void rehearsal_begin(struct rehearsal *r, const char *url);
struct site *rehearsal_site(struct rehearsal *r, const char *url);      /* one more; with a direct way */
struct way *rehearsal_proxy(struct rehearsal *r, struct site *site, const char *url);   /* each URL: one */
void rehearsal_run(struct rehearsal *r);
void rehearsal_end(struct rehearsal *r);

/* The check of that name (the last one; through a proxy when `proxied`); fails the test that has none. */
const struct check *rehearsal_check(const struct rehearsal *r, const char *name, bool proxied);

/* Fails unless it has that state and its detail has these words ("": whatever). */
void rehearsal_expect(const struct rehearsal *r, const char *name, bool proxied, enum check_state state,
                      const char *says);

/* For a plan of a test's own: the next of its sites and proxies, nothing known of it but its URL; and what a
 * check has to be. */
struct site *rehearsal_bare_site(struct plan *p, const char *url);
struct proxy *rehearsal_bare_proxy(struct plan *p, const char *url);
void rehearsal_is(const struct check *told, enum check_state state, const char *says);

#endif
