/* cli/veilkey.h - the key that pseudonyms are drawn from: the user's, or one of this run alone. */
#ifndef CLI_VEILKEY_H
#define CLI_VEILKEY_H

#include "base/fault.h"
#include "veil/names.h"

/* Of the bytes of a file, all that count; NULL: drawn from the system.  False: the fault tells. */
bool veilkey_read(const char *path, uint8_t key[static NAMES_KEY], struct fault *f);

void veilkey_wipe(uint8_t key[static NAMES_KEY]);

#endif
