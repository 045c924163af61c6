/* facts/wsus.c - tables of the update path. */
#include "facts/wsus.h"

#include "base/host.h"

static const struct place {
	struct span prefix;
	bool anonymous, plain;
} places[] = {
#define X(symbol, prefix, anonymous, plain) [WSUS_##symbol] = { SPAN_LIT(prefix), anonymous, plain },
	WSUS_PLACES(X)
#undef X
};

static const struct span agents[] = {
	SPAN_LIT("Windows-Update-Agent"),
	SPAN_LIT("Microsoft BITS/"),
	SPAN_LIT("Microsoft-Delivery-Optimization"),
	SPAN_LIT("ConfigMgr Messaging"),
	SPAN_LIT("SMS CCM"),
	SPAN_LIT("ccmhttp"),
	SPAN_LIT("CCM"),
	SPAN_LIT("Industry Update Control"),
};

static const struct span microsoft[] = {
	SPAN_LIT(".windowsupdate.microsoft.com"), SPAN_LIT(".update.microsoft.com"),
	SPAN_LIT(".windowsupdate.com"),           SPAN_LIT(".delivery.mp.microsoft.com"),
	SPAN_LIT(".download.microsoft.com"),      SPAN_LIT(".ntservicepack.microsoft.com"),
};

/* Every prefix has its "/"; the letter behind it tells most apart. */
static bool is_below(struct span path, struct span prefix, bool whole)
{
	if (path.len < prefix.len || (path.at[1] ^ prefix.at[1]) & ~0x20)
		return false;
	return span_istarts(path, prefix) && (!whole || path.len == prefix.len || path.at[prefix.len] == '/');
}

/* A distribution point has further doors to the same files: for clients without a certificate, and for those
 * that log in by a token. */
static bool is_other_door(struct span path)
{
	static const struct span doors[] = {
		SPAN_LIT("/NOCERT_SMS_DP_SMSPKG$"), SPAN_LIT("/CCMTOKENAUTH_SMS_DP_SMSPKG$"),
	};

	return is_below(path, doors[0], false) || is_below(path, doors[1], false);
}

enum wsus_place wsus_place(struct span path)
{
	/* ConfigMgr's prefixes go on ("/ccm_system_windowsauth"); a WSUS directory is a whole name. */
	for (size_t i = 0; i < WSUS_PLACE_COUNT; i++)
		if (is_below(path, places[i].prefix, i < WSUS_CCM))
			return (enum wsus_place)i;
	return is_other_door(path) ? WSUS_SMS_DP : WSUS_NOWHERE;
}

const char *wsus_place_prefix(enum wsus_place place)
{
	return place == WSUS_NOWHERE ? "" : (const char *)places[place].prefix.at;
}

bool wsus_place_is_anonymous(enum wsus_place place)
{
	return place != WSUS_NOWHERE && places[place].anonymous;
}

bool wsus_place_is_plain(enum wsus_place place)
{
	return place != WSUS_NOWHERE && places[place].plain;
}

bool wsus_place_is_soap(enum wsus_place place)
{
	return place <= WSUS_API;
}

bool wsus_place_is_update(enum wsus_place place)
{
	return place <= WSUS_INVENTORY;
}

bool wsus_configmgr_refuses(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	return (place == WSUS_CCM || place == WSUS_SMS_MP || place == WSUS_SMS_DP) &&
	       (x->status == 401 || x->status == 403 || x->status == 404);
}

struct span wsus_action_method(struct span action)
{
	action = span_trim(action);
	if (action.len >= 2 && action.at[0] == '"' && action.at[action.len - 1] == '"')
		action = span_of(action.at + 1, action.len - 2);
	for (size_t i = action.len; i > 0; i--)
		if (action.at[i - 1] == '/')
			return span_skip(action, i);
	return action;
}

struct span wsus_method(const struct exchange *x)
{
	struct span action = http_header(&x->request, SPAN("SOAPAction"));
	struct span type = http_header(&x->request, SPAN("Content-Type"));

	if (action.at)
		return wsus_action_method(action);
	span_split(&type, ';');
	while (type.len) {
		struct span parameter = span_trim(span_split(&type, ';'));

		if (span_istarts(parameter, SPAN("action=")))
			return wsus_action_method(span_skip(parameter, 7));
	}
	return (struct span){ NULL, 0 };
}

bool wsus_user_agent(struct span agent)
{
	for (size_t i = 0; i < sizeof agents / sizeof *agents; i++)
		if (span_istarts(agent, agents[i]))
			return true;
	return span_ifind(agent, SPAN("MS Web Services Client Protocol")) != SIZE_MAX;
}

bool wsus_user_agent_self_updates(struct span agent)
{
	return span_ieq(agent, SPAN("Windows-Update-Agent")) ||
	       span_istarts(agent, SPAN("Windows-Update-Agent/7.")) ||
	       span_istarts(agent, SPAN("Industry Update Control"));
}

bool wsus_microsoft_host(struct span host)
{
	host = host_name(host);
	if (!span_iends(host, SPAN(".com")))    /* as all of them */
		return false;
	for (size_t i = 0; i < sizeof microsoft / sizeof *microsoft; i++)
		if (span_iends(host, microsoft[i]) || span_ieq(host, span_skip(microsoft[i], 1)))
			return true;
	return false;
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool wsus_likely_name(struct span host)
{
	struct span name = host_name(host);
	size_t at = span_ifind(name, SPAN("sup"));

	if (span_ifind(name, SPAN("wsus")) != SIZE_MAX)
		return true;
	/* "sup" only as a word: not in "support" or "supply". */
	return at != SIZE_MAX && (!at || !is_letter(name.at[at - 1])) &&
	       (at + 3 == name.len || !is_letter(name.at[at + 3]));
}

bool wsus_port(uint16_t port)
{
	return port == 8530 || port == 8531;
}

bool wsus_tls_port(uint16_t port)
{
	return port == 443 || port == 8531;
}
