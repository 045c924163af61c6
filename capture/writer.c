/* capture/writer.c - frames to blocks or records; interfaces and their statistics. */
#include "capture/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/map.h"
#include "base/moment.h"
#include "capture/blocks.h"
#include "capture/order.h"
#include "capture/outfile.h"
#include "capture/put.h"

enum {
	INTERFACES_MAX = 65536,
	SNAPLEN = 262144,               /* what classic readers take for unlimited */
	LINK_TYPE_ETHERNET = 1,
	PCAP_HEAD = 24,
	RECORD_HEAD = 16,
};

#define PCAP_MAGIC_NANO 0xa1b23c4du
#define STATISTICS_EVERY (10 * MOMENT_S)        /* so that a run that is killed has told of its losses */

/* What appears as one interface in the file. */
struct key {
	uint32_t interface;
	uint16_t file;
	uint16_t link_type;
};

struct interface {
	uint64_t frames;
	struct input *speaks_for;       /* the first of an input tells its losses; NULL: another does */
	int64_t last;                   /* time of its last frame */
	bool news;                      /* since its last statistics */
};

struct input {
	const char *name, *filter;
	uint32_t snaplen;
	struct recording_losses lost;
	uint64_t received;
	bool told, all_told;            /* of `lost`, of `received` */
	bool described;
};

struct writer {
	enum writer_format format;
	struct outfile file;
	struct map ids;                 /* struct key -> interface of the file, and 1; NULL: not described */
	struct interface *interfaces;
	size_t interface_count, room;   /* those that the file describes */
	struct input inputs[WRITER_INPUTS];
	struct key latest;              /* of the last frame: most come from one interface, ... */
	struct interface *latest_interface;     /* ... this one; NULL: none yet */
	bool headed;                    /* classic: the head is there, with ... */
	uint16_t link_type;             /* ... the only link type */
	uint64_t frames;
	int64_t begun, flushed, stated; /* by the frames' clock; MOMENT_NONE: not yet */
};

static bool out_of_memory(const struct writer *w, struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "%s: no memory to write it", w->file.path);
}

void writer_here(struct writer_section *s)
{
	struct utsname name;

	*s = (struct writer_section){ 0 };
	if (uname(&name) < 0)
		return;
	snprintf(s->hardware, sizeof s->hardware, "%s", name.machine);
	snprintf(s->system, sizeof s->system, "%s %s", name.sysname, name.release);
}

/* ---- handing over ---- */

/* A failed write leaves behind what is not in the file. */
static void uncount(struct writer *w)
{
	struct span left = outfile_lost(&w->file);

	while (left.len) {
		if (w->format == WRITER_PCAP || blocks_is_packet(left.at))
			w->frames--;
		left = span_skip(left, w->file.length(left.at));
	}
}

static bool flush(struct writer *w, struct fault *f)
{
	if (outfile_flush(&w->file, f))
		return true;
	uncount(w);
	return false;
}

/* Not yet begun counts as long ago, and so does a clock that was set back. */
static bool is_past(int64_t since, int64_t now, int64_t distance)
{
	return since == MOMENT_NONE || now < since || now - since >= distance;
}

/* ---- statistics ---- */

static bool put_statistics(struct writer *w, uint32_t id, bool ended, int64_t now, struct fault *f)
{
	struct interface *i = &w->interfaces[id];
	struct blocks_statistics s = {
		.interface = id, .now = now, .begun = w->begun, .ended = ended, .delivered = i->frames,
	};

	if (i->speaks_for) {
		s.told = i->speaks_for->told;
		s.lost = i->speaks_for->lost;
		s.all_told = s.told && i->speaks_for->all_told;
		s.delivered = s.all_told ? i->speaks_for->received : i->frames;
	}
	i->news = false;
	return blocks_statistics(&w->file.out, &s) || out_of_memory(w, f);
}

/* A file whose reader has stopped is left as it is. */
static bool state(struct writer *w, int64_t now, struct fault *f)
{
	bool late = is_past(w->stated, now, STATISTICS_EVERY);

	if (w->format == WRITER_PCAP || !late || outfile_is_full(&w->file))
		return true;
	if (w->stated != MOMENT_NONE && now >= w->stated)
		for (uint32_t i = 0; i < w->interface_count; i++)
			if (w->interfaces[i].news && !put_statistics(w, i, false, now, f))
				return false;
	w->stated = now;
	return true;
}

bool writer_turn(struct writer *w, int64_t now, struct fault *f)
{
	if (w->file.broken)
		return true;
	if (!state(w, now, f))
		return false;
	w->flushed = now;
	return flush(w, f);
}

void writer_lost(struct writer *w, uint16_t file, const struct recording_losses *lost)
{
	struct input *in = file < WRITER_INPUTS ? &w->inputs[file] : NULL;

	if (!in)
		return;
	for (size_t i = 0; i < w->interface_count; i++)
		if (w->interfaces[i].speaks_for == in)
			w->interfaces[i].news |= memcmp(&in->lost, lost, sizeof *lost) != 0;
	in->lost = *lost;
	in->told = true;
}

void writer_received(struct writer *w, uint16_t file, uint64_t frames)
{
	if (file >= WRITER_INPUTS)
		return;
	w->inputs[file].received = frames;
	w->inputs[file].all_told = true;
}

/* ---- heads ---- */

void writer_interface(struct writer *w, uint16_t file, const char *name, const char *filter,
                      uint32_t snaplen)
{
	if (file >= WRITER_INPUTS)
		return;
	w->inputs[file].name = name;
	w->inputs[file].filter = filter;
	w->inputs[file].snaplen = snaplen;
}

static bool put_pcap_head(struct writer *w, uint16_t link_type, struct fault *f)
{
	struct buf *out = &w->file.out;

	if (!buf_reserve(out, PCAP_HEAD))
		return out_of_memory(w, f);
	put(out, PCAP_MAGIC_NANO, 4);
	put(out, 2, 2);
	put(out, 4, 2);
	put(out, 0, 8);
	put(out, SNAPLEN, 4);
	put(out, link_type, 4);
	w->file.head = PCAP_HEAD;
	w->link_type = link_type;
	w->headed = true;
	return true;
}

/* The first frame tells the link type.  Until then a file says Ethernet, so that it is one; a pipe waits. */
static bool head_classic(struct writer *w, const struct frame *frame, struct fault *f)
{
	if (w->headed && frame->link_type != w->link_type && !w->frames && outfile_restart(&w->file))
		w->headed = false;
	if (!w->headed)
		return put_pcap_head(w, frame->link_type, f);
	return true;
}

static bool room_for(struct writer *w, size_t id)
{
	size_t room = w->room ? w->room : 8;
	struct interface *grown;

	while (room <= id)
		room *= 2;
	if (room == w->room)
		return true;
	grown = realloc(w->interfaces, room * sizeof *grown);
	if (!grown)
		return false;
	w->interfaces = grown;
	w->room = room;
	return true;
}

static bool describe(struct writer *w, const struct frame *frame)
{
	static const struct input unnamed;
	size_t id = w->interface_count;
	struct input *in = frame->file < WRITER_INPUTS ? &w->inputs[frame->file] : NULL;
	const struct input *told = in ? in : &unnamed;

	if (!room_for(w, id) || !blocks_interface(&w->file.out, frame->link_type, told->name, told->filter,
						  told->snaplen))
		return false;
	w->interfaces[id] = (struct interface){ .last = MOMENT_NONE };
	w->interface_count++;
	if (in && !in->described) {
		w->interfaces[id].speaks_for = in;
		in->described = true;
	}
	return true;
}

/* NULL: the fault tells. */
static struct interface *interface_for(struct writer *w, const struct frame *frame, struct fault *f)
{
	struct key key = { frame->interface, frame->file, frame->link_type };
	struct map_entry *entry;

	if (w->latest_interface && !memcmp(&key, &w->latest, sizeof key))
		return w->latest_interface;
	entry = map_put(&w->ids, span_of(&key, sizeof key));
	if (!entry) {
		fault_set(f, FAULT_OUTPUT, "%s: more than %d interfaces in one file", w->file.path,
			  INTERFACES_MAX);
		return NULL;
	}
	if (!entry->value) {
		w->latest_interface = NULL;     /* they may move */
		if (!describe(w, frame)) {
			out_of_memory(w, f);
			return NULL;
		}
		entry->value = (void *)(uintptr_t)w->interface_count;
	}
	w->latest = key;
	w->latest_interface = &w->interfaces[(uintptr_t)entry->value - 1];
	return w->latest_interface;
}

/* ---- frames ---- */

static bool put_packet(struct writer *w, const struct frame *frame, struct span comment, struct fault *f)
{
	struct interface *i = interface_for(w, frame, f);

	if (!i)
		return false;
	if (!blocks_packet(&w->file.out, (uint32_t)(i - w->interfaces), frame, comment))
		return out_of_memory(w, f);
	i->frames++;
	i->last = frame->time;
	i->news = true;
	return true;
}

static bool put_record(struct writer *w, const struct frame *frame, struct fault *f)
{
	struct buf *out = &w->file.out;

	if (!head_classic(w, frame, f))
		return false;
	if (frame->link_type != w->link_type)
		return fault_set(f, FAULT_OUTPUT,
				 "%s: a classic pcap file holds one link type, and frame %llu has another "
				 "(%u after %u); write pcapng", w->file.path,
				 (unsigned long long)frame->number, frame->link_type, w->link_type);
	if (!buf_reserve(out, RECORD_HEAD + frame->bytes.len))
		return out_of_memory(w, f);
	put(out, blocks_time(frame->time) / (uint64_t)MOMENT_S, 4);
	put(out, blocks_time(frame->time) % (uint64_t)MOMENT_S, 4);
	put(out, frame->bytes.len, 4);
	put(out, frame->wire_len, 4);
	return buf_add(out, frame->bytes) || out_of_memory(w, f);
}

bool writer_frame(struct writer *w, const struct frame *frame, struct span comment, struct fault *f)
{
	if (w->file.broken)
		return true;
	if (w->begun == MOMENT_NONE)
		w->begun = frame->time;
	if (!outfile_is_full(&w->file)) {
		if (w->format == WRITER_PCAP ? !put_record(w, frame, f) : !put_packet(w, frame, comment, f))
			return false;
		w->frames++;
	}
	if (!outfile_is_due(&w->file) && !is_past(w->flushed, frame->time, MOMENT_S))
		return true;
	return writer_turn(w, frame->time, f);
}

uint64_t writer_frames(const struct writer *w)
{
	return w->frames;
}

uint64_t writer_bytes(const struct writer *w)
{
	return w->file.broken ? w->file.handed : outfile_bytes(&w->file);
}

/* ---- the file ---- */

static size_t record_length(const uint8_t *at)
{
	return RECORD_HEAD + (size_t)order_32(at + 8, false);
}

static bool begin(struct writer *w, const struct writer_section *section, struct fault *f)
{
	if (w->format == WRITER_PCAP)
		return !w->file.regular || (put_pcap_head(w, LINK_TYPE_ETHERNET, f) && flush(w, f));
	return (blocks_section(&w->file.out, section) || out_of_memory(w, f)) && flush(w, f);
}

struct writer *writer_begin(int fd, const char *path, enum writer_format format,
                            const struct writer_section *section, struct fault *f)
{
	struct writer *w = calloc(1, sizeof *w);

	if (!w) {
		fault_set(f, FAULT_MEMORY, "%s: no memory to write it", path);
		if (fd != STDOUT_FILENO)
			close(fd);
		return NULL;
	}
	w->format = format;
	w->begun = w->flushed = w->stated = MOMENT_NONE;
	map_init(&w->ids, INTERFACES_MAX);
	if (outfile_begin(&w->file, fd, path, format == WRITER_PCAP ? record_length : blocks_length, f) &&
	    begin(w, section, f))
		return w;
	writer_free(w);
	return NULL;
}

struct writer *writer_open(const char *path, enum writer_format format, struct fault *f)
{
	struct writer_section here;
	int fd = strcmp(path, "-") ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
				   : STDOUT_FILENO;

	if (fd < 0) {
		fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
		return NULL;
	}
	writer_here(&here);
	return writer_begin(fd, path, format, &here, f);
}

/* What only the end of the file knows. */
static bool put_end(struct writer *w, struct fault *f)
{
	if (w->format == WRITER_PCAP)
		return w->headed || put_pcap_head(w, LINK_TYPE_ETHERNET, f);
	for (uint32_t i = 0; i < w->interface_count; i++) {
		int64_t last = w->interfaces[i].last;

		if (!put_statistics(w, i, true, w->flushed > last ? w->flushed : last, f))
			return false;
	}
	return true;
}

bool writer_end(struct writer *w, struct fault *f)
{
	if (!w->file.broken && !outfile_is_full(&w->file) && !put_end(w, f))
		return false;
	if (outfile_close(&w->file, f))
		return true;
	uncount(w);
	return false;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	outfile_release(&w->file);
	map_release(&w->ids);
	free(w->interfaces);
	free(w);
}

bool writer_close(struct writer *w, struct fault *f)
{
	bool good = writer_end(w, f);

	writer_free(w);
	return good;
}
