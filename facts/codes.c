/* facts/codes.c - one table of all codes. */
#include "facts/codes.h"

#include <stdio.h>

#include "base/tongue.h"
#include "facts/soap.h"

static const struct code codes[] = {
#define CODE(family, ...) { CODE_##family, __VA_ARGS__ },
#include "facts/codes.def"
#undef CODE
};

static const struct family {
	const char *name, *word, *log;
} families[] = {
#define X(symbol, name, word, log) [CODE_##symbol] = { name, word, log },
	CODE_FAMILIES(X)
#undef X
};

#define AGENT_LOGS "Get-WindowsUpdateLog (WindowsUpdate.log); ConfigMgr: WUAHandler.log, ScanAgent.log"
#define TRUST_LOGS "System log, source Schannel; CAPI2 operational log; WindowsUpdate.log"

/* [MS-ERREF] 2.1: severity and facility are the upper half.  The first that fits counts. */
static const struct code_owner owners[] = {
	{ 0xFFFFF000, 0x80244000, N_("the update agent's protocol talker"), AGENT_LOGS },
	{ 0xFFFFF000, 0x80245000, N_("the update agent's redirector"), AGENT_LOGS },
	{ 0xFFFFF000, 0x80246000, N_("the update agent's download manager"),
	  AGENT_LOGS "; bitsadmin /list /allusers /verbose, Get-DeliveryOptimizationLog" },
	{ 0xFFFFF000, 0x8024D000, N_("the update agent's own update"), AGENT_LOGS },
	{ 0xFFFF0000, 0x80240000, N_("the Windows Update Agent"), AGENT_LOGS },
	{ 0xFFFF0000, 0x80190000, "HTTP status", AGENT_LOGS "; the IIS log of the server" },
	{ 0xFFFF0000, 0x80200000, "BITS",
	  "bitsadmin /list /allusers /verbose; Bits-Client operational log, event 61" },
	{ 0xFFFF0000, 0x00200000, "BITS", "Bits-Client operational log" },
	{ 0xFFFF0000, 0x80D00000, N_("Delivery Optimization"), "Get-DeliveryOptimizationLog" },
	{ 0xFFFF0000, 0x803D0000, "Windows Web Services", AGENT_LOGS },
	{ 0xFFFF0000, 0x80090000, N_("Schannel or SSPI"), TRUST_LOGS },
	{ 0xFFFF0000, 0x00090000, N_("Schannel or SSPI"), TRUST_LOGS },
	{ 0xFFFF0000, 0x800B0000, N_("certificate trust"), TRUST_LOGS },
	{ 0xFFFF0000, 0x800F0000, N_("component servicing (CBS)"), "%windir%\\Logs\\CBS\\CBS.log" },
	{ 0xFFFF0000, 0x80070000, "Win32", AGENT_LOGS },
	{ 0, 0, N_("an unknown owner"), AGENT_LOGS },
};

const struct code *code_find(enum code_family family, uint32_t value)
{
	for (size_t i = 0; i < code_count(); i++)
		if (codes[i].family == family && codes[i].value == value)
			return &codes[i];
	return NULL;
}

const struct code *code_named(enum code_family family, struct span name)
{
	for (size_t i = 0; i < code_count(); i++)
		if (codes[i].family == family && span_ieq(span_text(codes[i].name), name))
			return &codes[i];
	return NULL;
}

size_t code_count(void)
{
	return sizeof codes / sizeof *codes;
}

const struct code *code_at(size_t at)
{
	return &codes[at];
}

const char *code_family_name(enum code_family family)
{
	return families[family].name;
}

const char *code_family_word(enum code_family family)
{
	return families[family].word;
}

const char *code_log(const struct code *c)
{
	return c->family == CODE_HRESULT ? code_owner_of(c->value)->log : families[c->family].log;
}

const struct code_owner *code_owner_of(uint32_t hresult)
{
	const struct code_owner *o = owners;

	while ((hresult & o->mask) != o->bits)
		o++;
	return o;
}

const char *code_hresult_text(uint32_t value, char *text, size_t size)
{
	const struct code *c = code_find(CODE_HRESULT, value);
	const struct code_owner *o = code_owner_of(value);

	if (c)
		tongue_say(text, size, "%s: %s", c->name, _(c->meaning));
	else if (o->bits == 0x80070000)
		tongue_say(text, size, "Win32 error %u", (unsigned)(value & 0xFFFF));
	else if (o->bits == 0x80190000)
		tongue_say(text, size, "HTTP status %u", (unsigned)(value & 0xFFFF));
	else
		tongue_say(text, size, "a code of %s", _(o->name));
	return text;
}
