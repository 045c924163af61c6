/* decoders/soapplain.h - XML as update calls write it, read without a parser.
 *
 * Most of what they send is thousands of "<int>12345</int>" and escaped XML, "&lt;", on which a parser spends
 * many times as long as it takes to recognise them.  Plain is: elements, attributes with plain values, ASCII,
 * and the five references that every parser knows.  At the first thing that is anything else, an error too,
 * expat takes over (soap.c): the start tags that are open then are kept for it.  So each rule that is not
 * plain has one place, and what is told is the same either way.
 */
#ifndef DECODERS_SOAPPLAIN_H
#define DECODERS_SOAPPLAIN_H

#include "decoders/soapwalk.h"

enum { SOAPPLAIN_TAGS_MAX = 2048, SOAPPLAIN_SCRATCH = 1024 };

/* All zeros at the start of a body. */
struct soapplain {
	bool begun;                     /* something was read ... */
	bool root;                      /* ... the root among it */
	unsigned depth;                 /* of the element that is open */
	size_t leaf_len;
	uint16_t tag_end[SOAP_DEPTH_MAX];       /* in tags: of each start tag that is open */
	uint16_t name_len[SOAP_DEPTH_MAX];
	uint8_t tags[SOAPPLAIN_TAGS_MAX];       /* as they stand, one behind the other */
	char scratch[SOAPPLAIN_SCRATCH];        /* the name and the attributes of the tag that is read */
	char leaf[SOAP_NAME_MAX];       /* name of the last leaf: most are like it */
};

/* Tells the walk what stands at the front of `in`, and returns how many bytes that is.  What is left is the
 * beginning of something, of which more is needed; with *other, something that is not plain.  Stops when the
 * walk does. */
size_t soapplain_read(struct soapplain *p, struct soap_walk *walk, struct span in, bool *other);

/* The root is closed. */
static inline bool soapplain_is_over(const struct soapplain *p)
{
	return p->root && !p->depth;
}

/* What brings a parser to where this stands. */
struct span soapplain_replay(const struct soapplain *p);

#endif
