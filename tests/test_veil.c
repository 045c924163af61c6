/* tests/test_veil.c - captures under the veil: each packet goes on as it was, but for who it is from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/source.h"
#include "decoders/peel.h"
#include "tests/captures.h"
#include "veil/veil.h"

/* A frame as it came and as it goes on, peeled side by side. */
struct pair {
	struct veil *veil;
	struct limits limits[2];
	struct peel *peel[2];
	uint64_t packets;
};

static void read_all(const char *path, void (*each)(struct pair *, const struct frame *), struct pair *p)
{
	struct frame frame;
	struct fault f;
	struct source *s = source_open(&path, 1, NULL, &f);
	enum source_next next;

	assert_non_null(s);
	while ((next = source_next(s, &frame, &f)) != SOURCE_END)
		if (next == SOURCE_FRAME)
			each(p, &frame);
	source_close(s);
}

static void show(struct pair *p, const struct frame *frame)
{
	struct frame copy = *frame;

	veil_pass(p->veil, &copy);
	assert_ptr_equal(copy.bytes.at, frame->bytes.at);
}

static void same_address(struct pair *p, const struct endpoint *was, const struct endpoint *is)
{
	struct addr wanted = names_addr(veil_names(p->veil), &was->addr);

	assert_int_equal(was->port, is->port);
	assert_true(addr_eq(&wanted, &is->addr));
}

static void same_segment(const struct tcp_segment *was, const struct tcp_segment *is)
{
	assert_int_equal(was->seq, is->seq);
	assert_int_equal(was->ack, is->ack);
	assert_int_equal(was->flags, is->flags);
	assert_int_equal(was->window, is->window);
	assert_int_equal(was->mss, is->mss);
	assert_int_equal(was->len, is->len);
	assert_int_equal(was->payload.len, is->payload.len);
}

static void compare(struct pair *p, const struct frame *frame)
{
	struct frame copy = *frame;
	struct packet was, is;
	bool found = peel_frame(p->peel[0], frame, &was);

	veil_pass(p->veil, &copy);
	assert_int_equal(copy.bytes.len, frame->bytes.len);
	assert_int_equal(copy.wire_len, frame->wire_len);
	assert_int_equal(copy.comment.len, 0);
	assert_int_equal(peel_frame(p->peel[1], &copy, &is), found);
	if (!found)
		return;
	p->packets++;
	assert_int_equal(was.kind, is.kind);
	assert_int_equal(was.wire, is.wire);
	assert_int_equal(was.ttl, is.ttl);
	assert_int_equal(was.ip_id, is.ip_id);
	same_address(p, &was.source, &is.source);
	same_address(p, &was.target, &is.target);
	if (was.kind == PACKET_TCP)
		same_segment(&was.tcp, &is.tcp);
	else
		assert_int_equal(was.udp.len, is.udp.len);
}

static void packets_go_on(void **state)
{
	struct pair p = { .veil = veil_new(&(struct veil_options){ .key = { 7 }, .memory = 64 << 20 }) };

	for (unsigned i = 0; i < 2; i++)
		p.peel[i] = peel_new(&p.limits[i]);
	read_all(*state, show, &p);
	assert_true(veil_turn(p.veil));
	read_all(*state, show, &p);
	assert_true(veil_turn(p.veil));
	read_all(*state, compare, &p);
	assert_memory_equal(p.limits[0].count, p.limits[1].count, sizeof p.limits[0].count);
	for (unsigned i = 0; i < 2; i++)
		peel_free(p.peel[i]);
	veil_free(p.veil);
}

int main(int argc, char **argv)
{
	const struct captures_tests tests = { "veil", packets_go_on, packets_go_on, NULL };

	return captures_run(argc, argv, &tests);
}
