/* veil/find.h - values in free text: what the registry knows, and what has the shape of a value.
 *
 * For bodies, pages, headers and paths whose structure nobody reads.  Found are
 *   - learned values as whole words, in any case: what is before and behind is no letter or digit (where
 *     the value begins and ends with one); short ones and words that everybody uses are left where they
 *     stand (find_searchable);
 *   - shapes: addresses, GUIDs, SIDs, MAC addresses, e-mail addresses, hosts of UNC paths, folders of
 *     users' profiles, and runs of hexadecimal or base64 from 32 characters on.
 * All become what the registry has for them, in place and in the same length.  The work is bounded by the
 * text's length.
 */
#ifndef VEIL_FIND_H
#define VEIL_FIND_H

#include "veil/names.h"

struct finder;

/* Of what has been learned so far, once names are sealed; both are borrowed.  NULL: out of memory. */
struct finder *finder_new(struct names *names, struct budget *budget);
void finder_free(struct finder *f);

/* Rewrites text in place; UTF-8 or any bytes that hold ASCII.  Returns how many values were replaced. */
size_t finder_text(const struct finder *f, uint8_t *text, size_t len);

/* The same of UTF-16LE. */
size_t finder_utf16(const struct finder *f, uint8_t *text, size_t len);

/* Whether a learned value is looked for outside its place, by finder_text and by the check at the end. */
bool find_searchable(const struct name *name);

#endif
