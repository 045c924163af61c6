/* decoders/http.h - what the HTTP layer shares between connections; the layer itself is
 * layer_http (layer.h). */
#ifndef DECODERS_HTTP_H
#define DECODERS_HTTP_H

/* Exchanges that are not in use, kept with their memory.  One per engine and thread; freed after
 * its stacks. */
struct http_pool;

struct http_pool *http_pool_new(void);                  /* NULL: out of memory */
void http_pool_free(struct http_pool *pool);            /* NULL is fine */

#endif
