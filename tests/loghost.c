/* tests/loghost.c - sockets of logs. */
#include "tests/loghost.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/capture_file.h"
#include "tests/trial.h"

const struct report_style plain = { .width = 80 };

struct finding login(void)
{
	struct finding n = { .kind = FINDING_PROXY_AUTH_REQUIRED, .severity = SEVERITY_ERROR,
		             .confidence = CONFIDENCE_CERTAIN, .title = "A login",
		             .remedy = "Look at the proxy\nThen at the client", .codes = "0x8024401B",
		             .has_client = true, .has_server = true, .has_via = true, .count = 3,
		             .first = AT, .last = AT };

	n.client = addr_at("192.0.2.50");
	n.server = n.via = endpoint_at("192.0.2.9:3128");
	snprintf(n.cause, sizeof n.cause, "The proxy wants a login of the user \x0eQvirin\x0f.");
	return n;
}

struct journal_entry entry(enum journal_word word, const struct finding *n, int64_t after)
{
	return (struct journal_entry){ .word = word, .finding = n, .when = AT + after * MOMENT_S, .since = AT,
		                       .until = AT + 840 * MOMENT_S, .count = 230 };
}

void loghost_listen(struct loghost *l, int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	l->fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	assert_true(l->fd >= 0);
	snprintf(at.sun_path, sizeof at.sun_path, "%s", l->path);
	assert_int_equal(bind(l->fd, (const struct sockaddr *)&at, sizeof at), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(l->fd, 4), 0);
}

void loghost_vanish(struct loghost *l)
{
	close(l->fd);
	unlink(l->path);
}

struct tell *tell_at(const char *target, enum tell_form form)
{
	struct fault f = { 0 };
	int fd = tell_connect(form, target, &f);

	assert_true(fd >= 0);
	return tell_new(&(struct tell_options){ form, plain, .fd = fd, .target = target });
}

void loghost_begin(struct loghost *l, enum tell_form form, int type)
{
	l->folder = folder_new();
	snprintf(l->path, sizeof l->path, "%s/log", l->folder);
	loghost_listen(l, type);
	l->tell = tell_at(l->path, form);
}

void loghost_end(struct loghost *l)
{
	tell_free(l->tell);
	loghost_vanish(l);
	folder_remove(l->folder);
}

size_t hear(int fd, char *text, size_t size)
{
	ssize_t len = recv(fd, text, size - 1, MSG_DONTWAIT);

	if (len < 0)
		len = 0;
	text[len] = '\0';
	return (size_t)len;
}
