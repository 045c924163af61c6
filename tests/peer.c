/* tests/peer.c - threads with a listening socket. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/peer.h"

enum { PATIENCE_S = 5 };

/* 0: any port; -1: it is taken. */
static int listen_on(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                  .sin_port = htons(*port) };
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	if (bind(fd, (struct sockaddr *)&at, sizeof at)) {
		close(fd);
		return -1;
	}
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void *run(void *self)
{
	struct peer *p = self;
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd;

	while ((fd = accept(p->listener, NULL, NULL)) >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		p->serve(p, fd);
		close(fd);
	}
	return NULL;
}

bool peer_start_at(struct peer *p, void (*serve)(struct peer *p, int fd), const void *script, uint16_t port)
{
	p->serve = serve;
	p->script = script;
	p->port = port;
	p->listener = listen_on(&p->port);
	if (p->listener < 0)
		return false;
	assert_int_equal(pthread_create(&p->thread, NULL, run, p), 0);
	return true;
}

void peer_start(struct peer *p, void (*serve)(struct peer *p, int fd), const void *script)
{
	assert_true(peer_start_at(p, serve, script, 0));
}

void peer_stop(struct peer *p)
{
	shutdown(p->listener, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->listener);
}

/* ---- TLS ---- */

static int any_certificate(int fine, X509_STORE_CTX *store)
{
	(void)fine;
	(void)store;
	return 1;
}

static SSL_CTX *context_of(const struct tls_script *s)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, s->min ? s->min : TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, s->max);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_use_certificate(ctx, s->own->certificate);
	SSL_CTX_use_PrivateKey(ctx, s->own->key);
	if (s->besides)
		SSL_CTX_add1_chain_cert(ctx, s->besides->certificate);
	else
		SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	if (s->asks || s->demands)
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | (s->demands ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
				   any_certificate);
	return ctx;
}

static bool read_head(SSL *ssl, int fd, char head[static PEER_HEAD])
{
	size_t used = 0;

	head[0] = '\0';
	while (!strstr(head, "\r\n\r\n") && used + 1 < PEER_HEAD) {
		long got = ssl ? SSL_read(ssl, head + used, (int)(PEER_HEAD - 1 - used))
			       : recv(fd, head + used, PEER_HEAD - 1 - used, 0);

		if (got <= 0)
			return false;
		used += (size_t)got;
		head[used] = '\0';
	}
	return true;
}

/* Begins a second handshake, and waits for its end; false: there is none. */
static bool shake_again(SSL *ssl)
{
	char nothing;

	SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, any_certificate);
	if (SSL_renegotiate(ssl) != 1 || SSL_do_handshake(ssl) != 1)
		return false;
	SSL_peek(ssl, &nothing, 0);
	return SSL_get0_peer_certificate(ssl);
}

static void reset(int fd)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* False: the connection is over. */
static bool answer_one(SSL *ssl, int fd, const struct tls_script *s)
{
	const char *said = s->answer ? s->answer : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	char head[PEER_HEAD];

	if (!read_head(ssl, fd, head))
		return false;
	if (s->asks_later && strstr(head, s->asks_later)) {
		if (s->resets_later && SSL_version(ssl) == TLS1_3_VERSION) {
			reset(fd);
			return false;
		}
		if (SSL_version(ssl) < TLS1_3_VERSION && !shake_again(ssl))
			return false;
	}
	return SSL_write(ssl, said, (int)strlen(said)) > 0;
}

static void serve_tls(const struct tls_script *s, int fd)
{
	char hello[PEER_HEAD];
	SSL_CTX *ctx;
	SSL *ssl;

	if (!s->own) {
		recv(fd, hello, sizeof hello, 0);
		return;
	}
	ctx = context_of(s);
	ssl = SSL_new(ctx);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1) {
		while (answer_one(ssl, fd, s))
			;
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	ERR_clear_error();
}

void tls_serve(struct peer *p, int fd)
{
	serve_tls(p->script, fd);
}

/* ---- proxies ---- */

static bool say(int fd, const char *text)
{
	return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* Carries bytes both ways until a side ends. */
static void carry(int a, int b)
{
	struct pollfd ends[2] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
	char bytes[16384];

	while (poll(ends, 2, PATIENCE_S * 1000) > 0)
		for (int i = 0; i < 2; i++) {
			ssize_t got = ends[i].revents ? recv(ends[i].fd, bytes, sizeof bytes, 0) : 1;

			if (got <= 0)
				return;
			if (ends[i].revents && send(ends[!i].fd, bytes, (size_t)got, MSG_NOSIGNAL) != got)
				return;
		}
}

static void tunnel(const struct proxy_script *s, int fd)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		                  .sin_port = htons(s->to) };
	int other;

	if (s->opens) {
		if (say(fd, "HTTP/1.1 200 Connection established\r\n\r\n"))
			serve_tls(s->opens, fd);
		return;
	}
	other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->to && !connect(other, (struct sockaddr *)&to, sizeof to)) {
		if (say(fd, "HTTP/1.1 200 Connection established\r\n\r\n"))
			carry(fd, other);
	} else {
		say(fd, "HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n"
			"Content-Length: 0\r\n\r\n");
	}
	close(other);
}

void proxy_serve(struct peer *p, int fd)
{
	const struct proxy_script *s = p->script;
	const char *passed = s->passed ? s->passed : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	char head[PEER_HEAD];

	while (read_head(NULL, fd, head)) {
		if (s->wants && !strstr(head, s->wants)) {
			if (!say(fd, s->refusal))
				return;
		} else if (s->blocks && !strncmp(head, s->blocks, strlen(s->blocks))) {
			say(fd, s->blocked);
			return;
		} else if (!strncmp(head, "CONNECT ", 8)) {
			tunnel(s, fd);
			return;
		} else if (!say(fd, passed)) {
			return;
		}
	}
}
