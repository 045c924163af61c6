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

/* From its host on, without what may be somebody's name and password: "wsus01:8530/Content" of
 * "http://user@wsus01:8530/Content".  Empty: the URL has no scheme. */
static inline struct span url_from_host(struct span url)
{
	size_t scheme = span_find(url, SPAN("://")), host = 0;
	struct span rest = scheme == SIZE_MAX ? span_of(NULL, 0) : span_skip(url, scheme + 3);

	for (size_t i = 0; i < rest.len && rest.at[i] != '/' && rest.at[i] != '?' && rest.at[i] != '#'; i++)
		if (rest.at[i] == '@')
			host = i + 1;
	return span_skip(rest, host);
}

/* "wsus01:8530" of "http://wsus01:8530/Content"; empty: the URL has no scheme. */
static inline struct span url_host(struct span url)
{
	struct span rest = url_from_host(url);
	size_t len = 0;

	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?' && rest.at[len] != '#')
		len++;
	return span_take(&rest, len);
}

#endif
