/* veil/words.h - words that tell nothing about anybody, and that judges read: they stay. */
#ifndef VEIL_WORDS_H
#define VEIL_WORDS_H

#include "base/span.h"

/* The run of letters at the front of `rest` is the word for a role: "wsus" of "wsus01".  Its length;
 * 0: none. */
size_t words_role(struct span rest);

/* The last label of a host's name that may stay: "com", "local", a country's. */
bool words_top_label(struct span label);

/* What everybody's text is full of: not looked for outside its place, though it may be somebody's
 * name. */
bool words_common(struct span word);

/* What stays in names of certificates: "DigiCert", "Issuing", "CA". */
bool words_authority(struct span word);

#endif
