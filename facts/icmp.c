/* facts/icmp.c - the words of ICMP's types and codes (RFC 792, 1122, 1812; RFC 4443, 7112). */
#include "facts/icmp.h"

#include <stddef.h>

enum { ANY_CODE = 256 };

struct icmp_row {
	unsigned type, code;
	bool rejects;
	const char *text;
};

static const struct icmp_row v4_rows[] = {
	{ 3, 0, true, "network unreachable" },
	{ 3, 1, true, "host unreachable" },
	{ 3, 2, true, "protocol unreachable" },
	{ 3, 3, true, "port unreachable" },
	{ 3, 4, false, "fragmentation needed" },
	{ 3, 5, true, "source route failed" },
	{ 3, 6, true, "destination network unknown" },
	{ 3, 7, true, "destination host unknown" },
	{ 3, 8, true, "source host isolated" },
	{ 3, 9, true, "network administratively prohibited" },
	{ 3, 10, true, "host administratively prohibited" },
	{ 3, 11, true, "network unreachable for this type of service" },
	{ 3, 12, true, "host unreachable for this type of service" },
	{ 3, 13, true, "communication administratively prohibited" },
	{ 3, 14, true, "host precedence violation" },
	{ 3, 15, true, "precedence cutoff in effect" },
	{ 4, ANY_CODE, false, "source quench" },
	{ 5, ANY_CODE, false, "redirect" },
	{ 11, 0, true, "time to live exceeded" },
	{ 11, 1, false, "fragment reassembly time exceeded" },
	{ 12, ANY_CODE, false, "parameter problem" },
};

static const struct icmp_row v6_rows[] = {
	{ 1, 0, true, "no route to destination" },
	{ 1, 1, true, "communication administratively prohibited" },
	{ 1, 2, true, "beyond scope of source address" },
	{ 1, 3, true, "address unreachable" },
	{ 1, 4, true, "port unreachable" },
	{ 1, 5, true, "source address failed policy" },
	{ 1, 6, true, "reject route to destination" },
	{ 1, 7, true, "error in source routing header" },
	{ 2, ANY_CODE, false, "packet too big" },
	{ 3, 0, true, "hop limit exceeded" },
	{ 3, 1, false, "fragment reassembly time exceeded" },
	{ 4, ANY_CODE, false, "parameter problem" },
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

	return row ? row->text : "unknown";
}

bool icmp_rejects(bool v6, unsigned type, unsigned code)
{
	const struct icmp_row *row = find(v6, type, code);

	return row && row->rejects;
}
