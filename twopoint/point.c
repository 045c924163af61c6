/* twopoint/point.c - packets of one capture, by flow. */
#include "twopoint/point.h"

#include "base/hash.h"
#include "base/reader.h"

enum { START_LEN = 64 };
enum { OPTION_END, OPTION_NOP, OPTION_MSS, OPTION_SCALE, OPTION_SACK, OPTION_STAMP = 8 };
enum { HEADER_FLAGS = 13, HEADER_LEN = 20 };

/* Of what a point may hold: packets take most. */
enum { PARTS = 8, PARTS_SIGHTS = 5 };

/* The ends of a flow, the smaller first. */
struct ends_key {
	uint8_t kind;
	struct endpoint_key end[2];
};

void point_init(struct point *s, size_t room)
{
	*s = (struct point){ .first = MOMENT_NONE, .last = MOMENT_NONE };
	buf_init(&s->sights, room / PARTS * PARTS_SIGHTS);
	buf_init(&s->flows, room / PARTS);
	buf_init(&s->askeds, room / PARTS / 2);
	buf_init(&s->hellos, room / PARTS / 2);
	map_init(&s->by_ends, room / PARTS / sizeof(struct flow));
	arena_init(&s->texts, room / PARTS / 2);
}

void point_release(struct point *s)
{
	buf_release(&s->sights);
	buf_release(&s->flows);
	buf_release(&s->askeds);
	buf_release(&s->hellos);
	map_release(&s->by_ends);
	arena_release(&s->texts);
}

/* A new element of zeros at the end of an array; its index plus one, 0: no room. */
static uint32_t append(struct buf *array, size_t size)
{
	uint8_t *at = buf_reserve(array, size);

	if (!at || array->len / size >= UINT32_MAX - 1)
		return 0;
	memset(at, 0, size);
	array->len += size;
	return (uint32_t)(array->len / size);
}

static struct ends_key key_of(enum packet_kind kind, const struct endpoint *a, const struct endpoint *b)
{
	struct ends_key key = { (uint8_t)kind, { endpoint_key(a), endpoint_key(b) } };

	if (memcmp(&key.end[0], &key.end[1], sizeof key.end[0]) > 0) {
		struct endpoint_key first = key.end[0];

		key.end[0] = key.end[1];
		key.end[1] = first;
	}
	return key;
}

static uint32_t digest(struct span bytes)
{
	uint32_t d = (uint32_t)hash_bytes(hash_key(), bytes);

	return d ? d : 1;
}

static void digest_payload(struct sight *g, struct span payload, uint32_t len)
{
	struct span start = payload;

	if (!len || payload.len < (len < START_LEN ? len : START_LEN))
		return;
	g->start = digest(span_take(&start, START_LEN));
	if (payload.len == len)
		g->whole = digest(payload);
}

static void take_option(struct syn_options *o, uint8_t kind, struct reader value)
{
	switch (kind) {
	case OPTION_MSS:   o->mss = reader_be16(&value); break;
	case OPTION_SCALE: o->scale = (uint8_t)(reader_u8(&value) + 1); break;
	case OPTION_SACK:  o->sack = true; break;
	case OPTION_STAMP: o->stamps = true; break;
	default:           o->others++;
	}
}

/* Options that contradict themselves end the list.  `o`: of a SYN, or NULL. */
static void read_options(struct span header, struct sight *g, struct syn_options *o)
{
	struct reader r = reader_on(span_skip(header, HEADER_LEN));

	while (r.ok && r.left.len) {
		uint8_t kind = reader_u8(&r), len;
		struct reader value;

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		len = reader_u8(&r);
		value = reader_sub(&r, len < 2 ? r.left.len + 1 : len - 2u);
		if (!value.ok)
			return;
		if (kind == OPTION_STAMP)
			g->stamp = (uint32_t)reader_be(&(struct reader){ value.left, true }, 4);
		if (o)
			take_option(o, kind, value);
	}
}

/* Who began a flow whose first packet this is: who asks; a port that many know is the other's. */
static bool from_server(const struct packet *p)
{
	if (p->kind == PACKET_TCP && p->tcp.flags & TCP_SYN)
		return p->tcp.flags & TCP_ACK;
	return p->source.port < p->target.port;
}

static bool is_new(const struct flow *f, const struct packet *p)
{
	enum side from = endpoint_eq(&f->end[CLIENT], &p->source) ? CLIENT : SERVER;

	if (p->kind != PACKET_TCP || (p->tcp.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return false;
	return from == SERVER || !f->syn[CLIENT].seen || f->syn[CLIENT].isn != p->tcp.seq;
}

static uint32_t begin(struct point *s, const struct packet *p, uint32_t older)
{
	uint32_t index = append(&s->flows, sizeof(struct flow));
	bool turned = from_server(p);
	struct flow *f;

	if (!index)
		return 0;
	f = point_flow(s, index);
	f->kind = p->kind;
	f->end[CLIENT] = turned ? p->target : p->source;
	f->end[SERVER] = turned ? p->source : p->target;
	f->first_time = p->time;
	f->first_frame = p->frame;
	f->older = older;
	return index;
}

static uint32_t flow_of(struct point *s, const struct packet *p)
{
	struct ends_key key = key_of(p->kind, &p->source, &p->target);
	struct map_entry *entry = map_put(&s->by_ends, span_of(&key, sizeof key));
	uint32_t index;

	if (!entry)
		return 0;
	index = (uint32_t)(uintptr_t)entry->value;
	if (index && !is_new(point_flow(s, index), p))
		return index;
	index = begin(s, p, index);
	if (index)
		entry->value = (void *)(uintptr_t)index;
	return index;
}

static void take_tcp(struct flow *f, struct sight *g, const struct packet *p)
{
	const struct tcp_segment *t = &p->tcp;
	struct syn_options *o = t->flags & TCP_SYN && !f->syn[g->from].seen ? &f->syn[g->from] : NULL;

	g->seq = t->seq;
	g->ack = t->flags & TCP_ACK ? t->ack : 0;
	g->len = t->len;
	g->window = t->window;
	g->flags = t->flags;
	if (t->header.len > HEADER_FLAGS)
		g->flags |= t->header.at[HEADER_FLAGS] & (SIGHT_CWR | SIGHT_ECE);
	if (o)
		*o = (struct syn_options){ .seen = true, .isn = t->seq, .window = t->window, .frame =
		                          p->frame };
	read_options(t->header, g, o);
	f->begun |= g->from == CLIENT && t->flags & TCP_SYN;
	f->closing |= (t->flags & (TCP_FIN | TCP_RST)) != 0;
	digest_payload(g, t->payload, t->len);
}

static void link_sight(struct point *s, struct flow *f, uint32_t index)
{
	struct sight *g = point_sight(s, index);

	if (f->last)
		point_sight(s, f->last)->next = index;
	else
		f->first = index;
	f->last = index;
	f->count[g->from]++;
	f->last_time = g->time;
	f->last_frame = g->frame;
}

void point_packet(struct point *s, const struct packet *p)
{
	uint32_t flow, index;
	struct sight *g;
	struct flow *f;

	if (p->kind != PACKET_TCP && p->kind != PACKET_UDP)
		return;
	s->packets++;
	if (s->first == MOMENT_NONE || p->time < s->first)
		s->first = p->time;
	if (s->last == MOMENT_NONE || p->time > s->last)
		s->last = p->time;
	flow = flow_of(s, p);
	index = flow ? append(&s->sights, sizeof *g) : 0;
	if (!index) {
		s->left_out++;
		return;
	}
	f = point_flow(s, flow);
	g = point_sight(s, index);
	*g = (struct sight){
		.time = p->time, .frame = p->frame, .ip_id = p->ip_id, .ttl = p->ttl,
		.traffic_class = p->traffic_class,
		.from = endpoint_eq(&f->end[CLIENT], &p->source) ? CLIENT : SERVER,
	};
	if (p->kind == PACKET_TCP) {
		take_tcp(f, g, p);
	} else {
		g->len = (uint32_t)p->udp.len;
		digest_payload(g, p->udp, g->len);
	}
	link_sight(s, f, index);
}

uint32_t point_between(const struct point *s, enum packet_kind kind, const struct endpoint *a,
                       const struct endpoint *b)
{
	struct ends_key key = key_of(kind, a, b);
	struct map_entry *entry = map_find(&s->by_ends, span_of(&key, sizeof key));

	return entry ? (uint32_t)(uintptr_t)entry->value : 0;
}

/* The flow of those endpoints to which that frame belongs; 0: none is known. */
static uint32_t find_flow(const struct point *s, enum packet_kind kind, const struct endpoint *a,
                          const struct endpoint *b, uint64_t frame)
{
	uint32_t index = point_between(s, kind, a, b);

	while (index && point_flow(s, index)->first_frame > frame)
		index = point_flow(s, index)->older;
	return index;
}

static const char *kept(struct point *s, struct span text)
{
	const char *copy = text.len ? arena_text(&s->texts, text) : "";

	return copy ? copy : "";
}

static void keep_headers(struct point *s, struct asked *a, enum side from, const struct http_message *m)
{
	struct http_header *copy = arena_alloc(&s->texts, (m->header_count + 1) * sizeof *copy);

	if (!copy || !m->present)
		return;
	for (size_t i = 0; i < m->header_count; i++) {
		copy[i].name = arena_copy(&s->texts, m->headers[i].name);
		copy[i].value = arena_copy(&s->texts, m->headers[i].value);
	}
	a->headers[from] = copy;
	a->header_count[from] = m->header_count;
	a->heads_whole[from] = m->head_complete;
}

static void keep_exchange(struct point *s, const struct exchange *x)
{
	uint32_t index = x->request.present ? append(&s->askeds, sizeof(struct asked)) : 0;
	struct asked *a;

	if (!index)
		return;
	a = point_asked(s, index);
	*a = (struct asked){
		.flow = find_flow(s, PACKET_TCP, &x->conn->client, &x->conn->server, x->request.first_frame),
		.method = kept(s, x->method), .host = kept(s, x->host), .path = kept(s, x->path),
		.target = kept(s, x->target), .status = x->status, .request_frame = x->request.first_frame,
		.response_frame = x->response.first_frame, .time = x->request.first_time,
	};
	keep_headers(s, a, CLIENT, &x->request);
	keep_headers(s, a, SERVER, &x->response);
}

static void keep_hello(struct point *s, const struct tls_session *t)
{
	uint32_t index = t->client_hello ? append(&s->hellos, sizeof(struct hello)) : 0;
	const struct certificate *c;
	struct hello *h;

	if (!index)
		return;
	h = point_hello(s, index);
	*h = (struct hello){
		.flow = find_flow(s, PACKET_TCP, &t->conn->client, &t->conn->server, t->client_hello_frame),
		.client_frame = t->client_hello_frame, .server_frame = t->server_hello_frame,
		.time = t->client_hello_time, .name = kept(s, span_text(t->server_name)),
		.ja3 = kept(s, span_text(t->offer.ja3)), .subject = "", .issuer = "",
	};
	c = t->certificates.count ? t->certificates.list[0] : NULL;
	if (!c)
		return;
	h->has_certificate = true;
	h->certificate_frame = t->certificate_frame;
	memcpy(h->thumbprint, c->thumbprint, sizeof h->thumbprint);
	h->subject = kept(s, c->subject);
	h->issuer = kept(s, c->issuer);
}

static void keep_error(struct point *s, const struct icmp_error *e)
{
	uint32_t index = find_flow(s, e->quotes_tcp ? PACKET_TCP : PACKET_UDP, &e->source, &e->target,
	                           e->frame);
	struct flow *f = index ? point_flow(s, index) : NULL;

	if (!f || f->icmp_frame)
		return;
	f->icmp_frame = e->frame;
	f->icmp_from = e->from;
	f->icmp_type = e->type;
	f->icmp_code = e->code;
}

void point_fact(struct point *s, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_EXCHANGE: keep_exchange(s, fact->exchange); break;
	case FACT_TLS:      keep_hello(s, fact->tls); break;
	case FACT_ICMP:     keep_error(s, fact->icmp); break;
	case FACT_CONNECTION:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}
