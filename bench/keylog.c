/* bench/keylog.c - a long key log (NSS's format) in which few lines matter.
 *
 *   keylog FILE LINES KEPT       random sessions of TLS 1.2; halfway the lines of KEPT, another key log
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/random.h"

static void put_words(FILE *out, struct rng *r, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%016" PRIx64, rng_next(r));
}

static void put_lines(FILE *out, struct rng *r, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		fputs("CLIENT_RANDOM ", out);
		put_words(out, r, 4);
		fputc(' ', out);
		put_words(out, r, 6);
		fputc('\n', out);
	}
}

static void put_kept(FILE *out, FILE *kept)
{
	for (int c; (c = fgetc(kept)) != EOF;)
		fputc(c, out);
}

int main(int argc, char **argv)
{
	uint64_t lines = argc == 4 ? strtoull(argv[2], NULL, 10) : 0;
	FILE *out = lines ? fopen(argv[1], "w") : NULL, *kept = lines ? fopen(argv[3], "r") : NULL;
	struct rng r = rng_of(lines, 1);

	if (!out || !kept) {
		fputs("usage: keylog FILE LINES KEPT\n", stderr);
		return 2;
	}
	put_lines(out, &r, lines / 2);
	put_kept(out, kept);
	put_lines(out, &r, lines - lines / 2);
	fclose(kept);
	return fclose(out) ? 1 : 0;
}
