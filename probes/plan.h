/* probes/plan.h - steps, what each waits for, and who runs them.
 *
 * A site is a server's port and scheme; a way leads to it, direct or through one proxy.  A step is one check,
 * mostly of a way.  It starts when all that it needs has ended well, and is skipped, with a reason,
 * when one has not.
 * Modules add steps for a way (steps.h); whatever one learns for another stands in the site or the way.
 */
#ifndef PROBES_PLAN_H
#define PROBES_PLAN_H

#include "facts/wsusmethods.h"
#include "probes/ask.h"
#include "probes/fetch.h"
#include "probes/probe.h"
#include "probes/target.h"

enum { SITE_ADDRESSES_MAX = 8, STEP_NEEDS_MAX = 4, SENDS_MAX = 160, CONFIG_CHANGE_MAX = 48 };
enum { CERTIFICATE_WORDS = 120, OFFERS_TEXT = 96 };

struct plan;
struct step;

struct step_kind {
	enum check_rung rung;
	void (*start)(struct step *s);  /* ends in step_end, now or later */
	void (*stop)(struct step *s);   /* frees s->work while it is under way; NULL: there is nothing */
	unsigned sockets;               /* that it holds at most at once; 0: those of one fetch */
	bool light;                     /* waits, and holds little but sockets: more run at once */
};

struct site {
	struct site *next;
	struct target target;           /* with scheme and port */
	bool asked_for;                 /* the user named this port or scheme; else it was only looked for */
	struct addr addresses[SITE_ADDRESSES_MAX];      /* in the order of preference */
	unsigned address_count;
	unsigned open_count;            /* of these, once its port was tried: they come first */
	enum dial_outcome closed;       /* what became of the first behind them */
	uint16_t other_port;            /* that is open where its own is not; 0: none is known */
	struct way *ways;               /* the first is direct */
	struct step *name, *port;       /* of the site: set by their modules */
	struct step *other;             /* looks for other ports; NULL */
};

struct proxy {
	struct proxy *next;
	struct target target;
	char url[TARGET_TEXT];          /* of the target, for curl: set by step_fetch */
	char origin[64];                /* "-x", "http_proxy", "wpad.dat": where it was named */
	/* A script is asked for each site: the target is known when `script` has ended, and may be none. */
	struct step *script;            /* NULL: it was named */
	struct site *site;              /* that the script is asked for */
	bool direct;
	bool http, https;               /* the schemes that it is for; of a script: its site alone */
	struct addr addresses[SITE_ADDRESSES_MAX];
	unsigned address_count;
	struct step *name, *port;
	char offers[OFFERS_TEXT];       /* logins that its 407 names: "Negotiate, NTLM"; "": none was seen */
};

struct way {
	struct way *next;
	struct plan *plan;
	struct site *site;
	struct proxy *proxy;            /* NULL: direct */
	/* steps that others wait for; NULL: there is none */
	struct step *reach;             /* a TCP connection, or the proxy's tunnel */
	struct step *tls;               /* the usual handshake */
	struct step *http;              /* the service answers at all */
	struct step *config, *authorization, *cookie;
	/* what SOAP calls hand on */
	char last_change[CONFIG_CHANGE_MAX];
	char protocol[16];              /* the server's */
	struct buf *authorization_cookie, *cookie_data; /* owned by the way; NULL: none yet */
	char cookie_expiration[CONFIG_CHANGE_MAX];
	/* what tells a proxy's or an inspector's certificate from the server's: SHA-256 of the leaf */
	bool has_leaf;
	uint8_t leaf[32];
	char leaf_issuer[CERTIFICATE_WORDS];
	/* and what its usual handshake showed of the certificate, for a step of its own */
	enum check_state certificate_state;
	char certificate_words[CHECK_DETAIL_MAX];       /* "": none was seen */
	uint16_t tls_version;           /* that was agreed on; 0: none */
};

struct step {
	const struct step_kind *kind;
	struct check told;
	struct way *way;                /* NULL: of a site or a proxy as a whole ... */
	struct site *site;              /* ... this one; or NULL */
	struct proxy *proxy;            /* ... this one; or NULL */
	struct plan *plan;
	struct step *needs[STEP_NEEDS_MAX];
	unsigned need_count;
	bool ended, running;
	bool lenient;                   /* starts when what it needs has ended, however */
	char sends[SENDS_MAX];          /* for --plan */
	unsigned variant;               /* the module's own: which of its table's rows */
	void *work;                     /* the module's own, while it runs */
};

struct plan {
	const struct probe_options *options;
	struct loop *loop;
	struct tape *tape;
	struct ask_system system;
	struct site *sites;
	struct site *upstream;          /* hosts that a synchronising server needs: no update points */
	struct proxy *proxies;
	struct step **steps;
	size_t step_count, step_room;
	size_t running, done;
	char agent[160];                /* the User-Agent that is said */
	bool stopping;
	struct schedule *schedule;      /* while it runs */
	struct auto_proxy *auto_proxy;  /* the script that names proxies, of its own module; NULL */
};

/* A step with its name and target filled in; NULL: out of memory.  `way` may be NULL with a site or proxy.
 * Where a script names the proxy, it is needed, and the step is skipped when it names none. */
struct step *plan_add(struct plan *p, const struct step_kind *kind, struct way *way, struct site *site,
                      struct proxy *proxy, const char *name);
void step_needs(struct step *s, struct step *other);    /* NULL is fine: nothing is needed */
void step_sends(struct step *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees s->work, a block that holds nothing else. */
void step_forget(struct step *s);

/* The step is over; what it needs to free is freed by its module before. */
void step_end(struct step *s, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void step_trouble(struct step *s, enum check_trouble trouble);

/* What is left depends on other steps: until step_end it takes no place among those that run. */
void step_rests(struct step *s);

bool step_well(const struct step *s);   /* ended OK or WARNING */

/* Skips what is lenient after all, for want of `need`, which went wrong. */
void step_skip(struct step *s, const struct step *need);

/* Remembers the connection, and the phases, in s->told. */
void step_talk(struct step *s, const struct dial_result *dial);
void step_fetched(struct step *s, const struct fetch_result *result);

/* Options of a request to the way's site: address, proxy, logins, times, TLS, agent.  `path` from '/'. */
struct fetch_options step_fetch(const struct step *s, const char *method, const char *path,
                                char url[static FETCH_URL_MAX]);

/* Steps, and the sites, ways and proxies, all of malloc: not what `plan` borrows. */
void plan_release(struct plan *p);

int64_t step_connect_timeout(const struct step *s);
int64_t step_timeout(const struct step *s);

#endif
