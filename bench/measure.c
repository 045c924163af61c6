/* bench/measure.c - runs one command once and tells what it took.
 *
 *   measure OUTPUT COMMAND...
 *
 * The command's standard output goes to the file OUTPUT.  One line is printed:
 * wall seconds, CPU seconds, peak resident MiB, exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + 1e-6 * (double)t->tv_usec;
}

static _Noreturn void become(char **command, const char *output)
{
	int out = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (out >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execvp(command[0], command);
	fprintf(stderr, "measure: %s: %s\n", out < 0 ? output : command[0], strerror(errno));
	_exit(127);
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double start, wall;
	int status;
	pid_t child;

	if (argc < 3) {
		fputs("usage: measure OUTPUT COMMAND...\n", stderr);
		return 2;
	}
	start = now();
	child = fork();
	if (!child)
		become(argv + 2, argv[1]);
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("measure");
		return 1;
	}
	wall = now() - start;
	printf("%.3f %.3f %.1f %d\n", wall, seconds(&usage.ru_utime) + seconds(&usage.ru_stime),
	       (double)usage.ru_maxrss / 1024,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
