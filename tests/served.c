/* tests/served.c - blocking sockets, libssl, and certificates made on the way. */
#include "tests/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/authority.h"

enum { HEARD_MAX = 1 << 16, PATIENCE = 10 };

struct served {
	int listener, fd;
	uint16_t port;
	pthread_t thread;
	bool joined;
	const struct served_act *acts;
	SSL_CTX *ctx;
	SSL *ssl, *outer;       /* the one inside of the other */
	char heard[HEARD_MAX];
	size_t heard_len;
};

/* The test's own authority, for as long as the test runs. */
static struct {
	struct identity self;
	char file[32], client[32];
} authority;

static void make_authority(void)
{
	if (authority.self.key)
		return;
	authority.self = identity_make(&(struct identity_wish){ .name = "Test CA", .authority = true });
	identity_write(&authority.self, authority.file);
}

const char *served_authority(void)
{
	make_authority();
	return authority.file;
}

const char *served_client(void)
{
	struct identity client;

	make_authority();
	if (authority.client[0])
		return authority.client;
	client = identity_make(&(struct identity_wish){ .name = "client", .names = "DNS:client",
		                                        .issuer = &authority.self });
	identity_write(&client, authority.client);
	identity_free(&client);
	return authority.client;
}

void served_forget(void)
{
	if (authority.file[0])
		unlink(authority.file);
	if (authority.client[0])
		unlink(authority.client);
	identity_free(&authority.self);
}

static struct identity make_leaf(const struct served_tls *tls)
{
	struct identity_wish wish = { .name = "leaf", .names = "DNS:wsus.test,IP:127.0.0.1",
		                      .issuer = &authority.self };
	struct identity other = { NULL, NULL }, leaf;

	make_authority();
	if (tls->certificate == SERVED_EXPIRED) {
		wish.from = -2;
		wish.until = -1;
	}
	if (tls->certificate == SERVED_OTHER_NAME)
		wish.names = "DNS:other.test";
	if (tls->certificate == SERVED_UNKNOWN_AUTHORITY) {
		other = identity_make(&(struct identity_wish){ .name = "Nobody's CA", .authority = true });
		wish.issuer = &other;
	}
	leaf = identity_make(&wish);
	identity_free(&other);
	return leaf;
}

static SSL_CTX *make_context(const struct served_tls *tls)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	struct identity leaf = make_leaf(tls);

	assert_true(SSL_CTX_use_certificate(ctx, leaf.certificate));
	assert_true(SSL_CTX_use_PrivateKey(ctx, leaf.key));
	X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), authority.self.certificate);
	if (tls->max)
		SSL_CTX_set_max_proto_version(ctx, tls->max);
	if (tls->max && tls->max < TLS1_2_VERSION) {
		SSL_CTX_set_min_proto_version(ctx, tls->max);
		SSL_CTX_set_security_level(ctx, 0);
	}
	if (tls->asks)
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
	/* A session that is resumed asks for nothing. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
	SSL_CTX_set_session_id_context(ctx, (const uint8_t *)"test", 4);
	identity_free(&leaf);
	return ctx;
}

static ssize_t take(struct served *s, char *to, size_t room)
{
	return s->ssl ? SSL_read(s->ssl, to, (int)room) : recv(s->fd, to, room, 0);
}

static bool give(struct served *s, const char *text, size_t len)
{
	ssize_t const given = s->ssl ? SSL_write(s->ssl, text, (int)len) : send(s->fd, text, len,
	MSG_NOSIGNAL);

	return given == (ssize_t)len;
}

static size_t content_length(const char *head)
{
	const char *at = strcasestr(head, "\nContent-Length:");

	return at ? strtoul(at + 16, NULL, 10) : 0;
}

static bool hear(struct served *s)
{
	size_t const from = s->heard_len;
	const char *end = NULL;

	while (!end || strlen(end) - 4 < content_length(s->heard + from)) {
		ssize_t const len = take(s, s->heard + s->heard_len, HEARD_MAX - 1 - s->heard_len);

		if (len <= 0)
			return false;
		s->heard_len += (size_t)len;
		end = strstr(s->heard + from, "\r\n\r\n");
	}
	return true;
}

static bool slowly(struct served *s, const char *text)
{
	for (; *text; text++) {
		if (!give(s, text, 1))
			return false;
		usleep(500);
	}
	return true;
}

static bool flood(struct served *s, const char *text)
{
	size_t const len = strlen(text);

	while (give(s, text, len))
		;
	return false;
}

static bool shake(struct served *s)
{
	BIO *through = s->ssl ? BIO_new(BIO_f_ssl()) : BIO_new_socket(s->fd, BIO_NOCLOSE);

	if (s->ssl)
		BIO_set_ssl(through, s->ssl, BIO_NOCLOSE);
	s->outer = s->ssl;
	s->ssl = SSL_new(s->ctx);
	SSL_set_bio(s->ssl, through, through);
	return SSL_accept(s->ssl) == 1;
}

static bool ask(struct served *s)
{
	char nothing;

	SSL_set_verify(s->ssl, SSL_VERIFY_PEER, NULL);
	if (SSL_renegotiate(s->ssl) != 1 || SSL_do_handshake(s->ssl) != 1)
		return false;
	/* That was a HelloRequest; what answers it is read by whoever reads, and then he is to return. */
	SSL_clear_mode(s->ssl, SSL_MODE_AUTO_RETRY);
	for (int tries = 0; tries < 8 && SSL_renegotiate_pending(s->ssl); tries++)
		SSL_peek(s->ssl, &nothing, 0);
	SSL_set_mode(s->ssl, SSL_MODE_AUTO_RETRY);
	return SSL_is_init_finished(s->ssl);
}

static bool hold(struct served *s)
{
	char rest[4096];

	while (take(s, rest, sizeof rest) > 0)
		;
	return true;
}

static void hang_up(struct served *s, bool reset)
{
	struct linger const at_once = { 1, 0 };

	if (s->fd < 0)
		return;
	if (reset)
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	else if (s->ssl)
		SSL_shutdown(s->ssl);
	SSL_free(s->ssl);
	SSL_free(s->outer);
	s->ssl = s->outer = NULL;
	close(s->fd);
	s->fd = -1;
}

static bool answer_phone(struct served *s)
{
	struct timeval const patience = { PATIENCE, 0 };
	int const yes = 1;

	s->fd = accept(s->listener, NULL, NULL);
	if (s->fd < 0)
		return false;
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	return true;
}

/* False: that was the last act of this connection. */
static bool act(struct served *s, const struct served_act *a)
{
	char heard[4096];

	switch (a->what) {
	case SERVED_HEAR:
		return hear(s);
	case SERVED_LISTEN:
		return take(s, heard, sizeof heard) > 0;
	case SERVED_SAY:
		return give(s, a->text, strlen(a->text));
	case SERVED_SLOWLY:
		return slowly(s, a->text);
	case SERVED_FLOOD:
		return flood(s, a->text);
	case SERVED_TLS:
		return shake(s);
	case SERVED_ASK:
		return ask(s);
	case SERVED_HOLD:
		return hold(s);
	case SERVED_RESET:
		hang_up(s, true);
		return false;
	case SERVED_NEXT:
		hang_up(s, false);
		return answer_phone(s);
	case SERVED_END:
		break;
	}
	return false;
}

static void *run(void *self)
{
	struct served *s = self;

	if (answer_phone(s))
		for (const struct served_act *a = s->acts; act(s, a); a++)
			;
	hang_up(s, false);
	return NULL;
}

static int listen_somewhere(uint16_t *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval const patience = { PATIENCE, 0 };
	int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof here;

	assert_false(bind(fd, (struct sockaddr *)&here, sizeof here));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_false(getsockname(fd, (struct sockaddr *)&here, &len));
	*port = ntohs(here.sin_port);
	return fd;
}

struct served *served_new(const struct served_act *acts, const struct served_tls *tls)
{
	struct served *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->acts = acts;
	s->fd = -1;
	s->ctx = tls ? make_context(tls) : NULL;
	s->listener = listen_somewhere(&s->port);
	assert_false(listen(s->listener, 8));
	assert_false(pthread_create(&s->thread, NULL, run, s));
	return s;
}

uint16_t served_port(const struct served *s)
{
	return s->port;
}

const char *served_heard(struct served *s)
{
	if (!s->joined) {
		shutdown(s->listener, SHUT_RDWR);       /* whoever waits for a connection waits in vain */
		pthread_join(s->thread, NULL);
	}
	s->joined = true;
	return s->heard;
}

void served_free(struct served *s)
{
	served_heard(s);
	close(s->listener);
	SSL_CTX_free(s->ctx);
	free(s);
}

uint16_t served_nowhere(void)
{
	uint16_t port;

	close(listen_somewhere(&port));
	return port;
}
