/* decoders/layer.h - one protocol on a stack: the vtable that stack.c chooses from. */
#ifndef DECODERS_LAYER_H
#define DECODERS_LAYER_H

#include "decoders/stack.h"

struct layer_env {                      /* what a layer is born with; all borrowed */
	const struct stack_context *context;
	struct stack_place place;
	bool joined;                    /* its start was not seen: look for the first message */
};

struct layer {
	const char *name;
	void *(*create)(const struct layer_env *env);           /* NULL: out of memory */
	void (*destroy)(void *self);
	void (*bytes)(void *self, enum side from, struct span bytes, struct mark mark);
	void (*hole)(void *self, enum side from, uint64_t len, struct mark mark);
	uint64_t (*skippable)(const void *self, enum side from);
	void (*skip)(void *self, enum side from, uint64_t len, struct mark mark);
	void (*close)(void *self, enum side from, struct mark mark);
	void (*end)(void *self, enum stack_end how, struct mark mark);
};

extern const struct layer layer_http;           /* http.c */
extern const struct layer layer_tls;            /* tls.c */
extern const struct layer layer_dns;            /* dnsstream.c */

#endif
