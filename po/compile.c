/* po/compile.c - turns translations into the table of base/tongue.h; a tool of the build.
 *
 *     compile [-b] PO...       one file for each of TONGUES, in their order; C on standard output
 *
 * It reads what xgettext, msgmerge and editors of gettext write (GNU gettext manual, "The Format of PO
 * Files").  Fuzzy and empty translations are left out.  -b makes of a template a language in which each
 * message stands in brackets, by which tests see what was never marked.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS = 2, FILES_MAX = 8, ROWS_MAX = 20000 };

struct entry {                          /* as it stands in the file, escapes and all */
	char *message, *plural, *forms[FORMS];
	bool fuzzy;
};

struct row {
	char *message;                  /* bytes as the program sees them */
	char *in[FILES_MAX];            /* ready to be printed: C literals */
};

struct table {
	struct row rows[ROWS_MAX];
	size_t count;
	bool brackets;
};

static _Noreturn void give_up(const char *what, const char *where)
{
	fprintf(stderr, "po/compile: %s: %s\n", where, what);
	exit(1);
}

static char *joined(const char *front, const char *middle, const char *end)
{
	size_t size = strlen(front) + strlen(middle) + strlen(end) + 1;
	char *all = malloc(size);

	if (!all)
		give_up("out of memory", "all");
	snprintf(all, size, "%s%s%s", front, middle, end);
	return all;
}

static void append(char **to, const char *text)
{
	char *all = joined(*to ? *to : "", text, "");

	free(*to);
	*to = all;
}

/* "%<PRIu64>" is gettext's way to name formats that machines spell differently: as they are spelled here. */
static void spell_macros(char *text)
{
	static const struct macro {
		const char *name, *spelled;
	} macros[] = {
		{ "<PRIu64>", PRIu64 },
		{ "<PRId64>", PRId64 },
		{ "<PRIx64>", PRIx64 },
		{ "<PRIu32>", PRIu32 },
	};

	for (size_t i = 0; text && i < sizeof macros / sizeof *macros; i++)
		for (char *at = strstr(text, macros[i].name); at; at = strstr(at, macros[i].name)) {
			size_t name = strlen(macros[i].name), spelled = strlen(macros[i].spelled);

			memcpy(at, macros[i].spelled, spelled);
			memmove(at + spelled, at + name, strlen(at + name) + 1);
		}
}

/* For the order alone: C's escapes that gettext writes. */
static char *unescaped(const char *text)
{
	char *bytes = joined(text, "", ""), *to = bytes;

	for (const char *at = text; *at; at++) {
		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		at++;
		*to++ = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at;
	}
	*to = '\0';
	return bytes;
}

static char *bracketed(const char *text)
{
	return joined("\"⟦", text, "⟧\"");
}

/* The forms as one literal, a NUL between them; NULL: there is no translation. */
static char *literal_of(const struct table *t, const struct entry *e)
{
	char *first, *second, *all;

	if (t->brackets) {
		first = bracketed(e->message);
		second = e->plural ? bracketed(e->plural) : NULL;
	} else {
		if (e->fuzzy || !e->forms[0] || !e->forms[0][0])
			return NULL;
		first = joined("\"", e->forms[0], "\"");
		second = e->forms[1] ? joined("\"", e->forms[1], "\"") : NULL;
	}
	all = second ? joined(first, " \"\\0\" ", second) : joined(first, "", "");
	free(first);
	free(second);
	return all;
}

static struct row *row_of(struct table *t, const char *message)
{
	char *bytes = unescaped(message);

	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->rows[i].message, bytes)) {
			free(bytes);
			return &t->rows[i];
		}
	if (t->count == ROWS_MAX)
		give_up("too many messages", message);
	t->rows[t->count].message = bytes;
	return &t->rows[t->count++];
}

static void end_entry(struct table *t, struct entry *e, int file)
{
	spell_macros(e->message);
	spell_macros(e->plural);
	for (int i = 0; i < FORMS; i++)
		spell_macros(e->forms[i]);
	/* The empty message is the file's head. */
	if (e->message && e->message[0])
		row_of(t, e->message)->in[file] = literal_of(t, e);
	free(e->message);
	free(e->plural);
	for (int i = 0; i < FORMS; i++)
		free(e->forms[i]);
	*e = (struct entry){ 0 };
}

/* The field that a line's keyword begins. */
static char **begin_field(struct table *t, struct entry *e, int file, const char *line)
{
	const struct word {
		const char *text;
		char **field;
	} words[] = {
		{ "msgid ", &e->message },      { "msgid_plural ", &e->plural }, { "msgstr ", &e->forms[0] },
		{ "msgstr[0] ", &e->forms[0] }, { "msgstr[1] ", &e->forms[1] },
	};

	if (e->message && !strncmp(line, words[0].text, strlen(words[0].text)))
		end_entry(t, e, file);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strncmp(line, words[i].text, strlen(words[i].text)))
			return words[i].field;
	give_up("a line that is not understood", line);
}

static void read_line(struct table *t, struct entry *e, int file, char *line, char ***field)
{
	char *quote = strchr(line, '"'), *end = strrchr(line, '"');

	if (line[0] == '#' || !quote) {
		if (e->message && *field)
			end_entry(t, e, file);
		*field = NULL;
		e->fuzzy |= !strncmp(line, "#,", 2) && strstr(line, "fuzzy");
		return;
	}
	if (quote != line)
		*field = begin_field(t, e, file, line);
	if (!*field || end == quote)
		give_up("a line that is not understood", line);
	*end = '\0';
	append(*field, quote + 1);
}

static void read_file(struct table *t, const char *name, int file)
{
	FILE *in = fopen(name, "r");
	struct entry e = { 0 };
	char **field = NULL, *line = NULL;
	size_t size = 0;

	if (!in)
		give_up("cannot be read", name);
	while (getline(&line, &size, in) > 0)
		read_line(t, &e, file, line, &field);
	end_entry(t, &e, file);
	free(line);
	fclose(in);
}

static int by_message(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->message, ((const struct row *)b)->message);
}

static void print_message(const char *text)
{
	putchar('"');
	for (; *text; text++)
		switch (*text) {
		case '\n': fputs("\\n", stdout); break;
		case '\t': fputs("\\t", stdout); break;
		case '"':
		case '\\': printf("\\%c", *text); break;
		default:   putchar(*text);
		}
	putchar('"');
}

int main(int argc, char **argv)
{
	static struct table t;
	int first = 1;

	t.brackets = argc > 1 && !strcmp(argv[1], "-b");
	first += t.brackets;
	if (argc - first < 1 || argc - first > FILES_MAX)
		give_up("one to eight files", "arguments");
	for (int i = first; i < argc; i++)
		read_file(&t, argv[i], i - first);
	qsort(t.rows, t.count, sizeof *t.rows, by_message);
	puts("/* Made by po/compile. */\n#include \"base/tongue.h\"\n");
	puts("const struct tongue_row tongue_rows[] = {");
	for (size_t i = 0; i < t.count; i++) {
		fputs("\t{ ", stdout);
		print_message(t.rows[i].message);
		fputs(", { ", stdout);
		for (int file = 0; file < argc - first; file++)
			printf("%s, ", t.rows[i].in[file] ? t.rows[i].in[file] : "NULL");
		puts("} },");
	}
	/* A table that is empty has no elements that count. */
	printf("\t{ \"\", { NULL } },\n};\n\nconst size_t tongue_row_count = %zu;\n", t.count);
	return fflush(stdout) ? 1 : 0;
}
