/* capture/copier.c - which block becomes which, and numbers of interfaces. */
#include "capture/copier.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "capture/blocks.h"
#include "capture/copied.h"
#include "capture/outfile.h"
#include "capture/pcapng.h"

enum { INTERFACES_MAX = 1 << 20, TEXTS_MAX = 1 << 20 };

struct key {
	uint32_t interface;
	uint32_t file;
};

struct copier {
	struct outfile file;
	struct copier_options options;
	struct map ids;                 /* struct key -> interface of the copy, and 1 */
	struct copied_clock *clocks;    /* of its interfaces */
	size_t count, room;
	bool headed;                    /* the section is begun */
	struct buf comments;            /* of a section that is not ours, as whole options */
	struct span *lines;             /* of the section; until it is begun */
	struct buf texts;               /* what `lines` are views into */
	bool ended;                     /* statistics say when */
	bool failed;                    /* out of memory; not told yet */
	uint64_t frames;
};

static bool out_of_memory(const struct copier *c, struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "%s: no memory to write it", c->file.path);
}

/* ---- the section ---- */

/* Comments come before the first block of the source is there, so they are kept. */
static bool keep_comments(struct copier *c)
{
	const struct copier_options *o = &c->options;
	size_t at = 0;

	c->lines = calloc(o->comment_count + 1, sizeof *c->lines);
	for (size_t i = 0; i < o->comment_count; i++)
		if (!buf_add(&c->texts, o->comments[i]))
			return false;
	for (size_t i = 0; c->lines && i < o->comment_count; i++) {
		c->lines[i] = span_of(c->texts.at + at, o->comments[i].len);
		at += o->comments[i].len;
	}
	c->options.comments = NULL;
	return c->lines != NULL;
}

static bool head(struct copier *c, const struct source_block *b)
{
	if (c->headed)
		return true;
	c->headed = copied_section(&c->file.out, b, c->lines, c->options.comment_count, c->options.texts) &&
	            (!c->options.secrets.len || copied_secrets(&c->file.out, c->options.secrets));
	return c->headed;
}

static bool take_section(struct copier *c, const struct source_block *b)
{
	if (!c->headed)
		return head(c, b);
	buf_clear(&c->comments);
	return !c->options.texts || copied_section_texts(&c->comments, b);
}

/* ---- interfaces ---- */

static bool make_room(struct copier *c)
{
	size_t room = c->room ? 2 * c->room : 8;
	struct copied_clock *more;

	if (c->count < c->room)
		return true;
	more = realloc(c->clocks, room * sizeof *more);
	if (!more)
		return false;
	c->clocks = more;
	c->room = room;
	return true;
}

/* NULL: out of memory. */
static struct map_entry *entry_of(struct copier *c, uint16_t file, uint32_t interface)
{
	struct key key = { interface, file };

	return map_put(&c->ids, span_of(&key, sizeof key));
}

static bool number(struct copier *c, struct map_entry *entry)
{
	entry->value = (void *)(uintptr_t)++c->count;
	return true;
}

static bool take_interface(struct copier *c, const struct source_block *b)
{
	struct map_entry *entry = entry_of(c, b->file, b->interface);

	if (!entry || !make_room(c))
		return false;
	if (entry->value)
		return true;
	if (!head(c, NULL) || !copied_interface(&c->file.out, b, buf_span(&c->comments), c->options.texts,
	                                        &c->clocks[c->count]))
		return false;
	buf_clear(&c->comments);
	return number(c, entry);
}

/* That of a pcap file is described when its first frame is there. */
static bool describe(struct copier *c, struct map_entry *entry, const struct source_info *info,
                     const struct frame *frame)
{
	uint8_t resolution = info->resolution ? info->resolution : 9;

	return make_room(c) && head(c, NULL) &&
	       copied_plain(&c->file.out, frame->link_type, info->snaplen, resolution,
	                    &c->clocks[c->count]) &&
	       number(c, entry);
}

/* ---- other blocks ---- */

static bool take_statistics(struct copier *c, const struct source_block *b)
{
	struct key key = { b->interface, b->file };
	struct map_entry *entry = map_find(&c->ids, span_of(&key, sizeof key));
	size_t id = entry ? (uintptr_t)entry->value : 0;

	return !id || copied_statistics(&c->file.out, b, (uint32_t)id - 1, &c->clocks[id - 1],
	                                c->options.texts, &c->ended);
}

static bool take_secrets(struct copier *c, const struct source_block *b)
{
	struct span log = copied_log(b);
	struct buf kept;
	bool good = true;

	buf_init(&kept, log.len);
	while (log.len && c->options.keeps && good) {
		size_t end = span_byte(log, '\n');
		struct span line = span_take(&log, end == SIZE_MAX ? log.len : end + 1);

		if (c->options.keeps(c->options.self, line))
			good = buf_add(&kept, line);
	}
	good = good && (!kept.len || (head(c, NULL) && copied_secrets(&c->file.out, buf_span(&kept))));
	buf_release(&kept);
	return good;
}

static bool take_block(struct copier *c, const struct source_block *b)
{
	bool whole = c->options.names && c->options.texts;

	switch (b->type) {
	case PCAPNG_BLOCK_SECTION:
		return take_section(c, b);
	case PCAPNG_BLOCK_INTERFACE:
		return take_interface(c, b);
	case PCAPNG_BLOCK_STATISTICS:
		return take_statistics(c, b);
	case PCAPNG_BLOCK_SECRETS:
		return take_secrets(c, b);
	case PCAPNG_BLOCK_NAMES:
		return !whole || (head(c, NULL) && copied_names(&c->file.out, b));
	case PCAPNG_BLOCK_JOURNAL:
		return !whole || (head(c, NULL) && copied_whole(&c->file.out, b));
	case PCAPNG_BLOCK_CUSTOM:
		/* Their number is in the section's order; what follows, only its maker knows. */
		return !whole || b->big || (head(c, NULL) && copied_whole(&c->file.out, b));
	default:
		return true;
	}
}

void copier_block(struct copier *c, const struct source_block *b)
{
	if (!c->file.broken && !c->failed)
		c->failed = !take_block(c, b);
}

/* ---- frames ---- */

bool copier_frame(struct copier *c, const struct source_info *info, const struct frame *frame,
                  const struct span *comments, size_t comment_count, struct fault *f)
{
	struct map_entry *entry;
	size_t id;

	if (c->file.broken)
		return true;
	entry = entry_of(c, frame->file, frame->interface);
	if (c->failed || !entry || (!entry->value && !describe(c, entry, info, frame))) {
		c->file.broken = true;
		return out_of_memory(c, f);
	}
	id = (uintptr_t)entry->value - 1;
	if (!copied_packet(&c->file.out, (uint32_t)id, frame, &c->clocks[id], comments, comment_count,
	                   c->options.texts)) {
		c->file.broken = true;
		return out_of_memory(c, f);
	}
	c->frames++;
	return !outfile_is_due(&c->file) || outfile_flush(&c->file, f);
}

uint64_t copier_frames(const struct copier *c)
{
	return c->frames;
}

/* ---- the file ---- */

static void release(struct copier *c)
{
	outfile_release(&c->file);
	map_release(&c->ids);
	buf_release(&c->comments);
	buf_release(&c->texts);
	free(c->lines);
	free(c->clocks);
	free(c);
}

struct copier *copier_begin(int fd, const char *path, const struct copier_options *o, struct fault *f)
{
	struct copier *c = calloc(1, sizeof *c);

	if (!c) {
		fault_set(f, FAULT_MEMORY, "%s: no memory to write it", path);
		if (fd != STDOUT_FILENO)
			close(fd);
		return NULL;
	}
	c->options = *o;
	map_init(&c->ids, INTERFACES_MAX);
	buf_init(&c->comments, TEXTS_MAX);
	buf_init(&c->texts, TEXTS_MAX);
	if (outfile_begin(&c->file, fd, path, blocks_length, f) &&
	    (keep_comments(c) || out_of_memory(c, f)))
		return c;
	release(c);
	return NULL;
}

bool copier_end(struct copier *c, int64_t ended, struct fault *f)
{
	bool good = head(c, NULL) && !c->failed;

	if (good && !c->ended && ended != MOMENT_NONE && c->count)
		good = copied_end(&c->file.out, 0, ended, &c->clocks[0]);
	if (!good && !c->file.broken)
		out_of_memory(c, f);
	else
		good = true;
	good = outfile_close(&c->file, f) && good;
	release(c);
	return good;
}
