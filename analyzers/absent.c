/* analyzers/absent.c - update files that the server does not hand out (404).
 *
 * A server announces files before it has them (MS-WUSP note 56): a 404 that the file follows soon is none.
 * IIS also says 404 to types that it has no MIME type for (404.3), and the sub-status stays in its log.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "analyzers/content.h"
#include "base/tongue.h"

enum { CASES_MAX = 4096, STOCKS_MAX = 1024, FILES_KEPT = 6, TYPES_KEPT = 8, TYPE_TEXT = 8, PATH_TEXT = 80 };

struct absent_file {
	char path[PATH_TEXT];
	char text[UPDATE_FILE_TEXT];
	char type[TYPE_TEXT];
	bool announced, came;
};

struct absence {                        /* of one client, at one server */
	struct web_case failures;
	struct server_key server;
	enum confidence confidence;
	bool pending, told;
	unsigned count, kept;           /* files; those beyond `kept` are only counted */
	struct absent_file files[FILES_KEPT];
};

struct stock {                          /* the types that a server was seen to hand out */
	char types[TYPES_KEPT][TYPE_TEXT];
	unsigned count;
};

void absences_init(struct absences *a, const struct analyzer_env *env)
{
	a->env = env;
	map_init(&a->cases, CASES_MAX);
	map_init(&a->stocks, STOCKS_MAX);
}

void absences_release(struct absences *a)
{
	map_release_values(&a->cases);
	map_release_values(&a->stocks);
}

static void type_text(const struct exchange *x, char type[static TYPE_TEXT])
{
	web_printable(updatefile_type(x->path), type, TYPE_TEXT);
}

static bool has_type(const struct stock *s, const char *type)
{
	for (unsigned i = 0; s && i < s->count; i++)
		if (!strcasecmp(s->types[i], type))
			return true;
	return false;
}

static const struct stock *stock_of(const struct absences *a, const struct server_key *server)
{
	const struct map_entry *e = map_find(&a->stocks, span_of(server->bytes, server->len));

	return e ? e->value : NULL;
}

/* ---- verdicts ---- */

/* Types that IIS of some age does not know by itself. */
static bool is_odd_type(const char *type)
{
	static const char *const types[] = { ".psf", ".esd", ".wim", ".dcd", ".msu", ".msix", ".appx" };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcasecmp(type, types[i]))
			return true;
	return false;
}

static const struct absent_file *first_absent(const struct absence *c)
{
	for (unsigned i = 0; i < c->kept; i++)
		if (!c->files[i].came)
			return &c->files[i];
	return NULL;
}

static unsigned still_absent(const struct absence *c)
{
	unsigned count = c->count;

	for (unsigned i = 0; i < c->kept; i++)
		count -= c->files[i].came;
	return count;
}

/* Nothing of that type was handed out, though it is one that IIS may not know. */
static bool is_type_suspect(const struct absences *a, const struct absence *c, const char *type)
{
	for (unsigned i = 0; i < c->kept; i++)
		if (!c->files[i].came && strcasecmp(c->files[i].type, type) != 0)
			return false;
	return is_odd_type(type) && !has_type(stock_of(a, &c->server), type);
}

static void raise_case(const struct absences *a, struct absence *c, const char *files)
{
	static const char mime[] =
		N_("IIS Manager > the server > MIME Types: add the extension as application/octet-stream\n"
		"WSUS console: is the file still downloading? Then wait; replicas lag behind their parent\n"
		"Let WSUS compare and fetch again: wsusutil reset");
	const struct analyzer_env *env = a->env;
	const struct absent_file *file = first_absent(c);
	bool announced = file->announced;

	if (is_type_suspect(a, c, file->type)) {
		c->failures.remedy = mime;
		web_raise(env, FINDING_CONTENT_MISSING, &c->failures, c->confidence,
			  "The server does not hand out an update file of type %s (404): %s. It is not there "
			  "yet, or IIS has no MIME type for this extension (IIS Manager > MIME Types).",
			  file->type, files);
	} else {
		web_raise(env, FINDING_CONTENT_MISSING, &c->failures, c->confidence,
			  "The server does not have an update file (404)%s: %s. %s",
			  announced ? _(" that it announced") : "", files,
			  has_type(stock_of(a, &c->server), file->type)
				  ? _("Others it hands out: its download from the upstream is not finished.")
				  : _("Its download from the upstream is not finished, or the content folder "
				    "moved."));
	}
}

static void judge(const struct absences *a, struct absence *c)
{
	unsigned count = still_absent(c);
	const struct absent_file *file = first_absent(c);
	char files[UPDATE_FILE_TEXT + 32];

	c->pending = false;
	if (!count || !file)
		return;
	c->told = true;
	if (count == 1)
		snprintf(files, sizeof files, "%s", file->text);
	else
		tongue_say(files, sizeof files, "%s, and %u more", file->text, count - 1);
	raise_case(a, c, files);
}

void absences_look(struct absences *a, int64_t before)
{
	for (size_t i = 0; i < a->cases.count; i++) {
		struct absence *c = a->cases.entries[i].value;

		if (c && c->pending && c->failures.first < before)
			judge(a, c);
	}
}

/* ---- gathering ---- */

static struct absent_file *file_of(struct absence *c, const char *path)
{
	for (unsigned i = 0; i < c->kept; i++)
		if (!strcasecmp(c->files[i].path, path))
			return &c->files[i];
	return NULL;
}

static void note_file(const struct absences *a, struct absence *c, const struct exchange *x)
{
	const struct update_file *told = NULL;
	uint8_t sha1[SHA1_BYTES];
	struct absent_file *file;
	char path[PATH_TEXT];

	web_printable(x->path, path, sizeof path);
	file = file_of(c, path);
	if (file) {
		file->came = false;
		return;
	}
	c->count++;
	if (c->kept == FILES_KEPT)
		return;
	if (updatefile_read(x->path, sha1) != UPDATEFILE_OTHER)
		told = updates_file(a->env->updates, sha1);
	file = &c->files[c->kept++];
	memcpy(file->path, path, sizeof path);
	file->announced = told != NULL;
	if (told) {
		struct evidence here = evidence_at(told->frame, "the file is announced");

		evidence_keep(c->failures.evidence, &c->failures.evidence_count, &here);
	}
	update_file_text(told, x->path, file->text);
	type_text(x, file->type);
}

static void take_refusal(struct absences *a, const struct exchange *x)
{
	struct content_key key = content_key_of(x, SPAN(""));
	struct absence *c = map_value(&a->cases, span_of(key.bytes, key.len), sizeof *c);

	if (!c) {
		limit_add(a->env->limits, LIMIT_FINDING_CEILING, 1);
		return;
	}
	if (c->pending) {
		web_case_add(&c->failures, x, true);
	} else {
		c->pending = true;
		c->failures = web_case_of(x);
		c->server = web_server_key(x);
		c->confidence = web_confidence(x);
		c->count = c->kept = 0;
	}
	note_file(a, c, x);
}

static void note_stock(struct absences *a, const struct exchange *x)
{
	struct server_key server = web_server_key(x);
	struct stock *s = map_value(&a->stocks, span_of(server.bytes, server.len), sizeof *s);
	char type[TYPE_TEXT];

	type_text(x, type);
	if (s && s->count < TYPES_KEPT && type[0] && !has_type(s, type))
		memcpy(s->types[s->count++], type, sizeof type);
}

static void take_success(struct absences *a, const struct exchange *x)
{
	struct content_key key = content_key_of(x, SPAN(""));
	struct map_entry *e = a->cases.count ? map_find(&a->cases, span_of(key.bytes, key.len)) : NULL;
	struct absence *c = e ? e->value : NULL;
	struct absent_file *file;
	char path[PATH_TEXT];

	note_stock(a, x);
	if (!c)
		return;
	file = file_of(c, web_printable(x->path, path, sizeof path));
	if (!file || file->came)
		return;
	file->came = true;
	if (c->told && !still_absent(c))
		finding_ease(a->env->findings, FINDING_CONTENT_MISSING, &x->conn->client.addr,
			     &x->conn->server);
}

void absences_exchange(struct absences *a, const struct exchange *x)
{
	if (wsus_exchange_place(x) != WSUS_CONTENT)
		return;
	if (x->status == 200 || x->status == 206)
		take_success(a, x);
	else if (web_is_absent_file(x))
		take_refusal(a, x);
}
