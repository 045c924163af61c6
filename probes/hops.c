/* probes/hops.c - where on the way to a server connections to one of its ports end. */
#include "probes/hops.h"

#include <stdio.h>

#include "base/tongue.h"
#include "facts/icmp.h"

enum { TIME_EXCEEDED = 11, V6_TIME_EXCEEDED = 3, PART = 140 };

void hops_note(struct hops *h, unsigned limit, const struct dial_result *r)
{
	if (limit < 1 || limit > HOPS_MAX)
		return;
	h->at[limit - 1] = (struct hop){ r->outcome, r->has_icmp, r->icmp_from, r->icmp_type, r->icmp_code };
}

static bool is_exceeded(const struct hop *h)
{
	return h->has_icmp && h->type == (addr_is_v4(&h->from) ? TIME_EXCEEDED : V6_TIME_EXCEEDED);
}

/* The last limit at which a device on the way said that it ran out; 0: none did. */
static unsigned last_passed(const struct hops *h)
{
	for (unsigned i = HOPS_MAX; i > 0; i--)
		if (is_exceeded(&h->at[i - 1]))
			return i;
	return 0;
}

/* The first limit that brought another answer than that; 0: none did. */
static unsigned first_answered(const struct hops *h)
{
	for (unsigned i = 1; i <= HOPS_MAX; i++) {
		const struct hop *hop = &h->at[i - 1];

		if (hop->outcome == DIAL_OPEN || hop->outcome == DIAL_REFUSED ||
		    (hop->has_icmp && !is_exceeded(hop)))
			return i;
	}
	return 0;
}

static bool ends_as(const struct hops *h, enum dial_outcome outcome)
{
	unsigned at = first_answered(h);

	return at && h->at[at - 1].outcome == outcome;
}

bool hops_arrive(const struct hops *h, const struct hops *open)
{
	if (ends_as(h, DIAL_REFUSED))
		return open && ends_as(open, DIAL_OPEN) && first_answered(h) >= first_answered(open);
	return ends_as(h, DIAL_OPEN);
}

/* A device that forwards looks at the limit before it looks at its rules: what answers with one more than
 * the last that ran out may be that same device. */
static void answered_text(const struct hops *h, unsigned at, unsigned passed, char text[static PART])
{
	const struct hop *hop = &h->at[at - 1];
	char from[ADDR_TEXT];

	if (hop->outcome == DIAL_OPEN) {
		tongue_say(text, PART, "%u passes to the server at hop %u", h->port, at);
	} else if (!hop->has_icmp) {
		tongue_say(text, PART, "%u is refused at hop %u", h->port, at);
	} else {
		if (passed && addr_eq(&h->at[passed - 1].from, &hop->from))
			at = passed;
		tongue_say(text, PART, "%u is rejected at hop %u by %s: %s", h->port, at,
		         addr_text(&hop->from, from),
		         _(icmp_text(!addr_is_v4(&hop->from), hop->type, hop->code)));
	}
}

static void part_text(const struct hops *h, char text[static PART])
{
	unsigned at = first_answered(h), passed = last_passed(h);
	char from[ADDR_TEXT];

	if (at)
		answered_text(h, at, passed, text);
	else if (passed)
		tongue_say(text, PART, "%u dies after hop %u (%s)", h->port, passed,
		         addr_text(&h->at[passed - 1].from, from));
	else
		tongue_say(text, PART, "%u dies and no device on the way tells where", h->port);
}

/* What refuses before the server's own place is not the server. */
static bool refused_on_the_way(const struct hops *blocked, const struct hops *open)
{
	return ends_as(blocked, DIAL_REFUSED) && ends_as(open, DIAL_OPEN) && !hops_arrive(blocked, open);
}

const char *hops_text(const struct hops *blocked, const struct hops *open,
                      char text[static CHECK_DETAIL_MAX])
{
	char one[PART], other[PART];

	part_text(blocked, one);
	if (!open) {
		snprintf(text, CHECK_DETAIL_MAX, "%s", one);
		return text;
	}
	part_text(open, other);
	snprintf(text, CHECK_DETAIL_MAX, "%s, %s%s", one, other,
	         refused_on_the_way(blocked, open) ? _(": a device between them refuses") : "");
	return text;
}
