/* tests/test_soapvalues.c - what calls say, whole and cut everywhere; a million ids; lists and their ends.
 *
 * Bodies and what they mean: MS-WUSP 2.2.2, MS-WSUSSS 3.1.4.  Base64 by coreutils, times by date -u.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <expat.h>

#include "base/arena.h"
#include "decoders/soapvalues.h"
#include "facts/wsusmethods.h"

enum { ROOM = 1 << 20, TOLD_MAX = 8192 };

/* Tells elements below the outermost one, as soap.c does, texts in pieces of `step`. */
struct walk {
	struct soapvalues *values;
	unsigned depth;
	size_t step;
};

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static void opened(void *user, const char *name, const char **attributes)
{
	struct walk *w = user;

	if (w->depth++)
		soapvalues_open(w->values, local(name), (const char *const *)attributes);
}

static void closed(void *user, const char *name)
{
	struct walk *w = user;

	(void)name;
	if (--w->depth)
		soapvalues_close(w->values);
}

static void said(void *user, const char *text, int len)
{
	struct walk *w = user;
	struct span left = span_of(text, (size_t)len);

	while (left.len)
		soapvalues_text(w->values, span_take(&left, w->step));
}

static bool walk(struct soapvalues *values, const char *body, enum side side, enum wsus_method method,
                 size_t step)
{
	struct walk w = { .values = values, .step = step };
	XML_Parser parser = XML_ParserCreate("UTF-8");

	soapvalues_begin(values, side, method);
	XML_SetUserData(parser, &w);
	XML_SetElementHandler(parser, opened, closed);
	XML_SetCharacterDataHandler(parser, said);
	assert_int_equal(XML_Parse(parser, body, (int)strlen(body), 1), XML_STATUS_OK);
	XML_ParserFree(parser);
	return soapvalues_end(values);
}

static void tell_value(FILE *out, const struct wsus_value *value)
{
	char when[MOMENT_TEXT];

	fprintf(out, "%s=", wsus_field_name(value->field));
	switch (wsus_field_type(value->field)) {
	case WSUS_TEXT:
	case WSUS_PRIVATE:
		fprintf(out, "%.*s ", (int)value->text.len, (const char *)value->text.at);
		break;
	case WSUS_NUMBER:
	case WSUS_COUNT:
		fprintf(out, "%lld ", (long long)value->number);
		break;
	case WSUS_FLAG:
		fprintf(out, "%s ", value->number ? "true" : "false");
		break;
	case WSUS_TIME:
		fprintf(out, "%s ", moment_text(value->number, when));
		break;
	case WSUS_SECRET:
		assert_true(value->hash != 0);
		fprintf(out, "(%lld) ", (long long)value->number);
		break;
	}
}

static void tell_text(FILE *out, const char *name, struct span text)
{
	if (text.len)
		fprintf(out, "%s=%.*s ", name, (int)text.len, (const char *)text.at);
}

static void tell_guid(FILE *out, const char *name, const struct wsus_guid *id)
{
	char text[37];

	if (!wsus_guid_is_zero(id))
		fprintf(out, "%s=%.8s ", name, wsus_guid_text(id, text));
}

static void tell_update(FILE *out, const struct wsus_update *u)
{
	fprintf(out, "| %lld %s ", (long long)u->revision_id, u->is_leaf ? "leaf" : "node");
	tell_guid(out, "id", &u->id);
	if (u->revision)
		fprintf(out, "revision=%u ", u->revision);
	tell_text(out, "action", u->action);
	tell_text(out, "type", u->type);
	tell_text(out, "title", u->title);
	tell_text(out, "kb", u->kb);
	tell_text(out, "severity", u->severity);
	tell_text(out, "handler", u->handler);
	tell_text(out, "arguments", u->arguments);
	tell_text(out, "bulletin", u->bulletin);
}

static void tell_file(FILE *out, const char *what, const struct wsus_file *f)
{
	fprintf(out, "| %s ", what);
	if (f->has_sha1)
		fprintf(out, "%02X%02X..%02X ", f->sha1[0], f->sha1[1], f->sha1[19]);
	if (f->size >= 0)
		fprintf(out, "size=%lld ", (long long)f->size);
	if (f->revision_id)
		fprintf(out, "of=%lld ", (long long)f->revision_id);
	tell_text(out, "name", f->name);
	tell_text(out, "url", f->url);
}

static void tell_event(FILE *out, const struct wsus_event *e)
{
	char when[MOMENT_TEXT];

	fprintf(out, "| event %d source=%d hresult=%08x time=%s ", e->event, e->source, e->hresult,
	        moment_text(e->time, when));
	tell_guid(out, "update", &e->update);
	tell_guid(out, "instance", &e->instance);
	fprintf(out, "revision=%u os=%u.%u ", e->revision, e->build, e->ubr);
	tell_text(out, "target", e->target);
	tell_text(out, "app", e->app);
	tell_text(out, "first", e->text[0]);
	tell_text(out, "then", e->text[1]);
	tell_text(out, "second", e->second);
}

/* Counts of nothing are left out. */
static void tell(const struct wsus_call *call, char told[static TOLD_MAX])
{
	FILE *out = fmemopen(told, TOLD_MAX, "w");

	for (unsigned f = 0; f < WSUS_FIELD_COUNT; f++) {
		const struct wsus_value *value = wsus_value(call, f);

		if (value && (value->number || wsus_field_type(f) != WSUS_COUNT))
			tell_value(out, value);
	}
	for (size_t i = 0; i < call->update_count; i++)
		tell_update(out, &call->updates[i]);
	for (size_t i = 0; i < call->file_count; i++)
		tell_file(out, "file", &call->files[i]);
	for (size_t i = 0; i < call->location_count; i++)
		tell_file(out, "location", &call->locations[i]);
	for (size_t i = 0; i < call->event_count; i++)
		tell_event(out, &call->events[i]);
	fclose(out);
}

#define COOKIE "<Expiration>2026-03-10T10:15:01.2345678Z</Expiration><EncryptedData>"                   \
	"Ah6bhGSLhZpIdpCf6g1Vwq3i6KqZl+ARG+g6OHhiq7UUGPdbYHHgiuZKqxFs1Weu</EncryptedData>"
#define AUTHORIZATION "k9k+8Rhc73EDsSI/TYMyWaeuX3nxBmxCDXG3r+uPqGmZ4YBnwBx8UcJfRgkp7QWh"
#define PROPERTY(name, value) "<ConfigurationProperty><Name>" name "</Name><Value>" value "</Value>"    \
	"</ConfigurationProperty>"
#define URL(folder, digest) "http://wsus01.contoso.example:8530/Content/" folder "/" digest
#define FIRST_SHA1 "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define LOCATION(digest, url) "<FileLocation><FileDigest>" digest "</FileDigest><Url>" url "</Url></FileLocation>"

static const struct row {
	const char *name;
	enum wsus_method method;
	enum side side;
	const char *body;               /* the method's element */
	const char *want;
} rows[] = {
	{ "configuration is asked for", METHOD_GET_CONFIG, CLIENT,
	  "<GetConfig><protocolVersion>2.90</protocolVersion></GetConfig>", "client_protocol=2.90 " },
	{ "configuration", METHOD_GET_CONFIG, SERVER,
	  "<GetConfigResponse><GetConfigResult>\n<LastChange>2026-03-02T08:15:30.12Z</LastChange>"
	  "<IsRegistrationRequired>true</IsRegistrationRequired><AuthInfo><AuthPlugInInfo>"
	  "<PlugInID>SimpleTargeting</PlugInID><ServiceUrl>SimpleAuthWebService/SimpleAuth.asmx</ServiceUrl>"
	  "<Parameter/></AuthPlugInInfo></AuthInfo><Properties>"
	  PROPERTY("MaxExtendedUpdatesPerRequest", "50")
	  PROPERTY("PackageServerShare", "\\\\WSUS01\\UpdateServicesPackages")
	  PROPERTY("ProtocolVersion", "3.2") PROPERTY("IsInventoryRequired", "0")
	  PROPERTY("ConfigurationProperty/Name", "no such property")
	  PROPERTY("ClientReportingLevel", "2") "</Properties></GetConfigResult></GetConfigResponse>",
	  "last_change=2026-03-02T08:15:30.120000000Z registration_required=true plugins=1 "
	  "plugin=SimpleTargeting plugin_url=SimpleAuthWebService/SimpleAuth.asmx server_protocol=3.2 "
	  "package_share=\\\\WSUS01\\UpdateServicesPackages max_extended_updates=50 inventory_required=0 "
	  "reporting_level=2 " },
	{ "the first of several", METHOD_GET_CONFIG, SERVER,
	  "<GetConfigResponse><GetConfigResult><AuthInfo><AuthPlugInInfo><PlugInID> prod </PlugInID></AuthPlugInInfo>"
	  "<AuthPlugInInfo><PlugInID>SimpleTargeting</PlugInID></AuthPlugInInfo></AuthInfo></GetConfigResult>"
	  "</GetConfigResponse>",
	  "plugins=2 plugin=prod " },
	{ "authorization is asked for", METHOD_GET_AUTHORIZATION_COOKIE, CLIENT,
	  "<GetAuthorizationCookie>\n<clientId>5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f511</clientId>"
	  "<targetGroupName>Workstations;Pilot</targetGroupName><dnsName>pc-0042.corp.contoso.example</dnsName>"
	  "</GetAuthorizationCookie>",
	  "client_id=5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f511 target_group=Workstations;Pilot "
	  "dns_name=pc-0042.corp.contoso.example " },
	{ "authorization", METHOD_GET_AUTHORIZATION_COOKIE, SERVER,
	  "<GetAuthorizationCookieResponse><GetAuthorizationCookieResult><PlugInId>SimpleTargeting</PlugInId>"
	  "<CookieData>" AUTHORIZATION "</CookieData></GetAuthorizationCookieResult>"
	  "</GetAuthorizationCookieResponse>",
	  "plugin=SimpleTargeting authorization_cookie=(48) " },
	{ "a cookie is asked for", METHOD_GET_COOKIE, CLIENT,
	  "<GetCookie>\n<authCookies><AuthorizationCookie><PlugInId>SimpleTargeting</PlugInId><CookieData>"
	  AUTHORIZATION "</CookieData></AuthorizationCookie></authCookies><oldCookie>"
	  "<Expiration>2026-03-10T09:15:00Z</Expiration></oldCookie><lastChange>2026-03-02T08:15:30.12Z</lastChange>"
	  "<currentTime>2026-03-10T09:15:00Z</currentTime><protocolVersion>2.90</protocolVersion></GetCookie>",
	  "plugin=SimpleTargeting authorization_cookie=(48) "
	  "old_cookie_expiration=2026-03-10T09:15:00.000000000Z last_change=2026-03-02T08:15:30.120000000Z "
	  "client_time=2026-03-10T09:15:00.000000000Z client_protocol=2.90 " },
	{ "a cookie", METHOD_GET_COOKIE, SERVER,
	  "<GetCookieResponse><GetCookieResult>" COOKIE "</GetCookieResult></GetCookieResponse>",
	  "expiration=2026-03-10T10:15:01.234567800Z cookie=(48) " },
	{ "a time that is none", METHOD_GET_COOKIE, SERVER,
	  "<GetCookieResponse><GetCookieResult><Expiration>9999-12-31T23:59:59.9999999</Expiration><EncryptedData/>"
	  "</GetCookieResult></GetCookieResponse>", "expiration= " },
	{ "a computer", METHOD_REGISTER_COMPUTER, CLIENT,
	  "<RegisterComputer><cookie>" COOKIE "</cookie><computerInfo><DnsName>pc-0042</DnsName>"
	  "<OSMajorVersion>10</OSMajorVersion><OSMinorVersion>0</OSMinorVersion>"
	  "<OSBuildNumber>26200</OSBuildNumber><OSLocale>en-US</OSLocale>"
	  "<BiosReleaseDate>2025-05-01T00:00:00</BiosReleaseDate>"
	  "<ProcessorArchitecture>AMD64</ProcessorArchitecture><SuiteMask>-32768</SuiteMask>"
	  "<OldProductType>one</OldProductType><OSDescription>Windows 10 Pro</OSDescription><OEM/>"
	  "</computerInfo></RegisterComputer>",
	  "dns_name=pc-0042 os_major=10 os_minor=0 os_build=26200 os_locale=en-US "
	  "bios_date=2025-05-01T00:00:00.000000000Z architecture=AMD64 suite_mask=-32768 "
	  "os_description=Windows 10 Pro cookie_expiration=2026-03-10T10:15:01.234567800Z cookie=(48) " },
	{ "categories in error", METHOD_START_CATEGORY_SCAN, SERVER,
	  "<StartCategoryScanResponse><preferredCategoryIds><guid>a</guid><guid>b</guid></preferredCategoryIds>"
	  "<requestedCategoryIdsInError><guid>c</guid></requestedCategoryIdsInError></StartCategoryScanResponse>",
	  "categories_preferred=2 categories_in_error=1 category_in_error=c " },
	{ "a scan, with types of old clients", METHOD_SYNC_UPDATES, CLIENT,
	  "<SyncUpdates xmlns:e=\"urn:e\"><cookie>" COOKIE "</cookie><parameters>"
	  "<ExpressQuery>0</ExpressQuery><InstalledNonLeafUpdateIDs e:arrayType=\"int[2]\"><int>109</int>"
	  "<int>191</int></InstalledNonLeafUpdateIDs><OtherCachedUpdateIDs xsi:nil=\"1\"/>"
	  "<SystemSpec><Device><HardwareIDs><string>pci\\ven_1234&amp;dev_5678</string></HardwareIDs>"
	  "<installedDriver><MatchingID>pci</MatchingID></installedDriver></Device><Device/></SystemSpec>"
	  "<SkipSoftwareSync>1</SkipSoftwareSync><FilterCategoryIds/><ProductsParameters>"
	  "<DeviceAttributes>OSVersion=10.0.26200.1;UpdateServiceUrl=http://wsus01:8530</DeviceAttributes>"
	  "<CallerAttributes>Interactive=0;Id=&lt;&lt;PROCESS&gt;&gt;: x.exe;</CallerAttributes>"
	  "</ProductsParameters></parameters></SyncUpdates>",
	  "cookie=(48) cookie_expiration=2026-03-10T10:15:01.234567800Z express_query=false installed_ids=2 "
	  "devices=2 device_hardware_ids=1 installed_drivers=1 skip_software=true "
	  "device_attributes=OSVersion=10.0.26200.1;UpdateServiceUrl=http://wsus01:8530 "
	  "caller_attributes=Interactive=0;Id=<<PROCESS>>: x.exe; " },
	{ "updates", METHOD_SYNC_UPDATES, SERVER,
	  "<SyncUpdatesResponse><SyncUpdatesResult><NewUpdates>\n<UpdateInfo><ID>109</ID><Deployment><ID>4</ID>"
	  "<Action>Evaluate</Action></Deployment><IsLeaf>false</IsLeaf><Xml>&lt;UpdateIdentity "
	  "UpdateID=\"0b6b1f0e-3c5d-4a8e-9f21-6d1c2e7a4b01\" RevisionNumber=\"100\" /&gt;&lt;Properties "
	  "UpdateType=\"Detectoid\" /&gt;&lt;ApplicabilityRules&gt;&lt;IsInstalled&gt;&lt;b.Processor "
	  "Architecture=\"9\" /&gt;&lt;/IsInstalled&gt;&lt;/ApplicabilityRules&gt;</Xml></UpdateInfo>"
	  "<UpdateInfo><ID>392</ID><Deployment><ID>77</ID><Action>Install</Action>"
	  "<Deadline>2026-03-20T00:00:00Z</Deadline></Deployment><IsLeaf>true</IsLeaf><Xml>&lt;Relationships&gt;"
	  "&lt;Prerequisites&gt;&lt;UpdateIdentity UpdateID=\"1c7c2a1f-4d6e-4b9f-8a32-7e2d3f8b5c02\" /&gt;"
	  "&lt;/Prerequisites&gt;&lt;/Relationships&gt;&lt;UpdateIdentity "
	  "UpdateID=\"2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03\" RevisionNumber=\"200\"/&gt;</Xml></UpdateInfo>"
	  "</NewUpdates><OutOfScopeRevisionIDs><int>77</int><int>78</int></OutOfScopeRevisionIDs>"
	  "<ChangedUpdates><UpdateInfo><ID>5</ID></UpdateInfo></ChangedUpdates><Truncated>true</Truncated>"
	  "<NewCookie>" COOKIE "</NewCookie><DriverSyncNotNeeded>false</DriverSyncNotNeeded>"
	  "</SyncUpdatesResult></SyncUpdatesResponse>",
	  "new_updates=2 out_of_scope=2 changed_updates=1 non_leaves=1 to_install=1 to_evaluate=1 deadlines=1 "
	  "truncated=true new_cookie_expiration=2026-03-10T10:15:01.234567800Z new_cookie=(48) "
	  "drivers_not_needed=false | 109 node id=0b6b1f0e revision=100 action=Evaluate type=Detectoid "
	  "| 392 leaf id=2d8d3b20 revision=200 action=Install " },
	{ "another server's cache", METHOD_REFRESH_CACHE, SERVER,
	  "<RefreshCacheResponse><RefreshCacheResult><RefreshCacheResult><RevisionID>7</RevisionID><GlobalID>"
	  "<UpdateID>0b6b1f0e-3c5d-4a8e-9f21-6d1c2e7a4b01</UpdateID><RevisionNumber>100</RevisionNumber></GlobalID>"
	  "<IsLeaf>true</IsLeaf></RefreshCacheResult></RefreshCacheResult></RefreshCacheResponse>",
	  "refresh_returned=1 | 7 leaf id=0b6b1f0e revision=100 " },
	{ "fragments of one revision", METHOD_GET_EXTENDED_UPDATE_INFO, SERVER,
	  "<GetExtendedUpdateInfoResponse><GetExtendedUpdateInfoResult><Updates>\n"
	  "<Update><ID>392</ID><Xml>&lt;ExtendedProperties DefaultPropertiesLanguage=\"en\" "
	  "Handler=\"http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Cbs\" MsrcSeverity=\"Critical\"&gt;"
	  "&lt;KBArticleID&gt;9000001&lt;/KBArticleID&gt;&lt;/ExtendedProperties&gt;&lt;Files&gt;&lt;File "
	  "Digest=\"dH6F9TafmtteDHa+BywQubcFWD4=\" DigestAlgorithm=\"SHA1\" FileName=\"demo.cab\" Size=\"3120000\""
	  "&gt;&lt;AdditionalDigest Algorithm=\"SHA256\"&gt;s/YPzU3=&lt;/AdditionalDigest&gt;&lt;/File&gt;"
	  "&lt;/Files&gt;</Xml></Update>\n<Update><ID>392</ID><Xml>&lt;LocalizedProperties&gt;&lt;Language&gt;en"
	  "&lt;/Language&gt;&lt;Title&gt;Demo &amp;amp; update&lt;/Title&gt;&lt;/LocalizedProperties&gt;</Xml>"
	  "</Update></Updates><FileLocations>" LOCATION("dH6F9TafmtteDHa+BywQubcFWD4=", URL("3E", FIRST_SHA1 ".cab"))
	  "</FileLocations><OutOfScopeRevisionIDs><int>1</int></OutOfScopeRevisionIDs>"
	  "</GetExtendedUpdateInfoResult></GetExtendedUpdateInfoResponse>",
	  "updates=2 file_locations=1 out_of_scope=1 | 392 node title=Demo & update kb=9000001 severity=Critical "
	  "handler=Cbs | file 747E..3E size=3120000 of=392 name=demo.cab | location 747E..3E url="
	  URL("3E", FIRST_SHA1 ".cab") " " },
	{ "locations", METHOD_GET_FILE_LOCATIONS, SERVER,
	  "<r><GetFileLocationsResult><FileLocations>" LOCATION("Vn3bOVg/L81/dNxG0toKyrUYaDM=", "http://a/b.txt")
	  LOCATION("AAAA", "") "</FileLocations><NewCookie>" COOKIE "</NewCookie></GetFileLocationsResult></r>",
	  "file_locations=2 new_cookie_expiration=2026-03-10T10:15:01.234567800Z new_cookie=(48) "
	  "| location 567D..33 url=http://a/b.txt | location " },
	{ "reports", METHOD_REPORT_EVENT_BATCH, CLIENT,
	  "<ReportEventBatch><clientTime>2026-03-10T09:20:00.5Z</clientTime><eventBatch><ReportingEvent><BasicData>"
	  "<TargetID><Sid>5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f511</Sid></TargetID><SequenceNumber>0</SequenceNumber>"
	  "<TimeAtTarget>2026-03-10T09:18:42.9Z</TimeAtTarget>"
	  "<EventInstanceID>7a0c1d2e-1111-4222-8333-444455556602</EventInstanceID><NamespaceID>1</NamespaceID>"
	  "<EventID>182</EventID><SourceID>101</SourceID><UpdateID>"
	  "<UpdateID>2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03</UpdateID><RevisionNumber>200</RevisionNumber></UpdateID>"
	  "<Win32HResult>-2147023293</Win32HResult><AppName>UpdateOrchestrator</AppName></BasicData><ExtendedData>"
	  "<ReplacementStrings><string>0x80070643</string><string>Demo</string><string>more</string>"
	  "</ReplacementStrings><MiscData><string>C=2</string><string>F=1603</string></MiscData>"
	  "<ComputerBrand>Contoso</ComputerBrand><OSVersion><Major>10</Major><Build>26200</Build>"
	  "<Revision>1742</Revision></OSVersion></ExtendedData><PrivateData><ComputerDnsName/><UserAccountName/>"
	  "</PrivateData></ReportingEvent><ReportingEvent/></eventBatch></ReportEventBatch>",
	  "client_time=2026-03-10T09:20:00.500000000Z events=2 manufacturer=Contoso "
	  "| event 182 source=101 hresult=80070643 time=2026-03-10T09:18:42.900000000Z update=2d8d3b20 "
	  "instance=7a0c1d2e revision=200 os=26200.1742 target=5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f511 "
	  "app=UpdateOrchestrator first=0x80070643 then=Demo second=1603 "
	  "| event 0 source=0 hresult=00000000 time= revision=0 os=0.0 " },
	{ "a report is taken", METHOD_REPORT_EVENT_BATCH, SERVER,
	  "<ReportEventBatchResponse><ReportEventBatchResult>true</ReportEventBatchResult></ReportEventBatchResponse>",
	  "accepted=true " },
	{ "servers' updates", METHOD_GET_UPDATE_DATA, SERVER,
	  "<r><GetUpdateDataResult><updates><ServerSyncUpdateData><Id>"
	  "<UpdateID>2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03</UpdateID><RevisionNumber>200</RevisionNumber></Id>"
	  "<XmlUpdateBlob>&lt;u:Update xmlns:u=\"x\"&gt;&lt;u:Properties UpdateType=\"Software\"&gt;"
	  "&lt;u:KBArticleID&gt;5034441&lt;/u:KBArticleID&gt;&lt;/u:Properties&gt;&lt;/u:Update&gt;</XmlUpdateBlob>"
	  "</ServerSyncUpdateData><ServerSyncUpdateData><XmlUpdateBlobCompressed>TVNDRg==</XmlUpdateBlobCompressed>"
	  "</ServerSyncUpdateData></updates><fileUrls><ServerSyncUrlData><FileDigest>dH6F9TafmtteDHa+BywQubcFWD4="
	  "</FileDigest><MUUrl>http://microsoft</MUUrl><UssUrl>http://ours</UssUrl></ServerSyncUrlData>"
	  "<ServerSyncUrlData><MUUrl>http://microsoft</MUUrl><UssUrl/></ServerSyncUrlData></fileUrls>"
	  "</GetUpdateDataResult></r>",
	  "updates=2 compressed=1 file_urls=2 | 0 node id=2d8d3b20 revision=200 type=Software kb=5034441 | 0 node "
	  "| location 747E..3E url=http://ours | location url=http://microsoft " },
	{ "values in attributes", METHOD_ROLLUP_COMPUTERS, CLIENT,
	  "<r><computers><ComputerRollupInfo ComputerId=\"a\"><Details IPAddress=\"10.0.0.5\" "
	  "FullDomainName=\"pc.contoso.example\"/></ComputerRollupInfo><ComputerRollupInfo/></computers></r>",
	  "computers=2 computer_address=10.0.0.5 computer_name=pc.contoso.example " },
	{ "what leads nowhere", METHOD_GET_COOKIE, SERVER,
	  "<r>stray<GetCookieResult2><Expiration>2026-03-10T09:15:00Z</Expiration></GetCookieResult2><GetCookie>"
	  "<a><b><c><d><e><f><g><h><i><j><k><l><m>x</m></l></k></j></i></h></g></f></e></d></c></b></a></GetCookie>"
	  "<Expiration>2026-03-10T09:15:00Z</Expiration></r>", "" },
	{ "a method without rows", METHOD_API_CALL, CLIENT, "<r><a>1</a></r>", "" },
};

static void calls_say_what_they_mean(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const size_t steps[] = { 1, 2, 3, 7, SIZE_MAX };

		for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
			char told[TOLD_MAX] = "";
			struct arena arena;
			struct soapvalues *values;

			arena_init(&arena, ROOM);
			values = soapvalues_new(&arena);
			assert_non_null(values);
			assert_true(walk(values, rows[i].body, rows[i].side, rows[i].method, steps[s]));
			tell(soapvalues_call(values), told);
			if (strcmp(told, rows[i].want))
				print_message("%s, by %zu:\n", rows[i].name, steps[s]);
			assert_string_equal(told, rows[i].want);
			soapvalues_free(values);
			arena_release(&arena);
		}
	}
}

/* Both sides are one call; a list that was not sent is 0 once its side was read. */
static void sides_add_up(void **state)
{
	const struct wsus_call *call;
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_new(&arena);
	assert_true(walk(values, "<SyncUpdates><parameters><SkipSoftwareSync>false</SkipSoftwareSync>"
	                 "</parameters></SyncUpdates>", CLIENT, METHOD_SYNC_UPDATES, 9));
	call = soapvalues_call(values);
	assert_int_equal(wsus_number(call, FIELD_INSTALLED_IDS, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_NEW_UPDATES, -1), -1);
	assert_int_equal(wsus_number(call, FIELD_SKIP_SOFTWARE, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_TRUNCATED, -1), -1);
	assert_true(walk(values, "<SyncUpdatesResponse><SyncUpdatesResult><NewUpdates/><Truncated>true</Truncated>"
	                 "</SyncUpdatesResult></SyncUpdatesResponse>", SERVER, METHOD_SYNC_UPDATES, 9));
	call = soapvalues_call(values);
	soapvalues_free(values);
	assert_int_equal(wsus_number(call, FIELD_SKIP_SOFTWARE, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_NEW_UPDATES, -1), 0);
	assert_int_equal(wsus_number(call, FIELD_TRUNCATED, -1), 1);
	arena_release(&arena);
}

static void leaf(struct soapvalues *values, const char *name, const char *text)
{
	soapvalues_open(values, name, NULL);
	soapvalues_text(values, span_text(text));
	soapvalues_close(values);
}

static void a_million_ids_take_no_memory(void **state)
{
	struct soapvalues *values;
	struct arena arena;
	size_t used;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_new(&arena);
	soapvalues_begin(values, CLIENT, METHOD_SYNC_UPDATES);
	used = arena.used;
	soapvalues_open(values, "parameters", NULL);
	soapvalues_open(values, "OtherCachedUpdateIDs", NULL);
	for (unsigned i = 0; i < 1000000; i++)
		leaf(values, "int", "12345");
	assert_true(soapvalues_end(values));
	assert_int_equal(arena.used, used);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_CACHED_IDS, 0), 1000000);
	soapvalues_free(values);
	arena_release(&arena);
}

static void secret(struct arena *arena, const char *base64, size_t step, struct wsus_value *to)
{
	struct soapvalues *values = soapvalues_new(arena);
	struct span left = span_text(base64);

	soapvalues_begin(values, SERVER, METHOD_GET_COOKIE);
	soapvalues_open(values, "GetCookieResult", NULL);
	soapvalues_open(values, "EncryptedData", NULL);
	while (left.len)
		soapvalues_text(values, span_take(&left, step));
	soapvalues_close(values);
	assert_true(soapvalues_end(values));
	*to = *wsus_value(soapvalues_call(values), FIELD_COOKIE_DATA);
	soapvalues_free(values);
}

/* Equal secrets are equal however they are wrapped, and of theirs nothing stays. */
static void secrets_are_lengths_and_hashes(void **state)
{
	enum { LETTERS = 12000 };
	static char large[LETTERS + 1], other[LETTERS + 1];
	struct wsus_value a, b;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	secret(&arena, "AAECAwQFBgcICQ==", 1, &a);
	secret(&arena, " AAECAwQF\r\nBgcICQ==\n", 100, &b);
	assert_int_equal(a.number, 10);
	assert_int_equal(b.number, 10);
	assert_true(a.hash == b.hash);
	assert_null(a.text.at);
	secret(&arena, "AAECAwQFBgcICQo=", 1, &b);
	assert_int_equal(b.number, 11);
	assert_true(a.hash != b.hash);
	memset(large, 'Q', LETTERS);
	memset(other, 'Q', LETTERS);
	other[10] = 'R';
	secret(&arena, large, 5000, &a);
	secret(&arena, large, 7, &b);
	assert_int_equal(a.number, LETTERS / 4 * 3);
	assert_true(a.hash == b.hash);
	secret(&arena, other, 5000, &b);
	assert_true(a.hash != b.hash);
	arena_release(&arena);
}

/* More than is kept is counted, and that it was dropped is told. */
static void lists_have_an_end(void **state)
{
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_new(&arena);
	soapvalues_begin(values, SERVER, METHOD_SYNC_UPDATES);
	soapvalues_open(values, "SyncUpdatesResult", NULL);
	soapvalues_open(values, "NewUpdates", NULL);
	for (unsigned i = 0; i < WSUS_UPDATES_KEPT + 10; i++) {
		soapvalues_open(values, "UpdateInfo", NULL);
		leaf(values, "ID", "3");
		leaf(values, "Xml", "<Properties UpdateType='Software'/>");
		soapvalues_close(values);
	}
	assert_false(soapvalues_end(values));
	assert_int_equal(soapvalues_call(values)->update_count, WSUS_UPDATES_KEPT);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_NEW_UPDATES, 0), WSUS_UPDATES_KEPT + 10);
	soapvalues_free(values);
	arena_release(&arena);
}

/* A text too long is cut before a character that would be. */
static void texts_have_an_end(void **state)
{
	static char text[VALUE_TEXT_MAX + 100];
	struct soapvalues *values;
	struct arena arena;
	struct span kept;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	memcpy(text + VALUE_TEXT_MAX - 1, "\xc3\xa4", 2);
	arena_init(&arena, ROOM);
	values = soapvalues_new(&arena);
	soapvalues_begin(values, CLIENT, METHOD_GET_AUTHORIZATION_COOKIE);
	leaf(values, "dnsName", text);
	assert_true(soapvalues_end(values));
	kept = wsus_text(soapvalues_call(values), FIELD_CLIENT_NAME);
	assert_int_equal(kept.len, VALUE_TEXT_MAX - 1);
	soapvalues_free(values);
	arena_release(&arena);
}

/* Whatever the arena's ceiling, what is told is whole, and what is missing is told. */
static void every_ceiling_is_told(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 24000; ceiling += 96) {
		struct arena arena;
		struct soapvalues *values;

		arena_init(&arena, ceiling);
		values = soapvalues_new(&arena);
		for (size_t i = 0; values && i < sizeof rows / sizeof *rows; i++) {
			char told[TOLD_MAX] = "";
			bool all = walk(values, rows[i].body, rows[i].side, rows[i].method, 64);

			tell(soapvalues_call(values), told);
			if (!i && all)
				assert_string_equal(told, rows[i].want);
		}
		soapvalues_free(values);
		arena_release(&arena);
	}
}

/* What was open when the body broke off is no value. */
static void what_breaks_off_is_no_value(void **state)
{
	struct soapvalues *values;
	struct arena arena;

	(void)state;
	arena_init(&arena, ROOM);
	values = soapvalues_new(&arena);
	soapvalues_begin(values, SERVER, METHOD_SYNC_UPDATES);
	soapvalues_open(values, "SyncUpdatesResult", NULL);
	soapvalues_open(values, "NewUpdates", NULL);
	soapvalues_open(values, "UpdateInfo", NULL);
	leaf(values, "ID", "392");
	soapvalues_open(values, "Xml", NULL);
	soapvalues_text(values, SPAN("<Properties UpdateType='Soft"));
	assert_true(soapvalues_end(values));
	assert_int_equal(soapvalues_call(values)->update_count, 0);
	assert_int_equal(wsus_number(soapvalues_call(values), FIELD_NEW_UPDATES, 0), 1);
	soapvalues_close(values);
	soapvalues_text(values, SPAN("after the end"));
	soapvalues_open(values, "IsLeaf", NULL);
	soapvalues_close(values);
	soapvalues_free(values);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_say_what_they_mean),
		cmocka_unit_test(sides_add_up),
		cmocka_unit_test(a_million_ids_take_no_memory),
		cmocka_unit_test(secrets_are_lengths_and_hashes),
		cmocka_unit_test(lists_have_an_end),
		cmocka_unit_test(texts_have_an_end),
		cmocka_unit_test(every_ceiling_is_told),
		cmocka_unit_test(what_breaks_off_is_no_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
