# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
TEST_LIBS = libharness.la libgradus.la $(CHECK_LIBS)
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;
unit_tests = \
	%D%/linalg/test_eigen \
	%D%/linalg/test_product \
	%D%/prong/test_prong \
	%D%/prong/test_whiten
script_tests =
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests) %D%/prong/layered.h
tests_linalg_test_eigen_LDADD = $(TEST_LIBS)
tests_linalg_test_eigen_LDFLAGS = -static
tests_linalg_test_product_LDADD = $(TEST_LIBS)
tests_linalg_test_product_LDFLAGS = -static
tests_prong_test_whiten_LDADD = $(TEST_LIBS)
tests_prong_test_whiten_LDFLAGS = -static
tests_prong_test_prong_LDADD = $(TEST_LIBS)
tests_prong_test_prong_LDFLAGS = -static
