/* report/csv.c - cells that stay what they are in every spreadsheet. */
#include "report/csv.h"

#include <inttypes.h>

#include "base/utf8.h"
#include "report/mask.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define REPLACEMENT     "\xef\xbf\xbd"

enum { URL_MAX = 256 * 1024 };

static void begin_cell(struct csv *c)
{
	if (c->follows)
		fputc(',', c->out);
	c->follows = true;
}

void csv_none(struct csv *c)
{
	begin_cell(c);
}

void csv_row_end(struct csv *c)
{
	fputs("\r\n", c->out);
	c->follows = false;
}

/* The first letter tells a formula, also of full width, and behind blanks that an import may cut. */
static bool is_formula(struct span text)
{
	static const uint32_t signs[] = { '=', '+', '-', '@', 0xff1d, 0xff0b, 0xff0d, 0xff20 };
	size_t len;
	uint32_t code;

	while (text.len && text.at[0] == ' ')
		span_take(&text, 1);
	len = text.len ? utf8_len(text) : 0;
	if (!len)
		return false;
	code = utf8_code(text.at, len);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (code == signs[i])
			return true;
	return code == '\t' || code == '\r' || code == '\n';
}

void csv_bytes(struct csv *c, struct span text)
{
	begin_cell(c);
	if (!text.len)
		return;
	fputs(is_formula(text) ? "\"'" : "\"", c->out);
	while (text.len) {
		size_t len = utf8_len(text);
		struct span letter = span_take(&text, len ? len : 1);

		if (!len || utf8_is_harmful(utf8_code(letter.at, len)))
			letter = SPAN(REPLACEMENT);
		fputs(letter.at[0] == '"' ? "\"" : "", c->out);
		fwrite(letter.at, 1, letter.len, c->out);
	}
	fputc('"', c->out);
}

void csv_text(struct csv *c, const char *text)
{
	csv_bytes(c, span_text(text));
}

void csv_head(struct csv *c, const char *const *columns)
{
	fputs(BYTE_ORDER_MARK, c->out);
	for (size_t i = 0; columns[i]; i++)
		csv_text(c, columns[i]);
	csv_row_end(c);
}

void csv_count(struct csv *c, uint64_t count)
{
	begin_cell(c);
	fprintf(c->out, "%" PRIu64, count);
}

void csv_frame(struct csv *c, uint64_t frame)
{
	if (frame)
		csv_count(c, frame);
	else
		csv_none(c);
}

void csv_ms(struct csv *c, int64_t ns)
{
	begin_cell(c);
	if (ns >= 0)
		fprintf(c->out, "%.3f", (double)ns / (double)MOMENT_MS);
}

/* Finer than milliseconds, spreadsheets take it for text. */
void csv_time(struct csv *c, int64_t ns)
{
	enum { DATE = 10, MILLISECONDS = 23 };
	char text[MOMENT_TEXT];

	begin_cell(c);
	if (ns == MOMENT_NONE || strlen(moment_text(ns, text)) < MILLISECONDS)
		return;
	text[DATE] = ' ';
	fprintf(c->out, "%.*s", MILLISECONDS, text);
}

void csv_bool(struct csv *c, bool value)
{
	csv_text(c, value ? "yes" : "no");
}

void csv_url(struct csv *c, struct span url)
{
	struct buf masked;

	if (c->reveal) {
		csv_bytes(c, url);
		return;
	}
	buf_init(&masked, URL_MAX);
	mask_url(&masked, url);
	csv_bytes(c, buf_span(&masked));
	buf_release(&masked);
}

void csv_words(struct csv *c, const char *words)
{
	char shown[SHOWN_TEXT];

	csv_text(c, mask_text(words, c->reveal, shown));
}

void csv_addr(struct csv *c, const struct addr *a)
{
	char text[ADDR_TEXT];

	csv_text(c, addr_text(a, text));
}

void csv_endpoint(struct csv *c, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	csv_text(c, endpoint_text(e, text));
}
