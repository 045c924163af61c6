/* bench/syns.c - attempts that stay unanswered. */
#include "bench/kinds.h"

enum { WSUS_PORT = 8530, CLIENTS = 60000, FIRST_WAIT_US = 1000000 };

void syns_start(struct talk *t, struct stage *stage)
{
	(void)stage;
	hosts_set(t, (uint32_t)(t->id % CLIENTS), 1, WSUS_PORT);
	/* Another port each time that a client's turn comes: no two attempts are one. */
	t->host[CLIENT].port = (uint16_t)(1025 + t->id / CLIENTS * 7919 % 64000);
	t->steps = rng_chance(&t->rng, 1000) ? 3 : 1;
	t->truth->unanswered++;
	talk_syn(t);
}

bool syns_more(struct talk *t, struct stage *stage)
{
	(void)stage;
	if (++t->step >= t->steps)
		return false;
	talk_pause(t, (uint32_t)FIRST_WAIT_US << (t->step - 1));
	talk_syn(t);
	return true;
}
