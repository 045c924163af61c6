/* report/csv_exchanges.h - a row for each HTTP request with its answer, written as they are over. */
#ifndef REPORT_CSV_EXCHANGES_H
#define REPORT_CSV_EXCHANGES_H

#include "facts/fact.h"
#include "report/csv.h"

/* Writes the head. */
struct csv csv_exchanges_begin(FILE *out, const struct report_style *style);

/* Facts of other kinds are passed over. */
void csv_exchanges_fact(struct csv *c, const struct fact *fact);

#endif
