/* probes/autoload.c - where a proxy script lies: wpad in the DNS, a URL, a file; and whether it is one. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host.h"
#include "base/tongue.h"
#include "probes/autoproxy.h"
#include "probes/resolve.h"

enum { SOCKETS = 4, OK = 200, REDIRECTED = 300, REFUSED = 400, SHOWN = 160 };

/* What WinHTTP says for itself when it looks for a script. */
#define SCRIPT_AGENT "WinHttp-Autoproxy-Service/5.1"

struct work {
	struct auto_proxy *of;
	struct resolve *resolve;
	struct fetch *fetch;
	char url[FETCH_URL_MAX];
};

static struct auto_proxy *owner(const struct step *s)
{
	for (struct auto_proxy *a = s->plan->auto_proxy; a; a = a->next)
		if (a->find == s || a->load == s)
			return a;
	return NULL;
}

static struct work *begin(struct step *s)
{
	struct work *w = calloc(1, sizeof *w);

	if (w)
		w->of = owner(s);
	s->work = w;
	return w;
}

static void stop(struct step *s)
{
	struct work *w = s->work;

	resolve_stop(w->resolve);
	fetch_stop(w->fetch);
	step_forget(s);
}

/* ---- its host ---- */

/* Servers that answer, and know nobody of that name. */
static bool is_unknown(const struct resolve_result *r)
{
	for (unsigned i = 0; i < r->note_count; i++)
		if (resolve_note_failed(&r->notes[i]))
			return false;
	return r->note_count;
}

static void found(void *self, const struct resolve_result *r)
{
	struct step *s = self;
	struct auto_proxy *a = owner(s);
	char words[RESOLVE_TEXT], addresses[RESOLVE_TEXT];
	bool wpad = strcmp(a->source.host, "wpad") == 0;

	step_forget(s);
	resolve_notes_text(r, a->source.host, words);
	for (unsigned i = 0; i < r->count && i < SITE_ADDRESSES_MAX; i++)
		a->addresses[a->address_count++] = r->addresses[i];
	if (r->note_count)
		s->told.lookup = r->notes[r->note_count - 1].took;
	if (r->count) {
		/* As it is asked for then: Windows sends the whole name. */
		snprintf(a->source.host, sizeof a->source.host, "%.*s", TARGET_HOST_MAX - 1, r->name);
		step_end(s, CHECK_OK, "%s: %s", r->name,
		         resolve_addresses_text(r->addresses, r->count, addresses));
	} else if (wpad && is_unknown(r)) {
		a->absent = true;
		step_end(s, CHECK_OK, "nobody is called wpad, so clients take no script: %s", words);
	} else {
		step_end(s, CHECK_FAILED, "%s has no address: %s", a->source.host,
		         r->note_count ? words : _("there is no name server"));
	}
}

static void find(struct step *s)
{
	const struct plan *p = s->plan;
	struct work *w = begin(s);
	unsigned servers = p->system.server_count ? p->system.server_count : 1;
	int64_t share = step_timeout(s) / servers, most = step_connect_timeout(s);
	struct resolve_options o = {
		.host = w ? w->of->source.host : "",
		.system = &p->system,
		.server = RESOLVE_EVERY_SERVER,
		.v4 = !p->options->only_v6,
		.v6 = !p->options->only_v4,
		.hosts = "/etc/hosts",
		.owner = s->told.number,
		.timeout = share < most ? share : most,
	};

	if (w)
		w->resolve = resolve_start(p->loop, p->tape, &o, found, s);
	if (w && w->resolve)
		return;
	step_forget(s);
	step_end(s, CHECK_FAILED, "out of memory");
}

/* ---- its text ---- */

static void fail(struct step *s, const char *what, const char *why)
{
	step_trouble(s, CHECK_PAC_BROKEN);
	step_end(s, CHECK_FAILED, "%s%s", what, why);
}

static bool is_page(struct span text)
{
	struct span start = span_trim(text);

	return span_istarts(start, SPAN("<!doctype html")) || span_istarts(start, SPAN("<html")) ||
	       span_istarts(start, SPAN("<?xml")) || span_istarts(start, SPAN("<head"));
}

/* NULL: it may be a script.  WinHTTP takes none that is larger than 1 MiB. */
static const char *judge_text(struct span text)
{
	if (text.len > PAC_SCRIPT_MAX)
		return _("it is larger than 1 MiB, and a Windows client takes no such script");
	if (!span_trim(text).len)
		return _("it is empty");
	if (is_page(text))
		return _("it is a web page, not a script");
	if (span_byte(text, '\0') != SIZE_MAX)
		return _("it is binary, not a script");
	if (span_find(text, SPAN("FindProxyForURL")) == SIZE_MAX)
		return _("it is no proxy script: FindProxyForURL is missing");
	return NULL;
}

static void take_text(struct step *s, struct auto_proxy *a, struct span text, const char *remark)
{
	const char *wrong = judge_text(text);

	if (wrong)
		fail(s, wrong, "");
	else if (!buf_add(&a->script, text))
		step_end(s, CHECK_FAILED, "out of memory");
	else
		step_end(s, *remark ? CHECK_WARNING : CHECK_OK, "a script of %zu bytes%s", text.len, remark);
}

/* NULL: *wrong says why.  A pipe or a device might be waited for without end. */
static FILE *open_file(const char *path, const char **wrong)
{
	int const fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	FILE *file = NULL;

	*wrong = _("the file cannot be opened");
	if (fd < 0)
		return NULL;
	if (fstat(fd, &about) || !S_ISREG(about.st_mode))
		*wrong = _("it is a directory, a pipe or a device, not a file");
	else
		file = fdopen(fd, "r");
	if (!file)
		close(fd);
	return file;
}

static void load_file(struct step *s, struct auto_proxy *a)
{
	const char *wrong;
	FILE *file = open_file(a->path, &wrong);
	char *text = malloc(PAC_SCRIPT_MAX + 1);
	size_t len;

	if (file && text) {
		len = fread(text, 1, PAC_SCRIPT_MAX + 1, file);
		if (ferror(file))
			fail(s, _("the file cannot be read"), "");
		else
			take_text(s, a, span_of(text, len), "");
	} else if (text) {
		fail(s, wrong, "");
	} else {
		step_end(s, CHECK_FAILED, "out of memory");
	}
	free(text);
	if (file)
		fclose(file);
}

/* WinHTTP knows a script by its type, or by the end of its name. */
static bool is_typed(const struct fetch_result *r, const char *path)
{
	static const struct span ends[] = { SPAN_LIT(".dat"), SPAN_LIT(".pac"), SPAN_LIT(".js") };
	struct span name = span_text(path);

	name = span_split(&name, '?');
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (span_iends(name, ends[i]))
			return true;
	return span_istarts(fetch_header(r, SPAN("Content-Type")), SPAN("application/x-ns-proxy-autoconfig"));
}

static const char untyped[] = N_(", but neither its type (application/x-ns-proxy-autoconfig) nor the "
				 "end of its "
	"name (.pac, .dat, .js) says so");

static void answered(struct step *s, struct auto_proxy *a, const struct fetch_result *r)
{
	struct span to = fetch_header(r, SPAN("Location")), place = url_from_host(to);

	if (!place.len)                 /* of the same server */
		place = to;
	if (r->status >= REDIRECTED && r->status < REFUSED && to.len) {
		step_trouble(s, CHECK_PAC_BROKEN);
		step_end(s, CHECK_FAILED, "%u leads to %.*s: is the script there? (--pac)", r->status,
		         (int)(place.len < SHOWN ? place.len : SHOWN), (const char *)place.at);
	} else if (r->status != OK) {
		step_trouble(s, CHECK_PAC_BROKEN);
		step_end(s, CHECK_FAILED, "the server answers %u: no script", r->status);
	} else if (r->cut) {
		fail(s, _("it is larger than 1 MiB, and a Windows client takes no such script"), "");
	} else {
		take_text(s, a, r->body, is_typed(r, a->source.path) ? "" : _(untyped));
	}
}

static void loaded(void *self, const struct fetch_result *r)
{
	struct step *s = self;
	struct auto_proxy *a = owner(s);
	char words[160];

	step_forget(s);
	step_fetched(s, r);
	addr_text(&r->dial.talk.us.addr, a->ours);
	if (r->stage == FETCH_DONE)
		answered(s, a, r);
	else if (r->stage == FETCH_CONNECT)
		fail(s, _("its server: "), dial_text(&r->dial, words));
	else if (r->stage == FETCH_BODY && r->cut)
		answered(s, a, r);
	else
		fail(s, _("it does not come: "), r->error);
}

static void load_url(struct step *s, struct auto_proxy *a)
{
	const struct probe_options *options = s->plan->options;
	struct work *w = begin(s);
	struct fetch_options o = {
		.method = "GET",
		.agent = options->as_agent ? SCRIPT_AGENT : s->plan->agent,
		.at = a->addresses[0],
		.owner = s->told.number,
		.tls = { .authorities = options->authorities, .insecure = options->insecure },
		.server_user = a->source.user[0] ? a->source.user : NULL,
		.server_login = a->source.user[0] ? FETCH_ANY : FETCH_NO_LOGIN,
		.connect_timeout = step_connect_timeout(s),
		.timeout = step_timeout(s),
		.keep = PAC_SCRIPT_MAX + 1,
		.most = PAC_SCRIPT_MAX + 1,
	};
	char origin[TARGET_TEXT];

	if (w) {
		snprintf(w->url, sizeof w->url, "%s%s", target_text(&a->source, origin), a->source.path);
		o.url = w->url;
		w->fetch = fetch_start(s->plan->loop, s->plan->tape, &o, loaded, s);
	}
	if (w && w->fetch)
		return;
	step_forget(s);
	step_end(s, CHECK_FAILED, "out of memory");
}

static void load(struct step *s)
{
	struct auto_proxy *a = owner(s);

	if (a->absent)
		step_end(s, CHECK_SKIPPED, "there is no wpad");
	else if (a->wrong[0])
		fail(s, a->wrong, "");
	else if (a->path)
		load_file(s, a);
	else
		load_url(s, a);
}

/* ---- the plan ---- */

static const struct step_kind find_kind = { CHECK_NAME, find, stop, SOCKETS, true };
static const struct step_kind load_kind = { CHECK_PROXY, load, stop, 0, false };

static void name_target(struct step *s, const struct auto_proxy *a)
{
	char text[TARGET_TEXT];

	target_text(&a->source, text);
	snprintf(s->told.target, sizeof s->told.target, "%s", a->path ? a->path : text);
}

bool autoload_plan(struct plan *p, struct auto_proxy *a)
{
	if (a->source.is_addr) {
		a->addresses[0] = a->source.addr;
		a->address_count = 1;
	} else if (!a->path && !a->wrong[0]) {
		a->find = plan_add(p, &find_kind, NULL, NULL, NULL, a->name);
		if (!a->find)
			return false;
		name_target(a->find, a);
		step_sends(a->find, "DNS: %.100s, to the system's name servers", a->source.host);
	}
	a->load = plan_add(p, &load_kind, NULL, NULL, NULL, a->name);
	if (!a->load)
		return false;
	name_target(a->load, a);
	step_needs(a->load, a->find);
	if (a->path)
		step_sends(a->load, "nothing: a file");
	else
		step_sends(a->load, "GET %.140s", a->source.path);
	return true;
}
