/* probes/probe.h - the whole of a probe, for whoever runs one.
 *
 * A plan is made of the options alone: what would be sent is known before anything is.  Running it fills the
 * checks and the tape.
 */
#ifndef PROBES_PROBE_H
#define PROBES_PROBE_H

#include "base/fault.h"
#include "facts/check.h"
#include "probes/tape.h"

struct body_decoder;

struct probe_options {
	const char *const *targets;     /* URL or HOST[:PORT] */
	size_t target_count;
	const char *const *proxies;     /* -x; "environment" takes what http_proxy and https_proxy name */
	size_t proxy_count;
	const char *pac;                /* --pac: URL or file of a script; NULL */
	bool wpad;                      /* --wpad: look for wpad and its script, and use what it says */
	const char *proxy_user;         /* -U USER:PASSWORD; NULL */
	const char *server_user;        /* --user; NULL */
	const char *const *resolve;     /* --resolve HOST:PORT:ADDR */
	size_t resolve_count;
	const char *certificate, *key, *authorities;    /* --cert, --key, --cacert; NULL */
	bool insecure;                  /* -k: a certificate that is not trusted stops nothing */
	bool only_v4, only_v6;          /* -4, -6 */
	const char *version;            /* "0.1.0", for the User-Agent; NULL: none is said */
	bool as_agent;                  /* says what a Windows Update Agent says */
	bool registers;                 /* --register: may change what the server knows of clients */
	bool upstream;                  /* --upstream: the hosts that a synchronising server needs, too */
	bool quick;                     /* --quick: no path, MTU, version and cipher checks */
	const char *content;            /* --content: URL or path of a file; NULL: the check file */
	const char *machine;            /* name that the probe gives for itself; NULL: this host's */
	int64_t connect_timeout;        /* ns; 0: 5 s */
	int64_t check_timeout;          /* ns; 0: 15 s */
	int64_t timeout;                /* ns for the whole run; 0: 120 s */
	unsigned parallel;              /* checks at once; 0: 256 */
	bool keeps_tape;                /* false: nobody will read the tape, as packets are captured */
	const struct body_decoder *decoder;     /* xpresshook.h; NULL: answers are not asked for in xpress */
};

struct probe;

/* NULL: the fault says why: a target that is none, no memory.  Nothing has been sent. */
struct probe *probe_new(const struct probe_options *o, struct fault *f);
void probe_free(struct probe *p);

size_t probe_count(const struct probe *p);
const struct check *probe_check(const struct probe *p, size_t i);       /* lent; in the order of the plan */

/* One line of what the check would send, for --plan. */
const char *probe_sends(const struct probe *p, size_t i);

/* Runs the plan to its end, to its time, or until probe_stop; then every check has its state.  `ended` hears
 * of each as it ends; NULL: nobody. */
void probe_run(struct probe *p, void (*ended)(void *self, const struct check *check), void *self);
void probe_stop(struct probe *p);       /* from a signal's handler, too */

const struct tape *probe_tape(const struct probe *p);

/* Of what was learned: addresses of the target's host, for whoever wants to know whose packets these are. */
size_t probe_peers(const struct probe *p, struct endpoint *to, size_t max);

#endif
