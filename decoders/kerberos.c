/* decoders/kerberos.c - names and numbers of Kerberos messages. */
#include "decoders/kerberos.h"

#include <time.h>

#include "base/moment.h"
#include "decoders/der.h"
#include "decoders/names.h"

enum { TICKET = DER_APPLICATION + 1 };
enum { NAME_PARTS_MAX = 8 };

/* Body of [number] EXPLICIT `tag` in a SEQUENCE's body. */
static struct span member(struct span sequence, uint8_t number, uint8_t tag)
{
	return der_enter(der_find(sequence, DER_CONTEXT + number), tag);
}

static int number_of(struct span sequence, uint8_t number)
{
	int64_t value;

	if (!der_number(sequence, number, DER_INTEGER, &value) || value < INT32_MIN || value > INT32_MAX)
		return 0;
	return (int)value;
}

static struct span kept(struct span text, struct arena *arena)
{
	bool cut = false;

	return name_bytes(text, KERBEROS_NAME_MAX, arena, &cut);
}

/* PrincipalName (RFC 4120 section 5.2.2): its parts, as people write them, with '/' between. */
static struct span principal(struct span sequence, uint8_t number, struct arena *arena)
{
	struct span parts = member(member(sequence, number, DER_SEQUENCE), 1, DER_SEQUENCE);
	uint8_t text[KERBEROS_NAME_MAX];
	size_t len = 0;
	struct der part;

	for (int i = 0; i < NAME_PARTS_MAX && parts.len && der_next(&parts, &part); i++) {
		if (part.tag != DER_STRING || part.body.len >= sizeof text - len)
			break;
		if (i)
			text[len++] = '/';
		if (part.body.len)
			memcpy(text + len, part.body.at, part.body.len);
		len += part.body.len;
	}
	return kept(span_of(text, len), arena);
}

/* EncryptedData ::= SEQUENCE { etype [0], kvno [1], cipher [2] } */
static int etype_of(struct span sequence, uint8_t number)
{
	return number_of(member(sequence, number, DER_SEQUENCE), 0);
}

/* RFC 4120 section 5.5.1: ticket [3], authenticator [4]; of the ticket (5.3): realm, sname, enc-part. */
static void read_request(struct span body, struct kerberos_message *m, struct arena *arena)
{
	struct span ticket = der_enter(member(body, 3, TICKET), DER_SEQUENCE);

	m->realm = kept(member(ticket, 1, DER_STRING), arena);
	m->service = principal(ticket, 2, arena);
	m->ticket_etype = etype_of(ticket, 3);
	m->authenticator_etype = etype_of(body, 4);
}

/* "20260310091500Z" (RFC 4120 section 5.2.3), with microseconds from another field. */
static int64_t time_of(struct span text, int64_t micros)
{
	static const uint8_t widths[] = { 4, 2, 2, 2, 2, 2 };
	uint64_t v[sizeof widths];
	struct tm utc = { 0 };
	int64_t time;

	if (text.len != 15 || text.at[14] != 'Z')
		return MOMENT_NONE;
	for (size_t i = 0; i < sizeof widths; i++)
		if (!span_decimal(span_take(&text, widths[i]), &v[i]))
			return MOMENT_NONE;
	if (v[0] < 1970 || v[0] > 2200)
		return MOMENT_NONE;
	utc.tm_year = (int)v[0] - 1900;
	utc.tm_mon = (int)v[1] - 1;
	utc.tm_mday = (int)v[2];
	utc.tm_hour = (int)v[3];
	utc.tm_min = (int)v[4];
	utc.tm_sec = (int)v[5];
	time = moment_of(&utc);
	return time == MOMENT_NONE ? time : time + micros * 1000;
}

/* RFC 4120 section 5.9.1: stime [4], susec [5], error-code [6], realm [9], sname [10]. */
static void read_error(struct span body, struct kerberos_message *m, struct arena *arena)
{
	int micros = number_of(body, 5);

	m->server_time = time_of(member(body, 4, DER_TIME), micros >= 0 && micros < 1000000 ? micros : 0);
	m->error = (unsigned)number_of(body, 6);
	m->realm = kept(member(body, 9, DER_STRING), arena);
	m->service = principal(body, 10, arena);
}

bool kerberos_read(struct span token, struct kerberos_message *message, struct arena *arena)
{
	struct der outer;
	struct span body;

	*message = (struct kerberos_message){ .server_time = MOMENT_NONE };
	if (!token.len || !der_next(&token, &outer))
		return false;
	body = der_enter(outer.body, DER_SEQUENCE);
	switch (outer.tag) {
	case DER_APPLICATION + KERBEROS_AP_REQ:
		message->kind = KERBEROS_AP_REQ;
		read_request(body, message, arena);
		return true;
	case DER_APPLICATION + KERBEROS_AP_REP:
		message->kind = KERBEROS_AP_REP;        /* RFC 4120 section 5.5.2 */
		message->authenticator_etype = etype_of(body, 2);
		return true;
	case DER_APPLICATION + KERBEROS_ERROR:
		message->kind = KERBEROS_ERROR;
		read_error(body, message, arena);
		return true;
	default:
		return false;
	}
}
