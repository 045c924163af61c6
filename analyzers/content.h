/* analyzers/content.h - what becomes of update files: the parts of one analyzer, content.c.
 *
 * Each judges by its own memory of what clients asked for, and by the files that servers told of.
 */
#ifndef ANALYZERS_CONTENT_H
#define ANALYZERS_CONTENT_H

#include "analyzers/updates.h"
#include "analyzers/web.h"

/* ---- absent.c: files that are not there ---- */
struct absences {
	const struct analyzer_env *env; /* borrowed */
	struct map cases;               /* client and server -> struct absence */
	struct map stocks;              /* server -> struct stock */
};

void absences_init(struct absences *a, const struct analyzer_env *env);
void absences_release(struct absences *a);
void absences_exchange(struct absences *a, const struct exchange *x);
void absences_look(struct absences *a, int64_t before);         /* judges what failed before that moment */

/* ---- download.c: files that came and are not what they should be ---- */
struct downloads {
	const struct analyzer_env *env; /* borrowed */
	struct map young, old;          /* client, server and SHA-1 -> struct download */
};

void downloads_init(struct downloads *d, const struct analyzer_env *env);
void downloads_release(struct downloads *d);
void downloads_exchange(struct downloads *d, const struct exchange *x);

/* ---- redirect.c: files that are sent on to HTTPS ---- */
struct redirects {
	const struct analyzer_env *env; /* borrowed */
	struct map cases;               /* both machines -> struct redirect */
};

void redirects_init(struct redirects *r, const struct analyzer_env *env);
void redirects_release(struct redirects *r);
void redirects_exchange(struct redirects *r, const struct exchange *x);
void redirects_tls(struct redirects *r, const struct tls_session *t);
void redirects_connection(struct redirects *r, const struct connection *conn);
void redirects_look(struct redirects *r, int64_t now);          /* judges what failed long before that */
void redirects_end(struct redirects *r, int64_t now);

/* Client, server and what tells cases of the two apart, as a key. */
enum { CONTENT_KEY_MAX = 16 + sizeof(struct server_key) + SHA1_BYTES };

struct content_key {
	size_t len;
	uint8_t bytes[CONTENT_KEY_MAX];
};

struct content_key content_key_of(const struct exchange *x, struct span more);

#endif
