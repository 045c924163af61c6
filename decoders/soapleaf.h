/* decoders/soapleaf.h - the simplest elements of a stream of XML, found without a parser.
 *
 * Most of what update calls send is thousands of "<int>12345</int>" and escaped XML, "&lt;", for which a parser
 * takes many times as long as it takes to recognise them.  A leaf is an element without prefix, attributes and
 * children, whose text is ASCII and the five references that every parser knows: it is well formed by itself,
 * and what stands before and after it is as well formed without it (XML 1.0 sections 3.1 and 4.6).  All else
 * is left to the parser: this follows tags, comments, CDATA and processing instructions only as far as needed
 * to know that a "<" begins an element.
 */
#ifndef DECODERS_SOAPLEAF_H
#define DECODERS_SOAPLEAF_H

#include "base/span.h"

/* All zeros at the start of a stream. */
struct soapleaf {
	enum soapleaf_state {
		SOAPLEAF_TEXT, SOAPLEAF_OPEN, SOAPLEAF_TAG, SOAPLEAF_QUOTED, SOAPLEAF_INSTRUCTION,
		SOAPLEAF_BANG, SOAPLEAF_DASH, SOAPLEAF_COMMENT, SOAPLEAF_CDATA, SOAPLEAF_OTHER
	} state;
	uint8_t quote;                  /* that ends the attribute's value */
	uint32_t recent;                /* the last bytes of what has a mark for its end */
};

struct soapleaf_found {
	struct span before;             /* of the input, up to the leaf: the parser's */
	struct span whole, name, text;  /* of the leaf; its text as it stands */
	bool refers;                    /* there are references in it */
};

/* Takes from the front of a leaf's text what fits `to`, which has room for one byte at least, and puts there
 * what it stands for.  Returns how many bytes that are. */
size_t soapleaf_text(struct span *text, uint8_t *to, size_t room);

/* Takes bytes of the stream, up to and with the next leaf that lies whole in *in.  False: there is none, and
 * all of *in is the parser's.  Bytes are those of an encoding that has ASCII in it. */
bool soapleaf_next(struct soapleaf *l, struct span *in, struct soapleaf_found *found);

#endif
