/* cli/tee.c - stdio's custom streams (fopencookie(3)). */
#include "cli/tee.h"

static ssize_t take(void *self, const char *text, size_t len)
{
	struct tee *tee = self;
	size_t written = fwrite(text, 1, len, tee->to);

	if (tee->hear)
		tee->hear(tee->self, span_of(text, written));
	return fflush(tee->to) ? 0 : (ssize_t)written;  /* 0: it failed */
}

static int finish(void *self)
{
	struct tee *tee = self;

	return tee->to == stdout ? fflush(tee->to) : fclose(tee->to);
}

FILE *tee_open(struct tee *tee)
{
	static const cookie_io_functions_t functions = { .write = take, .close = finish };

	return fopencookie(tee, "w", functions);
}
