/* tests/loghost.h - a log that listens at a socket of the test's own, and entries to tell it. */
#ifndef TESTS_LOGHOST_H
#define TESTS_LOGHOST_H

#include "live/tell.h"

/* 2026-03-10T10:02:13Z, by date(1) */
#define AT (INT64_C(1773136933) * MOMENT_S)

enum { MESSAGE = 8192 };

extern const struct report_style plain;

/* 192.0.2.50 is asked for a login by the proxy 192.0.2.9:3128, at AT; its cause names a user. */
struct finding login(void);

/* Of that finding, so many seconds later; it went on for 840 s, 230 times. */
struct journal_entry entry(enum journal_word word, const struct finding *n, int64_t after);

struct loghost {
	char *folder, path[100];
	int fd;
	struct tell *tell;              /* told with `path` as its target */
};

void loghost_begin(struct loghost *l, enum tell_form form, int type);   /* SOCK_DGRAM, SOCK_STREAM */
void loghost_listen(struct loghost *l, int type);       /* again, after loghost_vanish */
void loghost_vanish(struct loghost *l);
void loghost_end(struct loghost *l);

/* To whoever listens there; fails the test where nobody does. */
struct tell *tell_at(const char *target, enum tell_form form);

/* What has come, without waiting: its length, and NUL behind it. */
size_t hear(int fd, char *text, size_t size);

#endif
