/* tests/test_suspicious.c - forged servers and attacks, each beside a twin that is only odd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_suspicious, analyzer_cleartext;

#define SHA1  "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define OTHER "567DDB39583F2FCD7F74DC46D2DA0ACAB5186833"
#define CAB   "http://wsus01:8530/Content/3E/" SHA1 ".cab"
#define TO    "192.0.2.50 > 198.51.100.1:8530 #1 CALL "
#define AGENT " | Host: wsus01:8530 | User-Agent: Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.33"
#define IIS   " => 200 OK | Server: Microsoft-IIS/10.0 | X-Powered-By: ASP.NET"
#define BARE  " => 200 OK | Server: SimpleHTTP/0.6"
#define FINDING(confidence) "suspicious-update-server warning " confidence " 1"
#define WORD10  "aaaaaaaaaa"
#define WORD100 WORD10 WORD10 WORD10 WORD10 WORD10 WORD10 WORD10 WORD10 WORD10 WORD10
#define COOKIE  WORD100 WORD100 WORD100 WORD100
#define SERVICE "SimpleAuthWebService/SimpleAuth.asmx"
#define AT(url) " | location sha1=" SHA1 " url=" url "\n"
#define ISSUED  "GetAuthorizationCookie" AGENT IIS " | values plugin=SimpleTargeting authorization_cookie="
#define ASKS    "#3 CALL GetCookie | Host: wsus01:8530 | User-Agent: python-requests/2.31"
#define WITH    " | values authorization_cookie="
#define STRANGER "192.0.2.66 > 198.51.100.1:8530 "
#define LONG    COOKIE COOKIE COOKIE COOKIE COOKIE COOKIE

/* What GoSecure's pywsus and WSuspicious answer. */
static const struct judged servers[] = {
	{ "as WSUS answers",
	  TO "GetConfig" AGENT IIS " | values plugin=SimpleTargeting plugin_url=" SERVICE "\n"
	  TO ISSUED COOKIE "\n" TO "GetExtendedUpdateInfo" AGENT IIS AT(CAB), "", NULL },
	{ "cookies of another plug-in, no service, a bulletin of another century",
	  TO "GetConfig" AGENT BARE " | values plugin=SimpleTargeting plugin_url=\"\"\n"
	  TO "GetAuthorizationCookie" AGENT BARE " | values plugin=prod authorization_cookie=" WORD10 "\n"
	  TO "GetExtendedUpdateInfo" AGENT BARE " | update bulletin=MS42-007 revision=204\n",
	  FINDING("probable"), "wsus01:8530 answers as a forged update server would: it offers an" },
	{ "a proxy that slips an update in",
	  TO "SyncUpdates" AGENT IIS " | values new_updates=1 | update revision=204\n"
	  TO "GetExtendedUpdateInfo" AGENT IIS " | update arguments=\"/accepteula /s cmd /c whoami\""
	  AT("http://203.0.113.66/PsExec64.exe"),
	  FINDING("possible"), "a command of a shell; it has files on a machine" },
	{ "an update of a third party, alone in a delta scan",
	  TO "SyncUpdates" AGENT IIS " | values new_updates=1 | update revision=204\n"
	  TO "GetExtendedUpdateInfo" AGENT IIS " | update arguments=\"/quiet /norestart\" bulletin=MS17-010"
	  AT(CAB), "", NULL },
	{ "answers that IIS signed until now",
	  TO "GetConfig" AGENT IIS " | values plugin=SimpleTargeting plugin_url=" SERVICE "\n"
	  TO "GetAuthorizationCookie" AGENT BARE " | values plugin=prod authorization_cookie=" COOKIE "\n",
	  FINDING("possible"), "a plug-in that WSUS has not; its answers were signed" },
	{ "files that stay at Microsoft",
	  TO "GetExtendedUpdateInfo" AGENT IIS AT("http://download.windowsupdate.com/d/x_" SHA1 ".cab"), "",
	  NULL },
	{ "a server behind two names",
	  TO "GetExtendedUpdateInfo" AGENT IIS AT("http://wsus01.corp.example/Content/3E/" SHA1 ".cab"), "",
	  NULL },
	{ "an address of another digest is two signs, with the plug-in three",
	  TO "GetConfig" AGENT IIS " | values plugin=Other plugin_url=" SERVICE "\n"
	  TO "GetExtendedUpdateInfo" AGENT IIS AT("http://wsus01:8530/Content/33/" OTHER ".cab"),
	  FINDING("possible"), "not SimpleTargeting; it has files at addresses that are not" },
	{ "Microsoft's own",
	  "192.0.2.50 > 20.0.0.1:443 #1 CALL GetConfig | Host: fe2.update.microsoft.com | tls" BARE
	  " | values plugin=WindowsUpdate plugin_url=\"\"\n", "", NULL },
};

static const struct judged requests[] = {
	{ "a client's cookie", TO "GetCookie" AGENT WITH COOKIE IIS "\n", "", NULL },
	{ "a cookie of six times that, by a script",
	  STRANGER ASKS WITH LONG " => 500 Internal Server Error | fault ServerBusy\n",
	  FINDING("possible"), "(CVE-2025-59287): a cookie far longer than any that WSUS issues; a caller" },
	{ "the same, where the server was seen to issue shorter ones",
	  TO ISSUED COOKIE "\n" STRANGER ASKS WITH LONG " => 500 Internal Server Error\n",
	  FINDING("probable"), "192.0.2.66 > 198.51.100.1:8530" },
	{ "a script that asks as clients do",
	  STRANGER ASKS WITH COOKIE IIS "\n", "", NULL },
	{ "and from outside", "203.0.113.9 > 192.168.1.10:8530 " ASKS WITH COOKIE IIS "\n",
	  FINDING("possible"), "from outside" },
	{ "a downstream server's cookie of that length, from outside",
	  "203.0.113.9 > 192.168.1.10:8530 #1 CALL ServerSync/GetCookie | Host: w | User-Agent: Mozilla/4.0 "
	  "(compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.1)" WITH LONG IIS "\n",
	  FINDING("possible"), "from outside" },
	{ "an agent from outside",
	  "203.0.113.9 > 192.168.1.10:8530 #1 CALL GetCookie" AGENT WITH COOKIE IIS "\n", "", NULL },
};

static const struct judged clear[] = {
	{ "metadata in the clear, of two clients",
	  TO "SyncUpdates" AGENT IIS "\n192.0.2.51 > 198.51.100.1:8530 #2 CALL SyncUpdates" AGENT IIS "\n",
	  "clear-text-update info certain 1", "- > 198.51.100.1:8530" },
	{ "in TLS", TO "SyncUpdates" AGENT " | tls" IIS "\n", "", NULL },
	{ "refused", TO "SyncUpdates" AGENT " => 500 Internal Server Error\n", "", NULL },
	{ "no metadata", TO "GetConfig" AGENT IIS "\n", "", NULL },
};

static const struct analyzer *const suspicious[] = { &analyzer_suspicious };
static const struct analyzer *const cleartext[] = { &analyzer_cleartext };

static void forged_servers(void **state)
{
	(void)state;
	judge_rows(suspicious, 1, servers, sizeof servers / sizeof *servers);
}

static void attacks(void **state)
{
	(void)state;
	judge_rows(suspicious, 1, requests, sizeof requests / sizeof *requests);
}

static void clear_text(void **state)
{
	(void)state;
	judge_rows(cleartext, 1, clear, sizeof clear / sizeof *clear);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(forged_servers),
		cmocka_unit_test(attacks),
		cmocka_unit_test(clear_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
