/* probes/schedule.h - which step runs when.
 *
 * Whatever is ready starts at once, as far as there is room: sites take turns, and each goes up its ladder.
 * Steps that only wait for the network do not take the place of those that work.  Nothing starts that
 * the process has no descriptors for.
 */
#ifndef PROBES_SCHEDULE_H
#define PROBES_SCHEDULE_H

#include <signal.h>

#include "probes/plan.h"

/* Runs the plan until every step has ended, its time is over, or *stopped is set and the loop was ended.
 * `ended` hears of each step as it ends; NULL: nobody. */
void schedule_run(struct plan *p, const volatile sig_atomic_t *stopped,
                  void (*ended)(void *self, const struct check *check), void *self);

/* From step_end and step_rests alone. */
void schedule_step_ended(struct schedule *c, struct step *s);
void schedule_step_rests(struct schedule *c, struct step *s);

#endif
