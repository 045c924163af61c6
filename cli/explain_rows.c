/* cli/explain_rows.c - how what is explained is called, and what belongs to it. */
#include <inttypes.h>
#include <stdio.h>

#include "analyzers/catalogue.h"
#include "cli/explain.h"

static void code_id(const struct code *c, char id[static EXPLAINED_ID])
{
	const char *name = strchr(c->name, '.') ? "" : c->name;         /* 403.7 is all the name it has */

	switch (c->family) {
	case CODE_HRESULT:
		snprintf(id, EXPLAINED_ID, "0x%08" PRIX32 " %s", c->value, c->name);
		break;
	case CODE_HTTP:
		if (*name)
			snprintf(id, EXPLAINED_ID, "HTTP %" PRIu32 " %s", c->value / 1000, name);
		else
			snprintf(id, EXPLAINED_ID, "HTTP %s", c->name);
		break;
	case CODE_SOAP:
	case CODE_HTTPERR:
	case CODE_PROXY:
	case CODE_MARK:
		snprintf(id, EXPLAINED_ID, "%s", c->name);
		break;
	case CODE_TLS_ALERT:
	case CODE_WSUS_EVENT:
	case CODE_SERVER_EVENT:
	case CODE_WINDOWS_EVENT:
	case CODE_STATUS_MESSAGE:
	case CODE_FAMILY_COUNT:
		snprintf(id, EXPLAINED_ID, "%s %" PRIu32 " %s", code_family_word(c->family), c->value, name);
		break;
	}
}

void explained_id(const struct explained *one, char id[static EXPLAINED_ID])
{
	switch (one->what) {
	case EXPLAINED_KIND:
		snprintf(id, EXPLAINED_ID, "%s", finding_row(one->kind)->kind);
		break;
	case EXPLAINED_CASE:
		snprintf(id, EXPLAINED_ID, "%s", one->trouble->id);
		break;
	case EXPLAINED_RANGE:
		snprintf(id, EXPLAINED_ID, "0x%08" PRIX32, one->value);
		break;
	case EXPLAINED_CODE:
		code_id(one->code, id);
		break;
	}
}

const char *explained_title(const struct explained *one)
{
	switch (one->what) {
	case EXPLAINED_KIND:
		return finding_row(one->kind)->title;
	case EXPLAINED_CASE:
		return one->trouble->title;
	case EXPLAINED_CODE:
		return one->code->meaning;
	case EXPLAINED_RANGE:
		return code_owner_of(one->value)->name;
	}
	return "";
}

void explained_all(void *self, void (*each)(void *self, struct explained one))
{
	for (enum finding_kind kind = 0; kind < FINDING_KIND_COUNT; kind++)
		each(self, explained_kind(kind));
	for (size_t i = 0; i < case_count(); i++)
		each(self, explained_case(case_at(i)));
	for (size_t i = 0; i < code_count(); i++)
		each(self, explained_code(code_at(i)));
}

/* ---- what belongs together ---- */

static void add_kinds(struct explanation *e, const char *kinds)
{
	struct span left = span_text(kinds);

	while (left.len) {
		enum finding_kind kind = finding_kind_named(span_split(&left, ' '));

		if (kind != FINDING_KIND_COUNT)
			explanation_add(e, explained_kind(kind));
	}
}

/* "0x80072EE2 6703": HRESULTs, and numbers of messages and events. */
static void add_codes(struct explanation *e, const char *codes)
{
	struct span left = span_text(codes);

	while (left.len) {
		struct span word = span_split(&left, ' ');
		uint64_t value;

		for (enum code_family f = 0; f < CODE_FAMILY_COUNT; f++) {
			bool is_number = f == CODE_HRESULT ? span_istarts(word, SPAN("0x")) &&
			                                             span_hex(span_skip(word, 2), &value)
			                                   : span_decimal(word, &value);
			const struct code *c = is_number && f != CODE_TLS_ALERT && f != CODE_SOAP
			                               ? code_find(f, (uint32_t)value)
			                               : NULL;

			if (c)
				explanation_add(e, explained_code(c));
		}
	}
}

/* How lists of codes spell it: "0x8024401B", "6703". */
static void spelling(const struct code *c, char text[static EXPLAINED_ID])
{
	snprintf(text, EXPLAINED_ID, c->family == CODE_HRESULT ? "0x%08" PRIX32 : "%" PRIu32, c->value);
}

/* Cases of an HTTP status have it in their title: "HTTP 407 (0x8024401B)". */
static bool belongs(const struct trouble *t, const struct code *c, const char *spelled)
{
	char status[EXPLAINED_ID];

	if (c->family == CODE_TLS_ALERT || c->family == CODE_SOAP || c->family == CODE_PROXY)
		return false;
	if (c->family != CODE_HTTP)
		return case_lists(t->codes, span_text(spelled));
	snprintf(status, sizeof status, "%" PRIu32, c->value / 1000);
	return c->value % 1000 == 0 && span_find(span_text(t->title), span_text(status)) != SIZE_MAX;
}

static void relatives_of_code(const struct code *c, struct explanation *e)
{
	char text[EXPLAINED_ID];

	spelling(c, text);
	add_kinds(e, c->kinds);
	for (enum finding_kind kind = 0; kind < FINDING_KIND_COUNT; kind++)
		if (case_lists(finding_row(kind)->codes, span_text(text)))
			add_kinds(e, finding_row(kind)->kind);
	for (size_t i = 0; i < case_count(); i++)
		if (belongs(case_at(i), c, text))
			explanation_add(e, explained_case(case_at(i)));
	for (size_t i = 0; i < code_count(); i++)
		if (c->family == CODE_HTTP && c->value % 1000 == 0 && code_at(i)->family == CODE_HTTP &&
		    code_at(i) != c && code_at(i)->value / 1000 == c->value / 1000)
			explanation_add(e, explained_code(code_at(i)));
}

static void relatives_of_kind(const struct finding_row *row, struct explanation *e)
{
	add_codes(e, row->codes);
	for (size_t i = 0; i < case_count(); i++)
		if (case_lists(case_at(i)->kinds, span_text(row->kind)))
			explanation_add(e, explained_case(case_at(i)));
}

void explained_relatives(const struct explained *one, struct explanation *relatives)
{
	*relatives = (struct explanation){ 0 };
	switch (one->what) {
	case EXPLAINED_KIND:
		relatives_of_kind(finding_row(one->kind), relatives);
		break;
	case EXPLAINED_CASE:
		add_kinds(relatives, one->trouble->kinds);
		add_codes(relatives, one->trouble->codes);
		break;
	case EXPLAINED_CODE:
		relatives_of_code(one->code, relatives);
		break;
	case EXPLAINED_RANGE:
		break;
	}
}
