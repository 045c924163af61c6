/* facts/certificate.c - the words of certificates, and which names one covers. */
#include "facts/certificate.h"

const char *key_type_name(enum key_type k)
{
#define X(symbol, name) [KEY_##symbol] = name,
	static const char *const names[] = { KEY_TYPES(X) };
#undef X
	return names[k];
}

const char *signature_digest_name(enum signature_digest d)
{
#define X(symbol, name) [SIGNATURE_##symbol] = name,
	static const char *const names[] = { SIGNATURE_DIGESTS(X) };
#undef X
	return names[d];
}

/* Without the dot of the root: "wsus." is "wsus" (RFC 9525 section 6.3 compares absolute names). */
static struct span without_root(struct span name)
{
	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	return name;
}

/* "good.example\0.evil.example" is neither name: what no host name holds never matches. */
static bool is_plain(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] == 0x7f)
			return false;
	return name.len > 0;
}

/* `*` stands for one whole label, the left-most (RFC 9525 section 6.3). */
static bool matches(struct span pattern, struct span host)
{
	pattern = without_root(pattern);
	if (!is_plain(pattern))
		return false;
	if (span_starts(pattern, SPAN("*.")) && pattern.len > 2) {
		if (!span_split(&host, '.').len)
			return false;
		pattern = span_skip(pattern, 2);
	}
	return span_ieq(pattern, host);
}

enum name_cover certificate_covers(const struct certificate *c, struct span name)
{
	bool dns = false;
	struct addr addr;

	if (addr_parse(name, &addr))
		return certificate_covers_addr(c, &addr);
	name = without_root(name);
	if (!c->readable || !name.len)
		return NAME_UNKNOWN;
	if (!is_plain(name))
		return NAME_NOT_COVERED;
	for (size_t i = 0; i < c->name_count; i++) {
		dns = dns || c->names[i].text.len;
		if (c->names[i].text.len && matches(c->names[i].text, name))
			return NAME_COVERED;
	}
	if (c->names_cut)
		return NAME_UNKNOWN;
	return !dns && matches(c->common_name, name) ? NAME_COVERED_BY_CN : NAME_NOT_COVERED;
}

enum name_cover certificate_covers_addr(const struct certificate *c, const struct addr *addr)
{
	if (!c->readable)
		return NAME_UNKNOWN;
	for (size_t i = 0; i < c->name_count; i++)
		if (!c->names[i].text.len && addr_eq(&c->names[i].addr, addr))
			return NAME_COVERED;
	return c->names_cut ? NAME_UNKNOWN : NAME_NOT_COVERED;
}
