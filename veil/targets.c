/* veil/targets.c - hosts, paths and queries.
 *
 * Paths of the update services, of update files and of Microsoft's hosts are the same everywhere: in
 * them values are looked for.  Of all others only the shape stays, and the words that judges read.
 */
#include "veil/targets.h"

#include "base/host.h"
#include "facts/updatefile.h"
#include "facts/wsus.h"
#include "veil/freetext.h"

/* Parts of paths without their extension. */
static const struct span known_parts[] = {
	SPAN_LIT("wpad"), SPAN_LIT("proxy"), SPAN_LIT("index"), SPAN_LIT("default"), SPAN_LIT("favicon"),
	SPAN_LIT("robots"), SPAN_LIT("selfupdate"), SPAN_LIT("wuident"), SPAN_LIT("iuident"),
	SPAN_LIT("wsus3setup"), SPAN_LIT("msdownload"), SPAN_LIT("update"), SPAN_LIT("windowsupdate"),
	SPAN_LIT("filestreamingservice"), SPAN_LIT("files"), SPAN_LIT("content"), SPAN_LIT("connecttest"),
	SPAN_LIT("ncsi"), SPAN_LIT("redirect"), SPAN_LIT("autodiscover"), SPAN_LIT("anonymousCheckFile"),
	SPAN_LIT("clientwebservice"), SPAN_LIT("client"), SPAN_LIT("crl"), SPAN_LIT("ocsp"), SPAN_LIT("pki"),
};

static bool is_known(struct span part)
{
	for (size_t i = 0; i < sizeof known_parts / sizeof *known_parts; i++)
		if (span_ieq(part, known_parts[i]))
			return true;
	return false;
}

/* Its extension stays: judges tell files by it. */
static void put_part(struct names *n, struct span part, uint8_t *to)
{
	enum { EXTENSION = 5 };
	struct span stem = part, type = updatefile_type(part);

	if (type.len && type.len <= EXTENSION)
		stem.len -= type.len;
	if (stem.len > 1 && !is_known(stem))
		names_put(n, NAME_TOKEN, stem, to);
}

static void put_parts(struct names *n, struct span path, uint8_t *to)
{
	struct span rest = path;

	while (rest.len) {
		struct span part = span_split(&rest, '/');

		put_part(n, part, to + (part.at - path.at));
	}
}

/* Also without the slash that relative ones lack. */
static bool is_update_path(struct span path)
{
	enum { LONGEST = 64 };
	uint8_t absolute[LONGEST] = { '/' };
	struct span front = span_take(&path, sizeof absolute - 1);

	if (front.len && front.at[0] == '/')
		return wsus_place(front) != WSUS_NOWHERE;
	memcpy(absolute + 1, front.at, front.len);
	return front.len && wsus_place(span_of(absolute, front.len + 1)) != WSUS_NOWHERE;
}

/* `to` holds the path already. */
static void put_path(const struct stream_shared *s, struct span path, struct span host, uint8_t *to)
{
	uint8_t sha1[SHA1_BYTES];
	bool file = updatefile_read(path, sha1) != UPDATEFILE_OTHER;

	/* A file's name is what its bytes hash to. */
	if (file)
		path.len -= updatefile_name(path).len;
	if (is_update_path(path) || file || names_public_host(host_name(host)))
		freetext_put(s, to, path.len);
	else
		put_parts(s->names, path, to);
}

/* Parameters by name; what has none is looked through. */
static void put_query(const struct stream_shared *s, struct span query, uint8_t *to)
{
	struct span rest = query;

	names_query(s->names, query, to);
	while (rest.len) {
		struct span part = span_split(&rest, '&');

		if (span_byte(part, '=') == SIZE_MAX)
			freetext_put(s, to + (part.at - query.at), part.len);
	}
}

/* From the first slash on. */
static void put_local(const struct stream_shared *s, struct span local, struct span host, uint8_t *to)
{
	struct span query = local, path = span_split(&query, '?');

	if (path.len)
		put_path(s, path, host, to);
	if (query.len)
		put_query(s, query, to + (query.at - local.at));
}

static void keep(struct span text, uint8_t *to)
{
	if (text.len)
		memmove(to, text.at, text.len);
}

/* `copy` has what `to` is made of: both may be one, and several values are made of it. */
static void put_url(const struct stream_shared *s, struct span copy, uint8_t *to)
{
	struct span host = url_host(copy), local;
	size_t front;

	if (!host.len) {
		put_local(s, copy, SPAN(""), to);
		return;
	}
	front = (size_t)(host.at - copy.at) + host.len;
	local = span_skip(copy, front);
	names_url(s->names, span_of(copy.at, front), to);
	put_local(s, local, host, to + front);
}

void target_url(const struct stream_shared *s, struct span url, uint8_t *to)
{
	struct buf copy;

	keep(url, to);
	buf_init_on(&copy, url.len, s->budget);
	if (buf_add(&copy, url))
		put_url(s, buf_span(&copy), to);
	else
		memset(to, 'x', url.len);
	buf_release(&copy);
}

void target_put(const struct stream_shared *s, struct span target, struct span host, uint8_t *to)
{
	struct buf copy;

	if (!target.len || target.at[0] != '/') {
		if (url_host(target).len)
			target_url(s, target, to);
		else
			names_host(s->names, target, to);
		return;
	}
	keep(target, to);
	buf_init_on(&copy, target.len, s->budget);
	if (buf_add(&copy, target))
		put_local(s, buf_span(&copy), host, to);
	else
		memset(to, 'x', target.len);
	buf_release(&copy);
}
