/* tests/rewrite_story.h - what the engine makes of a reel, as lines that no rewrite may change.
 *
 * Per connection: how it began and ended, its bytes, its exchanges and TLS sessions in order; then
 * the ladders and the findings. Frame numbers, times and the words of causes are left out;
 * addresses are those before REWRITE_IPV6.
 */
#ifndef TESTS_REWRITE_STORY_H
#define TESTS_REWRITE_STORY_H

#include "tests/rewrite.h"

struct story_line {
	uint64_t group;                 /* connection, then what comes after them */
	size_t number;
	char *text;
};

struct story {
	struct story_line *lines;
	size_t count, room;
};

void story_of_reel(struct story *s, const struct reel *t);

/* Of a capture file in memory, by way of a source. */
void story_of_file(struct story *s, struct span file);

void story_release(struct story *s);

/* A line begins with these words. */
bool story_has(const struct story *s, const char *words);

/* Prints the lines in which they differ, "-" and "+" before them; how many those are. Lines that
 * begin with one of the words, which are separated by commas, do not count. */
size_t story_differences(const struct story *was, const struct story *is, const char *but);

#endif
