/* probes/serverversion.h - what /ClientWebService/wusserverversion.xml says. */
#ifndef PROBES_SERVERVERSION_H
#define PROBES_SERVERVERSION_H

#include "base/span.h"

enum { SERVER_VERSION_MAX = 32 };

/* The first text of the file that is a version ("10.0.26100.1").  False: there is none, or it is no XML, as
 * the page of somebody in between is. */
bool server_version_read(struct span xml, char version[static SERVER_VERSION_MAX]);

/* What serves that version, in words; *old: clients of today get on with it badly, or not at all. */
const char *server_version_product(struct span version, bool *old);

#endif
