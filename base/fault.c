/* base/fault.c - filling in a fault. */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_set(struct fault *f, enum fault_kind kind, const char *format, ...)
{
	va_list args;

	f->kind = kind;
	va_start(args, format);
	vsnprintf(f->text, sizeof f->text, format, args);
	va_end(args);
	return false;
}
