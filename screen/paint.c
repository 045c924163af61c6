/* screen/paint.c - curses, and a terminal that may stall. */
#include "screen/paint.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "screen/restore.h"

enum { RESTORE_TEXT = 200, NAME_TEXT = 128, PIECE = 4096 };
enum { ESCAPE_MS = 25, PATIENCE_MS = 50, PATIENCE_TURNS = 20 };

struct paint {
	int tty;                        /* opened for us alone: it does not wait */
	FILE *in;                       /* the same, for curses; owned */
	FILE *drawn;                    /* in memory; owned */
	off_t sent;                     /* of what is drawn */
	SCREEN *screen;
	locale_t locale;                /* of characters alone: the run goes on in its own */
	struct termios before;
	bool ascii, color, begun;
	char restore[RESTORE_TEXT];
	attr_t attributes[SHADE_COUNT];
	short pairs[SHADE_COUNT];
};

/* ---- the terminal ---- */

/* By its name: what is set on it then concerns nobody who shares standard output. */
static int open_terminal(void)
{
	static const int own[] = { STDOUT_FILENO, STDIN_FILENO };
	const int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	char name[NAME_TEXT];

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		int fd = ttyname_r(own[i], name, sizeof name) ? -1 : open(name, flags);

		if (fd >= 0)
			return fd;
	}
	return open("/dev/tty", flags);
}

static bool open_streams(struct paint *p)
{
	int in, drawn;

	p->tty = open_terminal();
	if (p->tty < 0 || tcgetattr(p->tty, &p->before))
		return false;
	in = fcntl(p->tty, F_DUPFD_CLOEXEC, 0);
	p->in = in < 0 ? NULL : fdopen(in, "r");
	drawn = memfd_create("screen", MFD_CLOEXEC);
	p->drawn = drawn < 0 ? NULL : fdopen(drawn, "w");
	return p->in && p->drawn;
}

/* What the terminal takes at once.  True: it has all that was drawn. */
static bool hand_on(struct paint *p)
{
	int fd = fileno(p->drawn);
	off_t end = lseek(fd, 0, SEEK_CUR);
	char piece[PIECE];

	while (p->sent < end) {
		ssize_t got = pread(fd, piece, sizeof piece, p->sent);
		ssize_t gone = got > 0 ? write(p->tty, piece, (size_t)got) : -1;

		if (gone <= 0)
			return false;
		p->sent += gone;
	}
	p->sent = 0;
	return !ftruncate(fd, 0) && !lseek(fd, 0, SEEK_SET);
}

/* ---- curses ---- */

static void choose_looks(struct paint *p)
{
	static const struct look {
		attr_t plain;           /* where there is no colour */
		short color;            /* -1: the terminal's own */
		attr_t colored;
	} looks[SHADE_COUNT] = {
		[SHADE_PLAIN] = { A_NORMAL, -1, A_NORMAL },
		[SHADE_STRONG] = { A_BOLD, -1, A_BOLD },
		[SHADE_FAINT] = { A_DIM, -1, A_DIM },
		[SHADE_GOOD] = { A_NORMAL, COLOR_GREEN, A_NORMAL },
		[SHADE_BAD] = { A_BOLD, COLOR_RED, A_BOLD },
		[SHADE_WARN] = { A_BOLD, COLOR_YELLOW, A_NORMAL },
		[SHADE_NOTE] = { A_NORMAL, COLOR_CYAN, A_NORMAL },
	};

	p->color = p->color && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (int i = 0; i < SHADE_COUNT; i++) {
		short pair = (short)(i + 1);

		p->attributes[i] = looks[i].plain;
		if (!p->color || looks[i].color < 0 || init_pair(pair, looks[i].color, -1) != OK)
			continue;
		p->pairs[i] = pair;
		p->attributes[i] = looks[i].colored;
	}
}

/* Curses takes a terminal's signals, and knows its size, as it sees it: it sees none. */
static void leave_signals_alone(void)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGWINCH };

	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		signal(taken[i], SIG_DFL);
	/* Stopping the process would stop the capture. */
	signal(SIGTSTP, SIG_IGN);
}

static void word_restore(struct paint *p)
{
	const char *const texts[] = { exit_attribute_mode, exit_ca_mode, keypad_local, cursor_normal };

	/* What terminals wait with ($<5>) these texts have only on those that are older than ssh. */
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text = texts[i] ? texts[i] : "";
		size_t len = strlen(p->restore), add = strcspn(text, "$");

		if (len + add < sizeof p->restore)
			memcpy(p->restore + len, text, add);
	}
}

static bool start_curses(struct paint *p, struct fault *f)
{
	const char *name = getenv("TERM");
	int error;

	/* newterm would end the process by itself for a terminal that it does not know. */
	if (!name || !name[0] || setupterm(NULL, p->tty, &error) != OK || !cursor_address)
		return fault_set(f, FAULT_USAGE, "watch: TERM=%s cannot be drawn on; try TERM=xterm",
		                 name ? name : "");
	word_restore(p);
	del_curterm(cur_term);
	set_escdelay(ESCAPE_MS);
	p->screen = newterm(NULL, p->drawn, p->in);
	leave_signals_alone();
	if (!p->screen)
		return fault_set(f, FAULT_USAGE, "watch: TERM=%s cannot be drawn on; try TERM=xterm", name);
	noecho();
	typeahead(-1);
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	curs_set(0);
	choose_looks(p);
	return true;
}

struct paint *paint_new(bool color, struct fault *f)
{
	struct paint *p = calloc(1, sizeof *p);
	locale_t before;
	bool good;

	if (!p) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	p->tty = -1;
	p->color = color;
	p->locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (!p->locale)
		p->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
	before = uselocale(p->locale);
	p->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") || wcwidth(0x2502) != 1;
	good = open_streams(p);
	if (!good)
		fault_set(f, FAULT_USAGE, "watch: there is no terminal to draw on; wsuscope capture and "
		          "analyze write text");
	good = good && start_curses(p, f);
	uselocale(before);
	if (good)
		return p;
	paint_free(p);
	return NULL;
}

/* Keys come one by one, unseen; Ctrl-C goes on to be a signal. */
bool paint_begin(struct paint *p, struct fault *f)
{
	struct termios modes = p->before;

	modes.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	modes.c_iflag &= (tcflag_t) ~(ICRNL | INLCR | IXON);
	modes.c_oflag &= (tcflag_t) ~(ONLCR | OCRNL);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	restore_watch(p->tty, &p->before, p->restore);
	if (tcsetattr(p->tty, TCSADRAIN, &modes))
		return fault_set(f, FAULT_USAGE, "watch: this terminal cannot be drawn on: %s",
		                 strerror(errno));
	p->begun = true;
	return true;
}

void paint_end(struct paint *p)
{
	struct pollfd room = { .fd = p->tty, .events = POLLOUT };

	if (!p->begun)
		return;
	p->begun = false;
	endwin();
	for (int i = 0; i < PATIENCE_TURNS && !hand_on(p); i++)
		poll(&room, 1, PATIENCE_MS);
	tcsetattr(p->tty, TCSANOW, &p->before);
	restore_leave();
}

void paint_free(struct paint *p)
{
	if (!p)
		return;
	paint_end(p);
	if (p->screen)
		delscreen(p->screen);
	if (p->locale)
		freelocale(p->locale);
	if (p->in)
		fclose(p->in);
	if (p->drawn)
		fclose(p->drawn);
	if (p->tty >= 0)
		close(p->tty);
	free(p);
}

bool paint_is_alone(const struct paint *p)
{
	struct pollfd tty = { .fd = p->tty };

	return poll(&tty, 1, 0) > 0 && tty.revents & (POLLHUP | POLLERR | POLLNVAL);
}

bool paint_is_ascii(const struct paint *p)
{
	return p->ascii;
}

/* ---- keys and cells ---- */

bool paint_key(struct paint *p, struct press *press)
{
	locale_t before = uselocale(p->locale);
	wint_t code = 0;
	int what = p->begun ? get_wch(&code) : ERR;

	uselocale(before);
	if (what != ERR)
		*press = press_of((uint32_t)code, what == KEY_CODE_YES);
	return what != ERR;
}

void paint_size(struct paint *p, unsigned *width, unsigned *height)
{
	struct winsize size;

	if (!ioctl(p->tty, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	    is_term_resized(size.ws_row, size.ws_col)) {
		resize_term(size.ws_row, size.ws_col);
		clearok(curscr, TRUE);
	}
	*width = COLS > 0 ? (unsigned)COLS : 1;
	*height = LINES > 0 ? (unsigned)LINES : 1;
}

static void draw_row(struct paint *p, const struct canvas *c, unsigned row)
{
	for (unsigned column = 0; column < c->width; column++) {
		const struct cell *cell = &c->cells[(size_t)row * c->width + column];
		bool is_wide = column + 1 < c->width && !cell[1].code;
		wchar_t text[2] = { (wchar_t)cell->code, 0 };
		attr_t attributes = p->attributes[cell->shade] | (cell->chosen ? A_REVERSE : 0);
		cchar_t shown;

		if (!cell->code)
			continue;
		/* What curses measures otherwise than we do would move all that follows. */
		if (wcwidth(text[0]) != 1 + is_wide)
			text[0] = '?';
		if (setcchar(&shown, text, attributes, p->pairs[cell->shade], NULL) == OK)
			mvadd_wch((int)row, (int)column, &shown);
	}
}

void paint_show(struct paint *p, const struct canvas *c)
{
	locale_t before;

	/* The picture before is not all out yet: this one is left out. */
	if (!p->begun || !hand_on(p))
		return;
	before = uselocale(p->locale);
	erase();
	for (unsigned row = 0; row < c->height; row++)
		draw_row(p, c, row);
	refresh();
	uselocale(before);
	hand_on(p);
}

void paint_again(struct paint *p)
{
	if (p->begun)
		clearok(curscr, TRUE);
}
