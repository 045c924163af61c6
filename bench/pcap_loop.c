/* bench/pcap_loop.c - libpcap's loop with nothing in it.  pcap_loop FILE */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

struct counts {
	uint64_t packets, bytes;
};

static void count(u_char *self, const struct pcap_pkthdr *head, const u_char *bytes)
{
	struct counts *c = (struct counts *)(void *)self;

	(void)bytes;
	c->packets++;
	c->bytes += head->caplen;
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "usage: pcap_loop FILE";
	pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	struct counts c = { 0 };
	int code;

	if (!capture) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	code = pcap_loop(capture, 0, count, (u_char *)&c);
	pcap_close(capture);
	printf("%llu packets, %llu bytes\n", (unsigned long long)c.packets, (unsigned long long)c.bytes);
	return code != 0;
}
