/* tests/fuzz_veil_tls.c - TLS under the veil: anything said at any time, in the clear or really sealed.
 *
 * Input: a byte of setting, then pieces: a byte of side and kind, a byte of length, bytes.
 */
#include <stdlib.h>

#include "base/reader.h"
#include "decoders/tlskeys.h"
#include "decoders/tlsmsg.h"
#include "decoders/tlsrec.h"
#include "tests/decided.h"
#include "tests/tls_bytes.h"
#include "tests/tls_seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum setting { WITH_TLS13 = 1,
	       WITH_HELLOS = 2,
	       WITH_KEYS = 4,
	       WITH_SEALS = 8,
	       SUITE_SHIFT = 4 };
enum { RECORD_HEADER = 5,
       MESSAGE_HEADER = 4,
       PIECE_MAX = 2048,
       SEALING = 512,
       ROOM = PIECE_MAX + SEALING + 64 };

struct speaker {
	struct tls_seal seal;
	unsigned generation;        /* of its keys; 0: none */
	uint8_t secret[TLS_RANDOM]; /* of TLS 1.3 */
};

struct speech {
	struct decided *heard;
	const struct tlslib *lib;
	const struct tls_suite *suite;
	bool tls13;
	struct speaker side[2];
};

/* ---- secrets: so many times the same letter; libcrypto starts slowly, so what knows them is kept */

static const char letters[2][3] = { { 0, 'h', 't' }, { 0, 'H', 'T' } };

static struct tlskeys *keys_known(void)
{
	static const struct {
		const char *label;
		char letter;
		size_t len;
	} secrets[] = {
		{ "CLIENT_RANDOM", 'm', TLS_MASTER },
		{ "CLIENT_HANDSHAKE_TRAFFIC_SECRET", 'h', TLS_RANDOM },
		{ "SERVER_HANDSHAKE_TRAFFIC_SECRET", 'H', TLS_RANDOM },
		{ "CLIENT_TRAFFIC_SECRET_0", 't', TLS_RANDOM },
		{ "SERVER_TRAFFIC_SECRET_0", 'T', TLS_RANDOM },
	};
	static struct tlskeys *keys;
	struct buf line;

	if (keys)
		return keys;
	keys = tlskeys_new(NULL);
	buf_init(&line, 1024);
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		buf_printf(&line, "%s ", secrets[i].label);
		for (size_t k = 0; k < TLS_RANDOM; k++)
			buf_printf(&line, "%02x", (unsigned)'r');
		buf_add_byte(&line, ' ');
		for (size_t k = 0; k < secrets[i].len; k++)
			buf_printf(&line, "%02x", (unsigned)secrets[i].letter);
		buf_add_byte(&line, '\n');
		tlskeys_log(keys, buf_span(&line));
		buf_clear(&line);
	}
	buf_release(&line);
	return keys;
}

static void use(struct speech *s, enum side from)
{
	struct speaker *me = &s->side[from];
	struct tls_randoms randoms;
	struct tls_keys both[2];
	uint8_t master[TLS_MASTER];

	me->seal = (struct tls_seal){ .version = s->tls13 ? 0x0304 : 0x0303, .suite = s->suite };
	if (s->tls13) {
		if (++me->generation < sizeof letters[from])
			memset(me->secret, letters[from][me->generation], sizeof me->secret);
		else
			tlskdf_update13(s->lib, s->suite, me->secret, sizeof me->secret);
		tlskdf_keys13(s->lib, s->suite, span_of(me->secret, sizeof me->secret), &me->seal.keys);
		return;
	}
	me->generation = 1;
	memset(master, 'm', sizeof master);
	memset(&randoms, 'r', sizeof randoms);
	tlskdf_keys(s->lib, me->seal.version, s->suite, master, &randoms, both);
	me->seal.keys = both[from];
}

/* ---- what is said */

static bool say_record(struct speech *s, enum side from, uint8_t type, struct span content)
{
	struct speaker *me = &s->side[from];
	uint8_t record[ROOM];
	size_t len = content.len;

	if (me->generation)
		len = tls_seal(&me->seal, type, 0x0303, content, record + RECORD_HEADER);
	else if (len)
		memcpy(record + RECORD_HEADER, content.at, len);
	if (me->generation && s->tls13)
		type = TLSREC_APPLICATION_DATA;
	memcpy(record, (uint8_t[]){ type, 3, 3, (uint8_t)(len >> 8), (uint8_t)len }, RECORD_HEADER);
	return decided_bytes(s->heard, from, span_of(record, RECORD_HEADER + len));
}

static bool say_message(struct speech *s, enum side from, uint8_t type, struct span body)
{
	uint8_t message[ROOM];

	memcpy(message, (uint8_t[]){ type, 0, (uint8_t)(body.len >> 8), (uint8_t)body.len }, MESSAGE_HEADER);
	if (body.len)
		memcpy(message + MESSAGE_HEADER, body.at, body.len);
	return say_record(s, from, TLSREC_HANDSHAKE, span_of(message, MESSAGE_HEADER + body.len));
}

/* A Certificate of one (RFC 5246 section 7.4.2, RFC 8446 section 4.4.2). */
static bool say_certificate(struct speech *s, enum side from, struct span der)
{
	enum { LENGTH = 3 };
	uint8_t body[ROOM] = { 0 };
	size_t context = s->tls13, extensions = s->tls13 ? 2 : 0, list = LENGTH + der.len + extensions;
	uint8_t *at = body + context;

	memcpy(at, (uint8_t[]){ 0, (uint8_t)(list >> 8), (uint8_t)list }, LENGTH);
	memcpy(at + LENGTH, (uint8_t[]){ 0, (uint8_t)(der.len >> 8), (uint8_t)der.len }, LENGTH);
	if (der.len)
		memcpy(at + LENGTH + LENGTH, der.at, der.len);
	return say_message(s, from, TLS_MESSAGE_CERTIFICATE, span_of(body, context + LENGTH + list));
}

/* From its next word on a side uses the next keys. */
static bool say_keys(struct speech *s, enum side from)
{
	bool said = s->tls13 || say_record(s, from, TLSREC_CHANGE_CIPHER_SPEC, SPAN("\1"));

	use(s, from);
	return said;
}

static bool say_piece(struct speech *s, struct reader *in)
{
	enum { RAW,
	       HOLE,
	       RECORD,
	       MESSAGE,
	       CERTIFICATE_OF,
	       KEYS,
	       DATA_OF,
	       CLEAR };
	unsigned order = reader_u8(in), len = reader_u8(in), generation;
	enum side from = order & 1 ? SERVER : CLIENT;
	struct span piece = { NULL, 0 };
	bool more;

	switch (order >> 1 & 7) {
	case HOLE:
		return decided_hole(s->heard, from, len);
	case KEYS:
		return say_keys(s, from);
	}
	piece = span_take(&in->left, len ? len : PIECE_MAX);
	switch (order >> 1 & 7) {
	case RECORD:
		return !piece.len || say_record(s, from, *span_take(&piece, 1).at, piece);
	case MESSAGE:
		return !piece.len || say_message(s, from, *span_take(&piece, 1).at, piece);
	case CERTIFICATE_OF:
		return say_certificate(s, from, piece);
	case DATA_OF:
		return say_record(s, from, TLSREC_APPLICATION_DATA, piece);
	case CLEAR:
		generation = s->side[from].generation;
		s->side[from].generation = 0;
		more = !piece.len || say_record(s, from, *span_take(&piece, 1).at, piece);
		s->side[from].generation = generation;
		return more;
	}
	return decided_bytes(s->heard, from, piece);
}

/* ---- the conversation */

static void say_hellos(struct speech *s, uint16_t suite)
{
	enum { SUITE_AT = RECORD_HEADER + MESSAGE_HEADER + 2 + TLS_RANDOM + 1 };
	struct span hello = s->tls13 ? SPAN(SERVER13(RANDOM)) : SPAN(SERVER_HELLO);
	uint8_t changed[128];

	memcpy(changed, hello.at, hello.len);
	changed[SUITE_AT] = (uint8_t)(suite >> 8);
	changed[SUITE_AT + 1] = (uint8_t)suite;
	decided_bytes(s->heard, CLIENT, SPAN(HELLO));
	decided_bytes(s->heard, SERVER, span_of(changed, hello.len));
}

static void say_seals(struct speech *s)
{
	static const enum side order[2][2] = { { CLIENT, SERVER }, { SERVER, CLIENT } };

	for (unsigned i = 0; i < 2; i++) {
		enum side from = order[s->tls13][i];

		say_keys(s, from);
		say_message(s, from, TLS_MESSAGE_FINISHED, SPAN("ffffffffffff"));
		if (s->tls13)
			use(s, from);
	}
}

static void say(struct decided *d, struct span input)
{
	static const uint16_t suites[2][4] = {
		{ 0xc02f, 0xc013, 0x003c, 0xcca8 },
		{ 0x1301, 0x1303, 0x1304, 0x1305 },
	};
	struct reader in = reader_on(input);
	unsigned setting = reader_u8(&in);
	bool tls13 = setting & WITH_TLS13;
	uint16_t suite = suites[tls13][setting >> SUITE_SHIFT & 3];
	struct speech s = {
		.heard = d,
		.lib = tlskeys_lib(keys_known()),
		.suite = tls_suite(suite),
		.tls13 = tls13,
	};

	if (setting & WITH_HELLOS)
		say_hellos(&s, suite);
	if (setting & WITH_SEALS)
		say_seals(&s);
	while (in.left.len && say_piece(&s, &in))
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct decided_stream tls = { .rewriter = &rewriter_tls, .port = 8531, .say = say };

	if (size && *data & WITH_KEYS)
		tls.keys = keys_known();
	decided_read(&tls, span_of(data, size));
	return 0;
}
