# libcatdog. `make help` lists the targets.

ifneq ($(and $(filter deps,$(MAKECMDGOALS)),$(filter-out deps,$(MAKECMDGOALS))),)

# `make deps check` first installs the packages and then starts a second make for the other targets.
# The second make reads this file when the compiler and pkg-config exist, even under -j.
REST = $(filter-out deps,$(MAKECMDGOALS))

$(REST): rest
	@:
rest: deps
	@$(MAKE) --no-print-directory $(REST)
deps:
	@sh .ci/deps.sh
.PHONY: deps rest $(REST)

else

# ---- What the user may set ----------------------------------------------------------------------

BUILD ?= build
# The folder of the built libraries. Each sanitizer build uses a separate folder.
LIB ?= lib
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
# BUILTIN=yes: the trained model is part of the library. BUILTIN=no: the library reads the model's
# file from DATADIR.
MODEL = lib/catdog.safetensors
BUILTIN ?= $(if $(wildcard $(MODEL)),yes,no)
CC ?= cc
PKG_CONFIG ?= pkg-config
# The test suites that `make check` runs, for example SUITES="core graph". If empty, all suites run.
SUITES ?=
# The folder of photos for `make demo`, `make model` and `make check-photos`. It has either files
# named like Kaggle's (cat.0.jpg) or one subfolder for each class.
DATA ?=

# ---- Flags --------------------------------------------------------------------------------------

# The libraries that libcatdog links. It loads OpenBLAS at run time, and only on request. The tests
# link OpenBLAS to check its settings.
PACKAGES = libjpeg jansson libexif

# Runs pkg-config when a variable is first used, so that `make help` and `make clean` work without
# it.
ask = $(eval $(1) := $$(shell $(PKG_CONFIG) $(2) || echo missing))$(if $(filter \
	missing,$($(1))),$(error libraries or pkg-config are missing: run `make deps`))$($(1))
PACKAGE_CFLAGS = $(call ask,PACKAGE_CFLAGS,--cflags $(PACKAGES) openblas)
PACKAGE_LIBS = $(call ask,PACKAGE_LIBS,--libs $(PACKAGES))
JSON_CFLAGS = $(call ask,JSON_CFLAGS,--cflags jansson)
CHECK_CFLAGS = $(call ask,CHECK_CFLAGS,--cflags check)
CHECK_LIBS = $(call ask,CHECK_LIBS,--libs check openblas)

# The project's flags. The user's CFLAGS, CPPFLAGS and LDFLAGS follow them on the command line.
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef
OWN_CFLAGS = -std=c11 -O2 -g -fPIC -fvisibility=hidden -ffp-contract=off -pthread $(WARNINGS)
OWN_CPPFLAGS = -Iinclude -Isrc -DCNN_BUILDING_LIBRARY $(PACKAGE_CFLAGS)
LIBS = $(PACKAGE_LIBS) -lm -pthread

# Prints one short line for each file. V=1 prints the whole commands instead.
say = $(if $(V),,@echo '  $(1)	$@';)
COMPILE = $(call say,CC)$(CC) -MMD -MP -c
LINK = $(call say,LINK)$(CC) -pthread $(CFLAGS)

# ---- Version: base.h has the only copy ----------------------------------------------------------

VERSION_HEADER = include/catdog/base.h
version_part = $(shell sed -n 's/^.define CNN_VERSION_$(1) *\([0-9]*\).*/\1/p' $(VERSION_HEADER))
VERSION_MAJOR := $(call version_part,MAJOR)
VERSION := $(VERSION_MAJOR).$(call version_part,MINOR).$(call version_part,PATCH)

SONAME = libcatdog.so.$(VERSION_MAJOR)
SHARED = libcatdog.so.$(VERSION)
SHARED_LDFLAGS = -shared -Wl,-soname,$(SONAME) -Wl,-z,defs -Wl,--as-needed \
	-Wl,--version-script=src/catdog.map

# ---- Files --------------------------------------------------------------------------------------

# Vector kernels are compiled once for each instruction level of the target CPU. The library selects
# a level at run time (src/kernels/simd/vector.h). Plain C kernels are compiled for each level, and
# once more as the reference kernels (src/kernels/level.h).
SIMD_SOURCES = $(sort $(wildcard src/kernels/simd/*.c))
PLAIN_SOURCES = $(sort $(wildcard src/kernels/plain/*.c))
TARGET := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
LEVELS = baseline $(if $(filter x86_64 amd64 i386 i686,$(TARGET)),avx2 avx512)
# On ARM, gcc moves loads forward before it allocates registers. The registers then do not suffice,
# and accumulators are spilled to memory.
ifneq ($(filter aarch64 arm64,$(TARGET)),)
baseline_FLAGS := $(shell o=-fno-schedule-insns; \
	$(CC) -Werror $$o -x c -E /dev/null >/dev/null 2>&1 && echo $$o)
endif
avx2_FLAGS = -mavx2 -mfma
avx512_FLAGS = -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mprefer-vector-width=512

LEVEL_SOURCES = $(SIMD_SOURCES) $(PLAIN_SOURCES)
SOURCES = $(filter-out $(LEVEL_SOURCES),$(sort $(wildcard src/*/*.c src/*/*/*.c)))
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o) $(PLAIN_SOURCES:%.c=$(BUILD)/%.ref.o) \
	$(foreach level,$(LEVELS),$(LEVEL_SOURCES:%.c=$(BUILD)/%.$(level).o))

TOOL_SOURCES = $(sort $(wildcard examples/catdog/*.c examples/catdog/*/*.c))
TOOL_OBJECTS = $(TOOL_SOURCES:%.c=$(BUILD)/%.o)
TOOL = $(BUILD)/catdog

# Each tests/*/test_NAME.c defines `Suite *suite_NAME(void)`. One program runs all suites.
TEST_SOURCES = $(sort $(filter-out tests/support/%,$(wildcard tests/*/test_*.c)))
TEST_NAMES = $(patsubst test_%,%,$(basename $(notdir $(TEST_SOURCES))))
HELPER_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support/*.c)))
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(BUILD)/%.o) $(HELPER_OBJECTS) $(BUILD)/tests/main.o

# $(call suites,PATTERN...) lists the suites that match the patterns. A pattern that matches no
# suite is an error.
suites = $(sort $(foreach pattern,$(1),$(or $(filter $(pattern),$(TEST_NAMES)),$(error \
	no suite is named $(pattern); the suites are: $(TEST_NAMES)))))
ifneq ($(SUITES),)
SUITES_KNOWN := $(call suites,$(SUITES))
endif

# Programs that tests start or that a developer runs by hand.
PROGRAM_SOURCES = $(sort $(wildcard tests/programs/*.c))
PROGRAMS = $(PROGRAM_SOURCES:%.c=$(BUILD)/%)

# ---- Library ------------------------------------------------------------------------------------

all: $(LIB)/libcatdog.a $(LIB)/libcatdog.so $(TOOL)

# Flags for files with loops over arrays of numbers, which the compiler is to vectorise.
LOOPS = -O3 -fno-math-errno -fno-trapping-math
$(BUILD)/src/kernels/%.o: OWN_CFLAGS += $(LOOPS)
$(patsubst %,$(BUILD)/src/%.o,data/augment data/mix io/half io/tensor \
	train/average train/clip train/optimizer_rules): OWN_CFLAGS += $(LOOPS)
$(BUILD)/src/kernels/kernels.o: OWN_CPPFLAGS += $(LEVELS:%=-DCD_HAS_%)

# The source of the built-in model is compiled with the model's file (BUILTIN=yes) or with the path
# of the installed file. $(BUILD)/builtin records the choice, so that a change of BUILTIN compiles
# the source again.
ifeq ($(BUILTIN),yes)
BUILTIN_DEFINE = -DCD_BUILTIN_FILE='"$(MODEL)"'
$(BUILD)/src/model/builtin_data.o: $(MODEL)
else
BUILTIN_DEFINE = -DCD_BUILTIN_PATH='"$(DATADIR)/catdog/$(notdir $(MODEL))"'
endif
$(BUILD)/src/model/builtin_data.o: OWN_CPPFLAGS += $(BUILTIN_DEFINE)
$(BUILD)/src/model/builtin_data.o: $(BUILD)/builtin

$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(OWN_CPPFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) -o $@ $<

define compile_level
$$(BUILD)/src/kernels/%.$(1).o: src/kernels/%.c
	@mkdir -p $$(@D)
	$$(COMPILE) $$(OWN_CPPFLAGS) -DCD_LEVEL=$(1) $$(CPPFLAGS) $$(OWN_CFLAGS) $$($(1)_FLAGS) \
		$$(CFLAGS) $$(LEVEL_CFLAGS) -o $$@ $$<
endef
$(foreach level,ref $(LEVELS),$(eval $(call compile_level,$(level))))

$(LIB)/libcatdog.a: $(OBJECTS) $(BUILD)/sources
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $(OBJECTS)

$(LIB)/$(SHARED): $(OBJECTS) $(BUILD)/sources src/catdog.map
	@mkdir -p $(@D)
	$(LINK) $(SHARED_LDFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) $(LIBS)

$(LIB)/libcatdog.so: $(LIB)/$(SHARED)
	@ln -sf $(SHARED) $(LIB)/$(SONAME)
	@ln -sf $(SONAME) $@

# Writes a list to the target only if the list has changed. Targets that depend on a list of files
# are thus rebuilt when a file is added or removed.
write_if_changed = mkdir -p $(@D); printf '$(1)\n' $(2) > $@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi

$(BUILD)/sources: always
	@$(call write_if_changed,%s,$(OBJECTS))

$(BUILD)/builtin: always
	@$(call write_if_changed,%s,"$(BUILTIN_DEFINE)")

# ---- The catdog command: uses the public header, and jansson for --json -------------------------

$(BUILD)/examples/%.o: examples/%.c
	@mkdir -p $(@D)
	$(COMPILE) -Iinclude -Iexamples/catdog $(JSON_CFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) \
		-o $@ $<

$(BUILD)/catdog: $(TOOL_OBJECTS) $(LIB)/libcatdog.a
	$(LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

# The command writes the man pages and docs/reference/command from its tables of options.
COMMANDS = $(shell sed -n 's/^ *COMMAND(\([a-z]*\)).*/\1/p' examples/catdog/commands.h)
MAN_PAGES = $(BUILD)/man/catdog.1 $(COMMANDS:%=$(BUILD)/man/catdog-%.1)
REFERENCE = docs/reference/command

man: $(MAN_PAGES)

$(BUILD)/man/catdog.1: $(TOOL)
	@mkdir -p $(@D)
	$(call say,MAN)$(EMULATOR) $(TOOL) --help=man >$@

$(BUILD)/man/catdog-%.1: $(TOOL)
	@mkdir -p $(@D)
	$(call say,MAN)$(EMULATOR) $(TOOL) $* --help=man >$@

command-reference: $(TOOL)
	@mkdir -p $(REFERENCE)
	@$(EMULATOR) $(TOOL) --help=markdown >$(REFERENCE)/README.md
	@for command in $(COMMANDS); do \
		$(EMULATOR) $(TOOL) $$command --help=markdown >$(REFERENCE)/$$command.md || \
			exit 1; \
	done

# ---- Tests --------------------------------------------------------------------------------------

$(BUILD)/tests/suites.h: always
	@$(call write_if_changed,SUITE(%s),$(TEST_NAMES))

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(OWN_CPPFLAGS) -Itests -I$(BUILD)/tests $(CHECK_CFLAGS) $(CPPFLAGS) \
		$(OWN_CFLAGS) -Wno-missing-prototypes $(CFLAGS) -o $@ $<
$(BUILD)/tests/main.o: $(BUILD)/tests/suites.h

$(BUILD)/tests/check: $(TEST_OBJECTS) $(LIB)/libcatdog.a
	$(LINK) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)

$(PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(HELPER_OBJECTS) $(LIB)/libcatdog.a
	$(LINK) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIBS)

# The absolute path of BUILD, for tests that change their working directory.
BUILD_PATH = $(if $(filter /%,$(BUILD)),$(BUILD),$(CURDIR)/$(BUILD))
TEST_ENVIRONMENT = CATDOG='$(BUILD_PATH)/catdog' CATDOG_PROGRAMS='$(BUILD_PATH)/tests/programs' \
	CATDOG_LIB='$(LIB)'

# The emulator that runs programs built for another CPU. Empty for programs of this CPU.
EMULATOR =
RUN_SUITES = @$(TEST_ENVIRONMENT) $(EMULATOR) $(BUILD)/tests/check $(SUITES)

# $(call run_in_parallel,SUITE...) runs the suites in parallel, or $(SUITES) if it is set. The
# slowest suites start first.
SLOWEST = conv% direct% kernel% cli% grad% session%
slowest_first = $(filter $(SLOWEST),$(1)) $(filter-out $(SLOWEST),$(1))
run_in_parallel = $(TEST_ENVIRONMENT) sh tests/run_suites.sh \
	'$(strip $(EMULATOR) $(BUILD)/tests/check)' $(call slowest_first,$(or $(SUITES),$(1)))

test-programs: $(BUILD)/tests/check $(PROGRAMS) $(TOOL)

check: all test-programs
	$(RUN_SUITES)

# Runs the suites that train or predict with each kernel table that this CPU supports. `make check`
# uses the best table only.
TABLES = $$($(BUILD)/catdog info --cpu | sed -n 's/^  \([a-z0-9]*\)  *runs here$$/\1/p')
TABLES_SUITES := $(call suites,checkpoint% evaluate kernel_choice model% session% training%)

check-tables: test-programs
	@tables="$(TABLES)"; for table in $${tables:?none}; do \
		echo "CATDOG_KERNELS=$$table"; \
		CATDOG_KERNELS=$$table $(call run_in_parallel,$(TABLES_SUITES)) || exit 1; \
	done

# Runs the suites of a build variant, such as a sanitizer build.
run-suites: test-programs
	@$(call run_in_parallel,$(TEST_NAMES))

# $(call variant,NAME,CFLAGS,SUITES) builds a sanitizer variant in the folder $(BUILD)/NAME and runs
# the suites. Kernels are compiled with -O1, because gcc needs minutes to instrument fully unrolled
# loops. Callers set longer timeouts, because sanitizers are slow, and leave out the suite abi,
# which tests the files of the ordinary build.
variant = $(MAKE) --no-print-directory run-suites BUILD=$(BUILD)/$(1) LIB=$(BUILD)/$(1)/lib \
	CFLAGS='$(2) -fno-omit-frame-pointer $(CFLAGS)' \
	LEVEL_CFLAGS='-O1 -fno-var-tracking' SUITES='$(or $(SUITES),$(3))'

comma = ,
ASAN_FLAGS = -fsanitize=address$(comma)undefined -fno-sanitize-recover=all
ASAN_SUITES = $(filter-out $(call suites,abi),$(TEST_NAMES))

check-asan:
	+@CK_TIMEOUT_MULTIPLIER=10 ASAN_OPTIONS=allocator_may_return_null=1:$$ASAN_OPTIONS \
	UBSAN_OPTIONS=print_stacktrace=1:$$UBSAN_OPTIONS \
	$(call variant,asan,$(ASAN_FLAGS),$(ASAN_SUITES))

# The suites that start threads. OpenBLAS also starts threads, but is not instrumented, which causes
# false reports. The suppressions file lists them.
TSAN_SUITES := $(call suites,blas cache% checkpoint% core% evaluate explanation% load% predict \
	session% survey% training%)

check-tsan:
	+@CK_TIMEOUT_MULTIPLIER=10 \
	TSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/tsan.supp:$$TSAN_OPTIONS \
	$(call variant,tsan,-fsanitize=thread,$(TSAN_SUITES))

# Tests for 64-bit ARM use a cross compiler, Debian's libraries unpacked below AARCH64_ROOT, and an
# emulator. Some suites are left out: those that start programs (which the emulator would not run),
# those that start threads in a forked child (which the emulator does not support), and slow ones
# without arithmetic.
AARCH64_ROOT = $(BUILD_PATH)/aarch64/root
AARCH64_LIBRARIES = $(AARCH64_ROOT)/usr/lib/aarch64-linux-gnu
AARCH64_SUITES := $(filter-out $(call suites,abi blas checkpoint% cli core% file fork model_file% \
	profile%),$(TEST_NAMES))

deps-aarch64:
	@sh .ci/deps.sh aarch64
	@sh .ci/aarch64-root.sh '$(AARCH64_ROOT)'

check-aarch64:
	@[ -e '$(AARCH64_ROOT)/.complete' ] || { echo 'run `make deps-aarch64` first' >&2; exit 1; }
	+@CK_TIMEOUT_MULTIPLIER=20 PKG_CONFIG_SYSROOT_DIR='$(AARCH64_ROOT)' \
	PKG_CONFIG_LIBDIR='$(AARCH64_LIBRARIES)/pkgconfig' PKG_CONFIG_PATH= \
	$(MAKE) --no-print-directory run-suites BUILD=$(BUILD)/aarch64 LIB=$(BUILD)/aarch64/lib \
	CC='aarch64-linux-gnu-gcc --sysroot=$(AARCH64_ROOT)' AR=aarch64-linux-gnu-ar \
	EMULATOR='qemu-aarch64 -L $(AARCH64_ROOT)' SUITES='$(or $(SUITES),$(AARCH64_SUITES))'

# tests/fuzz/fuzz_NAME.c is a libFuzzer program. clang builds it together with the sources that it
# tests. Usage:
#     build/fuzz/fuzz_cache -max_total_time=300 -max_len=6000
#     build/fuzz/fuzz_decode -max_total_time=300 -max_len=8192 SEEDS
# build/tests/programs/fuzz_seeds writes sample files to the folder SEEDS.
FUZZ_CC = clang
FUZZ_FLAGS = -std=c11 -O1 -g -pthread -fsanitize=fuzzer,address,undefined $(WARNINGS)
FUZZ_cache = $(addprefix src/,data/cache_file.c core/hash.c core/error.c)
FUZZ_decode = $(filter src/core/% src/image/%,$(SOURCES)) $(LIB)/libcatdog.a

fuzz: fuzz-compiler $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz-compiler:
	@echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return !p && n; }' | \
		$(FUZZ_CC) -fsanitize=fuzzer,address -x c - -o /dev/null >/dev/null 2>&1 || \
		{ echo 'make fuzz needs clang and its libFuzzer (FUZZ_CC=$(FUZZ_CC))' >&2; exit 1; }

$(BUILD)/fuzz/fuzz_decode: $(LIB)/libcatdog.a # has the kernels that the listed sources call

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c always
	@mkdir -p $(@D)
	$(call say,FUZZ)$(FUZZ_CC) $(FUZZ_FLAGS) $(OWN_CPPFLAGS) -o $@ $< \
		$(or $(FUZZ_$*),$(filter-out $(SIMD_SOURCES) $(PLAIN_SOURCES),$(SOURCES))) $(LIBS)

# Decodes damaged photos under the sanitizers. Only the decoding code is compiled with them.
DAMAGE_SECONDS = 600

$(BUILD)/asan/damage_photos: tests/programs/damage_photos.c $(FUZZ_decode)
	@mkdir -p $(@D)
	$(call say,ASAN)$(CC) -std=c11 -O1 -g -pthread $(ASAN_FLAGS) $(WARNINGS) $(OWN_CPPFLAGS) \
		-o $@ $^ $(LIBS)

check-photos: $(BUILD)/asan/damage_photos
	@[ -n '$(DATA)' ] || { echo 'which photos? make check-photos DATA=folder' >&2; exit 1; }
	@$(BUILD)/asan/damage_photos '$(DATA)' $(DAMAGE_SECONDS)

check-headers:
	@sh tests/abi/headers.sh

# ---- API reference ------------------------------------------------------------------------------

deps-docs:
	@sh .ci/deps.sh docs

docs:
	@command -v doxygen >/dev/null || { echo 'run `make deps-docs` first' >&2; exit 1; }
	@mkdir -p '$(BUILD)/docs'
	@CATDOG_VERSION='$(VERSION)' CATDOG_DOCS='$(BUILD)/docs' doxygen docs/reference/Doxyfile
	@echo 'written: $(BUILD)/docs/html/index.html'

# ---- Install ------------------------------------------------------------------------------------

CMAKEDIR = $(LIBDIR)/cmake/catdog
HEADERS = $(sort $(wildcard include/catdog/*.h))
SUBSTITUTE = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@PREFIX@|$(PREFIX)|g' \
	-e 's|@LIBDIR@|$(LIBDIR)|g' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|g' \
	-e 's|@SHARED@|$(SHARED)|g' -e 's|@SONAME@|$(SONAME)|g' -e 's|@MAJOR@|$(VERSION_MAJOR)|g'

install: all man
	install -d '$(DESTDIR)$(INCLUDEDIR)/catdog' '$(DESTDIR)$(LIBDIR)/pkgconfig' \
		'$(DESTDIR)$(CMAKEDIR)' '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(DATADIR)/catdog' \
		'$(DESTDIR)$(MANDIR)/man1'
	install -m 644 $(HEADERS) '$(DESTDIR)$(INCLUDEDIR)/catdog/'
	install -m 644 $(LIB)/libcatdog.a '$(DESTDIR)$(LIBDIR)/libcatdog.a'
	install -m 755 $(LIB)/$(SHARED) '$(DESTDIR)$(LIBDIR)/$(SHARED)'
	ln -sf $(SHARED) '$(DESTDIR)$(LIBDIR)/$(SONAME)'
	ln -sf $(SONAME) '$(DESTDIR)$(LIBDIR)/libcatdog.so'
	$(if $(wildcard $(MODEL)),install -m 644 $(MODEL) '$(DESTDIR)$(DATADIR)/catdog/')
	install -m 755 $(TOOL) '$(DESTDIR)$(BINDIR)/catdog'
	install -m 644 $(MAN_PAGES) '$(DESTDIR)$(MANDIR)/man1/'
	$(SUBSTITUTE) pkgconfig/catdog.pc.in > '$(DESTDIR)$(LIBDIR)/pkgconfig/catdog.pc'
	$(SUBSTITUTE) pkgconfig/catdog-config.cmake.in > '$(DESTDIR)$(CMAKEDIR)/catdog-config.cmake'
	$(SUBSTITUTE) pkgconfig/catdog-config-version.cmake.in \
		> '$(DESTDIR)$(CMAKEDIR)/catdog-config-version.cmake'
	@if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ]; then ldconfig 2>/dev/null || :; fi

uninstall:
	rm -f $(HEADERS:include/%='$(DESTDIR)$(INCLUDEDIR)/%') '$(DESTDIR)$(LIBDIR)/libcatdog.a' \
		'$(DESTDIR)$(LIBDIR)/libcatdog.so' '$(DESTDIR)$(LIBDIR)/$(SONAME)' \
		'$(DESTDIR)$(LIBDIR)/$(SHARED)' '$(DESTDIR)$(LIBDIR)/pkgconfig/catdog.pc' \
		'$(DESTDIR)$(CMAKEDIR)/catdog-config.cmake' \
		'$(DESTDIR)$(CMAKEDIR)/catdog-config-version.cmake' '$(DESTDIR)$(BINDIR)/catdog' \
		'$(DESTDIR)$(DATADIR)/catdog/$(notdir $(MODEL))' \
		$(MAN_PAGES:$(BUILD)/man/%='$(DESTDIR)$(MANDIR)/man1/%')
	-@rmdir '$(DESTDIR)$(INCLUDEDIR)/catdog' '$(DESTDIR)$(CMAKEDIR)' \
		'$(DESTDIR)$(DATADIR)/catdog' 2>/dev/null || :

# ---- Running it, cleaning up --------------------------------------------------------------------

demo: all $(PROGRAMS)
	@$(TEST_ENVIRONMENT) DATA='$(DATA)' DEMO='$(BUILD)/demo' sh examples/demo/demo.sh

# Trains the built-in model from random weights. This takes hours.
model: $(TOOL)
	@CATDOG='$(BUILD)/catdog' DATA='$(DATA)' OUT='$(BUILD)/model' sh examples/model/model.sh

deps:
	@sh .ci/deps.sh

clean:
	rm -rf '$(BUILD)' $(LIB)/libcatdog.a $(LIB)/libcatdog.so*

help:
	@echo 'make                 the libraries in lib/, the catdog command in $(BUILD)/'
	@echo 'make man             the man pages in $(BUILD)/man/'
	@echo 'make command-reference  docs/reference/command/ anew, from the tables of the command'
	@echo 'make deps            install what is missing from Debian (as root, or by sudo)'
	@echo 'make demo            train on cats and dogs, evaluate, plot, predict [DATA=folder]'
	@echo 'make model           train the built-in model again, hours; DATA=folder of photos'
	@echo 'make check           every test [SUITES="core graph"]'
	@echo 'make check-asan      the tests under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make check-tsan      the suites with threads under ThreadSanitizer'
	@echo 'make deps-aarch64    install a compiler, libraries and an emulator for 64-bit ARM'
	@echo 'make check-aarch64   the tests on that'
	@echo 'make check-tables    training with each of the kernel tables that run here'
	@echo 'make fuzz            libFuzzer programs in $(BUILD)/fuzz (clang)'
	@echo 'make check-photos    damaged photos under the sanitizers; DATA=folder of photos,'
	@echo '                     DAMAGE_SECONDS=600'
	@echo 'make check-headers   each public header alone, as C99, C11, C23 and C++17'
	@echo 'make docs            the API reference in $(BUILD)/docs/html (needs doxygen)'
	@echo 'make deps-docs       install doxygen'
	@echo 'make install         into PREFIX=$(PREFIX), staged below DESTDIR if that is set'
	@echo 'make uninstall       take the same files away again'
	@echo 'make clean           remove everything built'
	@echo
	@echo 'deps goes with others on one line: make deps demo, make deps check.'
	@echo 'Variables: BUILD BUILTIN CC CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG PREFIX BINDIR LIBDIR'
	@echo '           INCLUDEDIR DATADIR MANDIR DESTDIR; V=1 shows the whole commands'

-include $(OBJECTS:.o=.d) $(TOOL_OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(PROGRAMS:=.d)

.PHONY: all always check check-aarch64 check-asan check-headers check-photos check-tables \
	check-tsan clean command-reference demo deps deps-aarch64 deps-docs docs fuzz \
	fuzz-compiler help install man model run-suites test-programs uninstall
.SECONDARY: $(PROGRAMS:=.o)

endif
