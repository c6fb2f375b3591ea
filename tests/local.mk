# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
TEST_LIBS = libharness.la libgradus.la $(CHECK_LIBS)
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;
unit_tests =
unit_tests += %D%/data/test_idx %D%/data/test_libsvm
script_tests =
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests)
EXTRA_DIST += %D%/data/files.h
tests_data_test_idx_LDADD = $(TEST_LIBS)
tests_data_test_idx_LDFLAGS = -static
tests_data_test_libsvm_LDADD = $(TEST_LIBS)
tests_data_test_libsvm_LDFLAGS = -static
