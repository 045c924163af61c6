/* probes/request.h - the HTTP requests of one step, one after another, and their answers in words.
 *
 * A module's work for a step begins with a struct request and is allocated by calloc: it is freed when the
 * step is over, or stopped.
 */
#ifndef PROBES_REQUEST_H
#define PROBES_REQUEST_H

#include "facts/answerer.h"
#include "probes/plan.h"

enum { REQUEST_TEXT = 240, REQUEST_KEPT = 8192 };

struct request {
	struct step *step;
	struct fetch *fetch;            /* under way; NULL */
	unsigned turn;                  /* how many were answered before */
	char url[FETCH_URL_MAX];
	void (*heard)(struct request *r, const struct fetch_result *result);
};

/* Sets step->work to new memory of `size`, all zeros behind the request; NULL: the step has ended for want
 * of it. */
void *request_new(struct step *s, size_t size,
                  void (*heard)(struct request *r, const struct fetch_result *result));

/* Options for the way's site, and for another port and scheme of its host. */
struct fetch_options request_options(struct request *r, const char *method, const char *path);
struct fetch_options request_elsewhere(struct request *r, const char *method, bool https, uint16_t port,
                                       const char *path);

/* `heard` is told once; or the step has ended, as there was no memory. */
void request_send(struct request *r, const struct fetch_options *o);

/* What was answered last is a counter-proof that shows nothing: no judge is to hear of it. */
void request_aside(struct request *r);

/* Ends the step, and frees its work. */
void request_over(struct request *r, enum check_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void request_stop(struct step *s);      /* as a step_kind's `stop` */

/* Who made the answer; its spans live as the result does. */
struct answerer request_maker(const struct fetch_result *result);

/* "403 from IIS 10.0", "no connection: refused", "no answer: ...". */
const char *request_said(const struct fetch_result *result, char text[static REQUEST_TEXT]);

/* What keeps a lenient step from starting, as the plan would say it. */
const char *request_needs(const struct step *need, char text[static CHECK_DETAIL_MAX]);

/* Where update files, and all that stays plain, are served: the site's own port, of an https site the one
 * below, 80 for 443 (MS-WUSP 2.1). */
uint16_t request_plain_port(const struct site *site);

#endif
