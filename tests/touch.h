/* tests/touch.h - reads each byte of what a fuzz target was told, so that the sanitizers look at it. */
#ifndef TESTS_TOUCH_H
#define TESTS_TOUCH_H

#include "base/span.h"

void touch(struct span bytes);

#endif
