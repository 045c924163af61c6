/* capture/losses.c - losses of an interface become those of its input, and get their time. */
#include "capture/losses.h"

static void tell(struct losses *l, struct input *in, uint64_t packets, uint64_t statistics,
                 struct source_loss loss)
{
	uint64_t before = l->packets > l->statistics ? l->packets : l->statistics;
	uint64_t now = packets > statistics ? packets : statistics;

	l->packets = packets;
	l->statistics = statistics;
	in->info.dropped = now >= before ? losses_add(in->info.dropped, now - before)
					 : in->info.dropped - (before - now);
	if (now <= before)
		return;
	loss.packets = now - before;
	input_lost(in, &loss);
}

void losses_of_packets(struct losses *l, struct input *in, uint64_t count)
{
	int64_t before = in->info.last != MOMENT_NONE ? in->info.last : in->frame.time;

	tell(l, in, losses_add(l->packets, count), l->statistics,
	     (struct source_loss){ .from = before, .until = in->frame.time });
}

void losses_of_statistics(struct losses *l, struct input *in, uint64_t all, int64_t now)
{
	int64_t until = now > in->info.last ? now : in->info.last;

	tell(l, in, l->packets, all,
	     (struct source_loss){ .from = l->told, .until = until,
	                           .frames = in->info.frames - l->told_frames });
	l->told = now;
	l->told_frames = in->info.frames;
}
