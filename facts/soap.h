/* facts/soap.h - a call of an update service: the envelope of the request, that of the answer.
 *
 * Hangs on the exchange that carried it (exchange.soap) and lives as long.  What the methods say is in
 * facts/wsuscall.h; here is what every call has (SOAP 1.1, SOAP 1.2, MS-WUSP 2.2, MS-WSUSSS 2.2.9).
 */
#ifndef FACTS_SOAP_H
#define FACTS_SOAP_H

#include "base/span.h"
#include "facts/wsusmethods.h"

/* X(symbol, text): what is odd about a body that should be an envelope; none is an error of ours. */
#define SOAP_ANOMALIES(X)                                                               \
	X(HTML,         "an HTML page where SOAP is due")                               \
	X(NOT_XML,      "no XML where SOAP is due")                                     \
	X(NOT_SOAP,     "XML that is no SOAP envelope")                                 \
	X(BROKEN,       "XML that breaks off or does not nest")                         \
	X(DOCTYPE,      "a document type declaration, which SOAP forbids")              \
	X(TOO_DEEP,     "elements nested deeper than is read")                          \
	X(TOO_LONG,     "more XML than is read")                                        \
	X(MORE_THAN_ONE, "something follows the envelope")                              \
	X(HEADER,       "a SOAP header, which the update protocols do not have")        \
	X(OTHER_ACTION, "the body's method is not the SOAPAction's")                    \
	X(VALUES_DROPPED, "more values than are kept")

#define X(symbol, text) SOAP_##symbol,
enum soap_anomaly { SOAP_ANOMALIES(X) SOAP_ANOMALY_COUNT };
#undef X

enum soap_version { SOAP_NONE, SOAP_11, SOAP_12 };

struct soap_side {                      /* the request's or the answer's body */
	enum soap_version version;      /* of the envelope; NONE: no envelope was seen */
	bool complete;                  /* the envelope was closed */
	unsigned anomalies;             /* bits 1u << enum soap_anomaly */
};

/* Sizes of what is kept of a fault's texts. */
enum { SOAP_CODE_MAX = 64, SOAP_TEXT_MAX = 240 };

struct soap_fault {                     /* absent texts are empty */
	bool present;
	struct span code;               /* faultcode or Code/Value, as sent: "soap:Client" */
	struct span text;               /* faultstring or Reason/Text, its beginning */
	struct span error_code;         /* detail/ErrorCode: "ConfigChanged" */
	struct span message;            /* detail/Message: of InvalidParameters the parameter's name */
	struct span id;                 /* detail/ID: stands in the server's log, too */
	struct span method;             /* detail/Method, without quotes and namespace */
};

struct wsus_call;

struct soap_call {
	enum wsus_method method;        /* by path and body, else by path and SOAPAction */
	struct span name;               /* the method as it is called on the wire: "GetConfig" */
	struct soap_side side[2];       /* CLIENT, SERVER */
	struct soap_fault fault;
	const struct wsus_call *values; /* NULL: none were read */
};

/* The ErrorCodes of MS-WUSP 2.2.2.4 and MS-WSUSSS 2.2.9.3, and how they heal.
 * X(symbol, text, whether the protocol heals it by itself) */
#define SOAP_ERRORS(X)                                                          \
	X(CONFIG_CHANGED,       "ConfigChanged",                true)           \
	X(REGISTRATION_REQUIRED, "RegistrationRequired",        true)           \
	X(REGISTRATION_NOT_REQUIRED, "RegistrationNotRequired", false)          \
	X(INVALID_COOKIE,       "InvalidCookie",                true)           \
	X(COOKIE_EXPIRED,       "CookieExpired",                true)           \
	X(SERVER_CHANGED,       "ServerChanged",                true)           \
	X(INVALID_AUTHORIZATION_COOKIE, "InvalidAuthorizationCookie", true)     \
	X(INVALID_PARAMETERS,   "InvalidParameters",            false)          \
	X(INVALID_PARAMETER,    "InvalidParameter",             false)          \
	X(INTERNAL_SERVER_ERROR, "InternalServerError",         false)          \
	X(SERVER_BUSY,          "ServerBusy",                   false)          \
	X(FILE_LOCATION_CHANGED, "FileLocationChanged",         true)           \
	X(FILE_LOCATIONS_CHANGED, "FileLocationsChanged",       true)           \
	X(INCOMPATIBLE_PROTOCOL_VERSION, "IncompatibleProtocolVersion", false)  \
	X(FILE_DIGESTS_MISSING, "FileDigestsMissing",           false)          \
	X(TOO_MANY_IDS,         "TooManyIds",                   false)

#define X(symbol, text, heals) SOAP_ERROR_##symbol,
enum soap_error { SOAP_ERRORS(X) SOAP_ERROR_OTHER, SOAP_ERROR_NONE };
#undef X

/* Of a fault; NONE: it has no ErrorCode (an infrastructure failure), OTHER: an unknown one. */
enum soap_error soap_error_of(const struct soap_fault *fault);
bool soap_error_heals(enum soap_error e);
const char *soap_anomaly_text(enum soap_anomaly a);

#endif
