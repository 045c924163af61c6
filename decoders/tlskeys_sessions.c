/* decoders/tlskeys_sessions.c - a ring of sessions with buckets over it. */
#include "decoders/tlskeys_sessions.h"

#include <openssl/crypto.h>

#include "base/hash.h"

enum { ROOM_FIRST = 64 };

struct tlskeys_session {
	uint8_t key[TLSKEYS_KEY], master[TLSKEYS_MASTER];
	uint32_t next;                  /* as in heads */
};

void tlskeys_sessions_init(struct tlskeys_sessions *s, struct budget *budget)
{
	*s = (struct tlskeys_sessions){ .budget = budget };
}

static void free_all(struct tlskeys_sessions *s)
{
	if (s->list)
		OPENSSL_cleanse(s->list, s->count * sizeof *s->list);
	budget_free(s->budget, s->list, s->room * sizeof *s->list);
	budget_free(s->budget, s->heads, s->room * sizeof *s->heads);
}

void tlskeys_sessions_release(struct tlskeys_sessions *s)
{
	free_all(s);
	tlskeys_sessions_init(s, s->budget);
}

static uint32_t *bucket_of(const struct tlskeys_sessions *s, const uint8_t *key)
{
	return &s->heads[hash_bytes(hash_key(), span_of(key, TLSKEYS_KEY)) & (s->room - 1)];
}

static void link_in(struct tlskeys_sessions *s, size_t i)
{
	uint32_t *head = bucket_of(s, s->list[i].key);

	s->list[i].next = *head;
	*head = (uint32_t)i + 1;
}

static void take_out(struct tlskeys_sessions *s, size_t i)
{
	uint32_t *at = bucket_of(s, s->list[i].key);

	while (*at != i + 1)
		at = &s->list[*at - 1].next;
	*at = s->list[i].next;
}

static bool grow(struct tlskeys_sessions *s)
{
	struct tlskeys_sessions more = *s;

	more.room = s->room ? s->room * 2 : ROOM_FIRST;
	more.list = budget_room(s->budget, more.room * sizeof *more.list);
	more.heads = budget_alloc(s->budget, more.room * sizeof *more.heads);
	if (!more.list || !more.heads) {
		budget_free(s->budget, more.list, more.room * sizeof *more.list);
		budget_free(s->budget, more.heads, more.room * sizeof *more.heads);
		return false;
	}
	if (s->count)
		memcpy(more.list, s->list, s->count * sizeof *s->list);
	free_all(s);
	*s = more;
	for (size_t i = 0; i < s->count; i++)
		link_in(s, i);
	return true;
}

/* SIZE_MAX: not there. */
static size_t find(const struct tlskeys_sessions *s, const uint8_t *key)
{
	if (!s->room)
		return SIZE_MAX;
	for (uint32_t at = *bucket_of(s, key); at; at = s->list[at - 1].next)
		if (!memcmp(s->list[at - 1].key, key, TLSKEYS_KEY))
			return at - 1;
	return SIZE_MAX;
}

bool tlskeys_sessions_put(struct tlskeys_sessions *s, const uint8_t key[static TLSKEYS_KEY],
                          const uint8_t master[static TLSKEYS_MASTER])
{
	size_t i = find(s, key);

	if (i != SIZE_MAX) {
		memcpy(s->list[i].master, master, TLSKEYS_MASTER);
		return true;
	}
	if (s->count == s->room && s->room < TLSKEYS_SESSIONS_MAX && !grow(s))
		return false;
	if (s->count < s->room) {
		i = s->count++;
	} else {
		i = s->oldest;
		s->oldest = (s->oldest + 1) % s->room;
		take_out(s, i);
	}
	memcpy(s->list[i].key, key, TLSKEYS_KEY);
	memcpy(s->list[i].master, master, TLSKEYS_MASTER);
	link_in(s, i);
	return true;
}

const uint8_t *tlskeys_sessions_get(const struct tlskeys_sessions *s, const uint8_t key[static TLSKEYS_KEY])
{
	size_t i = find(s, key);

	return i == SIZE_MAX ? NULL : s->list[i].master;
}
