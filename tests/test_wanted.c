/* tests/test_wanted.c - what the filter of live captures keeps: of captures all that findings are made of,
 * of each wrapping the wanted ports.
 *
 *   test_wanted [FILE...]        without files: all of pcaps/, and other captures where they are
 */
#include <fcntl.h>
#include <glob.h>
#include <pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/filter.h"
#include "capture/wanted.h"
#include "decoders/peel.h"
#include "tests/rewrite_story.h"
#include "tests/cables.h"
#include "tests/wrapped.h"

/* ---- hand-made frames ---- */

static const struct row {
	uint16_t link_type;
	const char *layers;             /* tests/wrapped.h */
	bool wanted;
} rows[] = {
	/* ports, in the clear */
	{ 1, "eth ip4 tcp8530", true }, { 1, "eth ip4 tcp22", false },
	{ 1, "eth ip6 tcp443", true }, { 1, "eth ip6 tcp22", false },
	{ 1, "eth ip4 tcp3128", true }, { 1, "eth ip4 tcp88", false },
	{ 1, "eth ip4 udp53", true }, { 1, "eth ip4 udp5355", true }, { 1, "eth ip4 udp137", true },
	{ 1, "eth ip4 udp67", true }, { 1, "eth ip6 udp547", true }, { 1, "eth ip4 udp123", false },
	{ 1, "eth ip4 icmp", true }, { 1, "eth ip6 icmp6", true },
	{ 1, "eth arp", false },
	/* fragments: the later ones, and all of IPv6 */
	{ 1, "eth ip4later tcp22", true }, { 1, "eth ip6 fragment tcp22", true },
	{ 1, "eth q ip4later tcp22", true }, { 1, "eth q ip6 fragment tcp22", true },
	/* tags: of one, see below what the kernel makes of it */
	{ 1, "eth q ip4 tcp8530", true }, { 1, "eth q ip6 udp53", true }, { 1, "eth ad ip4 tcp8530", true },
	{ 1, "eth q9100 ip4 tcp8530", true }, { 1, "eth q9200 ip4 tcp8530", true },
	{ 1, "eth ad q ip4 tcp8530", true }, { 1, "eth ad q ip6 icmp6", true },
	{ 1, "eth q q q ip4 tcp8530", true },
	{ 1, "eth vntag ip4 tcp8530", true }, { 1, "eth pbb eth ip4 tcp8530", true },
	/* links */
	{ 1, "eth mpls ip4 tcp8530", true }, { 1, "eth q mpls ip4 tcp8530", true },
	{ 1, "eth label mpls ip6 tcp8530", true },
	{ 1, "eth pppoe ip4 tcp8530", true }, { 1, "eth q pppoe ip4 tcp8530", true },
	{ 1, "eth snap ip4 tcp8530", true }, { 1, "eth llc ip4 tcp8530", true },
	/* tunnels above IP */
	{ 1, "eth ip4 ip4 tcp8530", true }, { 1, "eth ip4 ip6 tcp8530", true },
	{ 1, "eth ip6 ip4 tcp8530", true }, { 1, "eth ip6 ip6 tcp8530", true },
	{ 1, "eth ip4 gre ip4 tcp8530", true }, { 1, "eth ip6 gre ip4 tcp8530", true },
	{ 1, "eth ip4 gre eth ip4 tcp8530", true }, { 1, "eth ip4 gre erspan ip4 tcp8530", true },
	{ 1, "eth ip4 etherip eth ip4 tcp8530", true }, { 1, "eth ip4 mpls ip4 tcp8530", true },
	{ 1, "eth ip4 ah tcp8530", true }, { 1, "eth ip6 ah tcp8530", true },
	{ 1, "eth ip6 hop tcp8530", true }, { 1, "eth ip6 route tcp8530", true },
	{ 1, "eth ip6 destination tcp8530", true },
	{ 1, "eth q ip4 gre ip4 tcp8530", true },
	/* tunnels above UDP */
	{ 1, "eth ip4 udp4789 vxlan eth ip4 tcp8530", true },
	{ 1, "eth ip4 udp8472 vxlan eth ip4 tcp8530", true },
	{ 1, "eth ip4 udp4790 vxlan eth ip4 tcp8530", true },
	{ 1, "eth ip6 udp6081 geneve eth ip4 tcp8530", true },
	{ 1, "eth ip4 udp3544 ip6 tcp8530", true },
	{ 1, "eth ip4 udp2152 gtp ip4 tcp8530", true },
	{ 1, "eth ip4 udp37008 tzsp eth ip4 tcp8530", true },
	{ 1, "eth q ip4 udp4789 vxlan eth ip4 tcp8530", true },
	/* other link types */
	{ 101, "ip4 tcp8530", true }, { 101, "ip6 udp53", true }, { 101, "ip4 tcp22", false },
	{ 113, "sll ip4 tcp8530", true }, { 113, "sll ip4 tcp22", false },
	{ 113, "sll q ip4 tcp8530", true }, { 113, "sll ip4 gre ip4 tcp8530", true },
	{ 276, "sll2 ip4 tcp8530", true }, { 276, "sll2 ip6 tcp22", false },
	{ 276, "sll2 q ip4 tcp8530", true }, { 276, "sll2 ip4 udp4789 vxlan eth ip4 tcp8530", true },
	{ 127, "radiotap wifi snap ip4 tcp8530", true }, { 127, "radiotap wifi snap ip4 tcp22", false },
};

static void wanted(char text[static WANTED_TEXT], bool vlans)
{
	struct fault f;

	assert_true(wanted_filter(text, NULL, 0, NULL, vlans, &f));
}

static bool passes(const char *text, const struct row *row, const struct wrapped *w)
{
	struct frame frame = { .bytes = wrapped_bytes(w), .wire_len = (uint32_t)wrapped_bytes(w).len,
	                       .link_type = row->link_type };
	struct fault f = { .kind = FAULT_NONE };
	struct filter *filter = filter_new(text, &f);
	enum filter_verdict verdict;

	assert_non_null(filter);
	verdict = filter_judge(filter, &frame, &f);
	if (verdict == FILTER_UNFIT)
		fail_msg("link type %u: %s", row->link_type, f.text);
	filter_free(filter);
	return verdict == FILTER_PASS;
}

/* The frame is what its row says: the peeler finds the port at the end of it, but in fragments and others. */
static void expect_opened(const struct row *row, const struct wrapped *w)
{
	struct limits limits = { 0 };
	struct peel *peel = peel_new(&limits);
	struct frame frame = { .bytes = wrapped_bytes(w), .wire_len = (uint32_t)wrapped_bytes(w).len,
	                       .link_type = row->link_type, .number = 1 };
	struct packet packet;
	const char *tcp = strstr(row->layers, "tcp");
	bool whole = !strstr(row->layers, "later") && !strstr(row->layers, "fragment");

	assert_non_null(peel);
	if (tcp && whole && (!peel_frame(peel, &frame, &packet) || packet.kind != PACKET_TCP ||
	            packet.target.port != strtol(tcp + 3, NULL, 10)))
		fail_msg("the peeler does not find TCP in: %s", row->layers);
	peel_free(peel);
}

static void each_wrapping_passes(void **state)
{
	char ethernet[WANTED_TEXT], other[WANTED_TEXT];
	unsigned wrong = 0;

	(void)state;
	wanted(ethernet, true);
	wanted(other, false);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct wrapped w;

		wrapped_make(&w, rows[i].layers);
		expect_opened(&rows[i], &w);
		if (passes(rows[i].link_type == 1 ? ethernet : other, &rows[i], &w) == rows[i].wanted)
			continue;
		print_message("%s: %s\n", rows[i].layers, rows[i].wanted ? "refused" : "let through");
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* All that the peeler reads (decoders/link.c), as LINKTYPE_ goes. */
static void each_link_type_has_a_program(void **state)
{
	static const uint16_t types[] = { 0, 1, 9, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166, 192,
	                                  228, 229, 276 };
	static const uint8_t nothing[64];
	char text[WANTED_TEXT];

	(void)state;
	wanted(text, false);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct frame frame = { .bytes = span_of(nothing, sizeof nothing), .wire_len = sizeof nothing,
		                       .link_type = types[i] };
		struct fault f = { .kind = FAULT_NONE };
		struct filter *filter = filter_new(text, &f);

		assert_non_null(filter);
		if (filter_judge(filter, &frame, &f) == FILTER_UNFIT)
			fail_msg("link type %u: %s", types[i], f.text);
		filter_free(filter);
	}
}

/* Ports and words of the user come beside the usual ones; what they say of tags moves nothing else. */
static void more_can_be_wanted(void **state)
{
	static const uint16_t ports[] = { 8532, 22 };
	static const struct row extra[] = {
		{ 1, "eth ip4 tcp22", true }, { 1, "eth q ip6 tcp22", true }, { 1, "eth ip4 udp123", true },
		{ 1, "eth q ip4 udp123", true }, { 1, "eth ip4 tcp8530", true },
		{ 1, "eth q ip4 tcp8530", true },
		{ 1, "eth ip4 tcp23", false },
	};
	static const char *const also[] = { "udp port 123", "udp port 123 or (vlan and udp port 123)" };

	(void)state;
	for (size_t k = 0; k < sizeof also / sizeof *also; k++)
		for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
			char text[WANTED_TEXT];
			struct wrapped w;
			struct fault f;

			assert_true(wanted_filter(text, ports, 2, also[k], true, &f));
			wrapped_make(&w, extra[i].layers);
			if (passes(text, &extra[i], &w) != extra[i].wanted)
				fail_msg("%s, with %s", extra[i].layers, also[k]);
		}
}

/* Whatever is wrong is told by the user's own words. */
static void wrong_words_are_told(void **state)
{
	static const char *const wrong[] = { "porrt 9", "port 9) or (port 10", "(port 9" };
	char text[WANTED_TEXT], *long_one = malloc(WANTED_TEXT);
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(wanted_filter(text, NULL, 0, wrong[i], true, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_non_null(strstr(f.text, wrong[i]));
		assert_null(strstr(f.text, "8530"));
	}
	assert_non_null(long_one);
	snprintf(long_one, WANTED_TEXT, "%*s", WANTED_TEXT - 1, "port 9");
	assert_false(wanted_filter(text, NULL, 0, long_one, true, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_true(wanted_filter(text, NULL, 0, "", true, &f));
	free(long_one);
}

/* ---- the kernel ---- */

/* Room for one socket's filter and options, as Linux had it before 6.8; this namespace's own since then. */
static void limit_memory(void)
{
	int file = open("/proc/sys/net/core/optmem_max", O_WRONLY);

	if (file < 0 || write(file, "20480", 5) != 5)
		print_message("with as much room for filters as this kernel gives\n");
	if (file >= 0)
		close(file);
}

static void expect_in_kernel(const char *device, int link_type, const char *text)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_create(device, why);
	struct bpf_program code;
	socklen_t instructions = 0;

	assert_non_null(pcap);
	assert_true(pcap_activate(pcap) >= 0);
	assert_int_equal(pcap_set_datalink(pcap, link_type), 0);
	if (pcap_compile(pcap, &code, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		fail_msg("%s: %s", device, pcap_geterr(pcap));
	assert_int_equal(pcap_setfilter(pcap, &code), 0);
	/* socket(7) has it under its old name, SO_ATTACH_FILTER: how long the attached filter is. */
	assert_int_equal(getsockopt(pcap_fileno(pcap), SOL_SOCKET, SO_ATTACH_FILTER, NULL, &instructions), 0);
	assert_int_equal(instructions, code.bf_len);
	pcap_freecode(&code);
	pcap_close(pcap);
}

static void the_kernel_takes_it(void **state)
{
	static const uint16_t ports[] = { 8532, 8014, 10123, 8005 };
	char text[WANTED_TEXT];
	struct fault f;

	(void)state;
	if (!cables_begin())
		skip();
	limit_memory();
	assert_true(wanted_filter(text, ports, 4, "host 192.0.2.1 or net 198.51.100.0/24", true, &f));
	expect_in_kernel("lo", DLT_EN10MB, text);
	wanted(text, false);
	expect_in_kernel("any", DLT_LINUX_SLL, text);
	expect_in_kernel("any", DLT_LINUX_SLL2, text);
}

/* The next frame is this one, with its tags. */
static void expect_captured(struct source *s, struct span bytes)
{
	enum source_next next;
	struct frame frame;
	struct fault f;

	for (int i = 0; (next = source_next(s, &frame, &f)) == SOURCE_IDLE; i++)
		assert_true(i < 100);
	assert_int_equal(next, SOURCE_FRAME);
	assert_true(span_eq(frame.bytes, bytes));
}

/* Tags that the kernel has taken off cost no port test, and let no more through. */
static void ports_are_found_behind_a_tag(void **state)
{
	static const struct row tagged[] = {
		{ 1, "eth q ip4 tcp22", false }, { 1, "eth q ip4 tcp8530", true }, { 1, "eth q arp", false },
		{ 1, "eth ad ip6 udp123", false }, { 1, "eth ad ip6 udp53", true },
		{ 1, "eth ad q ip4 tcp8531", true }, { 1, "eth q ip4 gre ip4 tcp8530", true },
		{ 1, "eth ip4 tcp22", false }, { 1, "eth ip4 tcp443", true },
	};
	static const char *const ends[] = { "cable0" };
	char text[WANTED_TEXT];
	const struct source_live_options o = { .devices = ends, .device_count = 1, .filter = text };
	struct source *source;
	struct fault f;
	int cable;

	(void)state;
	if (!cables_begin())
		skip();
	cables_add("cable0", "far0");
	wanted(text, true);
	source = source_live(&o, &f);
	assert_non_null(source);
	cable = cables_open("far0");
	for (size_t i = 0; i < sizeof tagged / sizeof *tagged; i++) {
		struct wrapped w;
		struct span bytes;

		wrapped_make(&w, tagged[i].layers);
		bytes = wrapped_bytes(&w);
		assert_int_equal(send(cable, bytes.at, bytes.len, 0), bytes.len);
		if (tagged[i].wanted)
			expect_captured(source, bytes);
	}
	source_close(source);
	close(cable);
}

/* ---- captures ---- */

static char **arguments;

static void keep_wanted(const struct reel *from, struct reel *to)
{
	char ethernet[WANTED_TEXT], other[WANTED_TEXT];
	struct fault f = { .kind = FAULT_NONE };
	struct filter *filters[2];

	wanted(ethernet, true);
	wanted(other, false);
	filters[0] = filter_new(other, &f);
	filters[1] = filter_new(ethernet, &f);
	assert_true(filters[0] && filters[1]);
	for (size_t i = 0; i < from->count; i++) {
		const struct frame *frame = &from->all[i].frame;

		/* What libpcap has no filter for could not be captured with one either. */
		if (filter_judge(filters[frame->link_type == 1], frame, &f) == FILTER_PASS ||
		    f.kind != FAULT_NONE)
			reel_add(to, frame, frame->bytes, i);
	}
	reel_settle(to);
	filter_free(filters[0]);
	filter_free(filters[1]);
}

/* Connections that are not wanted are missing; ladders and findings must be the same. */
static size_t compare(const struct reel *all, const char *path, const char *how)
{
	struct story was, is;
	struct reel kept;
	size_t differences;

	reel_init(&kept);
	keep_wanted(all, &kept);
	story_of_reel(&was, all);
	story_of_reel(&is, &kept);
	differences = story_differences(&was, &is, "connection,  ");
	if (differences)
		print_message("    %zu lines differ: %s, %s: %zu of %zu frames\n", differences, path, how,
		              kept.count, all->count);
	story_release(&was);
	story_release(&is);
	reel_release(&kept);
	return differences;
}

static size_t check(const char *path)
{
	static const enum rewrite ways[] = { REWRITE_VLAN, REWRITE_QINQ, REWRITE_VXLAN, REWRITE_IPV6 };
	size_t differences = 0;
	struct reel reel, to;
	struct fault f;

	reel_init(&reel);
	reel_read(&reel, path, &f);
	differences += compare(&reel, path, "as it is");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		reel_init(&to);
		if (!rewrite(ways[i], &reel, &to))
			differences += compare(&to, path, rewrite_text(ways[i]));
		reel_release(&to);
	}
	reel_release(&reel);
	return differences;
}

static void findings_are_the_same(void **state)
{
	glob_t found = { .gl_offs = 0 };
	size_t differences = 0;

	(void)state;
	for (char **file = arguments; *file; file++)
		differences += check(*file);
	if (!*arguments) {
		assert_int_equal(glob("pcaps/*.pcapng", 0, NULL, &found), 0);
		if (glob("../shared/captures/*/*.pcap*", GLOB_APPEND, NULL, &found))
			print_message("without further captures: ../shared/captures is not here\n");
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!strstr(found.gl_pathv[i], ".tsv"))
			differences += check(found.gl_pathv[i]);
	globfree(&found);
	assert_int_equal(differences, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wrapping_passes),
		cmocka_unit_test(each_link_type_has_a_program),
		cmocka_unit_test(more_can_be_wanted),
		cmocka_unit_test(wrong_words_are_told),
		cmocka_unit_test(the_kernel_takes_it),
		cmocka_unit_test(ports_are_found_behind_a_tag),
		cmocka_unit_test(findings_are_the_same),
	};

	(void)argc;
	arguments = argv + 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
