/* facts/icmp.c - the words of ICMP's types and codes (RFC 792, 1122, 1812; RFC 4443, 7112). */
#include "facts/icmp.h"

#include <stddef.h>

#include "base/tongue.h"

enum { ANY_CODE = 256 };

struct icmp_row {
	unsigned type, code;
	bool rejects;
	const char *text;
};

static const struct icmp_row v4_rows[] = {
	{ 3, 0, true, N_("network unreachable") },
	{ 3, 1, true, N_("host unreachable") },
	{ 3, 2, true, N_("protocol unreachable") },
	{ 3, 3, true, N_("port unreachable") },
	{ 3, 4, false, N_("fragmentation needed") },
	{ 3, 5, true, N_("source route failed") },
	{ 3, 6, true, N_("destination network unknown") },
	{ 3, 7, true, N_("destination host unknown") },
	{ 3, 8, true, N_("source host isolated") },
	{ 3, 9, true, N_("network administratively prohibited") },
	{ 3, 10, true, N_("host administratively prohibited") },
	{ 3, 11, true, N_("network unreachable for this type of service") },
	{ 3, 12, true, N_("host unreachable for this type of service") },
	{ 3, 13, true, N_("communication administratively prohibited") },
	{ 3, 14, true, N_("host precedence violation") },
	{ 3, 15, true, N_("precedence cutoff in effect") },
	{ 4, ANY_CODE, false, N_("source quench") },
	{ 5, ANY_CODE, false, N_("redirect") },
	{ 11, 0, true, N_("time to live exceeded") },
	{ 11, 1, false, N_("fragment reassembly time exceeded") },
	{ 12, ANY_CODE, false, N_("parameter problem") },
};

static const struct icmp_row v6_rows[] = {
	{ 1, 0, true, N_("no route to destination") },
	{ 1, 1, true, N_("communication administratively prohibited") },
	{ 1, 2, true, N_("beyond scope of source address") },
	{ 1, 3, true, N_("address unreachable") },
	{ 1, 4, true, N_("port unreachable") },
	{ 1, 5, true, N_("source address failed policy") },
	{ 1, 6, true, N_("reject route to destination") },
	{ 1, 7, true, N_("error in source routing header") },
	{ 2, ANY_CODE, false, N_("packet too big") },
	{ 3, 0, true, N_("hop limit exceeded") },
	{ 3, 1, false, N_("fragment reassembly time exceeded") },
	{ 4, ANY_CODE, false, N_("parameter problem") },
};

static const struct icmp_row *find(bool v6, unsigned type, unsigned code)
{
	const struct icmp_row *rows = v6 ? v6_rows : v4_rows;
	size_t count = v6 ? sizeof v6_rows / sizeof *v6_rows : sizeof v4_rows / sizeof *v4_rows;

	for (size_t i = 0; i < count; i++)
		if (rows[i].type == type && (rows[i].code == code || rows[i].code == ANY_CODE))
			return &rows[i];
	return NULL;
}

const char *icmp_text(bool v6, unsigned type, unsigned code)
{
	const struct icmp_row *row = find(v6, type, code);

	return row ? row->text : N_("unknown");
}

bool icmp_rejects(bool v6, unsigned type, unsigned code)
{
	const struct icmp_row *row = find(v6, type, code);

	return row && row->rejects;
}
