/* decoders/tlsmsg.c - four bytes of header, then a body, and again. */
#include "decoders/tlsmsg.h"

#include "facts/tls.h"

/* X(symbol, bytes of its body that are held) */
#define HELD(X)                                 \
	X(CLIENT_HELLO,         16 * 1024)      \
	X(SERVER_HELLO,         16 * 1024)      \
	X(NEW_SESSION_TICKET,   16 * 1024)      \
	X(ENCRYPTED_EXTENSIONS, 16 * 1024)      \
	X(CERTIFICATE,          128 * 1024)     \
	X(SERVER_KEY_EXCHANGE,  16 * 1024)      \
	X(CERTIFICATE_REQUEST,  64 * 1024)      \
	X(CLIENT_KEY_EXCHANGE,  16 * 1024)      \
	X(FINISHED,             64)

enum { OTHERS_MAX = 16 * 1024 };

void tlsmsg_init(struct tlsmsg *m, struct budget *budget)
{
	*m = (struct tlsmsg){ 0 };
	buf_init_on(&m->body, 0, budget);
}

void tlsmsg_release(struct tlsmsg *m)
{
	buf_release(&m->body);
}

/* 0: bodies of that type pass by. */
static size_t held(const struct tlsmsg *m)
{
#define X(symbol, ceiling) case TLS_MESSAGE_##symbol: return ceiling;
	switch (m->head[0]) {
		HELD(X)
	default: return m->every ? OTHERS_MAX : 0;
	}
#undef X
}

static bool is_known(uint8_t type)
{
#define X(symbol, value, name) case value:
	switch (type) {
		TLS_MESSAGES(X)
		return true;
	default: return false;
	}
#undef X
}

static void lose(struct tlsmsg *m)
{
	m->lost = true;
	m->guessed = true;
	m->have = 0;
	m->left = 0;
}

void tlsmsg_record(struct tlsmsg *m)
{
	m->lost = false;
}

static size_t announced(const struct tlsmsg *m)
{
	return (size_t)(m->head[1] << 16 | m->head[2] << 8 | m->head[3]);
}

static void tell(const struct tlsmsg *m, struct span body, struct tlsmsg_event *ev)
{
	*ev = (struct tlsmsg_event){ .type = m->head[0], .length = announced(m), .body = body };
	ev->cut = held(m) && body.len < ev->length;
}

/* False: the header is not whole yet, or no header. */
static bool read_head(struct tlsmsg *m, struct span *in)
{
	struct span got = span_take(in, sizeof m->head - m->have);

	if (got.len)
		memcpy(m->head + m->have, got.at, got.len);
	m->have += got.len;
	if (m->have < sizeof m->head)
		return false;
	if (m->guessed && !is_known(m->head[0])) {
		lose(m);
		return false;
	}
	m->left = announced(m);
	m->body.ceiling = held(m);
	return true;
}

/* A body that lies whole in the input need not be copied. */
static struct span lend(struct tlsmsg *m, struct span *in)
{
	struct span body = span_take(in, m->left);

	return span_take(&body, m->body.ceiling);
}

bool tlsmsg_next(struct tlsmsg *m, struct span *in, struct tlsmsg_event *ev)
{
	struct span got;

	if (!m->have) {                 /* connections live long, hellos do not */
		buf_release(&m->body);
		m->full = false;
	}
	if (m->lost || !in->len || (m->have < sizeof m->head && !read_head(m, in)))
		return false;
	if (m->left == announced(m) && in->len >= m->left) {
		m->have = 0;
		tell(m, lend(m, in), ev);
		return true;
	}
	got = span_take(in, m->left);
	m->left -= got.len;
	if (m->body.ceiling && !m->full)
		m->full = buf_add_some(&m->body, got) < got.len;
	if (m->left)
		return false;
	m->have = 0;
	tell(m, buf_span(&m->body), ev);
	return true;
}

bool tlsmsg_hole(struct tlsmsg *m, size_t len, struct tlsmsg_event *ev)
{
	bool in_body = m->have == sizeof m->head, told = in_body && held(m);

	if (in_body && len <= m->left) {        /* what follows the message can still be read */
		m->left -= len;
		m->full |= len > 0;
		if (m->left)
			return false;
		m->have = 0;
		tell(m, buf_span(&m->body), ev);
		return true;
	}
	if (told)
		tell(m, buf_span(&m->body), ev);
	lose(m);
	return told;
}
