/* cli/command.h - what main.c needs of a subcommand. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/fault.h"
#include "cli/options.h"

#define VERSION "0.1.0"

/* Exit statuses of every command. */
enum status { STATUS_GOOD = 0, STATUS_FINDINGS = 1, STATUS_USAGE = 2, STATUS_INPUT = 3, STATUS_PARTIAL = 4 };

int cmd_analyze(const struct options *o);
int cmd_capture(const struct options *o);
int cmd_watch(const struct options *o);
int cmd_probe(const struct options *o);
int cmd_compare(const struct options *o);
int cmd_explain(const struct options *o);

/* The status that a fault means, after printing it to standard error as "wsuscope: ...". */
int command_fault(const struct fault *f);

#endif
