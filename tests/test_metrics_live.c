/* tests/test_metrics_live.c - a live run as Prometheus reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "live/metrics.h"
#include "tests/exchanges.h"
#include "tests/metricdocs.h"

#define NOON (INT64_C(1773136800) * MOMENT_S)

enum { FINDINGS = 2 };

struct trial_run {                      /* a run of which all is known */
	struct metrics_interface interfaces[2];
	struct metrics_recording recording;
	struct metrics_output outputs[3];
	struct metrics_pool pools[2];
	struct usage usage;
	struct finding findings[FINDINGS];
	struct view view;
	struct metrics_run run;
};

static void ignore(void *self, const struct journal_entry *e)
{
	(void)self;
	(void)e;
}

static struct finding finding_of(enum finding_kind kind, unsigned id, const char *answered_by)
{
	struct finding n = { .kind = kind, .severity = SEVERITY_ERROR, .confidence = CONFIDENCE_CERTAIN,
		             .id = id, .has_client = true, .has_server = true, .title = "", .remedy = "",
		             .count = 3, .first = NOON, .last = NOON + 60 * MOMENT_S };

	assert_true(addr_parse(SPAN("192.0.2.50"), &n.client));
	assert_true(exchange_endpoint(SPAN("192.0.2.1:8530"), &n.server));
	snprintf(n.answered_by, sizeof n.answered_by, "%s", answered_by);
	return n;
}

static void take_views(struct trial_run *t, struct journal *j)
{
	t->findings[0] = finding_of(FINDING_SERVER_ERROR, 1, "");
	t->findings[0].stops = 1 + RUNG_COOKIE;
	t->findings[1] = finding_of(FINDING_SUSPICIOUS_UPDATE_SERVER, 2, "proxy squid01 (Squid 5.7)");
	t->view = (struct view){ .findings = t->findings, .finding_count = FINDINGS,
		                 .finding_total = FINDINGS, .of_severity[SEVERITY_ERROR] = FINDINGS,
		                 .of_kind[FINDING_SERVER_ERROR] = 1,
		                 .of_kind[FINDING_SUSPICIOUS_UPDATE_SERVER] = 1, .climbers = 5,
		                 .failed = 2, .served = 4, .quality = QUALITY_LIMITED,
		                 .limits.count[LIMIT_HOLES] = 7, .rungs[RUNG_COOKIE][RUNG_FAILED] = 2 };
	for (int i = 0; i < 20; i++) {
		t->view.now = NOON + (60 + 2 * i) * MOMENT_S;
		journal_take(j, &t->view);
	}
}

static void begin(struct trial_run *t)
{
	*t = (struct trial_run){
		.interfaces = { { "eth0", 1000, 150000, 5, 2, 1, 3, false },
		                { "we\"ird\n", 0, 0, 0, 0, 0, 1, true } },
		.recording = { .frames = 900, .bytes = 140000, .missed = 4, .stopped = true, .waiting = 64,
		               .late = 6 },
		.outputs = { { "events", 5 }, { "text", 0 }, { "events", 7 } },
		.pools = { { "connections", 1 << 20, 512 << 20 }, { "pre-trigger", 64, 0 } },
		.usage = { .resident = 1 << 24, .memory = 1 << 28, .processor = 1500 * MOMENT_MS,
		           .descriptors = 12, .descriptors_max = 1024 },
	};
	t->run = (struct metrics_run){
		.version = "1.0", .started = NOON, .sandboxed = true, .interfaces = t->interfaces,
		.interface_count = 2, .analysed_frames = 997, .analysed_bytes = 149000,
		.recording = &t->recording, .outputs = t->outputs, .output_count = 3, .pools = t->pools,
		.pool_count = 2, .judging = { 10, 1, 250 * MOMENT_MS, 20 * MOMENT_MS }, .usage = &t->usage,
		.tally = tally_new(), .view = &t->view,
		.journal = journal_new(&(struct journal_options){ .tell = ignore }),
	};
}

/* What `const` keeps from whoever only reads is ours to make. */
static struct tally *tally_of(const struct trial_run *t)
{
	return (struct tally *)(uintptr_t)t->run.tally;
}

static void end(struct trial_run *t)
{
	journal_free((struct journal *)(uintptr_t)t->run.journal);
	tally_free(tally_of(t));
}

static char *written(const struct trial_run *t)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_true(metrics_write(out, &t->run));
	assert_int_equal(fclose(out), 0);
	return text;
}

static void take_line(struct tally *t, const char *line, int64_t ttfb)
{
	struct arena arena;
	struct exchange *x;

	arena_init(&arena, 1 << 20);
	x = exchange_of(&arena, line, 1, NOON);
	assert_non_null(x);
	x->ttfb = ttfb;
	tally_fact(t, &(struct fact){ .kind = FACT_EXCHANGE, .time = NOON, .exchange = x });
	arena_release(&arena);
}

/* All that can be told is. */
static void fill(struct trial_run *t)
{
	struct connection c = { .outcome = CONNECTION_ESTABLISHED, .rtt = 2 * MOMENT_MS,
		                .syn_time = MOMENT_NONE, .synack_time = MOMENT_NONE };

	begin(t);
	assert_true(exchange_endpoint(SPAN("192.0.2.1:8530"), &c.server));
	tally_fact(tally_of(t), &(struct fact){ .kind = FACT_CONNECTION, .time = NOON, .connection = &c });
	take_line(tally_of(t), "192.0.2.50 > 192.0.2.1:8530 CALL GetConfig => 200 OK", 3 * MOMENT_MS);
	take_line(tally_of(t), "192.0.2.50 > 192.0.2.1:8530 CALL GetCookie => 500 Error", 30 * MOMENT_MS);
	take_line(tally_of(t), "192.0.2.50 > [2001:db8::1]:80 GET /index.html", -1);
	take_views(t, (struct journal *)(uintptr_t)t->run.journal);
}

static void tells_all_there_is(void **unused)
{
	static const char *const lines[] = {
		"wsuscope_build_info{version=\"1.0\"} 1",
		"wsuscope_sandboxed 1",
		"wsuscope_received_packets_total{interface=\"eth0\"} 1000",
		"wsuscope_received_bytes_total{interface=\"eth0\"} 150000",
		"wsuscope_interface_up{interface=\"eth0\"} 1",
		"wsuscope_interface_up{interface=\"we\\\"ird\\n\"} 0",
		"wsuscope_interface_absences_total{interface=\"eth0\"} 3",
		"wsuscope_dropped_packets_total{interface=\"eth0\",where=\"kernel\"} 5",
		"wsuscope_dropped_packets_total{interface=\"eth0\",where=\"interface\"} 2",
		"wsuscope_dropped_packets_total{interface=\"eth0\",where=\"wsuscope\"} 1",
		"wsuscope_analyzed_packets_total 997",
		"wsuscope_analyzed_bytes_total 149000",
		"wsuscope_recorded_packets_total 900",
		"wsuscope_recorded_bytes_total 140000",
		"wsuscope_recording_missed_packets_total 4",
		"wsuscope_recording_stopped 1",
		"wsuscope_pretrigger_bytes 64",
		"wsuscope_pretrigger_late_packets_total 6",
		"wsuscope_connections_total{outcome=\"established\"} 1",
		"wsuscope_connections_total{outcome=\"refused\"} 0",
		"wsuscope_exchanges_total{rung=\"config\",status=\"2xx\"} 1",
		"wsuscope_exchanges_total{rung=\"cookie\",status=\"5xx\"} 1",
		"wsuscope_exchanges_total{rung=\"other\",status=\"none\"} 1",
		"wsuscope_first_byte_seconds_bucket{le=\"0.001\"} 0",
		"wsuscope_first_byte_seconds_bucket{le=\"0.005\"} 1",
		"wsuscope_first_byte_seconds_bucket{le=\"0.05\"} 2",
		"wsuscope_first_byte_seconds_bucket{le=\"60\"} 2",
		"wsuscope_first_byte_seconds_bucket{le=\"+Inf\"} 2",
		"wsuscope_first_byte_seconds_sum 0.033",
		"wsuscope_first_byte_seconds_count 2",
		"wsuscope_connect_seconds_sum 0.002",
		"wsuscope_lookup_seconds_count 0",
		"wsuscope_server_connections_total{server=\"192.0.2.1:8530\"} 1",
		"wsuscope_server_exchanges_total{server=\"192.0.2.1:8530\",status=\"5xx\"} 1",
		"wsuscope_server_exchanges_total{server=\"[2001:db8::1]:80\",status=\"none\"} 1",
		"wsuscope_server_exchanges_total{server=\"other\",status=\"2xx\"} 0",
		"wsuscope_server_first_byte_seconds_sum{server=\"192.0.2.1:8530\"} 0.033",
		"wsuscope_server_first_byte_seconds_count{server=\"192.0.2.1:8530\"} 2",
		"wsuscope_last_packet_timestamp_seconds 1773136898",
		"wsuscope_capture_quality{quality=\"good\"} 0",
		"wsuscope_capture_quality{quality=\"limited\"} 1",
		"wsuscope_capture_limits{kind=\"lost-bytes\"} 7",
		"wsuscope_clients 5",
		"wsuscope_clients_failed 2",
		"wsuscope_clients_served 4",
		"wsuscope_clients_by_rung{rung=\"cookie\",state=\"failed\"} 2",
		"wsuscope_findings{severity=\"error\"} 2",
		"wsuscope_findings{severity=\"critical\"} 0",
		"wsuscope_findings_open{kind=\"server-error\",severity=\"error\",reason=\"cookie\"} 1",
		("wsuscope_findings_open{kind=\"suspicious-update-server\",severity=\"error\","
		 "reason=\"proxy\"} 1"),
		"wsuscope_findings_told_total{kind=\"server-error\",word=\"raised\"} 1",
		"wsuscope_judgement_duration_seconds_sum 0.25",
		"wsuscope_judgement_duration_seconds_count 10",
		"wsuscope_judgement_latest_duration_seconds 0.02",
		"wsuscope_judgement_failures_total 1",
		"wsuscope_output_lost_lines_total{output=\"events\"} 12",
		"wsuscope_memory_used_bytes{pool=\"connections\"} 1048576",
		"wsuscope_memory_ceiling_bytes{pool=\"connections\"} 536870912",
		"process_start_time_seconds 1773136800",
		"process_cpu_seconds_total 1.5",
		"process_resident_memory_bytes 16777216",
		"process_virtual_memory_bytes 268435456",
		"process_open_fds 12",
		"process_max_fds 1024",
	};
	struct trial_run t;
	char line[160], *text;

	(void)unused;
	fill(&t);
	text = written(&t);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		snprintf(line, sizeof line, "\n%s\n", lines[i]);
		if (!strstr(text, line))
			fail_msg("\"%s\" is missing in:\n%s", lines[i], text);
	}
	assert_null(strstr(text, "wsuscope_memory_ceiling_bytes{pool=\"pre-trigger\"}"));
	free(text);
	end(&t);
}

/* A run that has just begun, and records nothing. */
static void leaves_out_what_is_not_there(void **unused)
{
	struct trial_run t;
	char *text;

	(void)unused;
	begin(&t);
	t.run.recording = NULL;
	t.run.usage = NULL;
	t.run.view = NULL;
	text = written(&t);
	assert_null(strstr(text, "record"));
	assert_null(strstr(text, "process_open_fds"));
	assert_null(strstr(text, "wsuscope_clients"));
	assert_non_null(strstr(text, "wsuscope_exchanges_total{rung=\"sync\",status=\"2xx\"} 0\n"));
	free(text);
	end(&t);
}

static unsigned count_of(const char *text, const char *what)
{
	unsigned count = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		count++;
	return count;
}

/* However many servers there are: the busiest have names, the others one. */
static void names_few_servers(void **unused)
{
	struct trial_run t;
	char line[128], *text;

	(void)unused;
	begin(&t);
	for (int i = 1; i <= 200; i++) {
		snprintf(line, sizeof line, "192.0.2.50 > 10.0.0.%d:80 GET /x => 200 OK", i);
		take_line(tally_of(&t), line, MOMENT_MS);
	}
	text = written(&t);
	assert_int_equal(count_of(text, "\nwsuscope_server_connections_total{"), TALLY_NAMED + 1);
	assert_non_null(strstr(text, "{server=\"other\",status=\"2xx\"} 150\n"));
	assert_non_null(strstr(text, "wsuscope_server_first_byte_seconds_count{server=\"other\"} 150\n"));
	assert_in_range(strlen(text), 1, 128 * 1024);
	free(text);
	end(&t);
}

/* A library of somebody else reads it, and finds nothing against the conventions. */
static void others_read_it(void **unused)
{
	char path[] = "/tmp/wsuscope-metrics-XXXXXX", command[256], *text;
	int fd = mkstemp(path), status;
	struct trial_run t;

	(void)unused;
	fill(&t);
	text = written(&t);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	snprintf(command, sizeof command, "for p in python3 /usr/bin/python3; do "
	         "$p tests/exposition.py %s; c=$?; [ $c = 77 ] || exit $c; done; exit 77", path);
	status = system(command);
	unlink(path);
	free(text);
	end(&t);
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) {
		puts("skipped: python3-prometheus-client is not installed");
		skip();
	}
	assert_int_equal(status, 0);
}

static void docs_say_the_same(void **unused)
{
	struct trial_run t;
	char *text;

	(void)unused;
	fill(&t);
	text = written(&t);
	assert_documented(text, "A live run");
	free(text);
	end(&t);
}

/* What docs and rules tell people to ask for is there. */
static void others_name_what_there_is(void **unused)
{
	static const char *const files[] = { "docs/metrics.md", "docs/service.md", "docs/wsuscope.1",
		                             "README.md", "service/prometheus-rules.yml" };

	(void)unused;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		assert_names_documented(files[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_all_there_is),
		cmocka_unit_test(leaves_out_what_is_not_there),
		cmocka_unit_test(names_few_servers),
		cmocka_unit_test(others_read_it),
		cmocka_unit_test(docs_say_the_same),
		cmocka_unit_test(others_name_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
