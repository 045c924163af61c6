/* report/evidence.c - sentences of comments, harmless wherever they are read. */
#include "report/evidence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "report/mask.h"

/* Byte by byte what is broken or would do harm becomes '?'; a text only shrinks by that. */
static size_t clean(char *text)
{
	struct span left = span_text(text);
	size_t len = 0;

	while (left.len) {
		size_t step = utf8_len(left);
		bool harmless = step && !utf8_is_harmful(utf8_code(left.at, step));
		struct span letter = span_take(&left, step ? step : 1);

		if (harmless)
			memmove(text + len, letter.at, letter.len);
		else
			text[len] = '?';
		len += harmless ? letter.len : 1;
	}
	text[len] = '\0';
	return len;
}

static const char *kind_of(const struct finding *n)
{
	return finding_row(n->kind)->kind;
}

/* What the finding says of that frame; its title says it of all. */
static const char *said_of(const struct finding *n, uint64_t frame)
{
	for (unsigned i = 0; i < n->evidence_count; i++)
		if (n->evidence[i].frame == frame)
			return n->evidence[i].text;
	return n->title;
}

size_t evidence_named(const struct finding *n, uint64_t frame, bool reveal,
                      char text[static EVIDENCE_COMMENT])
{
	char shown[SHOWN_TEXT];

	/* TRANSLATORS: a number and the finding's kind, then what the packet shows */
	tongue_say(text, EVIDENCE_COMMENT, "finding %u %s: %s", n->id, kind_of(n),
	           mask_text(said_of(n, frame), reveal, shown));
	return clean(text);
}

size_t evidence_around(const struct finding *n, const char *why, char text[static EVIDENCE_COMMENT])
{
	tongue_say(text, EVIDENCE_COMMENT, "finding %u %s: %s", n->id, kind_of(n), why);
	return clean(text);
}

size_t evidence_origin(uint64_t frame, const char *file, char text[static EVIDENCE_COMMENT])
{
	if (file)
		/* TRANSLATORS: the frame's number in the capture file of that name */
		tongue_say(text, EVIDENCE_COMMENT, "frame %" PRIu64 " of %s", frame, file);
	else
		tongue_say(text, EVIDENCE_COMMENT, "frame %" PRIu64 " of the capture", frame);
	return clean(text);
}

void evidence_name(const struct finding *n, char name[static EVIDENCE_NAME])
{
	snprintf(name, EVIDENCE_NAME, "%03u-%s", n->id, kind_of(n));
}
