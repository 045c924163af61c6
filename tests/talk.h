/* tests/talk.h - whole TLS conversations from a line of words, really encrypted, and what is read of them.
 *
 * A word is a side (C, S) and what it sends, a record each; the n-th word is frame n:
 *
 *   hello     ClientHello or ServerHello; hello=e: the client offers early data; hello=r: HelloRetryRequest;
 *             hello=o: a TLS 1.3 client is answered by TLS 1.2
 *   ext       EncryptedExtensions; ext=e: early data are taken
 *   key       ClientKeyExchange
 *   ccs       ChangeCipherSpec; up to TLS 1.2 the side's new keys count from here
 *   early     no record: the client uses early keys from here on
 *   end       EndOfEarlyData, and then the keys of the handshake; late: those without it
 *   fin       Finished, and in TLS 1.3 the keys of data from here on
 *   update    KeyUpdate, and new keys
 *   bye       close_notify
 *   get=x     GET /x; ok=abc: an answer 200 with that body; raw=abc: those bytes, _ for a blank
 *   rec=2abc  a record of type 22 with those bytes
 *   get=x~    any word that ends so: the first half of its bytes, the rest comes with the side's next word
 *   rest      nothing but that
 *   log=hH    no record: these secrets, too, are now in the log; where the word is, that is being written
 *   lost=abc  a record of those bytes, a hole in its place; cut=abc: its header comes
 */
#ifndef TESTS_TALK_H
#define TESTS_TALK_H

#include <stddef.h>

#include "decoders/tlskeys.h"
#include "facts/limits.h"

enum { TALK_TEXT = 2048 };

struct talk {
	const char *words;
	bool tls13;
	const char *known;      /* of the key log: m: master; e: early, h, H: handshake, t, T: traffic */
	bool wrong;             /* what it tells are other secrets */
	const char *spoilt;     /* so are those of these letters; NULL: none */
};

/* Whether its log is being written. */
bool talk_log_grows(const struct talk *talk);

/* Its key log; the caller frees it. */
struct tlskeys *talk_keys(const struct talk *talk);

/* Each exchange ("GET /x 3 200 4; ": frame of the request, of the answer), and the reading: "read 2/0".
 * The conversation is heard in pieces of `step`. */
void talk_told(const struct talk *talk, struct tlskeys *keys, size_t step, char text[static TALK_TEXT],
               struct limits *limits);

#endif
