/* decoders/tlsfacts.h - what each handshake message adds to a session's fact. */
#ifndef DECODERS_TLSFACTS_H
#define DECODERS_TLSFACTS_H

#include "decoders/tlsoffer.h"
#include "decoders/tlssession.h"

void tlsfacts_message(struct tlssession *s, enum side from, const struct tlsmsg_event *m, struct mark mark);

#endif
