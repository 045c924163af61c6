/* cli/config_text.c - options as the file that would say them: the way back of option_values.c. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/moment.h"
#include "cli/config.h"
#include "cli/option_rows.h"

/* Lines of one option go here, one for each of its values. */
struct lines {
	FILE *out;
	const char *name;
};

/* ---- one line ---- */

static bool needs_quotes(const char *value)
{
	size_t len = strlen(value);

	if (!len || strpbrk(value, "\"'\\#") || strchr(" \t", value[0]) || strchr(" \t", value[len - 1]))
		return true;
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return true;
	return false;
}

static void put_quoted(FILE *out, const char *value)
{
	putc('"', out);
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static void put_value(const struct lines *to, const char *value)
{
	fprintf(to->out, "%s = ", to->name);
	if (needs_quotes(value))
		put_quoted(to->out, value);
	else
		fputs(value, to->out);
	putc('\n', to->out);
}

static void put_number(const struct lines *to, const char *before, uint64_t number, const char *behind)
{
	fprintf(to->out, "%s = %s%" PRIu64 "%s\n", to->name, before, number, behind);
}

/* ---- values by who takes them ---- */

static void tell_switch(const struct options *o, const struct option_row *row, const struct lines *to)
{
	put_value(to, *(const bool *)option_said(o, row->to) ? "yes" : "no");
}

static void tell_text(const struct options *o, const struct option_row *row, const struct lines *to)
{
	const char *text = *(const char *const *)option_said(o, row->to);

	if (text)
		put_value(to, text);
}

static void tell_texts(const struct options *o, const struct option_row *row, const struct lines *to)
{
	const char *const *texts = option_said(o, row->to);
	size_t count = *(const size_t *)option_said(o, row->count);

	for (size_t i = 0; i < count; i++)
		put_value(to, texts[i]);
}

static void tell_number(const struct options *o, const struct option_row *row, const struct lines *to)
{
	uint64_t number = *(const uint64_t *)option_said(o, row->to);

	if (number)
		put_number(to, "", number, "");
}

static void tell_int(const struct options *o, const struct option_row *row, const struct lines *to)
{
	int number = *(const int *)option_said(o, row->to);

	if (number)
		put_number(to, "", (uint64_t)number, "");
}

static void tell_factor(const struct options *o, const struct option_row *row, const struct lines *to)
{
	double factor = *(const double *)option_said(o, row->to);

	if (factor > 0)
		fprintf(to->out, "%s = %.17g\n", to->name, factor);
}

static void tell_duration(const struct options *o, const struct option_row *row, const struct lines *to)
{
	static const struct unit {
		int64_t ns;
		char letter;
	} units[] = { { 3600 * MOMENT_S, 'h' }, { 60 * MOMENT_S, 'm' }, { MOMENT_S, 's' } };
	int64_t ns = *(const int64_t *)option_said(o, row->to);

	if (!ns)
		return;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (ns % units[i].ns == 0) {
			fprintf(to->out, "%s = %" PRId64 "%c\n", to->name, ns / units[i].ns, units[i].letter);
			return;
		}
	fprintf(to->out, "%s = %" PRId64 ".%03" PRId64 "s\n", to->name, ns / MOMENT_S,
	        ns % MOMENT_S / MOMENT_MS);
}

static void tell_size(const struct options *o, const struct option_row *row, const struct lines *to)
{
	static const char *const units[] = { "", "K", "M", "G" };
	uint64_t bytes = *(const uint64_t *)option_said(o, row->to);
	size_t unit = 0;

	if (!bytes)
		return;
	for (; unit < 3 && bytes % 1024 == 0; unit++)
		bytes /= 1024;
	put_number(to, "", bytes, units[unit]);
}

static void tell_limit(const struct options *o, const struct option_row *row, const struct lines *to)
{
	const struct recording_limits *limits = option_said(o, row->to);
	const struct limit {
		const char *before;
		uint64_t number;
	} all[] = {
		{ "duration:", (uint64_t)(limits->duration / MOMENT_S) },
		{ "interval:", (uint64_t)(limits->interval / MOMENT_S) },
		{ "filesize:", limits->bytes / 1000 },
		{ "files:", limits->files },
		{ "packets:", limits->frames },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].number)
			put_number(to, all[i].before, all[i].number, "");
}

static void tell_when(const struct options *o, const struct option_row *row, const struct lines *to)
{
	static const char *const words[] = {
#define X(symbol, name) [WHEN_##symbol] = name,
		WHENS(X)
#undef X
	};

	put_value(to, words[*(const enum when *)option_said(o, row->to)]);
}

static void tell_output(const struct options *o, const struct option_row *row, const struct lines *to)
{
	static const char *const names[] = {
#define X(symbol, name) [OUTPUT_##symbol] = name,
		OUTPUT_FORMATS(X)
#undef X
	};

	(void)row;
	for (size_t i = 0; i < o->output_count; i++) {
		const struct output *out = &o->outputs[i];
		char text[CONFIG_MAX];

		snprintf(text, sizeof text, "%s%s%s", names[out->format], out->path ? "=" : "",
		         out->path ? out->path : "");
		put_value(to, text);
	}
}

static void tell_show_from(const struct options *o, const struct option_row *row, const struct lines *to)
{
	(void)row;
	if (o->all_notes)
		put_value(to, severity_name(o->show_from));
}

static void tell_fail_on(const struct options *o, const struct option_row *row, const struct lines *to)
{
	(void)row;
	put_value(to, o->fail_on == SEVERITY_COUNT ? "never" : severity_name(o->fail_on));
}

static const struct teller {
	bool (*take)(struct options *o, const struct option_row *row, const char *value, struct fault *f);
	void (*tell)(const struct options *o, const struct option_row *row, const struct lines *to);
} tellers[] = {
	{ take_switch, tell_switch },     { take_text, tell_text },         { take_file, tell_text },
	{ take_texts, tell_texts },       { take_files, tell_texts },       { take_resolve, tell_texts },
	{ take_sup, tell_texts },         { take_client, tell_texts },      { take_number, tell_number },
	{ take_int, tell_int },           { take_factor, tell_factor },     { take_duration, tell_duration },
	{ take_lang, tell_text },
	{ take_size, tell_size },         { take_limit, tell_limit },       { take_when, tell_when },
	{ take_output, tell_output },     { take_show_from, tell_show_from }, { take_fail_on, tell_fail_on },
};

/* ---- all of them ---- */

/* The caller's to free.  NULL: out of memory. */
static char *lines_of(const struct options *o, const struct option_row *row)
{
	char *text = NULL;
	size_t len;
	struct lines to = { open_memstream(&text, &len), row->name };

	if (!to.out)
		return NULL;
	for (size_t i = 0; i < sizeof tellers / sizeof *tellers; i++)
		if (tellers[i].take == row->take)
			tellers[i].tell(o, row, &to);
	if (fclose(to.out) == 0)
		return text;
	free(text);
	return NULL;
}

/* What stands at its default is shown as a comment, and what has none by the word of its value. */
static void write_row(FILE *out, const struct option_row *row, const char *said, const char *usual)
{
	bool is_usual = !strcmp(said, usual);

	fprintf(out, "\n# %s\n", row->help);
	if (is_usual && !*said)
		fprintf(out, "#%s = %s\n", row->name, row->argument);
	for (size_t len; *said; said += len) {
		len = strcspn(said, "\n") + 1;
		fprintf(out, "%s%.*s", is_usual ? "#" : "", (int)len, said);
	}
}

bool config_write(FILE *out, const struct options *o)
{
	char word[] = "", *none[] = { word, NULL };
	struct options usual;
	struct fault f;
	bool good = options_parse(&usual, 1, none, o->command, &f);

	fputs("# Options of wsuscope capture, as wsuscope(1) explains them: NAME = VALUE.\n"
	      "# Lines that begin with # say nothing; those of options show what is taken without them.\n",
	      out);
	for (const struct option_row *r = option_rows; good && r->name; r++) {
		char *said, *otherwise;

		if (!(r->commands & o->command) || r->argument_only || r->secret)
			continue;
		said = lines_of(o, r);
		otherwise = lines_of(&usual, r);
		good = said && otherwise;
		if (good)
			write_row(out, r, said, otherwise);
		free(said);
		free(otherwise);
	}
	return good && !ferror(out);
}
