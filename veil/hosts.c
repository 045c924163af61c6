/* veil/hosts.c - hosts and addresses as text. */
#include "base/host.h"
#include "facts/wsus.h"
#include "veil/names.h"
#include "veil/words.h"

static void keep(struct span text, uint8_t *to)
{
	if (text.len)
		memmove(to, text.at, text.len);
}

/* ---- addresses ---- */

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* The number in so many places; of one that is too long for them its end. */
static void put_number(uint8_t *to, size_t places, unsigned value, unsigned base, bool upper)
{
	static const char lower[] = "0123456789abcdef", capitals[] = "0123456789ABCDEF";

	while (places--) {
		to[places] = (uint8_t)(upper ? capitals : lower)[value % base];
		value /= base;
	}
}

static size_t digits(struct span text, unsigned base)
{
	size_t len = 0;

	while (len < text.len && is_hex(text.at[len]) && (base == 16 || text.at[len] <= '9'))
		len++;
	return len;
}

static bool has_capitals(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] >= 'A' && text.at[i] <= 'F')
			return true;
	return false;
}

static void put_dotted(struct span text, const uint8_t bytes[static 4], uint8_t *to)
{
	keep(text, to);
	for (unsigned i = 0; i < 4 && text.len; i++) {
		size_t len = digits(text, 10);

		put_number(to, len, bytes[i], 10, false);
		to += len + 1;
		text = span_skip(text, len + 1);
	}
}

static unsigned group_of(const struct addr *a, unsigned group)
{
	return (unsigned)a->bytes[2 * group] << 8 | a->bytes[2 * group + 1];
}

/* Groups before "::" count from the front, those behind it from the end. */
static void put_groups(struct span text, const struct addr *a, uint8_t *to)
{
	size_t gap = span_find(text, SPAN("::"));
	bool const upper = has_capitals(text);
	struct span rest = text;
	unsigned group = 0, behind = 0;

	for (size_t i = gap == SIZE_MAX ? text.len : gap + 1; i < text.len; i++)
		behind += text.at[i] == ':' && i + 1 < text.len;
	keep(text, to);
	while (rest.len) {
		size_t at = (size_t)(rest.at - text.at), len = digits(rest, 16);

		if (len < rest.len && rest.at[len] == '.') {
			put_dotted(rest, a->bytes + 12, to + at);
			return;
		}
		if (len && group < 8)
			put_number(to + at, len, group_of(a, group), 16, upper);
		group += len > 0;
		if (at + len == gap)
			group = 8 - behind - (span_byte(span_skip(text, gap), '.') != SIZE_MAX);
		rest = span_skip(rest, len + 1);
	}
}

bool names_address_text(struct names *n, struct span text, uint8_t *to)
{
	struct addr a;

	if (text.len >= ADDR_TEXT || !addr_parse(text, &a))
		return false;
	a = names_addr(n, &a);
	if (text.len && text.at[0] == '[') {
		to[0] = '[';
		to[text.len - 1] = ']';
		text = span_of(text.at + 1, text.len - 2);
		to++;
	}
	if (span_byte(text, ':') == SIZE_MAX)
		put_dotted(text, a.bytes + 12, to);
	else
		put_groups(text, &a, to);
	return true;
}

/* ---- names under in-addr.arpa and ip6.arpa: parts backwards (RFC 1035 section 3.5, RFC 3596) ---- */

enum { PARTS_MAX = 32 };

static bool is_part(struct span label, bool v4, unsigned *value)
{
	uint64_t number;

	if (!label.len || label.len > 3 || !(v4 ? span_decimal(label, &number) : span_hex(label, &number)))
		return false;
	*value = (unsigned)number;
	return v4 ? number < 256 : label.len == 1;
}

static void put_parts(struct names *n, struct span labels[], size_t count, const unsigned values[], bool v4,
                      const uint8_t *base, uint8_t *to)
{
	struct addr a = { { 0 } };
	uint8_t zero[4] = { 0 };

	if (v4)
		a = addr_v4(zero);
	/* What a zone's name leaves out is zero: the flips of what it has do not depend on that. */
	for (size_t i = 0; i < count; i++) {
		unsigned value = values[count - 1 - i];

		if (v4)
			a.bytes[12 + i] = (uint8_t)value;
		else
			a.bytes[i / 2] |= (uint8_t)(i % 2 ? value : value << 4);
	}
	a = count == (v4 ? 4u : PARTS_MAX) ? names_addr(n, &a) : names_network(n, &a);
	for (size_t i = 0; i < count; i++) {
		struct span label = labels[count - 1 - i];
		unsigned nibble = (unsigned)a.bytes[i / 2] >> (i % 2 ? 0 : 4) & 15;
		unsigned value = v4 ? a.bytes[12 + i] : nibble;

		put_number(to + (label.at - base), label.len, value, v4 ? 10 : 16, false);
	}
}

/* False: it is no such name. */
static bool put_reverse(struct names *n, struct span name, uint8_t *to)
{
	static const struct span v4_zone = SPAN_LIT(".in-addr.arpa"), v6_zone = SPAN_LIT(".ip6.arpa");
	bool v4 = span_iends(name, v4_zone);
	struct span rest = name, labels[PARTS_MAX];
	unsigned values[PARTS_MAX];
	size_t count = 0;

	if (!v4 && !span_iends(name, v6_zone))
		return false;
	rest.len -= v4 ? v4_zone.len : v6_zone.len;
	while (rest.len && count < (v4 ? 4u : PARTS_MAX)) {
		labels[count] = span_split(&rest, '.');
		if (!is_part(labels[count], v4, &values[count]))
			return false;
		count++;
	}
	if (rest.len)
		return false;
	keep(name, to);
	put_parts(n, labels, count, values, v4, name.at, to);
	return true;
}

/* ---- names ---- */

/* Wildcards, and in last place what is nobody's. */
static bool label_stays(struct span label, bool first, bool last)
{
	return !label.len || span_eq(label, SPAN("*")) || (last && !first && words_top_label(label));
}

void names_labels(struct names *n, struct span name, uint8_t *to)
{
	struct span rest = name;

	keep(name, to);
	while (rest.len && rest.at[rest.len - 1] == '.')
		rest.len--;
	while (rest.len) {
		bool first = rest.at == name.at;
		struct span label = span_split(&rest, '.');

		if (!label_stays(label, first, !rest.len))
			names_word(n, label, to + (label.at - name.at));
	}
}

/* In front of what makes it public, whose it is may be told: "contoso.office.com".
 * Labels that are somebody's elsewhere are, here too. */
static void put_public(struct names *n, struct span host, uint8_t *to)
{
	bool const updates = wsus_microsoft_host(host);
	struct span rest = host;

	keep(host, to);
	while (rest.len) {
		struct span label = span_split(&rest, '.');

		if (!names_public_host(rest) || wsus_microsoft_host(rest) != updates)
			return;
		if (names_learned(n, label) && !words_common(label))
			names_word(n, label, to + (label.at - host.at));
	}
}

static void put_host(struct names *n, struct span host, uint8_t *to)
{
	if (names_address_text(n, host, to) || put_reverse(n, host, to))
		return;
	if (names_public_host(host))
		put_public(n, host, to);
	else
		names_labels(n, host, to);
}

/* Nothing, or ":8530": whatever else is behind a colon is a part of the name. */
static bool is_port(struct span rest)
{
	return !rest.len || (rest.at[0] == ':' && digits(span_skip(rest, 1), 10) == rest.len - 1);
}

void names_host(struct names *n, struct span host, uint8_t *to)
{
	struct span name = host_name(host);
	struct addr a;

	/* An IPv6 address without brackets is no name with a port. */
	if ((host.len < ADDR_TEXT && addr_parse(host, &a)) || !is_port(span_skip(host, name.len)))
		name = host;
	keep(span_skip(host, name.len), to + name.len);
	put_host(n, name, to);
}
