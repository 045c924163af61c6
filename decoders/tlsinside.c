/* decoders/tlsinside.c - records made whole, opened, and handed on. */
#include "decoders/tlsinside.h"

#include "decoders/tlskeys.h"

struct tlsinside *tlsinside_new(const struct layer_env *env, struct tls_session *fact)
{
	struct budget *budget = env->context->budget;
	struct tlsinside *t;

	if (!env->context->keys || !tlskeys_any(env->context->keys))
		return NULL;
	t = budget_alloc(budget, sizeof *t);
	if (!t)
		return NULL;
	tlsinner_init(&t->inner, env, fact);
	buf_init_on(&t->half[CLIENT].fragment, TLSREC_LENGTH_MAX, budget);
	buf_init_on(&t->half[SERVER].fragment, TLSREC_LENGTH_MAX, budget);
	t->open = tlsopen_new(env, fact);
	if (t->open)
		return t;
	tlsinside_free(t);
	return NULL;
}

void tlsinside_free(struct tlsinside *t)
{
	if (!t)
		return;
	tlsinner_release(&t->inner);
	tlsopen_free(t->open);
	buf_release(&t->half[CLIENT].fragment);
	buf_release(&t->half[SERVER].fragment);
	budget_free(t->inner.env.context->budget, t, sizeof *t);
}

bool tlsinside_begin(struct tlsinside *t, enum side from, const struct tlsrec_event *header,
                     struct mark mark)
{
	struct tlsinside_half *half = &t->half[from];

	if (!tlsopen_wants(t->open, from, header->header.type) || !header->header.length)
		return false;
	half->gathering = true;
	half->type = header->header.type;
	half->version = header->header.version;
	half->length = header->header.length;
	half->begun = mark;
	return true;
}

/* Spans are lent to be read, and records are opened in place: so they are copied once, into a buffer that no
 * connection keeps between them. */
enum tlsinside_got tlsinside_piece(struct tlsinside *t, enum side from, struct span bytes,
                                   struct tlscrypt_record *content)
{
	struct tlsinside_half *half = &t->half[from];
	struct tlsopen_record sealed = { half->type, half->version, NULL, half->length };
	bool room = half->fragment.room >= half->length ||
	            buf_reserve(&half->fragment, half->length - half->fragment.len);

	if (!room || !buf_add(&half->fragment, bytes)) {
		half->gathering = false;
		limit_add(t->inner.env.context->limits, LIMIT_MEMORY, 1);
		tlsopen_lost(t->open, from);
		return TLSINSIDE_SHUT;
	}
	if (half->fragment.len < half->length)
		return TLSINSIDE_MORE;
	half->gathering = false;
	sealed.fragment = half->fragment.at;
	if (!tlsopen_record(t->open, from, &sealed, content))
		return TLSINSIDE_SHUT;
	t->carried = true;
	return TLSINSIDE_OPENED;
}

void tlsinside_done(struct tlsinside *t, enum side from)
{
	buf_release(&t->half[from].fragment);
}

bool tlsinside_cut(struct tlsinside *t, enum side from)
{
	struct tlsinside_half *half = &t->half[from];
	bool was = half->gathering;

	half->gathering = false;
	buf_release(&half->fragment);
	return was;
}

/* Refused early data are sent again: what was read of them never counted. */
static void settle_early(struct tlsinside *t)
{
	switch (tlsopen_early(t->open)) {
	case TLSOPEN_EARLY_UNKNOWN:
		break;
	case TLSOPEN_EARLY_TAKEN:
		tlsinner_take(&t->inner);
		break;
	case TLSOPEN_EARLY_REFUSED:
		tlsinner_refuse(&t->inner);
		break;
	}
}

void tlsinside_data(struct tlsinside *t, enum side from, struct span data, struct mark mark)
{
	settle_early(t);
	if (from == CLIENT && tlsopen_is_early(t->open) && tlsopen_early(t->open) == TLSOPEN_EARLY_UNKNOWN)
		tlsinner_hold(&t->inner, data, mark);
	else
		tlsinner_bytes(&t->inner, from, data, mark);
}

void tlsinside_message(struct tlsinside *t, enum side from, const struct tlsmsg_event *m)
{
	tlsopen_message(t->open, from, m);
	settle_early(t);
}

void tlsinside_shut(struct tlsinside *t, enum side from, size_t length, struct mark mark)
{
	if (t->carried)
		tlsinner_hole(&t->inner, from, tlsopen_content(t->open, length), mark);
}

void tlsinside_lost(struct tlsinside *t, enum side from, struct mark mark)
{
	if (t->carried)
		tlsinner_hole(&t->inner, from, SIZE_MAX, mark);
}

void tlsinside_end(struct tlsinside *t, enum stack_end how, struct mark mark)
{
	tlsopen_end(t->open);
	settle_early(t);
	tlsinner_end(&t->inner, how, mark);
}

bool tlsinside_useless(const struct tlsinside *t)
{
	return !t->carried && tlsopen_over(t->open);
}
