/* analyzers/certtext.c - names, days and thumbprints. */
#include "analyzers/certtext.h"

#include <stdio.h>

#include "base/tongue.h"

const char *cert_text(struct span words, char *text, size_t size)
{
	size_t len = words.len < size - 1 ? words.len : size - 1;

	/* Not in the middle of a character (RFC 3629 section 3). */
	while (len < words.len && len > 0 && (words.at[len] & 0xc0) == 0x80)
		len--;
	for (size_t i = 0; i < len; i++)
		text[i] = words.at[i] >= ' ' && words.at[i] != 0x7f ? (char)words.at[i] : '?';
	text[len] = '\0';
	return text;
}

static const char *name_text(const struct certificate_name *n, char text[static CERT_NAME_TEXT])
{
	char addr[ADDR_TEXT];

	if (n->text.len)
		return cert_text(n->text, text, CERT_NAME_TEXT);
	return cert_text(span_text(addr_text(&n->addr, addr)), text, CERT_NAME_TEXT);
}

const char *cert_name(const struct certificate *c, char text[static CERT_NAME_TEXT])
{
	if (c->common_name.len)
		return cert_text(c->common_name, text, CERT_NAME_TEXT);
	if (c->name_count)
		return name_text(&c->names[0], text);
	return cert_text(c->subject.len ? c->subject : SPAN("(no name)"), text, CERT_NAME_TEXT);
}

const char *cert_issuer(const struct certificate *c, char text[static CERT_NAME_TEXT])
{
	struct span issuer = c->issuer_name.len ? c->issuer_name : c->issuer;

	return cert_text(issuer.len ? issuer : SPAN("(no name)"), text, CERT_NAME_TEXT);
}

const char *cert_names(const struct certificate *c, char text[static CERT_LIST_TEXT])
{
	enum { MORE = 24 };
	char name[CERT_NAME_TEXT];
	size_t len = 0, shown = 0;

	if (!c->name_count) {
		cert_name(c, name);
		snprintf(text, CERT_LIST_TEXT, "%s", name);
		return text;
	}
	for (; shown < c->name_count; shown++) {
		name_text(&c->names[shown], name);
		if (len + strlen(name) + 2 >= CERT_LIST_TEXT - MORE)
			break;
		len += (size_t)snprintf(text + len, CERT_LIST_TEXT - len, "%s%s", len ? ", " : "", name);
	}
	if (shown < c->name_count || c->names_cut)
		tongue_say(text + len, CERT_LIST_TEXT - len,
			   c->names_cut ? N_(" and %zu or more") : N_(" and %zu more"),
			   c->name_count - shown);
	return text;
}

const char *cert_day(int64_t ns, char text[static CERT_DAY_TEXT])
{
	enum { DAY = 10 };
	char moment[MOMENT_TEXT];

	moment_text(ns, moment);
	snprintf(text, CERT_DAY_TEXT, "%.*s", DAY, moment[0] ? moment : "?");
	return text;
}

const char *cert_thumbprint(const struct certificate *c, char text[static CERT_THUMBPRINT_TEXT])
{
	for (size_t i = 0; i < THUMBPRINT_LEN; i++)
		snprintf(text + 2 * i, 3, "%02X", c->thumbprint[i]);
	return text;
}
