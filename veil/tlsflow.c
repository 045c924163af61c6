/* veil/tlsflow.c - where each byte of a message lies, until it is whole. */
#include "veil/tlsflow.h"

enum { HEAD = 4, PLACES_MAX = 64 * 1024 };

struct place {                          /* of some bytes of a message */
	struct tlsrecord *record;
	size_t at, len;
};

void tlsflow_init(struct tlsflow *f, struct tlsrecords *records, struct tlsmessages *messages,
                  struct budget *budget)
{
	f->records = records;
	f->messages = messages;
	tlsmsg_init(&f->decoder, budget);
	f->decoder.every = true;
	buf_init_on(&f->places, PLACES_MAX, budget);
}

void tlsflow_release(struct tlsflow *f)
{
	tlsmsg_release(&f->decoder);
	buf_release(&f->places);
}

void tlsflow_record(struct tlsflow *f)
{
	tlsmsg_record(&f->decoder);
}

/* Bytes of the message go where they lie; beyond them, zeros do. */
static void put_back(struct tlsflow *f, struct span bytes)
{
	static const uint8_t zeros[4096];
	struct span list = buf_span(&f->places);

	tlsrecords_busy(f->records);
	while (list.len) {
		struct place p;

		memcpy(&p, span_take(&list, sizeof p).at, sizeof p);
		while (p.len) {
			struct span some = span_take(&bytes, p.len);

			if (!some.len)
				some = span_of(zeros, p.len < sizeof zeros ? p.len : sizeof zeros);
			tlsrecords_put(f->records, p.record, p.at, some);
			p.at += some.len;
			p.len -= some.len;
		}
	}
	buf_clear(&f->places);
	tlsrecords_done(f->records);
}

static void put_message(struct tlsflow *f, const struct tlsmsg_event *m)
{
	struct budget *budget = f->records->shared->budget;
	uint8_t *text = budget_alloc(budget, HEAD + m->body.len);

	if (!text) {
		f->records->shared->blanked++;
		put_back(f, span_of(NULL, 0));
		return;
	}
	text[0] = m->type;
	text[1] = (uint8_t)(m->length >> 16);
	text[2] = (uint8_t)(m->length >> 8);
	text[3] = (uint8_t)m->length;
	tlsmessages_put(f->messages, m, text + HEAD);
	put_back(f, span_of(text, HEAD + m->body.len));
	budget_free(budget, text, HEAD + m->body.len);
}

static void tell(struct tlsflow *f, const struct tlsmsg_event *m, const struct tlsflow_heard *to)
{
	put_message(f, m);
	to->message(to->self, f->records->from, m);
}

static void note(struct tlsflow *f, struct tlsrecord *r, size_t at, size_t len)
{
	struct place p = { r, at, len };

	if (!len || buf_add(&f->places, span_of(&p, sizeof p)))
		return;
	put_back(f, span_of(NULL, 0));
	tlsrecords_put(f->records, r, at, span_of(r->content + at, len));
}

void tlsflow_piece(struct tlsflow *f, struct tlsrecord *r, struct span piece, const struct tlsflow_heard *to)
{
	struct span left = piece;
	struct tlsmsg_event ev;
	uint8_t *hidden;

	while (left.len) {
		size_t before = left.len, at = piece.len - left.len;
		bool whole = tlsmsg_next(&f->decoder, &left, &ev);

		note(f, r, at, before - left.len);
		if (whole)
			tell(f, &ev, to);
		else if (left.len == before || f->decoder.lost)
			break;
	}
	if (!f->decoder.lost)
		return;
	/* Nobody reads on. */
	put_back(f, span_of(NULL, 0));
	if (!left.len)
		return;
	hidden = budget_alloc(f->records->shared->budget, left.len);
	if (!hidden)
		return;
	names_bytes(f->messages->names, left, hidden);
	tlsrecords_put(f->records, r, piece.len - left.len, span_of(hidden, left.len));
	budget_free(f->records->shared->budget, hidden, left.len);
}

void tlsflow_hole(struct tlsflow *f, size_t len, const struct tlsflow_heard *to)
{
	struct tlsmsg_event ev;
	bool told = tlsmsg_hole(&f->decoder, len, &ev);

	if (told)
		tell(f, &ev, to);
	else if (!tlsmsg_inside(&f->decoder))
		put_back(f, span_of(NULL, 0));
}
