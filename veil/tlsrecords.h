/* veil/tlsrecords.h - records of one side whose content is being decided about.
 *
 * Pieces in the clear, and records that were opened, in the order in which they came.  Once all of one's
 * bytes are decided, and all before it, it goes where it lies in the stream, sealed anew if it was sealed.
 * What waits has a ceiling: then the oldest goes as it is, with zeros for what nobody decided.
 */
#ifndef VEIL_TLSRECORDS_H
#define VEIL_TLSRECORDS_H

#include "veil/tlstwin.h"

struct tlsrecord {
	uint64_t at;                    /* of its fragment in the stream */
	size_t len;                     /* of that */
	bool opened;                    /* false: it came in the clear */
	struct tlstwin_key *key;        /* of one that was opened; NULL: it is blanked */
	struct tlsseal_record sealed;   /* likewise; `content` is not used */
	uint8_t front[TLSSEAL_FRONT_MAX];
	bool carries;                   /* bytes of the stream inside ... */
	uint64_t inner_end;             /* ... that has come so far behind it */
	size_t content_len, undecided;
	uint8_t content[];              /* as it goes, then as it came */
};

struct tlsrecords {
	struct stream_shared *shared;
	const struct lane *lane;        /* borrowed, as all */
	enum side from;
	struct buf list;                /* of pointers, from `first` on */
	size_t first, waiting;          /* bytes of all that wait */
	uint64_t inner;                 /* bytes of the stream inside so far */
	unsigned busy;                  /* somebody reads: nothing goes */
};

void tlsrecords_init(struct tlsrecords *t, const struct stream_env *env, enum side from);
void tlsrecords_release(struct tlsrecords *t);

/* The next one, with all of its content undecided and all else zero.  NULL: no room.  It is there as long as
 * anything of it is undecided, or records are busy. */
struct tlsrecord *tlsrecords_add(struct tlsrecords *t, uint64_t at, size_t len, struct span content);

void tlsrecords_busy(struct tlsrecords *t);
void tlsrecords_done(struct tlsrecords *t);

/* Bytes of a record's content are replaced, or stay. */
void tlsrecords_put(struct tlsrecords *t, struct tlsrecord *r, size_t place, struct span bytes);
void tlsrecords_keep(struct tlsrecords *t, struct tlsrecord *r, size_t place, size_t len);
void tlsrecords_zero(struct tlsrecords *t, struct tlsrecord *r);        /* all of it */

/* So many bytes of the stream inside are in the record that was added last, or are missing. */
void tlsrecords_inner(struct tlsrecords *t, struct tlsrecord *r);
void tlsrecords_hole(struct tlsrecords *t, uint64_t len);

/* The next `len` bytes of the stream inside from `at` on: where they lie, as far as in one record.  NULL:
 * that has gone. */
struct tlsrecord *tlsrecords_find(struct tlsrecords *t, uint64_t at, size_t *place, size_t *len);

/* All that is there goes. */
void tlsrecords_end(struct tlsrecords *t);

#endif
