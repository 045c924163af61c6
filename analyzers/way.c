/* analyzers/way.c - which update point an exchange is for. */
#include "analyzers/way.h"

#include "analyzers/web.h"

struct span way_host(const struct exchange *x)
{
	if (x->tunnel)
		return web_without_login(x->tunnel->target);
	return span_eq(x->method, SPAN("CONNECT")) ? web_without_login(x->target) : x->host;
}
