/* analyzers/broken.c - connections that came and broke: resets, silence, cut answers, black
 * holes, idle cuts. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/rungs.h"
#include "analyzers/web.h"
#include "base/tongue.h"

enum {
	FULL_SIZE_MIN = 1000,           /* payload: any path for IPv6 carries less (RFC 8200 section 5) */
	BLACK_HOLE_TRIES = 3,           /* sendings of one segment before its loss is no accident */
	FAREWELL_MAX = 32,              /* a sealed alert of TLS 1.3 is shorter, no request is */
};

#define IDLE_MIN (3 * MOMENT_S)         /* shorter silences end no firewall's patience */
#define KEEP_ALIVE_RACE (2 * MOMENT_S)  /* a reset this soon after a request: nobody worked on it */
#define PATIENCE (2 * MOMENT_S)         /* who leaves sooner gives the server no time to answer */

struct broken {
	struct analyzer_env env;
	uint64_t last_conn;             /* of the last exchange; its connection ends behind it */
	uint8_t last_rung;              /* what it tried, as raise.stops */
};

static void *create(const struct analyzer_env *env)
{
	struct broken *b = calloc(1, sizeof *b);

	if (b)
		b->env = *env;
	return b;
}

static void destroy(void *self)
{
	free(self);
}

static unsigned seconds(int64_t ns)
{
	return (unsigned)((ns + MOMENT_S / 2) / MOMENT_S);
}

/* ---- who reset ---- */

static const char *resetter(const struct connection *c)
{
	switch (c->closed) {
	case CONNECTION_RESET_BY_CLIENT:
		return _("the client");
	case CONNECTION_RESET_BY_SERVER:
		return _("the server's address");
	case CONNECTION_RESET_BY_MIDDLEBOX:
		return c->reset_from == CLIENT ? _("a box between, in the client's name")
		                               : _("a box between, in the server's name");
	case CONNECTION_OPEN:
	case CONNECTION_FIN:
		break;
	}
	return _("somebody");
}

/* Sockets show no TTL, so the packets of a probe have none. */
static struct evidence reset_seen(const struct connection *c)
{
	bool of_client = c->reset_from == CLIENT;
	uint8_t const usual = c->side[c->reset_from].ttl;

	if (!usual && !c->reset_ttl)
		return evidence_at(c->reset_frame, of_client ? N_("reset by the client's address")
		                                             : N_("reset by the server's address"));
	if (c->closed == CONNECTION_RESET_BY_MIDDLEBOX)
		return evidence_at(c->reset_frame,
		                   of_client ? N_("reset, TTL %u (the client's packets: %u); %u of 100 "
						  "points "
						  "for a box between")
		                             : N_("reset, TTL %u (the server's packets: %u); %u of 100 "
						  "points "
						  "for a box between"),
		                   c->reset_ttl, usual, c->reset_score);
	return evidence_at(c->reset_frame,
			   of_client ? N_("reset, TTL %u; the client's other packets: %u")
				     : N_("reset, TTL %u; the server's other packets: %u"),
			   c->reset_ttl, usual);
}

/* Nothing that may be missing makes it another story: its numbers tell, or its sender is no party. */
static bool is_proved(const struct connection *c)
{
	return c->closed == CONNECTION_RESET_BY_MIDDLEBOX ||
	       (c->closed == CONNECTION_RESET_BY_SERVER && c->reset_fits);
}

/* A side closed it with all that came before: so nothing came that is missing here. */
static bool ends_whole(const struct connection *c)
{
	return (c->side[CLIENT].fin_frame || c->side[SERVER].fin_frame) && !finding_lacks(c);
}

/* The reset, and why it is thought to be a box's: points and reasons stay out of the cause, which
 * is to be the same each time.  Returns how many entries it wrote. */
static size_t reset_evidence(const struct connection *c, struct evidence *e, size_t room)
{
	size_t count = 0;

	e[count++] = reset_seen(c);
	for (int r = 0; r < RESET_REASON_COUNT && count < room; r++)
		if (c->reset_reasons & 1u << r)
			e[count++] = evidence_at(c->reset_frame, "%s",
			                         _(reset_reason_text((enum reset_reason)r)));
	return count;
}

static void raise_reset(struct broken *b, const struct connection *c, enum confidence sure, bool proved,
                        const char *when, const struct evidence *request)
{
	bool by_box = c->closed == CONNECTION_RESET_BY_MIDDLEBOX;
	struct evidence evidence[FINDING_EVIDENCE];
	char cause[CAUSE_TEXT];
	size_t count = 0;

	/* TRANSLATORS: by whom, and when: "while a request is open". */
	tongue_say(cause, sizeof cause, "The connection is reset by %s %s.", resetter(c), when);
	if (request)
		evidence[count++] = *request;
	count += reset_evidence(c, evidence + count, FINDING_EVIDENCE - count);
	finding_raise(b->env.findings, &(struct raise){
		.kind = FINDING_CONNECTION_RESET,
		.stops = request && b->last_conn == c->id ? b->last_rung : 0,
		.severity = SEVERITY_OF_KIND,
		.confidence = by_box && sure == CONFIDENCE_CERTAIN ? CONFIDENCE_PROBABLE : sure,
		.proved = proved,
		.conn = c,
		.answered_by = by_box ? _("a box between") : NULL,
		.cause = cause,
		.time = c->reset_time,
		.evidence = evidence,
		.evidence_count = count,
	});
}

static void raise_request_reset(struct broken *b, const struct exchange *x, enum confidence sure)
{
	struct evidence request;
	char text[128];

	web_name_request(x, text, sizeof text);
	request = evidence_at(x->request.first_frame, "%s", text);
	raise_reset(b, x->conn, sure, is_proved(x->conn), _("while a request is open"), &request);
}

/* ---- silence and cuts ---- */

static void raise_unanswered(struct broken *b, const struct exchange *x)
{
	const struct connection *c = x->conn;
	int64_t waited = c->last_time - x->request.last_time;
	bool by_server = x->end == EXCHANGE_FIN_BY_SERVER;
	char cause[CAUSE_TEXT], request[128], silence[80];
	struct evidence evidence[1];

	web_name_request(x, request, sizeof request);
	if (waited >= MOMENT_S)
		tongue_say(silence, sizeof silence, "nothing for %u s", seconds(waited));
	else
		tongue_say(silence, sizeof silence, "no answer");
	tongue_say(
		cause, sizeof cause,
		by_server
			? N_("The request is complete, and the server closes the connection "
			     "without a word.")
			: N_("The request is complete, and no byte of an answer comes before the end."));
	evidence[0] = evidence_at(x->request.last_frame, "%s; %s", request, silence);
	finding_raise(b->env.findings,
	              &(struct raise){
			      .kind = FINDING_REQUEST_UNANSWERED,
			      .stops = rung_stopped(x),
			      .severity = SEVERITY_OF_KIND,
			      .confidence = finding_lacks(c) ? CONFIDENCE_POSSIBLE : CONFIDENCE_CERTAIN,
			      .proved = ends_whole(c),
			      .conn = c,
			      .cause = cause,
			      .time = x->request.last_time,
			      .evidence = evidence,
			      .evidence_count = 1,
		      });
}

static void raise_cut(struct broken *b, const struct exchange *x)
{
	const struct http_body *body = &x->response.body;
	char cause[CAUSE_TEXT], request[128];
	struct evidence evidence[2];

	web_name_request(x, request, sizeof request);
	tongue_say(cause, sizeof cause, "An answer ends before its end: %s.", _(exchange_end_text(x->end)));
	evidence[0] = evidence_at(x->request.first_frame, "%s", request);
	evidence[1] = body->has_length ? evidence_at(x->response.last_frame, "%llu of %llu bytes",
	                                             (unsigned long long)body->wire_bytes,
	                                             (unsigned long long)body->declared)
	                               : evidence_at(x->response.last_frame,
	                                             "%llu bytes, the last chunk is missing",
	                                             (unsigned long long)body->wire_bytes);
	finding_raise(b->env.findings, &(struct raise){
		.kind = FINDING_RESPONSE_CUT,
		.stops = rung_stopped(x),
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.proved = ends_whole(x->conn),
		.conn = x->conn,
		.cause = cause,
		.time = x->response.last_time,
		.evidence = evidence,
		.evidence_count = 2,
	});
}

/* Boxes count in round numbers; the same cause for like silences makes one finding of them. */
static unsigned round_silence(unsigned idle)
{
	static const unsigned round[] = { 3600, 1800, 900, 600, 350, 300, 240, 180, 120, 60, 30 };

	for (size_t i = 0; i < sizeof round / sizeof *round; i++)
		if (idle >= round[i])
			return round[i];
	return idle;
}

static void raise_idle_cut(struct broken *b, const struct exchange *x)
{
	unsigned idle = seconds(x->idle_before);
	char cause[CAUSE_TEXT], request[128];
	struct evidence evidence[2];
	size_t count = 1;

	web_name_request(x, request, sizeof request);
	tongue_say(cause, sizeof cause,
	         "After a silence of %u s or more the connection is dead at its first use: a firewall, NAT "
	         "or load balancer on the path has forgotten it.",
	         round_silence(idle));
	evidence[0] = evidence_at(x->request.first_frame, "%s after %u s of silence", request, idle);
	if (x->conn->reset_frame)
		evidence[count++] = evidence_at(x->conn->reset_frame, "reset");
	finding_raise(b->env.findings, &(struct raise){
		.kind = FINDING_IDLE_CUT,
		.stops = rung_stopped(x),
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.conn = x->conn,
		.cause = cause,
		.time = x->request.first_time,
		.evidence = evidence,
		.evidence_count = count,
	});
}

static bool is_reset(const struct connection *c)
{
	return c->closed == CONNECTION_RESET_BY_CLIENT || c->closed == CONNECTION_RESET_BY_SERVER ||
	       c->closed == CONNECTION_RESET_BY_MIDDLEBOX;
}

/* The request reused a connection and was lost, or shot down, before the server's program saw it. */
static bool died_idle(const struct exchange *x)
{
	const struct connection *c = x->conn;

	if (x->idle_before < IDLE_MIN || x->response.present || c->side[SERVER].fin_frame)
		return false;
	if (c->closed == CONNECTION_RESET_BY_SERVER || c->closed == CONNECTION_RESET_BY_MIDDLEBOX)
		return x->end == EXCHANGE_RESET && c->reset_time - x->request.last_time < KEEP_ALIVE_RACE;
	return c->side[CLIENT].unacked_tries >= 2;
}

/* Who downloads may stop; a call that its own side shoots down at once was shot by something on the
 * client. */
static void judge_early_leave(struct broken *b, const struct exchange *x)
{
	if (x->conn->closed == CONNECTION_RESET_BY_CLIENT && wsus_place_is_soap(wsus_exchange_place(x)))
		raise_request_reset(b, x, CONFIDENCE_POSSIBLE);
}

static void judge_no_answer(struct broken *b, const struct exchange *x)
{
	bool by_client = x->end == EXCHANGE_FIN_BY_CLIENT || x->conn->side[CLIENT].fin_unseen ||
	                 (x->end == EXCHANGE_RESET && (x->conn->closed == CONNECTION_RESET_BY_CLIENT ||
	                                               x->conn->side[CLIENT].fin_frame));

	if (x->end == EXCHANGE_OPEN || x->end == EXCHANGE_LOST || x->end == EXCHANGE_REPLACED ||
	    web_crossed_close(x))
		return;
	if (died_idle(x))
		raise_idle_cut(b, x);
	else if (x->end == EXCHANGE_RESET && !by_client)
		raise_request_reset(b, x, CONFIDENCE_CERTAIN);
	else if (by_client && x->conn->last_time - x->request.last_time < PATIENCE)
		judge_early_leave(b, x);
	else if (x->request.head_complete && x->request.body.complete)
		raise_unanswered(b, x);
}

static void judge_half_answer(struct broken *b, const struct exchange *x)
{
	bool by_client = x->end == EXCHANGE_FIN_BY_CLIENT || x->conn->closed == CONNECTION_RESET_BY_CLIENT ||
	                 x->conn->side[CLIENT].fin_unseen;

	if (x->end == EXCHANGE_OPEN || x->end == EXCHANGE_LOST || x->response.body.lost_bytes)
		return;
	/* Who downloads may stop; BITS and Delivery Optimization do. */
	if (by_client)
		return;
	if (x->end == EXCHANGE_RESET && is_reset(x->conn))
		raise_request_reset(b, x, CONFIDENCE_CERTAIN);
	else
		raise_cut(b, x);
}

static void take_exchange(struct broken *b, const struct exchange *x)
{
	if (!x->request.present || x->conn->one_sided || !relevance_exchange(b->env.relevance, x))
		return;
	b->last_conn = x->conn->id;
	b->last_rung = rung_stopped(x);
	/* A refused CONNECT, or a HEAD, has no body to miss. */
	if (!x->response.present)
		judge_no_answer(b, x);
	else if (!x->response.body.complete && x->response.head_complete)
		judge_half_answer(b, x);
}

/* ---- black holes ---- */

static bool is_black_hole(const struct connection *c, enum side s)
{
	const struct connection_side *from = &c->side[s];

	return from->largest_unacked >= FULL_SIZE_MIN && from->unacked_tries >= BLACK_HOLE_TRIES &&
	       from->largest_acked < from->largest_unacked;
}

/* Small ones pass: data that was acknowledged, or the acknowledgements of what the other side sent. */
static enum confidence black_hole_confidence(const struct connection *c, enum side s)
{
	if (c->side[s].largest_acked || c->icmp_mtu)
		return CONFIDENCE_CERTAIN;
	return c->side[side_other(s)].largest_acked ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE;
}

static void raise_black_hole(struct broken *b, const struct connection *c, enum side s)
{
	const struct connection_side *from = &c->side[s];
	char cause[CAUSE_TEXT], hint[160] = "";
	struct evidence evidence[1];

	if (c->icmp_mtu)
		tongue_say(hint, sizeof hint, " An ICMP message names an MTU of %u.", c->icmp_mtu);
	tongue_say(
		cause, sizeof cause,
		s == CLIENT ? N_("Large segments from the client never arrive while small ones pass: "
				 "something "
				 "on the path carries smaller packets and its ICMP \"fragmentation needed\" "
				 "does not get back.%s")
			    : N_("Large segments from the server never arrive while small ones pass: "
				 "something "
				 "on the path carries smaller packets and its ICMP \"fragmentation needed\" "
				 "does not get back.%s"),
		hint);
	evidence[0] = evidence_at(
		c->last_frame,
		"%u bytes sent %u times without acknowledgement; largest acknowledged: %u",
		from->largest_unacked, from->unacked_tries, from->largest_acked);
	finding_raise(b->env.findings, &(struct raise){
		.kind = FINDING_MTU_BLACK_HOLE,
		.stops = b->last_conn == c->id ? b->last_rung : 0,
		.severity = SEVERITY_OF_KIND,
		.confidence = black_hole_confidence(c, s),
		.conn = c,
		.cause = cause,
		.time = c->last_time,
		.evidence = evidence,
		.evidence_count = 1,
	});
}

static void take_connection(struct broken *b, const struct connection *c)
{
	if (c->outcome != CONNECTION_ESTABLISHED || c->one_sided ||
	    !relevance_connection(b->env.relevance, c))
		return;
	if (is_black_hole(c, SERVER))
		raise_black_hole(b, c, SERVER);
	else if (is_black_hole(c, CLIENT))
		raise_black_hole(b, c, CLIENT);
}

/* Of a connection whose start was not captured no record's type is known. */
static bool is_farewell(const struct tls_session *t)
{
	return t->conn->joined && t->application_bytes[CLIENT] <= FAREWELL_MAX;
}

/* In TLS the request is hidden: what stands is that the client's record came last and a reset answered it.
 * After a FIN, or a farewell (an alert), a reset is Windows closing. */
static void take_tls(struct broken *b, const struct tls_session *t)
{
	const struct connection *c = t->conn;
	bool reset = c->closed == CONNECTION_RESET_BY_SERVER || c->closed == CONNECTION_RESET_BY_MIDDLEBOX;

	/* What was decrypted is judged request by request. */
	if (!reset || !t->established || t->application_records[CLIENT] == 0 || t->reading == TLS_READ ||
	    !relevance_tls(b->env.relevance, t) ||
	    c->side[CLIENT].fin_frame || c->side[SERVER].fin_frame || t->alert_count || is_farewell(t) ||
	    c->side[CLIENT].last_data <= c->side[SERVER].last_data)
		return;
	raise_reset(b, c, CONFIDENCE_PROBABLE, is_proved(c) && c->reset_acks,
	            _("right after the client sent something inside TLS"), NULL);
}

static void fact(void *self, const struct fact *f)
{
	switch (f->kind) {
	case FACT_EXCHANGE:
		take_exchange(self, f->exchange);
		break;
	case FACT_CONNECTION:
		take_connection(self, f->connection);
		break;
	case FACT_TLS:
		take_tls(self, f->tls);
		break;
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

const struct analyzer analyzer_broken = {
	.name = "broken",
	.create = create,
	.destroy = destroy,
	.fact = fact,
};
