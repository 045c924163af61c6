/* analyzers/certfault.c - dates, names, chains and strength of one certificate, and the client's word. */
#include "analyzers/certfault.h"

#include <stdio.h>

#include "analyzers/certtext.h"
#include "analyzers/tlsstory.h"
#include "base/tongue.h"

enum { RSA_BITS_MIN = 2048, EC_BITS_MIN = 224, ENDING_DAYS = 30, REASON_TEXT = 240 };

#define DAY            (24 * 3600 * MOMENT_S)

/* What was usual in its day is not weak: authorities gave up keys below 2048 bits at the end of 2013
 * (CA/Browser Forum, Baseline Requirements appendix A), Windows SHA-1 in May 2017. */
#define SHORT_KEYS_END (INT64_C(1388534400) * MOMENT_S)
#define SHA1_END       (INT64_C(1493596800) * MOMENT_S)

static int64_t when(const struct cert_view *v)
{
	return v->session->first_time;
}

/* ---- dates and names ---- */

static bool is_expired(const struct cert_view *v)
{
	return v->leaf->not_after != MOMENT_NONE && when(v) > v->leaf->not_after;
}

static bool is_not_yet(const struct cert_view *v)
{
	return v->leaf->not_before != MOMENT_NONE && when(v) < v->leaf->not_before;
}

static bool is_ending(const struct cert_view *v)
{
	const struct certificate *c = v->leaf;

	return v->update_point && c->not_after != MOMENT_NONE && c->not_before != MOMENT_NONE &&
	       !is_expired(v) && !is_not_yet(v) &&
	       c->not_after - when(v) < ENDING_DAYS * DAY;
}

static bool is_other_name(const struct cert_view *v)
{
	struct addr addr;

	if (!v->asked.len)
		return false;
	if (addr_parse(v->asked, &addr))
		return certificate_covers_addr(v->leaf, &addr) == NAME_NOT_COVERED;
	return certificate_covers(v->leaf, v->asked) == NAME_NOT_COVERED;
}

/* ---- strength ---- */

static bool is_short(const struct certificate *c)
{
	if (!c->key_bits)
		return false;
	switch (c->key) {
	case KEY_RSA:
	case KEY_DSA: return c->key_bits < RSA_BITS_MIN;
	case KEY_EC: return c->key_bits < EC_BITS_MIN;
	case KEY_OTHER:
	case KEY_ED25519: break;
	}
	return false;
}

static bool is_old_digest(enum signature_digest d)
{
	return d == SIGNATURE_MD2 || d == SIGNATURE_MD5 || d == SIGNATURE_SHA1;
}

/* The first certificate whose signature counts and is old; a root's counts for nothing.  NULL: none. */
static const struct certificate *old_signature(const struct cert_view *v)
{
	const struct tls_chain *chain = &v->session->certificates;

	for (unsigned i = 0; i < chain->count && i < TLS_CHAIN_KEPT; i++) {
		const struct certificate *c = chain->list[i];

		if (c && c->readable && !c->self_issued && is_old_digest(c->digest))
			return c;
	}
	return NULL;
}

static bool is_weak(const struct cert_view *v)
{
	if (v->microsoft)
		return false;
	return (is_short(v->leaf) && when(v) >= SHORT_KEYS_END) ||
	       (old_signature(v) && when(v) >= SHA1_END) || v->leaf->usage == USAGE_OTHER;
}

/* ---- chains ---- */

enum chain_shape { CHAIN_SELF_ISSUED, CHAIN_ALONE, CHAIN_BROKEN, CHAIN_WHOLE };

static enum chain_shape shape_of(const struct cert_view *v)
{
	const struct tls_chain *chain = &v->session->certificates;

	if (v->leaf->self_issued)
		return CHAIN_SELF_ISSUED;
	if (chain->count == 1)
		return CHAIN_ALONE;
	for (unsigned i = 1; i < chain->count && i < TLS_CHAIN_KEPT; i++)
		if (chain->list[i]->readable && span_eq(chain->list[i]->subject_der, v->leaf->issuer_der))
			return CHAIN_WHOLE;
	return CHAIN_BROKEN;
}

/* A client that leaves without a word may have any reason; one that is asked to trust a stranger has one. */
static bool is_untrusted(const struct cert_view *v, unsigned others)
{
	bool doubted = v->leaf && shape_of(v) != CHAIN_WHOLE;

	switch (v->verdict) {
	case VERDICT_REFUSED:
		if (v->alert->description == ALERT_UNKNOWN_CA ||
		    v->alert->description == ALERT_CERTIFICATE_REVOKED)
			return true;
		return !others && v->alert->description != ALERT_CERTIFICATE_EXPIRED;
	case VERDICT_LEFT:
	case VERDICT_LEFT_LATE: return !v->explained && !others && doubted;
	case VERDICT_NONE: break;
	}
	return false;
}

unsigned cert_faults(const struct cert_view *v)
{
	unsigned faults = 0;
	bool said_expired =
		v->verdict == VERDICT_REFUSED && v->alert->description == ALERT_CERTIFICATE_EXPIRED;

	if (v->leaf) {
		faults |= is_expired(v) ? 1u << FAULT_EXPIRED : 0;
		faults |= is_not_yet(v) ? 1u << FAULT_NOT_YET : 0;
		faults |= is_other_name(v) ? 1u << FAULT_NAME : 0;
	}
	if (said_expired && !(faults & (1u << FAULT_EXPIRED | 1u << FAULT_NOT_YET)))
		faults |= 1u << FAULT_CLOCK;
	if (v->leaf && is_weak(v))
		faults |= 1u << FAULT_WEAK;
	if (is_untrusted(v, faults))
		faults |= 1u << FAULT_UNTRUSTED;
	if (v->leaf && is_ending(v))
		faults |= 1u << FAULT_ENDING;
	return faults;
}

/* ---- words ---- */

/* Days of the calendar between two moments: who reads a date counts those. */
static long days_between(int64_t from, int64_t to)
{
	return (long)(to / DAY - from / DAY);
}

/* Of TLS 1.3 nobody sees it without keys; else the capture lacks it, or it cannot be read. */
static const char *why_unseen(const struct cert_view *v)
{
	bool hidden = v->session->version == TLS_1_3;

	return hidden ? _("which TLS 1.3 hides here") : _("which the capture does not show");
}

enum { DATE_TEXT = CERT_DAY_TEXT + CLOCK_TEXT + 1 };

/* The day; where another is the same, with the time of that day. */
static const char *date_text(int64_t moment, int64_t other, char text[static DATE_TEXT])
{
	char day[CERT_DAY_TEXT] = "?", others[CERT_DAY_TEXT] = "?", clock[CLOCK_TEXT];
	bool same;

	cert_day(moment, day);
	cert_day(other, others);
	same = !strcmp(day, others);
	snprintf(text, DATE_TEXT, "%s%s%s", day, same ? " " : "", same ? moment_clock(moment, clock) : "");
	return text;
}

static enum confidence date_words(const struct cert_view *v, enum cert_fault fault,
                                  char cause[static CAUSE_TEXT])
{
	const struct certificate *c = v->leaf;
	char name[CERT_NAME_TEXT], from[CERT_DAY_TEXT] = "?", until[CERT_DAY_TEXT] = "?";
	char limit[DATE_TEXT], now[DATE_TEXT];
	long left;

	if (!c) {
		tongue_say(cause, CAUSE_TEXT,
		         "The client refuses the server's certificate, %s, as out of date.", why_unseen(v));
		return CONFIDENCE_PROBABLE;
	}
	cert_name(c, name);
	cert_day(c->not_before, from);
	cert_day(c->not_after, until);
	left = days_between(when(v), c->not_after);
	if (fault == FAULT_EXPIRED)
		tongue_say(cause, CAUSE_TEXT,
		         "The server's certificate, %s, ended on %s, and this connection is of %s.", name,
		         date_text(c->not_after, when(v), limit), date_text(when(v), c->not_after, now));
	else if (fault == FAULT_NOT_YET)
		tongue_say(cause, CAUSE_TEXT,
		         "The server's certificate, %s, is valid from %s on, and this connection is of %s: "
		         "it was made with a wrong clock, or the capture's clock is wrong.",
		         name, date_text(c->not_before, when(v), limit),
		         date_text(when(v), c->not_before, now));
	else if (fault == FAULT_ENDING)
		tongue_say(cause, CAUSE_TEXT,
			   tongue_many("The server's certificate, %s, ends on %s, in %ld day.",
				       "The server's certificate, %s, ends on %s, in %ld days.",
				       (uint64_t)left),
			   name, until, left);
	else
		tongue_say(cause, CAUSE_TEXT,
		         "The client refuses the server's certificate, %s, as out of date, though its dates "
		         "(%s to %s) fit the capture: the client's clock is wrong, or an authority's "
		         "certificate above it ran out.",
		         name, from, until);
	return fault == FAULT_CLOCK ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN;
}

static enum confidence name_words(const struct cert_view *v, char cause[static CAUSE_TEXT])
{
	char asked[CERT_NAME_TEXT], names[CERT_LIST_TEXT];

	tongue_say(cause, CAUSE_TEXT, "The client asks for %s%s, and the server's certificate is for %s.",
	         cert_text(v->asked, asked, sizeof asked), v->asked_by_option ? _(" (as --sup says)") : "",
	         cert_names(v->leaf, names));
	return v->asked_by_option ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN;
}

static void how_it_left(const struct cert_view *v, char text[static REASON_TEXT])
{
	if (v->verdict == VERDICT_REFUSED)
		tongue_say(text, REASON_TEXT, "refuses it (alert %u, %s)", v->alert->description,
		         tls_alert_name(v->alert->description));
	else if (v->verdict == VERDICT_LEFT)
		tongue_say(text, REASON_TEXT, "leaves as soon as it has seen it");
	else
		tongue_say(text, REASON_TEXT,
		         "leaves after the handshake without asking for anything, as programs "
		         "do that check it themselves");
}

static enum confidence untrusted_words(const struct cert_view *v, char cause[static CAUSE_TEXT])
{
	bool told = v->verdict == VERDICT_REFUSED;
	char name[CERT_NAME_TEXT], issuer[CERT_NAME_TEXT], how[REASON_TEXT];
	enum chain_shape shape = v->leaf ? shape_of(v) : CHAIN_WHOLE;

	how_it_left(v, how);
	if (v->leaf) {
		cert_name(v->leaf, name);
		cert_issuer(v->leaf, issuer);
	}
	if (told && v->alert->description == ALERT_CERTIFICATE_REVOKED)
		tongue_say(cause, CAUSE_TEXT,
		         "The client says that the server's certificate has been revoked (alert 44).");
	else if (!v->leaf)
		tongue_say(cause, CAUSE_TEXT,
		         "The client does not accept the server's certificate, %s, and %s.", why_unseen(v),
		         how);
	else if (shape == CHAIN_SELF_ISSUED)
		tongue_say(cause, CAUSE_TEXT,
		         "The server's certificate, %s, is signed by itself, and the client %s.", name,
		         how);
	else if (shape == CHAIN_WHOLE)
		tongue_say(cause, CAUSE_TEXT,
		         "The client does not trust %s, which issued the server's certificate, "
		         "%s: it %s.",
		         issuer, name, how);
	else
		tongue_say(
			cause, CAUSE_TEXT,
			shape == CHAIN_ALONE
				? N_("The server sends its certificate, %s, without that of its "
				     "issuer, %s, and "
				     "the client %s: the server lacks the intermediate, or the client "
				     "does not "
				     "know the issuer.")
				: N_("The server sends its certificate, %s, with others, but not that of its "
				     "issuer, %s, and the client %s: the server lacks the "
				     "intermediate, or the "
				     "client does not know the issuer."),
			name, issuer, how);
	if (told && v->alert->description != ALERT_UNKNOWN_CA)
		return v->alert->description == ALERT_CERTIFICATE_REVOKED ? CONFIDENCE_CERTAIN
		                                                          : CONFIDENCE_PROBABLE;
	if (told)
		return shape == CHAIN_WHOLE ? CONFIDENCE_PROBABLE : CONFIDENCE_CERTAIN;
	return shape == CHAIN_SELF_ISSUED ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE;
}

static enum confidence weak_words(const struct cert_view *v, char cause[static CAUSE_TEXT])
{
	const struct certificate *c = v->leaf, *old = when(v) >= SHA1_END ? old_signature(v) : NULL;
	bool is_long = !is_short(c) || when(v) < SHORT_KEYS_END;
	char name[CERT_NAME_TEXT], signed_one[CERT_NAME_TEXT];
	size_t len;

	len = tongue_say(cause, CAUSE_TEXT,
	                       "The server's certificate, %s, is weak:", cert_name(c, name));
	if (!is_long)
		/* TRANSLATORS: this and the next end with ";"; the last of them becomes a full stop. */
		len += tongue_say(cause + len, CAUSE_TEXT - len, " its key is %s of %u bits;",
		                        key_type_name(c->key), c->key_bits);
	if (old)
		len += tongue_say(cause + len, CAUSE_TEXT - len, " %s%s is signed with %s;",
		                        old == c ? _("it") : _("the authority "),
		                        old == c ? "" : cert_name(old, signed_one),
		                        signature_digest_name(old->digest));
	if (c->usage == USAGE_OTHER)
		len += tongue_say(cause + len, CAUSE_TEXT - len,
		                        " its usages do not name Server Authentication;");
	if (cause[len - 1] == ';')
		cause[len - 1] = '.';
	return CONFIDENCE_CERTAIN;
}

enum confidence cert_fault_words(const struct cert_view *v, enum cert_fault fault,
                                 char cause[static CAUSE_TEXT])
{
	switch (fault) {
	case FAULT_EXPIRED:
	case FAULT_NOT_YET:
	case FAULT_ENDING:
	case FAULT_CLOCK: return date_words(v, fault, cause);
	case FAULT_NAME: return name_words(v, cause);
	case FAULT_UNTRUSTED: return untrusted_words(v, cause);
	case FAULT_WEAK:
	case FAULT_COUNT: break;
	}
	return weak_words(v, cause);
}
