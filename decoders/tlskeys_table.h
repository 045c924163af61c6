/* decoders/tlskeys_table.h - secrets by what they are found by, packed: about half as long as their key log.
 *
 * A key's first record holds the key; its other secrets hang on that one.  Records lie in blocks that never
 * move, so what is lent stays; all is wiped when it is released.
 */
#ifndef DECODERS_TLSKEYS_TABLE_H
#define DECODERS_TLSKEYS_TABLE_H

#include "decoders/tlskeys_line.h"

struct tlskeys_block;

struct tlskeys_table {
	struct budget *budget;          /* borrowed, may be NULL */
	struct tlskeys_block **blocks;
	size_t block_count, block_room;
	uint8_t *tags;                  /* of each slot: 0 free, else some bits of its hash */
	uint32_t *places;               /* of each slot: its key's first record */
	size_t slot_count;              /* a power of two, or 0 */
	size_t key_count;
};

void tlskeys_table_init(struct tlskeys_table *t, struct budget *budget);
void tlskeys_table_release(struct tlskeys_table *t);

enum tlskeys_put { TLSKEYS_PUT_NEW, TLSKEYS_PUT_AGAIN, TLSKEYS_PUT_REFUSED };

/* The same key and kind again: the later secret stays.  REFUSED: no memory, and nothing changed. */
enum tlskeys_put tlskeys_table_put(struct tlskeys_table *t, const struct tlskeys_line *line);

/* Empty: not there.  Lent until a secret of that key and kind is put again, or all is released. */
struct span tlskeys_table_get(const struct tlskeys_table *t, unsigned which,
                              const uint8_t key[static TLSKEYS_KEY]);

#endif
