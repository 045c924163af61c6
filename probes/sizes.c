/* probes/sizes.c - whether full-size packets get through, there and back.
 *
 * A firewall that drops the ICMP errors of path MTU discovery leaves connections that open and then stand
 * still (RFC 2923 section 2.1).  A long question and a long answer show it; the same with small segments is
 * the counter-proof, and once more with full-size ones shows that no server woke up meanwhile.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tongue.h"
#include "probes/request.h"
#include "probes/soapcalls.h"
#include "probes/steps.h"

#define PAGE      "/ClientWebService/client.asmx"
#define PATIENCE  (4 * MOMENT_S)
#define MARGIN    (MOMENT_S / 2)        /* what is waited for once more is given so much longer */

enum {
	SMALL_MSS = 536,                /* what every host takes (RFC 9293 section 3.7.1) */
	LONG_BODY = 8192,
	LONG_ANSWER = 2000,             /* more than an Ethernet frame holds, with its head */
	ANSWER_MOST = 1 << 16,
	V4_HEADERS = 40, V6_HEADERS = 60,
};

/* X(symbol, what is long in it, path) */
#define QUESTIONS(X)                    \
	X(ASKS, N_("question"), PAGE)   \
	X(ANSWERS, N_("answer"), PAGE "?WSDL")

#define X(symbol, what, path) symbol,
enum question { QUESTIONS(X) QUESTION_COUNT };
#undef X

static const struct {
	const char *what, *path;
} questions[] = {
#define X(symbol, what, path) [symbol] = { what, path },
	QUESTIONS(X)
#undef X
};

enum turn { FULL, SMALL, FULL_AGAIN };

struct sizes {
	struct request request;
	enum question question;
	enum turn turn;
	uint64_t longest;               /* of the answers that came, in bytes */
	int64_t patience, small_took;   /* ns: for the request under way; of the one with small segments */
	char action[SOAP_ACTION_MAX];
	const char *headers[3];
	uint8_t body[LONG_BODY];
};

/* ---- what the way is said to carry ---- */

/* The kernel's notion of it, learned from ICMP errors; asking sends nothing.  0: not known. */
static unsigned path_mtu(const struct addr *to)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	bool is_v4 = addr_is_v4(to);
	int mtu = 0, fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof mtu;

	if (fd < 0)
		return 0;
	memcpy(&v4.sin_addr, to->bytes + 12, sizeof v4.sin_addr);
	memcpy(&v6.sin6_addr, to->bytes, sizeof v6.sin6_addr);
	if (connect(fd, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
	            is_v4 ? (socklen_t)sizeof v4 : (socklen_t)sizeof v6) ||
	    getsockopt(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_MTU : IPV6_MTU, &mtu, &len))
		mtu = 0;
	close(fd);
	return mtu > 0 ? (unsigned)mtu : 0;
}

static const struct addr *peer(const struct step *s)
{
	return s->proxy ? &s->proxy->addresses[0] : &s->site->addresses[0];
}

/* ---- how it ends ---- */

static void end_blocked(struct sizes *z, const char *what)
{
	struct step *s = z->request.step;
	unsigned mtu = path_mtu(peer(s)), headers = addr_is_v4(peer(s)) ? V4_HEADERS : V6_HEADERS;
	char size[32] = "";

	if (mtu > headers)
		snprintf(size, sizeof size, " (%u)", mtu - headers);
	step_trouble(s, CHECK_SIZE_BLOCKED);
	request_over(&z->request, CHECK_FAILED, "full-size packets%s of a long %s are lost, "
	             "packets of %d pass", size, _(what), SMALL_MSS);
}

static void end_good(struct sizes *z)
{
	unsigned mtu = path_mtu(peer(z->request.step));
	char answers[160], path[80] = "";

	tongue_say(answers, sizeof answers, ", and no answer was long enough to tell of the way back");
	if (z->longest >= LONG_ANSWER)
		tongue_say(answers, sizeof answers, " and an answer of %.1f KiB", (double)z->longest / 1024);
	if (mtu)
		tongue_say(path, sizeof path, "; the path MTU is %u", mtu);
	request_over(&z->request, CHECK_OK, "a question of %d KiB passes%s%s", LONG_BODY / 1024, answers,
	             path);
}

/* ---- question by question ---- */

static void ask(struct sizes *z)
{
	bool posts = z->question == ASKS;
	struct fetch_options o =
		request_options(&z->request, posts ? "POST" : "GET", questions[z->question].path);

	if (o.timeout > PATIENCE)
		o.timeout = PATIENCE;
	z->patience = o.timeout;
	o.most = ANSWER_MOST;
	o.keep = 0;
	o.mss = z->turn == SMALL ? SMALL_MSS : 0;
	o.tls.insecure = true;          /* sizes alone are looked at */
	o.server_login = FETCH_NO_LOGIN;
	o.server_user = NULL;
	if (posts) {
		o.headers = z->headers;
		o.body = span_of(z->body, sizeof z->body);
	}
	request_send(&z->request, &o);
}

/* It opened, and then nothing came any more: whatever has brought much of an answer goes on.  What a proxy
 * does to open a tunnel is no matter of sizes. */
static bool stood_still(const struct fetch_result *r)
{
	return r->code == CURLE_OPERATION_TIMEDOUT && !r->cut && r->stage != FETCH_CONNECT &&
	       r->stage != FETCH_TUNNEL && r->body_bytes < LONG_ANSWER;
}

static void note_length(struct sizes *z, const struct fetch_result *r)
{
	uint64_t chain = 0;

	for (unsigned i = 0; i < r->chain_count; i++)
		chain += r->chain[i].len;
	if (chain > z->longest)
		z->longest = chain;
	if (r->body_bytes > z->longest)
		z->longest = r->body_bytes;
}

static void next_question(struct sizes *z)
{
	z->turn = FULL;
	if (++z->question == QUESTION_COUNT)
		end_good(z);
	else
		ask(z);
}

static void took_turn(struct sizes *z, bool still, const char *what)
{
	switch (z->turn) {
	case FULL:
		if (!still) {
			next_question(z);
			return;
		}
		z->turn = SMALL;
		break;
	case SMALL:
		if (still) {
			request_over(&z->request, CHECK_SKIPPED, "cannot be told: small packets bring no "
			             "answer in %d s either", (int)(PATIENCE / MOMENT_S));
			return;
		}
		z->turn = FULL_AGAIN;
		break;
	case FULL_AGAIN:
		if (still && z->patience < z->small_took + MARGIN)
			request_over(&z->request, CHECK_SKIPPED, "cannot be told: too little time was "
			             "left to wait as long once more");
		else if (still)
			end_blocked(z, what);
		else
			next_question(z);
		return;
	}
	ask(z);
}

static void heard(struct request *r, const struct fetch_result *result)
{
	struct sizes *z = (struct sizes *)r;
	bool still = stood_still(result);
	char said[REQUEST_TEXT];

	if (!still && result->stage != FETCH_DONE && !result->cut) {
		request_over(r, CHECK_SKIPPED, "cannot be told: %s", request_said(result, said));
		return;
	}
	if (z->turn == SMALL)
		z->small_took = result->ended - result->began;
	else if (!still)
		note_length(z, result);
	took_turn(z, still, result->stage == FETCH_TLS ? N_("handshake") : questions[z->question].what);
}

/* GetConfig changes nothing; blanks behind it are no part of it (XML 1.0 section 2.1). */
static bool write_body(struct sizes *z)
{
	struct span slots[SOAP_SLOT_COUNT] = { [SLOT_CLIENT_PROTOCOL] = SPAN_LIT("2.50") };
	struct buf envelope;
	bool good;

	buf_init(&envelope, LONG_BODY);
	good = soap_request_write(SOAP_GET_CONFIG, slots, &envelope);
	memset(z->body, ' ', sizeof z->body);
	if (good)
		memcpy(z->body, envelope.at, envelope.len);
	buf_release(&envelope);
	return good;
}

static void start(struct step *s)
{
	struct sizes *z = request_new(s, sizeof *z, heard);

	if (!z)
		return;
	z->headers[0] = "Content-Type: text/xml; charset=utf-8";
	z->headers[1] = soap_request_action(SOAP_GET_CONFIG, z->action);
	if (write_body(z))
		ask(z);
	else
		request_over(&z->request, CHECK_FAILED, "out of memory");
}

static const struct step_kind mtu = { .rung = CHECK_MTU, .start = start, .stop = request_stop };

bool sizes_plan(struct plan *p, struct way *way)
{
	struct step *s;

	if (p->options->quick)
		return true;
	s = plan_add(p, &mtu, way, NULL, NULL, "full-size packets");
	if (!s)
		return false;
	s->told.unjudged = true;
	step_needs(s, way->reach);
	step_sends(s, "POST %s with GetConfig and blanks, %d KiB; GET %s?WSDL", PAGE, LONG_BODY / 1024, PAGE);
	return true;
}
