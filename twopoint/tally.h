/* twopoint/tally.h - what became of the packets of one service between two points; inside twopoint/ only. */
#ifndef TWOPOINT_TALLY_H
#define TWOPOINT_TALLY_H

#include "twopoint/trouble.h"

/* X(symbol, what it is called) */
#define CHANGES(X) \
	X(MSS, "MSS") X(SCALE, N_("window scale")) X(SACK, N_("SACK permitted")) \
	X(STAMPS, N_("time stamps")) X(OTHERS, N_("other TCP options")) X(ISN, N_("sequence numbers")) \
	X(WINDOW, N_("window")) X(IP_ID, "IP id") X(TTL, "TTL") X(DSCP, "DSCP") X(ECN, "ECN") \
	X(ECN_ASKED, N_("ECN asked for")) X(PAYLOAD, N_("payload"))

#define X(symbol, ...) CHANGE_##symbol,
enum change { CHANGES(X) CHANGE_COUNT };
#undef X

/* Who made a reset. */
enum maker { MAKER_TO_NEAR, MAKER_TO_FAR, MAKER_CLIENT, MAKER_SERVER, MAKER_COUNT };

struct frames {
	uint64_t at[TROUBLE_FRAMES];
	unsigned count;
};

struct changed {
	uint64_t count, of;
	uint32_t before, after;         /* of the first */
	struct frames frames[2];
};

struct way {                            /* packets of one direction: 0 from NEAR to FAR */
	uint64_t sent, arrived, lost;   /* that the other capture would have shown */
	uint64_t begun, begun_lost;     /* of these, SYNs (there), SYN-ACKs (back) */
	uint64_t beyond;                /* of the lost, those after the other capture's last packet */
	uint64_t lost_large;            /* larger than any that arrived */
	uint32_t largest, smallest_lost;        /* payload */
	struct frames frames;           /* of lost ones, at their origin */
};

struct tally {                          /* a server's port, as NEAR has it */
	enum packet_kind kind;
	struct endpoint server;
	struct addr clients[TROUBLE_CLIENTS];
	unsigned client_count;
	uint32_t flows, through, vain;  /* that were tried; that are paired; that had packets lost for good */
	bool known;                     /* the server's address, or its port, is seen beyond, too */
	struct way way[2];
	uint64_t resets[MAKER_COUNT];
	struct frames reset_frames[MAKER_COUNT][2];
	uint64_t refused;               /* attempts that something answered with a reset */
	struct frames refused_frames;
	uint64_t rejected;              /* ... with an ICMP error */
	struct frames rejected_frames;
	struct addr rejected_from;
	uint8_t rejected_type, rejected_code;
	struct changed changes[2][CHANGE_COUNT];        /* by way */
	uint32_t server_turned, client_turned;          /* flows whose addresses or ports are others beyond */
	struct endpoint server_beyond, client_before, client_beyond;    /* of the first */
	struct frames turned_frames[2];
};

struct tallies {
	struct map by_server;           /* -> struct tally, made by map_value */
};

void frames_add(struct frames *f, uint64_t frame);

/* Goes over all flows.  False: out of memory; tallies_free is safe either way. */
bool tallies_make(struct tallies *all, const struct twopoint *t, struct blind blind[2]);
void tallies_free(struct tallies *all);

/* The tally of a flow of NEAR; NULL: not counted. */
struct tally *tally_of(const struct tallies *all, const struct flow *f);

/* What is other in a packet's mate than in itself. */
void tally_changes(struct tally *y, const struct twopoint *t, const struct flow *near, const struct sight *g);
void tally_syns(struct tally *y, const struct flow *near, const struct flow *far);

/* ---- findings by content (relayed.c) ---- */
struct trouble *trouble_add(struct troubles *all, enum trouble_kind kind, const struct endpoint *server);
/* Adds to its words: a message, translated here. */
void trouble_say(struct trouble *r, const char *message, ...) __attribute__((format(printf, 2, 3)));
void trouble_client(struct trouble *r, const struct addr *client);
void trouble_frame(struct trouble *r, enum place at, uint64_t frame);
void troubles_relayed(struct troubles *all, const struct twopoint *t);

#endif
