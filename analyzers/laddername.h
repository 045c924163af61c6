/* analyzers/laddername.h - the lowest rung: what a client and its update point are called, and whether the
 * client found that name. */
#ifndef ANALYZERS_LADDERNAME_H
#define ANALYZERS_LADDERNAME_H

#include "analyzers/ladder.h"
#include "analyzers/addrnames.h"
#include "analyzers/words.h"

/* Fills the names that nothing better told, and the rung; the names are lent by `names`. */
void ladder_name(struct ladder *n, const struct addrnames *names, struct words *words);

/* A name of the update path that the story's client never found, and never reached. */
bool ladder_lacks_name(const struct name_story *s, const struct name_stories *stories,
                       const struct relevance *relevance);

#endif
