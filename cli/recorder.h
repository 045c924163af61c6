/* cli/recorder.h - packets recorded beside a probe, by a process of its own: the probe's loop never waits. */
#ifndef CLI_RECORDER_H
#define CLI_RECORDER_H

#include <sys/types.h>

#include "base/fault.h"

struct recorder {
	pid_t process;                  /* 0: none */
	int words;                      /* reads what it has to say */
};

/* Returns when packets are being recorded.  False: the fault says why they are not. */
bool recorder_start(struct recorder *r, const char *device, const char *filter, const char *file,
                    struct fault *f);

/* Ends the recording; nothing where none runs.  False: the file is not whole. */
bool recorder_stop(struct recorder *r, struct fault *f);

#endif
