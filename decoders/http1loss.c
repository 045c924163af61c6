/* decoders/http1loss.c - bytes of one direction that are not seen: skipped, lost, or over. */
#include "decoders/http1state.h"
#include "decoders/stack.h"

static void lose(struct http1 *dec, uint64_t len)
{
	dec->counts.entity += len;
	dec->counts.wire += len;
	dec->counts.lost += len;
}

void http1_hole(struct http1 *dec, uint64_t len)
{
	switch (dec->state) {
	case HTTP1_IN_LENGTH:
	case HTTP1_IN_CHUNK: {
		uint64_t inside = len < dec->left ? len : dec->left;

		dec->maybe = false;
		lose(dec, inside);
		if (inside == len)
			http1_count_down(dec, inside);
		else
			http1_cut(dec, HTTP1_SEARCHING);      /* its end was in the hole, perhaps more */
		return;
	}
	case HTTP1_IN_REST:
		lose(dec, len == STACK_UNKNOWN ? 0 : len);
		return;
	case HTTP1_AT_START:
	case HTTP1_SEARCHING:
		dec->state = HTTP1_SEARCHING;
		buf_clear(&dec->kept);
		return;
	case HTTP1_IN_HEAD:
		dec->state = HTTP1_CUT_IN_HEAD;
		dec->next = HTTP1_SEARCHING;
		return;
	case HTTP1_AFTER_HEAD:
	case HTTP1_IN_CHUNK_SIZE:
	case HTTP1_IN_CHUNK_EXTENSION:
	case HTTP1_AFTER_CHUNK:
	case HTTP1_IN_TRAILER:
	case HTTP1_IN_KEPT:
	case HTTP1_AT_END:
	case HTTP1_CUT_IN_HEAD:
	case HTTP1_AT_CUT:
		http1_cut(dec, HTTP1_SEARCHING);
		return;
	case HTTP1_IN_TUNNEL:
	case HTTP1_CLOSED:
		break;
	}
}

uint64_t http1_skippable(const struct http1 *dec)
{
	if (dec->state == HTTP1_CLOSED)
		return UINT64_MAX;
	if (dec->wanted || dec->maybe)
		return 0;
	if (dec->state == HTTP1_IN_LENGTH || dec->state == HTTP1_IN_CHUNK)
		return dec->left;
	return dec->state == HTTP1_IN_REST ? UINT64_MAX : 0;
}

void http1_skip(struct http1 *dec, uint64_t len)
{
	uint64_t inside = http1_skippable(dec);

	if (inside > len)
		inside = len;
	if (dec->state != HTTP1_CLOSED) {
		dec->counts.entity += inside;
		dec->counts.wire += inside;
	}
	if (inside && (dec->state == HTTP1_IN_LENGTH || dec->state == HTTP1_IN_CHUNK))
		http1_count_down(dec, inside);
	if (inside < len)
		http1_hole(dec, len - inside);  /* more than was skippable: as good as lost */
}

void http1_close(struct http1 *dec)
{
	switch (dec->state) {
	case HTTP1_IN_REST:
		dec->state = HTTP1_AT_END;
		dec->next = HTTP1_CLOSED;
		return;
	case HTTP1_IN_HEAD:
		dec->state = HTTP1_CUT_IN_HEAD;
		dec->next = HTTP1_CLOSED;
		return;
	case HTTP1_AT_END:
	case HTTP1_AT_CUT:
	case HTTP1_CUT_IN_HEAD:
		dec->next = HTTP1_CLOSED;
		return;
	case HTTP1_AFTER_HEAD:
	case HTTP1_IN_LENGTH:
	case HTTP1_IN_CHUNK_SIZE:
	case HTTP1_IN_CHUNK_EXTENSION:
	case HTTP1_IN_CHUNK:
	case HTTP1_AFTER_CHUNK:
	case HTTP1_IN_TRAILER:
	case HTTP1_IN_KEPT:
		http1_cut(dec, HTTP1_CLOSED);
		return;
	case HTTP1_AT_START:
	case HTTP1_SEARCHING:
	case HTTP1_IN_TUNNEL:
	case HTTP1_CLOSED:
		dec->state = HTTP1_CLOSED;
		break;
	}
}

void http1_end(struct http1 *dec)
{
	if (dec->state != HTTP1_IN_HEAD)
		return;
	dec->state = HTTP1_CUT_IN_HEAD;
	dec->next = HTTP1_CLOSED;
}
