/* capture/pretrigger.h - the last packets in memory, of which only evidence is recorded.
 *
 * Packets wait in a ring of bytes.  When a finding names connections or frames,
 * those still in the ring are recorded, and from then on all that comes of these
 * connections.  What had left the ring already is counted.
 */
#ifndef CAPTURE_PRETRIGGER_H
#define CAPTURE_PRETRIGGER_H

#include "capture/recording.h"

struct pretrigger;

/* `bytes` of packets at most, and `wanted` connections that are followed: of more, those longest silent are
 * followed no more.  `to` is borrowed.  NULL: out of memory. */
struct pretrigger *pretrigger_new(struct recording *to, size_t bytes, size_t wanted);
void pretrigger_free(struct pretrigger *p);

/* A frame that was analysed; `stream` is its connection's id (0: of none).  False: as recording_frame. */
bool pretrigger_frame(struct pretrigger *p, const struct frame *frame, uint64_t stream,
                      struct fault *f);

/* Evidence: connections by id, single frames by number, and with one that is still held its connection.  They
 * are recorded by pretrigger_take, those of several findings together, in the order of frames.  What was
 * wanted before may be so again. */
void pretrigger_want(struct pretrigger *p, const uint64_t *streams, size_t stream_count,
                     const uint64_t *frames, size_t frame_count);
bool pretrigger_take(struct pretrigger *p, struct fault *f);

uint64_t pretrigger_late(const struct pretrigger *p);   /* frames wanted by number that had left the ring */
size_t pretrigger_bytes(const struct pretrigger *p);    /* held */

#endif
