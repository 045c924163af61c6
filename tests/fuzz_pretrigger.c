/* tests/fuzz_pretrigger.c - frames, findings, limits in any order: files whole, frames once, all counted. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/moment.h"
#include "base/reader.h"
#include "capture/pretrigger.h"
#include "capture/source.h"

enum { FILES = 64, FRAMES = 4096, RING = 64 * 1024, LENGTH_MAX = 3 * RING / 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct drawer {
	int files[FILES];               /* -1: removed */
	size_t count;
	uint64_t seen[FRAMES / 64];
	uint64_t frames;                /* read from them */
};

/* ---- files, in memory ---- */

static int open_file(void *self, const char *part, struct fault *f)
{
	struct drawer *d = self;
	int fd = d->count < FILES ? memfd_create("capture", MFD_CLOEXEC) : -1;

	(void)part;
	if (fd < 0) {
		fault_set(f, FAULT_OUTPUT, "no more files");
		return -1;
	}
	d->files[d->count++] = dup(fd);
	return fd;
}

static void read_file(struct drawer *d, int fd)
{
	static uint8_t bytes[64 << 20];
	ssize_t len = pread(fd, bytes, sizeof bytes, 0);
	struct fault f;
	struct source *s = source_open_memory("capture", span_of(bytes, (size_t)len), NULL, &f);
	struct frame frame;

	if (!s)
		abort();
	for (enum source_next next; (next = source_next(s, &frame, &f)) != SOURCE_END; d->frames++) {
		uint64_t number = frame.packet_id;

		if (next != SOURCE_FRAME || number >= FRAMES || d->seen[number / 64] >> number % 64 & 1)
			abort();
		d->seen[number / 64] |= UINT64_C(1) << number % 64;
	}
	source_close(s);
}

static bool remove_file(void *self, const char *part, struct fault *f)
{
	struct drawer *d = self;

	(void)part, (void)f;
	for (size_t i = 0; i < d->count; i++) {
		if (d->files[i] < 0)
			continue;
		read_file(d, d->files[i]);
		close(d->files[i]);
		d->files[i] = -1;
		break;
	}
	return true;
}

/* ---- calls ---- */

struct run {
	struct recording *recording;
	struct pretrigger *pretrigger;
	uint64_t number;
	int64_t now;
	unsigned faults;
};

static void feed(struct run *r, struct reader *in)
{
	static const uint8_t bytes[LENGTH_MAX];
	uint8_t stream = reader_u8(in) % 16;
	struct frame frame = { .number = ++r->number, .time = r->now, .packet_id = r->number, .link_type = 1,
	                       .bytes = span_of(bytes, reader_be16(in) % LENGTH_MAX) };
	struct fault f;

	frame.wire_len = (uint32_t)frame.bytes.len;
	if (r->number < FRAMES && !pretrigger_frame(r->pretrigger, &frame, stream, &f))
		r->faults++;
}

static void want(struct run *r, struct reader *in)
{
	uint64_t streams[2] = { reader_u8(in) % 16, reader_u8(in) % 16 };
	uint64_t frames[2] = { r->number - reader_u8(in), reader_u8(in) };

	pretrigger_want(r->pretrigger, streams, 2, frames, 2);
}

static void call(struct run *r, struct reader *in)
{
	struct fault f;

	switch (reader_u8(in) % 8) {
	case 0:
		want(r, in);
		break;
	case 1:
		r->faults += !pretrigger_take(r->pretrigger, &f);
		break;
	case 2:
		r->now += (int8_t)reader_u8(in) * MOMENT_S;
		break;
	case 3:
		r->faults += !recording_turn(r->recording, r->now, &f);
		break;
	case 4:
		recording_lost(r->recording, 0, &(struct recording_losses){ .kernel = reader_u8(in) });
		break;
	default:
		feed(r, in);
	}
	if (pretrigger_bytes(r->pretrigger) > RING || r->faults > 1)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_on(span_of(data, size));
	struct drawer d = { .count = 0 };
	struct recording_options o = { .path = "capture", .files = { &d, open_file, remove_file } };
	struct run r = { .number = 0 };
	struct fault f;
	uint64_t written;

	o.each = (struct recording_limits){ .bytes = reader_be16(&in), .frames = reader_u8(&in),
	                                    .files = reader_u8(&in) % 4 };
	o.each.duration = reader_u8(&in) * MOMENT_S;
	o.all.frames = reader_u8(&in);
	r.recording = recording_open(&o, &f);
	r.pretrigger = r.recording ? pretrigger_new(r.recording, RING, 1 + reader_u8(&in) % 16) : NULL;
	if (!r.pretrigger)
		abort();
	while (in.left.len)
		call(&r, &in);
	r.faults += !pretrigger_take(r.pretrigger, &f);
	written = recording_frames(r.recording);
	pretrigger_free(r.pretrigger);
	if (!recording_close(r.recording, &f) || r.faults > 1)
		abort();
	for (size_t i = 0; i < d.count; i++) {
		if (d.files[i] < 0)
			continue;
		read_file(&d, d.files[i]);
		close(d.files[i]);
	}
	if (d.frames != written)
		abort();
	return 0;
}
