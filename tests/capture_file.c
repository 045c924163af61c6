/* tests/capture_file.c - making captures, and telling what a source gives, as text. */
#include "tests/capture_file.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

void file_init(struct capture_file *c, bool big)
{
	*c = (struct capture_file){ .big = big };
	buf_init(&c->bytes, 64 << 20);
}

void file_release(struct capture_file *c)
{
	buf_release(&c->bytes);
}

struct span file_span(const struct capture_file *c)
{
	return buf_span(&c->bytes);
}

static void put(struct capture_file *c, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		assert_true(buf_add_byte(&c->bytes, (uint8_t)(value >> 8 * (c->big ? width - 1 - i : i))));
}

void file_16(struct capture_file *c, uint16_t value)
{
	put(c, value, 2);
}

void file_32(struct capture_file *c, uint32_t value)
{
	put(c, value, 4);
}

void file_64(struct capture_file *c, uint64_t value)
{
	put(c, value, 8);
}

void file_bytes(struct capture_file *c, struct span bytes)
{
	assert_true(buf_add(&c->bytes, bytes));
	for (size_t padding = -bytes.len & 3; padding; padding--)
		put(c, 0, 1);
}

void file_pcap(struct capture_file *c, uint32_t magic, uint32_t link_type)
{
	file_32(c, magic);
	file_16(c, 2);
	file_16(c, 4);
	file_64(c, 0);
	file_32(c, 65535);
	file_32(c, link_type);
}

void file_record(struct capture_file *c, uint32_t seconds, uint32_t fraction, struct span bytes,
		 uint32_t wire_len)
{
	file_32(c, seconds);
	file_32(c, fraction);
	file_32(c, (uint32_t)bytes.len);
	file_32(c, wire_len);
	assert_true(buf_add(&c->bytes, bytes));
}

void file_block(struct capture_file *c, uint32_t type)
{
	c->block = c->bytes.len;
	file_32(c, type);
	file_32(c, 0);
}

void file_block_end(struct capture_file *c)
{
	size_t end = c->bytes.len + 4;
	uint32_t length = (uint32_t)(end - c->block);

	file_32(c, length);
	c->bytes.len = c->block + 4;
	file_32(c, length);
	c->bytes.len = end;
}

void file_option(struct capture_file *c, uint16_t code, struct span value)
{
	file_16(c, code);
	file_16(c, (uint16_t)value.len);
	file_bytes(c, value);
}

void file_section(struct capture_file *c)
{
	file_block(c, 0x0a0d0d0a);
	file_32(c, 0x1a2b3c4d);
	file_16(c, 1);
	file_16(c, 0);
	file_64(c, UINT64_MAX);
	file_block_end(c);
}

void file_interface(struct capture_file *c, uint16_t link_type, uint32_t snaplen)
{
	file_block(c, 1);
	file_16(c, link_type);
	file_16(c, 0);
	file_32(c, snaplen);
	file_block_end(c);
}

void file_packet(struct capture_file *c, uint32_t interface, uint64_t time, struct span bytes,
		 uint32_t wire_len)
{
	file_block(c, 6);
	file_32(c, interface);
	file_32(c, (uint32_t)(time >> 32));
	file_32(c, (uint32_t)time);
	file_32(c, (uint32_t)bytes.len);
	file_32(c, wire_len);
	file_bytes(c, bytes);
	file_block_end(c);
}

static void tell_frame(FILE *out, const struct frame *frame)
{
	static const char *const directions[] = { "", " in", " out" };

	fprintf(out, "%" PRIu64 " @%" PRId64 " link %u if %u.%u %zu/%u \"%.*s\"%s", frame->number,
		frame->time, frame->link_type, frame->file, frame->interface, frame->bytes.len,
		frame->wire_len, frame->bytes.len < 16 ? (int)frame->bytes.len : 16,
		(const char *)frame->bytes.at, directions[frame->direction]);
	if (frame->packet_id)
		fprintf(out, " id %" PRIu64, frame->packet_id);
	if (frame->comment.len)
		fprintf(out, " (%.*s)", (int)frame->comment.len, (const char *)frame->comment.at);
	fputc('\n', out);
}

char *source_told(struct source *s)
{
	struct fault f = { .kind = FAULT_NONE };
	enum source_next next;
	struct frame frame;
	char *told = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&told, &len);

	assert_non_null(out);
	while ((next = source_next(s, &frame, &f)) != SOURCE_END) {
		assert_int_not_equal(next, SOURCE_IDLE);
		if (next == SOURCE_FRAME)
			tell_frame(out, &frame);
		else
			fprintf(out, "%s\n", f.text);
	}
	fclose(out);
	return told;
}

char *file_told(struct span bytes, const char *filter)
{
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_open_memory("x", bytes, filter, &f);
	char *told = s ? source_told(s) : strdup(f.text);

	assert_non_null(told);
	source_close(s);
	return told;
}

char *path_told(const char *path, uint64_t *dropped)
{
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_open(&path, 1, NULL, &f);
	char *told;

	if (!s)
		fail_msg("%s", f.text);
	told = source_told(s);
	if (dropped)
		*dropped = source_info(s, 0)->dropped;
	source_close(s);
	return told;
}

char *folder_new(void)
{
	const char *base = getenv("TMPDIR");
	char *folder;

	assert_true(asprintf(&folder, "%s/captureXXXXXX", base && *base ? base : "/tmp") > 0);
	assert_non_null(mkdtemp(folder));
	return folder;
}

void folder_remove(char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		unlinkat(dirfd(entries), entry->d_name, 0);
	closedir(entries);
	rmdir(folder);
	free(folder);
}

const char *folder_write(const char *folder, const char *name, struct span bytes)
{
	char *path;
	FILE *file;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
	fclose(file);
	return path;
}
