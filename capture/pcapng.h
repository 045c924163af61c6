/* capture/pcapng.h - the numbers of pcapng (draft-ietf-opsawg-pcapng), for its reader and writer. */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

/* Block types, section 11.1. */
#define PCAPNG_BLOCK_SECTION    0x0a0d0d0au
#define PCAPNG_BLOCK_INTERFACE  0x00000001u
#define PCAPNG_BLOCK_PACKET     0x00000002u     /* obsolete, appendix A */
#define PCAPNG_BLOCK_SIMPLE     0x00000003u
#define PCAPNG_BLOCK_NAMES      0x00000004u
#define PCAPNG_BLOCK_STATISTICS 0x00000005u
#define PCAPNG_BLOCK_ENHANCED   0x00000006u
#define PCAPNG_BLOCK_JOURNAL    0x00000009u     /* systemd's, as text */
#define PCAPNG_BLOCK_SECRETS    0x0000000au
#define PCAPNG_BLOCK_CUSTOM     0x00000badu     /* of those, what may be copied */

#define PCAPNG_BYTE_ORDER       0x1a2b3c4du
#define PCAPNG_SECRETS_TLS      0x544c534bu     /* "TLSK": NSS key log text, section 4.7 */

enum {
	PCAPNG_BLOCK_HEAD = 8,          /* type, total length */
	PCAPNG_BLOCK_MIN = 12,          /* and the total length again */
	PCAPNG_BLOCK_TAIL = 4,
	PCAPNG_ENHANCED_HEAD = 28,      /* of an enhanced or obsolete packet block, up to its bytes */
	PCAPNG_SIMPLE_HEAD = 12,
};

enum pcapng_option {
	PCAPNG_END = 0,
	PCAPNG_COMMENT = 1,
	PCAPNG_SHB_HARDWARE = 2,
	PCAPNG_SHB_OS = 3,
	PCAPNG_SHB_USERAPPL = 4,
	PCAPNG_IF_NAME = 2,
	PCAPNG_IF_SPEED = 8,
	PCAPNG_IF_TSRESOL = 9,
	PCAPNG_IF_TZONE = 10,
	PCAPNG_IF_FILTER = 11,
	PCAPNG_IF_FCSLEN = 13,
	PCAPNG_IF_TSOFFSET = 14,
	PCAPNG_IF_TXSPEED = 16,
	PCAPNG_IF_RXSPEED = 17,
	PCAPNG_PACKET_FLAGS = 2,
	PCAPNG_PACKET_DROPCOUNT = 4,
	PCAPNG_PACKET_ID = 5,
	PCAPNG_PACKET_QUEUE = 6,
	PCAPNG_ISB_STARTTIME = 2,
	PCAPNG_ISB_ENDTIME = 3,
	PCAPNG_ISB_IFRECV = 4,
	PCAPNG_ISB_IFDROP = 5,
	PCAPNG_ISB_FILTERACCEPT = 6,
	PCAPNG_ISB_OSDROP = 7,
	PCAPNG_ISB_USRDELIV = 8,
	/* of any block, by private enterprise numbers; "fixed": not to be copied by who does not know them */
	PCAPNG_CUSTOM_TEXT = 2988,
	PCAPNG_CUSTOM_BYTES = 2989,
	PCAPNG_CUSTOM_TEXT_FIXED = 19372,
	PCAPNG_CUSTOM_BYTES_FIXED = 19373,
};

enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2, PCAPNG_DIRECTION = 3 };

#endif
