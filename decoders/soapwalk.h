/* decoders/soapwalk.h - the elements of one body: envelope, method, fault (SOAP 1.1 section 4, SOAP 1.2
 * part 1 section 5).
 *
 * Fed by soap.c, which owns the parser; what is found goes to the call.
 */
#ifndef DECODERS_SOAPWALK_H
#define DECODERS_SOAPWALK_H

#include "base/arena.h"
#include "decoders/soapvalues.h"
#include "facts/exchange.h"

enum { SOAP_DEPTH_MAX = 64, SOAP_NAME_MAX = 128 };

/* What an exchange's two walks share. */
struct soap_talk {
	struct arena *arena;
	struct soapvalues_pool *gatherers;      /* borrowed */
	struct soap_call call;
	struct span path;               /* of the request: says which service is called */
	struct span action;             /* the method that its header names; empty */
	struct soapvalues *values;      /* NULL until there is a method whose values are known */
	bool named;                     /* the call's name is out of a body */
	bool telling;                   /* values are told, by ... */
	enum side teller;
};

struct soap_walk {
	struct soap_talk *talk;
	enum side from;
	unsigned depth;                 /* of the element that is open */
	bool root;                      /* an element was seen */
	bool stop;                      /* nothing that follows is worth a look */
	bool body;                      /* the envelope's Body was seen */
	enum soap_walk_place {
		SOAP_AROUND, SOAP_IN_METHOD, SOAP_IN_FAULT, SOAP_ELSEWHERE
	} place;                        /* below Body; ELSEWHERE: below what is not read */
	unsigned outside;               /* depth of the element that led ELSEWHERE */
	unsigned part;                  /* of a fault: which of its children is open */
	struct span *field;             /* where the text goes that is gathered; NULL: nowhere */
	size_t room, len;               /* of text: how much the field takes, and has */
	char text[SOAP_TEXT_MAX];
};

/* Between the tags that the walk is told of.  `attributes`: names and values in turn, then NULL. */
void soapwalk_open(struct soap_walk *w, const char *name, const char *const *attributes);
void soapwalk_text(struct soap_walk *w, struct span text);
void soapwalk_close(struct soap_walk *w);

void soapwalk_doctype(struct soap_walk *w, const char *name);

/* The next element may be left out of what is walked : it is one of the values. */
static inline bool soapwalk_takes_leaf(const struct soap_walk *w)
{
	return w->place == SOAP_IN_METHOD && w->depth < SOAP_DEPTH_MAX;
}

/* Who hears what stands below the method's element; NULL: nobody. */
static inline struct soapvalues *soapwalk_values(const struct soap_walk *w)
{
	const struct soap_talk *t = w->talk;

	return t->telling && t->teller == w->from ? t->values : NULL;
}

/* The body is over, and so are its values. */
void soapwalk_end(struct soap_walk *w);

static inline void soapwalk_note(struct soap_walk *w, enum soap_anomaly what)
{
	w->talk->call.side[w->from].anomalies |= 1u << what;
}

#endif
