/* bench/pcapout.c - packets to a file. */
#include "bench/pcapout.h"

enum { RECORD = 16, ETHER = 14, IP = 20, TCP = 20, HEADERS = RECORD + ETHER + IP + TCP };
enum { SNAP_LENGTH = 262144, LINKTYPE_ETHERNET = 1, FILE_BUFFER = 1 << 20 };

/* MSS 1460, window scale 8, SACK permitted: as Windows Server sends them. */
static const uint8_t syn_options[] = { 2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2 };

static void le32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void be16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void be32(uint8_t *at, uint32_t value)
{
	be16(at, value >> 16);
	be16(at + 2, value);
}

bool pcapout_open(struct pcapout *p, const char *path)
{
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0 };

	*p = (struct pcapout){ .file = fopen(path, "wb") };
	if (!p->file)
		return false;
	setvbuf(p->file, NULL, _IOFBF, FILE_BUFFER);
	le32(head + 16, SNAP_LENGTH);
	le32(head + 20, LINKTYPE_ETHERNET);
	return fwrite(head, sizeof head, 1, p->file) == 1;
}

bool pcapout_close(struct pcapout *p)
{
	bool bad = ferror(p->file);

	return !fclose(p->file) && !bad;
}

/* The Internet checksum does not mind the byte order it is added in (RFC 1071 section 2). */
static uint64_t sum_words(uint64_t sum, struct span bytes)
{
	while (bytes.len >= 4) {
		uint32_t word;

		memcpy(&word, bytes.at, 4);
		sum += word;
		bytes = span_skip(bytes, 4);
	}
	if (bytes.len) {
		uint32_t word = 0;

		memcpy(&word, bytes.at, bytes.len);
		sum += word;
	}
	return sum;
}

static void put_sum(uint8_t *at, uint64_t sum)
{
	uint16_t folded;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	folded = (uint16_t)~sum;
	memcpy(at, &folded, sizeof folded);
}

static void put_ip(uint8_t *ip, struct host *from, const struct host *to, size_t len)
{
	ip[0] = 0x45;
	be16(ip + 2, (uint32_t)len);
	be16(ip + 4, from->ip_id++);
	ip[6] = 0x40;           /* do not fragment */
	ip[8] = from->ttl;
	ip[9] = 6;
	memcpy(ip + 12, from->ip, 4);
	memcpy(ip + 16, to->ip, 4);
	put_sum(ip + 10, sum_words(0, span_of(ip, IP)));
}

static void put_tcp(uint8_t *tcp, const struct host *from, const struct host *to, size_t head_len,
                    const struct tcp_packet *packet)
{
	uint8_t pseudo[12] = { [9] = 6 };       /* RFC 9293 section 3.1 */
	uint64_t sum;

	be16(tcp, from->port);
	be16(tcp + 2, to->port);
	be32(tcp + 4, packet->seq);
	be32(tcp + 8, packet->ack);
	tcp[12] = (uint8_t)(head_len / 4 << 4);
	tcp[13] = packet->flags;
	be16(tcp + 14, packet->flags & TCP_SYN ? 64240 : 1026);
	if (head_len > TCP)
		memcpy(tcp + TCP, syn_options, sizeof syn_options);
	memcpy(pseudo, from->ip, 4);
	memcpy(pseudo + 4, to->ip, 4);
	be16(pseudo + 10, (uint32_t)(head_len + packet->payload.len));
	sum = sum_words(0, span_of(pseudo, sizeof pseudo));
	sum = sum_words(sum, span_of(tcp, head_len));
	put_sum(tcp + 16, sum_words(sum, packet->payload));
}

void pcapout_tcp(struct pcapout *p, struct host *from, const struct host *to,
                 const struct tcp_packet *packet)
{
	uint8_t head[HEADERS + sizeof syn_options] = { 0 };
	size_t tcp_len = packet->flags & TCP_SYN ? TCP + sizeof syn_options : TCP;
	size_t ip_len = IP + tcp_len + packet->payload.len;

	le32(head, (uint32_t)(packet->us / 1000000));
	le32(head + 4, (uint32_t)(packet->us % 1000000));
	le32(head + 8, (uint32_t)(ETHER + ip_len));
	le32(head + 12, (uint32_t)(ETHER + ip_len));
	memcpy(head + RECORD, to->mac, 6);
	memcpy(head + RECORD + 6, from->mac, 6);
	be16(head + RECORD + 12, 0x0800);
	put_ip(head + RECORD + ETHER, from, to, ip_len);
	put_tcp(head + RECORD + ETHER + IP, from, to, tcp_len, packet);
	fwrite(head, RECORD + ETHER + IP + tcp_len, 1, p->file);
	if (packet->payload.len)
		fwrite(packet->payload.at, packet->payload.len, 1, p->file);
	p->packets++;
	p->bytes += ETHER + ip_len;
}
