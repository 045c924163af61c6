/* facts/wsusmethods.h - the methods of the update services (MS-WUSP 3.1.4, MS-WSUSSS 3.1.4, WSDLs).
 *
 * A method is known by its service and its name: GetCookie exists twice.
 */
#ifndef FACTS_WSUSMETHODS_H
#define FACTS_WSUSMETHODS_H

#include "base/span.h"

struct exchange;

/* X(symbol, directory (enum wsus_place), name) */
#define WSUS_METHODS(X)                                                         \
	X(GET_CONFIG,            CLIENT,      "GetConfig")                      \
	X(GET_COOKIE,            CLIENT,      "GetCookie")                      \
	X(REGISTER_COMPUTER,     CLIENT,      "RegisterComputer")               \
	X(START_CATEGORY_SCAN,   CLIENT,      "StartCategoryScan")              \
	X(SYNC_UPDATES,          CLIENT,      "SyncUpdates")                    \
	X(SYNC_PRINTER_CATALOG,  CLIENT,      "SyncPrinterCatalog")             \
	X(REFRESH_CACHE,         CLIENT,      "RefreshCache")                   \
	X(GET_EXTENDED_UPDATE_INFO, CLIENT,   "GetExtendedUpdateInfo")          \
	X(GET_EXTENDED_UPDATE_INFO2, CLIENT,  "GetExtendedUpdateInfo2")         \
	X(GET_FILE_LOCATIONS,    CLIENT,      "GetFileLocations")               \
	X(GET_AUTHORIZATION_COOKIE, SIMPLE_AUTH, "GetAuthorizationCookie")      \
	X(REPORT_EVENT_BATCH,    REPORTING,   "ReportEventBatch")               \
	X(REPORT_EVENT_BATCH2,   REPORTING,   "ReportEventBatch2")              \
	X(GET_REQUIRED_INVENTORY_TYPE, REPORTING, "GetRequiredInventoryType")   \
	X(REPORT_INVENTORY,      REPORTING,   "ReportInventory")                \
	X(GET_ROLLUP_CONFIGURATION, REPORTING, "GetRollupConfiguration")        \
	X(ROLLUP_DOWNSTREAM_SERVERS, REPORTING, "RollupDownstreamServers")      \
	X(ROLLUP_COMPUTERS,      REPORTING,   "RollupComputers")                \
	X(GET_OUT_OF_SYNC_COMPUTERS, REPORTING, "GetOutOfSyncComputers")        \
	X(ROLLUP_COMPUTER_STATUS, REPORTING,  "RollupComputerStatus")           \
	X(DSS_GET_AUTH_CONFIG,   SERVER_SYNC, "GetAuthConfig")                  \
	X(DSS_GET_COOKIE,        SERVER_SYNC, "GetCookie")                      \
	X(GET_CONFIG_DATA,       SERVER_SYNC, "GetConfigData")                  \
	X(GET_REVISION_ID_LIST,  SERVER_SYNC, "GetRevisionIdList")              \
	X(GET_UPDATE_DATA,       SERVER_SYNC, "GetUpdateData")                  \
	X(GET_UPDATE_DECRYPTION_DATA, SERVER_SYNC, "GetUpdateDecryptionData")   \
	X(DOWNLOAD_FILES,        SERVER_SYNC, "DownloadFiles")                  \
	X(GET_DEPLOYMENTS,       SERVER_SYNC, "GetDeployments")                 \
	X(GET_RELATED_REVISIONS, SERVER_SYNC, "GetRelatedRevisionsForUpdates")  \
	X(GET_DRIVER_ID_LIST,    SERVER_SYNC, "GetDriverIdList")                \
	X(GET_DRIVER_SET_DATA,   SERVER_SYNC, "GetDriverSetData")               \
	X(DSS_GET_AUTHORIZATION_COOKIE, DSS_AUTH, "GetAuthorizationCookie")     \
	X(API_CALL,              API,         "")       /* any of ApiRemoting30's hundreds */ \
	X(PING,                  NOWHERE,     "Ping")   /* of every service */

#define X(symbol, place, name) METHOD_##symbol,
enum wsus_method { WSUS_METHODS(X) METHOD_COUNT, METHOD_UNKNOWN = METHOD_COUNT };
#undef X

/* By the directory of `path` and the method's name. */
enum wsus_method wsus_method_of(struct span path, struct span name);
const char *wsus_method_name(enum wsus_method m);       /* "" for API_CALL and UNKNOWN */

/* The method of the exchange's call: what its body says, else its SOAPAction. */
enum wsus_method wsus_exchange_method(const struct exchange *x);

#endif
