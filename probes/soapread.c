/* probes/soapread.c - elements by their path below the body. */
#include "probes/soapread.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

enum { DEPTH_MAX = 64, PATH_MAX_LEN = 512, ENVELOPE = 1, BODY = 2 };

#define CONFIG "GetConfigResponse/GetConfigResult/"
#define SIMPLE_AUTH "GetAuthorizationCookieResponse/GetAuthorizationCookieResult/"
#define COOKIE "GetCookieResponse/GetCookieResult/"
#define SYNC "SyncUpdatesResponse/SyncUpdatesResult/"
#define UPSTREAM "GetAuthConfigResponse/GetAuthConfigResult/"
#define PING "PingResponse/PingResult/"

#define PROPERTY      CONFIG "Properties/ConfigurationProperty"
#define UPDATE        SYNC "NewUpdates/UpdateInfo"

static const struct row {
	enum soap_value value;
	const char *path;
} rows[] = {
	{ VALUE_FAULT_CODE, "Fault/faultcode" },
	{ VALUE_FAULT_TEXT, "Fault/faultstring" },
	/* WSUS's own detail has no namespace: in SOAP 1.2 it is "Detail" all the same (MS-WSUSSS 2.2.9.2) */
	{ VALUE_ERROR_CODE, "Fault/detail/ErrorCode" },
	{ VALUE_ERROR_MESSAGE, "Fault/detail/Message" },
	{ VALUE_ERROR_ID, "Fault/detail/ID" },
	{ VALUE_ERROR_METHOD, "Fault/detail/Method" },
	{ VALUE_FAULT_CODE, "Fault/Code/Value" },
	{ VALUE_FAULT_TEXT, "Fault/Reason/Text" },
	{ VALUE_LAST_CHANGE, CONFIG "LastChange" },
	{ VALUE_REGISTRATION, CONFIG "IsRegistrationRequired" },
	{ VALUE_PLUGIN, CONFIG "AuthInfo/AuthPlugInInfo/PlugInID" },
	{ VALUE_COOKIE_PLUGIN, SIMPLE_AUTH "PlugInId" },
	{ VALUE_COOKIE_DATA, SIMPLE_AUTH "CookieData" },
	{ VALUE_EXPIRATION, COOKIE "Expiration" },
	{ VALUE_ENCRYPTED, COOKIE "EncryptedData" },
	{ VALUE_EXPIRATION, SYNC "NewCookie/Expiration" },
	{ VALUE_ENCRYPTED, SYNC "NewCookie/EncryptedData" },
	{ VALUE_TRUNCATED, SYNC "Truncated" },
	{ VALUE_LAST_CHANGE, UPSTREAM "LastChange" },
	{ VALUE_PLUGIN, UPSTREAM "AuthInfo/AuthPlugInInfo/PlugInID" },
	{ VALUE_PING_SUCCESS, PING "SuccessFlag" },
	{ VALUE_PING_TIME, PING "ServicesTime" },
	{ VALUE_PING_MACHINE, PING "ServicesMachine" },
};

struct reading {
	XML_Parser parser;
	struct soap_answer *answer;
	unsigned depth;
	size_t lengths[DEPTH_MAX];      /* of the path before each element */
	char path[PATH_MAX_LEN];        /* below the body */
	size_t path_len;
	bool envelope, refused;
	/* the element whose text is being kept: at this depth, for this value */
	unsigned keeping;
	enum soap_value value;
	/* of the property that is open */
	char property[SOAP_METHOD_MAX];
	size_t property_len;
	bool in_name;
};

/* Behind the separator that expat puts between a namespace and a name. */
static struct span local_name(const char *name)
{
	const char *bar = strrchr(name, '|');

	return span_text(bar ? bar + 1 : name);
}

static bool at_path(const struct reading *r, const char *path)
{
	return span_ieq(span_of(r->path, r->path_len), span_text(path));
}

static void keep(struct reading *r, enum soap_value value)
{
	if (r->answer->values[value].there)
		return;
	r->keeping = r->depth;
	r->value = value;
	r->answer->values[value].at = r->answer->text.len;
	r->answer->values[value].len = 0;
	r->answer->values[value].there = true;
}

static void look(struct reading *r)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (at_path(r, rows[i].path))
			keep(r, rows[i].value);
	if (at_path(r, UPDATE))
		r->answer->updates++;
	if (at_path(r, PROPERTY "/Name")) {
		r->in_name = true;
		r->property_len = 0;
	}
	if (at_path(r, PROPERTY "/Value") &&
	    span_eq(span_trim(span_of(r->property, r->property_len)), SPAN("ProtocolVersion")))
		keep(r, VALUE_PROTOCOL);
}

static void refuse(struct reading *r)
{
	r->refused = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static void begin_method(struct reading *r, struct span name)
{
	size_t len = name.len < SOAP_METHOD_MAX ? name.len : SOAP_METHOD_MAX - 1;

	if (r->answer->method[0])
		return;
	memcpy(r->answer->method, name.at, len);
	r->answer->method[len] = '\0';
	r->answer->is_fault = span_eq(name, SPAN("Fault"));
}

static void XMLCALL start(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = self;
	struct span local = local_name(name);

	(void)attributes;
	if (r->depth == 0)
		r->envelope = span_eq(local, SPAN("Envelope"));
	if (!r->envelope || r->depth >= DEPTH_MAX || r->path_len + local.len + 1 >= sizeof r->path) {
		refuse(r);
		return;
	}
	r->lengths[r->depth++] = r->path_len;
	if (r->depth <= BODY)
		return;
	if (r->depth == BODY + 1)
		begin_method(r, local);
	if (r->path_len)
		r->path[r->path_len++] = '/';
	memcpy(r->path + r->path_len, local.at, local.len);
	r->path_len += local.len;
	look(r);
}

static void XMLCALL end(void *self, const XML_Char *name)
{
	struct reading *r = self;

	(void)name;
	if (r->refused || !r->depth)
		return;
	if (r->keeping == r->depth) {
		r->answer->values[r->value].len = r->answer->text.len - r->answer->values[r->value].at;
		r->keeping = 0;
	}
	r->in_name = false;
	r->path_len = r->lengths[--r->depth];
}

static void XMLCALL text(void *self, const XML_Char *at, int len)
{
	struct reading *r = self;
	struct span piece = span_of(at, (size_t)len);

	if (r->keeping == r->depth && r->keeping && !buf_add(&r->answer->text, piece))
		refuse(r);
	if (r->in_name && r->property_len + piece.len <= sizeof r->property) {
		memcpy(r->property + r->property_len, piece.at, piece.len);
		r->property_len += piece.len;
	}
}

static void XMLCALL doctype(void *self, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                            int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	refuse(self);
}

bool soap_read(struct span xml, struct soap_answer *a)
{
	struct reading r = { .answer = a };

	memset(a, 0, sizeof *a);
	buf_init(&a->text, SOAP_TEXT_MAX);
	r.parser = XML_ParserCreateNS(NULL, '|');
	if (!r.parser)
		return false;
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, start, end);
	XML_SetCharacterDataHandler(r.parser, text);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	a->whole = xml.len && xml.len <= INT_MAX &&
	           XML_Parse(r.parser, (const char *)xml.at, (int)xml.len, XML_TRUE) == XML_STATUS_OK &&
	           !r.refused && a->method[0];
	XML_ParserFree(r.parser);
	return a->whole;
}

void soap_release(struct soap_answer *a)
{
	buf_release(&a->text);
}

struct span soap_value(const struct soap_answer *a, enum soap_value value)
{
	if (!a->values[value].there)
		return span_of(NULL, 0);
	/* an empty element is there, too */
	if (!a->values[value].len)
		return SPAN("");
	return span_trim(span_of(a->text.at + a->values[value].at, a->values[value].len));
}
