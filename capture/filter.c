/* capture/filter.c - one compiled program a link type. */
#include "capture/filter.h"

#include "capture/linktype.h"

#include <stdlib.h>

enum { PROGRAMS_MAX = 32 };     /* link types in one run; further ones are refused */

struct program {
	uint16_t link_type;
	bool fits;
	struct bpf_program code;
};

struct filter {
	const char *text;
	struct program programs[PROGRAMS_MAX];
	size_t count;
	const struct program *last;     /* used last */
};

static bool compile(const char *text, uint16_t link_type, struct bpf_program *code, struct fault *f)
{
	pcap_t *handle = linktype_handle(link_type);
	bool ok;

	if (!handle)
		return fault_set(f, FAULT_USAGE, "filter '%s': libpcap knows no link type %u", text,
				 link_type);
	ok = pcap_compile(handle, code, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!ok)
		fault_set(f, FAULT_USAGE, "filter '%s': %s (link type %u); see man pcap-filter", text,
			  pcap_geterr(handle), link_type);
	pcap_close(handle);
	return ok;
}

/* What fits none of these is wrong rather than special.  All that it fits is kept: names of hosts and ports
 * are looked up here, and a sealed process will find none. */
static bool fits_any(struct filter *filter, struct fault *f)
{
	/* Wi-Fi with radiotap and without, cooked, raw IP, and the one whose error is told: Ethernet. */
	static const uint16_t common[] = { 127, 105, 276, 113, 101, 1 };

	for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
		struct program *p = &filter->programs[filter->count];

		*p = (struct program){ .link_type = common[i], .fits = true };
		filter->count += compile(filter->text, common[i], &p->code, f);
	}
	if (filter->count)
		*f = (struct fault){ .kind = FAULT_NONE };
	return filter->count > 0;
}

struct filter *filter_new(const char *text, struct fault *f)
{
	struct filter *filter = calloc(1, sizeof *filter);

	if (!filter) {
		fault_set(f, FAULT_MEMORY, "no memory for the filter");
		return NULL;
	}
	filter->text = text;
	if (fits_any(filter, f))
		return filter;
	filter_free(filter);
	return NULL;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->programs[i].fits)
			pcap_freecode(&filter->programs[i].code);
	free(filter);
}

/* NULL: no room for one more link type.  *made: it was not met before. */
static const struct program *program_for(struct filter *filter, uint16_t link_type, bool *made,
					 struct fault *f)
{
	struct program *p;

	*made = false;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->programs[i].link_type == link_type)
			return &filter->programs[i];
	if (filter->count == PROGRAMS_MAX)
		return NULL;
	*made = true;
	p = &filter->programs[filter->count++];
	p->link_type = link_type;
	p->fits = compile(filter->text, link_type, &p->code, f);
	return p;
}

enum filter_verdict filter_judge(struct filter *filter, const struct frame *frame, struct fault *f)
{
	struct pcap_pkthdr head = { .caplen = (bpf_u_int32)frame->bytes.len, .len = frame->wire_len };
	bool made = false;

	if (!filter->last || filter->last->link_type != frame->link_type)
		filter->last = program_for(filter, frame->link_type, &made, f);
	if (!filter->last)
		return FILTER_REFUSE;
	if (!filter->last->fits)
		return made ? FILTER_UNFIT : FILTER_REFUSE;
	return pcap_offline_filter(&filter->last->code, &head, frame->bytes.at) ? FILTER_PASS
										: FILTER_REFUSE;
}
