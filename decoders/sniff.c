/* decoders/sniff.c - two protocols told from everything else, and one known by its port. */
#include "decoders/sniff.h"

#include "decoders/tlshello.h"
#include "decoders/tlsrec.h"

enum { METHOD_MAX = 32, LEADING_MAX = 8, CLIENT_HELLO = 1, SERVER_HELLO = 2 };

static bool is_token(uint8_t c)
{
	static const char others[] = "!#$%&'*+-.^_`|~";         /* RFC 9110 section 5.6.2 */
	unsigned letter = c | 0x20u;

	return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr(others, c));
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "HTTP/1.1" */
static enum sniff status_line(struct span bytes)
{
	static const struct span word = SPAN_LIT("HTTP/");
	enum { VERSION_LEN = 8 };

	if (bytes.len < word.len)
		return span_starts(word, bytes) ? SNIFF_MAYBE_HTTP : SNIFF_NONE;
	if (!span_starts(bytes, word))
		return SNIFF_NONE;
	if (bytes.len < VERSION_LEN)
		return SNIFF_MAYBE_HTTP;
	return is_digit(bytes.at[5]) && bytes.at[6] == '.' && is_digit(bytes.at[7]) ? SNIFF_HTTP : SNIFF_NONE;
}

/* A method that only HTTP has and a target that only HTTP has need no end of line. */
static bool surely_request(struct span method, struct span target)
{
	static const struct span methods[] = {
		SPAN_LIT("GET"), SPAN_LIT("POST"), SPAN_LIT("HEAD"), SPAN_LIT("PUT"), SPAN_LIT("OPTIONS"),
		SPAN_LIT("DELETE"), SPAN_LIT("PROPFIND"), SPAN_LIT("CCM_POST"), SPAN_LIT("BITS_POST"),
	};

	if (span_eq(method, SPAN("CONNECT")))
		return target.len > 0 && is_token(*target.at);
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (span_eq(method, methods[i]))
			return span_starts(target, SPAN("/")) || span_istarts(target, SPAN("http"));
	return false;
}

/* METHOD SP target SP HTTP/1.1, or without the version (HTTP/0.9) after a method that only HTTP has.
 * HTTP/2's preface is not for the decoder of HTTP/1. */
static enum sniff request_line(struct span bytes)
{
	struct span rest, method, line;
	size_t len = 0, end;

	for (size_t i = 0; i < LEADING_MAX && bytes.len && (*bytes.at == '\r' || *bytes.at == '\n'); i++)
		span_take(&bytes, 1);
	while (len < bytes.len && len < METHOD_MAX && is_token(bytes.at[len]))
		len++;
	if (len == bytes.len)
		return SNIFF_MAYBE_HTTP;
	if (!len || bytes.at[len] != ' ')
		return SNIFF_NONE;
	method = span_take(&bytes, len);
	rest = span_skip(bytes, 1);
	end = span_byte(rest, '\n');
	line = end == SIZE_MAX ? rest : span_of(rest.at, end);
	if (end == SIZE_MAX && rest.len < SNIFF_MAX)
		return surely_request(method, rest) ? SNIFF_HTTP : SNIFF_MAYBE_HTTP;
	if (span_find(line, SPAN("RTSP/")) != SIZE_MAX || span_starts(line, SPAN("* HTTP/2")))
		return SNIFF_NONE;
	/* The blank before the version may be missing: servers answer such lines, too. */
	if (span_find(line, SPAN(" HTTP/")) != SIZE_MAX || span_find(line, SPAN("/HTTP/1.")) != SIZE_MAX ||
	    surely_request(method, line))
		return SNIFF_HTTP;
	return SNIFF_NONE;
}

/* A record whose first byte of content, bytes[5], fits its type. */
static bool fits_record(const uint8_t bytes[static 6], size_t length, bool joined)
{
	switch (bytes[0]) {
	case TLSREC_HANDSHAKE:
		return joined || bytes[5] == CLIENT_HELLO || bytes[5] == SERVER_HELLO;
	case TLSREC_ALERT:
		return length == 2 ? bytes[5] == 1 || bytes[5] == 2 : joined;
	case TLSREC_CHANGE_CIPHER_SPEC:
		return joined && length == 1 && bytes[5] == 1;
	case TLSREC_APPLICATION_DATA:
		return joined;
	default:
		return false;
	}
}

static enum sniff record(struct span bytes, bool joined)
{
	static const uint8_t low[] = { TLSREC_CHANGE_CIPHER_SPEC, 3, 0 };
	static const uint8_t high[] = { TLSREC_APPLICATION_DATA, 3, 4 };
	enum { ENOUGH = 6 };
	size_t length;

	for (size_t i = 0; i < sizeof low && i < bytes.len; i++)
		if (bytes.at[i] < low[i] || bytes.at[i] > high[i])
			return SNIFF_NONE;
	if (bytes.len < ENOUGH)
		return SNIFF_MAYBE_TLS;
	length = (size_t)(bytes.at[3] << 8 | bytes.at[4]);
	if (!length || length > TLSREC_LENGTH_MAX)
		return SNIFF_NONE;
	return fits_record(bytes.at, length, joined) ? SNIFF_TLS : SNIFF_NONE;
}

static enum sniff sslv2_hello(struct span bytes)
{
	uint16_t version;
	size_t rest;

	if (!(*bytes.at & 0x80) || (bytes.len > 2 && bytes.at[2] != CLIENT_HELLO))
		return SNIFF_NONE;
	if (bytes.len < SSLV2_HELLO_LEN)
		return SNIFF_MAYBE_TLS;
	return sslv2_hello_read(span_of(bytes.at, SSLV2_HELLO_LEN), &rest, &version) ? SNIFF_TLS : SNIFF_NONE;
}

enum sniff sniff_start(struct span bytes, bool joined)
{
	enum sniff found = SNIFF_MAYBE_HTTP;

	if (!bytes.len)
		return SNIFF_MAYBE_HTTP;
	found = record(bytes, joined);
	if (found == SNIFF_NONE && !joined)
		found = sslv2_hello(bytes);
	if (found == SNIFF_NONE)
		found = status_line(bytes);
	if (found == SNIFF_NONE)
		found = request_line(bytes);
	return found;
}

enum sniff sniff_port(unsigned port)
{
	static const struct {
		uint16_t port;
		enum sniff spoken;
	} ports[] = {
		{ 80, SNIFF_HTTP }, { 8530, SNIFF_HTTP }, { 3128, SNIFF_HTTP }, { 8080, SNIFF_HTTP },
		{ 443, SNIFF_TLS }, { 8531, SNIFF_TLS }, { 53, SNIFF_DNS },
	};

	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (ports[i].port == port)
			return ports[i].spoken;
	return SNIFF_NONE;
}
