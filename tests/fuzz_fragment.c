/* tests/fuzz_fragment.c - any bytes as an update's fragment, whole and in pieces: both tell the same. */
#include "decoders/fragcache.h"
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

/* Whole, in pieces, and twice more by who keeps what it read: all tell the same. */
enum { READINGS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fragcache *cache = fragcache_new(NULL);
	struct fragment *reads = fragment_new(NULL, NULL), *knows = fragment_new(NULL, cache);
	struct wsus_update u[READINGS] = { { 0 } };
	size_t files[READINGS] = { 0 };
	struct arena arena;

	arena_init(&arena, 1 << 23);
	for (unsigned i = 0; size && i < READINGS; i++) {
		struct fragment *f = i < 2 ? reads : knows;
		struct span left = { data + 1, size - 1 };
		size_t step = i ? (size_t)data[0] + 1 : SIZE_MAX;

		fragment_begin(f, &u[i], (struct fragment_files){ count, &files[i] }, &arena);
		while (left.len)
			fragment_text(f, span_take(&left, step));
		fragment_end(f);
		if (files[0] != files[i] || !same(u[0].title, u[i].title) || !same(u[0].kb, u[i].kb) ||
		    !same(u[0].arguments, u[i].arguments) || !same(u[0].handler, u[i].handler) ||
		    !same(u[0].type, u[i].type) || u[0].revision != u[i].revision)
			__builtin_trap();
	}
	fragment_free(reads);
	fragment_free(knows);
	fragcache_free(cache);
	arena_release(&arena);
	return 0;
}
