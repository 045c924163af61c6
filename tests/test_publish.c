/* tests/test_publish.c - metrics in a file that is replaced whole, and over HTTP. */
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

static void serves_this_machine_alone(void **unused)
{
	struct fault f = { 0 };

	(void)unused;
	assert_null(publish_open("192.0.2.1:9530", &f));
	assert_int_equal(f.kind, FAULT_USAGE);
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

static void ask(uint16_t port, const char *request, char *answer, size_t size)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                  .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t len = 0;
	ssize_t got;

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
	shutdown(fd, SHUT_WR);
	while (len + 1 < size && (got = recv(fd, answer + len, size - 1 - len, 0)) > 0)
		len += (size_t)got;
	answer[len] = '\0';
	close(fd);
}

static void answers_over_http(void **unused)
{
	static char answer[1 << 16];
	struct checks_case *c = calloc(1, sizeof *c);
	uint16_t port = free_port();
	struct fault f = { 0 };
	struct publish *p;
	char where[32], length[64];
	const char *body;

	(void)unused;
	checks_begin(c);
	findings_settle(c->base.findings, false);
	snprintf(where, sizeof where, "127.0.0.1:%u", port);
	p = publish_open(where, &f);
	assert_non_null(p);
	for (uint64_t round = 1; round < 3; round++) {
		assert_true(publish_report(p, &c->base.report, round, &f));
		ask(port, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
		assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
		body = strstr(answer, "\r\n\r\n");
		assert_non_null(body);
		snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", strlen(body + 4));
		assert_non_null(strstr(answer, length));
	}
	assert_non_null(strstr(answer, "wsuscope_probe_rounds_total 2\n"));
	/* What is no request, or none to read, is not answered. */
	ask(port, "POST / HTTP/1.1\r\n\r\n", answer, sizeof answer);
	assert_string_equal(answer, "");
	ask(port, "GET / HT", answer, sizeof answer);
	assert_string_equal(answer, "");
	publish_close(p);
	checks_end(c);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_ports),
		cmocka_unit_test(serves_this_machine_alone),
		cmocka_unit_test(replaces_a_file),
		cmocka_unit_test(answers_over_http),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
