/* tests/fuzz_soapvalues.c - any elements, texts and ends below any method, in a small arena.
 *
 * A byte below the names opens an element of that name, the next ones close, begin and end; others are text.
 */
#include "decoders/soapvalues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
	"SyncUpdatesResult", "NewUpdates", "UpdateInfo", "ID", "Xml", "IsLeaf", "Deployment",
	"Action", "int", "parameters", "OtherCachedUpdateIDs", "cookie", "EncryptedData",
	"Expiration", "GetConfigResult", "Properties", "ConfigurationProperty", "Name", "Value",
	"GetExtendedUpdateInfoResult", "Updates", "Update", "FileLocations", "FileLocation",
	"FileDigest", "Url", "eventBatch", "ReportingEvent", "BasicData", "ExtendedData",
	"ReplacementStrings", "string", "computers", "ComputerRollupInfo", "Details",
};

enum { NAMES = sizeof names / sizeof *names, CLOSE = NAMES, BEGIN_CLIENT, BEGIN_SERVER, END, TEXT };

static void text(struct soapvalues *values, struct span *in)
{
	size_t len = 0;

	while (len < in->len && in->at[len] >= TEXT)
		len++;
	soapvalues_text(values, span_take(in, len));
}

static void step(struct soapvalues *values, struct span *in)
{
	static const char *const attributes[] = { "IPAddress", "10.0.0.5", "Change", "Deleted", NULL };
	uint8_t what = in->at[0];

	if (what >= TEXT) {
		text(values, in);
		return;
	}
	span_take(in, 1);
	if (what < NAMES)
		soapvalues_open(values, names[what], attributes);
	else if (what == CLOSE)
		soapvalues_close(values);
	else if (what == END)
		soapvalues_end(values);
	else if (in->len)
		soapvalues_begin(values, what == BEGIN_SERVER ? SERVER : CLIENT,
		                 span_take(in, 1).at[0] % (METHOD_COUNT + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct soapvalues_pool *pool = soapvalues_pool_new(NULL);
	struct span in = { data, size };
	const struct wsus_call *call;
	struct soapvalues *values;
	struct arena arena;

	arena_init(&arena, 16 * 1024);
	values = soapvalues_get(pool, &arena);
	if (values && size)
		soapvalues_begin(values, SERVER, span_take(&in, 1).at[0] % METHOD_COUNT);
	while (values && in.len)
		step(values, &in);
	call = values ? soapvalues_call(values) : NULL;
	for (size_t i = 0; call && i < call->value_count; i++)
		if (call->values[i].field >= WSUS_FIELD_COUNT || call->values[i].text.len > VALUE_TEXT_MAX)
			__builtin_trap();
	for (size_t i = 0; call && i < call->update_count; i++)
		if (call->updates[i].title.len > ITEM_TEXT_MAX)
			__builtin_trap();
	soapvalues_put(values);
	soapvalues_pool_free(pool);
	arena_release(&arena);
	return 0;
}
