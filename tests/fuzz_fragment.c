/* tests/fuzz_fragment.c - any bytes as an update's fragment, whole and in pieces: both tell the same. */
#include "decoders/fragment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *to, const struct wsus_file *file)
{
	size_t *sum = to;

	*sum += 1 + file->name.len + file->has_sha1 + (size_t)(file->size & 0xff);
}

static bool same(struct span a, struct span b)
{
	return span_eq(a, b) && a.len <= ITEM_TEXT_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fragment *f = fragment_new(NULL);
	struct wsus_update u[2] = { { 0 } };
	size_t files[2] = { 0 };
	struct arena arena;

	arena_init(&arena, 1 << 22);
	for (unsigned i = 0; f && size && i < 2; i++) {
		struct span left = { data + 1, size - 1 };
		size_t step = i ? (size_t)data[0] + 1 : SIZE_MAX;

		fragment_begin(f, &u[i], (struct fragment_files){ count, &files[i] }, &arena);
		while (left.len)
			fragment_text(f, span_take(&left, step));
		fragment_end(f);
	}
	if (files[0] != files[1] || !same(u[0].title, u[1].title) || !same(u[0].kb, u[1].kb) ||
	    !same(u[0].arguments, u[1].arguments) || !same(u[0].handler, u[1].handler) ||
	    !same(u[0].type, u[1].type) || u[0].revision != u[1].revision)
		__builtin_trap();
	fragment_free(f);
	arena_release(&arena);
	return 0;
}
