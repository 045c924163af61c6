/* tests/fuzz_dns.c - any bytes as DNS, LLMNR, NetBIOS and DHCP messages, and as packets that ask and answer.
 *
 * Input: packets, each behind two bytes: its length, and which ports it has and how much later it comes.
 */
#include "base/reader.h"
#include "decoders/leases.h"
#include "decoders/lookups.h"

enum { LOOKUPS_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *self, const struct fact *fact)
{
	(void)self;
	if (fact->kind == FACT_LOOKUP &&
	    (!fact->lookup->name[0] || strlen(fact->lookup->name) >= LOOKUP_NAME ||
	     (!fact->lookup->answered && !fact->lookup->asked_seen)))
		__builtin_trap();
}

static void send_packet(struct lookups *lookups, struct leases *leases, struct reader *in, struct packet *p)
{
	static const uint16_t ports[][2] = {
		{ 50000, 53 }, { 53, 50000 }, { 50000, 5355 }, { 5355, 50000 },
		{ 137, 137 },  { 68, 67 },    { 67, 68 },      { 53, 53 },
	};
	uint8_t len = reader_u8(in), how = reader_u8(in);

	p->frame++;
	p->time += (int64_t)(how >> 3) * MOMENT_S;
	p->source.port = ports[how & 7][0];
	p->target.port = ports[how & 7][1];
	p->udp = reader_bytes(in, len < in->left.len ? len : in->left.len);
	lookups_packet(lookups, p);
	leases_packet(leases, p);
	lookups_stream(lookups, &p->source, &p->target, p->udp, p->frame, p->time);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct budget budget = { .ceiling = LOOKUPS_MAX };
	struct limits limits = { { 0 } };
	struct fact_sink sink = { NULL, take };
	struct reader in = reader_on(span_of(data, size));
	struct lookups *lookups = lookups_new(&sink, &limits, &budget);
	struct leases *leases = leases_new(&sink);
	struct packet packet = { .kind = PACKET_UDP };

	packet.source.addr = packet.target.addr = addr_v4((const uint8_t[]){ 192, 0, 2, 1 });
	while (lookups && leases && in.left.len)
		send_packet(lookups, leases, &in, &packet);
	if (lookups)
		lookups_end(lookups);
	lookups_free(lookups);
	leases_free(leases);
	if (budget.used)
		__builtin_trap();
	return 0;
}
