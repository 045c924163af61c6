/* tests/test_dns.c - DNS, LLMNR and NetBIOS messages; bytes after RFC 1035, RFC 6891, RFC 1002. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decoders/nbns.h"
#include "tests/frame_text.h"

enum { TOLD = 600 };

#define WSUS01 "06777375733031"                 /* "wsus01", a label */
#define CORP   "04636f7270 076578616d706c65"    /* "corp", "example" */
#define FULL   WSUS01 CORP "00"
#define A_RECORD "c00c 0001 0001 0000003c 0004 c633640a"

static const struct row {
	const char *name, *hex, *want;  /* "-": none */
} dns_rows[] = {
	{ "a question", "1234 0100 0001 0000 0000 0000" FULL "0001 0001", "? wsus01.corp.example 1" },
	{ "upper case", "1234 0100 0001 0000 0000 0000" "06575355533031 00 001c 0001", "? wsus01 28" },
	{ "an answer", "1234 8580 0001 0001 0000 0000" FULL "0001 0001" A_RECORD,
	  "! wsus01.corp.example 1 rcode 0 1: 198.51.100.10" },
	{ "no such name", "1234 8583 0001 0000 0000 0000" FULL "0001 0001",
	  "! wsus01.corp.example 1 rcode 3 0:" },
	{ "an AAAA where A was asked", "1234 8580 0001 0001 0000 0000" FULL "0001 0001"
	  "c00c 001c 0001 0000003c 0010 20010db8000000000000000000000010",
	  "! wsus01.corp.example 1 rcode 0 0:" },
	{ "an AAAA", "1234 8580 0001 0001 0000 0000" FULL "001c 0001"
	  "c00c 001c 0001 0000003c 0010 20010db8000000000000000000000010",
	  "! wsus01.corp.example 28 rcode 0 1: 2001:db8::10" },
	/* sup.corp.example is an alias: its name ends in a pointer to "corp" at byte 19 */
	{ "an alias", "1234 8580 0001 0002 0000 0000" FULL "0001 0001"
	  "c00c 0005 0001 0000003c 0006 03737570 c013"
	  "c031 0001 0001 0000003c 0004 c633640a",
	  "! wsus01.corp.example 1 rcode 0 1: 198.51.100.10 as sup.corp.example" },
	{ "an alias that leads nowhere", "1234 8580 0001 0001 0000 0000" FULL "0001 0001"
	  "c00c 0005 0001 0000003c 0006 03737570 c013",
	  "! wsus01.corp.example 1 rcode 0 0: as sup.corp.example" },
	{ "truncated", "1234 8780 0001 0000 0000 0000" FULL "0001 0001",
	  "! wsus01.corp.example 1 rcode 0 0: truncated" },
	{ "extended code: BADVERS", "1234 8180 0001 0000 0000 0001" FULL "0001 0001"
	  "00 0029 04d0 01000000 0000", "! wsus01.corp.example 1 rcode 16 0:" },
	{ "an answer that breaks off", "1234 8580 0001 0001 0000 0000" FULL "0001 0001"
	  "c00c 0001 0001 0000003c 0004 c633", "! wsus01.corp.example 1 rcode 0 0: malformed" },
	{ "odd bytes in a name", "1234 0100 0001 0000 0000 0000" "03 2e00ff 00 0001 0001",
	  "? \\046\\000\\255 1" },
	{ "a pointer to itself", "1234 0100 0001 0000 0000 0000" "c00c 0001 0001", "-" },
	{ "pointers in a ring", "1234 0100 0001 0000 0000 0000" "0161 c00e c00c 0001 0001", "-" },
	{ "a pointer forwards", "1234 0100 0001 0000 0000 0000" "c010 0001 0001 00", "-" },
	{ "a label of an unknown kind", "1234 0100 0001 0000 0000 0000" "80 00 0001 0001", "-" },
	{ "no question", "1234 8580 0000 0000 0000 0000", "-" },
	{ "too short", "1234", "-" },
	{ "an SRV with its host's address", "1234 8580 0001 0001 0000 0001" FULL "0021 0001"
	  "c00c 0021 0001 0000003c 0008 0000 0000 2152 c00c" A_RECORD,
	  "! wsus01.corp.example 33 rcode 0 1: 198.51.100.10" },
};

/* "WSUS01         \x20", each nibble plus 'A'. */
#define WSUS01_NB "20 4648464446464644444144424341434143414341434143414341434143414341 00"
#define NB_WRONG  "20 6648464446464644444144424341434143414341434143414341434143414341 00"

static const struct row nbns_rows[] = {
	{ "a question", "0001 0110 0001 0000 0000 0000" WSUS01_NB "0020 0001", "? wsus01 32" },
	{ "an answer", "0001 8500 0000 0001 0000 0000" WSUS01_NB "0020 0001 000493e0 0006 0000 c633640a",
	  "! wsus01 32 rcode 0 1: 198.51.100.10" },
	{ "no such name", "0001 8583 0000 0001 0000 0000" WSUS01_NB "000a 0001 00000000 0000",
	  "! wsus01 32 rcode 3 0:" },
	{ "a registration", "0001 2910 0001 0000 0000 0001" WSUS01_NB "0020 0001", "-" },
	{ "a status request", "0001 0000 0001 0000 0000 0000" WSUS01_NB "0021 0001", "-" },
	{ "letters that none use", "0001 0110 0001 0000 0000 0000" NB_WRONG "0020 0001", "-" },
	{ "no name", "0001 0110 0001 0000 0000 0000", "-" },
};

static const char *told(const struct dns_message *m, bool read, char text[static TOLD])
{
	char addr[ADDR_TEXT];
	size_t len;

	if (!read)
		return "-";
	if (!m->response) {
		snprintf(text, TOLD, "? %s %u", m->name, m->type);
		return text;
	}
	len = (size_t)snprintf(text, TOLD, "! %s %u rcode %u %u:", m->name, m->type, m->rcode,
	                       m->answer_count);
	for (unsigned i = 0; i < m->answer_count && i < LOOKUP_ANSWERS; i++)
		len += (size_t)snprintf(text + len, TOLD - len, " %s", addr_text(&m->answers[i], addr));
	snprintf(text + len, TOLD - len, "%s%s%s%s", m->canonical[0] ? " as " : "", m->canonical,
	         m->truncated ? " truncated" : "", m->malformed ? " malformed" : "");
	return text;
}

static void read_rows(const struct row *rows, size_t count, bool (*read)(struct span, struct dns_message *))
{
	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[FRAME_TEXT_BYTES];
		size_t len = frame_bytes(rows[i].hex, bytes);
		struct dns_message m;
		char text[TOLD];
		const char *is = told(&m, read(span_of(bytes, len), &m), text);

		if (strcmp(is, rows[i].want) != 0)
			fail_msg("%s: \"%s\", wanted \"%s\"", rows[i].name, is, rows[i].want);
		/* Cut anywhere: memory of its own, so that a byte too many is seen. */
		for (size_t cut = 0; cut < len; cut++) {
			uint8_t *copy = malloc(cut + 1);

			memcpy(copy, bytes, cut);
			read(span_of(copy, cut), &m);
			free(copy);
		}
	}
}

static void reads_dns(void **unused)
{
	(void)unused;
	read_rows(dns_rows, sizeof dns_rows / sizeof *dns_rows, dns_read);
}

static void reads_nbns(void **unused)
{
	(void)unused;
	read_rows(nbns_rows, sizeof nbns_rows / sizeof *nbns_rows, nbns_read);
}

/* 255 bytes of wire are a name, 256 are none; what has no room as text is none either. */
static void bounds_names(void **unused)
{
	uint8_t bytes[400] = { 0 };
	char text[LOOKUP_NAME];
	size_t at = 0;

	(void)unused;
	for (size_t i = 0; i < 254; i += 2) {
		bytes[i] = 1;
		bytes[i + 1] = 'a';
	}
	assert_true(dns_name(span_of(bytes, sizeof bytes), &at, text));
	assert_int_equal(at, 255);
	assert_int_equal(strlen(text), 253);
	bytes[254] = 1;
	at = 0;
	assert_false(dns_name(span_of(bytes, sizeof bytes), &at, text));
	memset(bytes, 0xff, sizeof bytes);
	bytes[0] = 63;
	bytes[64] = 63;
	bytes[128] = 0;
	at = 0;
	assert_false(dns_name(span_of(bytes, sizeof bytes), &at, text));
}

/* Each pointer leads to the one before it, the first to a name. */
static void bounds_chains_of_pointers(void **unused)
{
	uint8_t bytes[800] = { 1, 'a', 0 };
	char text[LOOKUP_NAME];
	size_t at = 103, far = 303;

	(void)unused;
	for (size_t i = 3; i + 1 < sizeof bytes; i += 2) {
		size_t to = i > 3 ? i - 2 : 0;

		bytes[i] = (uint8_t)(0xc0 | to >> 8);
		bytes[i + 1] = (uint8_t)to;
	}
	assert_true(dns_name(span_of(bytes, sizeof bytes), &at, text));
	assert_string_equal(text, "a");
	assert_int_equal(at, 105);
	assert_false(dns_name(span_of(bytes, sizeof bytes), &far, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_dns),
		cmocka_unit_test(reads_nbns),
		cmocka_unit_test(bounds_names),
		cmocka_unit_test(bounds_chains_of_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
