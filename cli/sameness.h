/* cli/sameness.h - do two readings of a capture, itself and under a veil, give the same findings? */
#ifndef CLI_SAMENESS_H
#define CLI_SAMENESS_H

#include "analyzers/finding.h"
#include "veil/names.h"

struct sameness_row {                   /* compared as bytes */
	uint8_t kind, severity, has_client, has_server;
	uint16_t port;
	uint8_t client[16], server[16];
	uint64_t count;
};

struct sameness {
	struct sameness_row *rows;      /* owned */
	size_t count;
};

/* Findings of the first reading.  False: out of memory. */
bool sameness_keep(struct sameness *s, const struct findings *findings);

/* Their clients and servers as the second reading will call them. */
void sameness_veil(struct sameness *s, struct names *names);

/* False: findings of the second reading differ, and standard error has been told in what. */
bool sameness_tell(struct sameness *s, const struct findings *findings);

void sameness_release(struct sameness *s);

#endif
