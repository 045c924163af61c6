/* tests/fuzz_config.c - any bytes as a file of options: taken or refused in words; what is taken says the
 * same once it is written as a file again. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory, and the path that opens it. */
static int put(struct span bytes, char path[static 40])
{
	int fd = memfd_create("options", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len)
		abort();
	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return fd;
}

/* The caller's to free; NULL: refused. */
static char *dumped(struct span bytes)
{
	char path[40], word[] = "capture", option[] = "--config", *argv[] = { word, option, path, NULL };
	int fd = put(bytes, path);
	static struct options o;
	struct fault f = { 0 };
	char *text = NULL;
	size_t len;

	if (options_parse(&o, 3, argv, FOR_CAPTURE, &f)) {
		FILE *out = open_memstream(&text, &len);

		if (!out || !config_write(out, &o) || fclose(out))
			abort();
	} else if (f.kind == FAULT_NONE || !strstr(f.text, path))
		abort();
	close(fd);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *first = dumped(span_of(data, size)), *second;

	if (!first)
		return 0;
	/* Written with all its remarks and escapes, it may be too long to be read. */
	second = strlen(first) < CONFIG_MAX ? dumped(span_text(first)) : strdup(first);
	if (!second || strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
	return 0;
}
