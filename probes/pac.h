/* probes/pac.h - what a proxy script says of one URL (libpacparser).
 *
 * A script is a stranger's program: it runs in a child of its own, with so much time and memory and no more,
 * and what it says comes back through a pipe.  Names that it looks up are looked up by the system, unseen.
 */
#ifndef PROBES_PAC_H
#define PROBES_PAC_H

#include "probes/loop.h"
#include "probes/target.h"

enum { PAC_SCRIPT_MAX = 1 << 20, PAC_CHOICES_MAX = 16, PAC_ERROR_MAX = 200 };

/* X(symbol, word of the script, whether a Windows client can use it) */
#define PAC_KINDS(X)                                                            \
	X(DIRECT, "DIRECT", true)                                               \
	X(PROXY, "PROXY", true)                                                 \
	X(HTTP, "HTTP", true)                                                   \
	X(HTTPS, "HTTPS", false)                                                \
	X(SOCKS, "SOCKS", false)                                                \
	X(SOCKS4, "SOCKS4", false)                                              \
	X(SOCKS5, "SOCKS5", false)                                              \
	X(UNREADABLE, "", false)

#define X(symbol, word, usable) PAC_##symbol,
enum pac_kind { PAC_KINDS(X) };
#undef X

struct pac_choice {
	enum pac_kind kind;
	struct target proxy;            /* but for DIRECT; has scheme and port */
};

struct pac_result {
	char error[PAC_ERROR_MAX];      /* "": it ran; else why it gave no answer, in one line */
	bool unending;                  /* its time was over: it would be the next time, too */
	char text[PAC_ERROR_MAX];       /* what it said, as far as that fits; no passwords */
	struct pac_choice choices[PAC_CHOICES_MAX];
	unsigned count;
	unsigned left_out;              /* that had no room */
};

/* Reads "PROXY proxy01:3128; DIRECT" into choices. */
void pac_read(struct span answer, struct pac_result *result);

struct pac_options {
	struct span script;             /* lent until done */
	const char *url, *host;
	const char *ours;               /* what myIpAddress() says; NULL or "": whatever the system thinks */
	int64_t timeout;                /* ns; 0, or more than 5 s: 5 s */
};

struct pac;

/* `done` is told once, never before this returns, unless pac_stop came first.  NULL: out of memory, or
 * there can be no child. */
struct pac *pac_start(struct loop *l, const struct pac_options *o,
                      void (*done)(void *self, const struct pac_result *result), void *self);
void pac_stop(struct pac *p);

/* Whether a Windows client can use such an entry. */
bool pac_usable(enum pac_kind kind);

#endif
