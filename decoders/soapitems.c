/* decoders/soapitems.c - an item is gathered beside its list and taken when it is whole. */
#include "decoders/soapitems.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "decoders/fragment.h"

enum { LIST_FIRST = 32, LIST_GROWTH = 4 };

void soapitems_begin(struct soapitems *s, struct arena *arena)
{
	*s = (struct soapitems){
		.budget = s->budget, .cache = s->cache, .arena = arena, .fragment = s->fragment,
	};
}

void soapitems_release(struct soapitems *s)
{
	fragment_free(s->fragment);
	s->fragment = NULL;
}

/* The place of one more item; NULL: no room.  A list that grows leaves its old place to the arena, so it
 * grows by large steps. */
static void *add(struct soapitems *s, struct soaplist *list, size_t size, size_t most)
{
	size_t room = list->room ? list->room * LIST_GROWTH : LIST_FIRST;
	void *at;

	if (list->count < list->room)
		return (char *)list->at + size * list->count++;
	if (room > most)
		room = most;
	at = list->count < room ? arena_room(s->arena, size * room) : NULL;
	if (!at) {
		s->dropped = true;
		return NULL;
	}
	if (list->count)
		memcpy(at, list->at, size * list->count);
	list->at = at;
	list->room = room;
	return (char *)at + size * list->count++;
}

/* What was told first stays. */
static void keep(struct soapitems *s, struct span *to, struct span text)
{
	if (to->len || !text.len)
		return;
	if (text.len > ITEM_TEXT_MAX)
		text = utf8_whole(span_of(text.at, ITEM_TEXT_MAX));
	*to = arena_copy(s->arena, text);
	s->dropped |= !to->at;
}

static int64_t number_of(struct span text)
{
	bool minus = span_starts(text, SPAN("-"));
	uint64_t value;

	if (!span_decimal(span_skip(text, minus), &value) || value > INT64_MAX)
		return 0;
	return minus ? -(int64_t)value : (int64_t)value;
}

static void read_digest(struct wsus_file *file, struct span text)
{
	uint8_t digest[sizeof file->sha1 + 1];

	file->has_sha1 = base64_decode(text, digest, sizeof digest) == sizeof file->sha1;
	if (file->has_sha1)
		memcpy(file->sha1, digest, sizeof file->sha1);
}

static void found_file(void *to, const struct wsus_file *file)
{
	struct soapitems *s = to;
	struct wsus_file *kept = add(s, &s->files, sizeof *kept, WSUS_FILES_KEPT);

	if (!kept)
		return;
	*kept = *file;
	kept->revision_id = s->update.revision_id;
}

/* The update of that revision that is kept already, looked for from the newest on.  Servers tell of 50 a
 * call; in a list that is full, a stranger would have each of his looked for in vain. */
static struct wsus_update *same_revision(struct soapitems *s, int64_t revision_id)
{
	struct wsus_update *updates = s->updates.at;
	bool look = revision_id && s->updates.count < WSUS_UPDATES_KEPT;

	for (size_t i = s->updates.count; look && i > 0; i--)
		if (updates[i - 1].revision_id == revision_id)
			return &updates[i - 1];
	return NULL;
}

static void begin_update(struct soapitems *s)
{
	s->update = (struct wsus_update){ 0 };
	s->files_before = s->files.count;
}

static void end_update(struct soapitems *s, bool piece)
{
	struct wsus_update *kept = piece ? same_revision(s, s->update.revision_id) : NULL;
	struct wsus_file *files = s->files.at;

	for (size_t i = s->files_before; i < s->files.count; i++)
		files[i].revision_id = s->update.revision_id;
	if (kept) {
		wsus_update_merge(kept, &s->update);
		return;
	}
	kept = add(s, &s->updates, sizeof *kept, WSUS_UPDATES_KEPT);
	if (kept)
		*kept = s->update;
}

/* Nobody hears of the fragments of updates that are not kept. */
static void begin_xml(struct soapitems *s)
{
	if (s->updates.count == WSUS_UPDATES_KEPT)
		return;
	if (!s->fragment)
		s->fragment = fragment_new(s->budget, s->cache);
	s->dropped |= !s->fragment;
	s->reading = s->fragment;
	if (s->reading)
		fragment_begin(s->fragment, &s->update, (struct fragment_files){ found_file, s }, s->arena);
}

static void end_xml(struct soapitems *s)
{
	if (s->reading)
		s->dropped |= !fragment_end(s->fragment);
	s->reading = false;
}

void soapitems_xml(struct soapitems *s, struct span text)
{
	fragment_text(s->fragment, text);
}

/* What a part's text becomes; that of a property is nothing of an item. */
enum kind {
	WHOLE, A_PROPERTY, TEXT, TEXT_INSTEAD, NEXT_TEXT, SECOND_CODE, LONG, SIGNED, UNSIGNED,
	YES_NO, GUID, DIGEST, TIME,
};

static const struct {
	enum kind kind;
	size_t at;                      /* in struct soapitems */
} members[] = {
#define MEMBER(symbol, kind, member) [PART_##symbol] = { kind, offsetof(struct soapitems, member) }
	[PART_PROPERTY_NAME] = { A_PROPERTY, 0 },
	[PART_PROPERTY_VALUE] = { A_PROPERTY, 0 },
	MEMBER(UPDATE_REVISION_ID, LONG, update.revision_id),
	MEMBER(UPDATE_ID, GUID, update.id),
	MEMBER(UPDATE_REVISION, UNSIGNED, update.revision),
	MEMBER(UPDATE_ACTION, TEXT, update.action),
	MEMBER(UPDATE_LEAF, YES_NO, update.is_leaf),
	MEMBER(LOCATION_DIGEST, DIGEST, location),
	MEMBER(LOCATION_URL, TEXT_INSTEAD, location.url),       /* rather than Microsoft's */
	MEMBER(LOCATION_MICROSOFT, TEXT, location.url),
	MEMBER(EVENT_TARGET, TEXT, event.target),
	MEMBER(EVENT_TIME, TIME, event.time),
	MEMBER(EVENT_INSTANCE, GUID, event.instance),
	MEMBER(EVENT_ID, SIGNED, event.event),
	MEMBER(EVENT_SOURCE, SIGNED, event.source),
	MEMBER(EVENT_UPDATE, GUID, event.update),
	MEMBER(EVENT_REVISION, UNSIGNED, event.revision),
	MEMBER(EVENT_HRESULT, UNSIGNED, event.hresult),
	MEMBER(EVENT_APP, TEXT, event.app),
	MEMBER(EVENT_TEXT, NEXT_TEXT, event.text),
	MEMBER(EVENT_MISC, SECOND_CODE, event.second),
	MEMBER(EVENT_BUILD, UNSIGNED, event.build),
	MEMBER(EVENT_UBR, UNSIGNED, event.ubr),
#undef MEMBER
};

static enum kind kind_of(enum soappart part)
{
	return part < sizeof members / sizeof *members ? members[part].kind : WHOLE;
}

bool soappart_has_text(enum soappart part)
{
	return kind_of(part) != WHOLE;
}

static void read_member(struct soapitems *s, enum soappart part, struct span text)
{
	void *to = (char *)s + members[part].at;
	struct span *texts = to;

	switch (kind_of(part)) {
	case WHOLE:
	case A_PROPERTY:
		break;
	case TEXT_INSTEAD:
		texts->len = text.len ? 0 : texts->len;
		keep(s, texts, text);
		break;
	case TEXT:
		keep(s, texts, text);
		break;
	case NEXT_TEXT:
		keep(s, &texts[texts[0].len > 0], text);
		break;
	case SECOND_CODE:
		if (span_starts(text, SPAN("F=")))
			keep(s, texts, span_skip(text, 2));
		break;
	case LONG:
		*(int64_t *)to = number_of(text);
		break;
	case SIGNED:
		*(int32_t *)to = (int32_t)number_of(text);
		break;
	case UNSIGNED:
		*(uint32_t *)to = (uint32_t)number_of(text);
		break;
	case YES_NO:
		*(bool *)to = span_ieq(text, SPAN("true")) || span_eq(text, SPAN("1"));
		break;
	case GUID:
		wsus_guid_parse(text, to);
		break;
	case DIGEST:
		read_digest(to, text);
		break;
	case TIME:
		*(int64_t *)to = moment_read(text);
		break;
	}
}

void soapitems_open(struct soapitems *s, enum soappart part)
{
	if (part == PART_UPDATE || part == PART_UPDATE_PIECE)
		begin_update(s);
	else if (part == PART_UPDATE_XML)
		begin_xml(s);
	else if (part == PART_LOCATION)
		s->location = (struct wsus_file){ .size = -1 };
	else if (part == PART_EVENT)
		s->event = (struct wsus_event){ .time = MOMENT_NONE };
}

static void end_item(struct soapitems *s, struct soaplist *list, const void *item, size_t size, size_t most)
{
	void *kept = add(s, list, size, most);

	if (kept)
		memcpy(kept, item, size);
}

void soapitems_close(struct soapitems *s, enum soappart part, struct span text)
{
	if (part == PART_UPDATE || part == PART_UPDATE_PIECE)
		end_update(s, part == PART_UPDATE_PIECE);
	else if (part == PART_UPDATE_XML)
		end_xml(s);
	else if (part == PART_LOCATION)
		end_item(s, &s->locations, &s->location, sizeof s->location, WSUS_FILES_KEPT);
	else if (part == PART_EVENT)
		end_item(s, &s->events, &s->event, sizeof s->event, WSUS_EVENTS_KEPT);
	else
		read_member(s, part, text);
}
