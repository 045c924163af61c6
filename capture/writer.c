/* capture/writer.c - blocks gathered in a buffer, written as a whole. */
#include "capture/writer.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/moment.h"
#include "capture/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	GATHER = 256 * 1024,            /* handed over from here on */
	GATHER_MAX = 64 << 20,          /* one block at most, with its options */
	INTERFACES_MAX = 65536,
	COMMENT_MAX = UINT16_MAX,       /* an option's length has 16 bits */
	SNAPLEN = 262144,               /* what classic readers take for unlimited */
	LINK_TYPE_ETHERNET = 1,
};

#define PCAP_MAGIC_NANO 0xa1b23c4du

/* What appears as one interface in the file. */
struct key {
	uint32_t interface;
	uint16_t file;
	uint16_t link_type;
};

struct interface {
	uint64_t frames;
	uint64_t dropped;
	bool told;                      /* of `dropped` */
	int64_t last;                   /* time of its last frame */
};

struct writer {
	const char *path;
	int fd;
	enum writer_format format;
	struct buf out;
	struct map ids;                 /* struct key; the n-th is interface n of the file */
	struct interface *interfaces;
	size_t room;
	uint16_t link_type;             /* classic: the only one */
	uint64_t frames, handed;
	int64_t flushed;                /* time of the frame at which the system last got everything */
};

/* Integers and blocks ----------------------------------------------------- */

/* The file is little-endian wherever it is written.  Room was reserved. */
static void put(struct buf *out, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		out->at[out->len++] = (uint8_t)(value >> 8 * i);
}

static void put_bytes(struct buf *out, struct span bytes)
{
	static const uint8_t zeros[3];
	size_t padding = -bytes.len & 3;

	if (bytes.len)
		memcpy(out->at + out->len, bytes.at, bytes.len);
	memcpy(out->at + out->len + bytes.len, zeros, padding);
	out->len += bytes.len + padding;
}

static void put_option(struct buf *out, enum pcapng_option code, struct span value)
{
	put(out, code, 2);
	put(out, value.len, 2);
	put_bytes(out, value);
}

static void put_option_number(struct buf *out, enum pcapng_option code, uint64_t value, size_t width)
{
	put(out, code, 2);
	put(out, width, 2);
	put(out, value, width);
}

/* Room for a block with a body of up to `body` bytes; its beginning in *at. */
static bool begin_block(struct buf *out, uint32_t type, size_t body, size_t *at)
{
	*at = out->len;
	if (!buf_reserve(out, body + PCAPNG_BLOCK_MIN))
		return false;
	put(out, type, 4);
	put(out, 0, 4);
	return true;
}

static void end_block(struct buf *out, size_t at)
{
	size_t end = out->len + PCAPNG_BLOCK_TAIL, length = end - at;

	put(out, length, 4);
	out->len = at + 4;
	put(out, length, 4);
	out->len = end;
}

static bool out_of_memory(const struct writer *w, struct fault *f)
{
	return fault_set(f, FAULT_MEMORY, "%s: no memory to write it", w->path);
}

/* Heads ------------------------------------------------------------------- */

static bool put_section(struct writer *w, struct fault *f)
{
	size_t at;

	if (!begin_block(&w->out, PCAPNG_BLOCK_SECTION, 64, &at))
		return out_of_memory(w, f);
	put(&w->out, PCAPNG_BYTE_ORDER, 4);
	put(&w->out, 1, 2);
	put(&w->out, 0, 2);
	put(&w->out, UINT64_MAX, 8);    /* the section's length is not known */
	put_option(&w->out, PCAPNG_SHB_USERAPPL, SPAN("wsuscope"));
	put_option(&w->out, PCAPNG_END, span_of(NULL, 0));
	end_block(&w->out, at);
	return true;
}

static bool put_interface(struct writer *w, uint16_t link_type)
{
	size_t at;

	if (!begin_block(&w->out, PCAPNG_BLOCK_INTERFACE, 64, &at))
		return false;
	put(&w->out, link_type, 2);
	put(&w->out, 0, 2);
	put(&w->out, 0, 4);             /* no snap length */
	put_option(&w->out, PCAPNG_IF_TSRESOL, SPAN("\x09"));
	put_option(&w->out, PCAPNG_END, span_of(NULL, 0));
	end_block(&w->out, at);
	return true;
}

/* The classic file's head waits for the first frame, which tells the link type. */
static bool put_pcap_head(struct writer *w, uint16_t link_type, struct fault *f)
{
	if (!buf_reserve(&w->out, 24))
		return out_of_memory(w, f);
	put(&w->out, PCAP_MAGIC_NANO, 4);
	put(&w->out, 2, 2);
	put(&w->out, 4, 2);
	put(&w->out, 0, 8);
	put(&w->out, SNAPLEN, 4);
	put(&w->out, link_type, 4);
	w->link_type = link_type;
	return true;
}

/* Frames ------------------------------------------------------------------ */

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

/* The frame's interface, which appears in the file with its first frame; NULL: the fault tells. */
static struct interface *interface_for(struct writer *w, const struct frame *frame, struct fault *f)
{
	struct key key = { frame->interface, frame->file, frame->link_type };
	struct map_entry *entry = map_put(&w->ids, span_of(&key, sizeof key));

	size_t id;

	if (!entry && w->ids.count == INTERFACES_MAX)
		fault_set(f, FAULT_OUTPUT, "%s: frames of more than %d interfaces", w->path,
			  INTERFACES_MAX);
	else if (!entry)
		out_of_memory(w, f);
	if (!entry)
		return NULL;
	id = (size_t)(entry - w->ids.entries);
	if (entry->value)
		return &w->interfaces[id];
	if (!room_for(w, id) || !put_interface(w, frame->link_type)) {
		out_of_memory(w, f);
		return NULL;
	}
	w->interfaces[id] = (struct interface){ .last = MOMENT_NONE };
	entry->value = w;               /* described */
	return &w->interfaces[id];
}

static void put_comment(struct buf *out, struct span comment)
{
	if (comment.len > COMMENT_MAX)
		comment.len = COMMENT_MAX;
	if (comment.len)
		put_option(out, PCAPNG_COMMENT, comment);
}

static void put_packet_options(struct buf *out, const struct frame *frame, struct span comment)
{
	size_t before = out->len;

	put_comment(out, frame->comment);
	put_comment(out, comment);
	if (frame->direction != FRAME_UNKNOWN)
		put_option_number(out, PCAPNG_PACKET_FLAGS,
				  frame->direction == FRAME_INBOUND ? PCAPNG_INBOUND : PCAPNG_OUTBOUND, 4);
	if (frame->packet_id)
		put_option_number(out, PCAPNG_PACKET_ID, frame->packet_id, 8);
	if (out->len > before)
		put_option(out, PCAPNG_END, span_of(NULL, 0));
}

/* Times before 1970 cannot be written in either format. */
static uint64_t written_time(const struct frame *frame)
{
	return frame->time < 0 ? 0 : (uint64_t)frame->time;
}

static bool put_packet(struct writer *w, const struct frame *frame, struct span comment,
		       struct fault *f)
{
	size_t most = PCAPNG_ENHANCED_HEAD + frame->bytes.len + frame->comment.len + comment.len + 64;
	struct interface *i = interface_for(w, frame, f);
	size_t at;

	if (!i)
		return false;
	if (!begin_block(&w->out, PCAPNG_BLOCK_ENHANCED, most, &at))
		return out_of_memory(w, f);
	i->frames++;
	i->last = frame->time;
	put(&w->out, (uint64_t)(i - w->interfaces), 4);
	put(&w->out, written_time(frame) >> 32, 4);
	put(&w->out, written_time(frame), 4);
	put(&w->out, frame->bytes.len, 4);
	put(&w->out, frame->wire_len, 4);
	put_bytes(&w->out, frame->bytes);
	put_packet_options(&w->out, frame, comment);
	end_block(&w->out, at);
	return true;
}

static bool put_record(struct writer *w, const struct frame *frame, struct fault *f)
{
	if (!w->frames && !put_pcap_head(w, frame->link_type, f))
		return false;
	if (frame->link_type != w->link_type)
		return fault_set(f, FAULT_OUTPUT,
				 "%s: a classic pcap file holds one link type, and frame %llu has another "
				 "(%u after %u); write pcapng", w->path, (unsigned long long)frame->number,
				 frame->link_type, w->link_type);
	if (!buf_reserve(&w->out, 16 + frame->bytes.len))
		return out_of_memory(w, f);
	put(&w->out, written_time(frame) / (uint64_t)MOMENT_S, 4);
	put(&w->out, written_time(frame) % (uint64_t)MOMENT_S, 4);
	put(&w->out, frame->bytes.len, 4);
	put(&w->out, frame->wire_len, 4);
	return buf_add(&w->out, frame->bytes) || out_of_memory(w, f);
}

bool writer_frame(struct writer *w, const struct frame *frame, struct span comment, struct fault *f)
{
	bool ok = w->format == WRITER_PCAP ? put_record(w, frame, f) : put_packet(w, frame, comment, f);
	int64_t since = frame->time - w->flushed;

	if (!ok)
		return false;
	w->frames++;
	if (w->out.len < GATHER && since < MOMENT_S && since >= 0)
		return true;
	w->flushed = frame->time;
	return writer_flush(w, f);
}

/* The file ---------------------------------------------------------------- */

bool writer_flush(struct writer *w, struct fault *f)
{
	struct span left = buf_span(&w->out);

	while (left.len) {
		ssize_t n = write(w->fd, left.at, left.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		left = span_skip(left, (size_t)n);
		w->handed += (uint64_t)n;
	}
	buf_drop_front(&w->out, w->out.len - left.len);
	return !left.len ||
	       fault_set(f, FAULT_OUTPUT, "%s: writing failed: %s", w->path, strerror(errno));
}

void writer_dropped(struct writer *w, uint16_t file, uint32_t interface, uint64_t dropped)
{
	for (size_t i = 0; i < w->ids.count; i++) {
		struct key key;

		memcpy(&key, w->ids.entries[i].key.at, sizeof key);
		if (key.file != file || key.interface != interface)
			continue;
		w->interfaces[i].dropped = dropped;
		w->interfaces[i].told = true;
	}
}

uint64_t writer_frames(const struct writer *w)
{
	return w->frames;
}

uint64_t writer_bytes(const struct writer *w)
{
	return w->handed + w->out.len;
}

static bool put_statistics(struct writer *w, uint32_t id, const struct interface *i, struct fault *f)
{
	uint64_t last = i->last < 0 ? 0 : (uint64_t)i->last;
	size_t at;

	if (!begin_block(&w->out, PCAPNG_BLOCK_STATISTICS, 64, &at))
		return out_of_memory(w, f);
	put(&w->out, id, 4);
	put(&w->out, last >> 32, 4);
	put(&w->out, last, 4);
	if (i->told)
		put_option_number(&w->out, PCAPNG_ISB_IFDROP, i->dropped, 8);
	put_option_number(&w->out, PCAPNG_ISB_USRDELIV, i->frames, 8);
	put_option(&w->out, PCAPNG_END, span_of(NULL, 0));
	end_block(&w->out, at);
	return true;
}

/* What only the end of the run knows. */
static bool put_end(struct writer *w, struct fault *f)
{
	if (w->format == WRITER_PCAP)
		return w->frames || put_pcap_head(w, LINK_TYPE_ETHERNET, f);
	for (uint32_t i = 0; i < w->ids.count; i++)
		if (!put_statistics(w, i, &w->interfaces[i], f))
			return false;
	return true;
}

static void writer_free(struct writer *w)
{
	if (w->fd >= 0 && w->fd != STDOUT_FILENO)
		close(w->fd);
	buf_release(&w->out);
	map_release(&w->ids);
	free(w->interfaces);
	free(w);
}

struct writer *writer_open(const char *path, enum writer_format format, struct fault *f)
{
	struct writer *w = calloc(1, sizeof *w);

	if (!w) {
		fault_set(f, FAULT_MEMORY, "%s: no memory to write it", path);
		return NULL;
	}
	w->path = path;
	w->format = format;
	buf_init(&w->out, GATHER_MAX);
	map_init(&w->ids, INTERFACES_MAX);
	w->fd = !strcmp(path, "-") ? STDOUT_FILENO
				   : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (w->fd < 0)
		fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
	else if (format == WRITER_PCAP || (put_section(w, f) && writer_flush(w, f)))
		return w;
	writer_free(w);
	return NULL;
}

bool writer_close(struct writer *w, struct fault *f)
{
	bool ok = put_end(w, f) && writer_flush(w, f);

	if (w->fd != STDOUT_FILENO && close(w->fd) < 0 && ok)
		ok = fault_set(f, FAULT_OUTPUT, "%s: writing failed: %s", w->path, strerror(errno));
	w->fd = -1;
	writer_free(w);
	return ok;
}
