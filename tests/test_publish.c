/* tests/test_publish.c - metrics in a file that is replaced whole, and over HTTP. */
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/publish.h"
#include "tests/checks.h"

static void knows_ports(void **unused)
{
	static const struct row {
		const char *where;
		bool is_port;
	} rows[] = {
		{ "127.0.0.1:9530", true }, { "[::1]:9530", true },  { "/var/lib/node/wsus.prom", false },
		{ "metrics", false },       { "127.0.0.1", false },  { "127.0.0.1:0", false },
		{ "127.0.0.1:99999", false }, { "host:80", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (publish_is_port(rows[i].where) != rows[i].is_port)
			fail_msg("%s", rows[i].where);
}

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof at;

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static int dial(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                  .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void listens_where_it_is_told(void **unused)
{
	struct fault f = { 0 };
	struct publish *p;
	char where[32];

	(void)unused;
	snprintf(where, sizeof where, "0.0.0.0:%u", free_port());
	p = publish_open(where, &f);
	assert_non_null(p);
	assert_null(publish_open(where, &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_non_null(strstr(f.text, "Address already in use"));
	publish_close(p);
	assert_null(publish_open("192.0.2.1:9530", &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	publish_close(NULL);
}

static void takes_no_half_of_a_port_for_a_file(void **unused)
{
	static const char *const wrong[] = { "9530", ":9530", "localhost:9530", "127.0.0.1:99999",
		                             "[::1]:0" };
	static const char *const files[] = { "./9530", "metrics.prom", "/tmp/a:1", "x:y" };

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct fault f = { 0 };

		assert_null(publish_open(wrong[i], &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_non_null(strstr(f.text, wrong[i]));
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct fault f = { 0 };

		assert_true(publish_check(files[i], &f));
	}
}

static void replaces_a_file(void **unused)
{
	char path[] = "/tmp/wsuscope-metrics-XXXXXX", text[256], next[64];
	int fd = mkstemp(path);
	struct checks_case *c = calloc(1, sizeof *c);
	struct fault f = { 0 };
	struct publish *p;
	FILE *in;

	(void)unused;
	checks_begin(c);
	findings_settle(c->base.findings, false);
	p = publish_open(path, &f);
	assert_true(publish_report(p, &c->base.report, 1, &f));
	publish_close(p);
	in = fopen(path, "r");
	assert_non_null(fgets(text, sizeof text, in));
	assert_memory_equal(text, "# HELP wsuscope_", 16);
	fclose(in);
	snprintf(next, sizeof next, "%s.new", path);
	assert_int_equal(access(next, F_OK), -1);
	unlink(path);
	close(fd);
	p = publish_open("/nonexistent/metrics", &f);
	assert_false(publish_report(p, &c->base.report, 1, &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	publish_close(p);
	checks_end(c);
	free(c);
}

/* What comes back to `request`, if anything; NUL-terminated. */
/* Who may write to the directory lays a link where the next file will be. */
static void follows_no_link(void **unused)
{
	char path[] = "/tmp/wsuscope-metrics-XXXXXX", victim[] = "/tmp/wsuscope-victim-XXXXXX", next[64];
	int fd = mkstemp(path), other = mkstemp(victim);
	struct fault f = { 0 };
	struct publish *p;
	char kept[8] = "";

	(void)unused;
	snprintf(next, sizeof next, "%s.new", path);
	assert_int_equal(write(other, "mine", 4), 4);
	assert_int_equal(symlink(victim, next), 0);
	p = publish_open(path, &f);
	assert_true(publish_text(p, "yours\n", 6, &f));
	publish_close(p);
	assert_int_equal(pread(other, kept, sizeof kept, 0), 4);
	assert_memory_equal(kept, "mine", 4);
	close(fd);
	fd = open(path, O_RDONLY | O_NOFOLLOW);
	assert_int_equal(read(fd, kept, sizeof kept), 6);
	assert_memory_equal(kept, "yours\n", 6);
	close(fd);
	close(other);
	unlink(path);
	unlink(victim);
}

static void ask(uint16_t port, const char *request, char *answer, size_t size)
{
	int fd = dial(port);
	size_t len = 0;
	ssize_t got;

	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	while (len + 1 < size && (got = recv(fd, answer + len, size - 1 - len, 0)) > 0)
		len += (size_t)got;
	answer[len] = '\0';
	close(fd);
}

static struct publish *serving(uint16_t port)
{
	struct fault f = { 0 };
	struct publish *p;
	char where[32];

	snprintf(where, sizeof where, "127.0.0.1:%u", port);
	p = publish_open(where, &f);
	assert_non_null(p);
	assert_true(publish_start(p, &f));
	return p;
}

static void answers_over_http(void **unused)
{
	static char answer[1 << 16];
	struct checks_case *c = calloc(1, sizeof *c);
	uint16_t port = free_port();
	struct publish *p = serving(port);
	struct fault f = { 0 };
	char length[64];
	const char *body;

	(void)unused;
	checks_begin(c);
	findings_settle(c->base.findings, false);
	ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
	assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
	for (uint64_t round = 1; round < 3; round++) {
		assert_true(publish_report(p, &c->base.report, round, &f));
		ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
		assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
		assert_non_null(strstr(answer, "\r\nContent-Type: text/plain; version=0.0.4; "
		                               "charset=utf-8\r\n"));
		body = strstr(answer, "\r\n\r\n");
		assert_non_null(body);
		snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", strlen(body + 4));
		assert_non_null(strstr(answer, length));
	}
	assert_non_null(strstr(answer, "wsuscope_probe_rounds_total 2\n"));
	publish_close(p);
	checks_end(c);
	free(c);
}

static void knows_what_is_asked_for(void **unused)
{
	static const struct row {
		const char *request, *status, *has;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ", "\r\n\r\nup 1\n" },
		{ "GET /metrics?x=1 HTTP/1.0\r\n\r\n", "HTTP/1.", "\r\n\r\nup 1\n" },
		{ "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n",
		  "HTTP/1.1 200 ", "version=0.0.4" },
		/* RFC 9110 section 9.3.2: as GET, without the body */
		{ "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ", "\r\nContent-Length: 5\r\n" },
		{ "GET /other HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 ", "/metrics" },
		/* section 15.5.6 */
		{ "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 405 ",
		  "\r\nAllow: GET, HEAD\r\n" },
		{ "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405 ", "" },
	};
	uint16_t port = free_port();
	struct publish *p = serving(port);
	struct fault f = { 0 };
	char answer[4096];

	(void)unused;
	assert_true(publish_text(p, "up 1\n", 5, &f));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ask(port, rows[i].request, answer, sizeof answer);
		if (strncmp(answer, rows[i].status, strlen(rows[i].status)) || !strstr(answer, rows[i].has))
			fail_msg("%s:\n%s", rows[i].request, answer);
	}
	ask(port, rows[3].request, answer, sizeof answer);
	assert_null(strstr(answer, "up 1"));
	publish_close(p);
}

/* Guests who say nothing take their places, not those of others for long. */
static void is_not_held(void **unused)
{
	enum { SILENT = 12 };
	uint16_t port = free_port();
	struct publish *p = serving(port);
	struct fault f = { 0 };
	int silent[SILENT];
	char answer[4096];

	(void)unused;
	assert_true(publish_text(p, "up 1\n", 5, &f));
	for (size_t i = 0; i < SILENT; i++) {
		silent[i] = dial(port);
		assert_int_equal(send(silent[i], "GET /met", 8, MSG_NOSIGNAL), 8);
	}
	ask(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer);
	assert_non_null(strstr(answer, "up 1\n"));
	/* They are let go after five seconds. */
	while (recv(silent[0], answer, sizeof answer, 0) > 0)
		;
	for (size_t i = 0; i < SILENT; i++)
		close(silent[i]);
	publish_close(p);
}

/* A sealed run opens and replaces by somebody else. */
struct helper {
	char next[64], last[64];
	unsigned opened, replaced;
};

static int help_open(void *self, struct fault *f)
{
	struct helper *h = self;

	(void)f;
	h->opened++;
	return open(h->next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static bool help_replace(void *self, struct fault *f)
{
	struct helper *h = self;

	(void)f;
	h->replaced++;
	return !rename(h->next, h->last);
}

static void replaces_by_others(void **unused)
{
	struct fault f = { 0 };
	struct helper h = { 0 };
	char dir[] = "/tmp/wsuscope-publish-XXXXXX", text[64] = "";
	struct publish *p = publish_open("/nonexistent/metrics", &f);
	FILE *in;

	(void)unused;
	assert_non_null(mkdtemp(dir));
	snprintf(h.next, sizeof h.next, "%s/next", dir);
	snprintf(h.last, sizeof h.last, "%s/last", dir);
	publish_files(p, &(struct publish_files){ &h, help_open, help_replace });
	assert_true(publish_start(p, &f));
	for (int i = 0; i < 2; i++)
		assert_true(publish_text(p, i ? "up 1\n" : "up 0, as ever\n", i ? 5 : 14, &f));
	assert_int_equal(h.opened, 2);
	assert_int_equal(h.replaced, 2);
	in = fopen(h.last, "r");
	assert_int_equal(fread(text, 1, sizeof text, in), 5);
	assert_string_equal(text, "up 1\n");
	fclose(in);
	unlink(h.last);
	rmdir(dir);
	publish_close(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_ports),
		cmocka_unit_test(listens_where_it_is_told),
		cmocka_unit_test(takes_no_half_of_a_port_for_a_file),
		cmocka_unit_test(replaces_a_file),
		cmocka_unit_test(follows_no_link),
		cmocka_unit_test(answers_over_http),
		cmocka_unit_test(knows_what_is_asked_for),
		cmocka_unit_test(is_not_held),
		cmocka_unit_test(replaces_by_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
