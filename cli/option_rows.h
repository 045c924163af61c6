/* cli/option_rows.h - the table behind options.h: one row an option and who takes its value. */
#ifndef CLI_OPTION_ROWS_H
#define CLI_OPTION_ROWS_H

#include "cli/options.h"

enum { OPTION_ROWS_MAX = 112 };

struct option_row {
	char letter;                    /* 0: only a name */
	bool secret;                    /* the value is wiped from the arguments when it has been taken */
	const char *name;
	const char *argument;           /* NULL: a switch */
	unsigned commands;              /* bits of command_bit */
	const char *help;
	/* `value` of a switch is NULL, or yes or no.  False: the fault tells what is wanted. */
	bool (*take)(struct options *o, const struct option_row *row, const char *value, struct fault *f);
	/* for what takes values of any option: where they go, are counted, the least and the most */
	size_t to, count;
	uint64_t min, max;
	bool argument_only;             /* means nothing in a file of options (config.h) */
};

/* Ends with a row whose name is NULL. */
extern const struct option_row option_rows[];

/* Where a value of one option stands. */
static inline void *option_field(struct options *o, size_t at)
{
	return (char *)o + at;
}

static inline const void *option_said(const struct options *o, size_t at)
{
	return (const char *)o + at;
}

/* Those of any option, by `to`, `count`, `min` and `max`. */
bool take_switch(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_text(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_texts(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_resolve(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_file(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_files(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_number(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_int(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_factor(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_duration(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_size(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_limit(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_login(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_lang(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_when(struct options *o, const struct option_row *row, const char *value, struct fault *f);

/* Those of one. */
bool take_output(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_sup(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_client(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_show_from(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_pseudonyms(struct options *o, const struct option_row *row, const char *value, struct fault *f);
bool take_fail_on(struct options *o, const struct option_row *row, const char *value, struct fault *f);

#endif
