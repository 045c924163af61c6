/* analyzers/certtext.h - certificates in words that fit into causes and evidence. */
#ifndef ANALYZERS_CERTTEXT_H
#define ANALYZERS_CERTTEXT_H

#include "facts/certificate.h"

enum { CERT_NAME_TEXT = 80, CERT_LIST_TEXT = 180, CERT_DAY_TEXT = 12, CERT_THUMBPRINT_TEXT = 41 };

/* UTF-8 of a certificate, cut between characters when it is long.  Returns `text`. */
const char *cert_text(struct span words, char *text, size_t size);

/* What people call it: its common name, else its first name, else the subject.  Returns `text`. */
const char *cert_name(const struct certificate *c, char text[static CERT_NAME_TEXT]);
const char *cert_issuer(const struct certificate *c, char text[static CERT_NAME_TEXT]);

/* "wsus01.corp.example, wsus01 and 3 more"; the common name where there is no other.  Returns `text`. */
const char *cert_names(const struct certificate *c, char text[static CERT_LIST_TEXT]);

/* "2026-03-10"; "?" when unknown.  Returns `text`. */
const char *cert_day(int64_t ns, char text[static CERT_DAY_TEXT]);

/* In upper-case hexadecimal, as Windows shows it.  Returns `text`. */
const char *cert_thumbprint(const struct certificate *c, char text[static CERT_THUMBPRINT_TEXT]);

#endif
