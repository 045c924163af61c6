/* tests/test_private.c - names in the words of findings: masked in every output, shown when asked for, and
 * never seen through a cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <json-c/json.h>

#include "analyzers/web.h"
#include "live/tell.h"
#include "live/tellformats.h"
#include "report/mask.h"
#include "tests/case.h"
#include "tests/exchanges.h"
#include "tests/told.h"

extern const struct analyzer analyzer_login, analyzer_answers;

enum { ARENA_MAX = 1 << 20 };

#define PROXY "192.0.2.50 > 203.0.113.9:3128 #1 POST http://wsus01:8530/ClientWebService/client.asmx "
#define API   "192.0.2.20 > 198.51.100.1:8530 #2 POST /ApiRemoting30/WebService.asmx | Host: wsus01 "
#define IIS   " | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET"

static const struct story {
	const char *line, *masked, *revealed;
} stories[] = {
	{ PROXY "| Proxy-Authorization: Basic credentials Qvirin => 407 No | "
	  "Proxy-Authenticate: Basic realm=x",
	  "credentials of the user Q*** that", "credentials of the user Qvirin that" },
	{ API "| Authorization: NTLM authenticate Qvirin domain=ZWEIG on=KASSE7 => 401 No | "
	  "WWW-Authenticate: NTLM" IIS,
	  "of Z***\\Q*** on K*** that", "of ZWEIG\\Qvirin on KASSE7 that" },
	{ API "| Authorization: Negotiate authenticate KASSE7$ domain=ZWEIG on=KASSE7 => 401 No | "
	  "WWW-Authenticate: Negotiate" IIS,
	  "of the computer Z***\\K*** that", "of the computer ZWEIG\\KASSE7$ that" },
	{ API "| Authorization: NTLM authenticate KASSE7$ domain=ZWEIG => 403 Forbidden" IIS,
	  "the caller, the computer Z***\\K*** (403", "the caller, the computer ZWEIG\\KASSE7$ (403" },
};

static const char *const names[] = { "Qvirin", "ZWEIG", "KASSE7" };

static void hear(struct report_case *r, const struct analyzer *analyzer, const char *line)
{
	struct analyzer_env env = {
		.findings = r->findings, .relevance = r->relevance, .limits = &r->limits,
	};
	void *self = analyzer->create(&env);
	struct arena arena;
	struct fact fact = { .kind = FACT_EXCHANGE, .time = r->input.first };

	assert_non_null(self);
	arena_init(&arena, ARENA_MAX);
	fact.exchange = exchange_of(&arena, arena_text(&arena, span_text(line)), 1, fact.time);
	assert_non_null(fact.exchange);
	relevance_learn(r->relevance, &fact);
	analyzer->fact(self, &fact);
	analyzer->end(self, fact.time + MOMENT_S);
	analyzer->destroy(self);
	arena_release(&arena);
}

/* ---- outputs, each as one text ---- */

/* Lines and their margins joined: a name may be wrapped away from the words around it. */
static char *unwrapped(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '\n')
			*to++ = *from;
		else
			for (*to++ = ' '; from[1] == ' ';)
				from++;
	*to = '\0';
	return text;
}

static struct journal_entry raised(struct report_case *r)
{
	const struct finding *n = findings_at(r->findings, 0);

	return (struct journal_entry){ .word = JOURNAL_RAISED, .finding = n, .when = n->last,
		                       .since = n->first, .until = MOMENT_NONE, .count = n->count };
}

static char *write_live(struct report_case *r, const struct report_style *style)
{
	struct journal_entry e = raised(r);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct tell *t = tell_new(&(struct tell_options){ TELL_TEXT, *style, .out = out, .fd = -1 });

	assert_non_null(out);
	assert_non_null(t);
	tell_entry(t, &e);
	tell_free(t);
	assert_int_equal(fclose(out), 0);
	return unwrapped(text);
}

/* What goes to logs, one behind the other. */
static char *write_logs(struct report_case *r, bool reveal)
{
	const struct tell_origin origin = { .host = "-", .sequence = 1, .reveal = reveal };
	struct journal_entry e = raised(r);
	struct buf all;
	char *text;

	buf_init(&all, 1 << 16);
	tell_format_local(&all, &e, &origin, false);
	tell_format_5424(&all, &e, &origin, true);
	tell_format_journald(&all, &e, &origin);
	for (size_t i = 0; i < all.len; i++)    /* of the lengths of fields with lines */
		if (!all.at[i])
			all.at[i] = ' ';
	assert_true(buf_add_byte(&all, '\0'));
	text = strdup((const char *)all.at);
	assert_int_equal(strlen(text), all.len - 1);
	buf_release(&all);
	return unwrapped(text);
}

/* As the text that a reader of JSON gets. */
static char *write_cause(struct json_object *doc, const char *path)
{
	char *text = strdup(json_object_get_string(told_at(doc, path)));

	assert_non_null(text);
	json_object_put(doc);
	return text;
}

static char *write_document(struct report_case *r, const struct report_style *style)
{
	char *text = case_write(r, report_json, style);
	struct json_object *doc = json_tokener_parse(text);

	free(text);
	return write_cause(doc, "findings.0");
}

enum { OUTPUTS = 5 };

static void write_outputs(struct report_case *r, bool reveal, char *texts[static OUTPUTS])
{
	const struct report_style style = { .width = 80, .reveal = reveal };

	texts[0] = unwrapped(case_write(r, report_text, &style));
	texts[1] = write_document(r, &style);
	texts[2] = write_live(r, &style);
	texts[3] = write_cause(told_line(NULL, findings_at(r->findings, 0), reveal), "wsuscope.finding");
	texts[4] = write_logs(r, reveal);
}

/* Within JSON a backslash stands twice. */
static bool says(const char *text, const char *what)
{
	char escaped[200];
	size_t len = 0;

	for (; *what && len < sizeof escaped - 2; what++) {
		escaped[len++] = *what;
		if (*what == '\\' && text[0] == '{')
			escaped[len++] = '\\';
	}
	escaped[len] = '\0';
	return strstr(text, escaped);
}

static bool has_marks(const char *text)
{
	return strchr(text, PRIVATE_BEGIN) || strchr(text, PRIVATE_END) || strstr(text, "\\u000");
}

static void every_output_masks_and_reveals(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 2 * sizeof stories / sizeof *stories; i++) {
		const struct story *s = &stories[i / 2];
		const char *wanted = i % 2 ? s->revealed : s->masked;
		struct report_case r;
		char *texts[OUTPUTS];

		case_begin(&r);
		hear(&r, strstr(s->line, "403") ? &analyzer_answers : &analyzer_login, s->line);
		assert_int_equal(findings_count(r.findings), 1);
		write_outputs(&r, i % 2, texts);
		for (size_t k = 0; k < OUTPUTS; k++) {
			if (!says(texts[k], wanted))
				fail_msg("\"%s\" is missing in output %zu:\n%s", wanted, k, texts[k]);
			assert_false(has_marks(texts[k]));
			for (size_t n = 0; n < sizeof names / sizeof *names && !(i % 2); n++)
				assert_null(strstr(texts[k], names[n]));
			free(texts[k]);
		}
		case_end(&r);
	}
}

/* ---- cuts ---- */

/* Two letters of a name are more than a mask shows. */
static void assert_hidden(const char *text)
{
	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		char two[3] = { names[n][0], names[n][1] };

		if (strstr(text, two))
			fail_msg("%s shows through in \"%s\"", names[n], text);
	}
}

static void private_words(char text[static 80])
{
	char name[16];
	size_t len = 0;

	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		len += (size_t)snprintf(text + len, 80 - len, "of %s ",
		                        web_private(span_text(names[n]), name, sizeof name));
}

static void a_cut_hides_as_well(void **unused)
{
	char words[80], shown[SHOWN_TEXT], whole[SHOWN_TEXT];

	(void)unused;
	private_words(words);
	mask_text(words, true, whole);
	assert_string_equal(whole, "of Qvirin of ZWEIG of KASSE7 ");
	for (size_t cut = strlen(words); cut > 0; cut--) {
		words[cut] = '\0';
		assert_hidden(mask_text(words, false, shown));
		mask_text(words, true, shown);
		assert_memory_equal(shown, whole, strlen(shown));
	}
}

/* Whatever stands before: the ceiling of causes and that of evidence cut every letter once. */
static void ceilings_hide_as_well(void **unused)
{
	char words[80], before[CAUSE_TEXT];

	(void)unused;
	private_words(words);
	for (size_t pad = 1; pad <= strlen(words); pad++) {
		struct report_case r;
		char cause[CAUSE_TEXT + 80], *texts[OUTPUTS];

		memset(before, '-', sizeof before);
		before[sizeof before - pad] = '\0';
		snprintf(cause, sizeof cause, "%s%s", before, words);
		case_begin(&r);
		case_raise(&r, FINDING_AUTH_FAILED, NULL, NULL, cause);
		write_outputs(&r, false, texts);
		for (size_t k = 0; k < OUTPUTS; k++) {
			assert_hidden(texts[k]);
			assert_false(has_marks(texts[k]));
			free(texts[k]);
		}
		case_end(&r);
	}
	for (size_t pad = 1; pad <= strlen(words); pad++) {
		struct evidence e;
		char shown[SHOWN_TEXT];

		memset(before, '-', sizeof before);
		before[EVIDENCE_TEXT - pad] = '\0';
		e = evidence_at(1, "%s%s", before, words);
		assert_hidden(mask_text(e.text, false, shown));
	}
}

/* ---- names that mean harm ---- */

static void no_name_ends_its_own_mark(void **unused)
{
	static const struct row {
		struct span name;
		const char *masked, *revealed;
	} rows[] = {
		{ SPAN_LIT(""), "***", "" },
		{ SPAN_LIT("a"), "a***", "a" },
		{ SPAN_LIT("a\x0f" "bc"), "a***", "a?bc" },
		{ SPAN_LIT("\x0e\x0f" "bc"), "?***", "??bc" },
		{ SPAN_LIT("a. b"), "a***", "a. b" },
		{ SPAN_LIT("a\0b"), "a***", "a?b" },
		{ SPAN_LIT("a name of more than room"), "a***", "a name of more than r" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char marked[24], text[40], shown[SHOWN_TEXT], wanted[40];

		snprintf(text, sizeof text, "<%s>", web_private(rows[i].name, marked, sizeof marked));
		snprintf(wanted, sizeof wanted, "<%s>", rows[i].masked);
		assert_string_equal(mask_text(text, false, shown), wanted);
		snprintf(wanted, sizeof wanted, "<%s>", rows[i].revealed);
		assert_string_equal(mask_text(text, true, shown), wanted);
	}
}

/* The longest that masking can make of a cause, and of what is no cause at all. */
static void what_is_shown_has_a_ceiling(void **unused)
{
	char text[3 * CAUSE_TEXT], shown[SHOWN_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = i % 2 ? PRIVATE_END : PRIVATE_BEGIN;
	text[sizeof text - 1] = '\0';
	assert_int_equal(strlen(mask_text(text, false, shown)), SHOWN_TEXT - 1);
	text[CAUSE_TEXT - 1] = '\0';
	assert_int_equal(strlen(mask_text(text, false, shown)), (CAUSE_TEXT / 2 - 1) * 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_output_masks_and_reveals),
		cmocka_unit_test(a_cut_hides_as_well),
		cmocka_unit_test(ceilings_hide_as_well),
		cmocka_unit_test(no_name_ends_its_own_mark),
		cmocka_unit_test(what_is_shown_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
