# `make fuzz` (README.md).  GNU make; the Makefile gives SRCDIR, SOURCES, FUZZ_CPPFLAGS and
# FUZZ_LIBS.
#
#   SECONDS=N   every target for N seconds (60)
#   RUNS=N      every target N times instead
#   TARGETS=... some of them

CLANG = clang
SANITIZERS = address,undefined
FUZZ_CFLAGS = -std=gnu11 -g -O2 -fno-math-errno -fno-trapping-math -fno-omit-frame-pointer -fopenmp \
	-fsanitize=$(SANITIZERS) -fno-sanitize-recover=undefined
SECONDS = 60
BUILD = build-fuzz

here = $(SRCDIR)/tests/fuzz
all_targets = $(patsubst $(here)/fuzz_%.c,%,$(wildcard $(here)/fuzz_*.c))
TARGETS = $(all_targets)

objects = $(SOURCES:%.c=$(BUILD)/%.o)
programs = $(TARGETS:%=$(BUILD)/fuzz_%)
limit = $(if $(RUNS),-runs=$(RUNS),-max_total_time=$(SECONDS))
options = -timeout=5 -rss_limit_mb=2048 -malloc_limit_mb=256 -print_final_stats=1
# Long inputs only make it slower; HDF5's smallest files are not short.
length_hdf5 = 8192
length_checkpoint = 16384
length_manifest = 4096

export ASAN_OPTIONS = detect_leaks=1:allocator_may_return_null=1:quarantine_size_mb=16
export LSAN_OPTIONS = suppressions=$(SRCDIR)/tests/libomp.supp:print_suppressions=0
export OPENBLAS_NUM_THREADS = 1
export OMP_NUM_THREADS = 1

.PHONY: fuzz
.DELETE_ON_ERROR:
fuzz: $(programs)
	@$(foreach target,$(TARGETS),$(call run_one,$(target),$(or $(length_$(target)),1024)) &&) :

# $(call run_one,TARGET,LENGTH): new inputs go to $(BUILD)/corpus, what fails to $(BUILD)/failed.
run_one = { echo "fuzz: $(1)"; mkdir -p $(BUILD)/corpus/$(1) $(BUILD)/failed/$(1); \
	TMPDIR=`mktemp -d -p /dev/shm gradus-fuzz-XXXXXX 2>/dev/null || mktemp -d`; \
	export TMPDIR; \
	$(BUILD)/fuzz_$(1) $(options) $(limit) -max_len=$(2) \
	    $(patsubst %,-dict=%,$(wildcard $(here)/$(1).dict)) \
	    -artifact_prefix=$(BUILD)/failed/$(1)/ $(BUILD)/corpus/$(1) \
	    $(here)/seeds/$(1) >$(BUILD)/$(1).log 2>&1; status=$$?; rm -rf "$$TMPDIR"; \
	grep -E 'number_of_executed_units|average_exec_per_sec' $(BUILD)/$(1).log; \
	test $$status -eq 0 || { tail -n 40 $(BUILD)/$(1).log; false; }; }

$(BUILD)/libgradus.a: $(objects)
	@rm -f $@
	@ar crs $@ $(objects)

$(BUILD)/fuzz_%: $(here)/fuzz_%.c $(here)/entry.c $(here)/fuzz.c $(here)/fuzz.h \
    $(BUILD)/libgradus.a | $(BUILD)/clang-works
	@echo "  CLANG $@"; $(CLANG) $(FUZZ_CPPFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer -DFUZZ_TARGET=fuzz_$* \
	    -o $@ $(filter %.c,$^) $(BUILD)/libgradus.a $(FUZZ_LIBS)

$(BUILD)/%.o: $(SRCDIR)/%.c | $(BUILD)/clang-works
	@mkdir -p $(@D)
	@echo "  CLANG $@"; $(CLANG) $(FUZZ_CPPFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -MMD -c -o $@ $<

$(BUILD)/clang-works:
	@mkdir -p $(BUILD)
	@$(CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@.try $(here)/works.c 2>$@.log || { \
	  echo "make fuzz needs clang with libFuzzer and OpenMP; on Debian:" \
	      "apt-get install clang libclang-rt-14-dev libomp-dev" >&2; exit 1; }
	@touch $@

-include $(objects:.o=.d)
