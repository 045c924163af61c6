/* facts/answerer.c - weighing the marks of answerers.def. */
#include "facts/answerer.h"
#include "facts/exchange.h"

/* Below this many points nobody is named. */
enum { ENOUGH = 40, CERTAIN = 99 };

/* How much of a body the marks of its beginning are looked for in. */
enum { BEGINNING_LEN = 300 };

/* Where marks stand.  HEADER rows name the header; others are gathered by hand. */
#define HEADERS(X)                                      \
	X(SERVER,             "Server")                 \
	X(VIA,                "Via")                    \
	X(X_CACHE,            "X-Cache")                \
	X(CACHE_STATUS,       "Cache-Status")           \
	X(POWERED_BY,         "X-Powered-By")           \
	X(ASPNET_VERSION,     "X-AspNet-Version")       \
	X(CONTENT_TYPE,       "Content-Type")           \
	X(ENCODING,           "Content-Encoding")       \
	X(LENGTH,             "Content-Length")         \
	X(SQUID_ERROR,        "X-Squid-Error")          \
	X(PROXY_AUTHENTICATE, "Proxy-Authenticate")     \
	X(PROXY_CONNECTION,   "Proxy-Connection")       \
	X(LOCATION,           "Location")

#define X(symbol, name) IN_##symbol,
enum place {
	HEADERS(X) HEADER_COUNT,
	IN_STATUS = HEADER_COUNT,       /* there whenever a status is */
	IN_METHOD,
	IN_REASON_PHRASE,
	IN_BODY,                        /* of error pages and web pages; never of SOAP that went well */
	IN_BEGINNING,
	IN_FOREIGN,                     /* a Location at another host */
	PLACE_COUNT,
};
#undef X

#define PRODUCT(symbol, role, name) PRODUCT_##symbol,
enum product {
#include "facts/answerers.def"
	PRODUCT_COUNT
};

static const struct product_row {
	enum answerer_role role;
	const char *name;
} products[] = {
#define PRODUCT(symbol, role, name) { ANSWERER_##role, name },
#include "facts/answerers.def"
};

static const struct mark_row {
	enum product product;
	enum place place;
	uint16_t from, to;
	struct span text;
	unsigned points;
} marks[] = {
#define MARK(product, place, from, to, text, points) \
	{ PRODUCT_##product, IN_##place, from, to, SPAN_LIT(text), points },
#include "facts/answerers.def"
};

static const struct version_row {
	enum product product;
	enum place place;
	struct span text;
} versions[] = {
#define VERSION(product, place, text) { PRODUCT_##product, IN_##place, SPAN_LIT(text) },
#include "facts/answerers.def"
};

static const struct reason_row {
	enum product product;
	enum place place;
	struct span after, until;
} reasons[] = {
#define REASON(product, place, after, until) \
	{ PRODUCT_##product, IN_##place, SPAN_LIT(after), SPAN_LIT(until) },
#include "facts/answerers.def"
};

static const struct span header_names[] = {
#define X(symbol, name) SPAN_LIT(name),
	HEADERS(X)
#undef X
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

const char *answerer_role_name(enum answerer_role r)
{
#define X(symbol, name, text) [ANSWERER_##symbol] = name,
	static const char *const names[] = { ANSWERER_ROLES(X) };
#undef X
	return names[r];
}

const char *answerer_role_text(enum answerer_role r)
{
#define X(symbol, name, text) [ANSWERER_##symbol] = text,
	static const char *const texts[] = { ANSWERER_ROLES(X) };
#undef X
	return texts[r];
}

bool answerer_is_box(const struct answerer *a)
{
	return a->role == ANSWERER_PROXY || a->role == ANSWERER_FILTER ||
	       a->role == ANSWERER_PORTAL || a->role == ANSWERER_REVERSE;
}

/* "http://host:port/..." leads elsewhere than the request went. */
static bool is_foreign(struct span location, struct span host)
{
	size_t scheme = span_find(location, SPAN("://"));
	struct span rest, name;

	if (scheme == SIZE_MAX || scheme > 5 || !host.len)
		return false;
	rest = span_skip(location, scheme + 3);
	name = span_split(&rest, '/');
	return !span_ieq(span_split(&name, ':'), span_split(&host, ':'));
}

static void gather_headers(const struct http_message *m, struct span at[PLACE_COUNT])
{
	for (size_t i = 0; i < m->header_count; i++) {
		const struct http_header *h = &m->headers[i];

		for (size_t k = 0; k < HEADER_COUNT; k++) {
			if (h->name.len != header_names[k].len || !span_ieq(h->name, header_names[k]))
				continue;
			/* ARR adds its own X-Powered-By to the application's. */
			if (!at[k].at || (k == IN_POWERED_BY && span_istarts(h->value, SPAN("ARR/"))))
				at[k] = h->value;
			break;
		}
	}
}

static void gather(const struct exchange *x, struct span at[PLACE_COUNT])
{
	struct span body = x->response.body.start;

	gather_headers(&x->response, at);
	at[IN_STATUS] = SPAN("");
	at[IN_METHOD] = x->method;
	at[IN_REASON_PHRASE] = x->reason;
	at[IN_BEGINNING] = span_of(body.at, body.len < BEGINNING_LEN ? body.len : BEGINNING_LEN);
	if (x->status >= 400 || span_istarts(at[IN_CONTENT_TYPE], SPAN("text/html")))
		at[IN_BODY] = body;
	if (x->status >= 300 && x->status < 400 && is_foreign(at[IN_LOCATION], x->host))
		at[IN_FOREIGN] = SPAN("");
}

static bool stands(const struct mark_row *mark, struct span text)
{
	if (!text.at)
		return false;
	if (mark->place == IN_LENGTH)
		return span_eq(text, mark->text);
	if (mark->place == IN_BODY || mark->place == IN_BEGINNING)
		return span_find(text, mark->text) != SIZE_MAX;
	if (mark->place == IN_SERVER || mark->place == IN_CONTENT_TYPE || mark->place == IN_POWERED_BY)
		return span_istarts(text, mark->text);
	return span_ifind(text, mark->text) != SIZE_MAX;
}

static void weigh(uint16_t status, const struct span at[PLACE_COUNT], unsigned points[PRODUCT_COUNT])
{
	for (size_t i = 0; i < COUNT(marks); i++)
		if (status >= marks[i].from && status <= marks[i].to && stands(&marks[i], at[marks[i].place]))
			points[marks[i].product] += marks[i].points;
}

static struct span version_of(size_t product, const struct span at[PLACE_COUNT])
{
	for (size_t i = 0; i < COUNT(versions); i++) {
		struct span text = at[versions[i].place];
		size_t found, end = 0;

		if (versions[i].product != product || !text.at)
			continue;
		found = span_ifind(text, versions[i].text);
		if (found == SIZE_MAX)
			continue;
		text = span_skip(text, found + versions[i].text.len);
		while (end < text.len && span_byte(SPAN(" );,"), text.at[end]) == SIZE_MAX)
			end++;
		return span_of(text.at, end);
	}
	return span_of(NULL, 0);
}

static struct span reason_of(size_t product, const struct span at[PLACE_COUNT])
{
	for (size_t i = 0; i < COUNT(reasons); i++) {
		const struct reason_row *row = &reasons[i];
		size_t begin, len;
		struct span text = at[row->place];

		if (row->product != product || !text.at)
			continue;
		begin = span_find(text, row->after);
		if (begin == SIZE_MAX)
			continue;
		text = span_skip(text, begin + row->after.len);
		len = row->until.len ? span_find(text, row->until) : text.len;
		if (len != SIZE_MAX)
			return span_trim(span_of(text.at, len));
	}
	return span_of(NULL, 0);
}

/* The name that a box gives itself: "1.1 HOST (squid/5.7)" (RFC 9110 section 7.6.3; the maker of an answer
 * stands first), "MISS from HOST". */
static struct span host_of(const struct span at[PLACE_COUNT])
{
	struct span via = span_trim(at[IN_VIA]), cache = at[IN_X_CACHE];
	size_t from = span_ifind(cache, SPAN(" from "));

	span_split(&via, ' ');
	via = span_split(&via, ',');
	if (via.len)
		return span_split(&via, ' ');
	if (from == SIZE_MAX)
		return span_of(NULL, 0);
	cache = span_trim(span_skip(cache, from + 6));
	return span_split(&cache, ' ');
}

/* A product of that role, by name, that left any mark; PRODUCT_COUNT. */
static size_t named_like(enum answerer_role role, const unsigned points[PRODUCT_COUNT])
{
	size_t named = PRODUCT_COUNT;

	for (size_t i = 0; i < PRODUCT_COUNT; i++) {
		enum answerer_role its = products[i].role;
		bool alike = its == role || (role == ANSWERER_PROXY && its == ANSWERER_FILTER);

		if (!alike || !products[i].name || !points[i])
			continue;
		if (named == PRODUCT_COUNT || points[i] > points[named])
			named = i;
	}
	return named;
}

/* The heaviest; where that is nobody by name, a named one of its kind. */
static size_t winner(const unsigned points[PRODUCT_COUNT], unsigned *confidence)
{
	size_t best = 0, named;

	for (size_t i = 1; i < PRODUCT_COUNT; i++)
		if (points[i] > points[best])
			best = i;
	*confidence = points[best];
	named = products[best].name ? PRODUCT_COUNT : named_like(products[best].role, points);
	/* A name makes nobody of whom there are too few marks. */
	if (named != PRODUCT_COUNT && *confidence >= ENOUGH) {
		*confidence += points[named];
		best = named;
	}
	if (*confidence > CERTAIN)
		*confidence = CERTAIN;
	return best;
}

/* Web servers say 502 and 504 only of others that they stand before.  Some products, and nobody by
 * name, stand on either side: what a client asked a proxy for, that proxy answered. */
static enum answerer_role role_here(size_t product, const struct exchange *x)
{
	const struct product_row *row = &products[product];
	bool gateway = x->status == 502 || x->status == 504;

	if ((row->role == ANSWERER_WEB_SERVER && gateway) || product == PRODUCT_APACHE_PROXY ||
	    product == PRODUCT_SOME_REVERSE)
		return x->via_proxy ? ANSWERER_PROXY : ANSWERER_REVERSE;
	return row->role;
}

struct answerer answerer_of(const struct exchange *x)
{
	struct span at[PLACE_COUNT] = { { NULL, 0 } };
	unsigned points[PRODUCT_COUNT] = { 0 };
	struct answerer a = { ANSWERER_UNKNOWN, 0, NULL, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	size_t best;

	if (!x->response.present || !x->status)
		return a;
	gather(x, at);
	weigh(x->status, at, points);
	best = winner(points, &a.confidence);
	if (a.confidence < ENOUGH)
		return a;
	a.role = role_here(best, x);
	a.product = products[best].name;
	a.version = version_of(best, at);
	a.error = reason_of(best, at);
	if (answerer_is_box(&a))
		a.host = host_of(at);
	return a;
}
