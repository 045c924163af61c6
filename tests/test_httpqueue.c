/* tests/test_httpqueue.c - who answers whom: every course of a few turns, and very long ones.
 *
 * What is read must live until it ends, whatever is asked, answered, lost or told late meanwhile: the
 * sanitizers see to that here.  Which answer goes to which request is test_http.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/layer.h"

enum { DEPTH = 6, HOLE = 9, WAITING_MAX = 1024 };

struct turn {
	enum side from;
	bool late;                      /* told after what came 150 ms later */
	const char *bytes;              /* NULL: a hole */
};

static const struct turn turns[] = {
	{ CLIENT, false, "GET /a HTTP/1.1\r\n\r\n" },
	{ CLIENT, true,  "GET /b HTTP/1.1\r\n\r\n" },
	{ CLIENT, false, "POST /c HTTP/1.1\r\nContent-Length: 4\r\n\r\nab" },
	{ CLIENT, false, "cd" },
	{ CLIENT, false, NULL },
	{ SERVER, false, "HTTP/1.1 204 A\r\n\r\n" },
	{ SERVER, true,  "HTTP/1.1 204 B\r\n\r\n" },
	{ SERVER, false, "HTTP/1.1 200 C\r\nContent-Length: 4\r\n\r\nab" },
	{ SERVER, false, "cd" },
	{ SERVER, false, NULL },
};
enum { TURNS = sizeof turns / sizeof *turns };

struct course {
	struct limits limits;
	struct fact_sink sink;
	struct stack_context context;
	struct connection conn;
	struct layer_env env;
	void *layer;
	uint64_t frame;
	uint64_t told;                  /* exchanges */
	uint64_t asked;                 /* of them, those with a request */
};

static void count(void *self, const struct fact *fact)
{
	const struct exchange *x = fact->exchange;
	struct course *c = self;

	assert_true(x->request.present || x->response.present);
	assert_true(!x->request.present || x->method.len);
	assert_true(c->told <= x->number);
	c->told = x->number + 1;
	c->asked += x->request.present;
}

static void begin(struct course *c)
{
	*c = (struct course){ .sink = { c, count } };
	c->context = (struct stack_context){ .sink = &c->sink, .limits = &c->limits };
	c->env = (struct layer_env){ .context = &c->context, .place = { .conn = &c->conn } };
	c->layer = layer_http.create(&c->env);
	assert_non_null(c->layer);
}

static void take(struct course *c, const struct turn *turn)
{
	struct mark mark = { ++c->frame, 0 };

	mark.time = (int64_t)c->frame * 100 * MOMENT_MS - (turn->late ? 150 * MOMENT_MS : 0);
	if (turn->bytes)
		layer_http.bytes(c->layer, turn->from, span_of(turn->bytes, strlen(turn->bytes)), mark);
	else
		layer_http.hole(c->layer, turn->from, HOLE, mark);
}

static void end(struct course *c)
{
	layer_http.end(c->layer, STACK_END_CAPTURE, (struct mark){ c->frame, 0 });
	layer_http.destroy(c->layer);
}

static void every_short_course_is_survived(void **state)
{
	size_t all = 1;

	(void)state;
	for (size_t i = 0; i < DEPTH; i++)
		all *= TURNS;
	for (size_t number = 0; number < all; number++) {
		struct course c;
		size_t rest = number;

		begin(&c);
		for (size_t i = 0; i < DEPTH; i++, rest /= TURNS)
			take(&c, &turns[rest % TURNS]);
		end(&c);
	}
}

/* A request that was answered early goes on while answers to nobody fill the queue. */
static void a_request_under_way_outlives_a_crowd_of_answers(void **state)
{
	static const struct turn half = { CLIENT, false, "POST /c HTTP/1.1\r\nContent-Length: 4\r\n\r\nab" },
	                         rest = { CLIENT, false, "cd" },
	                         answer = { SERVER, false, "HTTP/1.1 413 A\r\nContent-Length: 0\r\n\r\n" };
	struct course c;

	(void)state;
	begin(&c);
	take(&c, &half);
	for (size_t i = 0; i < 2 * WAITING_MAX; i++)
		take(&c, &answer);
	take(&c, &rest);
	end(&c);
	assert_int_equal(c.asked, 1);
	assert_int_equal(c.told, WAITING_MAX);
	assert_int_equal(c.limits.count[LIMIT_PIPELINE_CEILING], WAITING_MAX);
}

static void note_start(void *self, const struct fact *fact)
{
	*(struct http_body *)self = fact->exchange->request.body;
	((struct http_body *)self)->start.at = NULL;
}

/* A management point's message is kept longer than others, to be read, and told as long as others: also where
 * it is cut. */
static void a_cut_message_is_told_like_others(void **state)
{
	enum { SENT = 3 * EXCHANGE_BODY_KEPT };
	static uint8_t bytes[SENT];
	struct http_body body = { .complete = true };
	struct fact_sink sink = { &body, note_start };
	struct limits limits = { { 0 } };
	struct connection conn = { .joined = false };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };
	void *layer = layer_http.create(&env);

	(void)state;
	assert_non_null(layer);
	layer_http.bytes(layer, CLIENT,
	                 SPAN("CCM_POST /ccm_system/request HTTP/1.1\r\nContent-Length: 60000\r\n"
	                      "Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\n"),
	                 (struct mark){ 1, 1 });
	layer_http.bytes(layer, CLIENT, span_of(bytes, sizeof bytes), (struct mark){ 2, 2 });
	layer_http.end(layer, STACK_END_CAPTURE, (struct mark){ 2, 2 });
	layer_http.destroy(layer);
	assert_int_equal(body.decoded_bytes, SENT);
	assert_int_equal(body.start.len, EXCHANGE_BODY_KEPT);
	assert_false(body.complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_short_course_is_survived),
		cmocka_unit_test(a_request_under_way_outlives_a_crowd_of_answers),
		cmocka_unit_test(a_cut_message_is_told_like_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
