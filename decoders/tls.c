/* decoders/tls.c - the TLS layer: two streams into records, and one fact at the end.
 *
 *   bytes -> (SSL 2.0 hello) -> tlsrec -> tlsmsg -> tlssession -> FACT_TLS
 *                                  with keys: -> tlsinside -> tlsmsg, or the stack inside
 *
 * Application data that nobody can open is skipped by the length of its record, untouched.
 */
#include "decoders/layer.h"

#include "decoders/tlshello.h"
#include "decoders/tlsinside.h"
#include "decoders/tlsrec.h"
#include "decoders/tlssession.h"

struct half {
	struct tlsrec *rec;
	struct tlsmsg msg;
	struct mark last;                       /* of its bytes */
	uint8_t opening[SSLV2_HELLO_LEN];       /* a client's first bytes: an SSL 2.0 hello? */
	size_t opening_len;
	bool opened;                            /* they were read */
	size_t sslv2_left;                      /* of such a hello */
	struct buf sslv2;                       /* what is there of it, but for the opening */
	bool records;                           /* one was seen */
	bool readable;                          /* the current record's fragment */
	bool sealed;                            /* it is for tlsinside */
	uint8_t type;                           /* the current record's; of its content, when it was opened */
	size_t length;                          /* likewise */
	uint8_t alert[2];
	size_t alert_len;
};

struct tls {
	struct layer_env env;
	struct tlssession session;
	struct half half[2];
	bool looked;                            /* for keys */
	struct tlsinside *inside;               /* NULL: none, or none that fit */
};

/* With its two record decoders, which are smaller than that. */
enum { TLS_SIZE = sizeof(struct tls) + 2 * 64, SSLV2_MAX = 1024, CLOSE_NOTIFY = 0 };

static void destroy(void *self)
{
	struct tls *tls = self;

	tlsinside_free(tls->inside);
	tlssession_release(&tls->session);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		tlsrec_free(tls->half[side].rec);
		buf_release(&tls->half[side].sslv2);
		tlsmsg_release(&tls->half[side].msg);
	}
	budget_free(tls->env.context->budget, tls, TLS_SIZE);
}

static void *create(const struct layer_env *env)
{
	struct tls *tls = budget_alloc(env->context->budget, TLS_SIZE);

	if (!tls)
		return NULL;
	tls->env = *env;
	tlssession_init(&tls->session, env);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct half *half = &tls->half[side];

		tlsmsg_init(&half->msg, env->context->budget);
		buf_init_on(&half->sslv2, SSLV2_MAX, env->context->budget);
		half->opened = side == SERVER;
		half->rec = tlsrec_new();
		if (half->rec && env->joined)
			tlsrec_seek(half->rec);
	}
	if (tls->half[CLIENT].rec && tls->half[SERVER].rec)
		return tls;
	destroy(tls);
	return NULL;
}

static void note_time(struct tls *tls, struct mark mark)
{
	struct tls_session *fact = &tls->session.fact;

	if (fact->first_time == MOMENT_NONE)
		fact->first_time = mark.time;
	fact->last_time = mark.time;
}

/* Keeps a side's first bytes until they turn out to be TLS. */
static void keep_first(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct tls_session *fact = &tls->session.fact;
	uint8_t *len = &fact->other_len[from];
	struct span some = span_take(&bytes, sizeof fact->other_bytes[from] - *len);

	if (!*len)
		fact->other_frame[from] = mark.frame;
	if (some.len)
		memcpy(fact->other_bytes[from] + *len, some.at, some.len);
	*len = (uint8_t)(*len + some.len);
}

static void forget_first(struct tls *tls, enum side from)
{
	tls->session.fact.other_len[from] = 0;
	tls->session.fact.other_frame[from] = 0;
}

/* ---- with keys */

/* A client's hello is about to come: it names the keys, and of a session without it nothing can be opened. */
static void look_for_keys(struct tls *tls)
{
	if (tls->looked)
		return;
	tls->looked = true;
	tls->inside = tlsinside_new(&tls->env, &tls->session.fact);
	tls->half[CLIENT].msg.every = tls->half[SERVER].msg.every = tls->inside;
}

/* ---- what records hold */

static void on_alert_bytes(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct half *half = &tls->half[from];

	while (bytes.len) {
		half->alert[half->alert_len++] = *span_take(&bytes, 1).at;
		if (half->alert_len < sizeof half->alert)
			continue;
		half->alert_len = 0;
		tlssession_alert(&tls->session, from, half->alert, mark.frame);
		if (tls->inside && half->alert[1] == CLOSE_NOTIFY)
			tlsinner_close(&tls->inside->inner, from, mark);
	}
}

/* What a hole of `len` bytes leaves of a message. */
static void cut_message(struct tls *tls, enum side from, size_t len)
{
	struct half *half = &tls->half[from];
	struct tlsmsg_event ev;

	if (tlsmsg_hole(&half->msg, len, &ev))
		tlssession_message(&tls->session, from, &ev, half->last);
}

static bool begin_record(struct tls *tls, enum side from, bool opened, struct mark mark)
{
	struct half *half = &tls->half[from];

	half->alert_len = 0;
	if (half->type == TLSREC_HANDSHAKE)
		tlsmsg_record(&half->msg);
	else if (tlsmsg_inside(&half->msg) && half->type != TLSREC_ALERT)
		cut_message(tls, from, SIZE_MAX);       /* nothing comes between its records */
	return tlssession_record(&tls->session, from, &(struct tlssession_record){
		.type = half->type, .length = half->length, .opened = opened, .mark = mark,
	});
}

/* A record of application data, or of what TLS 1.3 hides in such, that stays shut. */
static void count_unread(struct tls *tls, enum side from, struct mark mark)
{
	struct tls_session *fact = &tls->session.fact;

	if (tls->inside && tlsopen_is_refused(tls->inside->open, from))
		return;
	fact->records_unread++;
	limit_add(tls->env.context->limits,
	          fact->reading == TLS_UNKNOWN_SUITE ? LIMIT_UNKNOWN_SUITE : LIMIT_ENCRYPTED, 1);
	if (tls->inside)
		tlsinside_shut(tls->inside, from, tls->half[from].length, mark);
}

static void begin_shut(struct tls *tls, enum side from, struct mark mark)
{
	struct half *half = &tls->half[from];

	half->readable = begin_record(tls, from, false, mark);
	if (half->type == TLSREC_APPLICATION_DATA)
		count_unread(tls, from, mark);
	if (half->type == TLSREC_CHANGE_CIPHER_SPEC && tls->inside)
		tlsopen_change_cipher(tls->inside->open, from);
}

/* The rest of a record never comes that was to be opened. */
static void cut_sealed(struct tls *tls, enum side from)
{
	struct half *half = &tls->half[from];

	if (!tls->inside || !half->sealed || !tlsinside_cut(tls->inside, from))
		return;
	half->sealed = false;
	begin_shut(tls, from, tls->inside->half[from].begun);
	half->readable = false;
}

/* Nothing more will be opened: what a side had begun to send stays shut. */
static void drop_useless(struct tls *tls)
{
	if (!tls->inside || !tlsinside_useless(tls->inside))
		return;
	cut_sealed(tls, CLIENT);
	cut_sealed(tls, SERVER);
	tlsinside_free(tls->inside);
	tls->inside = NULL;
	tls->half[CLIENT].msg.every = tls->half[SERVER].msg.every = false;
}

static void on_messages(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct tlsmsg_event ev;

	while (tlsmsg_next(&tls->half[from].msg, &bytes, &ev)) {
		tlssession_message(&tls->session, from, &ev, mark);
		if (tls->inside)
			tlsinside_message(tls->inside, from, &ev);
	}
	/* What the client had begun to send turns out to be early data that are refused. */
	if (from == SERVER && tls->inside && tlsopen_is_clear(tls->inside->open, CLIENT))
		cut_sealed(tls, CLIENT);
}

static void on_header(struct tls *tls, enum side from, const struct tlsrec_event *ev, struct mark mark)
{
	struct half *half = &tls->half[from];

	if (!half->records)
		forget_first(tls, from);
	half->records = true;
	half->type = ev->header.type;
	half->length = ev->header.length;
	if (from == CLIENT && half->type == TLSREC_HANDSHAKE)
		look_for_keys(tls);
	half->sealed = tls->inside && tlsinside_begin(tls->inside, from, ev, mark);
	if (half->sealed)
		half->readable = true;
	else
		begin_shut(tls, from, mark);
	drop_useless(tls);
}

static void on_opened(struct tls *tls, enum side from, const struct tlscrypt_record *record, struct mark mark)
{
	struct half *half = &tls->half[from];

	half->type = record->type;
	half->length = record->content.len;
	begin_record(tls, from, true, mark);
	switch (half->type) {
	case TLSREC_HANDSHAKE:
		on_messages(tls, from, record->content, mark);
		break;
	case TLSREC_CHANGE_CIPHER_SPEC:
		tlsopen_change_cipher(tls->inside->open, from);
		break;
	case TLSREC_APPLICATION_DATA:
		tls->session.fact.records_read++;
		tlsinside_data(tls->inside, from, record->content, mark);
		break;
	case TLSREC_ALERT:
		on_alert_bytes(tls, from, record->content, mark);
		break;
	default:
		break;
	}
}

static void on_sealed(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct tlscrypt_record record;

	switch (tlsinside_piece(tls->inside, from, bytes, &record)) {
	case TLSINSIDE_MORE:
		return;
	case TLSINSIDE_OPENED:
		on_opened(tls, from, &record, mark);
		break;
	case TLSINSIDE_SHUT:
		begin_shut(tls, from, mark);
		break;
	}
	tls->half[from].readable = tls->half[from].sealed = false;
	tlsinside_done(tls->inside, from);
	drop_useless(tls);
}

static void on_fragment(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct half *half = &tls->half[from];

	if (!half->readable)
		return;
	if (half->sealed && tls->inside)
		on_sealed(tls, from, bytes, mark);
	else if (half->type == TLSREC_ALERT)
		on_alert_bytes(tls, from, bytes, mark);
	else if (half->type == TLSREC_HANDSHAKE)
		on_messages(tls, from, bytes, mark);
}

/* Nothing of TLS at the very beginning: the side speaks something else.  Later, the record layer has
 * lost its step for good, and what follows is not judged. */
static void on_anomaly(struct tls *tls, enum side from)
{
	if (!tls->half[from].records)
		tls->session.fact.not_tls[from] = true;
	else
		tls->session.fact.lost++;
}

static void read_records(struct tls *tls, enum side from, struct span bytes, struct mark mark)
{
	struct tlsrec_event ev;

	while (tlsrec_next(tls->half[from].rec, &bytes, &ev)) {
		switch (ev.kind) {
		case TLSREC_HEADER:
			on_header(tls, from, &ev, mark);
			break;
		case TLSREC_FRAGMENT:
			on_fragment(tls, from, ev.fragment, mark);
			break;
		case TLSREC_ANOMALY:
			on_anomaly(tls, from);
			break;
		}
	}
}

/* A client's first five bytes tell an SSL 2.0 hello (its first bit is set, no record's is). */
static void open_client(struct tls *tls, struct span *bytes, struct mark mark)
{
	struct half *half = &tls->half[CLIENT];
	uint16_t version;

	if (!half->opening_len && !(*bytes->at & 0x80)) {
		half->opened = true;
		return;
	}
	while (bytes->len && half->opening_len < sizeof half->opening)
		half->opening[half->opening_len++] = *span_take(bytes, 1).at;
	if (half->opening_len < sizeof half->opening)
		return;
	half->opened = true;
	if (sslv2_hello_read(span_of(half->opening, sizeof half->opening), &half->sslv2_left, &version)) {
		forget_first(tls, CLIENT);
		half->records = true;
		tlssession_sslv2(&tls->session, version, mark);
		look_for_keys(tls);
		return;
	}
	half->sslv2_left = 0;
	read_records(tls, CLIENT, span_of(half->opening, sizeof half->opening), mark);
}

/* The rest of such a hello, until it is whole. */
static void read_sslv2(struct tls *tls, struct span *bytes)
{
	struct half *half = &tls->half[CLIENT];
	struct span got = span_take(bytes, half->sslv2_left);

	half->sslv2_left -= got.len;
	buf_add(&half->sslv2, got);
	if (half->sslv2_left)
		return;
	tlssession_sslv2_rest(&tls->session, buf_span(&half->sslv2));
	if (tls->inside)
		tlsopen_sslv2(tls->inside->open, buf_span(&half->sslv2));
	buf_release(&half->sslv2);
}

static void on_bytes(void *self, enum side from, struct span bytes, struct mark mark)
{
	struct tls *tls = self;
	struct half *half = &tls->half[from];

	if (!bytes.len)
		return;
	note_time(tls, mark);
	half->last = mark;
	if (!half->records)
		keep_first(tls, from, bytes, mark);
	if (!half->opened)
		open_client(tls, &bytes, mark);
	if (half->sslv2_left)
		read_sslv2(tls, &bytes);
	if (half->opened)
		read_records(tls, from, bytes, mark);
}

/* Within one record that is all that is missing; beyond, nobody knows how many are. */
static void lose_inside(struct tls *tls, enum side from, bool beyond, struct mark mark)
{
	struct half *half = &tls->half[from];

	if (!tls->inside)
		return;
	if (beyond || half->sealed || half->type == TLSREC_HANDSHAKE)
		tlsopen_lost(tls->inside->open, from);
	cut_sealed(tls, from);
	if (beyond)
		tlsinside_lost(tls->inside, from, mark);
	drop_useless(tls);
}

static void on_hole(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct tls *tls = self;
	struct half *half = &tls->half[from];
	size_t left = tlsrec_left(half->rec);

	note_time(tls, mark);
	half->opened = true;
	half->sslv2_left = 0;
	tls->session.fact.lost++;
	tls->session.blind = true;
	lose_inside(tls, from, len > left, mark);
	if (len > left)
		cut_message(tls, from, SIZE_MAX);
	else if (half->type == TLSREC_HANDSHAKE && half->readable)
		cut_message(tls, from, (size_t)len);
	tlsrec_hole(half->rec, len);
}

static uint64_t skippable(const void *self, enum side from)
{
	const struct tls *tls = self;
	const struct half *half = &tls->half[from];
	const struct tls_session *fact = &tls->session.fact;
	size_t left = tlsrec_left(half->rec);

	if (!half->opened || half->sslv2_left)
		return 0;
	if (left < SIZE_MAX)
		return half->readable ? 0 : left;
	if (fact->not_tls[from] && fact->other_len[from] < sizeof fact->other_bytes[from])
		return 0;
	return UINT64_MAX;
}

static void on_skip(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct tls *tls = self;

	note_time(tls, mark);
	tlsrec_hole(tls->half[from].rec, len);
}

static void on_close(void *self, enum side from, struct mark mark)
{
	struct tls *tls = self;

	note_time(tls, mark);
	if (tls->inside)
		tlsinner_close(&tls->inside->inner, from, mark);
}

static void on_end(void *self, enum stack_end how, struct mark mark)
{
	struct tls *tls = self;
	struct tls_session *fact = &tls->session.fact;
	struct fact told = { .kind = FACT_TLS, .time = mark.time, .frame = mark.frame, .tls = fact };
	bool something = false;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		cut_sealed(tls, side);
		cut_message(tls, side, SIZE_MAX);
		if (!fact->not_tls[side])
			forget_first(tls, side);
		something |= tls->half[side].records || fact->not_tls[side];
	}
	if (!something)
		return;
	if (tls->inside)
		tlsinside_end(tls->inside, how, mark);
	tlssession_end(&tls->session);
	fact_state(tls->env.context->sink, &told);
}

const struct layer layer_tls = {
	.name = "tls",
	.create = create,
	.destroy = destroy,
	.bytes = on_bytes,
	.hole = on_hole,
	.skippable = skippable,
	.skip = on_skip,
	.close = on_close,
	.end = on_end,
};
