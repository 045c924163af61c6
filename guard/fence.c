/* guard/fence.c - Landlock by its versions. */
#include "guard/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What <linux/landlock.h> calls landlock_ruleset_attr, as of version 6: the header of an older system lacks
 * the end, and an older kernel takes only the beginning. */
struct fenced {
	uint64_t files, network, scopes;
};

/* Rights by the version that began to know them; those that old headers do not name, as numbers. */
enum { TRUNCATE = 1 << 14, FILES_FIRST = (1 << 13) - 1, FILES_REFER = 1 << 13, IOCTL_DEVICE = 1 << 15 };
enum { TCP_BIND_AND_CONNECT = 3, ABSTRACT_SOCKETS_AND_SIGNALS = 3, ALL_THREADS = 1 << 3 };

static const struct version {
	struct fenced adds;
	size_t size;                    /* of struct fenced that it takes */
} versions[] = {
	{ { .files = FILES_FIRST }, sizeof(uint64_t) },
	{ { .files = FILES_REFER }, sizeof(uint64_t) },
	{ { .files = TRUNCATE }, sizeof(uint64_t) },
	{ { .network = TCP_BIND_AND_CONNECT }, 2 * sizeof(uint64_t) },
	{ { .files = IOCTL_DEVICE }, 2 * sizeof(uint64_t) },
	{ { .scopes = ABSTRACT_SOCKETS_AND_SIGNALS }, sizeof(struct fenced) },
};

enum { VERSIONS = sizeof versions / sizeof *versions, VERSION_ALL_THREADS = 8 };

static long version_here(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* All that the kernel can fence off. */
static struct fenced known(long version, size_t *size)
{
	struct fenced all = { 0 };

	for (long i = 0; i < VERSIONS && i < version; i++) {
		all.files |= versions[i].adds.files;
		all.network |= versions[i].adds.network;
		all.scopes |= versions[i].adds.scopes;
		*size = versions[i].size;
	}
	return all;
}

int fence_new(void)
{
	long version = version_here();
	struct fenced all;
	size_t size = 0;

	if (version < 1)
		return -1;
	all = known(version, &size);
	return (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
}

bool fence_allow(int fence, const char *path, enum fence_right right)
{
	static const uint64_t of_file =
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE;
	static const uint64_t rights[] = {
		[FENCE_READ] = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
		[FENCE_MAKE] = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
		               LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE,
	};
	struct landlock_path_beneath_attr rule = { .parent_fd = open(path, O_PATH | O_CLOEXEC) };
	struct stat about;
	size_t size = 0;
	long status;

	if (rule.parent_fd < 0)
		return false;
	rule.allowed_access = rights[right] & known(version_here(), &size).files;
	/* A file has no rights of directories: the kernel would refuse the rule. */
	if (!fstat(rule.parent_fd, &about) && !S_ISDIR(about.st_mode))
		rule.allowed_access &= of_file;
	status = syscall(SYS_landlock_add_rule, fence, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return !status;
}

bool fence_shut(int fence)
{
	unsigned flags = version_here() >= VERSION_ALL_THREADS ? ALL_THREADS : 0;
	long status = syscall(SYS_landlock_restrict_self, fence, flags);
	int why = errno;

	close(fence);
	errno = why;
	return !status;
}
