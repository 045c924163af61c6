/* tests/place.h - a directory of a test's own, and a keeper of files in it. */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include <limits.h>

#include "guard/keeper.h"

struct place {
	char dir[64];
};

/* Setup and teardown of cmocka: *state becomes the place, and all in it is gone in the end. */
int place_make(void **state);
int place_remove(void **state);

void place_clean(const struct place *p);
const char *place_path(const struct place *p, const char *name, char path[static PATH_MAX]);

void place_put(const char *path, const char *text);
void place_holds(const char *path, const char *text);

/* Writes through a descriptor that was kept, and closes it. */
void place_say(int fd, const char *text);

/* A keeper of one name: with its process, or without. */
struct keeper *place_keep(bool started, enum keeper_kind kind, const char *path, bool append);

#endif
