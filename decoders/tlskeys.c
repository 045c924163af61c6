/* decoders/tlskeys.c - the store: lines out of pieces, and who answers which question. */
#include "decoders/tlskeys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "decoders/tlskeys_private.h"
#include "decoders/tlskeys_sessions.h"
#include "decoders/tlskeys_table.h"
#include "decoders/tlslib.h"

struct tlskeys {
	struct tlskeys_table table;
	struct tlskeys_sessions sessions;
	struct tlslib *lib;                     /* NULL until it is asked for */
	struct tlskeys_private *private;        /* NULL until one is given */
	struct tlskeys_growth growth;
	struct tlskeys_counts counts;
	bool in_log;                    /* since the last tlskeys_log_end */
	bool too_long;                  /* the line under way is; its end is looked for */
	size_t have;                    /* bytes of it in `start` */
	uint8_t start[TLSKEYS_LINE_MAX];
	struct tlskeys_line line;
};

struct tlskeys *tlskeys_new(struct budget *budget)
{
	struct tlskeys *k = calloc(1, sizeof *k);

	if (!k)
		return NULL;
	tlskeys_table_init(&k->table, budget);
	tlskeys_sessions_init(&k->sessions, budget);
	return k;
}

void tlskeys_free(struct tlskeys *k)
{
	if (!k)
		return;
	tlskeys_table_release(&k->table);
	tlskeys_sessions_release(&k->sessions);
	tlskeys_private_free(k->private);
	tlslib_free(k->lib);
	OPENSSL_cleanse(k, sizeof *k);
	free(k);
}

const struct tlslib *tlskeys_lib(struct tlskeys *k)
{
	if (!k->lib)
		k->lib = tlslib_new();
	return k->lib;
}

void tlskeys_prepare(struct tlskeys *k, bool keys)
{
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
	if (keys || tlskeys_any(k))
		tlskeys_lib(k);
}

struct tlskeys_counts tlskeys_counts(const struct tlskeys *k)
{
	struct tlskeys_counts counts = k->counts;

	counts.private_keys = k->private ? tlskeys_private_count(k->private) : 0;
	return counts;
}

bool tlskeys_any(const struct tlskeys *k)
{
	return k->counts.secrets || k->private || k->growth.look;
}

/* ---- key logs ---- */

/* Ids and tickets are of any length, keys of one. */
static bool key_of_id(struct tlskeys *k, struct span id, uint8_t key[static TLSKEYS_KEY])
{
	const struct tlslib *lib = tlskeys_lib(k);

	return id.len && lib && EVP_Digest(id.at, id.len, key, NULL, lib->digests[TLS_SHA256], NULL) > 0;
}

static void keep(struct tlskeys *k)
{
	uint8_t key[TLSKEYS_KEY];

	if (k->line.which == TLSKEYS_BY_SESSION &&
	    key_of_id(k, span_of(k->line.key, k->line.key_len), key))
		memcpy(k->line.key, key, sizeof key);
	switch (tlskeys_table_put(&k->table, &k->line)) {
	case TLSKEYS_PUT_NEW:
		k->counts.secrets++;
		break;
	case TLSKEYS_PUT_AGAIN:
		break;
	case TLSKEYS_PUT_REFUSED:
		k->counts.refused++;
		break;
	}
}

static void count_unread(struct tlskeys *k)
{
	k->counts.lines_unread++;
	if (!k->counts.first_unread)
		k->counts.first_unread = k->counts.log_lines;
}

static void take_line(struct tlskeys *k, struct span text)
{
	enum tlskeys_line_kind kind = TLSKEYS_LINE_UNREAD;

	/* What Windows' editors put before a text: U+FEFF. */
	if (!k->counts.log_lines++ && span_starts(text, SPAN("\xef\xbb\xbf")))
		span_take(&text, 3);
	if (!k->too_long && text.len <= TLSKEYS_LINE_MAX)
		kind = tlskeys_line_read(text, &k->line);
	switch (kind) {
	case TLSKEYS_LINE_NONE:
		break;
	case TLSKEYS_LINE_SECRET:
		k->counts.lines_secret++;
		keep(k);
		break;
	case TLSKEYS_LINE_OTHER:
		k->counts.lines_other++;
		break;
	case TLSKEYS_LINE_UNREAD:
		count_unread(k);
		break;
	}
	k->too_long = false;
	k->have = 0;
}

/* The start of a line whose rest is still to come, or the next part of it. */
static void hold(struct tlskeys *k, struct span part)
{
	if (part.len > TLSKEYS_LINE_MAX - k->have)
		k->too_long = true;
	if (k->too_long || !part.len)
		return;
	memcpy(k->start + k->have, part.at, part.len);
	k->have += part.len;
}

void tlskeys_log(struct tlskeys *k, struct span text)
{
	if (!k->in_log)
		k->counts.log_lines = k->counts.first_unread = 0;
	k->in_log = true;
	while (text.len) {
		const uint8_t *end = memchr(text.at, '\n', text.len);
		struct span part = span_take(&text, end ? (size_t)(end - text.at) : text.len);

		if (!end) {
			hold(k, part);
			return;
		}
		span_take(&text, 1);
		if (k->have || k->too_long) {
			hold(k, part);
			part = span_of(k->start, k->have);
		}
		take_line(k, part);
	}
}

void tlskeys_log_end(struct tlskeys *k)
{
	if (k->have || k->too_long)
		take_line(k, span_of(k->start, k->have));
	if (!k->in_log)         /* it was empty */
		k->counts.log_lines = k->counts.first_unread = 0;
	k->in_log = false;
}

void tlskeys_follow(struct tlskeys *k, struct tlskeys_growth growth)
{
	k->growth = growth;
}

bool tlskeys_grows(const struct tlskeys *k)
{
	return k->growth.look;
}

/* ---- questions ---- */

static struct span look_up(const struct tlskeys *k, unsigned which, const uint8_t *key)
{
	struct span found = tlskeys_table_get(&k->table, which, key);

	if (found.len || !k->growth.look)
		return found;
	k->growth.look(k->growth.self);
	return tlskeys_table_get(&k->table, which, key);
}

struct span tlskeys_secret(const struct tlskeys *k, enum tls_secret which,
                           const uint8_t client_random[static 32])
{
	return look_up(k, which, client_random);
}

struct span tlskeys_premaster(const struct tlskeys *k, struct span encrypted)
{
	uint8_t key[TLSKEYS_KEY] = { 0 };

	if (encrypted.len < TLSKEYS_ENCRYPTED)
		return span_of(NULL, 0);
	memcpy(key, encrypted.at, TLSKEYS_ENCRYPTED);
	return look_up(k, TLSKEYS_BY_ENCRYPTED, key);
}

/* ---- private keys ---- */

bool tlskeys_private(struct tlskeys *k, const char *name, struct span file, const char *password,
                     struct fault *f)
{
	if (!k->private && tlskeys_lib(k))
		k->private = tlskeys_private_new(k->lib);
	if (!k->private)
		return fault_set(f, FAULT_MEMORY, "%s: libcrypto does not start", name);
	return tlskeys_private_add(k->private, name, file, password, f);
}

size_t tlskeys_private_for(struct tlskeys *k, struct span certificate)
{
	size_t which = k->private ? tlskeys_private_match(k->private, certificate) : SIZE_MAX;

	k->counts.certificates += k->private != NULL;
	k->counts.certificates_owned += which != SIZE_MAX;
	return which;
}

bool tlskeys_private_open(const struct tlskeys *k, size_t which, struct span encrypted,
                          uint8_t premaster[static 48])
{
	return k->private && tlskeys_private_decrypt(k->private, which, encrypted, premaster);
}

/* ---- sessions that may be resumed ---- */

void tlskeys_remember(struct tlskeys *k, struct span id, const uint8_t master[static 48])
{
	uint8_t key[TLSKEYS_KEY];

	if (key_of_id(k, id, key) && !tlskeys_sessions_put(&k->sessions, key, master))
		k->counts.refused++;
}

/* What was seen on the wire is later than what a key log knows. */
bool tlskeys_recall(struct tlskeys *k, struct span id, uint8_t master[static 48])
{
	uint8_t key[TLSKEYS_KEY];
	const uint8_t *seen;
	struct span logged;

	if (!key_of_id(k, id, key))
		return false;
	seen = tlskeys_sessions_get(&k->sessions, key);
	logged = seen ? span_of(seen, TLSKEYS_MASTER) : look_up(k, TLSKEYS_BY_SESSION, key);
	if (!logged.len)
		return false;
	memcpy(master, logged.at, TLSKEYS_MASTER);
	return true;
}
