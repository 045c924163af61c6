/* tests/test_dhcp.c - DHCP messages, and what their answers tell; after RFC 2131, 2132, 3396, 4702. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decoders/dhcp.h"
#include "decoders/leases.h"
#include "tests/frame_text.h"
#include "tests/trial.h"

enum { TOLD = 900 };

#define ZEROS_8  "0000000000000000"
#define ZEROS_64 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8
#define MAC      "00155d020050 00000000000000000000"
/* of a client that has no address yet, and of the answer to it */
#define ASK      "01010600 deadbeef 00000000 00000000 00000000 00000000 00000000" MAC
#define TELL     "02010600 deadbeef 00000000 00000000 c0000232 00000000 00000000" MAC
/* of one that has */
#define INFORM   "01010600 deadbeef 00000000 c0000232 00000000 00000000 00000000" MAC
#define INFORMED "02010600 deadbeef 00000000 c0000232 00000000 00000000 00000000" MAC
#define NO_NAMES ZEROS_64 ZEROS_64 ZEROS_64 "63825363"
#define SERVER   "3604 c00002fe"
#define SCRIPT   "fc0d 687474703a2f2f7770616400 00"     /* "http://wpad" and two NULs */
#define WPAD     "fc0b 687474703a2f2f77706164"
#define IN_FILE  WPAD "ff 0000" ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_64

static const struct row {
	const char *name, *ask, *tell;  /* NULL: not sent */
	const char *want;
} rows[] = {
	{ "a script is asked for and told", ASK NO_NAMES "350101 3703 0106fc 0c07 50432d30343132 ff",
	  TELL NO_NAMES "350102" SERVER SCRIPT "ff",
	  "192.0.2.50 by 192.0.2.254 asked PC-0412 script http://wpad" },
	{ "asked for and not told", ASK NO_NAMES "350101 3703 0106fc ff", TELL NO_NAMES "350102" SERVER "ff",
	  "192.0.2.50 by 192.0.2.254 asked" },
	{ "told unasked, with name servers", ASK NO_NAMES "350103 3702 0106 ff",
	  TELL NO_NAMES "350105" SERVER "0608 c00002fe c00002fd" WPAD "ff",
	  "192.0.2.50 by 192.0.2.254 script http://wpad dns 192.0.2.254 192.0.2.253" },
	{ "an INFORM", INFORM NO_NAMES "350108 3701 fc ff", INFORMED NO_NAMES "350105" SERVER WPAD "ff",
	  "192.0.2.50 by 192.0.2.254 asked script http://wpad" },
	{ "the answer alone", NULL, TELL NO_NAMES "350105" WPAD "ff",
	  "192.0.2.50 by 192.0.2.9 script http://wpad" },
	{ "the name in option 81", ASK NO_NAMES "350103 510a 000000 50432d30343132 ff",
	  TELL NO_NAMES "350105" SERVER "ff", "192.0.2.50 by 192.0.2.254 PC-0412" },
	{ "the name in option 81, in labels",
	  ASK NO_NAMES "350103 5110 040000 0750432d30343132 04636f727000 ff",
	  TELL NO_NAMES "350105" SERVER "ff", "192.0.2.50 by 192.0.2.254 PC-0412.corp" },
	{ "a script in two pieces", NULL, TELL NO_NAMES "350105 fc07 687474703a2f2f fc04 77706164 ff",
	  "192.0.2.50 by 192.0.2.9 script http://wpad" },
	{ "a script where the file name stood", NULL,
	  TELL ZEROS_64 IN_FILE "63825363 350105 340101 ff", "192.0.2.50 by 192.0.2.9 script http://wpad" },
	{ "options that break off", NULL, TELL NO_NAMES "350105 fcff 6874", "192.0.2.50 by 192.0.2.9" },
	{ "a refusal", NULL, TELL NO_NAMES "350106 ff", "" },
	{ "no cookie", NULL, TELL ZEROS_64 ZEROS_64 ZEROS_64 "00000000 350105 ff", "" },
	{ "too short", NULL, TELL, "" },
};

static void take(void *self, const struct fact *fact)
{
	const struct lease *l = fact->lease;
	char client[ADDR_TEXT], server[ADDR_TEXT], *text = self;
	size_t len = strlen(text);

	assert_int_equal(fact->kind, FACT_LEASE);
	len += (size_t)snprintf(text + len, TOLD - len, "%s by %s%s", addr_text(&l->client, client),
	                        addr_text(&l->server, server), l->asked_proxy ? " asked" : "");
	if (l->host_name.len)
		len += (size_t)snprintf(text + len, TOLD - len, " %.*s", (int)l->host_name.len,
		                        (const char *)l->host_name.at);
	if (l->proxy_script.len)
		len += (size_t)snprintf(text + len, TOLD - len, " script %.*s", (int)l->proxy_script.len,
		                        (const char *)l->proxy_script.at);
	for (unsigned i = 0; i < l->name_server_count && i < DHCP_NAME_SERVERS; i++)
		len += (size_t)snprintf(text + len, TOLD - len, "%s %s", i ? "" : " dns",
		                        addr_text(&l->name_servers[i], client));
}

static void send_message(struct leases *l, const char *hex, const char *source, const char *target)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct packet packet = { .kind = PACKET_UDP, .frame = 1, .source = endpoint_at(source),
		                 .target = endpoint_at(target) };
	struct dhcp_message m;

	packet.udp = span_of(bytes, frame_bytes(hex, bytes));
	leases_packet(l, &packet);
	/* Cut anywhere: memory of its own, so that a byte too many is seen. */
	for (size_t cut = 0; cut < packet.udp.len; cut++) {
		uint8_t *copy = malloc(cut + 1);

		memcpy(copy, bytes, cut);
		dhcp_read(span_of(copy, cut), &m);
		free(copy);
	}
}

static void states_leases(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[TOLD] = "";
		struct fact_sink sink = { text, take };
		struct leases *l = leases_new(&sink);

		if (rows[i].ask)
			send_message(l, rows[i].ask, "192.0.2.50:68", "255.255.255.255:67");
		send_message(l, rows[i].tell, "192.0.2.9:67", "192.0.2.50:68");
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%s: \"%s\", wanted \"%s\"", rows[i].name, text, rows[i].want);
		leases_free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(states_leases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
