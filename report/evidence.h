/* report/evidence.h - why a packet is evidence, in words for its comment. */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "analyzers/finding.h"

enum { EVIDENCE_COMMENT = 1024 };

/* "finding 2 proxy-auth-required: the proxy asks for a login": what that frame shows, else the finding's
 * title.  Private pieces as `reveal` says, what would do harm as '?'.  Returns its length. */
size_t evidence_named(const struct finding *n, uint64_t frame, bool reveal,
                      char text[static EVIDENCE_COMMENT]);

/* The same of a frame that no finding names: `why` is what it has to do with that one. */
size_t evidence_around(const struct finding *n, const char *why, char text[static EVIDENCE_COMMENT]);

/* "frame 41 of branch.pcapng"; `file` NULL: without a name. */
size_t evidence_origin(uint64_t frame, const char *file, char text[static EVIDENCE_COMMENT]);

/* "001-proxy-auth-required": the name of a finding's own file; at most 64 letters, digits, '-' and '_'. */
enum { EVIDENCE_NAME = 65 };
void evidence_name(const struct finding *n, char name[static EVIDENCE_NAME]);

#endif
