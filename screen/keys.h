/* screen/keys.h - what a key asks for. */
#ifndef SCREEN_KEYS_H
#define SCREEN_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum action {
	ACTION_NONE,
	ACTION_UP, ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_HOME, ACTION_END,
	ACTION_OPEN, ACTION_BACK, ACTION_ERASE,
	ACTION_NEXT_PANE, ACTION_LAST_PANE, ACTION_CLIENTS, ACTION_SERVERS, ACTION_FINDINGS,
	ACTION_FILTER, ACTION_SORT, ACTION_REVERSE, ACTION_FREEZE, ACTION_HELP, ACTION_REDRAW, ACTION_QUIT,
};

struct press {
	enum action action;
	uint32_t letter;                /* that it writes where a text is typed; 0: none */
};

/* A key as curses reads it: a character, or (`function`) one of its KEY_ codes. */
struct press press_of(uint32_t code, bool function);

#endif
