/* tests/frame_text.c - hex to frames, packets to text. */
#include "tests/frame_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

size_t frame_bytes(const char *hex, uint8_t *bytes)
{
	size_t digits = 0;

	for (; *hex; hex++) {
		int value;

		if (*hex == ' ')
			continue;
		value = isdigit((unsigned char)*hex) ? *hex - '0' : *hex - 'a' + 10;
		assert_in_range(value, 0, 15);
		assert_true(digits / 2 < FRAME_TEXT_BYTES);
		if (digits % 2)
			bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | value);
		else
			bytes[digits / 2] = (uint8_t)value;
		digits++;
	}
	assert_int_equal(digits % 2, 0);
	return digits / 2;
}

static void add_payload(FILE *out, struct span payload)
{
	for (size_t i = 0; i < payload.len && i < 64; i++)
		fputc(isprint(payload.at[i]) ? payload.at[i] : '.', out);
}

static void tell_packet(FILE *out, const struct packet *k)
{
	static const char *const kinds[] = { "none", "tcp", "udp", "icmp" };
	char source[ENDPOINT_TEXT], target[ENDPOINT_TEXT];

	fprintf(out, "%s %s > %s ", kinds[k->kind], endpoint_text(&k->source, source),
		endpoint_text(&k->target, target));
	switch (k->kind) {
	case PACKET_TCP:
		fprintf(out, "seq %u ack %u flags %u ", k->tcp.seq, k->tcp.ack, k->tcp.flags);
		if (k->tcp.mss)
			fprintf(out, "mss %u ", k->tcp.mss);
		if (k->tcp.has_timestamp)
			fprintf(out, "timestamp ");
		fprintf(out, "ttl %u ", k->ttl);
		if (k->tcp.len != k->tcp.payload.len)
			fprintf(out, "%zu of %u: ", k->tcp.payload.len, k->tcp.len);
		add_payload(out, k->tcp.payload);
		break;
	case PACKET_UDP:
		fprintf(out, "ttl %u ", k->ttl);
		add_payload(out, k->udp);
		break;
	case PACKET_ICMP:
		fprintf(out, "ttl %u type %u code %u", k->ttl, k->icmp.at[0], k->icmp.at[1]);
		break;
	case PACKET_NONE:
		break;
	}
}

const char *frame_told(struct peel *p, struct limits *limits, const struct frame *frame,
		       char text[static FRAME_TEXT])
{
	FILE *out = fmemopen(text, FRAME_TEXT, "w");
	struct limits before = *limits;
	struct packet packet;

	if (peel_frame(p, frame, &packet)) {
		tell_packet(out, &packet);
		if (packet.wire)
			fprintf(out, " on %s", peel_wire_text(p, packet.wire));
		if (packet.outbound)
			fprintf(out, " outbound");
	} else {
		fprintf(out, "-");
	}
	for (enum limit i = 0; i < LIMIT_COUNT; i++)
		if (limits->count[i] != before.count[i])
			fprintf(out, " %s", limit_kind(i));
	fclose(out);
	return text;
}

static struct span payload_of(const struct packet *k)
{
	switch (k->kind) {
	case PACKET_TCP:  return k->tcp.payload;
	case PACKET_UDP:  return k->udp;
	case PACKET_ICMP: return k->icmp;
	case PACKET_NONE: break;
	}
	fail_msg("a packet of no kind");
	return SPAN("");
}

/* The frame in memory of exactly its length, so that a read beyond it is seen. */
static void peel_cut(const struct frame_row *row, struct span bytes, size_t len, size_t wire_len)
{
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	uint8_t *copy = malloc(len ? len : 1);
	struct frame frame = { .number = 1, .bytes = { copy, len }, .wire_len = (uint32_t)wire_len,
			       .link_type = row->link_type };
	struct packet k;

	memcpy(copy, bytes.at, len);
	if (peel_frame(p, &frame, &k)) {
		struct span payload = payload_of(&k);

		assert_true(payload.at >= copy && payload.at + payload.len <= copy + len);
		assert_true(k.kind != PACKET_TCP || payload.len <= k.tcp.len);
	}
	free(copy);
	peel_free(p);
}

void frame_rows(const struct frame_row *rows, size_t count)
{
	for (const struct frame_row *row = rows; row < rows + count; row++) {
		uint8_t bytes[FRAME_TEXT_BYTES];
		size_t len = frame_bytes(row->hex, bytes);
		struct frame frame = { .number = 1, .bytes = { bytes, len },
	       .wire_len = (uint32_t)len,
				       .link_type = row->link_type };
		struct limits limits = { { 0 } };
		struct peel *p = peel_new(&limits);
		char text[FRAME_TEXT];

		print_message("%s\n", row->name);
		assert_string_equal(frame_told(p, &limits, &frame, text), row->want);
		peel_free(p);
		for (size_t cut = 0; cut <= len; cut++) {
			peel_cut(row, span_of(bytes, len), cut, len);
			peel_cut(row, span_of(bytes, len), cut, cut);
		}
	}
}
