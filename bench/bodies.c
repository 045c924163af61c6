/* bench/bodies.c - SOAP bodies of given sizes. */
#include "bench/bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench/random.h"

enum { BODY_CEILING = 1 << 20 };

const struct soap_call_shape soap_calls[CALL_COUNT] = {
#define X(symbol, ...) [CALL_##symbol] = { __VA_ARGS__ },
	SOAP_CALLS(X)
#undef X
};

static void must(bool done)
{
	if (!done) {
		fputs("bench: out of memory\n", stderr);
		exit(1);
	}
}

static void add_guid(struct buf *b, struct rng *r)
{
	uint64_t high = rng_next(r), low = rng_next(r);

	must(buf_printf(b, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
	                (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
	                (unsigned)((low >> 48 & 0x3fff) | 0x8000),
	                (unsigned long long)(low & 0xffffffffffff)));
}

/* The escaped XML of SyncUpdates' fragment: an identity and what it stands upon (MS-WUSP 3.1.1.1). */
static void add_core(struct buf *b, struct rng *r)
{
	must(buf_add(b, SPAN("&lt;UpdateIdentity UpdateID=\"")));
	add_guid(b, r);
	must(buf_printf(b, "\" RevisionNumber=\"%u\" /&gt;&lt;Properties UpdateType=\"Software\" /&gt;"
	                "&lt;Relationships&gt;&lt;Prerequisites&gt;&lt;UpdateIdentity UpdateID=\"",
	                rng_range(r, 100, 300)));
	add_guid(b, r);
	must(buf_add(b, SPAN("\" /&gt;&lt;/Prerequisites&gt;&lt;/Relationships&gt;")));
}

/* That of GetExtendedUpdateInfo: a title and a file. */
static void add_details(struct buf *b, struct rng *r)
{
	must(buf_printf(b, "&lt;LocalizedProperties&gt;&lt;Language&gt;en&lt;/Language&gt;&lt;Title&gt;"
	                "2026-0%u Cumulative Update (KB50%05u)&lt;/Title&gt;&lt;Description&gt;Install this "
	                "update to resolve issues in Windows.&lt;/Description&gt;&lt;/LocalizedProperties&gt;"
	                "&lt;ExtendedProperties MsrcSeverity=\"Critical\" Handler=\"http://schemas.microsoft"
	                ".com/msus/2002/12/UpdateHandlers/Cbs\"&gt;&lt;KBArticleID&gt;50%05u"
	                "&lt;/KBArticleID&gt;&lt;/ExtendedProperties&gt;&lt;Files&gt;&lt;File Digest=\""
	                "XDKMDmJkpzoO7Yj0QvsJ9Rrm3C4=\" DigestAlgorithm=\"SHA1\" FileName=\"x64.cab\" "
	                "Size=\"%u\" /&gt;&lt;/Files&gt;",
	                rng_range(r, 1, 9), rng_range(r, 10000, 99999), rng_range(r, 10000, 99999),
	                rng_range(r, 100000, 900000)));
}

static void add_update(struct buf *b, struct rng *r, enum soap_call call)
{
	const char *element = soap_calls[call].update;

	must(buf_printf(b, "<%s><ID>%u</ID>", element, rng_range(r, 1000, 99999)));
	if (call != CALL_EXTENDED)
		must(buf_printf(b, "<Deployment><ID>%u</ID><Action>%s</Action><IsAssigned>true</IsAssigned>"
		                "<LastChangeTime>2026-0%u-%02u</LastChangeTime></Deployment>"
		                "<IsLeaf>%s</IsLeaf>",
		                rng_range(r, 100, 9999), rng_chance(r, 5000) ? "Install" : "Evaluate",
		                rng_range(r, 1, 9), rng_range(r, 10, 28),
		                rng_chance(r, 5000) ? "true" : "false"));
	must(buf_add(b, SPAN("<Xml>")));
	if (call == CALL_EXTENDED)
		add_details(b, r);
	else
		add_core(b, r);
	must(buf_printf(b, "</Xml></%s>", element));
}

static void add_ids(struct buf *b, struct rng *r, size_t size)
{
	while (b->len < size)
		must(buf_printf(b, "<int>%u</int>", rng_range(r, 1000, 99999)));
}

/* Updates, then ids, each in the list where that call has them. */
static void make_answer(struct buf *b, struct rng *r, enum soap_call call, size_t size)
{
	const struct soap_call_shape *shape = &soap_calls[call];
	const char *ids = "OutOfScopeRevisionIDs";

	must(buf_printf(b, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
	                "<%sResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/%s\">"
	                "<%sResult>",
	                shape->method, shape->space, shape->method));
	if (shape->update) {
		must(buf_printf(b, call == CALL_EXTENDED ? "<Updates>" : "<NewUpdates>"));
		while (b->len + 900 < size)
			add_update(b, r, call);
		must(buf_printf(b, call == CALL_EXTENDED ? "</Updates>" : "</NewUpdates>"));
	}
	must(buf_printf(b, "<%s>", ids));
	add_ids(b, r, size - 140);
	must(buf_printf(b, "</%s>%s</%sResult></%sResponse></s:Body></s:Envelope>", ids,
	                shape->update ? "<Truncated>false</Truncated>" : "", shape->method, shape->method));
}

/* Where a request has its ids. */
static const char *const id_lists[CALL_COUNT][2] = {
	[CALL_SYNC] = { "<parameters><ExpressQuery>false</ExpressQuery><InstalledNonLeafUpdateIDs>",
	                "</InstalledNonLeafUpdateIDs><SkipSoftwareSync>false</SkipSoftwareSync>"
	                "</parameters>" },
	[CALL_PAGE] = { "<parameters><ExpressQuery>false</ExpressQuery><OtherCachedUpdateIDs>",
	                "</OtherCachedUpdateIDs><SkipSoftwareSync>false</SkipSoftwareSync></parameters>" },
	[CALL_EXTENDED] = { "<revisionIDs>", "</revisionIDs>" },
};

static void make_request(struct buf *b, struct rng *r, enum soap_call call)
{
	const struct soap_call_shape *shape = &soap_calls[call];
	const char *const *list = id_lists[call];
	size_t tail = 60 + (list[1] ? strlen(list[1]) : 0);

	must(buf_printf(b, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
	                "<%s xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/%s\">",
	                shape->method, shape->space));
	if (shape->request > 1000) {
		must(buf_add(b, SPAN("<cookie><Expiration>2026-03-10T10:00:00Z</Expiration>"
		                     "<EncryptedData>")));
		for (unsigned i = 0; i < 12; i++)
			must(buf_printf(b, "%016llx", (unsigned long long)rng_next(r)));
		must(buf_add(b, SPAN("</EncryptedData></cookie>")));
	}
	must(buf_printf(b, "%s", list[0] ? list[0] : ""));
	add_ids(b, r, shape->request > tail ? shape->request - tail : 0);
	must(buf_printf(b, "%s</%s></s:Body></s:Envelope>", list[1] ? list[1] : "", shape->method));
}

static void gzip_pack(struct span body, struct buf *packed)
{
	z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)body.at, .avail_in = (uInt)body.len };
	size_t bound;

	must(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	bound = deflateBound(&z, (uLong)body.len);
	z.next_out = buf_reserve(packed, bound);
	must(z.next_out);
	z.avail_out = (uInt)bound;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	packed->len += bound - z.avail_out;
	deflateEnd(&z);
}

void bodies_init(struct bodies *b, uint64_t seed)
{
	for (size_t call = 0; call < CALL_COUNT; call++) {
		const struct soap_call_shape *shape = &soap_calls[call];

		for (size_t i = 0; i < VARIANTS; i++) {
			struct rng r = rng_of(seed ^ 0xb0d1e5, call * VARIANTS + i);
			struct buf *answer = b->answer[call][i];
			size_t size = shape->answer * rng_range(&r, 60, 140) / 100;

			for (size_t c = 0; c < CODING_COUNT; c++)
				buf_init(&answer[c], BODY_CEILING);
			buf_init(&b->request[call][i], BODY_CEILING);
			make_request(&b->request[call][i], &r, (enum soap_call)call);
			make_answer(&answer[CODING_NONE], &r, (enum soap_call)call, size);
			gzip_pack(buf_span(&answer[CODING_NONE]), &answer[CODING_GZIP]);
			must(xpress_pack(buf_span(&answer[CODING_NONE]), &answer[CODING_XPRESS]));
		}
	}
}

void bodies_release(struct bodies *b)
{
	for (size_t call = 0; call < CALL_COUNT; call++)
		for (size_t i = 0; i < VARIANTS; i++) {
			buf_release(&b->request[call][i]);
			for (size_t c = 0; c < CODING_COUNT; c++)
				buf_release(&b->answer[call][i][c]);
		}
}
