/* cli/config.c - reads a file of options: each line is taken by the row that takes the argument. */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/option_rows.h"

enum { NAME_LEN = 40, PATH_TOLD = 300 };

struct place {
	const char *file;
	unsigned line;
	unsigned first[OPTION_ROWS_MAX];        /* where each option was said; 0: not yet */
};

static bool complain(const struct place *p, struct fault *f, const char *what)
{
	return fault_set(f, FAULT_USAGE, "%.*s:%u: %s", PATH_TOLD, p->file, p->line, what);
}

/* ---- values ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t blanks(const char *at)
{
	return strspn(at, " \t");
}

/* Without quotes: up to the end, or to a '#' behind a blank. */
static bool bare_value(char *text, const char **why)
{
	char *end = text;

	while (*end && !(*end == '#' && (end == text || is_blank(end[-1]))))
		end++;
	while (end > text && is_blank(end[-1]))
		end--;
	*end = '\0';
	*why = "a value is missing (\"\" is an empty one)";
	return *text;
}

/* What follows a backslash between double quotes; *at moves behind it.  -1: nothing that is known. */
static int unescape(const char **at)
{
	static const char names[] = "\"\\nrt", meant[] = "\"\\\n\r\t";
	const char *name = **at ? strchr(names, **at) : NULL;
	uint64_t number;

	if (name) {
		(*at)++;
		return meant[name - names];
	}
	if (**at != 'x' || strnlen(*at, 3) < 3 || !span_hex(span_of(*at + 1, 2), &number) || !number)
		return -1;
	*at += 3;
	return (int)number;
}

/* In its place: what is meant is never longer than how it is written. */
static bool quoted_value(char *text, const char **why)
{
	const char quote = *text, *from = text + 1;
	char *to = text;
	bool ends;

	while (*from && *from != quote) {
		int c = (unsigned char)*from++;

		if (c == '\\' && quote == '"' && (c = unescape(&from)) < 0) {
			*why = "behind a backslash one of \" \\ n r t or xHH is wanted "
			       "('...' takes all as it is)";
			return false;
		}
		*to++ = (char)c;
	}
	if (!*from) {
		*why = "the quotes do not end";
		return false;
	}
	from += 1 + blanks(from + 1);
	ends = !*from || *from == '#';
	*to = '\0';
	*why = "nothing but a comment may follow the quotes";
	return ends;
}

/* ---- lines ---- */

static const struct option_row *row_named(const struct options *o, struct span name)
{
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands & o->command && span_eq(span_text(r->name), name))
			return r;
	return NULL;
}

static bool is_letter_of(const struct options *o, struct span name, const char **full)
{
	for (const struct option_row *r = option_rows; name.len == 1 && r->name; r++)
		if (r->commands & o->command && r->letter == (char)name.at[0]) {
			*full = r->name;
			return true;
		}
	return false;
}

static bool complain_name(const struct place *p, const struct options *o, struct span name, struct fault *f)
{
	const char *full = NULL;
	char text[160];

	if (is_letter_of(o, name, &full))
		snprintf(text, sizeof text, "the option is called %s here", full);
	else
		snprintf(text, sizeof text,
		         "%.*s: no such option; the long names of wsuscope capture --help are wanted",
		         (int)name.len, (const char *)name.at);
	return complain(p, f, text);
}

static bool is_repeatable(const struct option_row *row)
{
	return row->count || row->take == take_limit;
}

/* A row for this line, that may stand here. */
static const struct option_row *find_row(struct place *p, const struct options *o, struct span name,
                                         struct fault *f)
{
	const struct option_row *row = row_named(o, name);
	char text[120];
	unsigned *first;

	if (!row) {
		complain_name(p, o, name, f);
		return NULL;
	}
	if (row->argument_only || row->secret) {
		snprintf(text, sizeof text, "%s is for the command line alone", row->name);
		complain(p, f, text);
		return NULL;
	}
	first = &p->first[row - option_rows];
	if (*first && !is_repeatable(row)) {
		snprintf(text, sizeof text, "%s was said in line %u already: leave one of them", row->name,
		         *first);
		complain(p, f, text);
		return NULL;
	}
	*first = p->line;
	return row;
}

static bool take_value(const struct place *p, struct options *o, const struct option_row *row, char *text,
                       struct fault *f)
{
	bool quoted = *text == '"' || *text == '\'';
	struct option_row spelled = *row;
	struct fault cause;
	const char *why;

	if (!(quoted ? quoted_value(text, &why) : bare_value(text, &why)))
		return complain(p, f, why);
	spelled.letter = 0;     /* a fault names it as it is written here */
	return row->take(o, &spelled, text, &cause) || complain(p, f, cause.text);
}

static bool has_control(const char *line)
{
	for (; *line; line++)
		if (((unsigned char)*line < ' ' && *line != '\t') || *line == 0x7f)
			return true;
	return false;
}

static bool take_line(struct place *p, struct options *o, char *line, struct fault *f)
{
	static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const struct option_row *row;
	size_t len;
	char *text;

	if (has_control(line))
		return complain(p, f, "a control character: a file of plain text is wanted");
	line += blanks(line);
	if (!*line || *line == '#')
		return true;
	len = strspn(line, names);
	text = line + len + blanks(line + len);
	if (!len || len > NAME_LEN || *text != '=')
		return complain(p, f, "NAME = VALUE is wanted, such as interface = eth0, or # and a comment");
	row = find_row(p, o, span_of(line, len), f);
	text++;
	return row && take_value(p, o, row, text + blanks(text), f);
}

/* ---- the file ---- */

static bool complain_file(const char *file, struct fault *f, const char *what)
{
	return fault_set(f, FAULT_INPUT, "%.*s: %s", PATH_TOLD, file, what);
}

/* *len bytes of it, and a zero behind them. */
static bool load(const char *file, char text[static CONFIG_MAX], size_t *len, struct fault *f)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : 1;

	*len = 0;
	while (got > 0 && *len < CONFIG_MAX) {
		got = read(fd, text + *len, CONFIG_MAX - *len);
		*len += got > 0 ? (size_t)got : 0;
	}
	if (got < 0)
		fault_set(f, FAULT_INPUT, "%.*s: cannot be read: %s", PATH_TOLD, file, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (got < 0)
		return false;
	if (*len == CONFIG_MAX)
		return complain_file(file, f, "too long: options take less than 64 KiB");
	text[*len] = '\0';
	return true;
}

/* A mark in front that editors of other systems leave is skipped; two bytes a character are none of ours. */
static bool is_text(const char *file, struct span *bytes, struct fault *f)
{
	struct span before = *bytes;
	unsigned line = 1;

	if (span_starts(*bytes, SPAN("\xff\xfe")) || span_starts(*bytes, SPAN("\xfe\xff")))
		return complain_file(file, f, "UTF-16: save it as UTF-8 or plain ASCII");
	if (span_starts(*bytes, SPAN("\xef\xbb\xbf")))
		span_take(bytes, 3);
	before.len = span_byte(before, '\0');
	if (before.len == SIZE_MAX)
		return true;
	while (span_byte(before, '\n') != SIZE_MAX) {
		span_take(&before, span_byte(before, '\n') + 1);
		line++;
	}
	return fault_set(f, FAULT_USAGE, "%.*s:%u: a zero byte: a file of plain text is wanted", PATH_TOLD,
	                 file, line);
}

bool config_read(struct options *o, struct fault *f)
{
	struct place p = { .file = o->config };
	struct span bytes;
	char *line, *next;
	size_t len;

	if (!load(o->config, o->config_text, &len, f))
		return false;
	bytes = span_of(o->config_text, len);
	if (!is_text(o->config, &bytes, f))
		return false;
	for (line = o->config_text + (len - bytes.len); line; line = next) {
		size_t end = strcspn(line, "\n");

		next = line[end] ? line + end + 1 : NULL;
		end -= end && line[end - 1] == '\r';
		line[end] = '\0';
		p.line++;
		if (!take_line(&p, o, line, f))
			return false;
	}
	return true;
}
