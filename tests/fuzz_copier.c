/* tests/fuzz_copier.c - any pcapng blocks copied: the same packets, and the copy of a copy is the same file.
 *
 * The input is cut into blocks: a byte for the type, a byte for the length of the body in words, the body;
 * its first byte says the byte order.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/copier.h"
#include "tests/capture_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECTION = 15, FRAMES_MAX = 4096 };

static void put_next(struct capture_file *c, struct span *input)
{
	struct span head = span_take(input, 2);
	struct span body = span_take(input, head.len == 2 ? head.at[1] * 4u : 0);

	if (head.at[0] % 16 == SECTION) {
		file_section(c);
		return;
	}
	file_block(c, head.at[0] % 16);
	file_bytes(c, body);
	file_block_end(c);
}

struct copying {
	struct copier *to;
	uint64_t frames, bytes;
};

static void hear(void *self, const struct source_block *b)
{
	copier_block(((struct copying *)self)->to, b);
}

static bool keeps(void *self, struct span line)
{
	(void)self;
	return line.len % 2;
}

/* Into a file of memory; what it came to in *c. */
static int copy(struct span capture, bool texts, struct copying *c)
{
	static const struct span said = SPAN_LIT("ours");
	const struct copier_options o = { .texts = texts, .names = true, .keeps = keeps };
	int fd = memfd_create("copy", 0), kept = dup(fd);
	struct fault f = { 0 };
	struct source *s = source_open_memory("fuzz", capture, NULL, &f);
	enum source_next next;
	struct frame frame;

	*c = (struct copying){ .to = copier_begin(fd, "copy", &o, &f) };
	if (!c->to || kept < 0)
		abort();
	if (s)
		source_listen(s, (struct source_listener){ c, hear });
	while (s && (next = source_next(s, &frame, &f)) != SOURCE_END) {
		if (next != SOURCE_FRAME || c->frames == FRAMES_MAX)
			continue;
		c->frames++;
		c->bytes += frame.bytes.len + frame.wire_len;
		if (!copier_frame(c->to, source_info(s, 0), &frame, &said, frame.number % 2 && texts, &f))
			abort();
	}
	source_close(s);
	if (!copier_end(c->to, MOMENT_NONE, &f))
		abort();
	return kept;
}

static struct span content(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	uint8_t *at = malloc((size_t)len);

	if (!at || pread(fd, at, (size_t)len, 0) != len)
		abort();
	close(fd);
	return span_of(at, (size_t)len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size), first, second;
	struct copying one, other;
	struct capture_file c;

	file_init(&c, size && data[0] & 1);
	file_section(&c);
	span_take(&input, 1);
	while (input.len)
		put_next(&c, &input);
	first = content(copy(file_span(&c), size && data[0] & 2, &one));
	/* A copy without texts and comments says all that such a copy of it says. */
	second = content(copy(first, false, &other));
	if (one.frames != other.frames || one.bytes != other.bytes)
		abort();
	free((uint8_t *)first.at);
	first = content(copy(second, false, &one));
	if (!span_eq(first, second))
		abort();
	free((uint8_t *)first.at);
	free((uint8_t *)second.at);
	file_release(&c);
	return 0;
}
