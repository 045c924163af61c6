/* decoders/tlsopen13.c - TLS 1.3: a secret for each stage and side, out of a key log (RFC 8446 section 7.1).
 *
 * A side goes from stage to stage by its messages: the client's EndOfEarlyData, each Finished.  What such a
 * message was in may be lost or unreadable, so a record that a stage's keys do not open is tried on the next.
 */
#include "decoders/tlsopenstate.h"

#include <openssl/crypto.h>

#include "base/reader.h"

/* How often a secret is asked for while its log is being written: a client may be slower at that than whoever
 * reads its records as they come. */
enum { EXT_EARLY_DATA = 42, ASKS_MAX = 16 };

static struct span secret_of(const struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	static const enum tls_secret which[TLSOPEN_SHUT][2] = {
		[TLSOPEN_EARLY] = { TLS_SECRET_CLIENT_EARLY, TLS_SECRET_CLIENT_EARLY },
		[TLSOPEN_HANDSHAKE] = { TLS_SECRET_CLIENT_HANDSHAKE, TLS_SECRET_SERVER_HANDSHAKE },
		[TLSOPEN_TRAFFIC] = { TLS_SECRET_CLIENT_TRAFFIC, TLS_SECRET_SERVER_TRAFFIC },
	};

	return tlskeys_secret(o->env->context->keys, which[stage][from], o->randoms.client);
}

static struct tlscrypt *crypt_by(const struct tlsopen *o, const struct tls_suite *suite, struct span secret)
{
	struct tlscrypt *crypt = NULL;
	struct tls_keys keys;

	if (tlskdf_keys13(o->lib, suite, secret, &keys))
		crypt = tlsopen_crypt(o, suite, &keys);
	OPENSSL_cleanse(&keys, sizeof keys);
	return crypt;
}

static bool may_ask(const struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	unsigned often = tlskeys_grows(o->env->context->keys) ? ASKS_MAX : 1;

	return !o->side[from].crypt[stage] && o->side[from].asked[stage] < often;
}

bool tlsopen13_may_find(const struct tlsopen *o, enum side from)
{
	enum tlsopen_stage now = o->side[from].stage;
	enum tlsopen_stage stage = now < TLSOPEN_HANDSHAKE ? TLSOPEN_HANDSHAKE : now;

	if (now != TLSOPEN_EARLY && !tls_is_13(o->version))
		return false;
	while (stage < TLSOPEN_SHUT && !may_ask(o, from, stage))
		stage++;
	return stage < TLSOPEN_SHUT;
}

/* Makes a stage's keys, once they are asked for.  NULL: there are none. */
static struct tlscrypt *crypt_at(struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	struct tlsopen_side *side = &o->side[from];
	struct span secret;

	if (stage == TLSOPEN_EARLY || !o->server_hello || !may_ask(o, from, stage))
		return side->crypt[stage];
	side->asked[stage]++;
	secret = secret_of(o, from, stage);
	if (!secret.len || !o->suite || secret.len > TLS_SECRET_MAX)
		return NULL;
	o->logged = true;
	side->crypt[stage] = crypt_by(o, o->suite, secret);
	if (side->lost || side->failures)
		tlsopen_search(o, from, stage);
	if (stage == TLSOPEN_TRAFFIC) {
		memcpy(side->secret, secret.at, secret.len);
		side->secret_len = secret.len;
	}
	return side->crypt[stage];
}

/* ---- hellos */

void tlsopen13_client_hello(struct tlsopen *o, const struct tls_client_hello *hello)
{
	struct reader r = reader_on(hello->suites);

	o->suite13_count = 0;
	while (r.left.len && o->suite13_count < TLSOPEN_SUITES_MAX) {
		uint16_t id = reader_be16(&r);
		const struct tls_suite *suite = r.ok ? tls_suite(id) : NULL;

		if (suite && tlslib_reads(o->lib, suite) && suite->exchange == KX_ANY)
			o->suites13[o->suite13_count++] = id;
	}
	o->early_offered = hello->early_data;
	if (hello->early_data && o->side[CLIENT].stage == TLSOPEN_CLEAR &&
	    secret_of(o, CLIENT, TLSOPEN_EARLY).len)
		tlsopen_enter(o, CLIENT, TLSOPEN_EARLY);
}

static bool any_secret(const struct tlsopen *o, enum side from)
{
	return secret_of(o, from, TLSOPEN_HANDSHAKE).len || secret_of(o, from, TLSOPEN_TRAFFIC).len;
}

static void begin(struct tlsopen *o, enum side from)
{
	struct tlsopen_side *side = &o->side[from];

	side->missing = !secret_of(o, from, TLSOPEN_HANDSHAKE).len;
	if (side->stage == TLSOPEN_CLEAR)
		tlsopen_enter(o, from, TLSOPEN_HANDSHAKE);
	if (!crypt_at(o, from, TLSOPEN_HANDSHAKE) && !crypt_at(o, from, TLSOPEN_TRAFFIC) &&
	    side->stage != TLSOPEN_EARLY && !tlsopen13_may_find(o, from))
		tlsopen_shut(o, from);
}

void tlsopen13_early_refused(struct tlsopen *o)
{
	o->early = TLSOPEN_EARLY_REFUSED;
	if (o->side[CLIENT].stage == TLSOPEN_EARLY)
		tlsopen_enter(o, CLIENT, TLSOPEN_CLEAR);
}

void tlsopen13_server_hello(struct tlsopen *o)
{
	bool known = any_secret(o, CLIENT) || any_secret(o, SERVER);

	o->unknown_suite |= known && !tlslib_reads(o->lib, o->suite);
	begin(o, CLIENT);
	begin(o, SERVER);
}

/* ---- messages */

static void encrypted_extensions(struct tlsopen *o, struct span body)
{
	struct reader r = reader_on(body), list = reader_sub(&r, reader_be16(&r)), extension;
	bool taken = false;
	unsigned type;

	while (tls_extension_next(&list, &type, &extension))
		taken |= type == EXT_EARLY_DATA;

	if (!o->early_offered || o->early != TLSOPEN_EARLY_UNKNOWN)
		return;
	o->early = taken ? TLSOPEN_EARLY_TAKEN : TLSOPEN_EARLY_REFUSED;
	if (!taken && o->side[CLIENT].stage == TLSOPEN_EARLY)
		tlsopen_enter(o, CLIENT, TLSOPEN_HANDSHAKE);
}

/* After its Finished a side sends under the keys of its data. */
static void finished(struct tlsopen *o, enum side from)
{
	if (o->side[from].stage == TLSOPEN_HANDSHAKE)
		tlsopen_enter(o, from, TLSOPEN_TRAFFIC);
}

/* RFC 8446 section 4.6.3. */
static void key_update(struct tlsopen *o, enum side from)
{
	struct tlsopen_side *side = &o->side[from];

	if (side->stage != TLSOPEN_TRAFFIC || !side->secret_len)
		return;
	tlsopen_drop(o, from, TLSOPEN_TRAFFIC);
	if (tlskdf_update13(o->lib, o->suite, side->secret, side->secret_len))
		side->crypt[TLSOPEN_TRAFFIC] = crypt_by(o, o->suite, span_of(side->secret, side->secret_len));
	if (!side->crypt[TLSOPEN_TRAFFIC])
		tlsopen_shut(o, from);
}

void tlsopen13_message(struct tlsopen *o, enum side from, const struct tlsmsg_event *m)
{
	switch (m->type) {
	case TLS_MESSAGE_ENCRYPTED_EXTENSIONS:
		if (from == SERVER)
			encrypted_extensions(o, m->body);
		break;
	case TLS_MESSAGE_END_OF_EARLY_DATA:
		o->early = TLSOPEN_EARLY_TAKEN;         /* only then it is sent (section 4.5) */
		if (o->side[CLIENT].stage == TLSOPEN_EARLY)
			tlsopen_enter(o, CLIENT, TLSOPEN_HANDSHAKE);
		break;
	case TLS_MESSAGE_FINISHED:
		finished(o, from);
		break;
	case TLS_MESSAGE_KEY_UPDATE:
		key_update(o, from);
		break;
	default:
		break;
	}
}

/* ---- records */

/* Data before the server's hello are under the suite of the session that is resumed, which nothing tells but
 * the data: of those that the client offers, few have a hash as long as the secret. */
static bool open_early(struct tlsopen *o, const struct tlsopen_record *sealed,
                       struct tlscrypt_record *content)
{
	struct tlsopen_side *side = &o->side[CLIENT];
	struct span secret = secret_of(o, CLIENT, TLSOPEN_EARLY);

	if (side->crypt[TLSOPEN_EARLY])
		return tlsopen_by(side->crypt[TLSOPEN_EARLY], sealed, content);
	for (unsigned i = 0; i < o->suite13_count; i++) {
		const struct tls_suite *suite = tls_suite(o->suites13[i]);
		struct tlscrypt *crypt;

		if (tls_digest_length(suite->prf) != secret.len)
			continue;
		memcpy(sealed->fragment, o->copy.at, sealed->len);
		crypt = crypt_by(o, suite, secret);
		if (crypt && tlsopen_by(crypt, sealed, content)) {
			side->crypt[TLSOPEN_EARLY] = crypt;
			return true;
		}
		tlsopen_discard(o, crypt);
	}
	return false;
}

static bool open_at(struct tlsopen *o, enum side from, enum tlsopen_stage stage,
                    const struct tlsopen_record *sealed, struct tlscrypt_record *content)
{
	struct tlscrypt *crypt;

	if (stage == TLSOPEN_EARLY)
		return open_early(o, sealed, content);
	crypt = crypt_at(o, from, stage);
	return crypt && tlsopen_by(crypt, sealed, content);
}

/* What opens under a later stage's keys says that the side went on. */
static void arrive(struct tlsopen *o, enum side from, enum tlsopen_stage stage)
{
	struct tlsopen_side *side = &o->side[from];

	if (side->stage == stage)
		return;
	if (side->stage == TLSOPEN_EARLY && o->early == TLSOPEN_EARLY_UNKNOWN && !side->lost)
		o->early = TLSOPEN_EARLY_REFUSED;       /* an EndOfEarlyData would have told */
	tlsopen_enter(o, from, stage);
}

bool tlsopen13_record(struct tlsopen *o, enum side from, const struct tlsopen_record *sealed,
                      struct tlscrypt_record *content)
{
	struct tlsopen_side *side = &o->side[from];
	bool open = false;

	if (side->stage == TLSOPEN_TRAFFIC)
		return open_at(o, from, TLSOPEN_TRAFFIC, sealed, content);
	buf_clear(&o->copy);
	if (!buf_add(&o->copy, span_of(sealed->fragment, sealed->len)))
		return false;
	for (enum tlsopen_stage stage = side->stage; !open && stage < TLSOPEN_SHUT; stage++) {
		memcpy(sealed->fragment, o->copy.at, sealed->len);
		open = open_at(o, from, stage, sealed, content);
		if (open)
			arrive(o, from, stage);
	}
	buf_release(&o->copy);
	return open;
}
