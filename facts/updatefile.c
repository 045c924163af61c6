/* facts/updatefile.c - addresses and ranges of update files. */
#include "facts/updatefile.h"

enum { HEX_LEN = 2 * SHA1_BYTES };

static struct span without_query(struct span address)
{
	return span_split(&address, '?');
}

struct span updatefile_name(struct span address)
{
	struct span path = without_query(address);
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return span_skip(path, at);
}

struct span updatefile_type(struct span address)
{
	struct span name = updatefile_name(address);

	for (size_t at = name.len; at > 0; at--)
		if (name.at[at - 1] == '.')
			return span_skip(name, at - 1);
	return span_skip(name, name.len);
}

static bool read_sha1(struct span hex, uint8_t sha1[static SHA1_BYTES])
{
	if (hex.len != HEX_LEN)
		return false;
	for (size_t i = 0; i < SHA1_BYTES; i++) {
		uint64_t byte;

		if (!span_hex(span_of(hex.at + 2 * i, 2), &byte))
			return false;
		sha1[i] = (uint8_t)byte;
	}
	return true;
}

/* ".../Content/XX/", up to the file's name. */
static enum updatefile_form folder_of(struct span folders, uint8_t last)
{
	static const struct span content = SPAN_LIT("/Content/XX/");
	struct span end = span_skip(folders, folders.len < content.len ? 0 : folders.len - content.len);
	uint64_t byte;

	if (!span_istarts(end, SPAN("/Content/")) || end.len != content.len || end.at[end.len - 1] != '/')
		return UPDATEFILE_NAMED;
	if (span_hex(span_of(end.at + end.len - 3, 2), &byte) && byte == last)
		return UPDATEFILE_CONTENT;
	return UPDATEFILE_FOLDER;
}

enum updatefile_form updatefile_read(struct span address, uint8_t sha1[static SHA1_BYTES])
{
	struct span path = without_query(address), name = updatefile_name(path), stem = name;

	stem.len -= updatefile_type(name).len;
	if (read_sha1(stem, sha1))
		return folder_of(span_of(path.at, path.len - name.len), sha1[SHA1_BYTES - 1]);
	if (stem.len > HEX_LEN && stem.at[stem.len - HEX_LEN - 1] == '_' &&
	    read_sha1(span_skip(stem, stem.len - HEX_LEN), sha1))
		return UPDATEFILE_NAMED;
	return UPDATEFILE_OTHER;
}

bool byte_range_asked(struct span range, struct byte_range *r)
{
	struct span rest = span_skip(range, 6), first;

	*r = (struct byte_range){ RANGE_UNKNOWN, RANGE_UNKNOWN, RANGE_UNKNOWN };
	if (!span_istarts(range, SPAN("bytes=")) || span_byte(rest, ',') != SIZE_MAX ||
	    span_byte(rest, '-') == SIZE_MAX)
		return false;
	first = span_split(&rest, '-');
	rest = span_trim(rest);
	if (!span_decimal(span_trim(first), &r->first))
		return false;
	return !rest.len || (span_decimal(rest, &r->last) && r->first <= r->last);
}

bool byte_range_told(struct span content_range, struct byte_range *r)
{
	struct span part = span_skip(content_range, 6), total = part, last;

	*r = (struct byte_range){ RANGE_UNKNOWN, RANGE_UNKNOWN, RANGE_UNKNOWN };
	if (!span_istarts(content_range, SPAN("bytes ")) || span_byte(part, '/') == SIZE_MAX)
		return false;
	part = span_trim(span_split(&total, '/'));
	total = span_trim(total);
	if (!span_eq(total, SPAN("*")) && !span_decimal(total, &r->total))
		return false;
	if (span_eq(part, SPAN("*")))
		return r->total != RANGE_UNKNOWN;
	last = part;
	part = span_split(&last, '-');
	return span_decimal(span_trim(part), &r->first) && span_decimal(span_trim(last), &r->last) &&
	       r->first <= r->last && r->last < r->total;
}
