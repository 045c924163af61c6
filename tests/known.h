/* tests/known.h - stories of clients that are told, resolve and dial update points, a line each.
 *
 *   SECOND CLIENT WORD...
 *
 *   told URL...          a management point's reply with these locations; "told" alone: with none
 *   asks                 a request for locations, and nothing that answers it
 *   broken               a reply of which only the beginning could be read
 *   calls HOST SERVER    a call of the update point's client service, as the Host header names it
 *   reports HOST SERVER  the same of its reporting service
 *   policy URL HOST SERVER   SyncUpdates of a client whose policy names that URL
 *   hello NAME SERVER    a TLS session
 *   tries SERVER         an attempt to connect that nobody answers
 *   talks SERVER         a connection that has nothing to do with updates
 *   resolves NAME ADDRESS    a lookup that is answered by 192.0.2.53
 */
#ifndef TESTS_KNOWN_H
#define TESTS_KNOWN_H

#include "tests/trial.h"

/* Tells the facts of a story to the trial; fails the test at a line that makes no sense. */
void known_tell(struct trial *t, const char *story);

#endif
