/* facts/credentials.c - the words of login tokens. */
#include "facts/credentials.h"

const char *spnego_mechanism_name(enum spnego_mechanism m)
{
#define X(symbol, name) [SPNEGO_##symbol] = name,
	static const char *const names[] = { SPNEGO_MECHANISMS(X) };
#undef X
	return names[m];
}

const char *spnego_state_name(enum spnego_state s)
{
#define X(symbol, name) [SPNEGO_##symbol] = name,
	static const char *const names[] = { SPNEGO_STATES(X) };
#undef X
	return names[s];
}

const char *kerberos_kind_name(enum kerberos_kind k)
{
	switch (k) {
#define X(symbol, value, name) case KERBEROS_##symbol: return name;
		KERBEROS_MESSAGES(X)
#undef X
	}
	return "none";
}

const char *kerberos_etype_name(int etype)
{
	/* IANA, "Kerberos Encryption Type Numbers". */
	static const struct {
		int etype;
		const char *name;
	} rows[] = {
		{ 1, "DES-CBC-CRC" },   { 2, "DES-CBC-MD4" },     { 3, "DES-CBC-MD5" },
		{ 5, "DES3-CBC-MD5" },  { 7, "DES3-CBC-SHA1" },   { 16, "DES3-CBC-SHA1-KD" },
		{ 17, "AES128-SHA1" },  { 18, "AES256-SHA1" },    { 19, "AES128-SHA256" },
		{ 20, "AES256-SHA384" }, { 23, "RC4-HMAC" },      { 24, "RC4-HMAC-EXP" },
		{ 25, "CAMELLIA128" },  { 26, "CAMELLIA256" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].etype == etype)
			return rows[i].name;
	return "unknown";
}

const char *kerberos_error_name(unsigned error)
{
	/* RFC 4120 section 7.5.9: what a server may answer to a ticket, and what it may pass on. */
	static const struct {
		unsigned error;
		const char *name;
	} rows[] = {
		{ 6, "KDC_ERR_C_PRINCIPAL_UNKNOWN" }, { 7, "KDC_ERR_S_PRINCIPAL_UNKNOWN" },
		{ 8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE" }, { 9, "KDC_ERR_NULL_KEY" },
		{ 12, "KDC_ERR_POLICY" }, { 13, "KDC_ERR_BADOPTION" }, { 14, "KDC_ERR_ETYPE_NOSUPP" },
		{ 18, "KDC_ERR_CLIENT_REVOKED" }, { 19, "KDC_ERR_SERVICE_REVOKED" },
		{ 20, "KDC_ERR_TGT_REVOKED" }, { 24, "KDC_ERR_PREAUTH_FAILED" },
		{ 31, "KRB_AP_ERR_BAD_INTEGRITY" }, { 32, "KRB_AP_ERR_TKT_EXPIRED" },
		{ 33, "KRB_AP_ERR_TKT_NYV" }, { 34, "KRB_AP_ERR_REPEAT" }, { 35, "KRB_AP_ERR_NOT_US" },
		{ 36, "KRB_AP_ERR_BADMATCH" }, { 37, "KRB_AP_ERR_SKEW" }, { 38, "KRB_AP_ERR_BADADDR" },
		{ 39, "KRB_AP_ERR_BADVERSION" }, { 40, "KRB_AP_ERR_MSG_TYPE" }, { 41, "KRB_AP_ERR_MODIFIED" },
		{ 42, "KRB_AP_ERR_BADORDER" }, { 44, "KRB_AP_ERR_BADKEYVER" }, { 45, "KRB_AP_ERR_NOKEY" },
		{ 46, "KRB_AP_ERR_MUT_FAIL" }, { 47, "KRB_AP_ERR_BADDIRECTION" }, { 48, "KRB_AP_ERR_METHOD" },
		{ 49, "KRB_AP_ERR_BADSEQ" }, { 50, "KRB_AP_ERR_INAPP_CKSUM" }, { 60, "KRB_ERR_GENERIC" },
		{ 67, "KRB_AP_ERR_NO_TGT" }, { 68, "KDC_ERR_WRONG_REALM" },
		{ 69, "KRB_AP_ERR_USER_TO_USER_REQUIRED" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].error == error)
			return rows[i].name;
	return "unknown";
}
