/* tests/test_killed.c - a run that is killed while it records leaves files that can be read.
 *
 * Only a block that is on its way at that very moment may be cut: the kernel ends a write(2) of a killed
 * process between two pages.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/recording.h"
#include "tests/capture_file.h"

enum { KILLS = 10, LENGTH = 200 };

/* Shared with the one that will be killed. */
struct progress {
	uint64_t frames;
	int64_t time;                   /* of the last */
};

/* ---- the one that is killed ---- */

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

static void path_of(const char *folder, const char *part, char path[static 256])
{
	snprintf(path, 256, "%s/out%s.pcapng", folder, part);
}

/* Files are told by number alone. */
static int open_file(void *self, const char *part, struct fault *f)
{
	char path[256], number[7];
	int fd;

	snprintf(number, sizeof number, "%s", part);
	path_of(self, number, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		fault_set(f, FAULT_OUTPUT, "%s cannot be opened", path);
	return fd;
}

static bool remove_nothing(void *self, const char *part, struct fault *f)
{
	(void)self, (void)part, (void)f;
	return true;
}

/* `burst` frames, and then a pause, until it is killed. */
static void record(const char *folder, struct recording_limits each, unsigned burst, useconds_t pause,
                   volatile struct progress *progress)
{
	uint8_t bytes[LENGTH] = { 0 };
	struct fault f = { 0 };
	struct recording *r = recording_open(&(struct recording_options){
		.path = "out.pcapng", .each = each, .now = now(),
		.files = { (void *)folder, open_file, remove_nothing } }, &f);

	for (uint64_t number = 1; r; number++) {
		struct frame frame = { .number = number, .time = now(), .bytes = span_of(bytes, sizeof bytes),
		                       .wire_len = LENGTH, .link_type = 1 };

		memcpy(bytes, &number, sizeof number);
		if (!recording_frame(r, &frame, SPAN(""), &f))
			break;
		progress->time = frame.time;
		progress->frames = number;
		if (number % burst == 0)
			usleep(pause);
		if (number % burst == 0 && !recording_turn(r, now(), &f))
			break;
	}
	_exit(1);
}

/* ---- what is left ---- */

struct left {
	uint64_t frames;                /* of all files, one after the other */
	int64_t last;
	bool cut;
};

static uint64_t frames_by_tshark(const char *path, bool cut)
{
	char command[512];
	uint64_t count = 0;
	int byte, status;
	FILE *from;

	snprintf(command, sizeof command, "tshark -r %s -T fields -e frame.number 2>/dev/null", path);
	from = popen(command, "r");
	while ((byte = fgetc(from)) != EOF)
		count += byte == '\n';
	status = pclose(from);
	assert_int_equal(WEXITSTATUS(status), cut ? 2 : 0);
	return count;
}

static void read_file(const char *path, bool tshark, struct left *left)
{
	uint64_t before = left->frames, number;
	enum source_next next;
	struct frame frame;
	struct fault f;
	struct source *s = source_open(&path, 1, NULL, &f);

	if (!s)
		fail_msg("%s", f.text);
	while ((next = source_next(s, &frame, &f)) != SOURCE_END) {
		if (next == SOURCE_FAULT) {
			assert_int_equal(f.kind, FAULT_CUT);
			left->cut = true;
			continue;
		}
		memcpy(&number, frame.bytes.at, sizeof number);
		assert_int_equal(number, ++left->frames);
		assert_int_equal(frame.bytes.len, LENGTH);
		left->last = frame.time;
	}
	source_close(s);
	if (tshark)
		assert_int_equal(frames_by_tshark(path, left->cut), left->frames - before);
}

static struct left read_all(const char *folder, bool tshark)
{
	struct left left = { 0 };
	char path[256];

	path_of(folder, "", path);
	if (!access(path, R_OK))
		read_file(path, tshark, &left);
	for (unsigned i = 1;; i++) {
		char part[16];

		snprintf(part, sizeof part, "_%05u", i);
		path_of(folder, part, path);
		if (access(path, R_OK))
			return left;
		assert_false(left.cut);         /* the last file alone */
		read_file(path, tshark, &left);
	}
}

/* Killed after `wait` µs: how many frames were on their way is known to within one. */
static bool is_cut(struct recording_limits each, unsigned burst, useconds_t pause, useconds_t wait,
                   bool tshark)
{
	volatile struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE,
						  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *folder = folder_new();
	struct left left;
	pid_t child;

	assert_ptr_not_equal((void *)progress, MAP_FAILED);
	child = fork();
	if (!child)
		record(folder, each, burst, pause, progress);
	usleep(wait);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	left = read_all(folder, tshark);
	assert_true(progress->frames > 0);
	assert_in_range(left.frames + 1, 1, progress->frames + 2);
	assert_true(progress->time - left.last <= MOMENT_S);
	munmap((void *)progress, sizeof *progress);
	folder_remove(folder);
	return left.cut;
}

static void every_file_can_be_read(void **state)
{
	static const struct row {
		struct recording_limits each;
		unsigned burst;
		useconds_t pause, wait;
	} rows[] = {
		{ { 0 }, 100, 2000, 200000 },
		{ { .frames = 2000 }, 100, 2000, 200000 },
		{ { 0 }, 1, 10000, 1300000 },
	};
	bool tshark = !system("command -v tshark >/dev/null 2>&1");
	unsigned cut = 0;

	(void)state;
	if (!tshark)
		print_message("tshark is not installed: read by wsuscope alone\n");
	for (unsigned i = 0; i < KILLS; i++) {
		const struct row *row = &rows[i % 4 < 3 ? i % 2 : 2];

		cut += is_cut(row->each, row->burst, row->pause, row->wait + i * 1234, tshark);
	}
	if (cut)
		print_message("%u of %d were killed inside write(2): their last block is cut\n", cut, KILLS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
