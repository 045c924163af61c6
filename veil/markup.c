/* veil/markup.c - tags, what they hold, and what is between them. */
#include "veil/markup.h"

#include "veil/freetext.h"
#include "veil/targets.h"
#include "veil/utf16.h"

enum action { TEXT, HOST, USER, GROUPS, TOKEN, HIDE, LINK, VALUE };

/* Of update calls (MS-WUSP section 2.2.2), of calls between servers and to the console (MS-WSUSSS 3.1.4), of
 * ConfigMgr's messages. */
static const struct element {
	struct span name;
	enum action action;
} elements[] = {
	{ SPAN_LIT("DnsName"), HOST }, { SPAN_LIT("FullDomainName"), HOST },
	{ SPAN_LIT("ComputerName"), HOST }, { SPAN_LIT("TargetComputerName"), HOST },
	{ SPAN_LIT("accountName"), USER }, { SPAN_LIT("AccountName"), USER }, { SPAN_LIT("UserName"), USER },
	{ SPAN_LIT("ServerName"), HOST }, { SPAN_LIT("SourceHost"), HOST }, { SPAN_LIT("TargetHost"), HOST },
	{ SPAN_LIT("IPAddress"), HOST }, { SPAN_LIT("DomainName"), HOST },
	{ SPAN_LIT("targetGroupName"), GROUPS }, { SPAN_LIT("TargetGroupName"), GROUPS },
	{ SPAN_LIT("RequestedTargetGroupName"), GROUPS }, { SPAN_LIT("TargetGroup"), GROUPS },
	{ SPAN_LIT("EncryptedData"), TOKEN }, { SPAN_LIT("CookieData"), TOKEN },
	{ SPAN_LIT("clientId"), VALUE }, { SPAN_LIT("ClientId"), VALUE }, { SPAN_LIT("ClientID"), VALUE },
	{ SPAN_LIT("computerId"), VALUE }, { SPAN_LIT("ComputerId"), VALUE }, { SPAN_LIT("Sid"), VALUE },
	{ SPAN_LIT("SourceID"), VALUE }, { SPAN_LIT("ServerId"), VALUE },
	{ SPAN_LIT("ParentServerId"), VALUE },
	{ SPAN_LIT("SerialNumber"), HIDE }, { SPAN_LIT("ComputerManufacturer"), HIDE },
	{ SPAN_LIT("ComputerModel"), HIDE }, { SPAN_LIT("BiosVersion"), HIDE },
	{ SPAN_LIT("BiosName"), HIDE },
	{ SPAN_LIT("FirmwareVersion"), HIDE }, { SPAN_LIT("MobileOperator"), HIDE },
	{ SPAN_LIT("OEM"), HIDE },
	{ SPAN_LIT("Url"), LINK }, { SPAN_LIT("ServiceUrl"), LINK }, { SPAN_LIT("MUUrl"), LINK },
	{ SPAN_LIT("UssUrl"), LINK }, { SPAN_LIT("PackageServerShare"), LINK },
};

static const struct element attributes[] = {
	{ SPAN_LIT("href"), LINK }, { SPAN_LIT("src"), LINK }, { SPAN_LIT("action"), LINK },
	{ SPAN_LIT("WSUSURL"), LINK }, { SPAN_LIT("URL"), LINK }, { SPAN_LIT("ServerName"), HOST },
	{ SPAN_LIT("FQDN"), HOST }, { SPAN_LIT("NetBIOSName"), HOST }, { SPAN_LIT("ServerRemoteName"), HOST },
};

/* Which of them `name` is; those of XML have an upper and a lower case, and all of HTML's are here in
 * lower. */
static enum action action_of(const struct element *rows, size_t count, struct span name)
{
	for (size_t i = 0; i < count; i++)
		if (span_eq(name, rows[i].name))
			return rows[i].action;
	return TEXT;
}

/* ---- values ---- */

/* An id by its form; a number is what kind of thing something is. */
static void put_id(const struct stream_shared *s, struct span value, uint8_t *to)
{
	enum { GUID_LEN = 36 };
	uint64_t number;

	if (span_decimal(value, &number))
		return;
	if (span_istarts(value, SPAN("S-1-")))
		names_put(s->names, NAME_SID, value, to);
	else if (value.len == GUID_LEN && value.at[8] == '-')
		names_put(s->names, NAME_GUID, value, to);
	else if (value.len > 5 && span_istarts(value, SPAN("GUID:")))
		put_id(s, span_skip(value, 5), to + 5);
	else
		names_put(s->names, NAME_TOKEN, value, to);
}

/* A client may be in several groups: "Workstations;Pilot". */
static void put_groups(struct names *n, struct span value, uint8_t *to)
{
	struct span rest = value;

	while (rest.len) {
		struct span group = span_trim(span_split(&rest, ';'));

		names_put(n, NAME_WORD, group, to + (group.at - value.at));
	}
}

/* Between servers an account is a machine's name, with or without its domain. */
static void put_user(struct names *n, struct span value, uint8_t *to)
{
	if (span_byte(value, '@') == SIZE_MAX && span_byte(value, '\\') == SIZE_MAX)
		names_host(n, value, to);
	else
		names_user(n, value, to);
}

static void put_plain(const struct stream_shared *s, enum action action, struct span value, uint8_t *to)
{
	switch (action) {
	case TEXT:  freetext_put(s, to, value.len); break;
	case HOST:  names_host(s->names, value, to); break;
	case USER:  put_user(s->names, value, to); break;
	case GROUPS: put_groups(s->names, value, to); break;
	case TOKEN: names_put(s->names, NAME_TOKEN, value, to); break;
	case HIDE:  freetext_hide(s->names, value, to); break;
	case LINK:  target_url(s, value, to); break;
	case VALUE: put_id(s, value, to); break;
	}
}

/* References (XML 1.0 section 4.1) stay: other letters in them would be none. */
static void put_value(const struct stream_shared *s, enum action action, uint8_t *text, size_t len)
{
	enum { REFERENCE = 10 };
	struct span rest = span_trim(span_of(text, len));

	/* Of URLs and texts only "&amp;" is likely, and it parts a query. */
	if (action == TEXT) {
		freetext_put(s, text, len);
		return;
	}
	while (rest.len) {
		size_t at = span_byte(rest, '&'), end;
		struct span value = span_take(&rest, at == SIZE_MAX ? rest.len : at);

		if (value.len)
			put_plain(s, action, value, text + (value.at - text));
		end = span_byte(span_of(rest.at, rest.len < REFERENCE ? rest.len : REFERENCE), ';');
		span_take(&rest, end == SIZE_MAX ? 1 : end + 1);
	}
}

/* ---- tags ---- */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_name(uint8_t c)
{
	return is_blank(c) || c == '>' || c == '/' || c == '=' || c == '"' || c == '\'';
}

static struct span take_name(struct span *from)
{
	size_t len = 0;

	while (len < from->len && !ends_name(from->at[len]))
		len++;
	return span_take(from, len);
}

static struct span local_name(struct span name)
{
	size_t colon = span_byte(name, ':');

	return colon == SIZE_MAX ? name : span_skip(name, colon + 1);
}

static void skip_blanks(struct span *from)
{
	while (from->len && is_blank(from->at[0]))
		span_take(from, 1);
}

/* "='value'", if that is what follows. */
static struct span take_value(struct span *from)
{
	struct span value;
	uint8_t quote;

	skip_blanks(from);
	if (!from->len || from->at[0] != '=')
		return SPAN("");
	span_take(from, 1);
	skip_blanks(from);
	quote = from->len ? from->at[0] : 0;
	if (quote == '"' || quote == '\'') {
		span_take(from, 1);
		return span_split(from, quote);
	}
	value = *from;
	value.len = 0;
	while (from->len && !is_blank(from->at[0]) && from->at[0] != '>') {
		span_take(from, 1);
		value.len++;
	}
	return value;
}

/* Namespaces are everybody's. */
static void put_attribute(const struct stream_shared *s, struct span name, struct span value, uint8_t *text)
{
	enum action action = action_of(attributes, sizeof attributes / sizeof *attributes, local_name(name));

	if (value.len && !span_starts(name, SPAN("xmlns")))
		put_value(s, action, text + (value.at - text), value.len);
}

static void put_tag(const struct stream_shared *s, struct markup *m, uint8_t *text, size_t len)
{
	struct span rest = span_of(text + 1, len - 1), name;
	bool closes = rest.len && rest.at[0] == '/';

	if (rest.len && (rest.at[0] == '!' || rest.at[0] == '?')) {
		freetext_put(s, text, len);
		return;
	}
	name = take_name(&rest);
	m->len = 0;
	if (!closes && name.len) {
		struct span local = local_name(name);

		m->len = local.len < MARKUP_NAME ? local.len : 0;
		memcpy(m->element, local.at, m->len);
	}
	while (rest.len) {
		struct span key;

		skip_blanks(&rest);
		key = take_name(&rest);
		if (key.len)
			put_attribute(s, key, take_value(&rest), text);
		else if (rest.len)
			span_take(&rest, 1);
	}
}

/* Up to its ">", which may stand in quotes before; what is no tag is one byte long. */
static size_t tag_len(struct span rest)
{
	enum { TAG_MAX = 64 * 1024 };
	uint8_t quote = 0;
	size_t end;

	if (span_starts(rest, SPAN("<!--"))) {
		end = span_find(rest, SPAN("-->"));
		return end == SIZE_MAX ? rest.len : end + 3;
	}
	for (size_t i = 1; i < rest.len && i < TAG_MAX; i++) {
		uint8_t c = rest.at[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if ((c == '"' || c == '\'') && rest.at[i - 1] == '=')
			quote = c;
		else if (c == '>')
			return i + 1;
		else if (c == '<')
			return 1;
	}
	return 1;
}

void markup_put(const struct stream_shared *s, struct markup *m, uint8_t *text, size_t len)
{
	struct span rest = span_of(text, len);

	while (rest.len) {
		size_t open = span_byte(rest, '<'), tag;
		struct span between = span_take(&rest, open == SIZE_MAX ? rest.len : open);
		enum action action = action_of(elements, sizeof elements / sizeof *elements,
		                               span_of(m->element, m->len));

		if (between.len)
			put_value(s, action, text + (between.at - text), between.len);
		if (!rest.len)
			return;
		tag = tag_len(rest);
		if (tag > 1)
			put_tag(s, m, text + (rest.at - text), tag);
		span_take(&rest, tag);
	}
}

struct wide {
	const struct stream_shared *shared;
	struct markup *markup;
};

static void put_piece(void *self, uint8_t *utf8, size_t len)
{
	const struct wide *w = self;

	markup_put(w->shared, w->markup, utf8, len);
}

void markup_wide(const struct stream_shared *s, struct markup *m, uint8_t *text, size_t len)
{
	struct wide w = { s, m };

	utf16_through(span_of(text, len), text, put_piece, &w);
}
