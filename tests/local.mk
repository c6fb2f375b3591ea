# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
TEST_LIBS = libharness.la libgradus.la $(CHECK_LIBS)
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;
unit_tests = \
	%D%/conjugate/test_linear_cg \
	%D%/first_order/test_adam \
	%D%/first_order/test_sgd \
	%D%/lbfgs/test_lbfgs \
	%D%/line_search/test_more_thuente \
	%D%/line_search/test_search \
	%D%/newton/test_newton_cg \
	%D%/core/test_blocks \
	%D%/core/test_oracle
script_tests =
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests) %D%/support.h %D%/function.h \
	%D%/first_order/cubic.h %D%/first_order/expected.py %D%/counting.h

tests_core_test_blocks_LDADD = $(TEST_LIBS)
tests_core_test_blocks_LDFLAGS = -static

tests_core_test_oracle_LDADD = $(TEST_LIBS)
tests_core_test_oracle_LDFLAGS = -static
tests_first_order_test_adam_LDADD = $(TEST_LIBS)
tests_first_order_test_adam_LDFLAGS = -static
tests_first_order_test_sgd_LDADD = $(TEST_LIBS)
tests_first_order_test_sgd_LDFLAGS = -static
tests_line_search_test_more_thuente_LDADD = $(TEST_LIBS)
tests_line_search_test_more_thuente_LDFLAGS = -static
tests_line_search_test_search_LDADD = $(TEST_LIBS)
tests_line_search_test_search_LDFLAGS = -static
tests_conjugate_test_linear_cg_LDADD = $(TEST_LIBS)
tests_conjugate_test_linear_cg_LDFLAGS = -static
tests_lbfgs_test_lbfgs_LDADD = $(TEST_LIBS)
tests_lbfgs_test_lbfgs_LDFLAGS = -static
tests_newton_test_newton_cg_LDADD = $(TEST_LIBS)
tests_newton_test_newton_cg_LDFLAGS = -static
