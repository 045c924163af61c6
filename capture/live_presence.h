/* capture/live_presence.h - interfaces that go away and come back.  Inside capture/live* only.
 *
 * A packet socket outlives its interface.  One that is taken down and up again needs nothing;
 * one that is removed and made anew has another index, to which the same socket can be bound
 * (packet(7)): neither needs a right that opening had needed.  No socket of a group is bound anew
 * (EINVAL: packet_do_bind in Linux' net/packet/af_packet.c), nor does one leave its group: of several
 * rings (-j) one more is kept outside, and takes over.
 */
#ifndef CAPTURE_LIVE_PRESENCE_H
#define CAPTURE_LIVE_PRESENCE_H

#include "capture/live_device.h"

/* Notes what the interface is, once its rings are open. */
void live_presence_begin(struct live_device *d);

/* It is one that can be removed: `any` is not. */
bool live_presence_may_end(const struct live_device *d);

/* Binds the last ring to frames that there are none of.  False: errno tells. */
bool live_presence_hush(const struct live_device *d);

#endif
