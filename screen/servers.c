/* screen/servers.c - the pane of servers: how much they answer, with what, and how fast. */
#include <stdio.h>

#include "report/page.h"
#include "screen/parts.h"

enum { SERVER_MIN = 21 };

/* Columns behind the server, those that go first where there is little room with the higher number. */
enum column { RATE_1, RATE_10, RATE_60, GOOD, MOVED, REFUSED, BROKEN, SILENT, MEDIAN, SLOWEST, COLUMN_COUNT };

static const struct title {
	const char *text;
	unsigned width, goes;
} titles[] = {
	[RATE_1] = { "/s 1s", 6, 4 }, [RATE_10] = { "10s", 6, 0 },  [RATE_60] = { "60s", 6, 5 },
	[GOOD] = { "2xx", 5, 2 },     [MOVED] = { "3xx", 5, 7 },    [REFUSED] = { "4xx", 5, 1 },
	[BROKEN] = { "5xx", 5, 0 },   [SILENT] = { "none", 5, 3 },
	[MEDIAN] = { "p50", 7, 6 },   [SLOWEST] = { "p95", 8, 3 },
};

struct table {
	bool has[COLUMN_COUNT];
	unsigned first, name;           /* column of the name; 0: no room */
};

static struct table table_of(const struct screen *s)
{
	struct table t = { .first = 0 };
	unsigned width = SERVER_MIN + 1;

	for (unsigned goes = 0; goes < 8; goes++)
		for (int i = 0; i < COLUMN_COUNT; i++)
			if (titles[i].goes == goes && width + titles[i].width <= s->canvas.width) {
				t.has[i] = true;
				width += titles[i].width;
			}
	t.first = SERVER_MIN + 1;
	if (s->canvas.width >= width + 16)
		t.name = width + 2;
	return t;
}

static size_t count(const struct screen *s)
{
	return s->shown.server_count;
}

/* "update point wsus01.corp.example, Microsoft-IIS 10.0" */
static const char *word_server(const struct screen *s, const struct server_row *row,
                               char text[static ABOUT_TEXT])
{
	const struct server_seen *seen = shown_server(&s->shown, &row->at);

	text[0] = '\0';
	if (seen)
		snprintf(text, ABOUT_TEXT, "%s%s%s%s%s%s%s", server_role_text(seen->role),
		         seen->name[0] ? " " : "", seen->name, seen->product[0] ? ", " : "", seen->product,
		         seen->version[0] ? " " : "", seen->version);
	return text;
}

static bool matches(const struct screen *s, size_t item, struct span filter)
{
	const struct server_row *row = &s->shown.servers[item];
	char text[ABOUT_TEXT], at[ENDPOINT_TEXT];

	return holds(endpoint_text(&row->at, at), filter) || holds(word_server(s, row, text), filter);
}

enum sort { BY_RATE, BY_FAILURES, BY_SLOWNESS, BY_ADDRESS };
static const char *const sorts[] = { "busiest first", "most failures first", "slowest first", "address",
	                             NULL };

static uint64_t failures(const struct server_row *row)
{
	return row->status[STATUS_NONE] + row->status[STATUS_4XX] + row->status[STATUS_5XX] +
	       row->failed_connections;
}

static int compare(const struct screen *s, unsigned sort, size_t a, size_t b)
{
	const struct server_row *one = &s->shown.servers[a], *other = &s->shown.servers[b];
	struct endpoint_key key, other_key;

	switch ((enum sort)sort) {
	case BY_RATE:
		/* By all that they answered: rates leap. */
		return compare_numbers((double)one->exchanges, (double)other->exchanges);
	case BY_FAILURES:
		return compare_numbers((double)failures(one), (double)failures(other));
	case BY_SLOWNESS:
		return compare_numbers((double)one->slowest, (double)other->slowest);
	case BY_ADDRESS:
		key = endpoint_key(&one->at);
		other_key = endpoint_key(&other->at);
		return memcmp(key.bytes, other_key.bytes, sizeof key.bytes);
	}
	return 0;
}

static void identify(const struct screen *s, size_t item, struct identity *id)
{
	struct endpoint_key key = endpoint_key(&s->shown.servers[item].at);

	memset(id, 0, sizeof *id);
	memcpy(id->bytes, key.bytes, sizeof key.bytes);
}

static unsigned head(struct screen *s, unsigned row)
{
	struct table t = table_of(s);
	unsigned column = t.first;

	canvas_put(&s->canvas, row, 0, t.first, SHADE_FAINT, "SERVER");
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (!t.has[i])
			continue;
		canvas_put_right(&s->canvas, row, column, column + titles[i].width, SHADE_FAINT,
		                 titles[i].text);
		column += titles[i].width;
	}
	if (t.name)
		canvas_put(&s->canvas, row, t.name, s->canvas.width, SHADE_FAINT, "IS");
	return 1;
}

struct value {
	char text[16];
	enum shade shade;
};

static void word_rate(double rate, struct value *v)
{
	snprintf(v->text, sizeof v->text, rate < 99.95 ? "%.1f" : "%.0f", rate < 1e6 ? rate : 1e6);
	v->shade = rate > 0 ? SHADE_PLAIN : SHADE_FAINT;
}

static void word_status(uint64_t n, enum shade shade, struct value *v)
{
	word_count(n, v->text);
	v->shade = n ? shade : SHADE_FAINT;
}

static struct value value_of(const struct server_row *row, enum column column)
{
	struct value v = { "", SHADE_PLAIN };

	switch (column) {
	case RATE_1:
	case RATE_10:
	case RATE_60:
		word_rate(row->rate[column - RATE_1], &v);
		break;
	case GOOD:
		word_status(row->status[STATUS_2XX], SHADE_GOOD, &v);
		break;
	case MOVED:
		word_status(row->status[STATUS_3XX], SHADE_PLAIN, &v);
		break;
	case REFUSED:
		word_status(row->status[STATUS_4XX], SHADE_WARN, &v);
		break;
	case BROKEN:
		word_status(row->status[STATUS_5XX], SHADE_BAD, &v);
		break;
	case SILENT:
		word_status(row->status[STATUS_NONE] + row->failed_connections, SHADE_BAD, &v);
		break;
	case MEDIAN:
		word_took(row->median, v.text);
		break;
	case SLOWEST:
		word_took(row->slowest, v.text);
		break;
	case COLUMN_COUNT:
		break;
	}
	return v;
}

static void draw(struct screen *s, unsigned row, size_t item)
{
	const struct server_row *server = &s->shown.servers[item];
	struct table t = table_of(s);
	unsigned column = t.first;
	char text[ABOUT_TEXT], at[ENDPOINT_TEXT];

	canvas_put(&s->canvas, row, 0, t.first, SHADE_PLAIN, endpoint_text(&server->at, at));
	for (int i = 0; i < COLUMN_COUNT; i++) {
		struct value v = value_of(server, (enum column)i);

		if (!t.has[i])
			continue;
		canvas_put_right(&s->canvas, row, column, column + titles[i].width, v.shade, v.text);
		column += titles[i].width;
	}
	if (t.name)
		canvas_put(&s->canvas, row, t.name, s->canvas.width, SHADE_PLAIN,
		           word_server(s, server, text));
}

static void about(const struct screen *s, size_t item, char text[static ABOUT_TEXT])
{
	const struct server_row *row = &s->shown.servers[item];
	char at[ENDPOINT_TEXT], is[ABOUT_TEXT], exchanges[COUNT_TEXT], failed[COUNT_TEXT];
	char half[16], most[16], first_byte[96] = "";

	word_server(s, row, is);
	if (row->median >= 0)
		snprintf(first_byte, sizeof first_byte, "; first byte of half within %s, of 95%% within %s",
		         word_took(row->median, half), word_took(row->slowest, most));
	snprintf(text, ABOUT_TEXT, "%s%s%.500s: %s exchanges, %s failed connections%s",
	         endpoint_text(&row->at, at), is[0] ? ", " : "", is, page_count(row->exchanges, exchanges),
	         page_count(row->failed_connections, failed), first_byte);
}

/* Its clients. */
static void open(struct screen *s, size_t item)
{
	endpoint_text(&s->shown.servers[item].at, s->filter);
	s->pane = PANE_CLIENTS;
	for (int i = 0; i < PANE_COUNT; i++)
		list_arrange(s, (enum pane_name)i);
}

const struct pane pane_servers = {
	"SERVERS", sorts, count, matches, compare, identify, head, draw, about, open,
	"No server has been asked for anything yet.",
};
