/* probes/target.c - reading what the user names; what is odd is refused, in words that repeat no password. */
#include "probes/target.h"

#include <stdio.h>

enum { LABEL_MAX = 63, NAME_MAX_LEN = 253, SHOWN_MAX = 120, PORT_MAX = 65535 };

/* What may be shown of a text: what stands behind its last '@', in printable characters. */
struct shown {
	char text[SHOWN_MAX + 8];
};

static struct shown shown(struct span text)
{
	bool secret = span_byte(text, '@') != SIZE_MAX;
	struct shown s;
	size_t len = 0;

	while (span_byte(text, '@') != SIZE_MAX)
		span_split(&text, '@');
	len = (size_t)snprintf(s.text, sizeof s.text, "%s", secret ? "...@" : "");
	for (size_t i = 0; i < text.len && len < SHOWN_MAX; i++)
		s.text[len++] = text.at[i] > ' ' && text.at[i] < 0x7f ? (char)text.at[i] : '?';
	s.text[len] = '\0';
	return s;
}

static bool refuse(struct fault *f, struct span text, const char *why)
{
	return fault_set(f, FAULT_USAGE, "\"%s\": %s", shown(text).text, why);
}

static const char *read_scheme(struct span *text, struct target *t)
{
	size_t at = span_find(*text, SPAN("://"));
	struct span scheme = span_of(text->at, at);

	/* What stands behind the authority is none of its business. */
	if (at == SIZE_MAX || span_byte(scheme, '/') != SIZE_MAX || span_byte(scheme, '?') != SIZE_MAX)
		return NULL;
	t->https = span_ieq(scheme, SPAN("https"));
	t->has_scheme = true;
	if (!t->https && !span_ieq(scheme, SPAN("http")))
		return "the scheme is neither http:// nor https://";
	*text = span_skip(*text, at + 3);
	return NULL;
}

static bool hex_digit(uint8_t c, unsigned *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;

	if (at)
		*value = (unsigned)(at - digits);
	return at;
}

/* RFC 3986 section 2.1; a control character would end or split a header line. */
static bool decode(struct span text, char *to, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];
		unsigned high, low;

		if (c == '%') {
			if (text.len - i < 3 || !hex_digit(text.at[i + 1], &high) ||
			    !hex_digit(text.at[i + 2], &low))
				return false;
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		if (c < ' ' || c == 0x7f || len + 1 >= room)
			return false;
		to[len++] = (char)c;
	}
	to[len] = '\0';
	return true;
}

static const char *read_user(struct span *authority, struct target *t)
{
	struct span user = *authority;
	size_t at = SIZE_MAX;

	for (size_t i = 0; i < authority->len; i++)
		if (authority->at[i] == '@')
			at = i;
	if (at == SIZE_MAX)
		return NULL;
	user.len = at;
	*authority = span_skip(*authority, at + 1);
	/* One byte is kept for the colon of an empty password. */
	if (!decode(user, t->user, sizeof t->user - 1))
		return "its user and password are too long, or not percent-encoded as a URL wants it";
	if (user.len && span_byte(user, ':') == SIZE_MAX)
		memcpy(t->user + strlen(t->user), ":", 2);
	return NULL;
}

static const char *read_port(struct span text, struct target *t)
{
	uint64_t port;

	if (text.len > 5 || !span_decimal(text, &port) || !port || port > PORT_MAX)
		return "the port is no number from 1 to 65535";
	t->port = (uint16_t)port;
	t->has_port = true;
	return NULL;
}

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* RFC 1123 section 2.1, and '_', which Windows lets pass. */
static bool is_label(struct span label)
{
	if (!label.len || label.len > LABEL_MAX || label.at[0] == '-' || label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!is_letter_or_digit(label.at[i]) && label.at[i] != '-' && label.at[i] != '_')
			return false;
	return true;
}

static const char *judge_name(struct span name)
{
	struct span label = { NULL, 0 };
	uint64_t number;

	do {
		bool more = span_byte(name, '.') != SIZE_MAX;

		label = span_split(&name, '.');
		if (!is_label(label))
			return "the host is no name: labels are 1 to 63 letters, digits and hyphens";
		if (more && !name.len)
			return "the host ends in more than one dot";
	} while (name.len);
	/* Nothing at the top of the tree is a number: what ends in one was meant for an address. */
	if (span_decimal(label, &number))
		return "the host is no IPv4 address, and a name does not end in a number";
	return NULL;
}

static const char *read_name(struct span host, struct target *t)
{
	for (size_t i = 0; i < host.len; i++)
		if (host.at[i] >= 0x80)
			return "the host is not ASCII: write the name as the DNS has it (xn--...)";
	if (host.len && host.at[host.len - 1] == '.')
		host.len--;             /* the root's: every name is below it */
	if (!host.len)
		return "there is no host";
	if (host.len > NAME_MAX_LEN)
		return "the host is longer than a name can be (253 characters)";
	for (size_t i = 0; i < host.len; i++)
		t->host[i] = (char)(host.at[i] >= 'A' && host.at[i] <= 'Z' ? host.at[i] | 0x20 : host.at[i]);
	t->host[host.len] = '\0';
	host.at = (const uint8_t *)t->host;
	t->is_addr = addr_parse(host, &t->addr);
	return t->is_addr ? NULL : judge_name(host);
}

/* "[2001:db8::1]:8530": moves behind the bracket. */
static const char *read_v6(struct span *authority, struct target *t)
{
	size_t end = span_byte(*authority, ']');
	struct span inside;

	if (end == SIZE_MAX)
		return "a bracket of the IPv6 address is missing";
	inside = span_of(authority->at + 1, end - 1);
	*authority = span_skip(*authority, end + 1);
	if (span_byte(inside, '%') != SIZE_MAX)
		return "an address with a zone means another host on each machine: name one without";
	if (span_byte(inside, ':') == SIZE_MAX || !addr_parse(inside, &t->addr))
		return "what stands in brackets is no IPv6 address";
	t->is_addr = true;
	addr_text(&t->addr, t->host);
	return NULL;
}

static const char *read_authority(struct span authority, struct target *t)
{
	const char *wrong = read_user(&authority, t);
	struct span host, port = authority;

	if (wrong)
		return wrong;
	if (authority.len && authority.at[0] == '[') {
		wrong = read_v6(&authority, t);
		if (wrong || !authority.len)
			return wrong;
		return authority.at[0] == ':' ? read_port(span_skip(authority, 1), t)
		                              : "something follows the IPv6 address";
	}
	host = span_split(&port, ':');
	if (span_byte(port, ':') != SIZE_MAX)
		return "an IPv6 address stands in brackets: [2001:db8::1]:8530";
	wrong = read_name(host, t);
	return wrong || host.len == authority.len ? wrong : read_port(port, t);
}

static const char *read_path(struct span path, struct target *t)
{
	size_t len = path.len && path.at[0] != '/' ? 1 : 0;

	path = span_split(&path, '#');
	if (path.len + len >= sizeof t->path)
		return "the path is too long (1023 characters)";
	for (size_t i = 0; i < path.len; i++)
		if (path.at[i] <= ' ' || path.at[i] >= 0x7f)
			return "the path has characters that a URL must percent-encode";
	if (!path.len)
		return NULL;
	t->path[0] = '/';
	memcpy(t->path + len, path.at, path.len);
	t->path[len + path.len] = '\0';
	return NULL;
}

bool target_parse(struct span text, struct target *t, struct fault *f)
{
	struct span rest = text, authority;
	const char *wrong;
	size_t end = 0;

	*t = (struct target){ 0 };
	wrong = read_scheme(&rest, t);
	if (wrong)
		return refuse(f, text, wrong);
	while (end < rest.len && span_byte(SPAN("/?#"), rest.at[end]) == SIZE_MAX)
		end++;
	authority = span_take(&rest, end);
	wrong = read_authority(authority, t);
	if (!wrong)
		wrong = read_path(rest, t);
	return wrong ? refuse(f, text, wrong) : true;
}

const char *target_host_port(const struct target *t, char text[static TARGET_TEXT])
{
	bool v6 = t->is_addr && !addr_is_v4(&t->addr);
	int len = snprintf(text, TARGET_TEXT, v6 ? "[%s]" : "%s", t->host);

	if (t->port)
		snprintf(text + len, (size_t)(TARGET_TEXT - len), ":%u", t->port);
	return text;
}

const char *target_text(const struct target *t, char text[static TARGET_TEXT])
{
	char host[TARGET_TEXT];

	target_host_port(t, host);
	if (!t->has_scheme)
		memcpy(text, host, sizeof host);
	else
		snprintf(text, TARGET_TEXT, "%s://%.*s", t->https ? "https" : "http", TARGET_TEXT - 9, host);
	return text;
}
