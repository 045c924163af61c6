/* tests/scripted.h - an HTTP server of a test (peer.h) that answers by what stands in a request. */
#ifndef TESTS_SCRIPTED_H
#define TESTS_SCRIPTED_H

#include "tests/peer.h"

/* The first row whose words stand in the request, its head or its body, answers: that is all that is sent,
 * and then the connection ends.  The last row has NULL for words, and answers the rest. */
struct scripted_row {
	const char *words;
	const char *answer;
};

#define SCRIPTED_STATUS(line, headers) "HTTP/1.1 " line "\r\n" headers "Content-Length: 0\r\n\r\n"

void scripted_serve(struct peer *p, int fd);            /* script: rows */

/* Two ports beside each other, the first for HTTP by these rows; false: none were free. */
bool scripted_start_pair(struct peer *plain, const struct scripted_row *rows, struct peer *tls,
                         const struct tls_script *script);

#endif
