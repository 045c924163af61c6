/* capture/zstd.c - unpacking Zstandard (RFC 8878) as a stream. */
#include "capture/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct zstd {
	ZSTD_DStream *stream;
	struct bytes below;
	bool between;           /* at the boundary of two frames */
};

static bool tell_end(const struct zstd *z, struct fault *f)
{
	if (z->below.fault.kind != FAULT_NONE) {
		*f = z->below.fault;
		return false;
	}
	return fault_set(f, FAULT_CUT,
			 "%s: cut short: the zstd data ends at byte %" PRIu64 " of the file, inside a frame",
			 z->below.name, z->below.offset);
}

static bool tell_error(const struct zstd *z, size_t result, struct fault *f)
{
	ZSTD_ErrorCode code = ZSTD_getErrorCode(result);

	if (code == ZSTD_error_frameParameter_windowTooLarge)
		return fault_set(f, FAULT_CUT,
				 "%s: packed with a window larger than 128 MiB; unpack it first: "
				 "zstd -d --long=31 %s", z->below.name, z->below.name);
	return fault_set(f, code == ZSTD_error_memory_allocation ? FAULT_MEMORY : FAULT_CUT,
			 "%s: the zstd data is damaged before byte %" PRIu64 " of the file: %s",
			 z->below.name, z->below.offset, ZSTD_getErrorString(code));
}

static bool zstd_read(void *self, uint8_t *to, size_t room, size_t *got, struct fault *f)
{
	struct zstd *z = self;
	ZSTD_outBuffer out = { to, room, 0 };
	bool ok = true;

	while (ok && !out.pos) {
		/* What was read before the input ended may still wait in the stream. */
		bool more = bytes_need(&z->below, 1);
		ZSTD_inBuffer in = { z->below.left.at, z->below.left.len, 0 };
		size_t result;

		if (!more && z->between)
			break;
		result = ZSTD_decompressStream(z->stream, &out, &in);
		bytes_eat(&z->below, in.pos);
		z->between = !result;
		if (ZSTD_isError(result))
			ok = tell_error(z, result, f);
		else if (!more && !out.pos)
			ok = tell_end(z, f);
	}
	*got = out.pos;
	return ok;
}

static uint64_t zstd_packed(const void *self)
{
	const struct zstd *z = self;

	return z->below.offset;
}

static void zstd_close(void *self)
{
	struct zstd *z = self;

	ZSTD_freeDStream(z->stream);
	bytes_close(&z->below);
	free(z);
}

bool bytes_unzstd(struct bytes *b, struct fault *f)
{
	static const struct bytes_from from = { zstd_read, zstd_packed, zstd_close };
	struct zstd *z = calloc(1, sizeof *z);

	if (z)
		z->stream = ZSTD_createDStream();
	if (!z || !z->stream) {
		free(z);
		return fault_set(f, FAULT_MEMORY, "%s: no memory to unpack it", b->name);
	}
	z->between = true;
	z->below = *b;
	bytes_through(b, z->below.name, &from, z);
	return true;
}
