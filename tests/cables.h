/* tests/cables.h - interfaces of a test's own, in a network namespace that ends with the process.
 *
 * What is sent on one end of a cable is captured on the other.  Frames carry a number, and a type that nobody
 * else sends.
 */
#ifndef TESTS_CABLES_H
#define TESTS_CABLES_H

#include <stdbool.h>

#include "base/frame.h"

enum { CABLES_TYPE = 0x88b5, CABLES_FRAME = 1000 };       /* for local experiments (RFC 9542); bytes */

#define CABLES_FILTER "ether proto 0x88b5"

/* Enters a namespace with a loopback interface.  False: this needs root; said. */
bool cables_begin(void);

/* Runs "ip ..." and fails the test when that fails. */
void cables_ip(const char *arguments);

/* Both ends up, without IPv6. */
void cables_add(const char *end, const char *other);

/* To send on an interface; the caller closes it. */
int cables_open(const char *end);
void cables_send(int cable, unsigned number);

/* The number of a frame; fails the test when it is another frame. */
unsigned cables_number(const struct frame *frame);

/* UDP on loopback, from `flows` ports; each datagram holds `text`. */
void cables_datagrams(unsigned flows, unsigned of_each, unsigned port, const char *text);

/* This thread can use no capability; or can again. */
void cables_rights(bool can);

#endif
