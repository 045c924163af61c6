/* analyzers/scankept.h - scans that are over, as a ladder's row keeps them. */
#ifndef ANALYZERS_SCANKEPT_H
#define ANALYZERS_SCANKEPT_H

#include "analyzers/scan.h"
#include "analyzers/words.h"

struct budget;

/* Its texts are kept in `words`.  NULL: out of memory. */
struct scan *scan_copy(const struct scan *scan, struct words *words, struct budget *budget);

/* Frees that one and all older ones. */
void scans_drop(const struct scan *newest, struct budget *budget);

#endif
