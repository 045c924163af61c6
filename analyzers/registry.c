/* analyzers/registry.c - the one list of analyzers, and the panel that hears them all.
 *
 * At the end they are asked in this order: who judges by what others found stands last. */
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/ladder.h"
#include "analyzers/addrnames.h"
#include "analyzers/probed.h"
#include "analyzers/scan.h"
#include "analyzers/updates.h"

#define ANALYZERS(X)            \
	X(analyzer_interference) \
	X(analyzer_lookups)     \
	X(analyzer_autoproxy)   \
	X(analyzer_login)       \
	X(analyzer_answers)     \
	X(analyzer_content)     \
	X(analyzer_suspicious)  \
	X(analyzer_cleartext)   \
	X(analyzer_busy)        \
	X(analyzer_attempts)    \
	X(analyzer_broken)      \
	X(analyzer_interrupted) \
	X(analyzer_pace)        \
	X(analyzer_handshake)   \
	X(analyzer_told)        \
	X(analyzer_missing)     \
	X(analyzer_proxy)       \
	X(analyzer_faults)      \
	X(analyzer_idlimits)    \
	X(analyzer_loops)       \
	X(analyzer_changed)     \
	X(analyzer_trips)       \
	X(analyzer_unfinished)  \
	X(analyzer_twinids)     \
	X(analyzer_clocks)      \
	X(analyzer_outdated)    \
	X(analyzer_reported)    \
	X(analyzer_syncs)       \
	X(analyzer_upstream)

#define X(name) extern const struct analyzer name;
ANALYZERS(X)
#undef X

static const struct analyzer *const analyzers[] = {
#define X(name) &name,
	ANALYZERS(X)
#undef X
};

enum { ANALYZER_COUNT = sizeof analyzers / sizeof *analyzers };

struct panel {
	struct relevance *relevance;
	struct findings *findings;
	struct ladders *ladders;
	struct addrnames *names;
	struct scans *scans;
	struct updates *updates;
	struct probed *probed;
	struct budget rows, rest;       /* shares: clients' rows and scans are not starved by all else */
	void *self[ANALYZER_COUNT];
};

static void scan_over(void *self, const struct scan *scan)
{
	struct panel *p = self;

	for (size_t i = 0; i < ANALYZER_COUNT; i++)
		if (analyzers[i]->scan)
			analyzers[i]->scan(p->self[i], scan);
	ladders_scan(p->ladders, scan);
}

struct panel *panel_new(const struct relevance_options *options, struct limits *limits,
                        struct budget *budget)
{
	struct panel *p = calloc(1, sizeof *p);
	struct analyzer_env env;
	bool whole;

	if (!p)
		return NULL;
	p->rows = (struct budget){ .ceiling = budget ? budget->ceiling / 8 * 5 : SIZE_MAX, .whole = budget };
	p->rest = (struct budget){ .ceiling = SIZE_MAX, .whole = budget };
	if (budget)
		p->rest.ceiling = budget->ceiling - p->rows.ceiling;
	p->relevance = relevance_new(options);
	p->findings = findings_new(limits);
	p->names = addrnames_new(limits, &p->rest);
	p->updates = updates_new();
	p->probed = p->findings ? probed_new(p->findings) : NULL;
	whole = p->relevance && p->findings && p->names && p->updates && p->probed;
	p->ladders = whole ? ladders_new(p->relevance, limits, &p->rows) : NULL;
	p->scans = whole ? scans_new(p->relevance, limits, &p->rows, scan_over, p) : NULL;
	whole = whole && p->ladders && p->scans;
	env = (struct analyzer_env){ .findings = p->findings, .relevance = p->relevance, .limits = limits,
		                     .budget = &p->rest, .scans = p->scans, .names = p->names,
		                     .updates = p->updates };
	for (size_t i = 0; whole && i < ANALYZER_COUNT; i++) {
		p->self[i] = analyzers[i]->create(&env);
		whole = p->self[i] != NULL;
	}
	if (whole)
		return p;
	panel_free(p);
	return NULL;
}

void panel_free(struct panel *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < ANALYZER_COUNT; i++)
		if (p->self[i])
			analyzers[i]->destroy(p->self[i]);
	probed_free(p->probed);
	scans_free(p->scans);
	updates_free(p->updates);
	ladders_free(p->ladders);
	addrnames_free(p->names);
	findings_free(p->findings);
	relevance_free(p->relevance);
	free(p);
}

void panel_fact(struct panel *p, const struct fact *fact)
{
	relevance_learn(p->relevance, fact);
	addrnames_fact(p->names, fact);
	scans_fact(p->scans, fact);
	updates_fact(p->updates, fact);
	for (size_t i = 0; i < ANALYZER_COUNT; i++)
		analyzers[i]->fact(p->self[i], fact);
	ladders_fact(p->ladders, fact);
}

void panel_check(struct panel *p, const struct check *check)
{
	probed_check(p->probed, check);
}

void panel_end(struct panel *p, int64_t now, bool quality_is_poor, const struct missed *missed)
{
	scans_end(p->scans, now);
	for (size_t i = 0; i < ANALYZER_COUNT; i++)
		if (analyzers[i]->end)
			analyzers[i]->end(p->self[i], now);
	probed_end(p->probed);
	if (missed)
		findings_doubt(p->findings, missed);
	findings_settle(p->findings, quality_is_poor);
	ladders_name(p->ladders, p->names);
	ladders_settle(p->ladders, p->findings, now);
}

struct findings *panel_findings(struct panel *p)
{
	return p->findings;
}

const struct updates *panel_updates(const struct panel *p)
{
	return p->updates;
}

const struct ladders *panel_ladders(const struct panel *p)
{
	return p->ladders;
}
