/* bench/floor.c - the least that reading a capture can cost: a walk over a pcap file that looks at
 * every packet's Ethernet, IPv4 and TCP headers.  floor FILE.pcap */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, FILE_HEAD = 24, RECORD_HEAD = 16, ETHER = 14, HEADERS = 54 };

struct walk {
	uint64_t packets, bytes;
	uint32_t seen;          /* of every header something, so that none can be left out */
};

static uint32_t le32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void look(struct walk *w, const uint8_t *frame, uint32_t len)
{
	const uint8_t *tcp = frame + ETHER + 4 * (size_t)(frame[ETHER] & 15);

	if (len < HEADERS || frame[12] != 8 || frame[ETHER + 9] != 6 || tcp + 20 > frame + len)
		return;
	w->seen += tcp[0] ^ tcp[2] ^ tcp[7] ^ tcp[13] ^ frame[ETHER + 15];
}

/* Walks over the whole records in block[0..len) and returns where the first cut one starts. */
static size_t walk(struct walk *w, const uint8_t *block, size_t len)
{
	size_t at = 0;

	while (len - at >= RECORD_HEAD) {
		uint32_t frame_len = le32(block + at + 8);

		if (frame_len > len - at - RECORD_HEAD)
			break;
		look(w, block + at + RECORD_HEAD, frame_len);
		w->packets++;
		w->bytes += frame_len;
		at += RECORD_HEAD + frame_len;
	}
	return at;
}

int main(int argc, char **argv)
{
	static uint8_t block[BLOCK];
	struct walk w = { 0 };
	size_t have = 0, skip = FILE_HEAD;
	ssize_t got;
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		fputs("usage: floor FILE.pcap\n", stderr);
		return 2;
	}
	while ((got = read(fd, block + have, BLOCK - have)) > 0) {
		size_t done;

		have += (size_t)got;
		done = skip + walk(&w, block + skip, have - skip);
		skip = 0;
		memmove(block, block + done, have - done);
		have -= done;
	}
	close(fd);
	printf("%llu packets, %llu bytes, %u\n", (unsigned long long)w.packets,
	       (unsigned long long)w.bytes, w.seen);
	return got < 0 || have;
}
