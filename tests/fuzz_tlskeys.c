/* tests/fuzz_tlskeys.c - any bytes as a key log, and as the file of a private key.
 *
 * Input: a byte that says which.  A key log comes whole, then in pieces: both must count the same, and what
 * its last line names must be found.  No pass phrase: with one, a file may ask for any number of rounds.
 */
#include <stdlib.h>

#include "decoders/tlskeys.h"
#include "decoders/tlskeys_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tlskeys *read_log(struct span log, size_t step)
{
	struct tlskeys *k = tlskeys_new(NULL);

	while (k && log.len)
		tlskeys_log(k, span_take(&log, step));
	if (k)
		tlskeys_log_end(k);
	return k;
}

static bool same_counts(const struct tlskeys *a, const struct tlskeys *b)
{
	struct tlskeys_counts x = tlskeys_counts(a), y = tlskeys_counts(b);

	return x.secrets == y.secrets && x.lines_unread == y.lines_unread && x.lines_other == y.lines_other &&
	       x.log_lines == y.log_lines && x.first_unread == y.first_unread;
}

static void find_last(const struct tlskeys *k, struct span log)
{
	struct tlskeys_line line, last = { .which = TLSKEYS_KINDS };
	struct span found;

	while (log.len) {
		struct span text = span_split(&log, '\n');

		if (text.len <= TLSKEYS_LINE_MAX && tlskeys_line_read(text, &line) == TLSKEYS_LINE_SECRET)
			last = line;
	}
	if (last.which >= TLS_SECRET_COUNT)
		return;
	found = tlskeys_secret(k, (enum tls_secret)last.which, last.key);
	if (!span_eq(found, span_of(last.secret, last.secret_len)))
		abort();
}

static void try_log(struct span log)
{
	struct tlskeys *whole = read_log(log, log.len), *pieces = read_log(log, 7);

	if (whole && pieces && !same_counts(whole, pieces))
		abort();
	if (pieces)
		find_last(pieces, log);
	tlskeys_free(whole);
	tlskeys_free(pieces);
}

static void try_private(struct span file)
{
	struct tlskeys *k = tlskeys_new(NULL);
	struct fault f = { 0 };

	if (k && !tlskeys_private(k, "key", file, NULL, &f) && !f.kind)
		abort();
	if (k)
		tlskeys_private_for(k, file);
	tlskeys_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);

	if (!size)
		return 0;
	if (span_take(&in, 1).at[0] & 1)
		try_private(in);
	else
		try_log(in);
	return 0;
}
