/* bench/bodies.c - SOAP bodies of given sizes. */
#include "bench/bodies.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "bench/random.h"

enum { BODY_CEILING = 1 << 20 };

const struct soap_call_shape soap_calls[CALL_COUNT] = {
#define X(symbol, directory, space, method, request, answer)                                  \
	[CALL_##symbol] = { directory, space, method, request, answer },
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

/* One update of an answer: escaped XML with an identity, as SyncUpdates sends it. */
static void add_update(struct buf *b, struct rng *r)
{
	must(buf_printf(b, "<UpdateInfo><ID>%u</ID><Deployment><ID>%u</ID><Action>%s</Action>"
	                "<IsAssigned>true</IsAssigned><LastChangeTime>2026-0%u-%02u</LastChangeTime>"
	                "</Deployment><IsLeaf>%s</IsLeaf><Xml>&lt;UpdateIdentity UpdateID=\"",
	                rng_range(r, 1000, 99999), rng_range(r, 100, 9999),
	                rng_chance(r, 5000) ? "Install" : "Evaluate", rng_range(r, 1, 9),
	                rng_range(r, 1, 28), rng_chance(r, 5000) ? "true" : "false"));
	add_guid(b, r);
	must(buf_printf(b, "\" RevisionNumber=\"%u\" /&gt;&lt;Properties UpdateType=\"Software\" /&gt;"
	                "&lt;Relationships&gt;&lt;Prerequisites&gt;&lt;UpdateIdentity UpdateID=\"",
	                rng_range(r, 100, 300)));
	add_guid(b, r);
	must(buf_add(b, SPAN("\" /&gt;&lt;/Prerequisites&gt;&lt;/Relationships&gt;</Xml></UpdateInfo>")));
}

/* Ends at `size` or within 12 bytes of it, so that lengths vary. */
static void make_answer(struct buf *b, struct rng *r, const struct soap_call_shape *call, size_t size)
{
	static const char tail[] = "Result></s:Body></s:Envelope>";

	must(buf_printf(b, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
	                "<%sResponse xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/%s\">"
	                "<%sResult>",
	                call->method, call->space, call->method));
	while (b->len + 700 < size)
		add_update(b, r);
	while (b->len + 80 < size)
		must(buf_printf(b, "<int>%u</int>", rng_range(r, 1000, 99999)));
	must(buf_printf(b, "</%s%s", call->method, tail));
}

static void make_request(struct buf *b, struct rng *r, const struct soap_call_shape *call)
{
	must(buf_printf(b, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
	                "<%s xmlns=\"http://www.microsoft.com/SoftwareDistribution/Server/%s\">",
	                call->method, call->space));
	if (call->request > 1000) {
		must(buf_add(b, SPAN("<cookie><Expiration>2026-03-10T10:00:00Z</Expiration>"
		                     "<EncryptedData>")));
		for (unsigned i = 0; i < 12; i++)
			must(buf_printf(b, "%016llx", (unsigned long long)rng_next(r)));
		must(buf_add(b, SPAN("</EncryptedData></cookie>")));
	}
	while (b->len + 60 < call->request)
		must(buf_printf(b, "<int>%u</int>", rng_range(r, 1000, 99999)));
	must(buf_printf(b, "</%s></s:Body></s:Envelope>", call->method));
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
			make_request(&b->request[call][i], &r, shape);
			make_answer(&answer[CODING_NONE], &r, shape, size);
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
