/* cli/options.h - arguments of the commands, from one table that also prints the help. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "analyzers/finding.h"
#include "base/fault.h"
#include "capture/recording.h"
#include "probes/probe.h"

enum { OUTPUTS_MAX = 16, SUPS_MAX = 64, CLIENTS_MAX = 256, KEY_FILES_MAX = 64 };
enum { INTERFACES_MAX = 16, CONFIG_MAX = 64 * 1024 };
enum { PROXIES_MAX = 16, RESOLVES_MAX = 64, LOGIN_MAX = 512, URLS_TEXT = 8192 };

/* X(symbol, name after -o) */
#define OUTPUT_FORMATS(X) \
	X(TEXT, "text") X(JSON, "json") X(EVENTS, "events") X(SYSLOG, "syslog") X(JOURNALD, "journald") \
	X(HTML, "html") X(EVIDENCE, "evidence") X(ANNOTATED, "annotated") \
	X(MARKDOWN, "markdown") X(CSV, "csv") X(CSV_CLIENTS, "csv-clients") \
	X(CSV_EXCHANGES, "csv-exchanges") X(HAR, "har")

/* What -o all=BASE stands for.  X(symbol, what follows BASE) */
#define ALL_FORMATS(X) \
	X(TEXT, ".txt") X(JSON, ".json") X(HTML, ".html") X(EVIDENCE, ".evidence.pcapng")

#define X(symbol, ending) ALL_OF_##symbol,
enum { ALL_FORMATS(X) ALL_COUNT, ALL_PATH = 4096 };
#undef X

#define X(symbol, name) OUTPUT_##symbol,
enum output_format { OUTPUT_FORMATS(X) };
#undef X

/* X(symbol, name) */
#define WHENS(X) X(AUTO, "auto") X(ALWAYS, "always") X(NEVER, "never")

#define X(symbol, name) WHEN_##symbol,
enum when { WHENS(X) };
#undef X

/* Commands, as bits: which options each takes. */
enum command_bit {
	FOR_ANALYZE = 1,
	FOR_CAPTURE = 2,
	FOR_EXPLAIN = 4,
	FOR_PROBE = 8,
	FOR_WATCH = 16,
	FOR_COMPARE = 32,
	FOR_LIVE = FOR_CAPTURE | FOR_WATCH,
	FOR_BOTH = FOR_ANALYZE | FOR_CAPTURE,
	FOR_JUDGES = FOR_ANALYZE | FOR_LIVE | FOR_COMPARE,
	FOR_WRITERS = FOR_BOTH | FOR_PROBE,
	FOR_REPORTS = FOR_WRITERS | FOR_COMPARE,
	FOR_ALL = FOR_REPORTS | FOR_EXPLAIN | FOR_WATCH,
};

/* Others go to a file, or to standard output. */
static inline bool output_is_log(enum output_format format)
{
	return format == OUTPUT_SYSLOG || format == OUTPUT_JOURNALD;
}

struct output {
	enum output_format format;
	const char *path;               /* NULL: standard output */
};

struct options {
	enum command_bit command;
	const char *const *files;       /* operands: captures, words, targets */
	size_t file_count;
	struct output outputs[OUTPUTS_MAX];
	size_t output_count;
	char all_paths[ALL_COUNT][ALL_PATH];    /* of -o all */
	const char *sups[SUPS_MAX];
	size_t sup_count;
	const char *clients[CLIENTS_MAX];       /* --client: addresses, networks and files (clients.h) */
	size_t client_count;
	const char *key_logs[KEY_FILES_MAX];    /* --keys */
	size_t key_log_count;
	const char *server_keys[KEY_FILES_MAX]; /* --server-key */
	size_t server_key_count;
	const char *key_pass;           /* --key-pass: the file that holds it; NULL */
	const char *per_finding;        /* analyze: --per-finding */
	bool same_time;                 /* compare */
	const char *filter;             /* -f */
	const char *only_filter;        /* capture: --only-filter */
	const char *interfaces[INTERFACES_MAX];         /* -i; a probe takes one */
	size_t interface_count;
	const char *write;              /* capture: -w; probe: --capture */
	uint64_t frame_limit;           /* capture: -c; 0 none; see options_frames */
	struct recording_limits each, stop;     /* capture: -b, -a; their durations hold without -w, too */
	bool only_findings;             /* capture: --only-findings */
	uint64_t pretrigger;            /* capture: bytes of packets that wait for a finding */
	const char *user;               /* -Z */
	bool no_sandbox;
	bool list_devices, list_links;  /* -D, -L */
	int64_t renew;                  /* ns: what is older than that is told as past; 0: the default */
	const char *lang;               /* --lang; NULL: the environment's */
	const char *config;             /* --config; its texts are in config_text */
	bool dump_config, test_config;
	const char *read;               /* watch: -r */
	double pace;                    /* watch: --pace; 0: 1 */
	int snaplen;                    /* capture: -s; 0 the default */
	bool not_promiscuous;           /* capture: -p */
	int buffer_kib;                 /* capture: -B, in KiB as tcpdump's; 0 the default */
	bool pseudonyms;
	const char *pseudonym_key;      /* a file; NULL: a key of this run alone */
	bool all, reveal, quiet, help;
	bool all_notes;                         /* --severity was given */
	enum severity show_from, fail_on;       /* fail_on == SEVERITY_COUNT: never */
	enum when color, progress;
	uint64_t memory;                /* bytes */
	/* probe: all but targets, lists and logins stands in `probe` itself */
	struct probe_options probe;
	char urls[URLS_TEXT];                   /* arguments with logins, which argv shows no more */
	const char *proxies[PROXIES_MAX];       /* -x */
	size_t proxy_count;
	const char *resolves[RESOLVES_MAX];     /* --resolve */
	size_t resolve_count;
	char proxy_user[LOGIN_MAX], server_user[LOGIN_MAX];     /* -U, -u: copies, as arguments are wiped */
	const char *proxy_user_file, *server_user_file;
	bool plan, nagios;
	int64_t every;                  /* ns; probe: 0 once; capture, watch: judgements, 0 the default */
	uint64_t rounds;                /* --count; 0: without end */
	const char *metrics;            /* capture, watch, probe */
	uint64_t parallel;              /* -j; 0: the default */
	char config_text[CONFIG_MAX];
};

/* What --config names is read first; the first argument of a list begins it anew.  False: the fault says
 * what is wrong, and where.  What o points to lives as long as argv and *o itself, which is not to be copied.
 * Logins in argv are wiped. */
bool options_parse(struct options *o, int argc, char **argv, enum command_bit command, struct fault *f);

/* After so many frames a capture ends, by -c or by -a packets, which hold both; 0: by neither. */
static inline uint64_t options_frames(const struct options *o)
{
	uint64_t counted = o->frame_limit, stop = o->stop.frames;

	return !stop || (counted && counted < stop) ? counted : stop;
}

/* The table's lines for one command, aligned. */
void options_help(enum command_bit command);

#endif
