/* tests/test_tellsocket.c - logs that are elsewhere, do not listen, or go away. */
#include "live/tellsocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/loghost.h"

static void udp_is_asked_by_name(void **unused)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char target[64], text[MESSAGE];
	struct tell *t;

	(void)unused;
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	snprintf(target, sizeof target, "udp:127.0.0.1:%u", ntohs(at.sin_port));
	t = tell_at(target, TELL_SYSLOG);
	tell_entry(t, &e);
	assert_true(hear(fd, text, sizeof text) > 0);
	assert_memory_equal(text, "<27>1 ", 6);
	assert_int_equal(tell_lost(t), 0);
	tell_free(t);
	close(fd);
}

static void faults_name_the_target(void **unused)
{
	static const struct {
		enum tell_form form;
		const char *target, *says;
	} rows[] = {
		{ TELL_SYSLOG, "/nowhere/at/all", "/nowhere/at/all: " },
		{ TELL_JOURNALD, "/nowhere/at/all", "/nowhere/at/all: " },
		{ TELL_SYSLOG, "udp:", "udp:HOST" },
		{ TELL_SYSLOG, "udp:[::1", "udp:HOST" },
		{ TELL_SYSLOG, "udp:127.0.0.1:nosuchservice", "nosuchservice" },
		{ TELL_SYSLOG, "udp:127.0.0.1:99999", "99999" },
		{ TELL_SYSLOG, "udp:127.0.0.1:0", "no port 0" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fault f = { 0 };

		assert_int_equal(tell_connect(rows[i].form, rows[i].target, &f), -1);
		assert_non_null(strstr(f.text, rows[i].says));
	}
	assert_string_equal(tell_path(TELL_SYSLOG, NULL), "/dev/log");
	assert_string_equal(tell_path(TELL_JOURNALD, NULL), "/run/systemd/journal/socket");
	assert_null(tell_path(TELL_SYSLOG, "udp:127.0.0.1"));
	assert_null(tell_path(TELL_TEXT, NULL));
}

/* A log that reads nothing costs messages, which are counted, and no time. */
static void a_log_that_does_not_read_costs_messages(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char text[MESSAGE];
	struct loghost l;
	uint64_t heard = 0;

	(void)unused;
	loghost_begin(&l, TELL_SYSLOG, SOCK_DGRAM);
	alarm(20);
	for (int i = 0; i < 5000; i++)
		tell_entry(l.tell, &e);
	alarm(0);
	while (hear(l.fd, text, sizeof text))
		heard++;
	assert_true(tell_lost(l.tell) > 0);
	assert_int_equal(heard + tell_lost(l.tell), 5000);
	loghost_end(&l);
}

/* Of a stream that is full, whole messages are lost: what is read is counted right to its end. */
static void a_stream_stays_in_step(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	char *all = calloc(1, 8 << 20);
	size_t got = 0, len, at = 0, heard = 0;
	struct loghost l;
	int peer;

	(void)unused;
	loghost_begin(&l, TELL_SYSLOG, SOCK_STREAM);
	peer = accept(l.fd, NULL, NULL);
	for (int i = 0; i < 20000; i++) {
		tell_entry(l.tell, &e);
		if (i % 1000 == 999 && i > 10000)
			got += hear(peer, all + got, (8 << 20) - got);
	}
	tell_entry(l.tell, &e);
	while ((len = hear(peer, all + got, (8 << 20) - got)) > 0)
		got += len;
	while (at < got) {
		char *end;
		unsigned long size = strtoul(all + at, &end, 10);

		assert_memory_equal(end, " <27>1 ", 7);
		at = (size_t)(end + 1 - all) + size;
		heard++;
	}
	assert_true(tell_lost(l.tell) > 0);
	assert_true(heard + tell_lost(l.tell) >= 20000);
	close(peer);
	loghost_end(&l);
	free(all);
}

struct returning {
	struct loghost host;
	unsigned asked;
	bool back;
};

static int again(void *self)
{
	struct returning *r = self;

	r->asked++;
	return r->back ? tell_connect(TELL_SYSLOG, r->host.path, &(struct fault){ 0 }) : -1;
}

/* A log that was started anew is asked for by whoever may open sockets, and not for each message. */
static void a_log_that_went_away_is_asked_for(void **unused)
{
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	struct returning r = { .back = true };
	char text[MESSAGE];

	(void)unused;
	loghost_begin(&r.host, TELL_SYSLOG, SOCK_DGRAM);
	tell_free(r.host.tell);
	r.host.tell = tell_new(&(struct tell_options){
		TELL_SYSLOG, plain, .fd = tell_connect(TELL_SYSLOG, r.host.path, &(struct fault){ 0 }),
		.target = r.host.path, .again = again, .self = &r });
	loghost_vanish(&r.host);
	loghost_listen(&r.host, SOCK_DGRAM);
	tell_entry(r.host.tell, &e);
	assert_true(hear(r.host.fd, text, sizeof text) > 0);
	assert_int_equal(r.asked, 1);
	assert_int_equal(tell_lost(r.host.tell), 0);
	loghost_vanish(&r.host);
	r.back = false;
	for (int i = 0; i < 100; i++)
		tell_entry(r.host.tell, &e);
	assert_int_equal(r.asked, 1);   /* ten seconds have not passed */
	assert_int_equal(tell_lost(r.host.tell), 100);
	loghost_listen(&r.host, SOCK_DGRAM);
	loghost_end(&r.host);
}

/* A network that is gone for a moment: of a remote log there is no other socket to be had, and none is
 * needed.  Without its address a socket has nowhere to send to. */
static void a_network_that_is_back_takes_messages_again(void **unused)
{
	static const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int host = socket(AF_INET, SOCK_DGRAM, 0), fd = socket(AF_INET, SOCK_DGRAM, 0), same = dup(fd);
	struct finding n = login();
	struct journal_entry e = entry(JOURNAL_RAISED, &n, 1);
	struct returning r = { .back = false };
	char text[MESSAGE];
	struct tell *t;

	(void)unused;
	assert_int_equal(bind(host, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(host, (struct sockaddr *)&at, &len), 0);
	t = tell_new(&(struct tell_options){ TELL_SYSLOG, plain, .fd = fd, .target = "udp:127.0.0.1",
	                                     .again = again, .self = &r });
	assert_int_equal(connect(same, &nowhere, sizeof nowhere), 0);
	tell_entry(t, &e);
	tell_entry(t, &e);
	assert_int_equal(r.asked, 1);
	assert_int_equal(tell_lost(t), 2);
	assert_int_equal(connect(same, (const struct sockaddr *)&at, sizeof at), 0);
	tell_entry(t, &e);
	assert_int_equal(tell_lost(t), 2);
	assert_true(hear(host, text, sizeof text) > 0);
	tell_free(t);
	close(same);
	close(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_is_asked_by_name),
		cmocka_unit_test(faults_name_the_target),
		cmocka_unit_test(a_log_that_does_not_read_costs_messages),
		cmocka_unit_test(a_stream_stays_in_step),
		cmocka_unit_test(a_log_that_went_away_is_asked_for),
		cmocka_unit_test(a_network_that_is_back_takes_messages_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
