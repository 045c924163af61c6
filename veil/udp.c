/* veil/udp.c - who rewrites what by which port. */
#include "veil/udp.h"

#include "base/reader.h"

bool udp_head(struct span message, unsigned questions, unsigned records, struct udp_head *head)
{
	enum { HEAD = 12, FRONT = 4 };
	struct reader in = reader_on(message);
	bool good;

	*head = (struct udp_head){ .len = HEAD };
	reader_skip(&in, FRONT);
	head->questions = reader_be16(&in);
	for (unsigned i = 0; i < 3; i++)
		head->records += reader_be16(&in);
	good = in.ok && head->questions <= questions && head->records <= records;
	if (!good)
		head->len = message.len < FRONT ? 0 : FRONT;
	return good;
}

bool udp_rewrite(struct names *n, const struct packet *packet, struct span payload, uint8_t *to)
{
	static const struct {
		uint16_t port;
		bool (*rewrite)(struct names *n, struct span message, uint8_t *to);
	} rows[] = {
		{ 53, dns_rewrite }, { 5353, dns_rewrite }, { 5355, dns_rewrite }, { 137, nbns_rewrite },
		{ 67, dhcp_rewrite }, { 68, dhcp_rewrite },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (packet->source.port == rows[i].port || packet->target.port == rows[i].port)
			return rows[i].rewrite(n, payload, to);
	names_blank(n, payload, to);
	return false;
}
