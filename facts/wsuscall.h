/* facts/wsuscall.h - what a call says: the values its method's tables name.
 *
 * Single values hang in an array that has a place for each field (facts/wsusfields.def); repeated ones, the
 * updates, files, locations and events, in lists that keep so many and count the rest.  Cookies and keys are
 * lengths and hashes: their bytes are nowhere.  All of it lives in the exchange's arena.
 */
#ifndef FACTS_WSUSCALL_H
#define FACTS_WSUSCALL_H

#include "base/moment.h"
#include "base/span.h"
#include "facts/connection.h"

/* How a field's text is kept. */
enum wsus_type {
	WSUS_TEXT,              /* as it stands, its first VALUE_TEXT_MAX bytes */
	WSUS_NUMBER,            /* decimal, signed */
	WSUS_FLAG,              /* true, false, 1, 0 */
	WSUS_TIME,              /* dateTime: a moment; MOMENT_NONE when it is none */
	WSUS_COUNT,             /* how many elements stand at that path; where a side was read, 0 is told of
	                         * lists, but not of what is counted by its text */
	WSUS_SECRET,            /* the length of what base64 hides, and a hash of it */
	WSUS_PRIVATE,           /* text that names a person: between PRIVATE_BEGIN and _END in outputs */
};

/* What is kept of a text and of the lists.  DeviceAttributes take more than a kilobyte. */
enum { VALUE_TEXT_MAX = 4096, ITEM_TEXT_MAX = 512 };
enum { WSUS_UPDATES_KEPT = 512, WSUS_FILES_KEPT = 512, WSUS_EVENTS_KEPT = 256 };

/* wsusfields.def: FIELD(symbol, method, side, path below the method's element, type, name in outputs).
 * Of a field that stands there more than once, the first value that is not empty is kept. */
#define FIELD(symbol, ...) FIELD_##symbol,
enum wsus_field {
#include "facts/wsusfields.def"
	WSUS_FIELD_COUNT
};
#undef FIELD

struct wsus_value {
	enum wsus_field field;
	struct span text;               /* TEXT, PRIVATE */
	int64_t number;                 /* NUMBER, FLAG, TIME, COUNT; of a SECRET its length */
	uint64_t hash;                  /* SECRET: its SHA-256 begins so */
};

struct wsus_guid {
	uint8_t bytes[16];              /* as text writes it, left to right */
};

/* What an update's texts are.  X(member) */
#define WSUS_UPDATE_TEXTS(X)                                                                            \
	X(action)                       /* Deployment/Action */                                         \
	X(type)                         /* Properties@UpdateType */                                     \
	X(title)                        /* the first; of several in one fragment, the English one */    \
	X(kb)                           /* "5034441" */                                                 \
	X(severity)                     /* MsrcSeverity */                                              \
	X(handler)                      /* without its namespace: "Cbs", "CommandLineInstallation" */   \
	X(arguments)                    /* of CommandLineInstallation (a sign of a rogue server) */     \
	X(bulletin)                     /* SecurityBulletinID */

struct wsus_update {                    /* of UpdateInfo, Update and their fragments: one a revision */
	int64_t revision_id;            /* local to one server's database; 0 unknown */
	struct wsus_guid id;            /* zeros: unknown */
	uint32_t revision;
	bool is_leaf;
#define X(member) struct span member;
	WSUS_UPDATE_TEXTS(X)
#undef X
};

/* Gives `to` what it does not say and `from` does; whose revision_id and files these are is another thing. */
void wsus_update_merge(struct wsus_update *to, const struct wsus_update *from);

struct wsus_file {                      /* of fragments' Files/File, FileLocation, ServerSyncUrlData */
	uint8_t sha1[20];
	bool has_sha1;
	int64_t size;                   /* -1: not told */
	int64_t revision_id;            /* of the update it belongs to; 0 unknown */
	struct span name;               /* FileName; empty */
	struct span url;                /* of a location; empty: none was told */
};

struct wsus_event {                     /* of ReportingEvent (MS-WUSP 2.2.2.3.1) */
	int64_t time;                   /* TimeAtTarget; MOMENT_NONE */
	int32_t event, source;          /* EventID, SourceID */
	uint32_t hresult;               /* Win32HResult */
	struct wsus_guid update, instance;
	uint32_t revision;
	struct span target;             /* TargetID/Sid: the SusClientId */
	struct span app;                /* AppName */
	struct span text[2];            /* first two ReplacementStrings */
	struct span second;             /* MiscData's F: a second error code, as sent */
	uint32_t build, ubr;            /* OSVersion/Build, /Revision */
};

struct wsus_call {
	const struct wsus_value *values;
	size_t value_count;
	const struct wsus_update *updates;
	size_t update_count;
	const struct wsus_file *files, *locations;
	size_t file_count, location_count;
	const struct wsus_event *events;
	size_t event_count;
};

/* The call's value of that field; NULL: it has none, or nothing was read. */
const struct wsus_value *wsus_value(const struct wsus_call *call, enum wsus_field field);
struct span wsus_text(const struct wsus_call *call, enum wsus_field field);             /* empty: none */
int64_t wsus_number(const struct wsus_call *call, enum wsus_field field, int64_t otherwise);

const char *wsus_field_name(enum wsus_field field);     /* in outputs */
enum wsus_type wsus_field_type(enum wsus_field field);
enum side wsus_field_side(enum wsus_field field);

/* The value of one key of "Key=Value;Key=Value": DeviceAttributes, CallerAttributes.  Empty: none. */
struct span wsus_attribute(struct span attributes, const char *key);

/* "2D8D3B20-..." in lower case, 36 characters and NUL. */
const char *wsus_guid_text(const struct wsus_guid *id, char text[static 37]);
bool wsus_guid_is_zero(const struct wsus_guid *id);
bool wsus_guid_parse(struct span text, struct wsus_guid *id);

#endif
