/* tests/capture_file.h - captures made by hand, in either byte order, for the tests of capture/. */
#ifndef TESTS_CAPTURE_FILE_H
#define TESTS_CAPTURE_FILE_H

#include "base/buf.h"
#include "capture/source.h"

struct capture_file {
	struct buf bytes;
	bool big;
	size_t block;           /* where the open block begins */
};

void file_init(struct capture_file *c, bool big);
void file_release(struct capture_file *c);
struct span file_span(const struct capture_file *c);

void file_16(struct capture_file *c, uint16_t value);
void file_32(struct capture_file *c, uint32_t value);
void file_64(struct capture_file *c, uint64_t value);
void file_bytes(struct capture_file *c, struct span bytes);     /* padded to 4 */

/* Classic pcap. */
void file_pcap(struct capture_file *c, uint32_t magic, uint32_t link_type);
void file_record(struct capture_file *c, uint32_t seconds, uint32_t fraction, struct span bytes,
		 uint32_t wire_len);

/* pcapng: a block is open between the two. */
void file_block(struct capture_file *c, uint32_t type);
void file_block_end(struct capture_file *c);
void file_option(struct capture_file *c, uint16_t code, struct span value);
void file_section(struct capture_file *c);
void file_interface(struct capture_file *c, uint16_t link_type, uint32_t snaplen);
void file_packet(struct capture_file *c, uint32_t interface, uint64_t time, struct span bytes,
		 uint32_t wire_len);    /* an enhanced packet block without options */

/* All that a capture gives, as text: a line a frame and a line for how it
 * ended.  The caller frees it. */
char *file_told(struct span bytes, const char *filter);
char *source_told(struct source *s);
char *path_told(const char *path, uint64_t *dropped);   /* `dropped`: source_info's; may be NULL */

/* A new folder for files of a test, and its end. */
char *folder_new(void);
void folder_remove(char *folder);
const char *folder_write(const char *folder, const char *name, struct span bytes);      /* the caller frees */

#endif
