/* tests/test_live_presence.c - interfaces that go away and come back, while this process has no rights. */
#include <errno.h>
#include <linux/if_packet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/source.h"
#include "tests/cables.h"

enum { SECONDS_MAX = 20 };

static bool refuses;

/* In the place of the library's: a kernel that is short of memory for a moment. */
int setsockopt(int fd, int level, int optname, const void *optval, socklen_t len)
{
	if (refuses && level == SOL_PACKET && optname == PACKET_ADD_MEMBERSHIP) {
		errno = ENOMEM;
		return -1;
	}
	return (int)syscall(SYS_setsockopt, fd, level, optname, optval, len);
}

struct scene {
	struct source *source;
	const struct source_info *info;
	struct fault fault;             /* the last one */
	unsigned faults;
	unsigned number;                /* of the frame sent last */
};

static struct scene begin(unsigned rings)
{
	static const char *const ends[] = { "cable0" };
	struct source_live_options o = { .devices = ends, .device_count = 1, .filter = CABLES_FILTER,
	                                 .promiscuous = true, .rings = rings };
	struct scene s = { .number = 0 };

	if (!cables_begin())
		skip();
	cables_add("cable0", "far0");
	s.source = source_live(&o, &s.fault);
	assert_non_null(s.source);
	s.info = source_info(s.source, 0);
	return s;
}

static enum source_next step(struct scene *s, struct frame *frame)
{
	enum source_next next;

	cables_rights(false);
	next = source_next(s->source, frame, &s->fault);
	cables_rights(true);
	if (next == SOURCE_FAULT) {
		s->faults++;
		assert_int_equal(s->fault.kind, FAULT_CUT);
		assert_non_null(strstr(s->fault.text, "cable0: the interface "));
	}
	return next;
}

/* Until it is (not) away; no frame comes meanwhile. */
static void wait_for_away(struct scene *s, bool away)
{
	time_t deadline = time(NULL) + SECONDS_MAX;
	struct frame frame;

	while (s->info->away != away) {
		assert_int_not_equal(step(s, &frame), SOURCE_FRAME);
		assert_true(time(NULL) < deadline);
	}
}

static void expect_frame(struct scene *s)
{
	time_t deadline = time(NULL) + SECONDS_MAX;
	int cable = cables_open("far0");
	enum source_next next;
	struct frame frame;

	cables_send(cable, ++s->number);
	close(cable);
	do {
		next = step(s, &frame);
		assert_int_not_equal(next, SOURCE_FAULT);
		assert_true(time(NULL) < deadline);
	} while (next == SOURCE_IDLE);
	assert_int_equal(next, SOURCE_FRAME);
	assert_int_equal(cables_number(&frame), s->number);
}

/* Gone and back before anybody looked, which is told in these words. */
static void leave_for_a_moment(struct scene *s, const char *told)
{
	struct frame frame;

	cables_ip("link del cable0");
	cables_add("cable0", "far0");
	while (!s->faults)
		assert_int_not_equal(step(s, &frame), SOURCE_FRAME);
	assert_non_null(strstr(s->fault.text, told));
	assert_false(s->info->away);
	assert_int_equal(s->info->absences, 1);
}

static void expect_idle(struct scene *s, int times)
{
	time_t began = time(NULL);
	struct frame frame;

	for (int i = 0; i < times; i++)
		assert_int_equal(step(s, &frame), SOURCE_IDLE);
	assert_true(time(NULL) - began >= times / 20);          /* 100 ms each, and no busy loop */
}

static void end(struct scene *s)
{
	time_t deadline = time(NULL) + SECONDS_MAX;
	enum source_next next;
	struct frame frame;

	source_stop(s->source);
	while ((next = step(s, &frame)) == SOURCE_IDLE)
		assert_true(time(NULL) < deadline);
	assert_int_equal(next, SOURCE_END);
	source_close(s->source);
}

static void taken_down_and_up(void **state)
{
	struct scene s = begin(1);

	(void)state;
	expect_frame(&s);
	for (unsigned round = 1; round <= 2; round++) {
		cables_ip("link set cable0 down");
		wait_for_away(&s, true);
		assert_non_null(strstr(s.fault.text, "down"));
		assert_int_equal(s.faults, round);
		assert_int_equal(s.info->absences, round);
		expect_idle(&s, 20);
		cables_ip("link set cable0 up");
		wait_for_away(&s, false);
		expect_frame(&s);
		assert_int_equal(s.faults, round);
	}
	assert_false(s.info->cut);
	end(&s);
}

static bool is_promiscuous(const char *end)
{
	char path[100], text[32] = "";
	FILE *file;

	snprintf(path, sizeof path, "ip -d link show %s | grep -o 'promiscuity [0-9]*'", end);
	file = popen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof text, file));
	pclose(file);
	return strcmp(text, "promiscuity 0\n") != 0;
}

/* Another interface of the same name: another index, and no rights to open it anew. */
static void removed_and_made_anew(void **state)
{
	struct scene s = begin(1);

	(void)state;
	expect_frame(&s);
	assert_true(is_promiscuous("cable0"));
	for (unsigned round = 1; round <= 2; round++) {
		cables_ip("link del cable0");
		wait_for_away(&s, true);
		assert_non_null(strstr(s.fault.text, "gone"));
		assert_int_equal(s.faults, round);
		expect_idle(&s, 20);
		cables_add("cable0", "far0");
		wait_for_away(&s, false);
		assert_true(is_promiscuous("cable0"));
		expect_frame(&s);
		assert_int_equal(s.faults, round);
		assert_int_equal(s.info->absences, round);
	}
	end(&s);
}

/* Back before anybody looked: told all the same, as packets are missing. */
static void gone_for_a_moment(void **state)
{
	struct scene s = begin(1);

	(void)state;
	expect_frame(&s);
	leave_for_a_moment(&s, "moment");
	assert_true(is_promiscuous("cable0"));
	expect_frame(&s);
	end(&s);
}

/* It comes back down, and is set up later. */
static void comes_back_down(void **state)
{
	struct scene s = begin(1);

	(void)state;
	cables_ip("link del cable0");
	wait_for_away(&s, true);
	cables_ip("link add cable0 type veth peer name far0");
	cables_ip("link set far0 up");
	expect_idle(&s, 25);
	assert_true(s.info->away);
	cables_ip("link set cable0 up");
	wait_for_away(&s, false);
	assert_true(is_promiscuous("cable0"));
	expect_frame(&s);
	assert_int_equal(s.faults, 1);
	end(&s);
}

static void another_name_is_the_same_interface(void **state)
{
	struct scene s = begin(1);

	(void)state;
	cables_ip("link set cable0 down");
	wait_for_away(&s, true);
	cables_ip("link set cable0 name other0");
	cables_ip("link set other0 up");
	wait_for_away(&s, false);
	expect_frame(&s);
	end(&s);
}

/* Each ring hears of it at a time of its own, when the interface may be back already. */
static void groups_outlast_a_moment_down(void **state)
{
	struct scene s = begin(4);

	(void)state;
	expect_frame(&s);
	for (unsigned round = 1; round <= 3; round++) {
		time_t deadline = time(NULL) + 3;
		struct frame frame;

		cables_ip("link set cable0 down");
		cables_ip("link set cable0 up");
		while (time(NULL) < deadline)
			step(&s, &frame);
		assert_false(s.info->cut);
		expect_frame(&s);
	}
	end(&s);
}

/* The kernel binds none of a group anew: one ring that is in none goes on, however often that happens. */
static void one_of_a_group_goes_on(void **state)
{
	struct scene s = begin(2);

	(void)state;
	expect_frame(&s);
	cables_ip("link set cable0 down");
	wait_for_away(&s, true);
	cables_ip("link set cable0 up");
	wait_for_away(&s, false);
	expect_frame(&s);
	assert_int_equal(s.faults, 1);
	for (unsigned round = 1; round <= 3; round++) {
		cables_ip("link del cable0");
		wait_for_away(&s, true);
		assert_non_null(strstr(s.fault.text, "once it is back"));
		expect_idle(&s, 20);
		cables_add("cable0", "far0");
		wait_for_away(&s, false);
		assert_int_equal(s.faults, 2 + round);  /* that one goes on is told once */
		assert_non_null(strstr(s.fault.text, round == 1 ? "one thread goes on" : "is gone"));
		assert_true(is_promiscuous("cable0"));
		for (int i = 0; i < 40; i++)
			expect_frame(&s);
	}
	assert_false(s.info->cut);
	end(&s);
}

static void one_of_a_group_goes_on_after_a_moment(void **state)
{
	struct scene s = begin(3);

	(void)state;
	expect_frame(&s);
	leave_for_a_moment(&s, "one thread goes on");
	expect_frame(&s);
	expect_idle(&s, 40);
	assert_int_equal(s.faults, 1);
	end(&s);
}

/* Where the kernel refuses other hosts' frames at first, they are asked for again before it is taken up. */
static void what_is_refused_is_tried_again(void **state)
{
	struct scene s = begin(1);
	struct frame frame;

	(void)state;
	expect_frame(&s);
	cables_ip("link del cable0");
	wait_for_away(&s, true);
	refuses = true;
	cables_add("cable0", "far0");
	while (s.faults < 2)
		assert_int_not_equal(step(&s, &frame), SOURCE_FRAME);
	assert_non_null(strstr(s.fault.text, "cannot be taken up again: Cannot allocate memory"));
	expect_idle(&s, 25);
	assert_true(s.info->away);
	assert_int_equal(s.faults, 2);
	refuses = false;
	wait_for_away(&s, false);
	assert_true(is_promiscuous("cable0"));
	expect_frame(&s);
	end(&s);
}

/* The other interface's frames come as if nothing was. */
static void others_go_on(void **state)
{
	static const char *const ends[] = { "cable0", "cable1" };
	struct source_live_options o = { .devices = ends, .device_count = 2, .filter = CABLES_FILTER };
	struct scene s = { .number = 0 };

	(void)state;
	if (!cables_begin())
		skip();
	cables_add("cable0", "far1");
	cables_add("cable1", "far0");
	s.source = source_live(&o, &s.fault);
	assert_non_null(s.source);
	s.info = source_info(s.source, 0);
	cables_ip("link del cable0");
	wait_for_away(&s, true);
	for (int i = 0; i < 20; i++)
		expect_frame(&s);
	assert_int_equal(source_info(s.source, 1)->frames, 20);
	assert_false(source_info(s.source, 1)->away);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_down_and_up),
		cmocka_unit_test(removed_and_made_anew),
		cmocka_unit_test(gone_for_a_moment),
		cmocka_unit_test(comes_back_down),
		cmocka_unit_test(another_name_is_the_same_interface),
		cmocka_unit_test(groups_outlast_a_moment_down),
		cmocka_unit_test(one_of_a_group_goes_on),
		cmocka_unit_test(one_of_a_group_goes_on_after_a_moment),
		cmocka_unit_test(what_is_refused_is_tried_again),
		cmocka_unit_test(others_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
