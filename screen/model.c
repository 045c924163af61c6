/* screen/model.c - the state of a screen: what has come, what is chosen, which keys were pressed. */
#include "base/utf8.h"

#include <stdlib.h>

#include "screen/parts.h"

#define RATE_SPAN (2 * MOMENT_S)
enum { ROWS_BELOW = 4 };                /* what stays in sight leaves so many */
enum { TALL = 20 };                     /* there is room for longer words */

static const struct pane *const panes[] = {
	[PANE_CLIENTS] = &pane_clients, [PANE_SERVERS] = &pane_servers, [PANE_FINDINGS] = &pane_findings,
};

struct screen *screen_new(const struct screen_options *o)
{
	struct screen *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->options = *o;
	s->canvas.ascii = s->page.ascii = o->ascii;
	s->rated_at = MOMENT_NONE;
	shown_init(&s->shown);
	return s;
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	for (int i = 0; i < PANE_COUNT; i++)
		free(s->lists[i].items);
	shown_release(&s->shown);
	canvas_release(&s->canvas);
	canvas_release(&s->page);
	free(s);
}

/* ---- lists ---- */

struct order {
	const struct screen *screen;
	const struct pane *pane;
	const struct list *list;
};

static int compare(const void *a, const void *b, void *self)
{
	const struct order *o = self;
	size_t one = *(const size_t *)a, other = *(const size_t *)b;
	int order = o->pane->compare(o->screen, o->list->sort, one, other);

	if (o->list->reverse)
		order = -order;
	/* Rows that are equal keep their places: a list that trembles cannot be read. */
	return order ? order : one < other ? -1 : one > other;
}

static bool list_room(struct list *l, size_t count)
{
	size_t *items;

	if (count <= l->room)
		return true;
	items = realloc(l->items, count * sizeof *items);
	if (!items)
		return false;
	l->items = items;
	l->room = count;
	return true;
}

static void find_chosen(const struct screen *s, const struct pane *pane, struct list *l)
{
	struct identity id;

	if (!l->moved)
		l->chosen = 0;
	for (size_t i = 0; l->moved && i < l->count; i++) {
		pane->identify(s, l->items[i], &id);
		if (!memcmp(&id, &l->chosen_one, sizeof id)) {
			l->chosen = i;
			break;
		}
	}
	if (l->chosen >= l->count)
		l->chosen = l->count ? l->count - 1 : 0;
}

void list_arrange(struct screen *s, enum pane_name name)
{
	const struct pane *pane = panes[name];
	struct list *l = &s->lists[name];
	size_t count = pane->count(s);
	struct span filter = span_text(s->filter);
	struct order order = { s, pane, l };

	l->count = 0;
	if (!list_room(l, count))
		return;
	for (size_t i = 0; i < count; i++)
		if (!filter.len || pane->matches(s, i, filter))
			l->items[l->count++] = i;
	if (l->count)
		qsort_r(l->items, l->count, sizeof *l->items, compare, &order);
	find_chosen(s, pane, l);
}

static void arrange_all(struct screen *s)
{
	for (int i = 0; i < PANE_COUNT; i++)
		list_arrange(s, (enum pane_name)i);
}

static void choose(struct screen *s, int64_t place)
{
	struct list *l = &s->lists[s->pane];

	if (!l->count)
		return;
	place = place < 0 ? 0 : place;
	l->chosen = place < (int64_t)l->count ? (size_t)place : l->count - 1;
	l->moved = true;
	panes[s->pane]->identify(s, l->items[l->chosen], &l->chosen_one);
}

/* ---- what comes ---- */

static void rate(struct screen *s, const struct screen_news *news)
{
	int64_t passed = s->rated_at == MOMENT_NONE ? 0 : news->now - s->rated_at;

	if (news->now == MOMENT_NONE || (s->rated_at != MOMENT_NONE && passed >= 0 && passed < RATE_SPAN))
		return;
	if (passed > 0 && news->input.frames >= s->rated_frames)
		s->packets = (double)(news->input.frames - s->rated_frames) /
		             ((double)passed / (double)MOMENT_S);
	s->rated_at = news->now;
	s->rated_frames = news->input.frames;
}

void screen_take(struct screen *s, const struct screen_news *news)
{
	bool is_open = s->opened == OPENED_CLIENT;

	/* Who is opened while all stands still is shown as of then. */
	if (!s->frozen || s->rows_due)
		shown_rows(&s->shown, news->recent, is_open ? &s->client : NULL);
	s->rows_due = false;
	if (s->frozen)
		return;
	rate(s, news);
	s->input = news->input;
	if (shown_take(&s->shown, news->view, news->tally, news->now)) {
		s->client_columns = client_columns(s);
		arrange_all(s);
	}
	list_arrange(s, PANE_SERVERS);
}

void screen_told(struct screen *s, const struct journal_entry *e)
{
	shown_told(&s->shown, e);
}

void screen_say(struct screen *s, const char *words)
{
	static const char us[] = "wsuscope: ";
	size_t len;

	words += strncmp(words, us, sizeof us - 1) ? 0 : sizeof us - 1;
	len = strcspn(words, "\n");
	len = len < sizeof s->message - 1 ? len : sizeof s->message - 1;
	memcpy(s->message, words, len);
	s->message[len] = '\0';
}

/* ---- keys ---- */

static void type(struct screen *s, struct press press)
{
	size_t len = strlen(s->filter);
	uint8_t letter[4];

	if (press.action == ACTION_OPEN) {
		s->typing = false;
	} else if (press.action == ACTION_BACK) {
		s->typing = false;
		s->filter[0] = '\0';
	} else if (press.action == ACTION_ERASE && len) {
		do
			len--;
		while (len && (s->filter[len] & 0xc0) == 0x80);
		s->filter[len] = '\0';
	} else if (press.letter && !utf8_is_harmful(press.letter)) {
		size_t more = utf8_put(press.letter, letter);

		if (len + more >= sizeof s->filter)
			return;
		memcpy(s->filter + len, letter, more);
		s->filter[len + more] = '\0';
	}
	arrange_all(s);
}

static int64_t step_of(enum action a, unsigned page)
{
	static const struct step {
		enum action action;
		int lines, pages;
	} steps[] = {
		{ ACTION_UP, -1, 0 },         { ACTION_DOWN, 1, 0 },
		{ ACTION_PAGE_UP, 0, -1 },    { ACTION_PAGE_DOWN, 0, 1 },
		{ ACTION_HOME, 0, -1000000 }, { ACTION_END, 0, 1000000 },
	};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i].action == a)
			return steps[i].lines + (int64_t)steps[i].pages * (page ? page : 1);
	return 0;
}

static void scroll(struct screen *s, int64_t step)
{
	int64_t most = s->page_rows > s->page_shown ? s->page_rows - s->page_shown : 0;
	int64_t to = (int64_t)s->scroll + step;

	s->scroll = (size_t)(to < 0 ? 0 : to > most ? most : to);
	s->follow = to >= most;
	s->scrolled = true;
}

static void move(struct screen *s, enum action a)
{
	if (s->help || s->opened)
		scroll(s, step_of(a, s->page_shown > 1 ? s->page_shown - 1 : 1));
	else
		choose(s, (int64_t)s->lists[s->pane].chosen + step_of(a, s->list_rows));
}

static void show_pane(struct screen *s, enum pane_name pane)
{
	s->pane = pane;
	s->opened = OPENED_NOTHING;
	s->help = false;
}

static void open_chosen(struct screen *s)
{
	const struct list *l = &s->lists[s->pane];

	if (s->help || s->opened || l->chosen >= l->count)
		return;
	s->scroll = 0;
	s->scrolled = false;
	s->follow = true;
	s->rows_due = true;
	choose(s, (int64_t)l->chosen);
	panes[s->pane]->open(s, l->items[l->chosen]);
}

/* One step back: help, what is open, the filter. */
static void go_back(struct screen *s)
{
	if (s->help) {
		s->help = false;
	} else if (s->opened) {
		s->opened = OPENED_NOTHING;
	} else {
		s->filter[0] = '\0';
		s->message[0] = '\0';
		arrange_all(s);
	}
}

static void sort_next(struct screen *s)
{
	struct list *l = &s->lists[s->pane];

	l->sort++;
	l->reverse = l->moved = false;
	if (!panes[s->pane]->sorts[l->sort])
		l->sort = 0;
	list_arrange(s, s->pane);
}

static void turn_around(struct screen *s)
{
	s->lists[s->pane].reverse = !s->lists[s->pane].reverse;
	s->lists[s->pane].moved = false;
	list_arrange(s, s->pane);
}

static void turn_help(struct screen *s)
{
	s->help = !s->help;
	s->scroll = 0;
	s->scrolled = s->follow = false;
}

static void filter(struct screen *s)
{
	s->typing = true;
	s->opened = OPENED_NOTHING;
	s->help = false;
}

bool screen_press(struct screen *s, struct press press)
{
	if (s->typing && !(press.action == ACTION_QUIT && !press.letter)) {
		type(s, press);
		return true;
	}
	switch (press.action) {
	case ACTION_NONE:
	case ACTION_REDRAW:
		break;
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
	case ACTION_HOME:
	case ACTION_END:
		move(s, press.action);
		break;
	case ACTION_OPEN:
		open_chosen(s);
		break;
	case ACTION_BACK:
	case ACTION_ERASE:
		go_back(s);
		break;
	case ACTION_NEXT_PANE:
		show_pane(s, (enum pane_name)((s->pane + 1) % PANE_COUNT));
		break;
	case ACTION_LAST_PANE:
		show_pane(s, (enum pane_name)((s->pane + PANE_COUNT - 1) % PANE_COUNT));
		break;
	case ACTION_CLIENTS:
	case ACTION_SERVERS:
	case ACTION_FINDINGS:
		show_pane(s, (enum pane_name)(press.action - ACTION_CLIENTS));
		break;
	case ACTION_FILTER:
		filter(s);
		break;
	case ACTION_SORT:
		sort_next(s);
		break;
	case ACTION_REVERSE:
		turn_around(s);
		break;
	case ACTION_FREEZE:
		s->frozen = !s->frozen;
		break;
	case ACTION_HELP:
		turn_help(s);
		break;
	case ACTION_QUIT:
		return false;
	}
	return true;
}

/* ---- drawing ---- */

static void keep_in_sight(struct list *l, size_t rows)
{
	if (l->chosen < l->top || !rows)
		l->top = l->chosen;
	else if (l->chosen >= l->top + rows)
		l->top = l->chosen - rows + 1;
	if (l->top + rows > l->count)
		l->top = l->count > rows ? l->count - rows : 0;
}

/* Views name so many clients; the row before `end` tells of the others.  What is left for rows. */
static unsigned draw_unlisted(struct screen *s, unsigned row, unsigned end)
{
	const struct view *v = &s->shown.view;

	if (s->pane != PANE_CLIENTS || v->client_total <= v->client_count || row + 2 > end)
		return end;
	canvas_putf(&s->canvas, end - 1, 0, s->canvas.width, SHADE_FAINT, "and %zu more that are not listed",
	            v->client_total - v->client_count);
	return end - 1;
}

static void draw_list(struct screen *s, unsigned row, unsigned end)
{
	const struct pane *pane = panes[s->pane];
	struct list *l = &s->lists[s->pane];

	row += pane->head(s, row);
	end = draw_unlisted(s, row, end);
	s->list_rows = row < end ? end - row : 0;
	keep_in_sight(l, s->list_rows);
	for (size_t i = l->top; i < l->count && row < end; i++, row++) {
		pane->draw(s, row, l->items[i]);
		if (i == l->chosen)
			canvas_choose(&s->canvas, row, 0, s->canvas.width);
	}
	if (!l->count && row < end)
		canvas_wrap(&s->canvas, row, end, 0, s->canvas.width, SHADE_FAINT,
		            s->filter[0] ? "Nothing here holds that text (Esc takes the filter away)."
		                         : pane->empty);
}

/* The first lines of a page stay in sight where enough room is left for the others. */
static void draw_page(struct screen *s, unsigned row, unsigned end)
{
	unsigned pinned, room = row < end ? end - row : 0;

	if (!canvas_resize(&s->page, s->canvas.width, CANVAS_HEIGHT_MAX))
		return;
	s->page_rows = 0;
	pinned = s->help ? help_page(s) : s->opened == OPENED_CLIENT ? client_page(s) : finding_page(s);
	if (pinned + ROWS_BELOW > room)
		pinned = 0;
	canvas_lay(&s->canvas, row, &s->page, 0, pinned);
	s->page_shown = room - pinned;
	s->page_rows -= pinned < s->page_rows ? pinned : s->page_rows;
	/* What came last is in sight, unless the beginning is, or the user went elsewhere. */
	if ((s->follow && (pinned || s->scrolled)) || s->scroll + s->page_shown > s->page_rows)
		s->scroll = s->page_rows > s->page_shown ? s->page_rows - s->page_shown : 0;
	canvas_lay(&s->canvas, row + pinned, &s->page, pinned + (unsigned)s->scroll, s->page_shown);
}

const struct canvas *screen_draw(struct screen *s, unsigned width, unsigned height)
{
	const struct list *l = &s->lists[s->pane];
	unsigned foot = height >= TALL ? 3 : 2, row, end = height > foot ? height - foot : 0;
	char about[ABOUT_TEXT] = "";

	if (!canvas_resize(&s->canvas, width, height))
		return NULL;
	row = frame_head(s);
	if (s->help || s->opened) {
		draw_page(s, row, end);
	} else {
		draw_list(s, row, end);
		if (l->chosen < l->count)
			panes[s->pane]->about(s, l->items[l->chosen], about);
	}
	frame_foot(s, end, about);
	return &s->canvas;
}
