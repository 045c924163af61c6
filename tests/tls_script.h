/* tests/tls_script.h - TLS sessions as a line of records, a word each, and what their fact says.
 *
 * A word is the side (C, S), the kind, a number, and letters; the n-th word is frame n:
 *
 *   m1 s e    a message of that type in the clear (s: with a session id, e: offers early data, r: is a
 *             HelloRetryRequest, p: takes a PSK, x: a certificate is in it, d: signs a downgrade)
 *   c1        ChangeCipherSpec, its record so long
 *   h40       a handshake record so long that nobody can read
 *   a26       likewise an alert
 *   d100      likewise application data
 *   M A D     a message, an alert of that description, data that somebody opened; K: ChangeCipherSpec
 *   S!        bytes are missing
 */
#ifndef TESTS_TLS_SCRIPT_H
#define TESTS_TLS_SCRIPT_H

#include "facts/tls.h"

struct tls_script {
	const char *words;
	uint16_t version, suite;        /* what the server's hello says; 0: TLS 1.2, ECDHE with AES-128-GCM */
	bool encrypt_then_mac;
	bool joined;
};

enum { SCRIPT_TEXT = 1024 };

/* Told record by record; "again ..." and the like. */
void tls_script_told(const struct tls_script *script, char text[static SCRIPT_TEXT]);

/* The same through the layer, as bytes in pieces of `step`.  False: it has words that no bytes can say. */
bool tls_script_told_bytes(const struct tls_script *script, size_t step, char text[static SCRIPT_TEXT]);

/* Told of the first `count` words. */
void tls_script_told_start(const struct tls_script *script, size_t count, char text[static SCRIPT_TEXT]);

#endif
