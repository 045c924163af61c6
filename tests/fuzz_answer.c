/* tests/fuzz_answer.c - any bytes as a name server's answer, resolv.conf, a hosts file, and what a proxy
 * script says: what is told stays within its bounds. */
#include <stdlib.h>

#include "probes/answer.h"
#include "probes/pac.h"
#include "probes/resolve.h"

static void read_answer(struct span bytes)
{
	static const uint16_t types[] = { 1, 28, 33 };

	for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
		struct lookup l = { .type = types[i], .name = "wsus01.corp.example" };

		answer_read(bytes, &l);
		if (!memchr(l.canonical, '\0', sizeof l.canonical) || (!l.answered && !l.malformed))
			abort();
	}
}

static void read_files(struct span bytes)
{
	struct addr found[4];
	struct ask_system s;

	ask_system_parse(&s, bytes);
	if (s.server_count > ASK_SERVERS_MAX || s.suffix_count > ASK_SUFFIXES_MAX)
		abort();
	for (unsigned i = 0; i < s.suffix_count; i++)
		if (!s.suffixes[i][0] || !memchr(s.suffixes[i], '\0', LOOKUP_NAME))
			abort();
	if (hosts_find(bytes, "wsus01", true, true, found, 4) > 4)
		abort();
}

static void read_script(struct span bytes)
{
	struct pac_result r = { .count = 0 };

	pac_read(bytes, &r);
	if (r.count > PAC_CHOICES_MAX || strpbrk(r.text, "\r\n"))
		abort();
	for (unsigned i = 0; i < r.count; i++) {
		bool host = r.choices[i].proxy.host[0], port = r.choices[i].proxy.port;
		bool none = r.choices[i].kind == PAC_DIRECT || r.choices[i].kind == PAC_UNREADABLE;

		if (host == none || port == none)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);

	read_answer(in);
	read_files(in);
	read_script(in);
	return 0;
}
