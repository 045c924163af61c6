/* decoders/tlsmsg.c - four bytes of header, then a body, and again. */
#include "decoders/tlsmsg.h"

#include "facts/tls.h"

enum { HELLO_MAX = 16 * 1024 };

#define X(symbol, value, name) MESSAGE_##symbol = value,
enum message { TLS_MESSAGES(X) };
#undef X

void tlsmsg_init(struct tlsmsg *m, struct budget *budget)
{
	*m = (struct tlsmsg){ 0 };
	buf_init_on(&m->body, HELLO_MAX, budget);
}

void tlsmsg_release(struct tlsmsg *m)
{
	buf_release(&m->body);
}

static bool is_hello(uint8_t type)
{
	return type == MESSAGE_CLIENT_HELLO || type == MESSAGE_SERVER_HELLO;
}

static bool is_kept(const struct tlsmsg *m)
{
	return m->every || is_hello(m->head[0]);
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

static void tell(const struct tlsmsg *m, struct tlsmsg_event *ev)
{
	*ev = (struct tlsmsg_event){
		.type = m->head[0],
		.length = (size_t)(m->head[1] << 16 | m->head[2] << 8 | m->head[3]),
		.body = buf_span(&m->body),
	};
	ev->cut = is_kept(m) && m->body.len < ev->length;
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
	m->left = (size_t)(m->head[1] << 16 | m->head[2] << 8 | m->head[3]);
	return true;
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
	got = span_take(in, m->left);
	m->left -= got.len;
	if (is_kept(m) && !m->full)
		m->full = buf_add_some(&m->body, got) < got.len;
	if (m->left)
		return false;
	m->have = 0;
	tell(m, ev);
	return true;
}

bool tlsmsg_hole(struct tlsmsg *m, size_t len, struct tlsmsg_event *ev)
{
	bool in_body = m->have == sizeof m->head;

	if (in_body && !is_hello(m->head[0]) && len < m->left) {
		m->left -= len;
		return false;
	}
	if (in_body)
		tell(m, ev);
	lose(m);
	return in_body && is_hello(m->head[0]);
}
