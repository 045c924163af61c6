/* decoders/soappaths.h - where calls have values: for each method and side, the paths as one tree.
 *
 * facts/wsusfields.def and soapparts.def are the rows.  Every element of a body is looked for in a tree, so a
 * tree is made once, and a step down it costs a look at one byte where the name leads nowhere.
 */
#ifndef DECODERS_SOAPPATHS_H
#define DECODERS_SOAPPATHS_H

#include "facts/connection.h"
#include "facts/wsuscall.h"
#include "facts/wsusmethods.h"

enum { SOAPPATHS_ROWS_MAX = 64 };       /* of a method and side: a bit each */

struct soaprow {
	const char *path;
	enum wsus_method method;
	enum side side;
	enum { FIELD_ROW, PART_ROW } kind;
	enum wsus_type type;            /* of a field */
	unsigned which;                 /* enum wsus_field, enum soappart */
};

/* An element that leads somewhere.  Of the rows that end here, by number in their tree: */
struct soappath {
	const char *name;               /* its first `len` letters */
	size_t len;
	uint64_t texts;                 /* those that its end matters to */
	uint64_t counts;                /* those that count it */
	uint64_t attributes;            /* those that one of its attributes is the value of */
	uint32_t letters;               /* that the names below it begin with: a bit each */
	struct soappath *child, *next;
};

struct soaptree {
	const struct soaprow *rows;
	unsigned count;
	uint64_t zeros;                 /* rows that count, and are 0 where there is none */
	struct soappath root;           /* the method's element */
};

struct soappaths;

/* NULL: out of memory. */
struct soappaths *soappaths_new(void);
void soappaths_free(struct soappaths *p);               /* NULL is fine */

/* Lives as long as `p`; of an unknown method it leads nowhere. */
const struct soaptree *soappaths_tree(const struct soappaths *p, enum side side, enum wsus_method method);

/* The element of that name (NUL-terminated) below `up`; NULL: it leads nowhere. */
const struct soappath *soappath_below(const struct soappath *up, const char *name);

/* What follows '@' or '=' at the end of the row's path; NULL: there is no such mark. */
const char *soaprow_after(const struct soaprow *row, char mark);

#endif
