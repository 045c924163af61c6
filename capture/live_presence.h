/* capture/live_presence.h - interfaces that go away and come back.  Inside capture/live* only.
 *
 * A packet socket outlives its interface.  One that is taken down and up again needs nothing;
 * one that is removed and made anew has another index, to which the same socket can be bound
 * (packet(7)): neither needs a right that opening had needed.
 */
#ifndef CAPTURE_LIVE_PRESENCE_H
#define CAPTURE_LIVE_PRESENCE_H

#include "capture/live_device.h"

/* Notes what the interface is, once its rings are open. */
void live_presence_begin(struct live_device *d);

#endif
