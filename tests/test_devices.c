/* tests/test_devices.c - interfaces as they are listed, beside what the test set up itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/devices.h"
#include "tests/cables.h"

static const struct device *named(const struct device *all, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(all[i].name, name))
			return &all[i];
	return NULL;
}

static void loopback_and_any_are_listed(void **state)
{
	struct device *all;
	size_t count;
	struct fault f;

	(void)state;
	assert_true(devices_list(&all, &count, &f));
	if (!named(all, count, "lo")) {
		devices_free(all, count);
		skip();         /* no interfaces that may be seen */
	}
	assert_true(named(all, count, "lo")->loopback);
	assert_non_null(named(all, count, "any"));
	assert_null(named(all, count, "nflog"));
	devices_free(all, count);
}

static void addresses_and_states_are_told(void **state)
{
	const struct device *d;
	struct device *all;
	size_t count;
	struct fault f;

	(void)state;
	if (!cables_begin())
		skip();
	cables_add("cable0", "far0");
	cables_ip("addr add 192.0.2.1/24 dev cable0");
	cables_ip("addr add 198.51.100.1/24 dev cable0");
	cables_ip("link set far0 down");
	assert_true(devices_list(&all, &count, &f));
	d = named(all, count, "cable0");
	assert_non_null(d);
	assert_string_equal(d->addresses, "192.0.2.1, 198.51.100.1");
	assert_true(d->up);
	assert_false(d->running || d->loopback || d->wireless);         /* no carrier */
	d = named(all, count, "far0");
	assert_non_null(d);
	assert_false(d->up);
	assert_string_equal(d->addresses, "");
	assert_string_equal(d->description, "");
	devices_free(all, count);
}

static void link_types_are_listed(void **state)
{
	struct device_link links[8];
	struct fault f;
	size_t count;

	(void)state;
	if (!cables_begin())
		skip();
	cables_add("cable0", "far0");
	count = device_links("cable0", links, 8, &f);
	assert_true(count >= 1 && count <= 8);
	assert_int_equal(links[0].number, 1);
	assert_string_equal(links[0].name, "EN10MB");
	assert_string_equal(links[0].description, "Ethernet");
	assert_int_equal(device_links("cable0", links, 0, &f), count);
	assert_int_equal(device_links("any", links, 1, &f), 2);
	assert_string_equal(links[0].name, "LINUX_SLL");
	assert_int_equal(device_links("nosuchdevice0", links, 8, &f), 0);
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_non_null(strstr(f.text, "nosuchdevice0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_and_any_are_listed),
		cmocka_unit_test(addresses_and_states_are_told),
		cmocka_unit_test(link_types_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
