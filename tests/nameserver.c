/* tests/nameserver.c - writing DNS messages by hand (RFC 1035 section 4). */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/nameserver.h"

enum { HEAD = 12, MESSAGE_MAX = 1024, NAME_TEXT = 256, TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28 };

struct nameserver {
	const struct nameserver_row *rows;
	int udp, tcp, stop[2];
	struct endpoint at;
	atomic_uint asked;
	pthread_t thread;
};

struct message {
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

static void put16(struct message *m, unsigned value)
{
	m->bytes[m->len++] = (uint8_t)(value >> 8);
	m->bytes[m->len++] = (uint8_t)value;
}

static void put_name(struct message *m, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		m->bytes[m->len++] = (uint8_t)len;
		memcpy(m->bytes + m->len, name, len);
		m->len += len;
		name += len + (name[len] == '.');
	}
	m->bytes[m->len++] = 0;
}

/* The name of a question, as text; where it ends. */
static size_t read_question(struct span question, char name[static NAME_TEXT])
{
	size_t at = HEAD, len = 0;

	while (at < question.len && question.at[at] && len + question.at[at] + 2 < NAME_TEXT) {
		memcpy(name + len, question.at + at + 1, question.at[at]);
		len += question.at[at];
		at += question.at[at] + 1u;
		name[len++] = '.';
	}
	name[len ? len - 1 : 0] = '\0';
	return at + 1;
}

static void put_record(struct message *m, const char *owner, unsigned type, struct span data)
{
	put_name(m, owner);
	put16(m, type);
	put16(m, 1);
	put16(m, 0);
	put16(m, 60);
	put16(m, (unsigned)data.len);
	memcpy(m->bytes + m->len, data.at, data.len);
	m->len += data.len;
	m->bytes[7]++;
}

static void put_answers(struct message *m, const struct nameserver_row *row, const char *name, unsigned type)
{
	for (unsigned i = 0; i < 3 && row->aliases[i]; i++) {
		struct message alias = { .len = 0 };

		put_name(&alias, row->aliases[i]);
		put_record(m, name, TYPE_CNAME, span_of(alias.bytes, alias.len));
		name = row->aliases[i];
	}
	for (unsigned i = 0; i < 3 && row->addresses[i]; i++) {
		struct addr a;

		assert_true(addr_parse(span_text(row->addresses[i]), &a));
		if (addr_is_v4(&a) && type == TYPE_A)
			put_record(m, name, type, span_of(a.bytes + 12, 4));
		else if (!addr_is_v4(&a) && type == TYPE_AAAA)
			put_record(m, name, type, span_of(a.bytes, 16));
	}
}

static const struct nameserver_row *find_row(const struct nameserver *n, const char *name, unsigned type)
{
	for (const struct nameserver_row *row = n->rows; row->name; row++)
		if (span_ieq(span_text(row->name), span_text(name)) && (!row->type || row->type == type))
			return row;
	return NULL;
}

/* False: it says nothing. */
static bool answer(struct nameserver *n, struct span question, bool tcp, struct message *m)
{
	static const struct nameserver_row nobody = { .rcode = 3 };
	char name[NAME_TEXT] = "";
	size_t end = question.len > HEAD ? read_question(question, name) : SIZE_MAX;
	unsigned asked = atomic_fetch_add(&n->asked, 1) + 1, type;
	const struct nameserver_row *row;

	if (end > question.len || question.len - end < 4)
		return false;
	type = question.at[end + 1];
	row = find_row(n, name, type);
	row = row ? row : &nobody;
	if (row->how == NAMESERVER_SILENT || (row->how == NAMESERVER_SECOND && asked == 1))
		return false;
	*m = (struct message){ .len = end + 4 };
	memcpy(m->bytes, question.at, end + 4);
	m->bytes[2] = 0x81;
	m->bytes[3] = (uint8_t)(0x80 | row->rcode);
	if (row->how == NAMESERVER_OVER_TCP && !tcp) {
		m->bytes[2] |= 2;
		return true;
	}
	put_answers(m, row, name, type);
	if (row->how == NAMESERVER_CUT)
		m->len -= 2;
	if (row->how == NAMESERVER_GARBAGE) {
		memset(m->bytes + 2, 0xff, 20);
		m->len = 22;
	}
	return true;
}

static void serve_udp(struct nameserver *n)
{
	uint8_t question[MESSAGE_MAX];
	struct sockaddr_in from;
	socklen_t size = sizeof from;
	ssize_t got = recvfrom(n->udp, question, sizeof question, 0, (struct sockaddr *)&from, &size);
	struct message m;

	if (got > 0 && answer(n, span_of(question, (size_t)got), false, &m))
		sendto(n->udp, m.bytes, m.len, 0, (struct sockaddr *)&from, size);
}

static void serve_tcp(struct nameserver *n)
{
	uint8_t question[MESSAGE_MAX], length[2];
	int fd = accept(n->tcp, NULL, NULL);
	struct message m;
	ssize_t got;

	if (fd < 0)
		return;
	if (recv(fd, length, 2, MSG_WAITALL) == 2) {
		got = recv(fd, question, (size_t)(length[0] << 8 | length[1]) % MESSAGE_MAX, MSG_WAITALL);
		if (got > 0 && answer(n, span_of(question, (size_t)got), true, &m)) {
			length[0] = (uint8_t)(m.len >> 8);
			length[1] = (uint8_t)m.len;
			send(fd, length, 2, MSG_NOSIGNAL | MSG_MORE);
			send(fd, m.bytes, m.len, MSG_NOSIGNAL);
			recv(fd, question, 1, 0);       /* until the other side closes */
		}
	}
	close(fd);
}

static void *serve(void *self)
{
	struct nameserver *n = self;
	struct pollfd polls[] = { { .fd = n->udp, .events = POLLIN }, { .fd = n->tcp, .events = POLLIN },
		                  { .fd = n->stop[0], .events = POLLIN } };

	while (poll(polls, 3, -1) > 0 && !polls[2].revents) {
		if (polls[0].revents)
			serve_udp(n);
		if (polls[1].revents)
			serve_tcp(n);
	}
	return NULL;
}

/* One port for both: TCP takes what UDP was given, if it is free there. */
static bool bind_both(struct nameserver *n, const char *address)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof at;

	n->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	n->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(inet_pton(AF_INET, address, &at.sin_addr), 1);
	assert_false(bind(n->udp, (struct sockaddr *)&at, sizeof at));
	assert_false(getsockname(n->udp, (struct sockaddr *)&at, &size));
	n->at.port = ntohs(at.sin_port);
	assert_true(addr_parse(span_text(address), &n->at.addr));
	if (!bind(n->tcp, (struct sockaddr *)&at, sizeof at) && !listen(n->tcp, 8))
		return true;
	close(n->udp);
	close(n->tcp);
	return false;
}

struct nameserver *nameserver_start(const char *address, const struct nameserver_row *rows)
{
	struct nameserver *n = calloc(1, sizeof *n);

	assert_non_null(n);
	n->rows = rows;
	for (int tries = 0; !bind_both(n, address); tries++)
		assert_true(tries < 20);
	assert_false(pipe(n->stop));
	assert_false(pthread_create(&n->thread, NULL, serve, n));
	return n;
}

void nameserver_stop(struct nameserver *n)
{
	close(n->stop[1]);
	pthread_join(n->thread, NULL);
	close(n->stop[0]);
	close(n->udp);
	close(n->tcp);
	free(n);
}

struct endpoint nameserver_at(const struct nameserver *n)
{
	return n->at;
}

unsigned nameserver_asked(const struct nameserver *n)
{
	return atomic_load(&n->asked);
}
