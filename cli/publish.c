/* cli/publish.c - metrics to a file, and over HTTP by libmicrohttpd, whose one thread serves all who ask. */
#include "cli/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/clock.h"
#include "report/metrics.h"

/* A guest is idle for so long, and served for so long, at most. */
enum { GUESTS = 32, GUESTS_OF_ONE = 16, IDLE_S = 5, STAY_S = 15, REQUEST_MAX = 8192, BACKLOG = 16 };

#define EXPOSITION "text/plain; version=0.0.4; charset=utf-8"

struct guest {
	int fd;                         /* -1: nobody */
	int64_t since;
};

struct publish {
	const char *where;
	bool is_port;
	struct publish_files files;     /* of a file; open_next == NULL: opened by ourselves */
	int listener;                   /* -1: none, or the daemon's */
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock;           /* of what the daemon's thread and ours both touch: */
	struct MHD_Response *latest;
	struct guest guests[GUESTS];
	struct MHD_Response *unknown, *refused;
};

/* "ADDR:PORT" of this machine. */
static bool read_port(const char *where, struct endpoint *at)
{
	struct span text = span_text(where), port = text;
	uint64_t number;
	size_t colon;

	while ((colon = span_byte(port, ':')) != SIZE_MAX)
		span_take(&port, colon + 1);
	if (port.len == text.len || !span_decimal(port, &number) || !number || number > UINT16_MAX)
		return false;
	at->port = (uint16_t)number;
	return addr_parse(span_of(text.at, text.len - port.len - 1), &at->addr);
}

bool publish_is_port(const char *where)
{
	struct endpoint at;

	return read_port(where, &at);
}

/* "9530", "localhost:9530", "127.0.0.1:99999": nobody wants a file of that name. */
static bool looks_like_port(const char *where)
{
	const char *colon = strrchr(where, ':');
	uint64_t number;

	return !strchr(where, '/') && span_decimal(span_text(colon ? colon + 1 : where), &number);
}

bool publish_check(const char *where, struct fault *f)
{
	return publish_is_port(where) || !looks_like_port(where) ||
	       fault_set(f, FAULT_USAGE,
	                 "--metrics %s: an address and a port are wanted, such as 127.0.0.1:9530, or a "
	                 "file (./%s)", where, where);
}

/* ---- guests ---- */

/* Who takes a page byte by byte is never idle, and has had time enough. */
static void send_home(struct publish *p)
{
	int64_t now = clock_monotonic();

	for (size_t i = 0; i < GUESTS; i++)
		if (p->guests[i].fd >= 0 && now - p->guests[i].since > STAY_S * MOMENT_S)
			shutdown(p->guests[i].fd, SHUT_RDWR);
}

static void note_guest(struct publish *p, int from, struct guest to)
{
	for (size_t i = 0; i < GUESTS; i++)
		if (p->guests[i].fd == from) {
			p->guests[i] = to;
			return;
		}
}

/* Called by the daemon's thread: the descriptor is open while it stands in the table. */
static void on_guest(void *self, struct MHD_Connection *connection, void **unused,
                     enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
	                                                               MHD_CONNECTION_INFO_CONNECTION_FD);
	struct publish *p = self;

	(void)unused;
	if (!info)
		return;
	pthread_mutex_lock(&p->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		note_guest(p, -1, (struct guest){ info->connect_fd, clock_monotonic() });
	else
		note_guest(p, info->connect_fd, (struct guest){ .fd = -1 });
	send_home(p);
	pthread_mutex_unlock(&p->lock);
}

/* ---- the server ---- */

static bool is_page(const char *path)
{
	return !strcmp(path, "/metrics") || !strcmp(path, "/");
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *body, size_t *len,
                                  void **unused)
{
	struct publish *p = self;
	enum MHD_Result result;

	(void)version, (void)body, (void)len, (void)unused;
	if (!is_page(path))
		return MHD_queue_response(connection, MHD_HTTP_NOT_FOUND, p->unknown);
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return MHD_queue_response(connection, MHD_HTTP_METHOD_NOT_ALLOWED, p->refused);
	pthread_mutex_lock(&p->lock);
	result = MHD_queue_response(connection, MHD_HTTP_OK, p->latest);
	pthread_mutex_unlock(&p->lock);
	return result;
}

/* Nobody keeps a connection until the next time: there are few.  NULL: out of memory. */
static struct MHD_Response *page_of(const char *text, size_t len, const char *type, const char *allow)
{
	struct MHD_Response *page = MHD_create_response_from_buffer(len, (void *)(uintptr_t)text,
	                                                            MHD_RESPMEM_MUST_COPY);

	if (page && MHD_add_response_header(page, "Content-Type", type) == MHD_YES &&
	    MHD_add_response_header(page, "Connection", "close") == MHD_YES &&
	    (!allow || MHD_add_response_header(page, "Allow", allow) == MHD_YES))
		return page;
	if (page)
		MHD_destroy_response(page);
	return NULL;
}

static bool make_pages(struct publish *p)
{
	static const char unknown[] = "Metrics are at /metrics.\n";
	static const char refused[] = "Metrics can only be read: GET, HEAD.\n";

	p->latest = page_of("", 0, EXPOSITION, NULL);
	p->unknown = page_of(unknown, sizeof unknown - 1, "text/plain", NULL);
	p->refused = page_of(refused, sizeof refused - 1, "text/plain", "GET, HEAD");
	return p->latest && p->unknown && p->refused;
}

/* Signals are for the thread that reads packets or probes. */
bool publish_start(struct publish *p, struct fault *f)
{
	sigset_t all, before;

	if (!p->is_port)
		return true;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->daemon = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, p,
	                             MHD_OPTION_LISTEN_SOCKET, p->listener,
	                             MHD_OPTION_CONNECTION_LIMIT, (unsigned)GUESTS,
	                             MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)GUESTS_OF_ONE,
	                             MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
	                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MAX,
	                             MHD_OPTION_NOTIFY_CONNECTION, on_guest, p, MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!p->daemon)
		return fault_set(f, FAULT_OUTPUT, "--metrics %s: no thread to serve them", p->where);
	p->listener = -1;
	return true;
}

static int listen_at(const struct endpoint *at)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(at->port) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(at->port) };
	bool is_v4 = addr_is_v4(&at->addr);
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;
	int bound;

	memcpy(&v4.sin_addr, at->addr.bytes + 12, 4);
	memcpy(&v6.sin6_addr, at->addr.bytes, 16);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	bound = is_v4 ? bind(fd, (const struct sockaddr *)&v4, sizeof v4)
	              : bind(fd, (const struct sockaddr *)&v6, sizeof v6);
	if (!bound && !listen(fd, BACKLOG))
		return fd;
	close(fd);
	return -1;
}

static bool is_loopback(const struct addr *a)
{
	static const struct prefix loopbacks[] = {
		{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127 } }, 104 },
		{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } }, 128 },
	};

	return prefix_holds(&loopbacks[0], a) || prefix_holds(&loopbacks[1], a);
}

static bool open_port(struct publish *p, const struct endpoint *at, struct fault *f)
{
	p->is_port = true;
	p->listener = listen_at(at);
	if (p->listener < 0)
		return fault_set(f, FAULT_OUTPUT, "--metrics %s: %s", p->where, strerror(errno));
	if (!make_pages(p))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (!is_loopback(&at->addr))
		fprintf(stderr,
		        "wsuscope: --metrics %s: whoever reaches that address may read them, without a "
		        "login\n",
		        p->where);
	return true;
}

struct publish *publish_open(const char *where, struct fault *f)
{
	struct publish *p;
	struct endpoint at;

	if (!publish_check(where, f))
		return NULL;
	p = calloc(1, sizeof *p);
	if (!p) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	p->where = where;
	p->listener = -1;
	for (size_t i = 0; i < GUESTS; i++)
		p->guests[i].fd = -1;
	pthread_mutex_init(&p->lock, NULL);
	if (!read_port(where, &at) || open_port(p, &at, f))
		return p;
	publish_close(p);
	return NULL;
}

void publish_close(struct publish *p)
{
	if (!p)
		return;
	if (p->daemon)
		MHD_stop_daemon(p->daemon);
	if (p->listener >= 0)
		close(p->listener);
	if (p->latest)
		MHD_destroy_response(p->latest);
	if (p->unknown)
		MHD_destroy_response(p->unknown);
	if (p->refused)
		MHD_destroy_response(p->refused);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- what is published ---- */

void publish_files(struct publish *p, const struct publish_files *files)
{
	p->files = *files;
}

/* Its name is known beforehand: a link that waits there, in a directory that others can write to, is not
 * followed. */
static int open_next(void *self, struct fault *f)
{
	const struct publish *p = self;
	char next[4096];
	int fd = -1;

	if ((size_t)snprintf(next, sizeof next, "%s.new", p->where) >= sizeof next) {
		fault_set(f, FAULT_OUTPUT, "--metrics: too long a name");
		return -1;
	}
	if (!unlink(next) || errno == ENOENT)
		fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", next, strerror(errno));
	return fd;
}

static bool replace(void *self, struct fault *f)
{
	const struct publish *p = self;
	char next[4096];

	snprintf(next, sizeof next, "%s.new", p->where);
	return !rename(next, p->where) ||
	       fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", p->where, strerror(errno));
}

/* Who reads the file while it is replaced reads the old one, whole. */
static bool replace_file(struct publish *p, const char *text, size_t len, struct fault *f)
{
	struct publish_files own = { p, open_next, replace };
	const struct publish_files *files = p->files.open_next ? &p->files : &own;
	int fd = files->open_next(files->self, f);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	bool good;

	if (fd < 0)
		return false;
	good = out && fwrite(text, 1, len, out) == len;
	good = (out ? !fclose(out) : !close(fd)) && good;
	if (!good)
		return fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", p->where, strerror(errno));
	return files->replace(files->self, f);
}

static bool replace_page(struct publish *p, const char *text, size_t len, struct fault *f)
{
	struct MHD_Response *page = page_of(text, len, EXPOSITION, NULL), *before;

	if (!page)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	pthread_mutex_lock(&p->lock);
	before = p->latest;
	p->latest = page;
	send_home(p);
	pthread_mutex_unlock(&p->lock);
	MHD_destroy_response(before);
	return true;
}

bool publish_text(struct publish *p, const char *text, size_t len, struct fault *f)
{
	return p->is_port ? replace_page(p, text, len, f) : replace_file(p, text, len, f);
}

bool publish_report(struct publish *p, const struct report *r, uint64_t rounds, struct fault *f)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	bool good = out && report_metrics(out, r, rounds);

	good = out && !fclose(out) && good;
	good = good ? publish_text(p, text, len, f) : fault_set(f, FAULT_MEMORY, "out of memory");
	free(text);
	return good;
}
