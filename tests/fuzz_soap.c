/* tests/fuzz_soap.c - any bytes as the bodies of an update call: no crash, no growth, every span sound, and
 * the same told however they are cut, and by the parser alone, which reads what stands behind a mark of UTF-8
 * and in UTF-16.
 *
 * Input: a byte of switches, a byte of where to cut, the body.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "decoders/soap.h"
#include "facts/wsuscall.h"
#include "tests/touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_CEILING = 256 * 1024, BODY_MAX = 1 << 20 };

static void touch_call(const struct soap_call *call)
{
	const struct soap_fault *f = &call->fault;
	const struct span texts[] = {
		call->name, f->code, f->text, f->error_code, f->message, f->id, f->method,
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		touch(texts[i]);
	if (f->code.len > SOAP_CODE_MAX || f->text.len > SOAP_TEXT_MAX)
		abort();
	for (size_t i = 0; call->values && i < call->values->value_count; i++)
		touch(call->values->values[i].text);
}

struct told {
	struct soap_side side;
	enum wsus_method method;
	uint64_t sum;                   /* of all that is said */
};

static void add(uint64_t *sum, struct span bytes)
{
	*sum = hash_mix(hash_bytes(hash_key(), bytes), *sum);
}

static void add_number(uint64_t *sum, int64_t number)
{
	add(sum, span_of(&number, sizeof number));
}

static void add_fault(uint64_t *sum, const struct soap_fault *f)
{
	const struct span texts[] = { f->code, f->text, f->error_code, f->message, f->id, f->method };

	add_number(sum, f->present);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add(sum, texts[i]);
}

static void add_lists(uint64_t *sum, const struct wsus_call *call)
{
	for (size_t i = 0; i < call->update_count; i++) {
		add_number(sum, call->updates[i].revision_id);
		add(sum, call->updates[i].title);
		add(sum, call->updates[i].kb);
	}
	for (size_t i = 0; i < call->file_count; i++)
		add(sum, call->files[i].name);
	for (size_t i = 0; i < call->location_count; i++)
		add(sum, call->locations[i].url);
	for (size_t i = 0; i < call->event_count; i++) {
		add_number(sum, call->events[i].event);
		add(sum, call->events[i].text[0]);
	}
}

static struct told tell(const struct soap_call *call, enum side from)
{
	struct told told = { .side = call->side[from], .method = call->method };

	add(&told.sum, call->name);
	add_fault(&told.sum, &call->fault);
	for (size_t i = 0; call->values && i < call->values->value_count; i++) {
		const struct wsus_value *value = &call->values->values[i];

		add_number(&told.sum, value->field);
		add_number(&told.sum, value->number);
		add_number(&told.sum, (int64_t)value->hash);
		add(&told.sum, value->text);
	}
	if (call->values)
		add_lists(&told.sum, call->values);
	return told;
}

static struct told read_body(struct soap_pool *pool, const struct exchange *x, enum side from,
                             struct span body, size_t step)
{
	struct arena arena;
	struct soap *soap;
	struct told told = { .method = METHOD_UNKNOWN };

	arena_init(&arena, ARENA_CEILING);
	soap = soap_new(pool, x, &arena);
	if (!soap)
		abort();
	while (body.len && soap_piece(soap, from, span_take(&body, step)))
		;
	soap_end(soap, from, true);
	touch_call(soap_call(soap));
	told = tell(soap_call(soap), from);
	soap_free(soap);
	arena_release(&arena);
	return told;
}

static bool alike(const struct told *a, const struct told *b)
{
	return a->side.version == b->side.version && a->side.complete == b->side.complete &&
	       a->method == b->method && a->sum == b->sum;
}

/* Behind the mark of UTF-8 all is the parser's; where another encoding may begin, that mark would end it. */
static bool mark(struct buf *to, struct span body)
{
	buf_add(to, SPAN("\xef\xbb\xbf"));
	buf_add(to, body);
	return body.len > 1 && body.at[0] < 0x80 && body.at[0] && body.at[1];
}

/* ASCII in UTF-16; false: it is none, or says that it is something else. */
static bool widen(struct buf *to, struct span body)
{
	buf_add(to, SPAN("\xff\xfe"));
	for (size_t i = 0; i < body.len; i++) {
		if (body.at[i] > 0x7f)
			return false;
		buf_add_byte(to, body.at[i]);
		buf_add_byte(to, 0);
	}
	return span_find(body, SPAN("encoding")) == SIZE_MAX;
}

/* How much is too much is a matter of pieces, and of who reads. */
static void hold_alike(const struct told *a, const struct told *b)
{
	unsigned anomalies = a->side.anomalies | b->side.anomalies;

	if (!(anomalies & 1u << SOAP_TOO_LONG) && !alike(a, b))
		abort();
}

static void hold_to_parser(struct soap_pool *pool, const struct exchange *x, enum side from,
                           struct span body, const struct told *whole,
                           bool (*form)(struct buf *to, struct span body))
{
	struct told other;
	struct buf formed;

	buf_init(&formed, BODY_MAX);
	if (body.len < BODY_MAX / 4 && form(&formed, body)) {
		other = read_body(pool, x, from, buf_span(&formed), SIZE_MAX);
		hold_alike(whole, &other);
	}
	buf_release(&formed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct span paths[] = {
		SPAN_LIT("/ClientWebService/client.asmx"), SPAN_LIT("/SimpleAuthWebService/SimpleAuth.asmx"),
		SPAN_LIT("/ReportingWebService/WebService.asmx"), SPAN_LIT("/ApiRemoting30/WebService.asmx"),
		SPAN_LIT("/ServerSyncWebService/ServerSyncWebService.asmx"), SPAN_LIT("/"),
		SPAN_LIT("/DssAuthWebService/DssAuthWebService.asmx"), SPAN_LIT(""),
	};
	struct limits limits = { { 0 } };
	struct budget budget = { .ceiling = 8 << 20 };
	struct soap_pool *pool = soap_pool_new(&limits, &budget);
	struct exchange x = { .method = SPAN("POST") };
	struct told whole, other;
	struct span body;
	enum side from;

	if (size < 2 || !pool) {
		soap_pool_free(pool);
		return 0;
	}
	x.path = paths[data[0] >> 1 & 7];
	from = data[0] & 1 ? SERVER : CLIENT;
	body = span_of(data + 2, size - 2);
	whole = read_body(pool, &x, from, body, SIZE_MAX);
	other = read_body(pool, &x, from, body, (size_t)data[1] + 1);
	hold_alike(&whole, &other);
	hold_to_parser(pool, &x, from, body, &whole, widen);
	hold_to_parser(pool, &x, from, body, &whole, mark);
	soap_pool_free(pool);
	if (budget.used)
		abort();
	return 0;
}
