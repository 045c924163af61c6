/* screen/keys.c - the table of keys: arrows and pages, vi's letters, and one letter for each thing to do. */
#include "screen/keys.h"

#include <curses.h>

#define CONTROL(letter) ((letter) - '@')

static const struct key {
	uint32_t code;
	bool function;
	enum action action;
} keys[] = {
	{ KEY_UP, true, ACTION_UP },                    { 'k', false, ACTION_UP },
	{ KEY_DOWN, true, ACTION_DOWN },                { 'j', false, ACTION_DOWN },
	{ KEY_PPAGE, true, ACTION_PAGE_UP },            { CONTROL('B'), false, ACTION_PAGE_UP },
	{ KEY_NPAGE, true, ACTION_PAGE_DOWN },          { CONTROL('F'), false, ACTION_PAGE_DOWN },
	{ CONTROL('U'), false, ACTION_PAGE_UP },        { CONTROL('D'), false, ACTION_PAGE_DOWN },
	{ KEY_HOME, true, ACTION_HOME },                { 'g', false, ACTION_HOME },
	{ KEY_END, true, ACTION_END },                  { 'G', false, ACTION_END },
	{ KEY_FIND, true, ACTION_HOME },                { KEY_SELECT, true, ACTION_END },
	{ KEY_ENTER, true, ACTION_OPEN },               { '\r', false, ACTION_OPEN },
	{ '\n', false, ACTION_OPEN },                   { 27, false, ACTION_BACK },
	{ KEY_BACKSPACE, true, ACTION_ERASE },          { CONTROL('H'), false, ACTION_ERASE },
	{ 0x7f, false, ACTION_ERASE },
	{ KEY_RIGHT, true, ACTION_NEXT_PANE },          { KEY_LEFT, true, ACTION_LAST_PANE },
	{ 'l', false, ACTION_NEXT_PANE },               { 'h', false, ACTION_LAST_PANE },
	{ '\t', false, ACTION_NEXT_PANE },              { KEY_BTAB, true, ACTION_LAST_PANE },
	{ '1', false, ACTION_CLIENTS },                 { '2', false, ACTION_SERVERS },
	{ '3', false, ACTION_FINDINGS },
	{ '/', false, ACTION_FILTER },                  { 's', false, ACTION_SORT },
	{ 'r', false, ACTION_REVERSE },                 { ' ', false, ACTION_FREEZE },
	{ '?', false, ACTION_HELP },                    { KEY_F(1), true, ACTION_HELP },
	{ CONTROL('L'), false, ACTION_REDRAW },         { KEY_RESIZE, true, ACTION_REDRAW },
	{ 'q', false, ACTION_QUIT },                    { CONTROL('C'), false, ACTION_QUIT },
};

struct press press_of(uint32_t code, bool function)
{
	struct press p = { ACTION_NONE, !function && code >= ' ' && code != 0x7f ? code : 0 };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].code == code && keys[i].function == function)
			p.action = keys[i].action;
	return p;
}
