/* base/moment.h - points in time: nanoseconds since 1970-01-01T00:00:00Z, as int64_t.
 *
 * Time always comes from frames; nothing here reads a clock.
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/span.h"

#define MOMENT_MS  INT64_C(1000000)
#define MOMENT_S   INT64_C(1000000000)
#define MOMENT_NONE INT64_MIN           /* not known */

/* Less is disorder among frames; what lies farther back comes from a clock that was set. */
#define MOMENT_SET_BACK (60 * MOMENT_S)

enum { MOMENT_TEXT = 40, CLOCK_TEXT = 16 };

/* "2026-03-10T09:15:00.123456789Z" (RFC 3339); "" for MOMENT_NONE.  Returns `text`. */
const char *moment_text(int64_t ns, char text[static MOMENT_TEXT]);

struct tm;

/* A date and time of the Gregorian calendar in UTC; MOMENT_NONE: not a date, or out of range. */
int64_t moment_of(const struct tm *utc);

/* "2026-03-10T09:15:00.5Z", with an offset, or with neither, which is taken for UTC (XML Schema 1.0 part 2,
 * section 3.2.7).  What is finer than a nanosecond is cut.  MOMENT_NONE: not a dateTime, or out of range. */
int64_t moment_read(struct span text);

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7; the older forms nobody sends).  MOMENT_NONE: not
 * so, or before 1900. */
int64_t moment_read_http(struct span text);

/* "09:15:00", in UTC. */
const char *moment_clock(int64_t ns, char text[static CLOCK_TEXT]);

/* Time that passes while frames do, whatever their clock does: begins as zeros. */
struct passage {
	int64_t time;                   /* of the frames now: goes back with a clock that was set back */
	int64_t elapsed;                /* ns, since the first; it never goes back */
	bool started;
};

/* A frame of that time.  More than four hours at one step, a clock that was set or a long quiet, are none:
 * they say nothing of what is on both sides of them. */
static inline int64_t moment_pass(struct passage *p, int64_t time)
{
	int64_t step = (int64_t)((uint64_t)time - (uint64_t)p->time);

	if (p->started && step <= 0 && step >= -MOMENT_SET_BACK)
		return p->elapsed;
	if (p->started && step > 0 && step < 4 * 3600 * MOMENT_S)
		p->elapsed += step;
	p->time = time;
	p->started = true;
	return p->elapsed;
}

#endif
