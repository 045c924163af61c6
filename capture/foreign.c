/* capture/foreign.c - telling a stranger what the file is and how to go on. */
#include "capture/foreign.h"

#include "base/buf.h"
#include "capture/order.h"

#define EDITCAP    "convert it: editcap -F pcapng @ out.pcapng"
#define HTML       "an HTML page"
#define NO_CAPTURE "name the capture itself; this may be the error page of a download"
#define NO_PACKETS "it holds no packets; give the capture it was made from"

struct foreign {
	size_t at;
	struct span magic;
	const char *what;
	const char *advice;
};

static const struct foreign foreigns[] = {
#define X(at, magic, what, advice) { at, SPAN_LIT(magic), what, advice },
#include "capture/foreign.def"
#undef X
};

static const struct foreign empty = { .what = "empty",
	.advice = "the capture stopped before it wrote anything; record it again" };
static const struct foreign etl = { .what = "a Windows event trace (ETL, of netsh trace or pktmon)",
	.advice = "convert it: etl2pcapng @ out.pcapng   (one of pktmon also on Windows: "
		  "pktmon etl2pcap @ --out out.pcapng)" };
static const struct foreign endace = { .what = "an ERF capture of Endace by its name",
	.advice = EDITCAP };
static const struct foreign hexdump = { .what = "a hex dump, not a capture",
	.advice = "convert it: text2pcap @ out.pcap" };
static const struct foreign text = { .what = "a text, not a capture", .advice = NO_PACKETS };
static const struct foreign zeros = { .what = "filled with zeros",
	.advice = "its transfer or its disk failed; copy it again" };
static const struct foreign unknown = { .what = "not a capture in a known format",
	.advice = "pcap and pcapng are read; if Wireshark opens it, convert it: "
		  "editcap -F pcapng @ out.pcapng" };

/* A buffer's size (a power of two), at 72 the header of the first event, the
 * trace's own: version, SYSTEM32 or SYSTEM64, marker (WMI_BUFFER_HEADER and
 * SYSTEM_TRACE_HEADER of Windows' ntwmi.h). */
static bool is_etl(struct span head)
{
	uint32_t size;

	if (head.len < 76)
		return false;
	size = order_32(head.at, false);
	return size >= 1024 && size <= 1 << 24 && !(size & (size - 1)) && head.at[75] == 0xc0 &&
	       (head.at[74] == 1 || head.at[74] == 2);
}

static bool is_text(struct span head)
{
	for (size_t i = 0; i < head.len; i++)
		if (head.at[i] < ' ' && span_byte(SPAN("\t\r\n\f\x1b"), head.at[i]) == SIZE_MAX)
			return false;
	return true;
}

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* A first line of an offset and then pairs of hex digits (text2pcap(1)). */
static bool is_hexdump(struct span head)
{
	struct span line = span_trim(span_split(&head, '\n'));
	struct span offset = span_split(&line, ' ');
	size_t pairs = 0;

	for (size_t i = 0; i < offset.len; i++)
		if (!is_hex(offset.at[i]) && !(offset.at[i] == ':' && i + 1 == offset.len))
			return false;
	while (line.len) {
		struct span word = span_split(&line, ' ');

		if (!word.len)
			continue;
		if ((word.len != 2 && word.len != 4) || !is_hex(word.at[0]) || !is_hex(word.at[1]))
			break;
		pairs++;
	}
	return offset.len >= 3 && pairs >= 4;
}

static bool is_zeros(struct span head)
{
	for (size_t i = 0; i < head.len; i++)
		if (head.at[i])
			return false;
	return true;
}

static const struct foreign *foreign_of(const char *name, struct span head)
{
	if (!head.len)
		return &empty;
	for (size_t i = 0; i < sizeof foreigns / sizeof *foreigns; i++)
		if (span_starts(span_skip(head, foreigns[i].at), foreigns[i].magic))
			return &foreigns[i];
	if (is_etl(head) || span_iends(span_text(name), SPAN(".etl")))
		return &etl;
	if (is_hexdump(head))
		return &hexdump;
	if (is_text(head))
		return &text;
	if (is_zeros(head))
		return &zeros;
	/* ERF has no magic number. */
	return span_iends(span_text(name), SPAN(".erf")) ? &endace : &unknown;
}

bool foreign_tell(const char *name, const char *packed, struct span head, struct fault *f)
{
	const struct foreign *foreign = foreign_of(name, head);
	struct span advice = span_text(foreign->advice);
	struct buf told;

	fault_set(f, FAULT_INPUT, "%s: %s", name, foreign->what);
	buf_init(&told, sizeof f->text - 1);
	buf_printf(&told, "%s: %s%s%s; ", name, foreign->what, packed ? ", packed with " : "",
		   packed ? packed : "");
	while (advice.len) {
		struct span before = span_split(&advice, '@');

		buf_add_some(&told, before);
		if (advice.len || before.at[before.len] == '@')
			buf_add_some(&told, span_text(name));
	}
	if (told.len)
		fault_set(f, FAULT_INPUT, "%.*s", (int)told.len, (const char *)told.at);
	buf_release(&told);
	return false;
}
