# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
TEST_LIBS = libharness.la libgradus.la $(CHECK_LIBS)
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;
unit_tests =
unit_tests += %D%/harness/test_derivatives %D%/harness/test_drive \
	%D%/harness/test_interrupt %D%/harness/test_output %D%/harness/test_summary %D%/harness/test_trace
unit_tests += %D%/data/test_idx %D%/data/test_libsvm
script_tests = %D%/check-manual.sh
script_tests += %D%/cli/test-full-disk.sh %D%/cli/test-interrupt.sh \
	%D%/cli/test-mistakes.sh %D%/cli/test-print.sh %D%/cli/test-solve.sh
EXTRA_DIST += %D%/cli/lib.sh
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests)
EXTRA_DIST += %D%/data/files.h
tests_data_test_idx_LDADD = $(TEST_LIBS)
tests_data_test_idx_LDFLAGS = -static
tests_data_test_libsvm_LDADD = $(TEST_LIBS)
tests_data_test_libsvm_LDFLAGS = -static
EXTRA_DIST += %D%/harness/toys.h
tests_harness_test_derivatives_LDADD = $(TEST_LIBS)
tests_harness_test_derivatives_LDFLAGS = -static
tests_harness_test_drive_LDADD = $(TEST_LIBS)
tests_harness_test_drive_LDFLAGS = -static
tests_harness_test_output_LDADD = $(TEST_LIBS)
tests_harness_test_output_LDFLAGS = -static
tests_harness_test_summary_LDADD = $(TEST_LIBS)
tests_harness_test_summary_LDFLAGS = -static
tests_harness_test_trace_LDADD = $(TEST_LIBS)
tests_harness_test_trace_LDFLAGS = -static
tests_harness_test_interrupt_LDADD = $(TEST_LIBS)
tests_harness_test_interrupt_LDFLAGS = -static
