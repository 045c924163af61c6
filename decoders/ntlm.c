/* decoders/ntlm.c - fixed fields first, then what they point to (MS-NLMP section 2.2). */
#include "decoders/ntlm.h"

#include "base/reader.h"
#include "decoders/names.h"

/* Offsets from the message's beginning (MS-NLMP section 2.2.1). */
enum { TYPE_AT = 8, VERSION_LEN = 8, MIC_LEN = 16 };
enum { NEGOTIATE_FLAGS = 12, NEGOTIATE_DOMAIN = 16, NEGOTIATE_WORKSTATION = 24, NEGOTIATE_VERSION = 32 };
enum { CHALLENGE_TARGET = 12, CHALLENGE_FLAGS = 20, CHALLENGE_INFO = 40, CHALLENGE_VERSION = 48 };
enum { AUTHENTICATE_LM = 12, AUTHENTICATE_NT = 20, AUTHENTICATE_DOMAIN = 28, AUTHENTICATE_USER = 36,
       AUTHENTICATE_WORKSTATION = 44, AUTHENTICATE_KEY = 52, AUTHENTICATE_FLAGS = 60,
       AUTHENTICATE_VERSION = 64, AUTHENTICATE_MIC = 72 };

/* MS-NLMP section 2.2.2.5. */
#define FLAG_UNICODE   UINT32_C(0x00000001)
#define FLAG_ANONYMOUS UINT32_C(0x00000800)
#define FLAG_VERSION   UINT32_C(0x02000000)

/* MS-NLMP section 2.2.2.8: a response of NTLM 1 has 24 bytes; one of NTLM 2 a proof of 16, then, up to the
 * names, the time (8 bytes in) and more (section 2.2.2.7). */
enum { NTLM1_RESPONSE = 24, NTLM2_TIME = 24, NTLM2_NAMES = 44 };

#define FILETIME_EPOCH UINT64_C(116444736000000000)     /* 1970, in 100 ns since 1601 */

struct parse {
	struct span whole;
	struct ntlm_message *message;
	struct arena *arena;
	bool unicode;
};

bool ntlm_is(struct span token)
{
	return span_starts(token, SPAN("NTLMSSP\0"));
}

static uint32_t flags_at(const struct parse *p, size_t at)
{
	struct reader r = reader_on(span_skip(p->whole, at));

	return reader_le32(&r);
}

/* Where the bytes of a field of 8 begin, and how many they are; false: outside of the message, or (length
 * SIZE_MAX) the field itself is. */
static bool locate(const struct parse *p, size_t at, size_t *offset, size_t *len)
{
	struct reader r = reader_on(span_skip(p->whole, at));

	*len = reader_le16(&r);
	reader_skip(&r, 2);
	*offset = reader_le32(&r);
	if (!r.ok)
		*len = SIZE_MAX;
	return r.ok && *offset <= p->whole.len && *len <= p->whole.len - *offset;
}

static struct span payload(const struct parse *p, size_t at)
{
	size_t offset, len;

	if (locate(p, at, &offset, &len))
		return span_of(p->whole.at + offset, len);
	p->message->cut = p->message->cut || len;
	return (struct span){ NULL, 0 };
}

static struct span wide(const struct parse *p, struct span bytes)
{
	return name_utf16le(bytes, NTLM_NAME_MAX, p->arena, &p->message->cut);
}

static struct span oem(const struct parse *p, size_t at)
{
	return name_bytes(payload(p, at), NTLM_NAME_MAX, p->arena, &p->message->cut);
}

static struct span name(const struct parse *p, size_t at)
{
	return p->unicode ? wide(p, payload(p, at)) : oem(p, at);
}

/* Only there when its flag says so (MS-NLMP section 2.2.2.10). */
static void read_version(const struct parse *p, size_t at)
{
	struct reader r = reader_on(span_skip(p->whole, at));
	struct ntlm_version v = { .major = reader_u8(&r), .minor = reader_u8(&r) };

	v.build = reader_le16(&r);
	reader_skip(&r, 3);
	v.revision = reader_u8(&r);
	if (r.ok && (p->message->flags & FLAG_VERSION))
		p->message->version = v;
}

static int64_t filetime(struct span bytes)
{
	struct reader r = reader_on(bytes);
	uint64_t ticks = reader_le64(&r);

	if (!r.ok || ticks < FILETIME_EPOCH || ticks - FILETIME_EPOCH > INT64_MAX / 100)
		return MOMENT_NONE;
	return (int64_t)(ticks - FILETIME_EPOCH) * 100;
}

static bool any_set(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i])
			return true;
	return false;
}

/* AV_PAIRs of MS-NLMP section 2.2.2.1.  Returns MsvAvFlags. */
static uint32_t read_pairs(const struct parse *p, struct span pairs)
{
	enum { END, NB_COMPUTER, NB_DOMAIN, DNS_COMPUTER, DNS_DOMAIN, DNS_TREE, FLAGS, TIME, TARGET = 9,
	       BINDINGS };
	struct ntlm_message *m = p->message;
	struct reader r = reader_on(pairs), value;
	uint32_t flags = 0;

	while (r.left.len) {
		unsigned id = reader_le16(&r);

		value = reader_sub(&r, reader_le16(&r));
		if (!r.ok || id == END)
			break;
		switch (id) {
		case NB_COMPUTER:  m->computer = wide(p, value.left); break;
		case NB_DOMAIN:    m->netbios_domain = wide(p, value.left); break;
		case DNS_COMPUTER: m->dns_computer = wide(p, value.left); break;
		case DNS_DOMAIN:   m->dns_domain = wide(p, value.left); break;
		case DNS_TREE:     m->dns_forest = wide(p, value.left); break;
		case FLAGS:        flags = reader_le32(&value); break;
		case TIME:         m->timestamp = filetime(value.left); break;
		case TARGET:       m->service = wide(p, value.left); break;
		case BINDINGS:     m->channel_binding = any_set(value.left); break;
		default:           break;
		}
	}
	m->cut = m->cut || !r.ok;
	return flags;
}

static void read_negotiate(struct parse *p)
{
	p->message->flags = flags_at(p, NEGOTIATE_FLAGS);
	read_version(p, NEGOTIATE_VERSION);
	/* In the code page, whatever the flags say (MS-NLMP section 2.2.1.1); older ones end before. */
	if (p->whole.len < NEGOTIATE_WORKSTATION + 8)
		return;
	p->message->domain = oem(p, NEGOTIATE_DOMAIN);
	p->message->workstation = oem(p, NEGOTIATE_WORKSTATION);
}

static void read_challenge(struct parse *p)
{
	p->message->flags = flags_at(p, CHALLENGE_FLAGS);
	p->unicode = p->message->flags & FLAG_UNICODE;
	p->message->target = name(p, CHALLENGE_TARGET);
	/* Windows NT 4 ends before what follows. */
	if (p->whole.len < CHALLENGE_INFO + 8)
		return;
	read_pairs(p, payload(p, CHALLENGE_INFO));
	read_version(p, CHALLENGE_VERSION);
}

/* Where the first of what the fields point to begins: nothing fixed lies behind that. */
static size_t payload_begin(const struct parse *p)
{
	static const uint8_t fields[] = { AUTHENTICATE_LM, AUTHENTICATE_NT, AUTHENTICATE_DOMAIN,
		                          AUTHENTICATE_USER, AUTHENTICATE_WORKSTATION, AUTHENTICATE_KEY };
	size_t first = p->whole.len, offset, len;

	for (size_t i = 0; i < sizeof fields; i++)
		if (locate(p, fields[i], &offset, &len) && len && offset < first)
			first = offset;
	return first;
}

/* Nobody, with nothing but a byte of LM response (MS-NLMP section 3.2.5.1.2). */
static bool is_anonymous(const struct parse *p, struct span lm, struct span nt)
{
	const struct ntlm_message *m = p->message;

	return (m->flags & FLAG_ANONYMOUS) || (!m->user.len && !nt.len && lm.len <= 1 && !m->cut);
}

static void read_authenticate(struct parse *p)
{
	enum { MIC_TOLD = 2 };                          /* of MsvAvFlags */
	struct ntlm_message *m = p->message;
	size_t begin = payload_begin(p);
	struct span lm, nt;
	uint32_t told = 0;
	bool mic_room = begin >= AUTHENTICATE_MIC + MIC_LEN;

	/* The oldest have neither flags nor version. */
	if (begin >= AUTHENTICATE_VERSION)
		m->flags = flags_at(p, AUTHENTICATE_FLAGS);
	if (begin >= AUTHENTICATE_VERSION + VERSION_LEN)
		read_version(p, AUTHENTICATE_VERSION);
	p->unicode = m->flags & FLAG_UNICODE;
	lm = payload(p, AUTHENTICATE_LM);
	nt = payload(p, AUTHENTICATE_NT);
	m->domain = name(p, AUTHENTICATE_DOMAIN);
	m->user = name(p, AUTHENTICATE_USER);
	m->workstation = name(p, AUTHENTICATE_WORKSTATION);
	m->v2 = nt.len > NTLM1_RESPONSE;
	m->anonymous = is_anonymous(p, lm, nt);
	if (m->v2) {
		m->timestamp = filetime(span_skip(nt, NTLM2_TIME));
		told = read_pairs(p, span_skip(nt, NTLM2_NAMES));
	}
	m->mic = mic_room && ((told & MIC_TOLD) || any_set(span_of(p->whole.at + AUTHENTICATE_MIC, MIC_LEN)));
}

bool ntlm_read(struct span token, struct ntlm_message *message, struct arena *arena)
{
	struct parse p = { .whole = token, .message = message, .arena = arena };
	struct reader r = reader_on(span_skip(token, TYPE_AT));

	*message = (struct ntlm_message){ .timestamp = MOMENT_NONE };
	if (!ntlm_is(token))
		return false;
	message->type = reader_le32(&r);
	switch (message->type) {
	case 1: read_negotiate(&p); return true;
	case 2: read_challenge(&p); return true;
	case 3: read_authenticate(&p); return true;
	default: message->type = 0; return false;
	}
}
