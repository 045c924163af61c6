/* tests/test_invariance.c - the same streams in other frames tell the same story.
 *
 *   test_invariance [FILE...]        without files: all of pcaps/
 *
 * Every capture is told as it is, then after each rewrite of tests/rewrite.h, then from other file
 * formats. What a rewrite rightly changes is in the table below, with the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/capture_file.h"
#include "tests/captures.h"
#include "tests/rewrite_story.h"

#define BIT(symbol) (1u << REWRITE_##symbol)

enum {
	CUTS = BIT(CUT_BYTES) | BIT(CUT_SMALL) | BIT(CUT_HUNDRED) | BIT(CUT_LEAST) |
	       BIT(CUT_USUAL) | BIT(JOINED) | BIT(IPV6_CUT),
	SEGMENTS = CUTS | BIT(REORDERED) | BIT(RETRANSMITTED),
};

/* Lines that need not agree where a line of the story as it was begins like that. */
static const struct exemption {
	unsigned rewrites;
	const char *where, *lines, *reason;
} exemptions[] = {
	{ SEGMENTS, "connection", "  segments,finding loss", "segments are what they count" },
	{ CUTS, "finding mtu-black-hole", "finding mtu-black-hole,ladder's end,  content",
	  "it is about segments of one size, and alone tells of the failure" },
	{ BIT(IPV6) | BIT(IPV6_CUT), "  name", "  name,  connection,ladder,finding wrong-server",
	  "DNS goes on telling of IPv4 addresses, so no name is known of the others" },
	{ BIT(IPV6) | BIT(IPV6_CUT), "finding name-not-resolved", "finding name,ladder",
	  "so no proxy is known by its name" },
	{ BIT(IPV6) | BIT(IPV6_CUT), "finding upstream-unreachable", "finding upstream,ladder",
	  "nor Microsoft's servers" },
	{ BIT(IPV6) | BIT(IPV6_CUT), "finding auto-proxy-failed", "finding,ladder",
	  "DNS and DHCP go on telling of IPv4 addresses" },
};

static const struct file_format {
	uint32_t magic;                 /* of pcap; 0: pcapng */
	bool big;
	int64_t unit;                   /* ns */
	const char *name;
} formats[] = {
	{ 0xa1b2c3d4u, false, 1000, "in a pcap file, little-endian, microseconds" },
	{ 0xa1b23c4du, true, 1, "in a pcap file, big-endian, nanoseconds" },
	{ 0, true, 1000, "in a pcapng file, big-endian, microseconds" },
	{ 0, false, 1000, "in a pcapng file, little-endian, microseconds" },
};

static void exempted(enum rewrite how, const struct story *was, char *lines, size_t size)
{
	size_t len = 0;

	*lines = '\0';
	for (size_t i = 0; i < sizeof exemptions / sizeof *exemptions; i++)
		if (exemptions[i].rewrites & 1u << how && story_has(was, exemptions[i].where))
			len += (size_t)snprintf(lines + len, size - len, "%s,",
			                        exemptions[i].lines);
}

static size_t compare(const char *what, const struct story *was, struct story *is, const char *but)
{
	size_t differences = story_differences(was, is, but);

	if (differences)
		print_message("    %zu lines differ: %s\n", differences, what);
	story_release(is);
	return differences;
}

static size_t rewritten(const struct reel *reel, const struct story *was)
{
	size_t differences = 0;

	for (unsigned how = 0; how < REWRITE_COUNT; how++) {
		struct reel to;
		struct story is;
		char but[256];
		const char *why;

		reel_init(&to);
		why = rewrite((enum rewrite)how, reel, &to);
		exempted((enum rewrite)how, was, but, sizeof but);
		if (why) {
			print_message("    not told: %s: %s\n", rewrite_text((enum rewrite)how),
			              why);
		} else {
			story_of_reel(&is, &to);
			differences += compare(rewrite_text((enum rewrite)how), was, &is, but);
		}
		reel_release(&to);
	}
	return differences;
}

static bool one_link_type(const struct reel *t)
{
	for (size_t i = 1; i < t->count; i++)
		if (t->all[i].frame.link_type != t->all[0].frame.link_type)
			return false;
	return t->count;
}

static void write_file(struct capture_file *c, const struct file_format *format,
                       const struct reel *t)
{
	uint16_t link_type = t->all[0].frame.link_type;

	if (format->magic) {
		file_pcap(c, format->magic, link_type);
	} else {
		file_section(c);
		file_interface(c, link_type, 0);
	}
	for (size_t i = 0; i < t->count; i++) {
		const struct frame *f = &t->all[i].frame;
		uint64_t units = (uint64_t)(f->time / format->unit);
		uint64_t second = (uint64_t)(MOMENT_S / format->unit);

		if (format->magic)
			file_record(c, (uint32_t)(units / second), (uint32_t)(units % second),
			            f->bytes, f->wire_len);
		else
			file_packet(c, 0, units, f->bytes, f->wire_len);
	}
}

static size_t reformatted(const struct reel *reel, const struct story *was)
{
	size_t differences = 0;

	for (size_t i = 0; i < sizeof formats / sizeof *formats && one_link_type(reel); i++) {
		struct capture_file file;
		struct story is;

		file_init(&file, formats[i].big);
		write_file(&file, &formats[i], reel);
		story_of_file(&is, file_span(&file));
		differences += compare(formats[i].name, was, &is, "");
		file_release(&file);
	}
	return differences;
}

static void every_rewrite_tells_the_same(void **state)
{
	const char *path = *state;
	struct fault f = { 0 };
	struct reel reel;
	struct story was;
	size_t differences;

	reel_init(&reel);
	if (!reel_read(&reel, path, &f))
		print_message("    %s\n", f.text);
	story_of_reel(&was, &reel);
	differences = rewritten(&reel, &was) + reformatted(&reel, &was);
	story_release(&was);
	reel_release(&reel);
	assert_int_equal(differences, 0);
}

int main(int argc, char **argv)
{
	return captures_run(argc, argv, &(struct captures_tests){
		.group = "invariance",
		.each = every_rewrite_tells_the_same,
		.named = every_rewrite_tells_the_same,
	});
}
