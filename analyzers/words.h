/* analyzers/words.h - short texts that come again and again, each kept once.
 *
 * What agents call themselves, how answers are told: a hundred thousand clients have a handful of them.
 */
#ifndef ANALYZERS_WORDS_H
#define ANALYZERS_WORDS_H

#include "base/map.h"

struct budget;

enum { WORDS_TEXT = 320 };              /* longer ones are cut there */

struct words {
	struct map by_text;
};

void words_init(struct words *w, size_t ceiling, struct budget *budget);
void words_release(struct words *w);

/* The text up to a NUL byte, terminated by one, as long as `w` lives; its bytes are those of the wire.
 * "": it is empty, or no more are kept. */
const char *words_keep(struct words *w, struct span text);

#endif
