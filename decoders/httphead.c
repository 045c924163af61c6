/* decoders/httphead.c - start lines and headers. */
#include "decoders/httphead.h"

/* tchar of RFC 9110 section 5.6.2. */
static bool is_token(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_blank(uint8_t c) { return c == ' ' || c == '\t'; }

static void note(struct httphead *head, enum http_anomaly what)
{
	head->anomalies |= 1u << what;
}

static size_t token_len(struct span text)
{
	size_t len = 0;

	while (len < text.len && is_token(text.at[len]))
		len++;
	return len;
}

static struct span skip_blanks(struct span text)
{
	while (text.len && is_blank(text.at[0]))
		text = span_skip(text, 1);
	return text;
}

static struct span take_word(struct span *text)
{
	size_t len = 0;

	while (len < text->len && !is_blank(text->at[len]))
		len++;
	return span_take(text, len);
}

/* "HTTP/1.1", and what is like it: the name, a digit, perhaps a point and a digit. */
static bool read_version(struct httphead *head, struct span word)
{
	if (!span_istarts(word, SPAN("HTTP/")) || word.len < 6 || !is_digit(word.at[5]))
		return false;
	head->version = (uint8_t)((word.at[5] - '0') * 10);
	if (word.len == 8 && word.at[6] == '.' && is_digit(word.at[7]))
		head->version = (uint8_t)(head->version + word.at[7] - '0');
	else
		note(head, HTTP_VERSION_ODD);
	if (head->version != 10 && head->version != 11)
		note(head, HTTP_VERSION_ODD);
	return true;
}

/* Targets may hold raw spaces, as many a client sends them: the version is the last word. */
static bool read_request_line(struct httphead *head, struct span line)
{
	size_t end;

	head->method = take_word(&line);
	line = span_trim(line);
	if (!head->method.len || head->method.len > HTTPHEAD_METHOD_MAX ||
	    token_len(head->method) != head->method.len || !line.len)
		return false;
	for (end = line.len; end > 0 && !is_blank(line.at[end - 1]);)
		end--;
	head->target = line;
	if (end && read_version(head, span_skip(line, end))) {
		head->target = span_trim(span_of(line.at, end));
		return true;
	}
	/* "POST /HTTP/1.1", "POST HTTP/1.1": something is missing, yet servers answer it. */
	if (span_find(line, SPAN("HTTP/")) != SIZE_MAX) {
		note(head, HTTP_BAD_START_LINE);
		head->version = 10;
		return true;
	}
	/* RFC 1945 section 4.1: HTTP/0.9 knows GET alone, and its target is a path. */
	head->version = 9;
	return span_eq(head->method, SPAN("GET")) && line.at[0] == '/';
}

static bool read_status_line(struct httphead *head, struct span line)
{
	struct span word = take_word(&line);
	uint64_t status;

	if (span_eq(word, SPAN("ICY")))         /* SHOUTcast's own */
		head->version = 10;
	else if (!read_version(head, word))
		return false;
	line = skip_blanks(line);
	word = take_word(&line);
	if (word.len != 3 || !span_decimal(word, &status) || status < 100)
		return false;
	head->status = (uint16_t)status;
	head->reason = span_trim(line);
	return true;
}

static bool read_start_line(struct httphead *head, struct span line)
{
	return head->response ? read_status_line(head, line) : read_request_line(head, line);
}

/* RFC 9112 section 6.3: the same number several times over is that number. */
static void read_length(struct httphead *head, struct span value)
{
	do {
		struct span word = span_trim(span_split(&value, ','));
		uint64_t length;

		if (!span_decimal(word, &length) || length > INT64_MAX) {
			note(head, HTTP_BAD_LENGTH);
			head->bad_length = true;
		} else if (!head->has_length) {
			head->has_length = true;
			head->length = length;
		} else if (head->length != length) {
			note(head, HTTP_LENGTH_CONFLICT);
		}
	} while (value.len);
}

static void read_coding(struct httphead *head, struct span value)
{
	struct span word = { NULL, 0 };

	do
		word = span_trim(span_split(&value, ','));
	while (value.len);
	if (span_ieq(word, SPAN("identity")) && !head->has_coding)
		return;                 /* RFC 2616 section 3.6 had it; it changes nothing */
	head->has_coding = true;
	head->chunked = span_ieq(word, SPAN("chunked"));
}

static void read_framing(struct httphead *head, const struct http_header *header)
{
	if (header->name.len == 14 && span_ieq(header->name, SPAN("Content-Length")))
		read_length(head, header->value);
	else if (header->name.len == 17 && span_ieq(header->name, SPAN("Transfer-Encoding")))
		read_coding(head, header->value);
}

/* A line that begins with a blank goes on with the header before it (RFC 9112 section 5.2). */
static void read_fold(struct httphead *head, struct span line)
{
	struct http_header *header = &head->headers[head->header_count - 1];

	note(head, HTTP_FOLDED);
	line = span_trim(line);
	if (line.len)
		header->value.len = (size_t)(line.at + line.len - header->value.at);
}

static void read_header(struct httphead *head, struct span line)
{
	struct http_header header;
	size_t colon;

	if (is_blank(line.at[0]) && head->header_count) {
		read_fold(head, line);
		return;
	}
	colon = span_byte(line, ':');
	header.name = span_trim(span_of(line.at, colon == SIZE_MAX ? 0 : colon));
	if (!header.name.len || is_blank(line.at[0])) {
		note(head, HTTP_BAD_HEADER);
		return;
	}
	header.value = span_trim(span_skip(line, colon + 1));
	read_framing(head, &header);
	if (head->header_count < HTTPHEAD_HEADERS_MAX)
		head->headers[head->header_count++] = header;
	else
		note(head, HTTP_TOO_MANY_HEADERS);
}

/* The next line without its end; false: it does not end in *bytes. */
static bool take_line(struct httphead *head, struct span *bytes, struct span *line)
{
	size_t end = span_byte(*bytes, '\n');

	if (end == SIZE_MAX)
		return false;
	*line = span_take(bytes, end + 1);
	line->len--;
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	else
		note(head, HTTP_BARE_LF);
	return true;
}

/* Everything but the headers, which are many and counted. */
static void clear(struct httphead *head, bool response)
{
	memset(head, 0, offsetof(struct httphead, headers));
	head->response = response;
}

enum httphead_status httphead_read(struct httphead *head, bool response, struct span bytes,
                                   bool last)
{
	struct span rest = bytes, line;

	clear(head, response);
	if (!take_line(head, &rest, &line))
		return HTTPHEAD_MORE;
	if (!read_start_line(head, line))
		return HTTPHEAD_BAD;
	if (head->version == 9)
		head->complete = true;
	while (!head->complete && take_line(head, &rest, &line)) {
		if (line.len)
			read_header(head, line);
		else
			head->complete = true;
	}
	head->bytes = span_of(bytes.at, bytes.len - rest.len);
	if (head->has_coding && (head->has_length || head->bad_length))
		note(head, HTTP_LENGTH_AND_CHUNKED);
	if (head->has_coding && !head->chunked)
		note(head, HTTP_UNKNOWN_CODING);
	return head->complete || last ? HTTPHEAD_READ : HTTPHEAD_MORE;
}

enum http1_framing httphead_framing(const struct httphead *head)
{
	uint16_t status = head->status;

	if (status && (status < 200 || status == 204 || status == 304))
		return HTTP1_EMPTY;
	if (head->chunked)
		return HTTP1_CHUNKED;
	if (head->response && head->has_coding)
		return HTTP1_UNTIL_CLOSE;
	if (head->has_length)
		return head->length ? HTTP1_LENGTH : HTTP1_EMPTY;
	return head->response ? HTTP1_UNTIL_CLOSE : HTTP1_EMPTY;
}

static bool is_prefix(struct span bytes, struct span of)
{
	return span_istarts(bytes, span_of(of.at, bytes.len < of.len ? bytes.len : of.len));
}

bool httphead_plausible(bool response, struct span bytes)
{
	size_t len;

	if (response)
		return is_prefix(bytes, SPAN("HTTP/")) || is_prefix(bytes, SPAN("ICY "));
	len = token_len(bytes);
	if (len == bytes.len)
		return len <= HTTPHEAD_METHOD_MAX;
	return len && len <= HTTPHEAD_METHOD_MAX && is_blank(bytes.at[len]);
}

/* "HTTP/1.1 200" and a blank or the line's end. */
static bool is_status(struct span text)
{
	return text.len > 12 && is_digit(text.at[7]) && text.at[8] == ' ' && is_digit(text.at[9]) &&
	       is_digit(text.at[10]) && is_digit(text.at[11]) && text.at[12] <= ' ';
}

/* "HTTP/1.1" at the end of `line`, whose blanks are trimmed. */
static bool is_version(struct span line, size_t at)
{
	return line.len == at + 8 && is_digit(line.at[at + 7]);
}

/* Where "METHOD SP target" begins in `text`, which a version follows.  The method's letters are
 * the last run of capitals before the blank, so "</s:Envelope>POST /x" is understood. */
static size_t find_method(struct span text)
{
	for (size_t i = 0; i + 1 < text.len; i++) {
		size_t start = i;

		if (text.at[i] != ' ' || is_blank(text.at[i + 1]))
			continue;
		while (start > 0 && ((text.at[start - 1] >= 'A' && text.at[start - 1] <= 'Z') ||
		                     text.at[start - 1] == '_' || text.at[start - 1] == '-'))
			start--;
		if (i - start >= 3 && i - start <= HTTPHEAD_METHOD_MAX)
			return start;
	}
	return SIZE_MAX;
}

/* What is found must be what httphead_read takes, or a search would find it again and again. */
static bool is_start(bool response, struct span line)
{
	struct httphead head;
	struct span text;

	clear(&head, response);
	return take_line(&head, &line, &text) && read_start_line(&head, text);
}

size_t httphead_find(bool response, struct span line)
{
	struct span const mark = SPAN("HTTP/1.");
	struct span trimmed = span_trim(line);
	size_t from = 0;

	/* From its beginning, so that offsets stay: only the end matters. */
	trimmed = span_of(line.at, trimmed.len ? (size_t)(trimmed.at + trimmed.len - line.at) : 0);
	for (;;) {
		size_t at = span_find(span_skip(line, from), mark), start = SIZE_MAX;
		struct span found;

		if (at == SIZE_MAX)
			return SIZE_MAX;
		from += at;
		found = span_skip(line, from);
		if (response && is_status(found))
			start = from;
		else if (!response && from && line.at[from - 1] == ' ' && is_version(trimmed, from))
			start = find_method(span_of(line.at, from - 1));
		if (start != SIZE_MAX && is_start(response, span_skip(line, start)))
			return start;
		from += mark.len;
	}
}

size_t httphead_unfold(uint8_t *value, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		if (value[i] != '\n') {
			value[to++] = value[i];
			continue;
		}
		while (to > 0 && (is_blank(value[to - 1]) || value[to - 1] == '\r'))
			to--;
		while (i + 1 < len && value[i + 1] && strchr(" \t\r\n", value[i + 1]))
			i++;
		value[to++] = ' ';
	}
	return to;
}
