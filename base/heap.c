/* base/heap.c - glibc's mallopt(3). */
#include "base/heap.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void heap_settle(void)
{
#ifdef M_ARENA_MAX
	/* A threshold that is set does not move: by default a large block that was freed once makes the next
	 * like it part of the heap, where whatever lies above keeps it. */
	enum { LARGE = 256 * 1024, TOP_KEPT = 1024 * 1024 };

	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_TRIM_THRESHOLD, TOP_KEPT);
	mallopt(M_ARENA_MAX, 1);
#endif
}
