/* base/heap.h - how the allocator keeps what comes back. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

/* Once, before threads: large blocks go back to the system when they are freed, small ones of all threads
 * share one heap.  Of an allocator that cannot be told nothing changes. */
void heap_settle(void);

#endif
