/* tests/opened.h - a capture decoded with keys, as rows of text. */
#ifndef TESTS_OPENED_H
#define TESTS_OPENED_H

#include "decoders/tlskeys.h"
#include "facts/limits.h"

struct opened {
	struct limits limits;
	char *exchanges;                /* "REQ frame method host target" and "RSP frame status", sorted */
	char *sessions;                 /* a line for each TLS session: its reading, records read and not */
	char *pairs;                    /* a line for each exchange, without frames and times */
};

/* Fails the test when the capture cannot be read.  `keys` may be NULL; secrets in the capture are added. */
void opened_read(struct opened *o, const char *capture, struct tlskeys *keys);

/* The same without `count` frames from number `first` on. */
void opened_read_without(struct opened *o, const char *capture, struct tlskeys *keys, uint64_t first,
                         uint64_t count);
void opened_free(struct opened *o);

/* Keys out of a file: a log, or (`log` false) a private key.  Fails the test when they cannot be read. */
struct tlskeys *opened_keys(const char *file, bool log);

/* A whole file.  NULL: there is none.  The caller frees it. */
char *opened_file(const char *path, size_t *len);

/* The lines of text, sorted; the caller frees it. */
char *opened_sorted(const char *text);

#endif
