# libcatdog. `make help` lists the targets.

BUILD ?= build
CC ?= cc
PKG_CONFIG ?= pkg-config

PACKAGES = libjpeg openblas jansson libexif

# What the project itself needs; CFLAGS, CPPFLAGS and LDFLAGS are the user's and come last.
OWN_CPPFLAGS = -Iinclude -Isrc -DCNN_BUILDING_LIBRARY $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
OWN_CFLAGS = -std=c11 -O2 -g -fPIC -fvisibility=hidden -ffp-contract=off -pthread \
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef
LIBS = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lm -pthread

SOURCES = $(sort $(wildcard src/*/*.c))
OBJECTS = $(SOURCES:src/%.c=$(BUILD)/src/%.o)

all: lib/libcatdog.a

# Loops over floats: let the compiler vectorise them (baseline instructions only).
$(BUILD)/src/kernels/%.o: OWN_CFLAGS += -O3 -fno-math-errno -fno-trapping-math

$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(ISA_FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

lib/libcatdog.a: $(OBJECTS)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

# Tests: every tests/*/test_NAME.c defines `Suite *suite_NAME(void)`; one program runs them all.
TEST_SOURCES = $(sort $(wildcard tests/*/test_*.c))
TEST_HELPERS = $(sort $(wildcard tests/support/*.c))
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(BUILD)/%.o) $(TEST_HELPERS:%.c=$(BUILD)/%.o) $(BUILD)/tests/main.o
TEST_NAMES = $(patsubst test_%,%,$(basename $(notdir $(TEST_SOURCES))))

$(BUILD)/tests/suites.h: $(TEST_SOURCES) Makefile
	@mkdir -p $(@D)
	printf 'SUITE(%s)\n' $(TEST_NAMES) > $@

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(OWN_CPPFLAGS) -Itests -I$(BUILD)/tests $(shell $(PKG_CONFIG) --cflags check) $(CPPFLAGS) \
		$(OWN_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/main.o: $(BUILD)/tests/suites.h

$(BUILD)/tests/check: $(TEST_OBJECTS) lib/libcatdog.a
	$(CC) -o $@ $^ $(CFLAGS) $(LDFLAGS) $(shell $(PKG_CONFIG) --libs check) $(LIBS)

check: $(BUILD)/tests/check
	$(BUILD)/tests/check

clean:
	rm -rf $(BUILD) lib/libcatdog.*

-include $(OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d)

.PHONY: all check clean
