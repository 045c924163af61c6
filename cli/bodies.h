/* cli/bodies.h - the decoders of content codings, as a probe borrows them. */
#ifndef CLI_BODIES_H
#define CLI_BODIES_H

#include "probes/xpresshook.h"

extern const struct body_decoder bodies_decoder;

#endif
