# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir;

unit_tests = \
	%D%/first_order/test_adam \
	%D%/first_order/test_sgd \
	%D%/core/test_blocks \
	%D%/core/test_oracle \
	%D%/core/test_run \
	%D%/core/test_settings \
	%D%/core/test_text \
	%D%/core/test_stream \
	%D%/core/test_batches \
	%D%/core/test_clock \
	%D%/core/test_state \
	%D%/linalg/test_vector
script_tests =
TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)
EXTRA_DIST += $(script_tests) %D%/support.h %D%/function.h \
	%D%/first_order/cubic.h %D%/first_order/expected.py %D%/counting.h

tests_core_test_blocks_LDADD = $(TEST_LIBS)
tests_core_test_blocks_LDFLAGS = -static

tests_core_test_oracle_LDADD = $(TEST_LIBS)
tests_core_test_oracle_LDFLAGS = -static

tests_core_test_run_LDADD = $(TEST_LIBS)
tests_core_test_run_LDFLAGS = -static

tests_core_test_settings_LDADD = $(TEST_LIBS)
tests_core_test_settings_LDFLAGS = -static

tests_core_test_text_LDADD = $(TEST_LIBS)
tests_core_test_text_LDFLAGS = -static

tests_core_test_stream_LDADD = $(TEST_LIBS)
tests_core_test_stream_LDFLAGS = -static

tests_core_test_batches_LDADD = $(TEST_LIBS)
tests_core_test_batches_LDFLAGS = -static

tests_core_test_clock_LDADD = $(TEST_LIBS)
tests_core_test_clock_LDFLAGS = -static

tests_core_test_state_LDADD = $(TEST_LIBS)
tests_core_test_state_LDFLAGS = -static

tests_linalg_test_vector_LDADD = $(TEST_LIBS)
tests_linalg_test_vector_LDFLAGS = -static
unit_tests =
unit_tests += %D%/core/test_blocks
unit_tests += %D%/core/test_oracle
unit_tests += %D%/data/test_idx
unit_tests += %D%/data/test_libsvm
unit_tests += %D%/first_order/test_adam
unit_tests += %D%/first_order/test_sgd
unit_tests += %D%/linalg/test_rows
unit_tests += %D%/problems/test_linear

script_tests =

TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)

EXTRA_DIST += $(script_tests)
EXTRA_DIST += %D%/counting.h
EXTRA_DIST += %D%/data/files.h
EXTRA_DIST += %D%/first_order/cubic.h
EXTRA_DIST += %D%/first_order/expected.py
EXTRA_DIST += %D%/function.h
EXTRA_DIST += %D%/support.h
tests_data_test_idx_LDADD = $(TEST_LIBS)
tests_data_test_idx_LDFLAGS = -static
tests_data_test_libsvm_LDADD = $(TEST_LIBS)
tests_data_test_libsvm_LDFLAGS = -static
tests_first_order_test_adam_LDADD = $(TEST_LIBS)
tests_first_order_test_adam_LDFLAGS = -static
tests_first_order_test_sgd_LDADD = $(TEST_LIBS)
tests_first_order_test_sgd_LDFLAGS = -static
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
