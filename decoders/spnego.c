/* decoders/spnego.c - shell by shell. */
#include "decoders/spnego.h"

#include "base/reader.h"
#include "decoders/der.h"
#include "decoders/kerberos.h"
#include "decoders/ntlm.h"

enum { SHELLS_MAX = 6, MECHANISMS_MAX = 32 };
enum { NEG_TOKEN_INIT = DER_CONTEXT, NEG_TOKEN_RESP = DER_CONTEXT + 1 };

static const struct span spnego_oid = SPAN_LIT("\x2b\x06\x01\x05\x05\x02");

/* RFC 4178 appendix C and MS-SPNG section 1.9: 1.2.840.48018.1.2.2 is how Windows 2000 miscounted. */
static enum spnego_mechanism mechanism_of(struct span oid)
{
	static const struct {
		struct span oid;
		enum spnego_mechanism mechanism;
	} rows[] = {
		{ SPAN_LIT("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"), SPNEGO_KERBEROS },
		{ SPAN_LIT("\x2a\x86\x48\x82\xf7\x12\x01\x02\x02"), SPNEGO_MS_KERBEROS },
		{ SPAN_LIT("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"), SPNEGO_NTLM },
		{ SPAN_LIT("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e"), SPNEGO_NEGOEX },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_eq(oid, rows[i].oid))
			return rows[i].mechanism;
	return SPNEGO_OTHER;
}

static void note_mechanism(struct auth_token *token, struct span oid)
{
	if (oid.len)
		token->mechanisms |= 1u << mechanism_of(oid);
}

/* RFC 4178 section 4.2.1: mechTypes [0], mechToken [2]. */
static struct span open_init(struct span body, struct auth_token *token)
{
	struct span sequence = der_enter(body, DER_SEQUENCE);
	struct span mechanisms = der_enter(der_find(sequence, DER_CONTEXT), DER_SEQUENCE);
	struct der one;

	token->spnego = true;
	for (int i = 0; i < MECHANISMS_MAX && mechanisms.len && der_next(&mechanisms, &one); i++)
		if (one.tag == DER_OID && !one.cut)
			note_mechanism(token, one.body);
	return der_enter(der_find(sequence, DER_CONTEXT + 2), DER_OCTETS);
}

/* RFC 4178 section 4.2.2: negState [0], supportedMech [1], responseToken [2]. */
static struct span open_resp(struct span body, struct auth_token *token)
{
	static const enum spnego_state states[] = { SPNEGO_COMPLETED, SPNEGO_INCOMPLETE, SPNEGO_REJECT,
		                                    SPNEGO_REQUEST_MIC };
	struct span sequence = der_enter(body, DER_SEQUENCE);
	int64_t state;

	token->spnego = true;
	if (der_number(sequence, 0, DER_ENUMERATED, &state) && state >= 0 && state < 4)
		token->state = states[state];
	note_mechanism(token, der_enter(der_find(sequence, DER_CONTEXT + 1), DER_OID));
	return der_enter(der_find(sequence, DER_CONTEXT + 2), DER_OCTETS);
}

/* RFC 2743 section 3.1: an OID, then what that mechanism says; Kerberos puts two bytes before it (RFC 4121
 * section 4.1). */
static struct span open_gss(struct span body)
{
	struct der oid;
	struct reader r;

	if (!der_next(&body, &oid) || oid.tag != DER_OID)
		return (struct span){ NULL, 0 };
	if (span_eq(oid.body, spnego_oid) || ntlm_is(body))
		return body;
	r = reader_on(body);
	if (reader_be16(&r) && body.at[1] == 0 && body.at[0] <= 3)
		return r.left;
	return body;
}

/* From a shell to what is inside; false: it is none. */
static bool open_shell(struct span *bytes, struct auth_token *token)
{
	struct span rest = *bytes;
	struct der shell;

	if (!der_next(&rest, &shell))
		return false;
	switch (shell.tag) {
	case DER_APPLICATION: *bytes = open_gss(shell.body); return true;
	case NEG_TOKEN_INIT:  *bytes = open_init(shell.body, token); return true;
	case NEG_TOKEN_RESP:  *bytes = open_resp(shell.body, token); return true;
	default:              return false;
	}
}

void spnego_open(struct span bytes, struct auth_token *token, struct arena *arena)
{
	*token = (struct auth_token){ .ntlm.timestamp = MOMENT_NONE, .kerberos.server_time = MOMENT_NONE };
	for (int depth = 0; bytes.len && depth < SHELLS_MAX; depth++) {
		if (ntlm_read(bytes, &token->ntlm, arena) || kerberos_read(bytes, &token->kerberos, arena))
			return;
		if (!open_shell(&bytes, token))
			break;
	}
	/* SPNEGO that only lists mechanisms or tells a state is whole without more. */
	token->unreadable = bytes.len || !(token->mechanisms || token->state);
}
