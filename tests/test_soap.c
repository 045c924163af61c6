/* tests/test_soap.c - bodies of update calls, whole, byte by byte and cut anywhere, in UTF-8 and UTF-16. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decoders/soap.h"
#include "facts/wsuscall.h"

enum { TOLD_MAX = 64 * 1024 };

#define SOAP11 "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
#define SOAP12 "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\">"
#define TAIL   "</s:Body></s:Envelope>"
#define CONFIG "<GetConfig><protocolVersion>2.90</protocolVersion></GetConfig>"
#define CLIENT_PATH "/ClientWebService/client.asmx"

static const struct row {
	const char *name, *path;
	enum side from;
	const char *body, *want, *values;       /* of values: those that are looked for */
	const char *action;                     /* NULL: no SOAPAction */
} rows[] = {
#define CALL(name, path, from, body, want, values) { name, path, from, body, want, values, NULL },
#include "tests/soapcalls.def"
#undef CALL
	{ "SOAP 1.2 with a Detail of its own namespace", CLIENT_PATH, SERVER,
	  SOAP12 "<e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>x</e:Value>"
	  "</e:Subcode></e:Code><e:Reason><e:Text xml:lang=\"en\">No</e:Text>"
	  "<e:Text xml:lang=\"de\">Nein</e:Text></e:Reason><e:Detail><ErrorCode> ServerBusy\n</ErrorCode>"
	  "<Message>a|b</Message></e:Detail></e:Fault></e:Body></e:Envelope>",
	  "- 1.2 complete fault code=e:Receiver text=No error=ServerBusy message=a|b", "", NULL },
	{ "a detail that only others fill", CLIENT_PATH, SERVER,
	  SOAP11 "<s:Body><s:Fault><faultcode>s:Server</faultcode><detail><ExceptionDetail>"
	  "<ErrorCode>x</ErrorCode><Message>y</Message></ExceptionDetail></detail></s:Fault>" TAIL,
	  "- 1.1 complete fault code=s:Server", "", NULL },
	{ "a request cannot fault", CLIENT_PATH, CLIENT, SOAP11 "<s:Body><s:Fault/>" TAIL,
	  "Fault 1.1 complete", "", NULL },
	{ "what the header says when the body does not", CLIENT_PATH, SERVER,
	  SOAP11 "<s:Body/></s:Envelope>", "SyncUpdates 1.1 complete", "", "\"http://x/y/SyncUpdates\"" },
	{ "the header agrees", CLIENT_PATH, CLIENT, SOAP11 "<s:Body>" CONFIG TAIL, "GetConfig 1.1 complete",
	  "client_protocol=2.90", "\"http://x/y/GetConfig\"" },
	{ "another header than body", CLIENT_PATH, CLIENT, SOAP11 "<s:Body>" CONFIG TAIL,
	  "GetConfig 1.1 complete the body's method is not the SOAPAction's", "client_protocol=2.90",
	  "\"http://x/y/SyncUpdates\"" },
	{ "the default namespace", CLIENT_PATH, CLIENT,
	  "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body>" CONFIG "</Body></Envelope>",
	  "GetConfig 1.1 complete", "client_protocol=2.90", NULL },
	{ "comments, instructions and CDATA around and in it", CLIENT_PATH, CLIENT,
	  "<?xml version=\"1.0\"?><!-- > <int>1</int> --><?a <b>?>" SOAP11 "<s:Body><!--<a>1</a>-->"
	  "<GetConfig a=\"> '\"><?b?><protocolVersion><![CDATA[2.]]>&#57;0</protocolVersion>"
	  "<![CDATA[<a>1</a>]]>"
	  "</GetConfig>" TAIL "<!-- that was it -->\n",
	  "GetConfig 1.1 complete", "client_protocol=2.90", NULL },
	{ "a header", CLIENT_PATH, CLIENT,
	  SOAP11 "<s:Header><Security><a>1</a></Security></s:Header><s:Body>" CONFIG TAIL,
	  "GetConfig 1.1 complete a SOAP header, which the update protocols do not have",
	  "client_protocol=2.90", NULL },
	{ "a second child of Body", CLIENT_PATH, CLIENT, SOAP11 "<s:Body>" CONFIG "<SyncUpdates/>" TAIL,
	  "GetConfig 1.1 complete", "client_protocol=2.90", NULL },
	{ "ids like the one before, and not quite", CLIENT_PATH, CLIENT,
	  SOAP11 "<s:Body><SyncUpdates><parameters><InstalledNonLeafUpdateIDs><int>1</int><int>22</int>"
	  "<int>333</int>\n<int>4</int><int /><int>&amp;</int><int>7</int><ink>8</ink><int>9</int></"
	  "InstalledNonLeafUpdateIDs><OtherCachedUpdateIDs><int>1</int><int>2</int><int><int>3</int><int>4"
	  "</int></int></OtherCachedUpdateIDs></parameters></SyncUpdates>" TAIL,
	  "SyncUpdates 1.1 complete",
	  "installed_ids=8 cached_ids=3", NULL },
	{ "HTML", CLIENT_PATH, SERVER, "<html><head><title>503</title></head><body><p>No<br></body></html>",
	  "- an HTML page where SOAP is due", "", NULL },
	{ "HTML with a type", CLIENT_PATH, SERVER,
	  "\r\n<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \"http://w\"><HTML><BODY>",
	  "- an HTML page where SOAP is due", "", NULL },
	{ "HTML that is no XML from its first word on", CLIENT_PATH, SERVER,
	  "<!doctype html><meta charset=x>",
	  "- an HTML page where SOAP is due", "", NULL },
	{ "text", CLIENT_PATH, SERVER, "Service Unavailable", "- no XML where SOAP is due", "", NULL },
	{ "JSON", CLIENT_PATH, SERVER, "{\"a\": 1}", "- no XML where SOAP is due", "", NULL },
	{ "other XML", CLIENT_PATH, SERVER, "<feed><a>1</a></feed>",
	  "- XML that is no SOAP envelope", "", NULL },
	{ "an envelope of another namespace", CLIENT_PATH, SERVER, "<s:Envelope xmlns:s=\"urn:x\"><s:Body/>",
	  "- XML that is no SOAP envelope", "", NULL },
	{ "a document type", CLIENT_PATH, CLIENT,
	  "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]>" SOAP11
	  "<s:Body><GetConfig>&c;</GetConfig>" TAIL,
	  "- a document type declaration, which SOAP forbids", "", NULL },
	{ "an entity that nobody declared", CLIENT_PATH, CLIENT,
	  SOAP11 "<s:Body><GetConfig><protocolVersion>&b;</protocolVersion></GetConfig>" TAIL,
	  "GetConfig 1.1 XML that breaks off or does not nest", "", NULL },
	{ "it breaks off", CLIENT_PATH, CLIENT,
	  SOAP11 "<s:Body><GetConfig><protocolVersion>2.90</protocolVersion>",
	  "GetConfig 1.1 XML that breaks off or does not nest", "client_protocol=2.90", NULL },
	{ "it does not nest", CLIENT_PATH, CLIENT,
	  SOAP11 "<s:Body><GetConfig><a></b></a><protocolVersion>2.90</protocolVersion></GetConfig>" TAIL,
	  "GetConfig 1.1 XML that breaks off or does not nest", "", NULL },
	{ "two envelopes", CLIENT_PATH, CLIENT, SOAP11 "<s:Body>" CONFIG TAIL SOAP11 "<s:Body/></s:Envelope>",
	  "GetConfig 1.1 complete something follows the envelope", "client_protocol=2.90", NULL },
	{ "nothing", CLIENT_PATH, CLIENT, " \r\n", "-", "", NULL },
};

enum { ROWS = sizeof rows / sizeof *rows };

static struct exchange exchange_of(const struct row *row, struct http_header *header)
{
	struct exchange x = { .method = SPAN("POST"), .path = span_text(row->path) };

	if (!row->action)
		return x;
	*header = (struct http_header){ SPAN("SOAPAction"), span_text(row->action) };
	x.request.headers = header;
	x.request.header_count = 1;
	return x;
}

static void tell_text(struct buf *to, const char *name, struct span text)
{
	if (text.len)
		buf_printf(to, " %s=%.*s", name, (int)text.len, (const char *)text.at);
}

static void tell(struct buf *to, const struct soap_call *call, enum side from)
{
	const struct soap_side *side = &call->side[from];
	const struct soap_fault *f = &call->fault;

	buf_printf(to, "%.*s", call->name.len ? (int)call->name.len : 1,
	           call->name.len ? (const char *)call->name.at : "-");
	if (side->version)
		buf_printf(to, side->version == SOAP_11 ? " 1.1" : " 1.2");
	if (side->complete)
		buf_printf(to, " complete");
	for (unsigned i = 0; i < SOAP_ANOMALY_COUNT; i++)
		if (side->anomalies & 1u << i)
			buf_printf(to, " %s", soap_anomaly_text((enum soap_anomaly)i));
	if (f->present)
		buf_printf(to, " fault");
	tell_text(to, "code", f->code);
	tell_text(to, "text", f->text);
	tell_text(to, "error", f->error_code);
	tell_text(to, "message", f->message);
	tell_text(to, "id", f->id);
	tell_text(to, "method", f->method);
}

static void tell_value(struct buf *to, const struct wsus_value *v)
{
	char text[MOMENT_TEXT];

	buf_printf(to, " %s=", wsus_field_name(v->field));
	switch (wsus_field_type(v->field)) {
	case WSUS_TEXT:
	case WSUS_PRIVATE:
		buf_add(to, v->text);
		break;
	case WSUS_FLAG:
		buf_printf(to, v->number ? "true" : "false");
		break;
	case WSUS_TIME:
		buf_printf(to, "%s", moment_text(v->number, text));
		break;
	case WSUS_NUMBER:
	case WSUS_COUNT:
	case WSUS_SECRET:
		buf_printf(to, "%lld", (long long)v->number);
		break;
	}
}

/* " name=value name=value " */
static void tell_values(struct buf *to, const struct wsus_call *values)
{
	for (size_t i = 0; values && i < values->value_count; i++)
		tell_value(to, &values->values[i]);
	buf_add_byte(to, ' ');
}

static void hold_values(const struct row *row, struct span told)
{
	struct span wanted = span_text(row->values);

	while (wanted.len) {
		struct span one = span_split(&wanted, ' ');
		char want[256];

		snprintf(want, sizeof want, " %.*s ", (int)one.len, (const char *)one.at);
		if (span_find(told, span_text(want)) == SIZE_MAX)
			fail_msg("%s:\nwant%s\ngot %.*s", row->name, want, (int)told.len,
			         (const char *)told.at);
	}
}

/* Feeds pieces of at most `first` and then `step` bytes. */
static void read_row(struct soap_pool *pool, const struct row *row, struct span body, size_t first,
                     size_t step)
{
	struct http_header header;
	struct exchange x = exchange_of(row, &header);
	struct arena arena;
	struct buf told;
	struct soap *soap;

	arena_init(&arena, 256 * 1024);
	buf_init(&told, TOLD_MAX);
	soap = soap_new(pool, &x, &arena);
	assert_non_null(soap);
	for (size_t len = first; body.len; len = step)
		if (!soap_piece(soap, row->from, span_take(&body, len)))
			break;
	soap_end(soap, row->from, true);
	tell(&told, soap_call(soap), row->from);
	buf_add_byte(&told, '\0');
	if (strcmp((const char *)told.at, row->want) != 0)
		fail_msg("%s, cut at %zu:\nwant %s\ngot  %s", row->name, first, row->want, told.at);
	buf_clear(&told);
	tell_values(&told, soap_call(soap)->values);
	hold_values(row, buf_span(&told));
	soap_free(soap);
	arena_release(&arena);
	buf_release(&told);
}

static void test_whole(void **state)
{
	for (size_t i = 0; i < ROWS; i++)
		read_row(*state, &rows[i], span_text(rows[i].body), SIZE_MAX, 1);
}

static void test_bytes(void **state)
{
	for (size_t i = 0; i < ROWS; i++)
		read_row(*state, &rows[i], span_text(rows[i].body), 1, 1);
}

static void test_every_cut(void **state)
{
	for (size_t i = 0; i < ROWS; i++)
		for (size_t at = 1; at < strlen(rows[i].body); at++)
			read_row(*state, &rows[i], span_text(rows[i].body), at, SIZE_MAX);
}

/* ASCII in UTF-16, with its mark. */
static void widen(struct buf *to, const char *text, bool big)
{
	buf_add(to, big ? SPAN("\xfe\xff") : SPAN("\xff\xfe"));
	for (; *text; text++) {
		buf_add_byte(to, big ? 0 : (uint8_t)*text);
		buf_add_byte(to, big ? (uint8_t)*text : 0);
	}
}

/* Of the calls; what is told of other bodies' first bytes is another thing in UTF-16. */
static void test_utf16(void **state)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *encoding = strstr(rows[i].body, "encoding=\"utf-8\"");

		if (!strstr(rows[i].want, "complete") || encoding)
			continue;
		for (int big = 0; big < 2; big++) {
			struct buf wide;

			buf_init(&wide, TOLD_MAX);
			widen(&wide, rows[i].body, big);
			read_row(*state, &rows[i], buf_span(&wide), SIZE_MAX, 1);
			read_row(*state, &rows[i], buf_span(&wide), 1, 1);
			read_row(*state, &rows[i], buf_span(&wide), 701, 13);
			buf_release(&wide);
		}
	}
}

static int make_pool(void **state)
{
	static struct limits limits;

	*state = soap_pool_new(&limits, NULL);
	return !*state;
}

static int free_pool(void **state)
{
	soap_pool_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_utf16),
	};

	return cmocka_run_group_tests_name("soap", tests, make_pool, free_pool);
}
