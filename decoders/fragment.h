/* decoders/fragment.h - the escaped XML inside of an update's `Xml`, read as it streams past.
 *
 * A fragment (MS-WUSP 3.1.1.1) is XML of several roots, without a declaration and without namespaces; that of
 * server to server (MS-WSUSSS) has one root and prefixes.  All but a few elements is rules, so this is a
 * scanner: it finds tags, follows the few places that tell something, and skips the rest.  A document type
 * ends the reading.  A tag that is longer than is held is read as far as it is held.
 */
#ifndef DECODERS_FRAGMENT_H
#define DECODERS_FRAGMENT_H

#include "base/arena.h"
#include "facts/wsuscall.h"

struct fragcache;
struct fragment;

/* Who is told of the files that a fragment names. */
struct fragment_files {
	void (*found)(void *to, const struct wsus_file *file);
	void *to;
};

/* One reader reads any number of fragments, one after the other.  What `cache` knows is not read again; it is
 * borrowed, and may be NULL.  NULL: out of memory, or of budget. */
struct fragment *fragment_new(struct budget *budget, struct fragcache *cache);
void fragment_free(struct fragment *f);                 /* NULL is fine */

/* What the fragment tells goes to `update`, where it has no value yet; texts live in `arena`. */
void fragment_begin(struct fragment *f, struct wsus_update *update, struct fragment_files files,
                    struct arena *arena);
void fragment_text(struct fragment *f, struct span text);       /* in pieces, cut anywhere */
bool fragment_end(struct fragment *f);                  /* false: some of it did not fit the arena */

#endif
