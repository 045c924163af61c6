/* probes/serverversion.c - a version out of a small file, and what it stands for. */
#include "probes/serverversion.h"

#include <expat.h>
#include <limits.h>

#include "base/tongue.h"

/* By the beginning of the version; the first that fits counts.  WSUS 3.0 SP2 counts to 3.2, and from Windows
 * Server 2012 on WSUS counts as Windows does. */
static const struct product {
	struct span version;
	const char *name;
	bool old;
} products[] = {
	{ SPAN_LIT("2."), "WSUS 2.0", true },
	{ SPAN_LIT("3.0"), "WSUS 3.0", true },
	{ SPAN_LIT("3.1"), "WSUS 3.0 SP1", true },
	{ SPAN_LIT("3.2"), N_("WSUS 3.0 SP2 or later"), false },
	{ SPAN_LIT("6.2"), N_("WSUS of Windows Server 2012"), false },
	{ SPAN_LIT("6.3"), N_("WSUS of Windows Server 2012 R2"), false },
	{ SPAN_LIT("10.0.14393"), N_("WSUS of Windows Server 2016"), false },
	{ SPAN_LIT("10.0.17763"), N_("WSUS of Windows Server 2019"), false },
	{ SPAN_LIT("10.0.20348"), N_("WSUS of Windows Server 2022"), false },
	{ SPAN_LIT("10.0.26100"), N_("WSUS of Windows Server 2025"), false },
	{ SPAN_LIT("10."), N_("WSUS of Windows Server 2016 or later"), false },
};

/* KB4039929 brought 3.2.7600.283; without it current clients' scans time out. */
enum { SP2_BUILD = 7600, SP2_PATCHED = 283 };

struct reading {
	XML_Parser parser;
	char *version;
	size_t len;
	bool refused;
};

/* Two to four numbers with points between. */
static bool is_version(struct span text)
{
	unsigned parts = 0;
	uint64_t number;

	while (text.len && parts <= 4) {
		if (!span_decimal(span_split(&text, '.'), &number))
			return false;
		parts++;
	}
	return parts >= 2 && parts <= 4;
}

static bool is_found(struct reading *r)
{
	struct span text = span_trim(span_of(r->version, r->len));

	if (!is_version(text))
		return false;
	memmove(r->version, text.at, text.len);
	r->version[text.len] = '\0';
	return true;
}

static void stop(struct reading *r, bool refused)
{
	r->refused = refused;
	XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL start(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = self;

	(void)attributes;
	r->len = 0;
	if (span_ieq(span_text(name), SPAN("html")))
		stop(r, true);
}

static void XMLCALL end(void *self, const XML_Char *name)
{
	struct reading *r = self;

	(void)name;
	if (is_found(r))
		stop(r, false);
	else
		r->len = 0;
}

static void XMLCALL text(void *self, const XML_Char *at, int len)
{
	struct reading *r = self;

	for (int i = 0; i < len && r->len + 1 < SERVER_VERSION_MAX; i++)
		r->version[r->len++] = at[i];
}

static void XMLCALL doctype(void *self, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                            int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	stop(self, true);
}

bool server_version_read(struct span xml, char version[static SERVER_VERSION_MAX])
{
	struct reading r = { .parser = XML_ParserCreate(NULL), .version = version };
	bool found;

	version[0] = '\0';
	if (!r.parser || xml.len > INT_MAX) {
		XML_ParserFree(r.parser);
		return false;
	}
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, start, end);
	XML_SetCharacterDataHandler(r.parser, text);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	/* stopped: at the version, or at what is refused */
	found = XML_Parse(r.parser, (const char *)xml.at, (int)xml.len, XML_TRUE) == XML_STATUS_ERROR &&
	        XML_GetErrorCode(r.parser) == XML_ERROR_ABORTED && !r.refused;
	XML_ParserFree(r.parser);
	if (!found)
		version[0] = '\0';
	return found;
}

static bool is_unpatched(struct span version)
{
	uint64_t parts[4] = { 0 };

	for (size_t i = 0; i < 4; i++)
		if (!span_decimal(span_split(&version, '.'), &parts[i]))
			return false;
	return parts[0] == 3 && parts[1] == 2 && parts[2] == SP2_BUILD && parts[3] < SP2_PATCHED;
}

const char *server_version_product(struct span version, bool *old)
{
	*old = true;
	if (is_unpatched(version))
		return "WSUS 3.0 SP2 without KB4039929";
	for (size_t i = 0; i < sizeof products / sizeof *products; i++)
		if (span_starts(version, products[i].version)) {
			*old = products[i].old;
			return _(products[i].name);
		}
	*old = false;
	return _("a version that is not known here");
}
