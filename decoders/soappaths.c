/* decoders/soappaths.c - rows in the order of methods and sides, and nodes linked to trees. */
#include "decoders/soappaths.h"

#include <stdlib.h>
#include <string.h>

#include "decoders/soapitems.h"

static const struct soaprow all[] = {
#define FIELD(symbol, method, side, path, type, name)                                   \
	{ path, METHOD_##method, side, FIELD_ROW, WSUS_##type, FIELD_##symbol },
#define PART(symbol, method, side, path)                                                \
	{ path, METHOD_##method, side, PART_ROW, WSUS_TEXT, PART_##symbol },
#include "facts/wsusfields.def"
#include "decoders/soapparts.def"
#undef FIELD
#undef PART
};

enum { ALL = sizeof all / sizeof *all, NODES_MAX = 4 * ALL };

struct soappaths {
	struct soaprow rows[ALL];
	struct soaptree trees[METHOD_UNKNOWN + 1][2];
	struct soappath nodes[NODES_MAX];
	size_t row_count, node_count;
};

static uint32_t letter_bit(char letter)
{
	return UINT32_C(1) << (letter & 31);
}

const char *soaprow_after(const struct soaprow *row, char mark)
{
	const char *at = strchr(row->path, mark);

	return at ? at + 1 : NULL;
}

static bool is_named(const struct soappath *node, const char *name, size_t len)
{
	return node->len == len && !memcmp(node->name, name, len);
}

const struct soappath *soappath_below(const struct soappath *up, const char *name)
{
	const struct soappath *node = up->child;
	size_t len;

	/* Most elements of a long answer begin with no letter that leads anywhere. */
	if (!(up->letters & letter_bit(*name)))
		return NULL;
	len = strlen(name);
	while (node && !is_named(node, name, len))
		node = node->next;
	return node;
}

/* The node of that name below `up`, made where there is none.  NULL: no room. */
static struct soappath *grow(struct soappaths *p, struct soappath *up, const char *name, size_t len)
{
	struct soappath *node;

	for (node = up->child; node; node = node->next)
		if (is_named(node, name, len))
			return node;
	if (p->node_count == NODES_MAX)
		return NULL;
	node = &p->nodes[p->node_count++];
	*node = (struct soappath){ .name = name, .len = len, .next = up->child };
	up->child = node;
	up->letters |= letter_bit(*name);
	return node;
}

/* Where the row ends, it is of one of the three sorts. */
static void end_here(struct soaptree *tree, struct soappath *node, const struct soaprow *row)
{
	uint64_t bit = UINT64_C(1) << (row - tree->rows);
	bool counts = row->kind == FIELD_ROW && row->type == WSUS_COUNT && !soaprow_after(row, '=');

	if (soaprow_after(row, '@'))
		node->attributes |= bit;
	else if (counts)
		node->counts |= bit;
	else
		node->texts |= bit;
	if (counts)
		tree->zeros |= bit;
}

static bool plant(struct soappaths *p, struct soaptree *tree, const struct soaprow *row)
{
	struct soappath *node = &tree->root;
	const char *name = row->path;

	while (node) {
		size_t len = strcspn(name, "/@=");

		node = grow(p, node, name, len);
		if (name[len] != '/')
			break;
		name += len + 1;
	}
	if (node)
		end_here(tree, node, row);
	return node;
}

static bool make_tree(struct soappaths *p, enum side side, enum wsus_method method)
{
	struct soaptree *tree = &p->trees[method][side];

	tree->rows = &p->rows[p->row_count];
	for (size_t i = 0; i < ALL; i++)
		if (all[i].method == method && all[i].side == side)
			p->rows[p->row_count + tree->count++] = all[i];
	p->row_count += tree->count;
	if (tree->count > SOAPPATHS_ROWS_MAX)
		return false;
	for (unsigned i = 0; i < tree->count; i++)
		if (!plant(p, tree, &tree->rows[i]))
			return false;
	return true;
}

struct soappaths *soappaths_new(void)
{
	struct soappaths *p = calloc(1, sizeof *p);

	for (unsigned method = 0; p && method < METHOD_COUNT; method++)
		if (!make_tree(p, CLIENT, method) || !make_tree(p, SERVER, method)) {
			free(p);
			return NULL;
		}
	return p;
}

void soappaths_free(struct soappaths *p)
{
	free(p);
}

const struct soaptree *soappaths_tree(const struct soappaths *p, enum side side, enum wsus_method method)
{
	return &p->trees[method][side];
}
