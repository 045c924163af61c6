/* facts/inspectors.c - products that open TLS on its way. */
#include "facts/inspectors.h"

#include "base/tongue.h"

#define PRODUCTS(X)                                                     \
	X("Zscaler", "Zscaler")                                         \
	X("Blue Coat", "Blue Coat ProxySG")                             \
	X("BlueCoat", "Blue Coat ProxySG")                              \
	X("ProxySG", "Blue Coat ProxySG")                               \
	X("Fortinet", "Fortinet FortiGate")                             \
	X("FortiGate", "Fortinet FortiGate")                            \
	X("Sophos", "Sophos")                                           \
	X("Palo Alto", "Palo Alto Networks")                            \
	X("Check Point", "Check Point")                                 \
	X("Cisco Umbrella", "Cisco Umbrella")                           \
	X("Cisco Secure Web", "Cisco Secure Web Appliance")             \
	X("IronPort", "Cisco Web Security Appliance")                   \
	X("McAfee", "McAfee Web Gateway")                               \
	X("Skyhigh", "Skyhigh Web Gateway")                             \
	X("Forcepoint", "Forcepoint")                                   \
	X("Websense", "Websense")                                       \
	X("Netskope", "Netskope")                                       \
	X("goskope", "Netskope")                                        \
	X("Cloudflare Gateway", "Cloudflare Gateway")                   \
	X("Gateway CA - Cloudflare", "Cloudflare Gateway")              \
	X("Barracuda", "Barracuda")                                     \
	X("WatchGuard", "WatchGuard")                                   \
	X("Fireware", "WatchGuard")                                     \
	X("SonicWALL", "SonicWall")                                     \
	X("DPI-SSL", "SonicWall")                                       \
	X("Smoothwall", "Smoothwall")                                   \
	X("iboss", "iboss")                                             \
	X("ContentKeeper", "ContentKeeper")                             \
	X("Untangle", "Untangle")                                       \
	X("Trend Micro", "Trend Micro")                                 \
	X("InterScan", "Trend Micro InterScan")                         \
	X("Clearswift", "Clearswift")                                   \
	X("Squid", "Squid")                                             \
	X("mitmproxy", "mitmproxy")                                     \
	X("DO_NOT_TRUST_Fiddler", "Fiddler")                            \
	X("Charles Proxy", "Charles")                                   \
	X("PortSwigger", "Burp")                                        \
	X("Kaspersky", "Kaspersky")                                     \
	X("Bitdefender", "Bitdefender")                                 \
	X("ESET SSL Filter", "ESET")                                    \
	X("avast! Web/Mail Shield", "Avast")                            \
	X("Avast Web/Mail Shield", "Avast")                             \
	X("AVG Web/Mail Shield", "AVG")                                 \
	X("Norton Web/Mail Shield", "Norton")                           \
	X("Dr.Web", "Dr.Web")                                           \
	X("AdGuard", "AdGuard")                                         \
	X("NetFilterSDK", N_("a filter made with NetFilter SDK"))           \
	X("SSL Inspection", N_("an inspecting device"))                     \
	X("SSL Interception", N_("an inspecting device"))                   \
	X("TLS Inspection", N_("an inspecting device"))                     \
	X("Decryption CA", N_("an inspecting device"))

const struct inspector inspectors[] = {
#define X(words, product) { SPAN_LIT(words), product },
	PRODUCTS(X)
#undef X
};
const size_t inspector_count = sizeof inspectors / sizeof *inspectors;

size_t inspector_at(struct span text)
{
	for (size_t i = 0; i < inspector_count; i++)
		if (span_istarts(text, inspectors[i].words))
			return inspectors[i].words.len;
	return 0;
}
