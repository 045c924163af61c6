/* capture/recording.c - which file a frame goes to, and which file has to go. */
#include "capture/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/lapse.h"

/* One that was closed, or is being written. */
struct file {
	uint64_t number;
	int64_t begun;                  /* for its name */
};

struct input {
	const char *name, *filter;
	struct recording_losses lost, before;   /* so far; when this file was begun */
	uint64_t received, received_before;
	bool told, told_received;
};

struct recording {
	struct recording_options o;
	struct writer_section section;
	bool series;
	struct writer *writer;          /* NULL: recording has stopped */
	int fd;                         /* of its file; the writer's */
	struct lapse file, all;
	int64_t now;                    /* the latest moment that was told */
	bool is_over;
	struct file *kept;              /* closed ones, a ring, the oldest at `first`; NULL: all are kept */
	size_t room, first, count;
	struct file current;
	struct input inputs[WRITER_INPUTS];
	uint64_t offered;               /* frames */
	uint64_t frames, bytes;         /* written, in files that are closed */
};

/* ---- names ---- */

/* "20261123104728": the digits of a moment down to its seconds. */
static void put_time(char to[static 15], int64_t time)
{
	enum { SECONDS = 19 };
	char text[MOMENT_TEXT];
	size_t len = 0;

	moment_text(time < 0 ? 0 : time, text);
	for (size_t i = 0; i < SECONDS && text[i]; i++)
		if (text[i] >= '0' && text[i] <= '9' && len < 14)
			to[len++] = text[i];
	to[len] = '\0';
}

static void put_part(const struct recording *r, const struct file *file, char part[static RECORDING_PART])
{
	char time[15];

	*part = '\0';
	if (!r->series)
		return;
	put_time(time, file->begun);
	snprintf(part, RECORDING_PART, "_%05llu_%s", (unsigned long long)file->number, time);
}

/* The path with the part before its ending, for messages; to be freed. */
static char *path_of(const struct recording *r, const char *part)
{
	const char *path = r->o.path, *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t stem = dot && dot > name ? (size_t)(dot - path) : strlen(path);
	char *made;

	return asprintf(&made, "%.*s%s%s", (int)stem, path, part, path + stem) < 0 ? NULL : made;
}

/* ---- losses, of this file's time ---- */

static void tell_losses(const struct recording *r, uint16_t file)
{
	const struct input *in = &r->inputs[file];

	if (in->told)
		writer_lost(r->writer, file, &(struct recording_losses){
			in->lost.kernel - in->before.kernel,
			in->lost.interface - in->before.interface,
			in->lost.ours - in->before.ours,
		});
	if (in->told_received)
		writer_received(r->writer, file, in->received - in->received_before);
}

void recording_lost(struct recording *r, uint16_t file, const struct recording_losses *lost)
{
	if (file >= WRITER_INPUTS)
		return;
	r->inputs[file].lost = *lost;
	r->inputs[file].told = true;
	if (r->writer)
		tell_losses(r, file);
}

void recording_received(struct recording *r, uint16_t file, uint64_t frames)
{
	if (file >= WRITER_INPUTS)
		return;
	r->inputs[file].received = frames;
	r->inputs[file].told_received = true;
	if (r->writer)
		tell_losses(r, file);
}

void recording_interface(struct recording *r, uint16_t file, const char *name, const char *filter)
{
	if (file >= WRITER_INPUTS)
		return;
	r->inputs[file].name = name;
	r->inputs[file].filter = filter;
	if (r->writer)
		writer_interface(r->writer, file, name, filter, r->o.snaplen);
}

static void introduce(struct recording *r)
{
	for (unsigned i = 0; i < WRITER_INPUTS; i++) {
		struct input *in = &r->inputs[i];

		in->before = in->lost;
		in->received_before = in->received;
		writer_interface(r->writer, (uint16_t)i, in->name, in->filter, r->o.snaplen);
		tell_losses(r, (uint16_t)i);
	}
}

/* ---- files ---- */

static bool out_of_memory(const struct recording *r, struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "%s: no memory to record", r->o.path);
}

/* A descriptor; -1: the fault tells. */
static int open_file(const struct recording *r, const struct file *file, struct fault *f)
{
	char part[RECORDING_PART];

	put_part(r, file, part);
	return r->o.files.open(r->o.files.self, part, f);
}

/* Puts the head into a file that was just opened.  NULL: the fault tells, and no file of a series is left. */
static struct writer *head(const struct recording *r, const struct file *file, int fd, struct fault *f)
{
	char part[RECORDING_PART];
	struct writer *w = NULL;
	struct fault ignored;
	char *path;

	put_part(r, file, part);
	path = path_of(r, part);
	if (path)
		w = writer_begin(fd, path, r->o.format, &r->section, f);
	else
		out_of_memory(r, f);
	if (!path && fd != STDOUT_FILENO)
		close(fd);
	if (!w && r->series)
		r->o.files.remove(r->o.files.self, part, &ignored);
	free(path);
	return w;
}

/* From now on `w` is the file that is written. */
static void enter(struct recording *r, const struct file *file, struct writer *w, int fd)
{
	r->writer = w;
	r->fd = fd;
	r->current = *file;
	introduce(r);
	lapse_begin(&r->file, file->begun);
}

/* Closes the file that is being written.  False: the fault tells. */
static bool leave(struct recording *r, struct writer *w, struct fault *f)
{
	bool good = writer_end(w, f);

	r->frames += writer_frames(w);
	r->bytes += writer_bytes(w);
	writer_free(w);
	return good;
}

/* Recording ends here: always false. */
static bool stop(struct recording *r, struct fault *f)
{
	struct writer *w = r->writer;
	struct fault cause = *f, ignored;

	r->writer = NULL;
	if (w)
		leave(r, w, &ignored);
	return fault_set(f, cause.kind, "%s; recording has stopped, what was written before is whole, and "
			 "the analysis goes on", cause.text);
}

/* `left` was closed.  The oldest goes when there are more than were asked for. */
static bool keep(struct recording *r, const struct file *left, struct fault *f)
{
	char part[RECORDING_PART];
	struct file oldest = *left;

	if (!r->kept)
		return true;
	if (r->count < r->room) {
		r->kept[(r->first + r->count++) % r->room] = *left;
		return true;
	}
	if (r->room) {
		oldest = r->kept[r->first];
		r->kept[r->first] = *left;
		r->first = (r->first + 1) % r->room;
	}
	put_part(r, &oldest, part);
	return r->o.files.remove(r->o.files.self, part, f);
}

/* The old file is closed, and the oldest removed, only when the new one has its head. */
static bool advance(struct recording *r, int64_t now, struct fault *f)
{
	struct file next = { r->current.number + 1, now }, left = r->current;
	struct writer *old = r->writer, *w = NULL;
	int fd = open_file(r, &next, f);

	if (fd >= 0)
		w = head(r, &next, fd, f);
	if (!w)
		return stop(r, f);
	enter(r, &next, w, fd);
	if (!leave(r, old, f) || !keep(r, &left, f))
		return stop(r, f);
	return true;
}

/* ---- conditions ---- */

static bool reached(uint64_t limit, uint64_t value)
{
	return limit && value >= limit;
}

/* A head alone fills no file. */
static bool is_full(const struct recording *r)
{
	return writer_frames(r->writer) && (reached(r->o.each.bytes, writer_bytes(r->writer)) ||
					    reached(r->o.each.frames, writer_frames(r->writer)));
}

/* Also of one without frames, as in dumpcap: whoever asks for a file an hour finds the quiet ones, too, and
 * what is to end after some files ends on a silent segment. */
static bool is_its_time_over(struct recording *r, int64_t now)
{
	const struct recording_limits *each = &r->o.each;
	int64_t since = lapse_since(&r->file, now), begun = r->file.begun;

	return (each->duration && since >= each->duration) ||
	       (each->interval && since > 0 && now / each->interval != begun / each->interval);
}

static bool is_last(const struct recording *r)
{
	return r->series && reached(r->o.all.files, r->current.number);
}

static void look_at_the_end(struct recording *r)
{
	r->is_over |= reached(r->o.all.frames, recording_frames(r)) ||
		      reached(r->o.all.bytes, recording_bytes(r)) || (is_last(r) && is_full(r));
}

/* False: recording has stopped. */
static bool mind_the_time(struct recording *r, int64_t now, bool full, struct fault *f)
{
	bool late = is_its_time_over(r, now);

	r->now = now;
	if (r->o.all.duration && lapse_since(&r->all, now) >= r->o.all.duration)
		r->is_over = true;
	if (r->is_over || !(late || full))
		return true;
	if (!is_last(r))
		return advance(r, now, f);
	r->is_over = true;
	return true;
}

/* ---- frames ---- */

bool recording_frame(struct recording *r, const struct frame *frame, struct span comment, struct fault *f)
{
	if (r->is_over)
		return true;
	r->offered++;
	if (!r->writer)
		return true;
	if (!mind_the_time(r, frame->time, is_full(r), f))
		return false;
	if (r->is_over) {
		r->offered--;
		return true;
	}
	if (!writer_frame(r->writer, frame, comment, f))
		return stop(r, f);
	look_at_the_end(r);
	return true;
}

bool recording_turn(struct recording *r, int64_t now, struct fault *f)
{
	if (!r->writer)
		return true;
	if (!r->is_over && !mind_the_time(r, now, false, f))
		return false;
	return writer_turn(r->writer, now, f) || stop(r, f);
}

bool recording_is_over(const struct recording *r)
{
	return r->is_over;
}

uint64_t recording_frames(const struct recording *r)
{
	return r->frames + (r->writer ? writer_frames(r->writer) : 0);
}

uint64_t recording_bytes(const struct recording *r)
{
	return r->bytes + (r->writer ? writer_bytes(r->writer) : 0);
}

uint64_t recording_missed(const struct recording *r)
{
	return r->offered - recording_frames(r);
}

/* ---- the whole of it ---- */

static bool is_same(int a, int b, bool *empty)
{
	struct stat one, other;

	if (fstat(a, &one) < 0 || fstat(b, &other) < 0)
		return false;
	*empty = S_ISREG(other.st_mode) && !other.st_size;
	return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* The file was opened again.  When it is the same and its opener has emptied it, what still waits would
 * leave a hole at its front. */
static bool renew(struct recording *r, int fd, struct fault *f)
{
	struct file same = { r->current.number, r->now };
	struct writer *old = r->writer, *w;
	bool empty, again = is_same(r->fd, fd, &empty);

	if (again && !empty) {
		if (fd != STDOUT_FILENO)
			close(fd);
		return true;
	}
	w = head(r, &same, fd, f);
	if (!w)
		return stop(r, f);
	enter(r, &same, w, fd);
	if (!again)
		return leave(r, old, f) || stop(r, f);
	r->frames += writer_frames(old);
	r->bytes += writer_bytes(old);
	writer_free(old);
	return true;
}

bool recording_switch(struct recording *r, struct fault *f)
{
	int fd;

	if (!r->writer || r->is_over || is_last(r))
		return true;
	if (r->series)
		return advance(r, r->now, f);
	if (r->fd == STDOUT_FILENO)
		return true;
	fd = open_file(r, &r->current, f);
	return fd < 0 ? stop(r, f) : renew(r, fd, f);
}

/* Fills in what follows from the options.  False: the fault tells. */
static bool settle(struct recording *r, struct fault *f)
{
	struct recording_limits *each = &r->o.each, *all = &r->o.all;

	r->series = each->bytes || each->frames || each->duration || each->interval;
	if (r->series && all->bytes) {
		each->bytes = each->bytes && each->bytes < all->bytes ? each->bytes : all->bytes;
		all->bytes = 0;
	}
	if (each->files > RECORDING_FILES_MAX)
		return fault_set(f, FAULT_USAGE, "%s: a ring of %llu files; %d at most", r->o.path,
				 (unsigned long long)each->files, RECORDING_FILES_MAX);
	if (!r->series || !each->files)
		return true;
	/* Beside the one that is written. */
	r->room = (size_t)each->files - 1;
	r->kept = calloc(r->room + 1, sizeof *r->kept);
	return r->kept || out_of_memory(r, f);
}

static bool begin(struct recording *r, struct fault *f)
{
	struct file first = { 1, r->now };
	struct writer *w;
	int fd;

	writer_here(&r->section);
	r->section.comments[0] = r->o.comment;
	r->section.comments[1] = r->series ? "One file of a series; the time in its name is UTC" : NULL;
	fd = open_file(r, &first, f);
	w = fd >= 0 ? head(r, &first, fd, f) : NULL;
	if (!w)
		return false;
	enter(r, &first, w, fd);
	/* Not by the clock that names it, but by the frames'. */
	lapse_init(&r->file);
	return true;
}

struct recording *recording_open(const struct recording_options *o, struct fault *f)
{
	struct recording *r = calloc(1, sizeof *r);

	if (!r) {
		fault_set(f, FAULT_MEMORY, "%s: no memory to record", o->path);
		return NULL;
	}
	r->o = *o;
	r->now = o->now;
	lapse_init(&r->file);
	lapse_init(&r->all);
	if (settle(r, f) && begin(r, f))
		return r;
	recording_close(r, f);
	return NULL;
}

bool recording_close(struct recording *r, struct fault *f)
{
	bool good = !r->writer || leave(r, r->writer, f);

	free(r->kept);
	free(r);
	return good;
}
