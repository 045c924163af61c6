/* analyzers/scanlive.h - a scan that goes on: for scan*.c alone. */
#ifndef ANALYZERS_SCANLIVE_H
#define ANALYZERS_SCANLIVE_H

#include "analyzers/scan.h"
#include "analyzers/words.h"

struct live {
	struct scan scan;
	uint64_t vector;                /* hash of MS-CV's base; 0 none was sent */
	uint64_t cookie;                /* hash of the cookie that its next call should carry; 0 unknown */
	enum wsus_method last;          /* of its calls, reports aside; METHOD_UNKNOWN: none yet */
	bool last_worked;               /* and that was answered without an error */
	bool drivers_asked;             /* its driver pass has begun */
	bool bodies_read;
	struct live **of;               /* the way's list of scans that go on */
	struct live *beside;            /* the next in that list, longer quiet */
	struct live *before, *after;    /* of all that go on, by their last call */
};

/* What a call says about whose it is. */
struct call_marks {
	enum wsus_method method;        /* METHOD_UNKNOWN: self-update, a download */
	enum rung_name rung;
	int64_t time;
	uint64_t stream, vector, cookie;
	bool drivers, drivers_told;     /* SyncUpdates of the driver pass; whether its body tells */
};

struct call_marks call_marks_of(const struct exchange *x);

/* Only reports and downloads: they belong to a scan, and begin none. */
bool scan_is_followed_by(const struct call_marks *m);

/* The call is no part of the scan, but the first of its successor. */
bool scan_begins_anew(const struct live *l, const struct call_marks *m);

/* That scan may go on beside the new one: another client behind the same address. */
bool scan_goes_on_beside(const struct live *l, const struct call_marks *m);

/* How long calls of one scan may be apart, and how long it is waited for what follows it. */
int64_t scan_gap(enum climber c);
#define SCAN_QUIET (1800 * MOMENT_S)

/* Begins with that call, which scan_take then adds. `from_start`: the capture, or what we know of the client,
 * is longer than a gap already, so nothing of it can have come before. */
void scan_begin(struct live *l, const struct exchange *x, const struct call_marks *m, bool from_start);
void scan_take(struct live *l, const struct exchange *x, const struct call_marks *m, struct words *words);

/* Names its kind, tells what was skipped, and why it is over. */
void scan_close(struct live *l);

#endif
