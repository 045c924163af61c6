/* decoders/tlskeys_sessions.h - master secrets of sessions that may be resumed (RFC 5246 section 7.3, 5077).
 *
 * Found by a hash of the session's id or ticket; the oldest make room.  Wiped when released.
 */
#ifndef DECODERS_TLSKEYS_SESSIONS_H
#define DECODERS_TLSKEYS_SESSIONS_H

#include "decoders/tlskeys_line.h"

enum { TLSKEYS_SESSIONS_MAX = 65536 };

struct tlskeys_session;

struct tlskeys_sessions {
	struct budget *budget;          /* borrowed, may be NULL */
	struct tlskeys_session *list;
	uint32_t *heads;                /* as many as `room`: 1 + index of a bucket's first; 0: empty */
	size_t room, count;             /* room: a power of two, up to TLSKEYS_SESSIONS_MAX */
	size_t oldest;                  /* once the list is full */
};

void tlskeys_sessions_init(struct tlskeys_sessions *s, struct budget *budget);
void tlskeys_sessions_release(struct tlskeys_sessions *s);

/* Remembered again, the later master stays.  False: no memory, and nothing changed. */
bool tlskeys_sessions_put(struct tlskeys_sessions *s, const uint8_t key[static TLSKEYS_KEY],
                          const uint8_t master[static TLSKEYS_MASTER]);

/* NULL: not there.  Lent until the next put. */
const uint8_t *tlskeys_sessions_get(const struct tlskeys_sessions *s, const uint8_t key[static TLSKEYS_KEY]);

#endif
