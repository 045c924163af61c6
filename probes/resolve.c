/* probes/resolve.c - names, servers and families in turn, until one has an address. */
#include "probes/resolve.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"

enum { A, AAAA, FAMILIES, NAMES_MAX = ASK_SUFFIXES_MAX + 1, HOSTS_MAX = 1 << 20 };
enum { TYPE_A = 1, TYPE_AAAA = 28, NXDOMAIN = 3, SAID = 64 };

struct resolve {
	struct loop *loop;
	struct tape *tape;
	struct resolve_options options;
	char names[NAMES_MAX][LOOKUP_NAME];
	unsigned name_count, name;      /* and which is asked for */
	unsigned server;                /* which is asked */
	struct ask *asks[FAMILIES];
	struct lookup answers[FAMILIES];
	int64_t began;
	struct loop_timer end;
	struct resolve_result result;
	void (*done)(void *self, const struct resolve_result *result);
	void *self;
};

/* ---- names ---- */

static void add_name(struct resolve *r, const char *host, const char *suffix)
{
	char *to = r->names[r->name_count];
	int len = snprintf(to, LOOKUP_NAME, suffix ? "%s.%s" : "%s", host, suffix);

	if (len > 0 && len < LOOKUP_NAME)
		r->name_count++;
}

static void list_names(struct resolve *r)
{
	const struct ask_system *s = r->options.system;
	const char *host = r->options.host;

	for (unsigned i = 0; i < s->suffix_count && !strchr(host, '.'); i++)
		add_name(r, host, s->suffixes[i]);
	add_name(r, host, NULL);
}

static void read_hosts(struct resolve *r)
{
	struct resolve_result *to = &r->result;
	FILE *file = r->options.hosts ? fopen(r->options.hosts, "re") : NULL;
	char *text = file ? malloc(HOSTS_MAX) : NULL;
	size_t len;

	if (text) {
		len = fread(text, 1, HOSTS_MAX, file);
		to->count = hosts_find(span_of(text, len), r->options.host, r->options.v4, false,
		                       to->addresses, RESOLVE_ADDRESSES);
		to->count += hosts_find(span_of(text, len), r->options.host, false, r->options.v6,
		                        to->addresses + to->count, RESOLVE_ADDRESSES - to->count);
		to->from_hosts = to->count;
		if (to->count)
			snprintf(to->name, sizeof to->name, "%s", r->options.host);
	}
	free(text);
	if (file)
		fclose(file);
}

/* ---- questions ---- */

static void next_question(struct resolve *r);

static void finish(struct resolve *r)
{
	void (*done)(void *self, const struct resolve_result *result) = r->done;
	struct resolve_result result = r->result;
	void *self = r->self;

	resolve_stop(r);
	done(self, &result);
}

static void end_fired(void *self)
{
	struct resolve *r = self;

	if (r->result.from_hosts || !r->options.system->server_count)
		finish(r);
	else
		next_question(r);
}

static struct resolve_note *add_note(struct resolve *r)
{
	struct resolve_result *to = &r->result;

	if (to->note_count == RESOLVE_NOTES) {
		memmove(to->notes, to->notes + 1, sizeof to->notes - sizeof *to->notes);
		to->note_count--;
	}
	to->notes[to->note_count] = (struct resolve_note){
		.server = r->options.system->servers[r->server],
		.took = loop_clock(r->loop) - r->began,
	};
	memcpy(to->notes[to->note_count].name, r->names[r->name], LOOKUP_NAME);
	return &to->notes[to->note_count++];
}

static void take_answer(struct resolve *r, const struct lookup *l)
{
	struct resolve_result *to = &r->result;

	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS && to->count < RESOLVE_ADDRESSES; i++)
		to->addresses[to->count++] = l->answers[i];
	if (!l->answer_count || to->name[0])
		return;
	memcpy(to->name, r->names[r->name], sizeof to->name);
	memcpy(to->canonical, l->canonical, sizeof to->canonical);
}

static const struct resolve_note *take_answers(struct resolve *r)
{
	struct resolve_note *n = add_note(r);

	for (unsigned i = 0; i < FAMILIES; i++) {
		n->asked[i] = i == A ? r->options.v4 : r->options.v6;
		if (!n->asked[i])
			continue;
		n->answered[i] = r->answers[i].answered;
		n->rcode[i] = r->answers[i].rcode;
		n->count[i] = r->answers[i].answer_count;
		take_answer(r, &r->answers[i]);
	}
	return n;
}

static bool is_silent(const struct resolve_note *n)
{
	return !n->answered[A] && !n->answered[AAAA];
}

/* A server that erred is asked no more for this name, one that said nothing for no name. */
static void questions_over(struct resolve *r)
{
	const struct resolve_note *n = take_answers(r);
	bool alone = r->options.server != RESOLVE_EVERY_SERVER;
	bool more_servers = !alone && r->server + 1 < r->options.system->server_count;

	if (r->result.count) {
		finish(r);
	} else if (resolve_note_failed(n) && more_servers) {
		r->server++;
		next_question(r);
	} else if (!is_silent(n) && r->name + 1 < r->name_count) {
		r->name++;
		next_question(r);
	} else {
		finish(r);
	}
}

static void family_over(struct resolve *r, unsigned family, const struct lookup *result)
{
	r->asks[family] = NULL;
	r->answers[family] = *result;
	if (!r->asks[A] && !r->asks[AAAA])
		questions_over(r);
}

static void a_over(void *self, const struct lookup *result)
{
	family_over(self, A, result);
}

static void aaaa_over(void *self, const struct lookup *result)
{
	family_over(self, AAAA, result);
}

static void next_question(struct resolve *r)
{
	struct ask_options o = {
		.name = r->names[r->name],
		.server = r->options.system->servers[r->server],
		.owner = r->options.owner,
		.timeout = r->options.timeout,
	};

	memset(r->answers, 0, sizeof r->answers);
	r->began = loop_clock(r->loop);
	if (r->options.v4) {
		o.type = TYPE_A;
		r->asks[A] = ask_start(r->loop, r->tape, &o, a_over, r);
	}
	if (r->options.v6) {
		o.type = TYPE_AAAA;
		r->asks[AAAA] = ask_start(r->loop, r->tape, &o, aaaa_over, r);
	}
	if (!r->asks[A] && !r->asks[AAAA])
		finish(r);
}

/* ---- from outside ---- */

struct resolve *resolve_start(struct loop *l, struct tape *t, const struct resolve_options *o,
                              void (*done)(void *self, const struct resolve_result *result), void *self)
{
	struct resolve *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->loop = l;
	r->tape = t;
	r->options = *o;
	r->done = done;
	r->self = self;
	r->server = o->server == RESOLVE_EVERY_SERVER ? 0 : o->server;
	r->end = (struct loop_timer){ .fired = end_fired, .self = r };
	list_names(r);
	read_hosts(r);
	loop_set(l, &r->end, loop_clock(l));
	return r;
}

void resolve_stop(struct resolve *r)
{
	if (!r)
		return;
	loop_clear(r->loop, &r->end);
	ask_stop(r->asks[A]);
	ask_stop(r->asks[AAAA]);
	free(r);
}

/* ---- words ---- */

const char *resolve_addresses_text(const struct addr *addresses, unsigned count,
                                   char text[static RESOLVE_TEXT])
{
	int len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < count && len + ADDR_TEXT + 2 < RESOLVE_TEXT; i++) {
		char one[ADDR_TEXT];

		len += snprintf(text + len, (size_t)(RESOLVE_TEXT - len), "%s%s", i ? ", " : "",
		                addr_text(&addresses[i], one));
	}
	return text;
}

bool resolve_note_failed(const struct resolve_note *n)
{
	for (unsigned i = 0; i < FAMILIES; i++)
		if (n->asked[i] && (!n->answered[i] || (n->rcode[i] && n->rcode[i] != NXDOMAIN)))
			return true;
	return false;
}

static const char *family_text(const struct resolve_note *n, unsigned family, char text[static 16])
{
	if (!n->answered[family])
		return _("no answer");
	if (n->rcode[family])
		return lookup_rcode_text(n->rcode[family], text);
	snprintf(text, 16, n->count[family] ? "%u" : "none", n->count[family]);
	return text;
}

long long resolve_ms(int64_t took)
{
	return (took + MOMENT_MS / 2) / MOMENT_MS;
}

/* "NXDOMAIN" for both families, "A 2, AAAA none", "A no answer". */
static void said_text(const struct resolve_note *n, char text[static SAID])
{
	char rcodes[FAMILIES][16];
	const char *a = family_text(n, A, rcodes[A]), *aaaa = family_text(n, AAAA, rcodes[AAAA]);

	if (!n->asked[A])
		snprintf(text, SAID, "AAAA %s", aaaa);
	else if (!n->asked[AAAA])
		snprintf(text, SAID, "A %s", a);
	else if (strcmp(a, aaaa) == 0)
		snprintf(text, SAID, "%s", a);
	else
		snprintf(text, SAID, "A %s, AAAA %s", a, aaaa);
}

const char *resolve_notes_text(const struct resolve_result *r, const char *host,
                               char text[static RESOLVE_TEXT])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < r->note_count && len < RESOLVE_TEXT; i++) {
		const struct resolve_note *n = &r->notes[i];
		bool other = strcmp(n->name, host) != 0;
		char server[ADDR_TEXT], said[SAID];

		said_text(n, said);
		len += tongue_say(text + len, RESOLVE_TEXT - len, "%s%s: %s%s%s in %lld ms",
		                        i ? "; " : "", addr_text(&n->server.addr, server),
		                        other ? n->name : "", other ? " " : "", said,
		                        resolve_ms(n->took));
	}
	return text;
}
