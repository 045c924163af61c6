/* tests/frame_text.h - frames written as hex, and what the peeler makes of them as a line of text. */
#ifndef TESTS_FRAME_TEXT_H
#define TESTS_FRAME_TEXT_H

#include "decoders/peel.h"

enum { FRAME_TEXT_BYTES = 4096, FRAME_TEXT = 512 };

/* A packet that many rows wrap: 10.0.0.1:1234 sends "hello" to 10.0.0.2:8530, over IPv4 and over IPv6. */
#define FRAME_TCP  "04d2 2152 00000001 00000002 5018 2000 abcd 0000 68656c6c6f"
#define FRAME_IP4  "4500002d 12340000 40060000 0a000001 0a000002" FRAME_TCP
#define FRAME_IP6  "60000000 0019 06 40" FRAME_IP6_ADDRS FRAME_TCP
#define FRAME_IP6_ADDRS \
	"20010db8 00000000 00000000 00000001" \
	"20010db8 00000000 00000000 00000002"
#define FRAME_MACS "020000000002 020000000001"
#define FRAME_ETH4 FRAME_MACS "0800" FRAME_IP4
#define FRAME_TOLD4 "tcp 10.0.0.1:1234 > 10.0.0.2:8530 seq 1 ack 2 flags 24 ttl 64 hello"
#define FRAME_TOLD6 "tcp [2001:db8::1]:1234 > [2001:db8::2]:8530 seq 1 ack 2 flags 24 ttl 64 hello"

struct frame_row {
	const char *name;
	uint16_t link_type;
	const char *hex;        /* spaces are for the reader */
	const char *want;
};

/* Bytes written; the caller's array holds FRAME_TEXT_BYTES. */
size_t frame_bytes(const char *hex, uint8_t *bytes);

/* Peels one frame of `wire_len` bytes of which `captured` are there, and tells it: the packet with its
 * payload, length and wire, or "-" and the kinds of the limits that grew. */
const char *frame_told(struct peel *p, struct limits *limits, const struct frame *frame,
		       char text[static FRAME_TEXT]);

/* Peels every row by itself: whole (compared with `want`), then cut at every length, said and unsaid
 * (compared with nothing: a packet's payload must lie inside the frame and be no longer than its length).
 * Fails the test that calls it. */
void frame_rows(const struct frame_row *rows, size_t count);

#endif
