/* decoders/auth.c - credentials and challenges. */
#include "decoders/auth.h"

#include "base/base64.h"
#include "decoders/names.h"
#include "decoders/spnego.h"

/* Bytes of a token: no head holds more, and tickets of users in many groups come near.  Bytes of a name. */
enum { TOKEN_MAX = 48 * 1024, USER_MAX = 256 };

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

static enum auth_step step_of(const struct auth_token *token)
{
	switch (token->ntlm.type) {
	case 1: return AUTH_STEP_NTLM_NEGOTIATE;
	case 2: return AUTH_STEP_NTLM_CHALLENGE;
	case 3: return AUTH_STEP_NTLM_AUTHENTICATE;
	default: break;
	}
	if (token->kerberos.kind == KERBEROS_ERROR)
		return AUTH_STEP_KERBEROS_ERROR;
	if (token->state == SPNEGO_REJECT)
		return AUTH_STEP_REJECTED;
	if (token->state == SPNEGO_COMPLETED)
		return AUTH_STEP_COMPLETED;
	return token->kerberos.kind == KERBEROS_NONE ? AUTH_STEP_SPNEGO_TOKEN : AUTH_STEP_KERBEROS;
}

/* Opens a token of NTLM, Negotiate or Kerberos into the arena; *opened is NULL without one or room. */
static enum auth_step read_token(struct span text, const struct auth_token **opened, struct arena *arena)
{
	uint8_t bytes[TOKEN_MAX];
	struct auth_token *token;
	size_t len;

	*opened = NULL;
	if (!text.len)
		return AUTH_STEP_NONE;
	token = arena_alloc(arena, sizeof *token);
	if (!token)
		return AUTH_STEP_SPNEGO_TOKEN;
	len = base64_decode(text, bytes, sizeof bytes);
	spnego_open(span_of(bytes, len), token, arena);
	*opened = token;
	return step_of(token);
}

/* "DOMAIN\user" is how people type it where a scheme has no place for a domain. */
static void take_user(struct auth *auth, struct span user, struct arena *arena)
{
	size_t slash = span_byte(user, '\\');
	bool cut = false;

	if (slash != SIZE_MAX) {
		auth->domain = name_bytes(span_of(user.at, slash), USER_MAX, arena, &cut);
		user = span_skip(user, slash + 1);
	}
	auth->user = name_bytes(user, USER_MAX, arena, &cut);
}

/* RFC 7617: base64 of "user:password". */
static void read_basic(struct auth *auth, struct span credentials, struct arena *arena)
{
	uint8_t bytes[USER_MAX];
	struct span user = span_of(bytes, base64_decode(credentials, bytes, sizeof bytes));
	size_t colon = span_byte(user, ':');

	if (colon != SIZE_MAX)
		take_user(auth, span_of(bytes, colon), arena);
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

/* The text of a quoted string (RFC 9110 section 5.6.4), in `text`.  A backslash hides only what needs it: old
 * clients write the one before a user's name alone. */
static struct span unquoted(struct span value, uint8_t text[static USER_MAX])
{
	size_t len = 0;

	if (value.len < 2 || value.at[0] != '"' || value.at[value.len - 1] != '"')
		return value;
	value = span_of(value.at + 1, value.len - 2);
	for (size_t i = 0; i < value.len && len < USER_MAX; i++) {
		bool escapes = value.at[i] == '\\' && i + 1 < value.len &&
			       (value.at[i + 1] == '\\' || value.at[i + 1] == '"');

		text[len++] = value.at[escapes ? ++i : i];
	}
	return span_of(text, len);
}

/* RFC 7616 section 3.4: username="...", realm="..." among the parameters. */
static void read_digest(struct auth *auth, struct span parameters, struct arena *arena)
{
	uint8_t text[USER_MAX];
	struct span realm = { NULL, 0 };
	bool cut = false;

	while (parameters.len) {
		struct span value = next_element(&parameters);
		struct span name = span_trim(span_split(&value, '='));

		value = span_trim(value);
		if (span_ieq(name, SPAN("username")) && !auth->user.len)
			take_user(auth, unquoted(value, text), arena);
		else if (span_ieq(name, SPAN("realm")))
			realm = value;
	}
	if (!auth->domain.len)
		auth->domain = name_bytes(unquoted(realm, text), USER_MAX, arena, &cut);
}

static void read_sent_token(struct auth *auth, struct span text, struct arena *arena)
{
	const struct ntlm_message *ntlm;

	auth->sent_step = read_token(text, &auth->sent_token, arena);
	if (!auth->sent_token)
		return;
	ntlm = &auth->sent_token->ntlm;
	if (ntlm->type == 2)
		return;
	auth->user = ntlm->user;
	auth->domain = ntlm->domain;
	auth->workstation = ntlm->workstation;
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
		read_basic(auth, rest, arena);
		break;
	case AUTH_DIGEST:
		read_digest(auth, rest, arena);
		break;
	case AUTH_NTLM:
	case AUTH_NEGOTIATE:
	case AUTH_KERBEROS:
		read_sent_token(auth, rest, arena);
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

static void read_challenges(struct auth *auth, struct span list, struct arena *arena)
{
	while (list.len) {
		struct span element = next_element(&list), text;
		enum auth_scheme scheme;

		if (!element.len || is_parameter(element))
			continue;
		scheme = scheme_of(first_word(element, &text));
		auth->offered |= 1u << scheme;
		if (scheme != AUTH_NTLM && scheme != AUTH_NEGOTIATE && scheme != AUTH_KERBEROS)
			continue;
		/* There is one; were there more, each would cost. */
		if (!text.len || auth->answer_step != AUTH_STEP_NONE)
			continue;
		auth->answer_step = read_token(text, &auth->answer_token, arena);
	}
}

void auth_read_response(struct auth *auth, const struct http_message *response, struct span header,
                        struct arena *arena)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (span_ieq(response->headers[i].name, header))
			read_challenges(auth, response->headers[i].value, arena);
	}
}
