/* tests/case.h - a report made of a few facts and findings, and what the formats write of it. */
#ifndef TESTS_CASE_H
#define TESTS_CASE_H

#include "report/report.h"
#include "tests/trial.h"

struct report_case {
	struct limits limits;
	struct relevance *relevance;
	struct findings *findings;
	struct ladders *ladders;
	struct report_input input;
	struct report report;
};

/* One file of 1842 frames, 10:02:11 to 10:09:40 on 2026-03-10. */
void case_begin(struct report_case *r);

/* A GetConfig of a client at wsus01:8530 (198.51.100.10), answered by a status; 0: refused by a reset. */
void case_client(struct report_case *r, const char *client, unsigned status);
void case_host(struct report_case *r, const char *client, const char *server, struct span host,
               unsigned status);
/* A TLS session with wsus01:8531 whose records nobody can read, one of them counted. */
void case_session(struct report_case *r, const char *client);
/* A scan of a client of case_client that calls itself so. */
void case_scan(struct report_case *r, const char *client, const char *name);
void case_raise(struct report_case *r, enum finding_kind kind, const char *client,
                const char *server, const char *cause);

/* Settles; what the format writes, to be freed. */
char *case_write(struct report_case *r,
                 bool (*format)(FILE *out, const struct report *r, const struct report_style *style),
                 const struct report_style *style);
void case_end(struct report_case *r);

#endif
