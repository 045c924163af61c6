/* cli/veilkey.c - a file's bytes, or random ones. */
#include "cli/veilkey.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "veil/draw.h"

enum { FILE_LEAST = 16, FILE_MOST = 4096 };

static bool read_file(const char *path, uint8_t *bytes, size_t *len, struct fault *f)
{
	FILE *file = fopen(path, "rbe");
	bool good;

	if (!file)
		return fault_set(f, FAULT_INPUT,
		                 "%s: cannot be read: %s (a new key: head -c 32 /dev/urandom >%s)", path,
		                 strerror(errno), path);
	*len = fread(bytes, 1, FILE_MOST, file);
	good = !ferror(file);
	fclose(file);
	if (!good)
		return fault_set(f, FAULT_INPUT, "%s: cannot be read", path);
	if (*len < FILE_LEAST)
		return fault_set(f, FAULT_INPUT,
		                 "%s: a key has %d bytes or more, so that nobody guesses it (head -c 32 "
		                 "/dev/urandom >%s)", path, FILE_LEAST, path);
	return true;
}

bool veilkey_read(const char *path, uint8_t key[static NAMES_KEY], struct fault *f)
{
	uint8_t bytes[FILE_MOST], none[NAMES_KEY] = { 0 };
	struct draw d;
	size_t len = 0;

	if (!path)
		return getrandom(key, NAMES_KEY, 0) == NAMES_KEY ||
		       fault_set(f, FAULT_INPUT, "the system gives no random bytes: %s", strerror(errno));
	if (!read_file(path, bytes, &len, f))
		return false;
	draw_begin(&d, none, DRAW_BYTES, 0, span_of(bytes, len));
	for (size_t i = 0; i < NAMES_KEY; i++)
		key[i] = draw_byte(&d);
	explicit_bzero(bytes, sizeof bytes);
	explicit_bzero(&d, sizeof d);
	return true;
}

void veilkey_wipe(uint8_t key[static NAMES_KEY])
{
	explicit_bzero(key, NAMES_KEY);
}
