/* decoders/soapitems.h - the lists of a call: updates, files, locations and events, as their parts come by.
 *
 * What is read of an item gathers here until its element closes; then the list takes it, or it is dropped and
 * that is told.  Lists and texts live in the arena.
 */
#ifndef DECODERS_SOAPITEMS_H
#define DECODERS_SOAPITEMS_H

#include "base/arena.h"
#include "facts/wsuscall.h"

/* X(symbol): soapparts.def says where each stands. */
#define SOAPPARTS(X)                                                            \
	X(PROPERTY_NAME) X(PROPERTY_VALUE)                                      \
	X(UPDATE) X(UPDATE_PIECE) X(UPDATE_REVISION_ID) X(UPDATE_ID) X(UPDATE_REVISION) \
	X(UPDATE_ACTION) X(UPDATE_LEAF) X(UPDATE_XML)                           \
	X(LOCATION) X(LOCATION_DIGEST) X(LOCATION_URL) X(LOCATION_MICROSOFT)    \
	X(EVENT) X(EVENT_TARGET) X(EVENT_TIME) X(EVENT_INSTANCE) X(EVENT_ID) X(EVENT_SOURCE) \
	X(EVENT_UPDATE) X(EVENT_REVISION) X(EVENT_HRESULT) X(EVENT_APP) X(EVENT_TEXT) \
	X(EVENT_MISC) X(EVENT_BUILD) X(EVENT_UBR)

#define X(symbol) PART_##symbol,
enum soappart { SOAPPARTS(X) };
#undef X

struct fragcache;

struct soaplist {
	void *at;
	size_t count, room;
};

struct soapitems {
	struct budget *budget;          /* of what is under way */
	struct fragcache *cache;        /* borrowed; NULL: none */
	struct arena *arena;
	struct soaplist updates, files, locations, events;
	bool dropped;                   /* not all was kept; whoever reads it takes it out */
	bool reading;                   /* a fragment is under way */
	struct fragment *fragment;      /* NULL: none was met yet */
	struct wsus_update update;      /* the items that are open */
	struct wsus_file location;
	struct wsus_event event;
	size_t files_before;            /* the update that is open */
};

/* All zeros at first but for budget and cache; the reader of fragments is kept between exchanges. */
void soapitems_begin(struct soapitems *s, struct arena *arena);
void soapitems_release(struct soapitems *s);

/* The part's element is open; closed, with its text. */
void soapitems_open(struct soapitems *s, enum soappart part);
void soapitems_close(struct soapitems *s, enum soappart part, struct span text);

/* Escaped XML, in pieces: while `reading`. */
void soapitems_xml(struct soapitems *s, struct span text);

/* Parts that are more than a leaf with a text: the items themselves, and fragments. */
bool soappart_has_text(enum soappart part);

#endif
