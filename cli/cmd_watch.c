/* cli/cmd_watch.c - wsuscope watch -i IFACE: a live run, and a screen that shows how it goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/aside.h"
#include "cli/listing.h"
#include "cli/sensor.h"
#include "report/recent.h"
#include "screen/model.h"
#include "screen/paint.h"

struct watch_run {
	const struct options *options;
	const struct source *source;
	struct paint *paint;
	struct screen *screen;
	struct recent *recent;
	struct aside aside;
};

/* ---- hooks ---- */

static bool start(void *self, const struct source *source, struct fault *f)
{
	struct watch_run *w = self;

	w->source = source;
	if (!aside_begin(&w->aside))
		return fault_set(f, FAULT_MEMORY, "watch: no pipe can be had for words about the run");
	return paint_begin(w->paint, f);
}

static void take_fact(void *self, const struct fact *fact)
{
	struct watch_run *w = self;

	recent_fact(w->recent, fact);
}

static void take_entry(void *self, const struct journal_entry *e)
{
	struct watch_run *w = self;

	screen_told(w->screen, e);
}

static struct screen_input input_of(const struct watch_run *w)
{
	struct screen_input in = { .away = source_count(w->source) > 0 };
	size_t len = 0;

	for (size_t i = 0; i < source_count(w->source); i++) {
		const struct source_info *info = source_info(w->source, i);
		const char *slash = w->options->read ? strrchr(info->name, '/') : NULL;

		in.frames += info->frames;
		in.dropped += info->dropped;
		in.away &= info->away;
		if (len < sizeof in.name)
			len += (size_t)snprintf(in.name + len, sizeof in.name - len, "%s%s", i ? "," : "",
			                        slash ? slash + 1 : info->name);
	}
	return in;
}

static void show(struct watch_run *w)
{
	unsigned width, height;
	const struct canvas *c;

	paint_size(w->paint, &width, &height);
	c = screen_draw(w->screen, width, height);
	if (c)
		paint_show(w->paint, c);
}

static bool take_keys(struct watch_run *w)
{
	enum { KEYS_A_TURN = 64 };
	struct press press;

	for (int i = 0; i < KEYS_A_TURN && paint_key(w->paint, &press); i++) {
		if (press.action == ACTION_REDRAW)
			paint_again(w->paint);
		if (!screen_press(w->screen, press))
			return false;
	}
	return true;
}

static bool turn(void *self, const struct view *view, const struct tally *tally, int64_t now)
{
	struct watch_run *w = self;
	const char *line;

	while ((line = aside_line(&w->aside)))
		screen_say(w->screen, line);
	if (paint_is_alone(w->paint) || !take_keys(w))
		return false;
	screen_take(w->screen, &(struct screen_news){ view, tally, w->recent, input_of(w),
	                                              now ? now : MOMENT_NONE });
	show(w);
	return true;
}

static void end(void *self)
{
	struct watch_run *w = self;

	paint_end(w->paint);
	aside_end(&w->aside);
}

/* ---- the command ---- */

static bool check(const struct options *o, struct fault *f)
{
	if (o->file_count || (o->read && o->interface_count) || (!o->read && !o->interface_count))
		return fault_set(f, FAULT_USAGE, "watch: name an interface with -i (-D lists them), or a "
		                 "capture to be replayed with -r");
	if (o->pace > 0 && !o->read)
		return fault_set(f, FAULT_USAGE, "watch: --pace is for a replay (-r)");
	return sensor_is_sensible(o, f);
}

static bool is_colored(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");      /* no-color.org: set and not empty */

	return o->color == WHEN_ALWAYS || (o->color == WHEN_AUTO && !(no_color && no_color[0]));
}

static bool open(struct watch_run *w, struct fault *f)
{
	const struct options *o = w->options;
	struct shares shares;

	w->paint = paint_new(is_colored(o), f);
	if (!w->paint)
		return false;
	if (!sensor_share(o, &shares, f))
		return false;
	w->recent = recent_new(shares.each[SHARE_RECENT]);
	w->screen = screen_new(&(struct screen_options){ paint_is_ascii(w->paint), o->reveal, o->show_from });
	return (w->recent && w->screen) || fault_set(f, FAULT_MEMORY, "out of memory");
}

int cmd_watch(const struct options *o)
{
	struct watch_run w = { .options = o };
	const struct sensor_hooks hooks = { &w, start, take_fact, take_entry, turn, end };
	struct fault f = { 0 };
	int status;

	if (o->list_devices)
		return listing_interfaces();
	if (o->list_links)
		return listing_links(o);
	if (check(o, &f) && open(&w, &f))
		status = sensor_run(o, &hooks);
	else
		status = command_fault(&f);
	screen_free(w.screen);
	recent_free(w.recent);
	paint_free(w.paint);
	return status;
}
