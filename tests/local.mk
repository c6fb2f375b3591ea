# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
TEST_LIBS = libharness.la libgradus.la $(CHECK_LIBS)
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;
unit_tests = \
	%D%/first_order/test_adam \
	%D%/first_order/test_sgd \
	%D%/core/test_blocks \
	%D%/core/test_oracle \
	%D%/data/test_idx %D%/data/test_libsvm \
	%D%/harness/test_provenance \
	%D%/harness/test_race \
	%D%/harness/test_race_memory \
	%D%/harness/test_study
script_tests = %D%/cli/test-race.sh
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests) %D%/support.h %D%/function.h \
	%D%/first_order/cubic.h %D%/first_order/expected.py %D%/counting.h \
	%D%/data/files.h %D%/harness/folder.h

tests_core_test_blocks_LDADD = $(TEST_LIBS)
tests_core_test_blocks_LDFLAGS = -static
tests_core_test_oracle_LDADD = $(TEST_LIBS)
tests_core_test_oracle_LDFLAGS = -static
tests_first_order_test_adam_LDADD = $(TEST_LIBS)
tests_first_order_test_adam_LDFLAGS = -static
tests_first_order_test_sgd_LDADD = $(TEST_LIBS)
tests_first_order_test_sgd_LDFLAGS = -static
tests_data_test_idx_LDADD = $(TEST_LIBS)
tests_data_test_idx_LDFLAGS = -static
tests_data_test_libsvm_LDADD = $(TEST_LIBS)
tests_data_test_libsvm_LDFLAGS = -static
tests_harness_test_provenance_LDADD = $(TEST_LIBS)
tests_harness_test_provenance_LDFLAGS = -static
tests_harness_test_race_LDADD = $(TEST_LIBS)
tests_harness_test_race_LDFLAGS = -static
tests_harness_test_race_memory_LDADD = $(TEST_LIBS)
tests_harness_test_race_memory_LDFLAGS = -static
tests_harness_test_study_LDADD = $(TEST_LIBS)
tests_harness_test_study_LDFLAGS = -static
