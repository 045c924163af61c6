/* tests/scripted.c - one request a connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/scripted.h"

enum { REQUEST_MAX = 1 << 17, TRIES = 200 };

static bool is_whole(const char *text, size_t len)
{
	const char *head = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "\r\nContent-Length:");

	if (!head)
		return false;
	return !length || length > head || len >= (size_t)(head + 4 - text) + strtoul(length + 17, NULL, 10);
}

void scripted_serve(struct peer *p, int fd)
{
	const struct scripted_row *row = p->script;
	char *text = calloc(1, REQUEST_MAX);
	size_t len = 0;

	while (text && len + 1 < REQUEST_MAX && !is_whole(text, len)) {
		ssize_t got = recv(fd, text + len, REQUEST_MAX - 1 - len, 0);

		if (got <= 0)
			break;
		len += (size_t)got;
	}
	while (text && row->words && !strstr(text, row->words))
		row++;
	if (text && is_whole(text, len))
		(void)!send(fd, row->answer, strlen(row->answer), MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	free(text);
}

bool scripted_start_pair(struct peer *plain, const struct scripted_row *rows, struct peer *tls,
                         const struct tls_script *script)
{
	for (int i = 0; i < TRIES; i++) {
		peer_start(tls, tls_serve, script);
		if (peer_start_at(plain, scripted_serve, rows, (uint16_t)(tls->port - 1)))
			return true;
		peer_stop(tls);
	}
	return false;
}
