/* tests/wires.h - interfaces of a test's own, in a network namespace that ends with the process.
 *
 * What is sent on one end of a wire is captured on the other.  Frames carry a number, and a type that nobody else sends.
 */
#ifndef TESTS_WIRES_H
#define TESTS_WIRES_H

#include <stdbool.h>

#include "base/frame.h"

enum { WIRES_TYPE = 0x88b5, WIRES_FRAME = 1000 };       /* for local experiments (RFC 9542); bytes */

#define WIRES_FILTER "ether proto 0x88b5"

/* Enters a namespace with a loopback interface.  False: this needs root; said. */
bool wires_begin(void);

/* Runs "ip ..." and fails the test when that fails. */
void wires_ip(const char *arguments);

/* Both ends up, without IPv6. */
void wires_add(const char *end, const char *other);

/* To send on an interface; the caller closes it. */
int wires_open(const char *end);
void wires_send(int wire, unsigned number);

/* The number of a frame; fails the test when it is another frame. */
unsigned wires_number(const struct frame *frame);

/* UDP on loopback, from `flows` ports; each datagram holds `text`. */
void wires_datagrams(unsigned flows, unsigned of_each, unsigned port, const char *text);

/* This thread can use no capability; or can again. */
void wires_rights(bool can);

#endif
