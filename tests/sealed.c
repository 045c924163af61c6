/* tests/sealed.c - giving up rights in a child, and what the kernel says of it. */
#include "tests/sealed.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void sealed_enter(const struct guard_options *o)
{
	struct fault f = { 0 };
	char lacking[200];

	if (!guard_drop(o, &f) || !guard_seal(o, lacking, &f)) {
		fprintf(stderr, "%s\n", f.text);
		_exit(SEALED_NOT);
	}
}

int sealed_way(int error)
{
	if (error == EPERM || error == EACCES)
		return SEALED_DENIED;
	return error ? SEALED_OTHERWISE : SEALED_DONE;
}

int sealed_await(pid_t child)
{
	int status = 0;

	if (child <= 0 || waitpid(child, &status, 0) != child)
		return SEALED_NOT;
	/* execve and its like end the process. */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? SEALED_DENIED : SEALED_OTHERWISE;
	return WEXITSTATUS(status);
}

const char *sealed_status(pid_t of, const char *name, char value[static 100])
{
	char path[64], line[200];
	size_t len = strlen(name);
	FILE *in;

	snprintf(path, sizeof path, "/proc/%d/status", (int)of);
	in = fopen(path, "r");
	value[0] = '\0';
	while (in && fgets(line, sizeof line, in))
		if (!strncmp(line, name, len) && line[len] == ':')
			snprintf(value, 100, "%.99s", line + len + 1 + strspn(line + len + 1, "\t "));
	value[strcspn(value, "\n")] = '\0';
	if (in)
		fclose(in);
	return value;
}
