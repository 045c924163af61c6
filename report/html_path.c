/* report/html_path.c - the picture of the path, with the place marked where it is broken. */
#include "base/tongue.h"
#include "report/html.h"
#include "report/page.h"
#include "report/station.h"

/* Drawn on 24 by 24, in strokes. */
static const char *const icons[] = {
	[STATION_CLIENT] = "M3 4h18v12H3zM8 20h8M12 16v4",
	[STATION_NAMES] = "M4 5h7v6H4zM13 13h7v6h-7zM11 8h5v5M8 11v5h5",
	[STATION_FIREWALL] = ("M3 4h18v16H3zM3 9.3h18M3 14.6h18M9 4v5.3M15 4v5.3M6 9.3v5.3M12 9.3v5.3"
			      "M18 9.3v5.3M9 14.6V20M15 14.6V20"),
	[STATION_PROXY] = "M3 8h14M13 4l4 4-4 4M21 16H7M11 12l-4 4 4 4",
	[STATION_TLS] = "M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3M12 14.5v2.5",
	[STATION_IIS] = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
	[STATION_WSUS] = "M4 4h16v6H4zM4 14h16v6H4zM7 7h1M7 17h1M12 7h5M12 17h5",
};

static const struct state_row {
	const char *class, *word;
} states[] = {
	[STATION_UNSEEN] = { "unseen", N_("not seen") },
	[STATION_PASSED] = { "passed", N_("works") },
	[STATION_TROUBLED] = { "troubled", N_("trouble") },
	[STATION_BROKEN] = { "broken", N_("broken here") },
};

static void put_trouble(struct html *h, const struct station_seen *seen)
{
	char text[96], count[COUNT_TEXT];

	if (seen->worst->severity >= h->style->from)
		html_put(h, "<a href=\"#finding-%u\">%s</a>", seen->worst->id, _(seen->worst->title));
	else
		html_put(h, "%s", _(seen->worst->title));
	if (seen->troubles < 2)
		return;
	tongue_say(text, sizeof text, "and %s more", page_count(seen->troubles - 1, count));
	html_put(h, " <small>%s</small>", text);
}

static void put_station(struct html *h, enum station s, const struct station_seen *seen)
{
	const struct state_row *state = &states[seen->state];

	html_put(h, "<li class=\"%s\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"%s\"/></svg>",
	         state->class, icons[s]);
	html_put(h, "<div><b>%s</b> <span class=\"state\">%s</span>", station_name(s), _(state->word));
	if (seen->worst)
		put_trouble(h, seen);
	html_put(h, "</div></li>\n");
}

void html_path(struct html *h)
{
	struct station_seen seen[STATION_COUNT];

	stations_read(seen, h->r);
	html_put(h, "<h2 class=\"unseen-title\">%s</h2>\n<ol class=\"path\">\n",
	         _("The way from the client to the update service"));
	for (int i = 0; i < STATION_COUNT; i++)
		put_station(h, (enum station)i, &seen[i]);
	html_put(h, "</ol>\n");
}
