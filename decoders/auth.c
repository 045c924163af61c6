/* decoders/auth.c - credentials and challenges. */
#include "decoders/auth.h"

#include "base/base64.h"
#include "base/reader.h"

enum { TOKEN_LOOK = 3072, USER_MAX = 256 };     /* bytes of a token that are searched; of a user name */

static enum auth_scheme scheme_of(struct span name)
{
#define X(symbol, text) [AUTH_##symbol] = SPAN_LIT(text),
	static const struct span names[] = { AUTH_SCHEMES(X) };
#undef X
	for (size_t i = 0; i < AUTH_OTHER; i++) {
		if (span_ieq(name, names[i]))
			return (enum auth_scheme)i;
	}
	return AUTH_OTHER;
}

/* The word before the first blank; *rest is what follows it. */
static struct span first_word(struct span text, struct span *rest)
{
	size_t len = 0;

	while (len < text.len && text.at[len] != ' ' && text.at[len] != '\t')
		len++;
	*rest = span_trim(span_skip(text, len));
	return span_of(text.at, len);
}

/* Steps over a DER tag and its length; false: another tag stands there. */
static bool der_enter(struct reader *r, uint8_t tag)
{
	uint8_t found = reader_u8(r), len = reader_u8(r);

	if (len & 0x80)
		reader_bytes(r, len & 0x7fu);
	return found == tag;
}

/* SPNEGO's last word (RFC 4178 section 4.2.2): NegTokenResp with the negState reject. */
static bool is_reject(struct span token)
{
	enum { NEG_TOKEN_RESP = 0xa1, SEQUENCE = 0x30, NEG_STATE = 0xa0, ENUMERATED = 0x0a, REJECT = 2 };
	struct reader r = reader_on(token);

	return der_enter(&r, NEG_TOKEN_RESP) && der_enter(&r, SEQUENCE) && der_enter(&r, NEG_STATE) &&
	       der_enter(&r, ENUMERATED) && reader_u8(&r) == REJECT;
}

/* An NTLM message stands in the token bare or inside SPNEGO (MS-SPNG, RFC 4178): its signature
 * and, behind it, its type, little-endian (MS-NLMP section 2.2.1). */
static enum auth_step token_step(struct span token)
{
	uint8_t bytes[TOKEN_LOOK];
	struct span opened = span_of(bytes, base64_decode(token, bytes, sizeof bytes));
	struct span const signature = SPAN("NTLMSSP\0");
	size_t at = span_find(opened, signature);
	struct reader r;

	if (!token.len || is_reject(opened))
		return AUTH_STEP_NONE;
	if (at == SIZE_MAX)
		return AUTH_STEP_SPNEGO_TOKEN;
	r = reader_on(span_skip(opened, at + signature.len));
	switch (reader_le32(&r)) {
	case 1: return AUTH_STEP_NTLM_NEGOTIATE;
	case 2: return AUTH_STEP_NTLM_CHALLENGE;
	case 3: return AUTH_STEP_NTLM_AUTHENTICATE;
	default: return AUTH_STEP_SPNEGO_TOKEN;
	}
}

/* RFC 7617: base64 of "user:password". */
static struct span basic_user(struct span credentials, struct arena *arena)
{
	uint8_t bytes[USER_MAX];
	struct span user = span_of(bytes, base64_decode(credentials, bytes, sizeof bytes));
	size_t colon = span_byte(user, ':');
	struct span kept = { NULL, 0 };

	if (colon != SIZE_MAX)
		kept = arena_copy(arena, span_of(bytes, colon));
	return kept;
}

/* Where the list's first element ends: its comma, those inside quotes aside (RFC 9110 section
 * 5.6.4). */
static size_t element_len(struct span list)
{
	bool quoted = false;

	for (size_t i = 0; i < list.len; i++) {
		if (quoted && list.at[i] == '\\')
			i++;
		else if (list.at[i] == '"')
			quoted = !quoted;
		else if (list.at[i] == ',' && !quoted)
			return i;
	}
	return list.len;
}

static struct span next_element(struct span *list)
{
	struct span element = span_take(list, element_len(*list));

	span_take(list, 1);
	return span_trim(element);
}

/* RFC 7616 section 3.4: username="..." among the parameters. */
static struct span digest_user(struct span parameters, struct arena *arena)
{
	while (parameters.len) {
		struct span value = next_element(&parameters);
		struct span name = span_trim(span_split(&value, '='));

		if (!span_ieq(name, SPAN("username")))
			continue;
		value = span_trim(value);
		if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
			value = span_of(value.at + 1, value.len - 2);
		return arena_copy(arena, value);
	}
	return (struct span){ NULL, 0 };
}

void auth_read_request(struct auth *auth, const struct http_message *request, struct span header,
                       struct arena *arena)
{
	struct span rest, value = http_header(request, header);

	if (!value.len)
		return;
	auth->sent = true;
	auth->scheme = scheme_of(first_word(value, &rest));
	auth->sent_step = AUTH_STEP_CREDENTIALS;
	switch (auth->scheme) {
	case AUTH_BASIC:
		auth->user = basic_user(rest, arena);
		break;
	case AUTH_DIGEST:
		auth->user = digest_user(rest, arena);
		break;
	case AUTH_NTLM:
	case AUTH_NEGOTIATE:
	case AUTH_KERBEROS:
		auth->sent_step = token_step(rest);
		break;
	case AUTH_BEARER:
	case AUTH_OTHER:
	case AUTH_SCHEME_COUNT:
		break;
	}
}

/* True when an element of a challenge list is "name=value", so a parameter of the challenge
 * before it. */
static bool is_parameter(struct span element)
{
	size_t equals = span_byte(element, '=');
	struct span rest, word = first_word(element, &rest);

	return (equals != SIZE_MAX && equals < word.len) || (rest.len && rest.at[0] == '=');
}

static void read_challenges(struct auth *auth, struct span list)
{
	while (list.len) {
		struct span element = next_element(&list), token;
		enum auth_scheme scheme;

		if (!element.len || is_parameter(element))
			continue;
		scheme = scheme_of(first_word(element, &token));
		auth->offered |= 1u << scheme;
		if (scheme == AUTH_NTLM || scheme == AUTH_NEGOTIATE || scheme == AUTH_KERBEROS) {
			enum auth_step step = token_step(token);

			if (step != AUTH_STEP_NONE)
				auth->answer_step = step;
		}
	}
}

void auth_read_response(struct auth *auth, const struct http_message *response, struct span header)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (span_ieq(response->headers[i].name, header))
			read_challenges(auth, response->headers[i].value);
	}
}
