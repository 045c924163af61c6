/* tests/test_live.c - capturing on the loopback interface, where that is allowed. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"

enum { DATAGRAMS = 50, SECONDS_MAX = 20 };

/* UDP to this host's discard port; nobody needs to listen. */
static void send_datagrams(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(s >= 0);
	for (int i = 0; i < DATAGRAMS; i++)
		(void)sendto(s, "wsuscope", 8, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
	close(s);
}

static struct source *open_or_skip(const char *device)
{
	struct source_live_options o = { .devices = &device, .device_count = 1, .filter = "udp dst port 9" };
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_live(&o, &f);

	if (!s) {
		print_message("skipped, cannot capture here: %s\n", f.text);
		skip();
	}
	return s;
}

/* All datagrams arrive although the source is stopped before the first is read. */
static void check(const char *device, uint16_t link_type)
{
	struct source *s = open_or_skip(device);
	time_t deadline = time(NULL) + SECONDS_MAX;
	enum source_next next;
	struct frame frame;
	struct fault f;
	unsigned count = 0;

	assert_int_equal(source_next(s, &frame, &f), SOURCE_IDLE);
	send_datagrams();
	while ((next = source_next(s, &frame, &f)) != SOURCE_END) {
		assert_int_not_equal(next, SOURCE_FAULT);
		assert_true(time(NULL) < deadline);
		if (next == SOURCE_IDLE)
			continue;
		count++;
		assert_int_equal(frame.number, count);
		assert_int_equal(frame.link_type, link_type);
		assert_true(frame.time > INT64_C(1700000000) * MOMENT_S);
		assert_int_equal(frame.wire_len, frame.bytes.len);
		assert_int_not_equal(span_find(frame.bytes, SPAN("wsuscope")), SIZE_MAX);
		if (count == DATAGRAMS / 2)
			source_stop(s);
	}
	assert_true(count >= DATAGRAMS);
	assert_string_equal(source_info(s, 0)->format, "live");
	assert_int_equal(source_info(s, 0)->frames, count);
	assert_int_equal(source_info(s, 0)->dropped, 0);
	source_close(s);
}

static void loopback_is_captured(void **state)
{
	(void)state;
	check("lo", 1);
}

static void any_is_captured(void **state)
{
	(void)state;
	check("any", 276);
}

static void wrong_devices_and_filters(void **state)
{
	struct source_live_options nowhere = { .devices = &(const char *){ "nosuchdevice0" }, .device_count = 1 };
	struct source_live_options wrong = { .devices = &(const char *){ "lo" }, .device_count = 1,
	                                     .filter = "porrt 1" };
	struct fault f;

	(void)state;
	assert_null(source_live(&nowhere, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "nosuchdevice0"));
	source_close(open_or_skip("lo"));
	assert_null(source_live(&wrong, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_is_captured),
		cmocka_unit_test(any_is_captured),
		cmocka_unit_test(wrong_devices_and_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
