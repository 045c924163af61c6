/* veil/tls.c - TLS under the veil: records, what is in them, and where each byte of it lies.
 *
 *   in the clear          headers, ChangeCipherSpec and alerts stay; handshake messages -> tlsflow
 *   sealed, and opened    tlsopen opens them as an engine does; what is inside goes to tlsflow or to a stream
 *                         of its own, and when all of it is decided the record is sealed anew (tlsrecords)
 *   sealed                zeros; handshakes and alerts become bytes that tell nothing: zeros are a message
 */
#include "veil/streams.h"

#include "decoders/tlshello.h"
#include "decoders/layer.h"
#include "decoders/tlskeys.h"
#include "decoders/tlsopen.h"
#include "decoders/tlsrec.h"
#include "veil/tlscarried.h"
#include "veil/tlsflow.h"

/* What cannot be told of a hole inside is longer than any body. */
enum { ALERT_LEN = 2, UNKNOWN_HOLE = 1 << 30 };

enum record_way { RECORD_KEPT, RECORD_FLOW, RECORD_SEALED, RECORD_HIDDEN, RECORD_ZEROS };

struct half {
	struct tlsrec *rec;
	struct tlsflow flow;
	struct tlsrecords records;
	enum record_way way;            /* of the record under way */
	uint8_t type;
	uint16_t version;
	size_t length;
	struct buf gathered;            /* a sealed record, until it is whole */
	uint64_t gathered_at;
	bool changed;                   /* its cipher: up to TLS 1.2 nothing is in the clear any more */
	bool begun;
	uint8_t opening[SSLV2_HELLO_LEN];
	size_t opening_len, sslv2_left;
};

struct tls {
	struct stream_env env;
	struct stack_context context;
	struct layer_env layer;
	struct limits limits;           /* counted, and read by nobody */
	struct tls_session fact;        /* likewise */
	struct tlsmessages messages;
	struct tlstwin twin;
	struct tlsopen *open;           /* NULL: nothing opens it */
	struct tlscarried carried;
	bool looked;
	struct half half[2];
};

/* ---- birth and death ---- */

static void destroy(void *self)
{
	struct tls *tls = self;

	tlscarried_release(&tls->carried);
	tlsopen_free(tls->open);
	tlstwin_end(&tls->twin);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct half *half = &tls->half[side];

		tlsrec_free(half->rec);
		tlsflow_release(&half->flow);
		tlsrecords_release(&half->records);
		buf_release(&half->gathered);
	}
	budget_free(tls->env.shared->budget, tls, sizeof *tls);
}

static void *create(const struct stream_env *env)
{
	struct budget *budget = env->shared->budget;
	struct tls *tls = budget_alloc(budget, sizeof *tls);
	bool joined = !env->depth && env->conn && env->conn->joined;

	if (!tls)
		return NULL;
	tls->env = *env;
	tls->context = (struct stack_context){
		.limits = &tls->limits, .budget = budget, .keys = env->shared->keys,
	};
	tls->layer = (struct layer_env){
		.context = &tls->context, .place = { .conn = env->conn }, .joined = joined,
	};
	tls->messages.names = env->shared->names;
	tls->twin.shared = env->shared;
	tlscarried_init(&tls->carried, &tls->env, &tls->half[CLIENT].records, &tls->half[SERVER].records);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct half *half = &tls->half[side];

		tlsrecords_init(&half->records, &tls->env, side);
		tlsflow_init(&half->flow, &half->records, &tls->messages, budget);
		buf_init_on(&half->gathered, TLSREC_LENGTH_MAX, budget);
		half->begun = side == SERVER;
		half->rec = tlsrec_new();
		if (half->rec && joined)
			tlsrec_seek(half->rec);
	}
	if (tls->half[CLIENT].rec && tls->half[SERVER].rec)
		return tls;
	destroy(tls);
	return NULL;
}

/* ---- what comes of bytes ---- */

static void keep(struct tls *tls, enum side from, uint64_t at, uint64_t len)
{
	if (len)
		tls->env.lane.keep(tls->env.lane.self, from, at, len);
}

static void zero(struct tls *tls, enum side from, uint64_t at, uint64_t len)
{
	if (len)
		tls->env.lane.fill(tls->env.lane.self, from, at, len, 0);
}

static void hide(struct tls *tls, enum side from, uint64_t at, struct span bytes)
{
	uint8_t hidden[256];

	while (bytes.len) {
		struct span some = span_take(&bytes, sizeof hidden);

		names_bytes(tls->env.shared->names, some, hidden);
		tls->env.lane.put(tls->env.lane.self, from, at, span_of(hidden, some.len));
		at += some.len;
	}
}

/* ---- handshakes ---- */

/* A client's hello tells the keys: the same moment as decoders/tls.c looks for them. */
static void look_for_keys(struct tls *tls)
{
	if (tls->looked)
		return;
	tls->looked = true;
	if (tls->env.shared->keys && tlskeys_any(tls->env.shared->keys))
		tls->open = tlsopen_new(&tls->layer, &tls->fact);
}

/* What was read of data that the server refuses never counted, and comes again. */
static void settle_early(struct tls *tls, enum tlsopen_early before)
{
	if (before == TLSOPEN_EARLY_UNKNOWN && tlsopen_early(tls->open) == TLSOPEN_EARLY_REFUSED)
		tlscarried_end(&tls->carried);
}

static void on_message(void *self, enum side from, const struct tlsmsg_event *m)
{
	struct tls *tls = self;
	struct tls_client_hello hello;
	enum tlsopen_early before;

	if (!tls->open)
		return;
	if (m->type == TLS_MESSAGE_CLIENT_HELLO && from == CLIENT && !m->cut &&
	    tls_client_hello_read(m->body, &hello) && hello.random.len == TLS_RANDOM)
		tlstwin_hello(&tls->twin, hello.random.at);
	before = tlsopen_early(tls->open);
	tlsopen_message(tls->open, from, m);
	settle_early(tls, before);
}

static void on_handshake(struct tls *tls, enum side from, struct tlsrecord *r, struct span bytes)
{
	struct tlsflow_heard heard = { tls, on_message };

	tlsflow_piece(&tls->half[from].flow, r, bytes, &heard);
}

static void cut_message(struct tls *tls, enum side from, size_t len)
{
	struct tlsflow_heard heard = { tls, on_message };

	tlsflow_hole(&tls->half[from].flow, len, &heard);
}

/* Nothing comes between the records of a message but alerts. */
static void begin_content(struct tls *tls, enum side from, uint8_t type)
{
	struct half *half = &tls->half[from];

	if (type == TLSREC_HANDSHAKE)
		tlsflow_record(&half->flow);
	else if (tlsmsg_inside(&half->flow.decoder) && type != TLSREC_ALERT)
		cut_message(tls, from, SIZE_MAX);
}

static void change_cipher(struct tls *tls, enum side from)
{
	if (!tls_is_13(tls->messages.version))
		tls->half[from].changed = true;
	if (!tls->open)
		return;
	tlstwin_change_cipher(&tls->twin, from);
	tlsopen_change_cipher(tls->open, from);
}

/* ---- sealed records ---- */

static void stayed_shut(struct tls *tls, enum side from)
{
	struct half *half = &tls->half[from];
	size_t content;

	hide(tls, from, half->gathered_at, buf_span(&half->gathered));
	if (half->type != TLSREC_APPLICATION_DATA || tlsopen_is_refused(tls->open, from))
		return;
	content = tlsopen_content(tls->open, half->length);
	tlscarried_hole(&tls->carried, from, content == SIZE_MAX ? UNKNOWN_HOLE : content);
}

static void on_content(struct tls *tls, enum side from, const struct tlscrypt_record *content,
                       struct tlsrecord *r)
{
	begin_content(tls, from, content->type);
	switch (content->type) {
	case TLSREC_HANDSHAKE:
		on_handshake(tls, from, r, content->content);
		break;
	case TLSREC_APPLICATION_DATA:
		tlscarried_bytes(&tls->carried, from, r, content->content);
		break;
	case TLSREC_CHANGE_CIPHER_SPEC:
		change_cipher(tls, from);
		tlsrecords_keep(&tls->half[from].records, r, 0, r->content_len);
		break;
	case TLSREC_ALERT:
		tlsrecords_keep(&tls->half[from].records, r, 0, r->content_len);
		break;
	default:
		tlsrecords_zero(&tls->half[from].records, r);
		break;
	}
}

static void on_opened(struct tls *tls, enum side from, const struct tlscrypt_record *content,
                      const uint8_t front[static TLSSEAL_FRONT_MAX])
{
	struct half *half = &tls->half[from];
	struct tlstwin_key *key = tlstwin_key(&tls->twin, tls->open, from);
	struct tlsrecord *r;

	r = tlsrecords_add(&half->records, half->gathered_at, half->length, content->content);
	if (!r) {
		tlstwin_release(key);
		tls->env.shared->blanked++;
		stayed_shut(tls, from);
		return;
	}
	r->opened = true;
	r->key = key;
	r->sealed = (struct tlsseal_record){
		.type = half->type, .version = half->version, .sequence = content->sequence,
		.inner = content->type,
	};
	memcpy(r->front, front, sizeof r->front);
	tlsrecords_busy(&half->records);
	on_content(tls, from, content, r);
	tlsrecords_done(&half->records);
}

/* The record is whole. */
static void open_record(struct tls *tls, enum side from)
{
	struct half *half = &tls->half[from];
	struct tlsopen_record sealed = { half->type, half->version, half->gathered.at, half->length };
	enum tlsopen_early before = tlsopen_early(tls->open);
	uint8_t front[TLSSEAL_FRONT_MAX] = { 0 };
	struct tlscrypt_record content;
	struct buf copy;

	/* One that does not open is undefined then. */
	memcpy(front, half->gathered.at, half->length < sizeof front ? half->length : sizeof front);
	buf_init_on(&copy, TLSREC_LENGTH_MAX, tls->env.shared->budget);
	if (!buf_add(&copy, buf_span(&half->gathered))) {
		tls->env.shared->blanked++;
		tlsopen_lost(tls->open, from);
	} else if (tlsopen_record(tls->open, from, &sealed, &content)) {
		settle_early(tls, before);
		on_opened(tls, from, &content, front);
	} else {
		memcpy(half->gathered.at, copy.at, copy.len);
		stayed_shut(tls, from);
	}
	buf_release(&copy);
	buf_release(&half->gathered);
}

static void gather(struct tls *tls, enum side from, uint64_t at, struct span bytes)
{
	struct half *half = &tls->half[from];

	if (!half->gathered.len)
		half->gathered_at = at;
	if (!buf_add(&half->gathered, bytes)) {
		tls->env.shared->blanked++;
		tlsopen_lost(tls->open, from);
		buf_release(&half->gathered);
		half->way = RECORD_ZEROS;
		return;
	}
	if (half->gathered.len == half->length)
		open_record(tls, from);
}

/* The rest of it never comes. */
static void cut_sealed(struct tls *tls, enum side from)
{
	struct half *half = &tls->half[from];

	if (half->way != RECORD_SEALED)
		return;
	if (half->gathered.len)
		stayed_shut(tls, from);
	buf_release(&half->gathered);
	half->way = RECORD_HIDDEN;
}

/* ---- records ---- */

static enum record_way way_of(struct tls *tls, enum side from, const struct tlsrec_event *ev)
{
	const struct half *half = &tls->half[from];
	uint8_t type = ev->header.type;

	if (tls->open && tlsopen_wants(tls->open, from, type) && ev->header.length)
		return RECORD_SEALED;
	if (type == TLSREC_APPLICATION_DATA)
		return RECORD_ZEROS;
	if (type == TLSREC_CHANGE_CIPHER_SPEC)
		return ev->header.length == 1 ? RECORD_KEPT : RECORD_HIDDEN;
	if (half->changed)
		return RECORD_HIDDEN;
	if (type == TLSREC_ALERT)
		return ev->header.length == ALERT_LEN ? RECORD_KEPT : RECORD_HIDDEN;
	return type == TLSREC_HANDSHAKE ? RECORD_FLOW : RECORD_HIDDEN;
}

static void on_header(struct tls *tls, enum side from, const struct tlsrec_event *ev)
{
	struct half *half = &tls->half[from];

	half->type = ev->header.type;
	half->version = ev->header.version;
	half->length = ev->header.length;
	if (from == CLIENT && half->type == TLSREC_HANDSHAKE)
		look_for_keys(tls);
	half->way = way_of(tls, from, ev);
	if (half->way == RECORD_SEALED)
		return;
	begin_content(tls, from, half->type);
	if (half->type == TLSREC_CHANGE_CIPHER_SPEC)
		change_cipher(tls, from);
	if (half->type != TLSREC_APPLICATION_DATA || !tls->open || tlsopen_is_refused(tls->open, from))
		return;
	tlscarried_hole(&tls->carried, from, half->length);
}

static void on_fragment(struct tls *tls, enum side from, uint64_t at, struct span bytes)
{
	struct half *half = &tls->half[from];
	struct tlsrecord *r;

	switch (half->way) {
	case RECORD_KEPT:
		keep(tls, from, at, bytes.len);
		break;
	case RECORD_FLOW:
		r = tlsrecords_add(&half->records, at, bytes.len, bytes);
		if (!r) {
			cut_message(tls, from, SIZE_MAX);
			break;
		}
		tlsrecords_busy(&half->records);
		on_handshake(tls, from, r, bytes);
		tlsrecords_done(&half->records);
		break;
	case RECORD_SEALED:
		gather(tls, from, at, bytes);
		break;
	case RECORD_HIDDEN:
		hide(tls, from, at, bytes);
		break;
	case RECORD_ZEROS:
		zero(tls, from, at, bytes.len);
		break;
	}
}

static void read_records(struct tls *tls, enum side from, uint64_t at, struct span bytes)
{
	enum { HEADER = 5 };
	struct span left = bytes;
	struct tlsrec_event ev;

	while (tlsrec_next(tls->half[from].rec, &left, &ev)) {
		uint64_t behind = at + (bytes.len - left.len);

		if (ev.kind == TLSREC_HEADER) {
			keep(tls, from, behind - HEADER, HEADER);
			on_header(tls, from, &ev);
		} else if (ev.kind == TLSREC_FRAGMENT) {
			on_fragment(tls, from, behind - ev.fragment.len, ev.fragment);
		}
	}
}

/* ---- a hello in SSL 2.0's clothes: suites, and a random that nothing opens ---- */

static void open_client(struct tls *tls, uint64_t at, struct span *bytes)
{
	struct half *half = &tls->half[CLIENT];
	uint64_t begun = at - half->opening_len;
	uint16_t version;

	if (!half->opening_len && !(*bytes->at & 0x80)) {
		half->begun = true;
		return;
	}
	while (bytes->len && half->opening_len < sizeof half->opening)
		half->opening[half->opening_len++] = *span_take(bytes, 1).at;
	if (half->opening_len < sizeof half->opening)
		return;
	half->begun = true;
	if (sslv2_hello_read(span_of(half->opening, sizeof half->opening), &half->sslv2_left, &version)) {
		keep(tls, CLIENT, begun, sizeof half->opening);
		return;
	}
	half->sslv2_left = 0;
	read_records(tls, CLIENT, begun, span_of(half->opening, sizeof half->opening));
}

static void take_bytes(void *self, enum side from, uint64_t at, struct span bytes)
{
	struct tls *tls = self;
	struct half *half = &tls->half[from];
	size_t before = bytes.len;

	if (!half->begun && bytes.len)
		open_client(tls, at, &bytes);
	if (half->sslv2_left) {
		struct span rest = span_take(&bytes, half->sslv2_left);

		keep(tls, from, at + (before - bytes.len - rest.len), rest.len);
		half->sslv2_left -= rest.len;
	}
	if (half->begun && bytes.len)
		read_records(tls, from, at + (before - bytes.len), bytes);
}

/* As decoders/tls.c: within one record that is all that is missing; beyond, nobody knows how many are. */
static void take_hole(void *self, enum side from, uint64_t at, uint64_t len)
{
	struct tls *tls = self;
	struct half *half = &tls->half[from];
	bool beyond = len > tlsrec_left(half->rec);

	(void)at;
	half->begun = true;
	half->sslv2_left = 0;
	if (tls->open && (beyond || half->way == RECORD_SEALED || half->type == TLSREC_HANDSHAKE))
		tlsopen_lost(tls->open, from);
	cut_sealed(tls, from);
	if (beyond)
		tlscarried_hole(&tls->carried, from, UNKNOWN_HOLE);
	if (beyond)
		cut_message(tls, from, SIZE_MAX);
	else if (half->type == TLSREC_HANDSHAKE && half->way == RECORD_FLOW)
		cut_message(tls, from, (size_t)len);
	tlsrec_hole(half->rec, len);
}

static void take_end(void *self)
{
	struct tls *tls = self;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		cut_sealed(tls, side);
		cut_message(tls, side, SIZE_MAX);
	}
	tlscarried_end(&tls->carried);
	tlsrecords_end(&tls->half[CLIENT].records);
	tlsrecords_end(&tls->half[SERVER].records);
}

const struct rewriter rewriter_tls = {
	.name = "tls",
	.create = create,
	.destroy = destroy,
	.bytes = take_bytes,
	.hole = take_hole,
	.end = take_end,
};
