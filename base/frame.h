/* base/frame.h - one captured frame, as a source lends it. */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include "base/span.h"

enum frame_direction { FRAME_UNKNOWN, FRAME_INBOUND, FRAME_OUTBOUND };

struct frame {
	uint64_t number;        /* from 1, over all files: Wireshark's frame.number for one file */
	int64_t time;           /* ns since 1970; see base/moment.h */
	struct span bytes;      /* captured; lent until the source's next call */
	uint32_t wire_len;      /* as it was on the wire; bytes.len < wire_len: truncated */
	uint16_t link_type;     /* LINKTYPE_..., not DLT_... */
	uint16_t file;          /* index of the input it came from */
	uint32_t interface;     /* index within that input */
	enum frame_direction direction; /* as the capturing host says; may be wrong */
	uint64_t packet_id;     /* epb_packetid: equal for sightings of one packet; 0: none told */
	struct span comment;    /* first comment, UTF-8; lent as the bytes are */
	struct span options;    /* of a pcapng block, all, as they stand there; lent as the bytes are */
	bool options_big;       /* in that byte order */
};

#endif
