/* cli/progress.c - percent and frames, four times a second at most. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { STEP_MS = 250 };

struct progress progress_start(const struct options *o)
{
	bool on = o->progress == WHEN_ALWAYS ||
	          (o->progress == WHEN_AUTO && !o->quiet && isatty(STDERR_FILENO));

	/* Short files finish before the first line is due. */
	return (struct progress){ .on = on, .next = on ? clock_monotonic() + 2 * STEP_MS * MOMENT_MS : 0 };
}

void progress_show(struct progress *p, const struct source *s, uint64_t frames)
{
	uint64_t size = source_size(s), at = source_position(s);

	if (!p->on || clock_monotonic() < p->next)
		return;
	p->next = clock_monotonic() + STEP_MS * MOMENT_MS;
	p->shown = true;
	if (size)
		fprintf(stderr, "\r%3llu %%  %llu frames",
		        (unsigned long long)(at < size ? at * 100 / size : 100),
		        (unsigned long long)frames);
	else
		fprintf(stderr, "\r%llu MiB  %llu frames", (unsigned long long)(at >> 20),
		        (unsigned long long)frames);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r                                        \r", stderr);
	p->shown = false;
}
