/* analyzers/announced.h - the update files that servers announced, found again by their SHA-1.
 *
 * From the metadata of any server and client in the capture: what a file is called, how large it is, and
 * which update it belongs to.  A digest is a file's name for good, so one table serves all.
 */
#ifndef ANALYZERS_ANNOUNCED_H
#define ANALYZERS_ANNOUNCED_H

#include "base/map.h"
#include "facts/exchange.h"
#include "facts/updatefile.h"

enum { ANNOUNCED_NAME = 72, ANNOUNCED_TITLE = 96, ANNOUNCED_KB = 12, ANNOUNCED_TEXT = 240 };

struct announced {
	int64_t size;                   /* -1: not told */
	uint64_t frame;                 /* where it was first told */
	char name[ANNOUNCED_NAME];      /* of the file; "" */
	char title[ANNOUNCED_TITLE], kb[ANNOUNCED_KB];  /* of the update; "" */
};

struct announced_files {
	struct map files;               /* SHA-1 -> struct announced */
};

void announced_init(struct announced_files *a);
void announced_release(struct announced_files *a);
void announced_fact(struct announced_files *a, const struct exchange *x);

/* NULL: nobody announced it, or not where it could be read. */
const struct announced *announced_find(const struct announced_files *a, const uint8_t *sha1);

/* 'contoso-kb9000001-x64.cab of "2026-03 Contoso update (KB9000001)"', or what the address says.  `file` may
 * be NULL.  ANNOUNCED_TEXT bytes.  Returns `text`. */
const char *announced_text(const struct announced *file, struct span address, char *text);

#endif
