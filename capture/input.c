/* capture/input.c - opening one input and reading it frame by frame. */
#include "capture/input.h"

#include "capture/foreign.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { LOOK_AHEAD = 4096 };

static const struct format *const formats[] = { &format_pcapng, &format_pcap };

struct packing {
	const char *name;
	struct span magic;
	bool (*unpack)(struct bytes *b, struct fault *f);
};

static const struct packing packings[] = {
	{ "gzip", SPAN_LIT("\x1f\x8b\x08"), bytes_gunzip },
	{ "zstd", SPAN_LIT("\x28\xb5\x2f\xfd"), bytes_unzstd },
};

static const struct packing *packing_of(struct span head)
{
	for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
		if (span_starts(head, packings[i].magic))
			return &packings[i];
	return NULL;
}

static const struct format *format_of(struct span head)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		for (size_t k = 0; formats[i]->magics[k].len; k++)
			if (span_starts(head, formats[i]->magics[k]))
				return formats[i];
	return NULL;
}

/* Only as much is asked for as is there for sure: a pipe may deliver slowly. */
static bool recognise(struct input *in, struct fault *f)
{
	const struct packing *packing;

	bytes_need(&in->bytes, 4);
	packing = packing_of(in->bytes.left);
	if (packing) {
		if (!packing->unpack(&in->bytes, f))
			return false;
		bytes_need(&in->bytes, 4);
	}
	in->format = format_of(in->bytes.left);
	if (!in->format) {
		bytes_need(&in->bytes, LOOK_AHEAD);
		if (in->bytes.fault.kind != FAULT_NONE)
			return fault_set(f, FAULT_INPUT, "%s", in->bytes.fault.text);
		return foreign_tell(in->bytes.name, packing ? packing->name : NULL, in->bytes.left, f);
	}
	snprintf(in->format_text, sizeof in->format_text, "%s%s%s", in->format->name,
		 packing ? "+" : "", packing ? packing->name : "");
	in->info.format = in->format_text;
	if (!bytes_need(&in->bytes, in->format->head))
		return fault_set(f, FAULT_INPUT,
				 "%s: a %s file of %zu bytes, cut short within its header; "
				 "nothing can be read",
				 in->bytes.name, in->format->name, in->bytes.left.len);
	return true;
}

static bool begin(struct input *in, struct fault *f)
{
	if (recognise(in, f) && in->format->open(in, f))
		return true;
	input_close(in);
	return false;
}

/* What opens other people's traffic is not left in freed memory. */
static void forget_secrets(struct input *in)
{
	if (in->secrets.at)
		explicit_bzero(in->secrets.at, in->secrets.len);
	buf_release(&in->secrets);
}

void input_begin(struct input *in, const char *name)
{
	in->info = (struct source_info){ .name = name, .format = "?", .first = MOMENT_NONE,
					 .last = MOMENT_NONE, .ended = MOMENT_NONE };
	forget_secrets(in);
	buf_init(&in->secrets, INPUT_SECRETS_MAX);
	in->parked = false;
}

bool input_open(struct input *in, const char *name, struct fault *f)
{
	input_begin(in, name);
	return (in->original ? original_bytes(in->original, &in->bytes, &in->size, f)
	                     : bytes_open(&in->bytes, name, &in->size, f)) && begin(in, f);
}

bool input_open_memory(struct input *in, const char *name, struct span bytes, struct fault *f)
{
	input_begin(in, name);
	in->size = bytes.len;
	bytes_memory(&in->bytes, name, bytes);
	return begin(in, f);
}

uint64_t input_position(const struct input *in)
{
	return in->format ? bytes_position(&in->bytes) : in->position;
}

void input_close(struct input *in)
{
	in->position = input_position(in);
	if (in->format)
		in->format->close(in);
	in->format = NULL;
	in->state = NULL;
	bytes_close(&in->bytes);
}

void input_release(struct input *in)
{
	input_close(in);
	forget_secrets(in);
}

void input_park(struct input *in)
{
	input_close(in);
	in->position = 0;
	in->parked = true;
}

void input_lost(struct input *in, const struct source_loss *loss)
{
	struct source_loss *all = &in->loss;
	int64_t from = loss->from != MOMENT_NONE ? loss->from : in->info.first;

	if (from == MOMENT_NONE || from > loss->until)
		from = loss->until;
	if (!all->packets || from < all->from)
		all->from = from;
	if (!all->packets || loss->until > all->until)
		all->until = loss->until;
	all->packets += loss->packets;
	all->frames += loss->frames;
}

void input_count(struct input *in)
{
	struct source_info *info = &in->info;
	const struct frame *frame = &in->frame;

	info->frames++;
	info->bytes += frame->bytes.len;
	info->truncated += frame->bytes.len < frame->wire_len;
	if (info->first == MOMENT_NONE || frame->time < info->first)
		info->first = frame->time;
	if (info->last == MOMENT_NONE || frame->time > info->last)
		info->last = frame->time;
}

enum source_next input_next(struct input *in, struct fault *f)
{
	enum source_next next = in->format->next(in, f);

	if (next == SOURCE_FRAME)
		input_count(in);
	else if (next == SOURCE_FAULT && f->kind == FAULT_CUT)
		in->info.cut = true;
	return next;
}

enum source_next input_cut(struct input *in, const char *what, uint64_t missing, struct fault *f)
{
	const struct bytes *b = &in->bytes;
	uint64_t end = b->offset + b->left.len;

	if (b->fault.kind != FAULT_NONE)
		*f = b->fault;
	else
		fault_set(f, FAULT_CUT,
			  "%s: cut short: it ends at byte %" PRIu64 "%s, where %" PRIu64
			  " more bytes of %s should be; the %" PRIu64 " frames before are whole",
			  b->name, end, b->from && b->from->packed ? " of the unpacked data" : "", missing,
			  what, in->info.frames);
	return SOURCE_FAULT;
}

enum source_next input_damaged(struct input *in, uint64_t at, struct fault *f, const char *format,
			       ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	fault_set(f, FAULT_CUT, "%s: damaged at byte %" PRIu64 "%s: %s; %" PRIu64 " frames were read before",
		  in->bytes.name, at,
		  in->bytes.from && in->bytes.from->packed ? " of the unpacked data" : "", text,
		  in->info.frames);
	return SOURCE_FAULT;
}

void input_keep_secrets(struct input *in, struct span text)
{
	size_t before = in->secrets.len;

	if (buf_add(&in->secrets, text) &&
	    (!text.len || text.at[text.len - 1] == '\n' || buf_add_byte(&in->secrets, '\n'))) {
		in->info.secrets++;
		return;
	}
	in->secrets.len = before;
	in->info.secrets_lost++;
}

/* Raw IP is DLT_RAW 12 on most systems and 14 on OpenBSD, and LINKTYPE_RAW 101 in files
 * (pcap-linktype(7)); writers that skip the translation are common.  The upper half of the field
 * tells of a frame check sequence, which the lengths in the IP header cut off anyway. */
uint16_t input_link_type(uint32_t told)
{
	uint16_t type = (uint16_t)told;

	return type == 12 || type == 14 ? 101 : type;
}
