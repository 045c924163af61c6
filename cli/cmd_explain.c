/* cli/cmd_explain.c - wsuscope explain [WORD...]: needs neither capture nor network. */
#include <stdio.h>

#include "base/tongue.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/outputs.h"

enum { SHOWN_MAX = 200 };

static void write_all(const struct outputs *out, const struct explanation *e)
{
	for (size_t i = 0; i < out->options->output_count; i++) {
		bool as_json = out->options->outputs[i].format == OUTPUT_JSON;

		if (e && as_json)
			explain_json(out->outlets[i].stream, e);
		else if (e)
			explain_text(out->outlets[i].stream, e, &out->style);
		else if (as_json)
			explain_list_json(out->outlets[i].stream);
		else
			explain_list(out->outlets[i].stream, &out->style);
	}
}

static bool fits(const struct options *o, struct fault *f)
{
	if (o->file_count > EXPLAIN_WORDS)
		return fault_set(f, FAULT_USAGE, "explain: at most %d words", EXPLAIN_WORDS);
	for (size_t i = 0; i < o->output_count; i++)
		if (o->outputs[i].format != OUTPUT_TEXT && o->outputs[i].format != OUTPUT_JSON)
			return fault_set(f, FAULT_USAGE, "explain -o: there are text and json");
	return true;
}

/* What is asked for, in one line. */
static void quote(const struct options *o, char text[static SHOWN_MAX])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < o->file_count && len < SHOWN_MAX - 1; i++)
		len += (size_t)snprintf(text + len, SHOWN_MAX - len, "%s%s", i ? " " : "", o->files[i]);
}

static bool look_up(const struct options *o, struct explanation *e, struct fault *f)
{
	char near[NEAR_TEXT], asked[SHOWN_MAX];
	struct span words[EXPLAIN_WORDS];

	for (size_t i = 0; i < o->file_count; i++)
		words[i] = span_text(o->files[i]);
	if (explain(e, words, o->file_count, near))
		return true;
	quote(o, asked);
	return fault_set(f, FAULT_USAGE,
	                 "explain: nothing is known of \"%s\"%s%s; without a word it lists all", asked,
	                 near[0] ? ". Perhaps: " : "", near);
}

int cmd_explain(const struct options *o)
{
	struct explanation e;
	struct outputs out;
	struct fault f = { 0 };

	/* The knowledge base is English: what it is searched for, by name or by words, is, too. */
	tongue_set("en");
	if (!fits(o, &f) || (o->file_count && !look_up(o, &e, &f)))
		return command_fault(&f);
	if (outputs_open(&out, o, NULL, &f))
		write_all(&out, o->file_count ? &e : NULL);
	if (!outputs_close(&out, &f) || f.kind)
		return command_fault(&f);
	return STATUS_GOOD;
}
