/* veil/words.c - tables of words, compared without regard to case. */
#include "veil/words.h"

#include "facts/wsus.h"
#include "veil/names.h"

static const struct span roles[] = {
#define ROLE(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span public_words[] = {
#define PUBLIC(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span top_labels[] = {
#define TOP(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span public_hosts[] = {
#define HOST(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span carriers[] = {
#define CARRIER(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span authorities[] = {
#define AUTHORITY(word) SPAN_LIT(word),
#include "veil/words.def"
};

static const struct span common[] = {
#define COMMON(word) SPAN_LIT(word),
#include "veil/words.def"
};

static bool is_in(const struct span *table, size_t count, struct span word)
{
	for (size_t i = 0; i < count; i++)
		if (span_ieq(table[i], word))
			return true;
	return false;
}

#define IS_IN(table, word) is_in(table, sizeof(table) / sizeof *(table), word)

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

size_t words_role(struct span rest)
{
	size_t len = 0;

	while (len < rest.len && is_letter(rest.at[len]))
		len++;
	return IS_IN(roles, span_of(rest.at, len)) ? len : 0;
}

bool words_top_label(struct span label)
{
	bool country = label.len == 2 && is_letter(label.at[0]) && is_letter(label.at[1]);

	return country || IS_IN(top_labels, label);
}

bool words_authority(struct span word)
{
	return IS_IN(authorities, word);
}

/* "lencr" of ".lencr.org". */
static bool is_label_in(const struct span *table, size_t count, struct span word)
{
	for (size_t i = 0; word.len && i < count; i++) {
		struct span rest = table[i];

		while (rest.len)
			if (span_ieq(span_split(&rest, '.'), word))
				return true;
	}
	return false;
}

#define IS_LABEL_IN(table, word) is_label_in(table, sizeof(table) / sizeof *(table), word)

bool words_common(struct span word)
{
	return IS_IN(common, word) || IS_IN(top_labels, word) || words_role(word) == word.len ||
	       words_authority(word) || IS_LABEL_IN(public_hosts, word) || IS_LABEL_IN(carriers, word);
}

bool names_public(struct span word)
{
	return IS_IN(public_words, word) || (word.len && words_role(word) == word.len);
}

static struct span without_carriers(struct span host)
{
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		if (span_iends(host, carriers[i]) && host.len > carriers[i].len)
			return span_of(host.at, host.len - carriers[i].len);
	return host;
}

bool names_public_host(struct span host)
{
	while (host.len && host.at[host.len - 1] == '.')
		host.len--;
	host = without_carriers(host);
	for (size_t i = 0; i < sizeof public_hosts / sizeof *public_hosts; i++)
		if (span_iends(host, public_hosts[i]) || span_ieq(host, span_skip(public_hosts[i], 1)))
			return true;
	return wsus_microsoft_host(host);
}
