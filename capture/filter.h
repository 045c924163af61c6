/* capture/filter.h - which frames a BPF expression lets through (pcap-filter(7)).
 *
 * libpcap compiles it, once for each link type that occurs.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "base/fault.h"
#include "base/frame.h"

struct filter;

enum filter_verdict {
	FILTER_PASS,
	FILTER_REFUSE,
	FILTER_UNFIT,           /* the fault tells why it cannot be applied to this link type; told once */
};

/* `text` is borrowed until filter_free.  NULL: it fits no common link type (FAULT_USAGE), or no memory. */
struct filter *filter_new(const char *text, struct fault *f);
void filter_free(struct filter *filter);

enum filter_verdict filter_judge(struct filter *filter, const struct frame *frame, struct fault *f);

#endif
