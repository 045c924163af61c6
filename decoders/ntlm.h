/* decoders/ntlm.h - the three messages of NTLM (MS-NLMP section 2.2.1). */
#ifndef DECODERS_NTLM_H
#define DECODERS_NTLM_H

#include "base/arena.h"
#include "facts/credentials.h"

enum { NTLM_NAME_MAX = 512 };           /* bytes of UTF-8 that are kept of a name */

/* True when it begins as such a message does. */
bool ntlm_is(struct span token);

/* Reads a message; texts are put into `arena`.  False: it is none, and *message says type 0.  Names that lie
 * outside of it are left empty, and told by message->cut. */
bool ntlm_read(struct span token, struct ntlm_message *message, struct arena *arena);

#endif
