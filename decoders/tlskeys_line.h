/* decoders/tlskeys_line.h - one line of a key log: the NSS format, and what Wireshark takes besides.
 *
 * "LABEL <client random> <secret>", "RSA <8 bytes of the encrypted premaster> <premaster>",
 * "RSA Session-ID:<id> Master-Key:<master>"; bytes are hexadecimal in either case.
 * (NSS Key Log Format; draft-ietf-tls-keylogfile section 2; Wireshark's TLS page)
 */
#ifndef DECODERS_TLSKEYS_LINE_H
#define DECODERS_TLSKEYS_LINE_H

#include "decoders/tlskeys.h"

/* Beside the secrets by client random: those that are found by something else. */
enum { TLSKEYS_BY_ENCRYPTED = TLS_SECRET_COUNT, TLSKEYS_BY_SESSION, TLSKEYS_KINDS };

enum { TLSKEYS_KEY = 32, TLSKEYS_SECRET_MAX = 256, TLSKEYS_ENCRYPTED = 8, TLSKEYS_MASTER = 48 };
enum { TLSKEYS_LINE_MAX = 1024 };       /* bytes; a longer one is of no known kind */

enum tlskeys_line_kind {
	TLSKEYS_LINE_NONE,              /* blank, or a comment */
	TLSKEYS_LINE_SECRET,
	TLSKEYS_LINE_OTHER,             /* well-formed, of no use here */
	TLSKEYS_LINE_UNREAD,
};

struct tlskeys_line {
	unsigned which;                 /* enum tls_secret, or one of the two above */
	uint8_t key[TLSKEYS_KEY];       /* what it is found by, zeros behind it */
	size_t key_len;
	uint8_t secret[TLSKEYS_SECRET_MAX];
	size_t secret_len;
};

/* Fills *line for TLSKEYS_LINE_SECRET alone, but may write to it for any. */
enum tlskeys_line_kind tlskeys_line_read(struct span text, struct tlskeys_line *line);

#endif
