/* report/html_put.c - markup with text in it: what is an argument can never be markup. */
#include <stdarg.h>
#include <string.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "report/html.h"

static const char *escape_of(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return utf8_is_harmful(code) ? "\xef\xbf\xbd" : NULL;
	}
}

static void put_text(FILE *out, const char *text)
{
	while (text && *text) {
		size_t len = 0;
		const char *escape;

		while (text[len] >= ' ' && text[len] < 0x7f && !strchr("&<>\"'", text[len]))
			len++;
		fwrite(text, 1, len, out);
		text += len;
		if (!*text)
			return;
		len = utf8_len(span_of(text, strnlen(text, 4)));
		escape = len ? escape_of(utf8_code((const uint8_t *)text, len)) : "\xef\xbf\xbd";
		len = len ? len : 1;
		fwrite(escape ? escape : text, 1, escape ? strlen(escape) : len, out);
		text += len;
	}
}

/* Takes one directive, of which the percent sign is past; returns what follows it. */
static const char *put_argument(FILE *out, const char *format, va_list *args)
{
	switch (*format) {
	case 's':
		put_text(out, va_arg(*args, const char *));
		break;
	case 'u':
		fprintf(out, "%u", va_arg(*args, unsigned));
		break;
	case 'd':
		fprintf(out, "%d", va_arg(*args, int));
		break;
	case 'z':
		fprintf(out, "%zu", va_arg(*args, size_t));
		return format + strlen("zu");
	case 'l':
		fprintf(out, "%llu", va_arg(*args, unsigned long long));
		return format + strlen("llu");
	default:
		fputc(*format, out);
		break;
	}
	return format + 1;
}

void html_put(struct html *h, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		size_t plain = strcspn(format, "%");

		fwrite(format, 1, plain, h->out);
		format += plain;
		if (*format)
			format = put_argument(h->out, format + 1, &args);
	}
	va_end(args);
}

void html_words(struct html *h, const char *words)
{
	char shown[SHOWN_TEXT];

	html_put(h, "%s", mask_text(words, h->style->reveal, shown));
}

void html_section(struct html *h, const char *id, const char *title)
{
	html_put(h, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">%s</h2>\n", id,
	         id, id,
	         title);
}

void html_section_end(struct html *h)
{
	html_put(h, "</section>\n");
}

void html_table(struct html *h, const char *class, const char *caption, const char *const columns[])
{
	html_put(h, "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n", caption);
	html_put(h, "<table class=\"%s\"><caption>%s</caption>\n<thead><tr>", class, caption);
	for (; *columns; columns++)
		html_put(h, "<th scope=\"col\">%s</th>", _(*columns));
	html_put(h, "</tr></thead>\n<tbody>\n");
}

void html_table_end(struct html *h)
{
	html_put(h, "</tbody></table></div>\n");
}
