/* probes/environment.c - http_proxy, https_proxy, all_proxy and no_proxy, as curl reads them. */
#include "probes/environment.h"

#include <stdlib.h>

static const char *either(const char *lower, const char *upper)
{
	const char *value = getenv(lower);

	if ((!value || !*value) && upper)
		value = getenv(upper);
	return value;
}

struct environment environment_read(void)
{
	return (struct environment){
		.http_proxy = either("http_proxy", NULL),
		.https_proxy = either("https_proxy", "HTTPS_PROXY"),
		.all_proxy = either("all_proxy", "ALL_PROXY"),
		.no_proxy = either("no_proxy", "NO_PROXY"),
	};
}

/* "192.0.2.0/24", "2001:db8::1" */
static bool covers_address(struct span word, const struct addr *a)
{
	struct prefix p;

	return prefix_parse(word, &p) && prefix_holds(&p, a);
}

/* "corp.example" and ".corp.example" cover the name itself and all below it, and "ncorp.example" not. */
static bool covers_name(struct span word, struct span host)
{
	if (word.len && word.at[word.len - 1] == '.')
		word.len--;
	if (word.len && word.at[0] == '.')
		word = span_skip(word, 1);
	if (!word.len || !span_iends(host, word))
		return false;
	return host.len == word.len || host.at[host.len - word.len - 1] == '.';
}

static bool is_separator(uint8_t c)
{
	return c == ',' || c == ' ' || c == '\t';
}

static struct span next_word(struct span *list)
{
	size_t len = 0;

	while (list->len && is_separator(list->at[0]))
		*list = span_skip(*list, 1);
	while (len < list->len && !is_separator(list->at[len]))
		len++;
	return span_take(list, len);
}

static bool is_spared(const char *no_proxy, const struct target *t)
{
	struct span list = span_text(no_proxy ? no_proxy : ""), host = span_text(t->host), word;

	/* A star is no pattern: alone, it means all. */
	if (span_eq(list, SPAN("*")))
		return true;
	while ((word = next_word(&list)).len)
		if (t->is_addr ? covers_address(word, &t->addr) : covers_name(word, host))
			return true;
	return false;
}

const char *environment_proxy(const struct environment *e, const struct target *t)
{
	const char *proxy = t->https ? e->https_proxy : e->http_proxy;

	if (!proxy || !*proxy)
		proxy = e->all_proxy;
	return proxy && *proxy && !is_spared(e->no_proxy, t) ? proxy : NULL;
}
