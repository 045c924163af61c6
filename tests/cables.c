/* tests/cables.c - veth pairs, packet sockets, datagrams. */
#include "tests/cables.h"

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 14 };

static void write_setting(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return;         /* no IPv6 here, and so none to be turned off */
	fputs(value, file);
	fclose(file);
}

bool cables_begin(void)
{
	if (unshare(CLONE_NEWNET) < 0) {
		print_message("skipped: a network namespace needs root\n");
		return false;
	}
	write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	cables_ip("link set lo up");
	return true;
}

void cables_ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof command, "ip %s", arguments);
	if (system(command))
		fail_msg("%s", command);
}

void cables_add(const char *end, const char *other)
{
	char arguments[200];

	snprintf(arguments, sizeof arguments, "link add %s type veth peer name %s", end, other);
	cables_ip(arguments);
	snprintf(arguments, sizeof arguments, "link set %s up", end);
	cables_ip(arguments);
	snprintf(arguments, sizeof arguments, "link set %s up", other);
	cables_ip(arguments);
}

int cables_open(const char *end)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(end) };
	int cable = socket(AF_PACKET, SOCK_RAW, 0);

	assert_true(cable >= 0);
	assert_return_code(bind(cable, (struct sockaddr *)&to, sizeof to), 0);
	return cable;
}

void cables_send(int cable, unsigned number)
{
	uint8_t frame[CABLES_FRAME] = { 0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, CABLES_TYPE >> 8,
	                                CABLES_TYPE & 255 };

	for (int i = 0; i < 4; i++)
		frame[HEAD + i] = (uint8_t)(number >> (8 * i));
	assert_int_equal(send(cable, frame, sizeof frame, 0), sizeof frame);
}

unsigned cables_number(const struct frame *frame)
{
	const uint8_t *at = frame->bytes.at;

	assert_int_equal(frame->bytes.len, CABLES_FRAME);
	assert_int_equal(at[12] << 8 | at[13], CABLES_TYPE);
	at += HEAD;
	return at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16 | (unsigned)at[3] << 24;
}

void cables_datagrams(unsigned flows, unsigned of_each, unsigned port, const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (unsigned flow = 0; flow < flows; flow++) {
		int s = socket(AF_INET, SOCK_DGRAM, 0);

		assert_true(s >= 0);
		for (unsigned i = 0; i < of_each; i++)
			(void)sendto(s, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
		close(s);
	}
}

void cables_rights(bool can)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { { 0 } };

	assert_return_code(syscall(SYS_capget, &head, sets), 0);
	for (int i = 0; i < 2; i++)
		sets[i].effective = can ? sets[i].permitted : 0;
	assert_return_code(syscall(SYS_capset, &head, sets), 0);
}
