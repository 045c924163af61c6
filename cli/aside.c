/* cli/aside.c - standard error through a pipe that nobody waits for. */
#include "cli/aside.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool aside_begin(struct aside *a)
{
	int ends[2];

	*a = (struct aside){ .real = -1, .pipe = -1 };
	a->kept = calloc(ASIDE_KEPT, sizeof *a->kept);
	if (!a->kept || pipe2(ends, O_CLOEXEC | O_NONBLOCK)) {
		free(a->kept);
		a->kept = NULL;
		return false;
	}
	fflush(stderr);
	a->pipe = ends[0];
	a->real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	return true;
}

static const char *whole(struct aside *a)
{
	const char *line = a->line;

	a->line[a->len] = '\0';
	a->len = 0;
	if (a->count < ASIDE_KEPT) {
		memcpy(a->kept[a->count], a->line, sizeof a->line);
		line = a->kept[a->count++];
	} else {
		a->lost++;
	}
	return line;
}

const char *aside_line(struct aside *a)
{
	char c;

	while (a->pipe >= 0 && read(a->pipe, &c, 1) == 1) {
		if (c == '\n')
			return whole(a);
		if (a->len + 1 < sizeof a->line)
			a->line[a->len++] = c;
	}
	return NULL;
}

void aside_end(struct aside *a)
{
	if (!a->kept)
		return;
	while (aside_line(a))
		;
	if (a->len)
		whole(a);
	if (a->real >= 0) {
		dup2(a->real, STDERR_FILENO);
		close(a->real);
	}
	close(a->pipe);
	for (size_t i = 0; i < a->count; i++)
		fprintf(stderr, "%s\n", a->kept[i]);
	if (a->lost)
		fprintf(stderr, "wsuscope: and %zu more lines\n", a->lost);
	free(a->kept);
	*a = (struct aside){ .real = -1, .pipe = -1 };
}
