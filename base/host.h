/* base/host.h - hosts as URLs, Host headers and CONNECT name them (RFC 3986 section 3.2). */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include "base/span.h"

/* "wsus01" of "wsus01:8530", "[2001:db8::1]" of "[2001:db8::1]:8530". */
static inline struct span host_name(struct span host)
{
	struct span rest = host;
	size_t end = host.len && host.at[0] == '[' ? span_byte(host, ']') : SIZE_MAX;

	return end == SIZE_MAX ? span_split(&rest, ':') : span_of(host.at, end + 1);
}

/* "wsus01:8530" of "http://wsus01:8530/Content"; empty: the URL has no scheme. */
static inline struct span url_host(struct span url)
{
	size_t scheme = span_find(url, SPAN("://"));
	struct span rest = scheme == SIZE_MAX ? span_of(NULL, 0) : span_skip(url, scheme + 3);

	return span_split(&rest, '/');
}

#endif
