# wsuscope
#
#   make                ./wsuscope and libwsuscope.a        make deps     what building and testing needs (Debian)
#   make demo           diagnoses some shipped captures     make check    every test, under ASan and UBSan
#   make lint           style, layers, static analysis      make fuzz     every fuzz target, FUZZ_SECONDS each
#   make lab            pcaps/ anew, probes, live (root)    make bench    speed and memory, beside floors and peers
#   make po             the messages of the sources anew, into po/ (needs gettext)
#   make browser        opens the HTML reports of pcaps/ in Chromium
#   make docs           writes docs/findings.md and codes.md from the catalogue, the codes and pcaps/
#   make install        PREFIX, SYSCONFDIR, DESTDIR         make clean
#
# CC=gcc or CC=clang; V=1 shows the commands; BUILD=DIR builds elsewhere.

PREFIX       = /usr/local
SYSCONFDIR   = /etc
BUILD        = build/$(notdir $(CC))
FUZZ_CC      = clang
FUZZ_SECONDS = 30

WARNINGS   = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
CFLAGS     = -O2 -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -I. $(WARNINGS) -MMD -MP
LIBRARIES  = -lpcap -lz -ldeflate -lzstd -lbrotlidec -ljson-c -lexpat -lssl -lcrypto -lcurl -lcares -lpacparser \
	     -lmicrohttpd -lncursesw -lcap-ng -lseccomp -lsystemd -lpthread -lm

# What differs between the three ways of building: release, san (tests), fuzz.  A scan is read a tenth faster
# when gcc sees all files at once; fat objects, so that whoever links libwsuscope.a need not.
LTO             = $(if $(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects)
SANITIZE        = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
release_CC      = $(CC)
release_CFLAGS  = $(CFLAGS) $(LTO)
san_CC          = $(CC)
san_CFLAGS      = -O1 -g $(SANITIZE)
fuzz_CC         = $(FUZZ_CC)
fuzz_CFLAGS     = -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link

# The library: all that other platforms could build too, so no live capture, no probes, no command line.
LIVE_SOURCES = $(wildcard capture/live*.c capture/devices.c)
LIB_SOURCES  = $(filter-out $(LIVE_SOURCES),$(wildcard $(addsuffix /*.c,base capture facts decoders veil analyzers twopoint report)))
MAIN         = $(wildcard cli/main.c)
REST_SOURCES = $(LIVE_SOURCES) $(filter-out cli/main.c,$(wildcard $(addsuffix /*.c,probes live guard screen cli)))
TEST_SOURCES = $(wildcard tests/test_*.c)
FUZZ_SOURCES = $(wildcard tests/fuzz_*.c)
HELP_SOURCES = $(filter-out $(TEST_SOURCES) $(FUZZ_SOURCES),$(wildcard tests/*.c))
TEST_SCRIPTS = $(wildcard tests/*.sh tests/lab/check-pcaps.sh)

TESTS    = $(patsubst %.c,$(BUILD)/san/%,$(TEST_SOURCES))
FUZZERS  = $(patsubst %.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))
SAN_MAIN = $(if $(MAIN),$(BUILD)/san/wsuscope)
objects  = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))

# The bench: one generator, five small programs.
GEN_SOURCES  = $(filter-out bench/floor.c bench/flood.c bench/keylog.c bench/measure.c bench/pcap_loop.c,$(wildcard bench/*.c))
BENCH_TOOLS  = $(addprefix $(BUILD)/release/bench/,gen flood floor keylog measure pcap_loop)

# Translations, in the order of TONGUES (base/tongue.h), and the table that the build makes of them.
PO_FILES = po/de.po po/ja.po po/zh_CN.po
MESSAGES = po/messages.o

# Style and script of the HTML report, which stand in it.
HTML_PARTS = html/parts.o

quiet = $(if $(V),,@echo "  $(1)" && )

all: libwsuscope.a $(if $(MAIN),wsuscope)

libwsuscope.a: $(call objects,release,$(LIB_SOURCES)) $(BUILD)/release/$(MESSAGES) $(BUILD)/release/$(HTML_PARTS)
	$(call quiet,AR $@) rm -f $@ && ar qcs $@ $^

wsuscope: $(BUILD)/release/wsuscope
	$(call quiet,CP $@) cp -f $< $@.new && mv -f $@.new $@

$(BUILD)/po/compile: po/compile.c
	@mkdir -p $(@D)
	$(call quiet,CC $@) $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) -o $@ $<

$(BUILD)/po/messages.c: $(BUILD)/po/compile $(PO_FILES)
	$(call quiet,PO $@) $< $(PO_FILES) >$@

# For tests: a language in which each message that is marked stands in brackets, whatever --lang says.
$(BUILD)/po/brackets.c: $(BUILD)/po/compile po/wsuscope.pot
	$(call quiet,PO $@) $< -b $(PO_FILES:%=po/wsuscope.pot) >$@

$(BUILD)/html/parts.c: report/html/embed report/html/page.css report/html/page.js
	@mkdir -p $(@D)
	$(call quiet,HTML $@) $^ >$@

# One way of building: objects, an archive of everything but main, one of what tests share, the program.
# Objects that only a rule names are kept; .SECONDARY would also keep another BUILD from being made anew.
define flavour
.PRECIOUS: $(BUILD)/$(1)/%.o

$(BUILD)/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(call quiet,CC $$<) $$($(1)_CC) $$(ALL_CFLAGS) $$($(1)_CFLAGS) -c -o $$@ $$<

$(BUILD)/$(1)/po/%.o: $(BUILD)/po/%.c
	@mkdir -p $$(@D)
	$$(call quiet,CC $$<) $$($(1)_CC) $$(ALL_CFLAGS) $$($(1)_CFLAGS) -c -o $$@ $$<

$(BUILD)/$(1)/html/%.o: $(BUILD)/html/%.c
	@mkdir -p $$(@D)
	$$(call quiet,CC $$<) $$($(1)_CC) $$(ALL_CFLAGS) $$($(1)_CFLAGS) -c -o $$@ $$<

$(BUILD)/$(1)/everything.a: $(call objects,$(1),$(LIB_SOURCES) $(REST_SOURCES)) $(BUILD)/$(1)/$(MESSAGES) \
		$(BUILD)/$(1)/$(HTML_PARTS)
	$$(call quiet,AR $$@) rm -f $$@ && ar qcs $$@ $$^

$(BUILD)/$(1)/helpers.a: $(call objects,$(1),$(HELP_SOURCES))
	@mkdir -p $$(@D)
	$$(call quiet,AR $$@) rm -f $$@ && ar qcs $$@ $$^

$(BUILD)/$(1)/wsuscope: $(call objects,$(1),$(MAIN)) $(BUILD)/$(1)/everything.a
	$$(call quiet,LD $$@) $$($(1)_CC) $$($(1)_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBRARIES)
endef
$(foreach f,release san fuzz,$(eval $(call flavour,$f)))

$(TESTS): %: %.o $(BUILD)/san/helpers.a $(BUILD)/san/everything.a
	$(call quiet,LD $@) $(CC) $(san_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBRARIES)

$(FUZZERS): %: %.o $(BUILD)/fuzz/helpers.a $(BUILD)/fuzz/everything.a
	$(call quiet,LD $@) $(FUZZ_CC) $(fuzz_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ -lcmocka $(LIBRARIES)

$(BUILD)/san/wsuscope-brackets: $(call objects,san,$(MAIN)) $(BUILD)/san/po/brackets.o $(BUILD)/san/everything.a
	$(call quiet,LD $@) $(CC) $(san_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

po:
	po/refresh

deps:
	@.ci/deps packages.txt

# tests/run totals the tests of every program; a script gets the sanitized wsuscope as its argument.
check: $(TESTS) $(SAN_MAIN) $(SAN_MAIN:%=%-brackets)
	@tests/run "$(SAN_MAIN)" $(TEST_SCRIPTS) $(TESTS)

browser: all
	@tests/browser/run ./wsuscope $(BUILD)/browser

demo: all
	@tests/demo ./wsuscope

lint:
	@tests/lint

fuzz: $(FUZZERS)
	@tests/fuzz $(FUZZ_SECONDS) $(BUILD)/corpus $(FUZZERS)

docs: all
	tests/docs.sh ./wsuscope --write

# Records pcaps/, probes the same servers, then replays pcaps/ to live runs.  Each may be called alone.
lab:
	$(MAKE) lab-captures
	$(MAKE) lab-probes
	$(MAKE) lab-live

lab-captures: all
	tests/lab/run.sh

lab-probes: all
	tests/lab/run-probes.sh

lab-live: all bench-tools
	BENCH_TOOLS=$(BUILD)/release/bench tests/lab/run-live.sh

$(BUILD)/release/bench/gen: $(call objects,release,$(GEN_SOURCES) $(wildcard base/*.c)) $(BUILD)/release/$(MESSAGES)
	$(call quiet,LD $@) $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lz -lcrypto

$(filter-out %/gen,$(BENCH_TOOLS)): %: %.o
	$(call quiet,LD $@) $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpcap

# Builds what measures, and measures nothing.
bench-tools: $(BENCH_TOOLS)

# BENCH_SCALE (1), BENCH_SEED (1), BENCH_KINDS (all) and BENCH_DIR say what is measured and where the
# captures lie.
bench: all bench-tools
	@bench/run ./wsuscope $(BUILD)/release/bench

# The unit and the example name the places that it was installed to; a configuration that is there stays.
at       = $(DESTDIR)$(PREFIX)
located  = sed -e 's,/usr/bin/,$(PREFIX)/bin/,' -e 's,/etc/wsuscope/,$(SYSCONFDIR)/wsuscope/,'
config   = $(DESTDIR)$(SYSCONFDIR)/wsuscope/wsuscope.conf

install: all
	install -D -m 755 wsuscope $(at)/bin/wsuscope
	@for page in $(wildcard docs/*.1); do \
		install -v -D -m 644 $$page $(at)/share/man/man1/$${page##*/}; done
	install -D -m 644 service/wsuscope.bash $(at)/share/bash-completion/completions/wsuscope
	install -D -m 644 service/sysusers/wsuscope.conf $(at)/lib/sysusers.d/wsuscope.conf
	install -D -m 644 service/wsuscope.service $(at)/lib/systemd/system/wsuscope.service
	$(located) service/wsuscope.service >$(at)/lib/systemd/system/wsuscope.service
	install -D -m 644 service/wsuscope.conf $(config).example
	$(located) service/wsuscope.conf >$(config).example
	test -e $(config) || install -m 644 $(config).example $(config)

clean:
	rm -rf build wsuscope wsuscope.new libwsuscope.a

.PHONY: all deps check browser demo lint fuzz docs po lab lab-captures lab-probes lab-live bench bench-tools install clean
.DELETE_ON_ERROR:
-include $(wildcard $(BUILD)/*/*/*.d)
