/* cli/chosen.c - reading after reading, each for one thing. */
#include "cli/chosen.h"

static const struct source_listener nobody;

void chosen_init(struct chosen *c, struct run *r, struct again *a, const struct report *report)
{
	*c = (struct chosen){ .run = r, .again = a, .report = report, .until = run_ended(r) };
	if (c->until == MOMENT_NONE || c->until < report->now)
		c->until = report->now;
	for (size_t i = 0; i < source_count(r->source); i++)
		c->dropped += source_info(r->source, i)->dropped;
	hellos_init(&c->hellos);
}

void chosen_release(struct chosen *c)
{
	selection_free(c->selection);
	hellos_release(&c->hellos);
	c->selection = NULL;
}

bool chosen_read(struct chosen *c, void (*take)(void *self, const struct frame *frame), void *self,
                 struct source_listener listener, struct fault *f)
{
	struct fault cut;               /* that a file breaks off was told in the first reading */
	enum source_next next;
	struct frame frame;

	c->source = again_source(c->again, f);
	if (!c->source)
		return false;
	source_listen(c->source, listener);
	while ((next = source_next(c->source, &frame, &cut)) != SOURCE_END)
		if (next == SOURCE_FRAME)
			take(self, &frame);
	source_close(c->source);
	c->source = NULL;
	return true;
}

static void learn(void *self, const struct frame *frame)
{
	selection_learn(((struct chosen *)self)->selection, frame);
}

static void take(void *self, const struct frame *frame)
{
	selection_take(((struct chosen *)self)->selection, frame);
}

static void judge_frame(void *self, const struct frame *frame)
{
	struct chosen *c = self;

	if (!selection_has(c->selection, frame->number))
		return;
	hellos_take(&c->hellos, frame->bytes);
	engine_frame(c->judge, frame);
}

static bool out_of_memory(struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "no memory to choose the packets of findings");
}

/* The chosen frames alone, as whoever gets them will judge them. */
static bool judge(struct chosen *c, bool *more, struct fault *f)
{
	bool good;

	c->judge = run_engine(c->run, (struct fact_sink){ NULL, NULL });
	if (!c->judge)
		return out_of_memory(f);
	good = chosen_read(c, judge_frame, c, nobody, f);
	engine_limit(c->judge, LIMIT_DROPPED, c->dropped);
	engine_pass(c->judge, c->until);
	engine_end(c->judge);
	*more = good && selection_judge(c->selection, engine_findings(c->judge));
	engine_free(c->judge);
	c->judge = NULL;
	return good;
}

/* *more: the next round may be better. */
static bool choose(struct chosen *c, bool *more, struct fault *f)
{
	if (!selection_begin(c->selection))
		return out_of_memory(f);
	if (!chosen_read(c, take, c, nobody, f))
		return false;
	if (!selection_taken(c->selection))
		return out_of_memory(f);
	return judge(c, more, f);
}

bool chosen_fill(struct chosen *c, bool named_alone, struct fault *f)
{
	bool more = !named_alone;

	c->selection = selection_new(c->report->findings, c->run->options->show_from);
	if (!c->selection)
		return out_of_memory(f);
	if (named_alone)
		return true;
	if (!chosen_read(c, learn, c, nobody, f))
		return false;
	while (more)
		if (!choose(c, &more, f))
			return false;
	return !selection_back(c->selection) || choose(c, &more, f);
}
