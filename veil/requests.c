/* veil/requests.c - a ring. */
#include "veil/requests.h"

#include "base/host.h"
#include "facts/updatefile.h"
#include "veil/heads.h"

static uint16_t port_of(struct span target)
{
	struct span name = host_name(target), port = span_skip(target, name.len + 1);
	uint64_t number;

	return span_decimal(port, &number) && number <= UINT16_MAX ? (uint16_t)number : 0;
}

static bool is_script(const struct httphead *head, struct span path)
{
	struct span query = path, file = span_split(&query, '?');

	return span_iends(file, SPAN("/wpad.dat")) || span_iends(file, SPAN(".pac")) ||
	       span_istarts(heads_value(head, SPAN("User-Agent")), SPAN("WinHttp-Autoproxy"));
}

static struct body_asked asked_of(const struct httphead *head)
{
	struct span path = url_from_host(head->target);
	size_t slash = path.len ? span_byte(path, '/') : SIZE_MAX;
	uint8_t sha1[SHA1_BYTES];

	path = slash == SIZE_MAX ? head->target : span_skip(path, slash);
	return (struct body_asked){
		.place = wsus_place(path),
		.file = updatefile_read(path, sha1) != UPDATEFILE_OTHER,
		.script = is_script(head, path),
	};
}

static enum request_kind kind_of(struct span method)
{
	if (span_eq(method, SPAN("HEAD")))
		return REQUEST_HEAD;
	if (span_eq(method, SPAN("CONNECT")))
		return REQUEST_CONNECT;
	return method.len ? REQUEST_OTHER : REQUEST_UNKNOWN;
}

struct request *requests_ask(struct requests *r, const struct httphead *head)
{
	struct request *new;

	if (r->count == REQUESTS_MAX) {
		r->first = (r->first + 1) % REQUESTS_MAX;
		r->count--;
	}
	new = &r->ring[(r->first + r->count++) % REQUESTS_MAX];
	*new = (struct request){ .kind = kind_of(head->method), .asked = asked_of(head) };
	if (new->kind == REQUEST_CONNECT)
		new->port = port_of(head->target);
	return new;
}

struct request requests_answer(struct requests *r)
{
	struct request unknown = { .kind = REQUEST_UNKNOWN, .asked = { .place = WSUS_NOWHERE } }, next;

	if (!r->count)
		return unknown;
	next = r->ring[r->first];
	r->first = (r->first + 1) % REQUESTS_MAX;
	r->count--;
	return next;
}

void requests_lost(struct requests *r)
{
	r->count = 0;
}
