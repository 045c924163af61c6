/* decoders/tlsopen.h - the keys of one TLS session: found as its handshakes go on, and used on its records.
 *
 * Follows the handshake messages of both sides, looks for secrets in the run's store, and opens what they
 * protect, SSL 3.0 to TLS 1.3.  It tells of the fact only how much could be read; it owns no buffer but what
 * the messages of a handshake that is under way need.
 */
#ifndef DECODERS_TLSOPEN_H
#define DECODERS_TLSOPEN_H

#include "decoders/layer.h"
#include "decoders/tlscrypt.h"
#include "decoders/tlsmsg.h"
#include "facts/tls.h"

struct tlsopen;

/* `fact` is borrowed: its `reading` is kept up to date.  NULL: out of memory, or libcrypto does not start. */
struct tlsopen *tlsopen_new(const struct layer_env *env, struct tls_session *fact);
void tlsopen_free(struct tlsopen *o);           /* NULL is fine; wipes what it knew */

/* What happens, in order.  Of a hello in SSL 2.0's clothes, what is behind its first five bytes. */
void tlsopen_sslv2(struct tlsopen *o, struct span rest);
void tlsopen_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m);
void tlsopen_change_cipher(struct tlsopen *o, enum side from);
void tlsopen_lost(struct tlsopen *o, enum side from);   /* bytes of that side */

/* Whether a record of that type, which comes next, is protected and may be opened. */
bool tlsopen_wants(struct tlsopen *o, enum side from, unsigned type);

struct tlsopen_record {
	uint8_t type;                   /* as in its header */
	uint16_t version;
	uint8_t *fragment;              /* opened in place; undefined when it does not open */
	size_t len;
};

/* Opens such a record.  False: it stays shut. */
bool tlsopen_record(struct tlsopen *o, enum side from, const struct tlsopen_record *sealed,
                    struct tlscrypt_record *content);

/* How much a record of that length holds; SIZE_MAX: cannot be told. */
size_t tlsopen_content(const struct tlsopen *o, size_t length);

/* What the server makes of data that came before its hello (RFC 8446 section 4.2.10). */
enum tlsopen_early { TLSOPEN_EARLY_UNKNOWN, TLSOPEN_EARLY_TAKEN, TLSOPEN_EARLY_REFUSED };
enum tlsopen_early tlsopen_early(const struct tlsopen *o);

/* What stays shut of that side is such data, refused: the server skips it, and it is sent again. */
bool tlsopen_is_refused(const struct tlsopen *o, enum side from);

/* The side sends in the clear, as far as its hellos tell. */
bool tlsopen_is_clear(const struct tlsopen *o, enum side from);

/* The client's last record that opened was such data. */
bool tlsopen_is_early(const struct tlsopen *o);

/* The session is over: a key that opened nothing is told as such. */
void tlsopen_end(struct tlsopen *o);

/* Nothing that comes can be opened any more. */
bool tlsopen_over(const struct tlsopen *o);

#endif
