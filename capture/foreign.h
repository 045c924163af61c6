/* capture/foreign.h - files that are no capture wsuscope reads, told apart by their bytes. */
#ifndef CAPTURE_FOREIGN_H
#define CAPTURE_FOREIGN_H

#include "base/fault.h"
#include "base/span.h"

/* Tells what the file is and the command that makes a capture of it.  `head`
 * is its beginning, unpacked from `packed` ("gzip") if that is not NULL.
 * Always false, with FAULT_INPUT. */
bool foreign_tell(const char *name, const char *packed, struct span head, struct fault *f);

#endif
