/* cli/listing.h - what can be captured on, printed (-D, -L). */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "cli/options.h"

/* Exit statuses. */
int listing_interfaces(void);
int listing_links(const struct options *o);

#endif
