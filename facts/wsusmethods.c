/* facts/wsusmethods.c - methods by service and name. */
#include "facts/wsusmethods.h"

#include "facts/soap.h"
#include "facts/wsus.h"

static const struct method {
	enum wsus_place place;
	struct span name;
} methods[] = {
#define X(symbol, where, text) [METHOD_##symbol] = { WSUS_##where, SPAN_LIT(text) },
	WSUS_METHODS(X)
#undef X
};

enum wsus_method wsus_method_of(struct span path, struct span name)
{
	enum wsus_place place = wsus_place(path);

	for (size_t i = 0; i < METHOD_COUNT; i++)
		if (methods[i].name.len && (methods[i].place == place || i == METHOD_PING) &&
		    span_eq(methods[i].name, name))
			return (enum wsus_method)i;
	return place == WSUS_API && name.len ? METHOD_API_CALL : METHOD_UNKNOWN;
}

const char *wsus_method_name(enum wsus_method m)
{
	return m == METHOD_UNKNOWN ? "" : (const char *)methods[m].name.at;
}

enum wsus_method wsus_exchange_method(const struct exchange *x)
{
	return x->soap ? x->soap->method : wsus_method_of(x->path, wsus_method(x));
}
