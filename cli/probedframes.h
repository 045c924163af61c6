/* cli/probedframes.h - which packets of a probe are judged: inside of probed.c. */
#ifndef CLI_PROBEDFRAMES_H
#define CLI_PROBEDFRAMES_H

#include "cli/probed.h"

/* BPF for the ports that are asked, names and ICMP errors. */
void probed_filter(const struct probed *p, char *filter, size_t size);

/* The check is about a proxy itself, and no update point. */
bool probed_is_proxy(const struct probed *p, const struct check *c);

/* Packets of judged checks, in their order. */
bool probed_feed_tape(struct probed *p);
bool probed_feed_capture(struct probed *p, struct fault *f);

#endif
