/* report/mask.c - what a URL and a finding's words may hide. */
#include "report/mask.h"

#include <string.h>

#include "base/utf8.h"

static const struct span secrets[] = {
	SPAN_LIT("token"),  SPAN_LIT("sig"),     SPAN_LIT("password"), SPAN_LIT("passwd"),
	SPAN_LIT("pwd"),    SPAN_LIT("secret"),  SPAN_LIT("key"),      SPAN_LIT("auth"),
	SPAN_LIT("cookie"), SPAN_LIT("session"), SPAN_LIT("sid"),      SPAN_LIT("code"),
	SPAN_LIT("P1"),     SPAN_LIT("P2"),      SPAN_LIT("P3"),       SPAN_LIT("P4"),
};

/* Short names only as a whole ("P4"), longer ones anywhere in the name ("access_token"). */
bool mask_is_secret(struct span name)
{
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (secrets[i].len > 4 ? span_ifind(name, secrets[i]) != SIZE_MAX
		                       : span_ieq(name, secrets[i]))
			return true;
	return false;
}

/* Where a login may stand: up to the path; without a scheme and a path, as CONNECT and Host have it, all. */
static struct span authority(struct buf *out, struct span *url)
{
	size_t scheme = span_find(*url, SPAN("://"));
	struct span host;

	if (scheme == SIZE_MAX || span_byte(span_of(url->at, scheme), '?') != SIZE_MAX)
		return span_starts(*url, SPAN("/")) || span_starts(*url, SPAN("?")) ? SPAN("") : *url;
	buf_add(out, span_take(url, scheme + 3));
	host = *url;
	return span_split(&host, '/');
}

static void mask_login(struct buf *out, struct span *url)
{
	struct span host = authority(out, url);
	size_t at = host.len;

	/* The last one: passwords may hold others, though RFC 3986 section 3.2.1 has them encoded. */
	while (at > 0 && host.at[at - 1] != '@')
		at--;
	if (!at)
		return;
	span_take(url, at - 1);
	buf_add(out, SPAN("***"));
}

/* ';' separates pairs, too, for some (HTML 4.01 appendix B.2.2). */
static bool is_separator(uint8_t c)
{
	return c == '&' || c == ';';
}

/* Of "name=value&", the separator included. */
static size_t pair_len(struct span query)
{
	size_t len = 0;

	while (len < query.len && !is_separator(query.at[len]))
		len++;
	return len < query.len ? len + 1 : len;
}

void mask_url(struct buf *out, struct span url)
{
	size_t query;

	mask_login(out, &url);
	query = span_byte(url, '?');
	buf_add(out, span_take(&url, query == SIZE_MAX ? url.len : query + 1));
	while (url.len) {
		struct span pair = span_take(&url, pair_len(url));
		size_t equals = span_byte(pair, '=');

		if (equals == SIZE_MAX || !mask_is_secret(span_of(pair.at, equals))) {
			buf_add(out, pair);
			continue;
		}
		buf_add(out, span_of(pair.at, equals + 1));
		buf_add(out, SPAN("***"));
		if (is_separator(pair.at[pair.len - 1]))
			buf_add_byte(out, pair.at[pair.len - 1]);
	}
}

static struct span first_letter(struct span name)
{
	size_t len = name.len ? utf8_len(name) : 0;

	return span_take(&name, len ? len : 1);
}

void mask_user(struct buf *out, struct span user)
{
	buf_add(out, first_letter(user));
	buf_add(out, SPAN("***"));
}

static size_t append(char *shown, size_t len, struct span piece)
{
	size_t add = piece.len < SHOWN_TEXT - 1 - len ? piece.len : SHOWN_TEXT - 1 - len;

	if (add)
		memcpy(shown + len, piece.at, add);
	shown[len + add] = '\0';
	return len + add;
}

const char *mask_text(const char *text, bool reveal, char shown[static SHOWN_TEXT])
{
	struct span left = span_text(text);
	size_t len = 0;

	shown[0] = '\0';
	while (left.len) {
		struct span name;

		len = append(shown, len, span_split(&left, PRIVATE_BEGIN));
		if (!left.len)
			break;
		name = span_split(&left, PRIVATE_END);
		len = append(shown, len, reveal ? name : first_letter(name));
		len = append(shown, len, reveal ? SPAN("") : SPAN("***"));
	}
	return shown;
}
