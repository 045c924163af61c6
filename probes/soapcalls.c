/* probes/soapcalls.c - templates filled in. */
#include "probes/soapcalls.h"

#include <openssl/sha.h>
#include <stdio.h>

#define SERVICES     "http://www.microsoft.com/SoftwareDistribution"
#define CLIENT_NS    SERVICES "/Server/ClientWebService"
#define SIMPLE_AUTH_NS SERVICES "/Server/SimpleAuthWebService"
#define MONITORED_NS SERVICES "/Server/IMonitorable"
#define UPSTREAM_NS  SERVICES

static const struct call {
	const char *name, *ns;
	struct span body;
} calls[] = {
#define CALL(symbol, name, ns, body) [SOAP_##symbol] = { name, ns, SPAN_LIT(body) },
#include "probes/soapcalls.def"
#undef CALL
};

static const struct span slot_names[] = {
#define X(symbol) [SLOT_##symbol] = SPAN_LIT(#symbol),
	SOAP_SLOTS(X)
#undef X
};

static const struct {
	uint8_t byte;
	struct span text;
} escapes[] = {
	{ '&', SPAN_LIT("&amp;") }, { '<', SPAN_LIT("&lt;") },    { '>', SPAN_LIT("&gt;") },
	{ '"', SPAN_LIT("&quot;") }, { '\'', SPAN_LIT("&apos;") },
};

const char *soap_request_name(enum soap_request request)
{
	return calls[request].name;
}

const char *soap_request_action(enum soap_request request, char text[static SOAP_ACTION_MAX])
{
	snprintf(text, SOAP_ACTION_MAX, "SOAPAction: \"%s/%s\"", calls[request].ns, calls[request].name);
	return text;
}

/* Control characters have no place in XML 1.0 (section 2.2), whoever's name holds them. */
static bool add_escaped(struct buf *out, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct span as = span_of(text.at + i, 1);

		for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++)
			if (escapes[k].byte == text.at[i])
				as = escapes[k].text;
		if (text.at[i] < 0x20)
			as = SPAN("?");
		if (!buf_add(out, as))
			return false;
	}
	return true;
}

static bool add_slot(struct buf *out, struct span name, const struct span slots[static SOAP_SLOT_COUNT])
{
	for (size_t i = 0; i < SOAP_SLOT_COUNT; i++)
		if (span_eq(name, slot_names[i]))
			return add_escaped(out, slots[i]);
	return false;
}

static bool add_filled(struct buf *out, struct span body, const struct span slots[static SOAP_SLOT_COUNT])
{
	while (body.len) {
		bool slot = span_byte(body, '{') != SIZE_MAX;

		if (!buf_add(out, span_split(&body, '{')))
			return false;
		if (slot && !add_slot(out, span_split(&body, '}'), slots))
			return false;
	}
	return true;
}

bool soap_request_write(enum soap_request request, const struct span slots[static SOAP_SLOT_COUNT],
                        struct buf *out)
{
	const struct call *c = &calls[request];

	return buf_printf(out, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
	                       "<%s xmlns=\"%s\">", c->name, c->ns) &&
	       add_filled(out, c->body, slots) && buf_printf(out, "</%s></s:Body></s:Envelope>", c->name);
}

/* Shaped as a name-based UUID (RFC 9562 section 5.5) whose first five bytes are ours. */
const char *soap_client_id(struct span machine, char text[static CLIENT_ID_TEXT])
{
	uint8_t d[SHA_DIGEST_LENGTH];

	SHA1(machine.len ? machine.at : (const uint8_t *)"", machine.len, d);
	snprintf(text, CLIENT_ID_TEXT, "70726f62-65%02x-5%x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", d[5],
	         d[6] & 15u, d[7], (d[8] & 0x3fu) | 0x80u, d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
	return text;
}
