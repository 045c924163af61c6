/* bench/gen.c - writes one capture of a kind, and the truth about it beside.
 *
 *   gen KIND FILE.pcap [SEED [SCALE]]          truth: FILE.pcap.json, key log: FILE.pcap.keys
 *
 * The same kind, seed, scale and zlib give the same bytes.
 */
#include <errno.h>
#include <stdlib.h>

#include "bench/kinds.h"

#define EPOCH_US INT64_C(1773129600000000)      /* 2026-03-10 08:00:00 UTC */

enum { NOISE_LEN = 16 << 20, SCRATCH_CEILING = 1 << 20 };

static const struct kind kinds[] = {
	{ "content",    18,      900000, false, content_start,    content_more },
	{ "scan",       23000,   15000,  false, scan_start,       scan_more },
	{ "tls",        5000,    20000,  false, tls_start,        tls_more },
	{ "handshakes", 60000,   2000,   false, handshakes_start, tls_more },
	{ "newcerts",   30000,   4000,   false, newcerts_start,   tls_more },
	{ "gcm128",     5,       900000, true,  gcm128_start,     opened_more },
	{ "gcm256",     5,       900000, true,  gcm256_start,     opened_more },
	{ "chacha",     5,       900000, true,  chacha_start,     opened_more },
	{ "gcm12",      5,       900000, true,  gcm12_start,      opened_more },
	{ "cbc",        5,       900000, true,  cbc_start,        opened_more },
	{ "syns",       2000000, 160,    false, syns_start,       syns_more },
	{ "clients",    100000,  6000,   false, clients_start,    scan_more },
	{ "steady",     20000,   158000000, false, steady_start,  scan_more },
	{ "mess",       10000,   15000,  false, mess_start,       scan_more },
};

/* Conversations under way, the one whose packet is due first at the root. */
struct heap {
	struct talk **talk;
	size_t count, room;
};

static _Noreturn void die(const char *what, const char *about)
{
	fprintf(stderr, "gen: %s: %s\n", about, what);
	exit(1);
}

static bool before(const struct talk *a, const struct talk *b)
{
	return a->due != b->due ? a->due < b->due : a->id < b->id;
}

static void swap(struct talk **a, struct talk **b)
{
	struct talk *t = *a;

	*a = *b;
	*b = t;
}

static void heap_sink(struct heap *h)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < h->count; at = child) {
		if (child + 1 < h->count && before(h->talk[child + 1], h->talk[child]))
			child++;
		if (!before(h->talk[child], h->talk[at]))
			return;
		swap(&h->talk[child], &h->talk[at]);
	}
}

static void heap_add(struct heap *h, struct talk *t)
{
	if (h->count == h->room) {
		h->room = h->room ? 2 * h->room : 256;
		h->talk = realloc(h->talk, h->room * sizeof *h->talk);
		if (!h->talk)
			die("out of memory", "conversations");
	}
	h->talk[h->count] = t;
	for (size_t at = h->count++; at && before(h->talk[at], h->talk[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&h->talk[at], &h->talk[(at - 1) / 2]);
}

static void heap_drop(struct heap *h)
{
	talk_release(h->talk[0]);
	free(h->talk[0]);
	h->talk[0] = h->talk[--h->count];
	heap_sink(h);
}

void hosts_set(struct talk *t, uint32_t client, uint32_t server, uint16_t port)
{
	struct host *c = &t->host[CLIENT], *s = &t->host[SERVER];
	uint16_t ids = (uint16_t)rng_next(&t->rng);

	*c = (struct host){ { 2, 0, 10, (uint8_t)(client >> 16), (uint8_t)(client >> 8), (uint8_t)client },
		            { 10, (uint8_t)(client >> 16), (uint8_t)(client >> 8), (uint8_t)client },
		            (uint16_t)rng_range(&t->rng, 49152, 65535), 128, ids };
	*s = (struct host){ { 2, 0, 198, 51, 100, (uint8_t)server }, { 198, 51, 100, (uint8_t)server },
		            port, 126, (uint16_t)~ids };
}

static struct talk *talk_new(const struct kind *kind, struct stage *stage, struct truth *truth,
                             uint64_t seed, uint64_t id)
{
	struct talk *t = malloc(sizeof *t);

	if (!t)
		die("out of memory", "conversations");
	talk_init(t, seed, id, truth);
	t->clock = EPOCH_US + (int64_t)(id * kind->gap_us + rng_below(&t->rng, kind->gap_us));
	kind->start(t, stage);
	truth->connections++;
	talk_ready(t);
	return t;
}

static bool goes_on(const struct kind *kind, struct talk *t, struct stage *stage)
{
	while (!talk_ready(t))
		if (!kind->more(t, stage))
			return false;
	return true;
}

/* Merges all conversations by time; one is made when its turn to start has come. */
static void play(const struct kind *kind, struct stage *stage, struct truth *truth, uint64_t seed,
                 uint64_t talks, struct pcapout *out)
{
	struct heap h = { 0 };
	uint64_t started = 0;

	while (h.count || started < talks) {
		int64_t start = EPOCH_US + (int64_t)(started * kind->gap_us);

		if (started < talks && (!h.count || start <= h.talk[0]->due)) {
			heap_add(&h, talk_new(kind, stage, truth, seed, started++));
			continue;
		}
		talk_packet(h.talk[0], out);
		if (goes_on(kind, h.talk[0], stage))
			heap_sink(&h);
		else
			heap_drop(&h);
	}
	free(h.talk);
}

static void tell_truth(const char *path, const struct kind *kind, const struct truth *truth,
                       const struct pcapout *out)
{
	char name[4096];
	FILE *f;

	snprintf(name, sizeof name, "%s.json", path);
	f = fopen(name, "w");
	if (!f)
		die(strerror(errno), name);
	fprintf(f, "{ \"kind\": \"%s\", \"frames\": %llu, \"bytes\": %llu", kind->name,
	        (unsigned long long)out->packets, (unsigned long long)out->bytes);
#define X(name) fprintf(f, ", \"" #name "\": %llu", (unsigned long long)truth->name);
	TRUTH_COUNTERS(X)
#undef X
	fputs(" }\n", f);
	if (fclose(f))
		die(strerror(errno), name);
}

static void stage_set(struct stage *stage, uint64_t seed, const struct kind *kind, const char *path)
{
	struct rng r = rng_of(seed, UINT64_MAX);
	char name[4096];

	snprintf(name, sizeof name, "%s.keys", path);
	stage->keys = kind->keyed ? fopen(name, "w") : NULL;
	if (kind->keyed && !stage->keys)
		die(strerror(errno), name);
	buf_init(&stage->scratch, SCRATCH_CEILING);
	buf_init(&stage->noise, NOISE_LEN);
	bodies_init(&stage->bodies, seed);
	for (size_t i = 0; i < NOISE_LEN / sizeof(uint64_t); i++) {
		uint64_t word = rng_next(&r);

		if (!buf_add(&stage->noise, span_of(&word, sizeof word)))
			die("out of memory", "random bytes");
	}
}

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	die("no such kind", name);
}

int main(int argc, char **argv)
{
	static struct stage stage;
	const struct kind *kind = argc > 2 ? kind_named(argv[1]) : NULL;
	uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	double scale = argc > 4 ? strtod(argv[4], NULL) : 1;
	struct truth truth = { 0 };
	struct pcapout out;

	if (!kind || scale <= 0) {
		fputs("usage: gen KIND FILE.pcap [SEED [SCALE]]\n", stderr);
		return 2;
	}
	if (!pcapout_open(&out, argv[2]))
		die(strerror(errno), argv[2]);
	stage_set(&stage, seed, kind, argv[2]);
	play(kind, &stage, &truth, seed, (uint64_t)((double)kind->talks * scale + 0.5), &out);
	if (!pcapout_close(&out))
		die(strerror(errno), argv[2]);
	tell_truth(argv[2], kind, &truth, &out);
	if (stage.keys && fclose(stage.keys))
		die(strerror(errno), "key log");
	bodies_release(&stage.bodies);
	buf_release(&stage.noise);
	buf_release(&stage.scratch);
	return 0;
}
