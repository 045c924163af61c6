/* tests/test_clocks.c - wrong clocks of clients and servers; and of the capture alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_clocks;

/* Line n of a story takes place in second n of 1970. */
#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define COOKIE(n, time) PC(n) "CALL GetCookie | Host: wsus01:8530 | values client_time=" time " => 200 OK"
#define REPORT(n, time) PC(n) "CALL ReportEventBatch | values client_time=" time " => 200 OK"
#define DATE(clock) " | Date: Thu, 01 Jan 1970 " clock " GMT\n"

static const struct judged rows[] = {
	{ "all clocks agree", COOKIE("50", "1") DATE("00:00:01"), "", NULL },
	{ "five minutes are tolerated", COOKIE("50", "301") DATE("00:00:01"), "", NULL },
	{ "the client is ahead", COOKIE("50", "302") DATE("00:00:01"),
	  "clock-skew warning certain 1",
	  "clock is 5 min ahead of the server's and the capture's" },
	{ "the client is behind", "+7200\n" COOKIE("50", "2") DATE("01:59:59"),
	  "clock-skew warning certain 1", "2 h 0 min behind" },
	{ "whole hours", COOKIE("50", "3601") DATE("00:00:01"), "clock-skew warning certain 1",
	  "Whole hours" },
	{ "it says so in reports", REPORT("50", "90061") DATE("00:00:01"),
	  "clock-skew warning certain 1", "1 d 1 h" },
	{ "the capture alone is off", COOKIE("50", "86400") " "
	  "| Date: Fri, 02 Jan 1970 00:00:00 GMT\n", "", NULL },
	{ "the server alone is off", COOKIE("50", "1") DATE("02:30:00"),
	  "clock-skew warning probable 1", "The server's clock is 2 h 30 min ahead of" },
	{ "the server of all clients", COOKIE("50", "1") DATE("02:30:00") COOKIE("51", "2") " "
	  DATE("02:30:01"), "clock-skew warning probable 2", "- > 198.51.100.1:8530" },
	{ "without a Date either may be wrong", COOKIE("50", "1000") "\n", "", NULL },
	{ "without a Date", COOKIE("51", "1") "\n" COOKIE("50", "1000") "\n", "clock-skew warning probable 1",
	  "the server tells no time" },
	{ "a Date that is none", COOKIE("51", "1") "\n" COOKIE("50", "1000") "| Date: yesterday\n",
	  "clock-skew warning probable 1", NULL },
	{ "no time told", PC("50") "CALL GetCookie | Host: wsus01:8530 => 200 OK" DATE("05:00:00"),
	  "", NULL },
	{ "absurd, and no overflow", COOKIE("50", "9223372036") DATE("00:00:01"),
	  "clock-skew warning certain 1", "d" },
	{ "as absurd the other way", COOKIE("50", "-9223372036") DATE("00:00:01"),
	  "clock-skew warning certain 1", "behind" },
	{ "told once a client", COOKIE("50", "1000") DATE("00:00:01") COOKIE("50", "1002") " "
	  DATE("00:00:02"), "clock-skew warning certain 2", NULL },
};

static void tells_clocks(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_clocks };

	(void)unused;
	judge_rows(one, 1, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_clocks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
