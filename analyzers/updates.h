/* analyzers/updates.h - the updates that servers told of, and their files, as far as the capture shows.
 *
 * Learned from the metadata of any server and client, and shared by all who judge.  A revision id is a server
 * database's own; an update's id and a file's SHA-1 are the same everywhere.
 */
#ifndef ANALYZERS_UPDATES_H
#define ANALYZERS_UPDATES_H

#include "base/map.h"
#include "facts/fact.h"
#include "facts/updatefile.h"
#include "facts/wsuscall.h"

enum { UPDATE_TITLE = 160, UPDATE_KB = 16, UPDATE_SEVERITY = 16, UPDATE_TEXT = 190 };
enum { UPDATE_FILE_NAME = 72, UPDATE_FILE_TEXT = 280 };

struct update_known {
	struct wsus_guid id;            /* zeros: not told */
	uint32_t revision;
	char kb[UPDATE_KB];             /* "9000001"; "" */
	char severity[UPDATE_SEVERITY]; /* MSRC's: "Critical"; "" */
	const struct update_file *files;        /* the newest first; NULL: none was told */
	unsigned file_count;
	char title[UPDATE_TITLE];       /* "": not told; last: the rest is looked at more often */
};

struct update_file {
	uint8_t sha1[SHA1_BYTES];
	int64_t size;                   /* -1: not told */
	uint64_t frame;                 /* where it was first told */
	char name[UPDATE_FILE_NAME];    /* "" */
	const struct update_known *update;      /* NULL: not told */
	const struct update_file *next;         /* of the same update */
};

struct updates;

struct updates *updates_new(void);      /* NULL: out of memory */
void updates_free(struct updates *u);
void updates_fact(struct updates *u, const struct fact *fact);

/* NULL: nothing was told of it.  Lent until the next fact. */
const struct update_known *updates_of(const struct updates *u, const struct wsus_guid *id);
const struct update_file *updates_file(const struct updates *u, const uint8_t sha1[static SHA1_BYTES]);

/* Those with a title or a KB number, in the order of telling; none of NULL.  Lent. */
size_t updates_count(const struct updates *u);
const struct update_known *updates_at(const struct updates *u, size_t i);

/* '"2026-03 Contoso update" (KB9000001)', "KB9000001", or "" when neither is known. */
const char *update_text(const char *title, const char *kb, char text[static UPDATE_TEXT]);

/* 'contoso-x64.cab of "2026-03 Contoso update" (KB9000001)'; of a file that is NULL what the address says. */
const char *update_file_text(const struct update_file *file, struct span address,
                             char text[static UPDATE_FILE_TEXT]);

#endif
