/* cli/leaks.c - the check at the end, and its words. */
#include "cli/leaks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "report/html.h"
#include "veil/check.h"

struct leaks {
	struct budget budget;
	const struct names *names;      /* borrowed */
	struct outputs *outputs;
	struct check *check;
	struct check_text texts[OUTPUTS_MAX];
	struct veil *second;
};

static void hear(void *self, size_t which, struct span text)
{
	struct leaks *l = self;

	check_piece(l->check, &l->texts[which], text);
}

/* What reports are made of beside values. */
static void know_ours(struct check *check)
{
	static const struct html_part *const parts[] = { &html_css, &html_script };

	for (size_t i = 0; i < tongue_row_count; i++) {
		const char *message = tongue_rows[i].message;

		check_ours(check, span_text(message));
		check_ours(check, span_text(tongue(message)));
	}
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (const char *const *line = parts[i]->lines; *line; line++)
			check_ours(check, span_text(*line));
}

struct leaks *leaks_new(struct veil *veil, struct outputs *outputs, struct tlskeys *keys, size_t memory)
{
	struct leaks *l = calloc(1, sizeof *l);
	struct veil_options o = { .memory = memory / 2, .keys = keys };

	if (!l)
		return NULL;
	l->budget.ceiling = memory - o.memory;
	l->names = veil_names(veil);
	l->outputs = outputs;
	l->check = check_new(l->names, &l->budget);
	l->second = veil_new(&o);
	if (!l->check || !l->second) {
		leaks_free(l);
		return NULL;
	}
	know_ours(l->check);
	for (size_t i = 0; i < OUTPUTS_MAX; i++)
		l->texts[i].where = outputs_name(outputs, i);
	outputs_hear(outputs, l, hear);
	return l;
}

void leaks_free(struct leaks *l)
{
	if (!l)
		return;
	outputs_hear(l->outputs, NULL, NULL);
	check_free(l->check);
	veil_free(l->second);
	free(l);
}

void leaks_frame(struct leaks *l, const struct frame *frame)
{
	struct frame copy = *frame;

	check_frame(l->check, "the packets", frame->number, frame->bytes);
	veil_pass(l->second, &copy);
}

static bool is_shown(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

static void tell_value(const struct name *name)
{
	char text[ADDR_TEXT];
	struct addr a;

	fputs(": ", stderr);
	if (name->kind == NAME_ADDRESS) {
		memcpy(a.bytes, name->value.at, sizeof a.bytes);
		fputs(addr_text(&a, text), stderr);
		return;
	}
	for (size_t i = 0; i < name->value.len; i++)
		if (name->kind == NAME_MAC)
			fprintf(stderr, "%s%02x", i ? ":" : "", name->value.at[i]);
		else
			fputc(is_shown(name->value.at[i]) ? name->value.at[i] : '?', stderr);
}

static void tell(const struct leaks *l, const struct check_leak *leak, bool reveal)
{
	static const char *const words[NAME_KIND_COUNT] = {
#define X(symbol, one, many) one,
		NAME_KINDS(X)
#undef X
	};
	struct name name = names_at(l->names, leak->name);

	fprintf(stderr, "wsuscope: left under pseudonyms: a %s, %s, in %s", words[leak->kind],
	        check_form_text(leak->form), leak->where);
	if (leak->form != CHECK_INSIDE)
		fprintf(stderr, " at %" PRIu64, leak->at);
	if (reveal)
		tell_value(&name);
	fputc('\n', stderr);
}

/* They lie under the names that the user gave: who reads no more than these has to find which. */
static void tell_outputs(const struct leaks *l)
{
	const char *name;

	for (size_t i = 0; *(name = outputs_name(l->outputs, i)); i++)
		fprintf(stderr, "wsuscope: delete, or keep to yourself: %s\n", name);
}

bool leaks_tell(struct leaks *l, bool reveal)
{
	uint64_t count, refused = check_refused(l->check);

	outputs_flush(l->outputs);
	for (size_t i = 0; i < OUTPUTS_MAX; i++)
		check_end(l->check, &l->texts[i]);
	/* Streams that are still open tell what they hold. */
	refused += !veil_turn(l->second);
	check_names(l->check, "the packets", veil_names(l->second));
	count = check_leaks(l->check);
	for (size_t i = 0; i < check_kept(l->check); i++) {
		struct check_leak leak = check_leak_at(l->check, i);

		tell(l, &leak, reveal);
	}
	if (count)
		fprintf(stderr,
		        "wsuscope: DO NOT SHARE what was written: values that have pseudonyms are in it, "
		        "%" PRIu64 " times\n", count);
	if (count || refused)
		tell_outputs(l);
	if (refused)
		fputs("wsuscope: no memory to look for all values: what was written may hold some\n", stderr);
	return !count && !refused;
}
