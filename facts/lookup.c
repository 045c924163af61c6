/* facts/lookup.c - the words of lookups, and which of them failed. */
#include "facts/lookup.h"

#include <stdio.h>

/* RFC 1035 section 4.1.1, RFC 2136 section 2.2. */
static const char *const rcodes[] = {
	"NOERROR",  "FORMERR",  "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
	"YXDOMAIN", "YXRRSET",  "NXRRSET",  "NOTAUTH",  "NOTZONE",
};

static const struct type {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" },    { 2, "NS" },   { 5, "CNAME" }, { 6, "SOA" },  { 12, "PTR" },   { 15, "MX" },
	{ 16, "TXT" }, { 28, "AAAA" }, { 32, "NB" },  { 33, "SRV" }, { 65, "HTTPS" }, { 255, "ANY" },
};

enum { TYPE_A = 1, TYPE_AAAA = 28, TYPE_NB = 32, TYPE_ANY = 255, RCODE_NOERROR = 0 };

const char *lookup_rcode_text(uint16_t rcode, char text[static 16])
{
	if (rcode < sizeof rcodes / sizeof *rcodes)
		return rcodes[rcode];
	snprintf(text, 16, "RCODE %u", rcode);
	return text;
}

const char *lookup_type_text(uint16_t type, char text[static 16])
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].type == type)
			return types[i].name;
	snprintf(text, 16, "TYPE%u", type);      /* RFC 3597 section 5 */
	return text;
}

const char *lookup_protocol_name(enum lookup_protocol p)
{
#define X(symbol, name) [LOOKUP_##symbol] = name,
	static const char *const names[] = { LOOKUP_PROTOCOLS(X) };
#undef X
	return names[p];
}

bool lookup_asks_address(const struct lookup *l)
{
	return l->type == TYPE_A || l->type == TYPE_AAAA || l->type == TYPE_NB || l->type == TYPE_ANY;
}

bool lookup_failed(const struct lookup *l)
{
	if (!l->answered)
		return false;
	if (l->rcode != RCODE_NOERROR)
		return true;
	/* What was truncated is to be asked again over TCP, and what could not be read proves nothing. */
	return lookup_asks_address(l) && !l->answer_count && !l->truncated && !l->malformed;
}
