/* tests/test_addresses.c - networks stay networks, digits stay digits, nobody stays who he is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "veil/addresses.h"
#include "veil/names.h"

static const uint8_t key[DRAW_KEY] = "thirty-two bytes that are no key";

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 32;
}

static struct addr parse(const char *text)
{
	struct addr a;

	assert_true(addr_parse(span_text(text), &a));
	return a;
}

static unsigned common_bits(const struct addr *a, const struct addr *b)
{
	unsigned bits = 0;

	while (bits < 128 && !((a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (7 - bits % 8) & 1))
		bits++;
	return bits;
}

/* Crypto-PAn's promise, for any two addresses. */
static void as_many_bits_stay_equal(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		struct addr a = parse(i % 2 ? "203.0.113.0" : "2001:db8::"), b, x, y;

		for (unsigned k = i % 2 ? 12 : 2; k < 16; k++)
			a.bytes[k] = (uint8_t)next(&seed);
		b = a;
		b.bytes[i % 2 ? 12 + next(&seed) % 4 : 2 + next(&seed) % 14] ^= (uint8_t)(1u << i / 2 % 8);
		x = address_draw(key, 0, &a);
		y = address_draw(key, 0, &b);
		assert_int_equal(common_bits(&a, &b), common_bits(&x, &y));
	}
}

/* "x" keeps a digit's place, all else itself. */
static const struct {
	const char *address, *class;
} rows[] = {
	{ "10.1.2.3", "10." },           { "172.20.100.7", "172." },     { "192.168.1.1", "192.168." },
	{ "169.254.7.9", "169.254." },   { "100.64.3.200", "100." },     { "203.0.113.255", "" },
	{ "198.51.100.10", "" },         { "8.8.8.8", "" },              { "2001:db8::15", "" },
	{ "fe80::215:5dff:fe01:2", "fe80::" }, { "fd12:3456::aa", "fd" }, { "2a02:8109::1f3:0:beef", "" },
};

static void networks_with_a_meaning_keep_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct addr a = parse(rows[i].address), to = address_draw(key, 0, &a);
		char text[ADDR_TEXT];

		addr_text(&to, text);
		assert_int_equal(addr_is_private(&a), addr_is_private(&to));
		assert_int_equal(strlen(rows[i].address), strlen(text));
		assert_true(span_starts(span_text(text), span_text(rows[i].class)));
		if (addr_is_v4(&a))
			assert_string_not_equal(rows[i].address, text);
	}
}

/* Of all 2^16 networks of 256 addresses below a first byte, sampled: none becomes itself, private ones none
 * else, others none of them. */
static void no_public_address_becomes_a_private_one(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t bytes[4];
		struct addr a, to;

		for (unsigned k = 0; k < 4; k++)
			bytes[k] = (uint8_t)next(&seed);
		a = addr_v4(bytes);
		if (address_is_common(&a))
			continue;
		to = address_draw(key, 0, &a);
		assert_false(address_is_common(&to));
		assert_int_equal(addr_is_private(&a), addr_is_private(&to));
		assert_false(addr_eq(&a, &to));
		assert_int_equal(a.bytes[15] == 255, to.bytes[15] == 255);
	}
}

static void common_ones_are_known(void **state)
{
	static const char *const common[] = {
		"0.0.0.0", "127.0.0.1", "224.0.0.252", "255.255.255.255", "::", "::1", "ff02::1:3",
	};
	struct addr a;

	(void)state;
	for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
		a = parse(common[i]);
		assert_true(address_is_common(&a));
	}
	a = parse("ff02::1:ff12:3456");
	assert_false(address_is_common(&a));
	a = address_draw(key, 0, &a);
	assert_int_equal(a.bytes[12], 0xff);
}

/* RFC 3056, RFC 4380, RFC 5214, RFC 6052: the IPv4 address inside is the one that it becomes elsewhere. */
static void an_address_inside_is_the_same(void **state)
{
	struct addr v4 = parse("192.0.2.33"), to = address_draw(key, 0, &v4), six = parse("2002:c000:221::1");
	struct addr teredo = parse("2001:0:c000:221::"), isatap = parse("fe80::5efe:192.0.2.33");
	struct addr nat64 = parse("64:ff9b::192.0.2.33");

	(void)state;
	six = address_draw(key, 0, &six);
	assert_memory_equal(six.bytes + 2, to.bytes + 12, 4);
	for (unsigned i = 0; i < 4; i++)
		teredo.bytes[12 + i] = v4.bytes[12 + i] ^ 0xff;
	teredo = address_draw(key, 0, &teredo);
	assert_memory_equal(teredo.bytes + 4, to.bytes + 12, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(teredo.bytes[12 + i], to.bytes[12 + i] ^ 0xff);
	isatap = address_draw(key, 0, &isatap);
	assert_memory_equal(isatap.bytes + 12, to.bytes + 12, 4);
	nat64 = address_draw(key, 0, &nat64);
	assert_memory_equal(nat64.bytes + 12, to.bytes + 12, 4);
}

static void cards_of_one_vendor_stay_so(void **state)
{
	static const uint8_t one[6] = { 0x00, 0x15, 0x5d, 1, 2, 3 }, other[6] = { 0x00, 0x15, 0x5d, 9, 2, 3 };
	static const uint8_t local[6] = { 0x02, 0, 0, 0, 0, 1 }, group[6] = { 1, 0, 0x5e, 0, 0, 0xfc };
	uint8_t a[6], b[6], c[6];

	(void)state;
	mac_draw(key, 0, one, a);
	mac_draw(key, 0, other, b);
	mac_draw(key, 0, local, c);
	assert_memory_equal(a, b, 3);
	assert_memory_not_equal(a, one, 3);
	assert_memory_not_equal(a + 3, b + 3, 3);
	assert_int_equal(a[0] & 3, 0);
	assert_int_equal(c[0] & 3, 2);
	assert_true(mac_is_common(group));
	assert_false(mac_is_common(one));
}

/* ---- as text ---- */

static const char *const texts[] = {
	"203.0.113.7", "2001:DB8:0:12::3f", "fd00:1:22:333:4444:5:66:777", "[2001:db8::beef]",
	"::ffff:203.0.113.7",
};

static void text_says_what_bytes_say(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct names *n = names_new(key, false, &budget);

	(void)state;
	names_seal(n);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len = strlen(texts[i]);
		struct addr a = parse(texts[i]), wanted = names_addr(n, &a), got;
		uint8_t to[64];

		assert_true(names_address_text(n, span_text(texts[i]), to));
		assert_true(addr_parse(span_of(to, len), &got));
		assert_true(addr_eq(&wanted, &got));
	}
	names_free(n);
}

static void names_backwards_are_the_same_address(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct names *n = names_new(key, false, &budget);
	struct addr a = parse("203.0.113.7");
	char wanted[64], got[64];
	uint8_t *b;

	(void)state;
	names_seal(n);
	a = names_addr(n, &a);
	b = a.bytes;
	snprintf(wanted, sizeof wanted, "%u.%u.%u.%u.in-addr.arpa", b[15], b[14], b[13], b[12]);
	memset(got, 0, sizeof got);
	names_host(n, SPAN("7.113.0.203.in-addr.arpa"), (uint8_t *)got);
	assert_string_equal(got, wanted);
	memset(got, 0, sizeof got);
	names_host(n, SPAN("113.0.203.in-addr.arpa"), (uint8_t *)got);
	assert_string_equal(got, strchr(wanted, '.') + 1);
	names_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_bits_stay_equal),
		cmocka_unit_test(networks_with_a_meaning_keep_it),
		cmocka_unit_test(no_public_address_becomes_a_private_one),
		cmocka_unit_test(common_ones_are_known),
		cmocka_unit_test(an_address_inside_is_the_same),
		cmocka_unit_test(cards_of_one_vendor_stay_so),
		cmocka_unit_test(text_says_what_bytes_say),
		cmocka_unit_test(names_backwards_are_the_same_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
