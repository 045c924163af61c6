/* tests/talk.c - messages by RFC 5246 section 7.4 and RFC 8446 section 4, sealed, and told to a stack. */
#include "tests/talk.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "decoders/tlskeys.h"
#include "decoders/tlsrec.h"
#include "decoders/stack.h"
#include "facts/exchange.h"
#include "facts/tls.h"
#include "tests/tls_bytes.h"
#include "tests/tls_seal.h"

enum { ROOM = 1 << 16, TEXT_ROOM = 8192, HELLOS = 2, SUITE12 = 0xc02f, SUITE13 = 0x1301, RECORD_HEADER = 5,
       SEALING = 512 };                 /* what it adds, at most */

struct speaker {
	struct tls_seal seal;
	bool sealed;
	uint8_t secret[TLS_RANDOM];     /* of TLS 1.3 */
};

struct speech {
	const struct talk *talk;
	const struct tlslib *lib;
	struct speaker side[2];
	unsigned hellos;                /* of the client, so far: each has a random of its own */
	struct buf bytes;
	struct buf late[2];             /* the rest of a side's last record, which comes with its next word */
	FILE *out;
	struct tlskeys *keys;
	char logged[8];                 /* secrets that nobody read from the log yet */
};

/* ---- secrets: 32 or 48 times the same letter */

static void secret_of(char letter, uint8_t *secret, size_t len)
{
	memset(secret, letter, len);
}

static void log_line(struct tlskeys *keys, const char *label, unsigned hello, char letter, size_t len)
{
	char line[256];
	int at = snprintf(line, sizeof line, "%s ", label);

	for (size_t i = 0; i < TLS_RANDOM; i++)
		at += snprintf(line + at, sizeof line - (size_t)at, "%02x", 'r' + hello);
	line[at++] = ' ';
	for (size_t i = 0; i < len; i++)
		at += snprintf(line + at, sizeof line - (size_t)at, "%02x", (unsigned)letter);
	line[at++] = '\n';
	tlskeys_log(keys, span_of(line, (size_t)at));
}

static void log_secrets(struct tlskeys *keys, const char *letters, const struct talk *talk)
{
	static const struct {
		char letter;
		const char *label;
		size_t len;
	} secrets[] = {
		{ 'm', "CLIENT_RANDOM", TLS_MASTER }, { 'e', "CLIENT_EARLY_TRAFFIC_SECRET", TLS_RANDOM },
		{ 'h', "CLIENT_HANDSHAKE_TRAFFIC_SECRET", TLS_RANDOM },
		{ 'H', "SERVER_HANDSHAKE_TRAFFIC_SECRET", TLS_RANDOM },
		{ 't', "CLIENT_TRAFFIC_SECRET_0", TLS_RANDOM },
		{ 'T', "SERVER_TRAFFIC_SECRET_0", TLS_RANDOM },
	};

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		char letter = secrets[i].letter;
		bool wrong = talk->wrong || (talk->spoilt && strchr(talk->spoilt, letter));
		char told = wrong ? 'x' : letter;

		for (unsigned hello = 0; strchr(letters, letter) && hello < HELLOS; hello++)
			log_line(keys, secrets[i].label, hello, told, secrets[i].len);
	}
}

struct tlskeys *talk_keys(const struct talk *talk)
{
	struct tlskeys *keys = tlskeys_new(NULL);

	log_secrets(keys, talk->known, talk);
	return keys;
}

bool talk_log_grows(const struct talk *talk)
{
	return strstr(talk->words, "log");
}

static void look(void *self)
{
	struct speech *s = self;

	log_secrets(s->keys, s->logged, s->talk);
	s->logged[0] = 0;
}

/* The keys of its secret. */
static void seal13(struct speech *s, struct speaker *me)
{
	me->seal = (struct tls_seal){ .version = 0x0304, .suite = tls_suite(SUITE13) };
	tlskdf_keys13(s->lib, me->seal.suite, span_of(me->secret, sizeof me->secret), &me->seal.keys);
}

static void use13(struct speech *s, enum side from, char letter)
{
	struct speaker *me = &s->side[from];

	secret_of(letter, me->secret, sizeof me->secret);
	me->sealed = true;
	seal13(s, me);
}

static void use12(struct speech *s, enum side from)
{
	struct tls_randoms randoms;
	struct tls_keys keys[2];
	uint8_t master[TLS_MASTER];

	secret_of('m', master, sizeof master);
	memset(randoms.client, (int)('r' + s->hellos - 1), sizeof randoms.client);
	memset(randoms.server, 'r', sizeof randoms.server);
	tlskdf_keys(s->lib, 0x0303, tls_suite(SUITE12), master, &randoms, keys);
	s->side[from].sealed = true;
	s->side[from].seal = (struct tls_seal){ .version = 0x0303, .suite = tls_suite(SUITE12),
		                                .keys = keys[from] };
}

static void update(struct speech *s, enum side from)
{
	struct speaker *me = &s->side[from];

	tlskdf_update13(s->lib, tls_suite(SUITE13), me->secret, sizeof me->secret);
	seal13(s, me);
}

/* ---- records */

static void record(struct speech *s, enum side from, uint8_t type, struct span content)
{
	struct speaker *me = &s->side[from];
	uint8_t *at = buf_reserve(&s->bytes, RECORD_HEADER + content.len + SEALING);
	size_t len = content.len;

	if (!at || len > TLS_SEALED_MAX - SEALING)
		abort();
	if (me->sealed)
		len = tls_seal(&me->seal, type, 0x0303, content, at + RECORD_HEADER);
	else if (len)
		memcpy(at + RECORD_HEADER, content.at, len);
	if (me->sealed && me->seal.version == 0x0304)
		type = TLSREC_APPLICATION_DATA;
	memcpy(at, (uint8_t[]){ type, 3, 3, (uint8_t)(len >> 8), (uint8_t)len }, RECORD_HEADER);
	s->bytes.len += RECORD_HEADER + len;
}

static void say(struct speech *s, enum side from, uint8_t type, struct span body)
{
	struct buf text;

	buf_init(&text, ROOM);
	buf_add(&text, span_of((uint8_t[]){ type, 0, (uint8_t)(body.len >> 8), (uint8_t)body.len }, 4));
	buf_add(&text, body);
	record(s, from, TLSREC_HANDSHAKE, buf_span(&text));
	buf_release(&text);
}

static void client_hello(struct speech *s, bool early)
{
	static const struct span end = SPAN_LIT("\0\2\x13\1" "\1\0" "\0\7" "\0\x2b\0\3\2\3\4");
	static const struct span end_early = SPAN_LIT(
		"\0\2\x13\1" "\1\0" "\0\x0b" "\0\x2b\0\3\2\3\4" "\0\x2a\0\0");
	static const struct span end12 = SPAN_LIT("\0\2\xc0\x2f" "\1\0");
	struct buf body;

	if (s->talk->tls13)                     /* the second one, after early data */
		s->side[CLIENT].sealed = false;
	buf_init(&body, ROOM);
	buf_add(&body, SPAN("\3\3"));
	for (size_t i = 0; i < TLS_RANDOM; i++)
		buf_add_byte(&body, (uint8_t)('r' + s->hellos));
	buf_add_byte(&body, 0);
	buf_add(&body, !s->talk->tls13 ? end12 : early ? end_early : end);
	say(s, CLIENT, TLS_MESSAGE_CLIENT_HELLO, buf_span(&body));
	buf_release(&body);
	s->hellos++;
}

static void server_hello(struct speech *s, bool retry, bool older)
{
	if (older)
		say(s, SERVER, TLS_MESSAGE_SERVER_HELLO, SPAN("\3\3" RANDOM "\0" "\xc0\x2f" "\0"));
	else if (retry)
		say(s, SERVER, TLS_MESSAGE_SERVER_HELLO, SPAN(SERVER13_BODY(RETRY)));
	else if (s->talk->tls13)
		say(s, SERVER, TLS_MESSAGE_SERVER_HELLO, SPAN(SERVER13_BODY(RANDOM)));
	else
		say(s, SERVER, TLS_MESSAGE_SERVER_HELLO, SPAN("\3\3" RANDOM "\0" "\xc0\x2f" "\0"));
	if (retry)
		s->hellos--;
	else if (s->talk->tls13 && !older)
		use13(s, SERVER, 'H');
}

static void finished(struct speech *s, enum side from)
{
	say(s, from, TLS_MESSAGE_FINISHED, SPAN("ffffffffffff"));
	if (s->talk->tls13)
		use13(s, from, from == CLIENT ? 't' : 'T');
}

static void data(struct speech *s, enum side from, const char *word, const char *text)
{
	char line[TEXT_ROOM];

	if (!strcmp(word, "rec") && *text) {
		record(s, from, (uint8_t)(TLSREC_CHANGE_CIPHER_SPEC + *text % 5), span_text(text + 1));
		return;
	}
	if (!strcmp(word, "get"))
		snprintf(line, sizeof line, "GET /%s HTTP/1.1\r\nHost: wsus\r\n\r\n", text);
	else if (!strcmp(word, "ok"))
		snprintf(line, sizeof line, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(text),
		         text);
	else
		snprintf(line, sizeof line, "%s", text);
	for (char *blank = line; !strcmp(word, "raw") && (blank = strchr(blank, '_'));)
		*blank = ' ';
	record(s, from, TLSREC_APPLICATION_DATA, span_text(line));
}

static void change_cipher(struct speech *s, enum side from)
{
	bool sealed = s->side[from].sealed;

	s->side[from].sealed = sealed && !s->talk->tls13;
	record(s, from, TLSREC_CHANGE_CIPHER_SPEC, SPAN("\1"));
	s->side[from].sealed = sealed;
	if (!s->talk->tls13)
		use12(s, from);
}

static void stage(struct speech *s, const char *word)
{
	if (!strcmp(word, "end"))
		say(s, CLIENT, TLS_MESSAGE_END_OF_EARLY_DATA, SPAN(""));
	use13(s, CLIENT, !strcmp(word, "early") ? 'e' : 'h');
}

static void speak(struct speech *s, enum side from, const char *word, const char *text)
{
	bool early = s->talk->tls13 && from == CLIENT && !s->side[from].sealed;

	if (!strcmp(word, "hello") && from == CLIENT)
		client_hello(s, *text == 'e');
	else if (!strcmp(word, "hello"))
		server_hello(s, *text == 'r', *text == 'o');
	else if (!strcmp(word, "ext"))
		say(s, from, TLS_MESSAGE_ENCRYPTED_EXTENSIONS, *text ? SPAN("\0\4\0\x2a\0\0") : SPAN("\0\0"));
	else if (!strcmp(word, "key"))
		say(s, from, TLS_MESSAGE_CLIENT_KEY_EXCHANGE, SPAN("\2kk"));
	else if (!strcmp(word, "ccs"))
		change_cipher(s, from);
	else if (!strcmp(word, "early") || !strcmp(word, "end") || !strcmp(word, "late"))
		stage(s, word);
	else if (!strcmp(word, "fin") && early)
		use13(s, from, 'h'), finished(s, from);
	else if (!strcmp(word, "fin"))
		finished(s, from);
	else if (!strcmp(word, "update"))
		say(s, from, TLS_MESSAGE_KEY_UPDATE, SPAN("\0")), update(s, from);
	else if (!strcmp(word, "bye"))
		record(s, from, TLSREC_ALERT, SPAN("\1\0"));
	else if (!strcmp(word, "log"))
		snprintf(s->logged, sizeof s->logged, "%s", text);
	else if (strcmp(word, "rest"))
		data(s, from, word, text);
}

/* ---- who listens */

static void take(void *self, const struct fact *fact)
{
	struct speech *s = self;

	if (fact->kind == FACT_EXCHANGE) {
		const struct exchange *x = fact->exchange;

		fprintf(s->out, "%.*s %.*s %d %u %d%s; ", (int)x->method.len, (const char *)x->method.at,
		        (int)x->target.len, (const char *)x->target.at, (int)x->request.last_frame,
		        (unsigned)x->status, (int)x->response.last_frame,
		        x->response.body.complete ? "" : " cut");
	} else if (fact->kind == FACT_TLS) {
		fprintf(s->out, "%s %d/%d", tls_reading_name(fact->tls->reading),
		        (int)fact->tls->records_read, (int)fact->tls->records_unread);
	}
}

/* A word that ends so is heard to its middle. */
static bool is_half(char *word)
{
	size_t len = strlen(word);
	bool half = len && word[len - 1] == '~';

	if (half)
		word[len - 1] = 0;
	return half;
}

/* One word: sealed behind what is left of the side's last one, and heard. */
static void next(struct speech *s, struct stack *stack, char *word, struct mark mark, size_t step)
{
	enum side from = *word == 'C' ? CLIENT : SERVER;
	bool half = is_half(word);
	char *text = strchr(word, '=');
	struct span bytes;
	size_t late;

	if (text)
		*text++ = 0;
	buf_clear(&s->bytes);
	buf_add(&s->bytes, buf_span(&s->late[from]));
	buf_clear(&s->late[from]);
	late = s->bytes.len;
	speak(s, from, word + 1, text ? text : "");
	bytes = buf_span(&s->bytes);
	if (half) {
		buf_add(&s->late[from], span_skip(bytes, late + (bytes.len - late) / 2));
		bytes.len -= s->late[from].len;
	}
	if (!strcmp(word + 1, "cut"))
		stack_bytes(stack, from, span_take(&bytes, RECORD_HEADER), mark);
	if (!strcmp(word + 1, "cut") || !strcmp(word + 1, "lost")) {
		stack_hole(stack, from, bytes.len, mark);
		return;
	}
	while (bytes.len)
		stack_bytes(stack, from, span_take(&bytes, step), mark);
}

void talk_told(const struct talk *talk, struct tlskeys *keys, size_t step, char text[static TALK_TEXT],
               struct limits *limits)
{
	static const struct connection conn = { .server.port = 8531 };
	struct speech s = { .talk = talk, .out = fmemopen(text, TALK_TEXT, "w") };
	struct fact_sink sink = { &s, take };
	struct stack_context context = {
		.sink = &sink, .limits = limits, .keys = keys, .all = true,
	};
	struct stack *stack = stack_new(&context, &(struct stack_place){ .conn = &conn });
	char *words = strdup(talk->words), *rest = words, *word;
	struct mark mark = { 0, 0 };

	s.keys = keys;
	s.lib = tlskeys_lib(keys);
	if (talk_log_grows(talk))
		tlskeys_follow(keys, (struct tlskeys_growth){ &s, look });
	buf_init(&s.bytes, ROOM);
	buf_init(&s.late[CLIENT], ROOM);
	buf_init(&s.late[SERVER], ROOM);
	while ((word = strsep(&rest, " "))) {
		mark.frame++;
		mark.time++;
		next(&s, stack, word, mark, step);
	}
	stack_end(stack, STACK_END_FIN, mark);
	stack_free(stack);
	tlskeys_follow(keys, (struct tlskeys_growth){ 0 });
	buf_release(&s.bytes);
	buf_release(&s.late[CLIENT]);
	buf_release(&s.late[SERVER]);
	free(words);
	fclose(s.out);
}
