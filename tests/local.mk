# A test is a line here and a file: automake compiles tests/core/test_settings.c for
# tests/core/test_settings.
AM_TESTS_ENVIRONMENT = OPENBLAS_NUM_THREADS=1; export OPENBLAS_NUM_THREADS; \
	LSAN_OPTIONS='suppressions=$(abs_srcdir)/tests/libomp.supp:print_suppressions=0'; \
	export LSAN_OPTIONS; \
	CK_DEFAULT_TIMEOUT=600; export CK_DEFAULT_TIMEOUT; \
	srcdir='$(srcdir)'; export srcdir; builddir='$(abs_builddir)'; export builddir; \
	$(tools_environment)
# What it takes to build a program, for the tests of the installed library.
tools_environment = MAKE='$(MAKE)'; export MAKE; CC='$(CC)'; export CC; \
	CFLAGS='$(CFLAGS)'; export CFLAGS; LDFLAGS='$(LDFLAGS)'; export LDFLAGS; \
	GRADUS_CFLAGS='$(GRADUS_CFLAGS)'; export GRADUS_CFLAGS; \
	PKG_CONFIG='$(PKG_CONFIG)'; export PKG_CONFIG; \
	GRADUS_VERSION_INFO='$(GRADUS_VERSION_INFO)'; export GRADUS_VERSION_INFO;

unit_tests =
unit_tests += %D%/base/test_inventory
unit_tests += %D%/base/test_memory
unit_tests += %D%/base/test_memory_limit
unit_tests += %D%/base/test_stream
unit_tests += %D%/base/test_text
unit_tests += %D%/base/test_version
unit_tests += %D%/conjugate/test_linear_cg
unit_tests += %D%/conjugate/test_nonlinear_cg
unit_tests += %D%/conjugate/test_scaled_cg
unit_tests += %D%/core/test_batches
unit_tests += %D%/core/test_blocks
unit_tests += %D%/core/test_clock
unit_tests += %D%/core/test_fork
unit_tests += %D%/core/test_method
unit_tests += %D%/core/test_minimize
unit_tests += %D%/core/test_oracle
unit_tests += %D%/core/test_problem
unit_tests += %D%/core/test_registry
unit_tests += %D%/core/test_run
unit_tests += %D%/core/test_settings
unit_tests += %D%/core/test_state
unit_tests += %D%/core/test_unwritten
unit_tests += %D%/data/test_collect
unit_tests += %D%/data/test_curves
unit_tests += %D%/data/test_dataset
unit_tests += %D%/data/test_generate
unit_tests += %D%/data/test_hdf5_file
unit_tests += %D%/data/test_idx
unit_tests += %D%/data/test_images
unit_tests += %D%/data/test_libsvm
unit_tests += %D%/data/test_vector_file
unit_tests += %D%/first_order/test_adadelta
unit_tests += %D%/first_order/test_adagrad
unit_tests += %D%/first_order/test_adam
unit_tests += %D%/first_order/test_adamax
unit_tests += %D%/first_order/test_adamw
unit_tests += %D%/first_order/test_amsgrad
unit_tests += %D%/first_order/test_descent
unit_tests += %D%/first_order/test_nadam
unit_tests += %D%/first_order/test_nesterov
unit_tests += %D%/first_order/test_rmsprop
unit_tests += %D%/first_order/test_rprop
unit_tests += %D%/first_order/test_schedule
unit_tests += %D%/first_order/test_sgd
unit_tests += %D%/first_order/test_vsgd
unit_tests += %D%/golden/test_golden
unit_tests += %D%/golden/test_toms566
unit_tests += %D%/harness/analysis/test_curves
unit_tests += %D%/harness/analysis/test_findings
unit_tests += %D%/harness/analysis/test_profiles
unit_tests += %D%/harness/analysis/test_targets
unit_tests += %D%/harness/analysis/test_verdicts
unit_tests += %D%/harness/figures/test_contours
unit_tests += %D%/harness/figures/test_scale
unit_tests += %D%/harness/figures/test_view
unit_tests += %D%/harness/io/test_html
unit_tests += %D%/harness/io/test_output
unit_tests += %D%/harness/language/test_expression
unit_tests += %D%/harness/measure/test_blas_check
unit_tests += %D%/harness/measure/test_derivatives
unit_tests += %D%/harness/measure/test_measured_layers
unit_tests += %D%/harness/measure/test_spectrum
unit_tests += %D%/harness/race/test_basins_run
unit_tests += %D%/harness/race/test_draw
unit_tests += %D%/harness/race/test_race
unit_tests += %D%/harness/race/test_race_order
unit_tests += %D%/harness/race/test_side_by_side
unit_tests += %D%/harness/record/test_tuning
unit_tests += %D%/harness/report/test_report
unit_tests += %D%/harness/report/test_reproduction
unit_tests += %D%/harness/results/test_results
unit_tests += %D%/harness/run/test_checkpoint_file
unit_tests += %D%/harness/run/test_drive
unit_tests += %D%/harness/run/test_interrupt
unit_tests += %D%/harness/run/test_progress
unit_tests += %D%/harness/run/test_provenance
unit_tests += %D%/harness/run/test_summary
unit_tests += %D%/harness/run/test_trace
unit_tests += %D%/harness/run/test_trajectory
unit_tests += %D%/harness/study/test_study
unit_tests += %D%/lbfgs/test_bfgs
unit_tests += %D%/lbfgs/test_lbfgs
unit_tests += %D%/linalg/test_cholesky
unit_tests += %D%/linalg/test_eigen
unit_tests += %D%/linalg/test_lanczos
unit_tests += %D%/linalg/test_maps
unit_tests += %D%/linalg/test_pairs
unit_tests += %D%/linalg/test_processor
unit_tests += %D%/linalg/test_product
unit_tests += %D%/linalg/test_rows
unit_tests += %D%/linalg/test_sparse
unit_tests += %D%/linalg/test_symmetric
unit_tests += %D%/linalg/test_tile
unit_tests += %D%/linalg/test_vector
unit_tests += %D%/line_search/test_backtracking
unit_tests += %D%/line_search/test_hager_zhang
unit_tests += %D%/line_search/test_more_thuente
unit_tests += %D%/line_search/test_postmortem
unit_tests += %D%/line_search/test_search
unit_tests += %D%/line_search/test_update
unit_tests += %D%/natural/test_ekfac
unit_tests += %D%/natural/test_kfac
unit_tests += %D%/natural/test_kfac_adaptive
unit_tests += %D%/natural/test_kl_clip
unit_tests += %D%/natural/test_natural_gradient
unit_tests += %D%/newton/test_hessian_free
unit_tests += %D%/newton/test_more_sorensen
unit_tests += %D%/newton/test_newton
unit_tests += %D%/newton/test_newton_cg
unit_tests += %D%/newton/test_preconditioner
unit_tests += %D%/newton/test_steihaug
unit_tests += %D%/newton/test_trust_region
unit_tests += %D%/problems/functions/test_nesterov_worst
unit_tests += %D%/problems/functions/test_rosenbrock_chained
unit_tests += %D%/problems/functions/test_slopes
unit_tests += %D%/problems/linear/test_linear
unit_tests += %D%/problems/linear/test_linear_blocks
unit_tests += %D%/problems/linear/test_linear_parts
unit_tests += %D%/problems/linear/test_linear_ray
unit_tests += %D%/problems/network/test_initialization
unit_tests += %D%/problems/network/test_losses
unit_tests += %D%/problems/network/test_network
unit_tests += %D%/problems/network/test_network_normalise
unit_tests += %D%/problems/network/test_network_products
unit_tests += %D%/problems/plane/test_plane
unit_tests += %D%/problems/squares/test_least_squares
unit_tests += %D%/prong/test_prong
unit_tests += %D%/prong/test_signals
unit_tests += %D%/prong/test_whiten
unit_tests += %D%/prong/test_whitened
unit_tests += %D%/test_command_oom
unit_tests += %D%/test_derivatives
unit_tests += %D%/test_draw_oom
unit_tests += %D%/test_faults
unit_tests += %D%/test_file_faults
unit_tests += %D%/test_first_updates
unit_tests += %D%/test_fuzz
unit_tests += %D%/test_gap_bound
unit_tests += %D%/test_interrupt
unit_tests += %D%/test_matrix
unit_tests += %D%/test_kinds
unit_tests += %D%/test_minima
unit_tests += %D%/test_minimize_oom
unit_tests += %D%/test_natural_limits
unit_tests += %D%/test_oom
unit_tests += %D%/test_orders
unit_tests += %D%/test_prong_limits
unit_tests += %D%/test_race_oom
unit_tests += %D%/test_rays
unit_tests += %D%/test_reasons
unit_tests += %D%/test_report_oom
unit_tests += %D%/test_resume
unit_tests += %D%/test_tables
unit_tests += %D%/test_whitening_refresh

script_tests =
script_tests += %D%/check-abi.sh
script_tests += %D%/check-manual.sh
script_tests += %D%/check-tree.sh
script_tests += %D%/cli/test-chapters.sh
script_tests += %D%/cli/test-checkpoints.sh
script_tests += %D%/cli/test-claims.sh
script_tests += %D%/cli/test-full-disk.sh
script_tests += %D%/cli/test-interrupt.sh
script_tests += %D%/cli/test-kill.sh
script_tests += %D%/cli/test-manual.sh
script_tests += %D%/cli/test-mistakes.sh
script_tests += %D%/cli/test-networks.sh
script_tests += %D%/cli/test-print.sh
script_tests += %D%/cli/test-race.sh
script_tests += %D%/cli/test-reconstructions.sh
script_tests += %D%/cli/test-repeat.sh
script_tests += %D%/cli/test-report.sh
script_tests += %D%/cli/test-reproduction.sh
script_tests += %D%/cli/test-solve.sh
script_tests += %D%/cli/test-verdicts.sh
script_tests += %D%/test-installed.sh

TESTS = $(unit_tests) $(script_tests)
check_PROGRAMS += $(unit_tests)

EXTRA_DIST += $(script_tests)
EXTRA_DIST += %D%/check-processors.sh
EXTRA_DIST += %D%/check-surroundings.sh
EXTRA_DIST += %D%/check-threads.sh
EXTRA_DIST += %D%/cli/lib.sh
EXTRA_DIST += %D%/abi-released.txt
EXTRA_DIST += %D%/abi.txt
EXTRA_DIST += %D%/counting.h
EXTRA_DIST += %D%/data/files.h
EXTRA_DIST += %D%/elimination.h
EXTRA_DIST += %D%/faulty.h
EXTRA_DIST += %D%/first_order/cubic.h
EXTRA_DIST += %D%/first_order/expected.py
EXTRA_DIST += %D%/function.h
EXTRA_DIST += %D%/golden/adagrad-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/adagrad-inside-softmax.csv
EXTRA_DIST += %D%/golden/adam-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/adam-inside-softmax.csv
EXTRA_DIST += %D%/golden/adam-rosenbrock.csv
EXTRA_DIST += %D%/golden/adam-softmax.csv
EXTRA_DIST += %D%/golden/adam-uncorrected-rosenbrock.csv
EXTRA_DIST += %D%/golden/adam-uncorrected-softmax.csv
EXTRA_DIST += %D%/golden/adamw-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/adamw-inside-softmax.csv
EXTRA_DIST += %D%/golden/amsgrad-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/amsgrad-inside-softmax.csv
EXTRA_DIST += %D%/golden/amsgrad-rosenbrock.csv
EXTRA_DIST += %D%/golden/amsgrad-softmax.csv
EXTRA_DIST += %D%/golden/irprop-plus-rosenbrock.csv
EXTRA_DIST += %D%/golden/irprop-plus-softmax.csv
EXTRA_DIST += %D%/golden/lbfgs-rosenbrock.csv
EXTRA_DIST += %D%/golden/lbfgs-softmax.csv
EXTRA_DIST += %D%/golden/make_golden.py
EXTRA_DIST += %D%/golden/make_scipy.py
EXTRA_DIST += %D%/golden/make_torch.py
EXTRA_DIST += %D%/golden/manhattan-rosenbrock.csv
EXTRA_DIST += %D%/golden/manhattan-softmax.csv
EXTRA_DIST += %D%/golden/nadam-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/nadam-inside-softmax.csv
EXTRA_DIST += %D%/golden/nadam-rosenbrock.csv
EXTRA_DIST += %D%/golden/nadam-softmax.csv
EXTRA_DIST += %D%/golden/nesterov-averaged-rosenbrock.csv
EXTRA_DIST += %D%/golden/nesterov-averaged-softmax.csv
EXTRA_DIST += %D%/golden/nesterov-convex-rosenbrock.csv
EXTRA_DIST += %D%/golden/nesterov-convex-softmax.csv
EXTRA_DIST += %D%/golden/prong-momentum-softmax.csv
EXTRA_DIST += %D%/golden/prong-softmax.csv
EXTRA_DIST += %D%/golden/rmsprop-inside-rosenbrock.csv
EXTRA_DIST += %D%/golden/rmsprop-inside-softmax.csv
EXTRA_DIST += %D%/golden/rprop-minus-rosenbrock.csv
EXTRA_DIST += %D%/golden/rprop-minus-softmax.csv
EXTRA_DIST += %D%/golden/rprop-plus-rosenbrock.csv
EXTRA_DIST += %D%/golden/rprop-plus-softmax.csv
EXTRA_DIST += %D%/golden/sgd-averaged-rosenbrock.csv
EXTRA_DIST += %D%/golden/sgd-averaged-softmax.csv
EXTRA_DIST += %D%/golden/sgd-classical-rosenbrock.csv
EXTRA_DIST += %D%/golden/sgd-classical-softmax.csv
EXTRA_DIST += %D%/golden/small.svm
EXTRA_DIST += %D%/golden/logistic-minimum.csv
EXTRA_DIST += %D%/golden/scipy-trust-exact-rosenbrock.csv
EXTRA_DIST += %D%/golden/scipy-trust-steihaug-rosenbrock.csv
EXTRA_DIST += %D%/golden/two.svm
EXTRA_DIST += %D%/golden/softmax-minimum.csv
EXTRA_DIST += %D%/golden/toms566.csv
EXTRA_DIST += %D%/golden/torch-adadelta-rate-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adadelta-rate-softmax.csv
EXTRA_DIST += %D%/golden/torch-adadelta-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adadelta-softmax.csv
EXTRA_DIST += %D%/golden/torch-adagrad-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adagrad-softmax.csv
EXTRA_DIST += %D%/golden/torch-adam-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adam-softmax.csv
EXTRA_DIST += %D%/golden/torch-adamax-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adamax-softmax.csv
EXTRA_DIST += %D%/golden/torch-adamw-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-adamw-softmax.csv
EXTRA_DIST += %D%/golden/torch-amsgrad-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-amsgrad-softmax.csv
EXTRA_DIST += %D%/golden/torch-nesterov-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-nesterov-softmax.csv
EXTRA_DIST += %D%/golden/torch-rmsprop-momentum-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-rmsprop-momentum-softmax.csv
EXTRA_DIST += %D%/golden/torch-rmsprop-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-rmsprop-softmax.csv
EXTRA_DIST += %D%/golden/torch-rprop-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-rprop-softmax.csv
EXTRA_DIST += %D%/golden/torch-sgd-rosenbrock.csv
EXTRA_DIST += %D%/golden/torch-sgd-softmax.csv
EXTRA_DIST += %D%/golden/vsgd-exact-softmax.csv
EXTRA_DIST += %D%/golden/vsgd-rosenbrock.csv
EXTRA_DIST += %D%/golden/vsgd-softmax.csv
EXTRA_DIST += %D%/harness/scratch.h
EXTRA_DIST += %D%/harness/sample.h
EXTRA_DIST += %D%/harness/toys.h
EXTRA_DIST += %D%/installed/minimize.cc
EXTRA_DIST += %D%/libomp.supp
EXTRA_DIST += %D%/newton/region.h
EXTRA_DIST += %D%/problems/squares/mgh_values.h
EXTRA_DIST += %D%/problems/squares/mgh_values.py
EXTRA_DIST += %D%/natural/two_layers.h
EXTRA_DIST += %D%/problems/network/network_data.h
EXTRA_DIST += %D%/problems/network/network_values.h
EXTRA_DIST += %D%/problems/network/network_values.py
EXTRA_DIST += %D%/prong/layered.h
EXTRA_DIST += %D%/scarce.h
EXTRA_DIST += %D%/specs.h
EXTRA_DIST += %D%/support.h
EXTRA_DIST += %D%/toms566.h
EXTRA_DIST += %D%/walk.h

# A line here is a fuzz target too; entry.c and works.c are libFuzzer's alone.
fuzz_sources = %D%/fuzz/fuzz.c
fuzz_sources += %D%/fuzz/fuzz.h
fuzz_sources += %D%/fuzz/fuzz_checkpoint.c
fuzz_sources += %D%/fuzz/fuzz_claim.c
fuzz_sources += %D%/fuzz/fuzz_gzip.c
fuzz_sources += %D%/fuzz/fuzz_hdf5.c
fuzz_sources += %D%/fuzz/fuzz_idx.c
fuzz_sources += %D%/fuzz/fuzz_libsvm.c
fuzz_sources += %D%/fuzz/fuzz_manifest.c
fuzz_sources += %D%/fuzz/fuzz_specification.c
fuzz_sources += %D%/fuzz/fuzz_study.c
fuzz_sources += %D%/fuzz/fuzz_trace.c
tests_test_fuzz_SOURCES = %D%/test_fuzz.c $(fuzz_sources)
tests_test_fuzz_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
EXTRA_DIST += %D%/fuzz/README.md
EXTRA_DIST += %D%/fuzz/claim.dict
EXTRA_DIST += %D%/fuzz/entry.c
EXTRA_DIST += %D%/fuzz/fuzz.mk
EXTRA_DIST += %D%/fuzz/libsvm.dict
EXTRA_DIST += %D%/fuzz/make_hdf5.c
EXTRA_DIST += %D%/fuzz/make_seeds.py
EXTRA_DIST += %D%/fuzz/manifest.dict
EXTRA_DIST += %D%/fuzz/seeds
EXTRA_DIST += %D%/fuzz/specification.dict
EXTRA_DIST += %D%/fuzz/study.dict
EXTRA_DIST += %D%/fuzz/trace.dict
EXTRA_DIST += %D%/fuzz/works.c

# A test of the commands links them too.
tests_test_command_oom_SOURCES = %D%/test_command_oom.c $(gradus_commands)
tests_linalg_test_tile_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=aligned_alloc

# Under valgrind, without Check's forks; OpenMP's own pool is never returned and is not lost.
# Not part of `make check`: it takes minutes.
VALGRIND = valgrind -q --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite
check-mem: $(unit_tests)
	@$(AM_TESTS_ENVIRONMENT) CK_FORK=no; export CK_FORK; status=0; \
	for test in $(unit_tests); do \
	  if $(VALGRIND) ./$$test >$$test.mem 2>&1; then echo "PASS: $$test"; rm -f $$test.mem; \
	  else echo "FAIL: $$test (see $$test.mem)"; status=1; fi; \
	done; exit $$status
.PHONY: check-mem
MOSTLYCLEANFILES = $(unit_tests:=.mem)

# From the sources of a release, in temporary folders: `make check` where others run it, and
# the tests with more than one thread under the thread sanitizer.
from_release = $(MAKE) -s dist-gzip >/dev/null || exit 1; \
	archive='$(abs_builddir)/$(distdir).tar.gz'; export archive; \
	builddir='$(abs_builddir)'; export builddir; \
	ONLY='$(ONLY)'; export ONLY; CHECK_TESTS='$(CHECK_TESTS)'; export CHECK_TESTS;
.PHONY: check-surroundings check-threads
check-surroundings:
	@$(from_release) $(srcdir)/%D%/check-surroundings.sh
check-threads:
	@$(from_release) $(srcdir)/%D%/check-threads.sh
MOSTLYCLEANFILES += %D%/surroundings-*.log %D%/threads.log

# All methods on the problems of Algorithm 566, written anew for the tree.
.PHONY: toms566
toms566: %D%/golden/test_toms566
	$(AM_TESTS_ENVIRONMENT) %D%/golden/test_toms566 --update $(srcdir)/%D%/golden/toms566.csv

# Tests whose verdict cannot depend on a processor's kernels, since no number that they compare
# comes of one.  All others are numeric, a new one too until it is put here.
text_tests =
text_tests += %D%/core/test_clock
text_tests += %D%/base/test_inventory
text_tests += %D%/base/test_memory
text_tests += %D%/base/test_text
text_tests += %D%/base/test_version
text_tests += %D%/data/test_collect
text_tests += %D%/data/test_hdf5_file
text_tests += %D%/data/test_idx
text_tests += %D%/data/test_libsvm
text_tests += %D%/data/test_vector_file
text_tests += %D%/harness/language/test_expression
text_tests += %D%/harness/io/test_html
text_tests += %D%/harness/io/test_output
text_tests += %D%/test_command_oom
text_tests += %D%/test_draw_oom
text_tests += %D%/test_file_faults
text_tests += %D%/test_fuzz
text_tests += %D%/test_minimize_oom
text_tests += %D%/test_oom
text_tests += %D%/test_race_oom
text_tests += %D%/test_report_oom
text_tests += %D%/test_tables
# Numeric ones that take more than a second, left out by QUICK=1.
long_tests =
long_tests += %D%/core/test_blocks
long_tests += %D%/data/test_curves
long_tests += %D%/golden/test_toms566
long_tests += %D%/harness/race/test_basins_run
long_tests += %D%/harness/run/test_checkpoint_file
long_tests += %D%/harness/race/test_draw
long_tests += %D%/harness/measure/test_measured_layers
long_tests += %D%/harness/race/test_race
long_tests += %D%/harness/report/test_report
long_tests += %D%/harness/analysis/test_targets
long_tests += %D%/harness/record/test_tuning
long_tests += %D%/linalg/test_product
long_tests += %D%/linalg/test_rows
long_tests += %D%/linalg/test_tile
long_tests += %D%/linalg/test_vector
long_tests += %D%/problems/linear/test_linear_parts
long_tests += %D%/problems/network/test_network
long_tests += %D%/test_faults
long_tests += %D%/test_matrix
long_tests += %D%/test_resume

# The numeric tests under every kind of OpenBLAS's kernels times Gradus's own; QUICK=1: the
# short ones, under five kinds.
.PHONY: check-processors
check-processors: gradus $(unit_tests)
	@$(AM_TESTS_ENVIRONMENT) QUICK='$(QUICK)'; export QUICK; set --; \
	for test in $(unit_tests); do \
	  case " $(text_tests) " in *" $$test "*) continue;; esac; \
	  case "$$QUICK $(long_tests) " in "1 "*" $$test "*) continue;; esac; \
	  set -- "$$@" "$(abs_builddir)/$$test"; \
	done; '$(srcdir)/%D%/check-processors.sh' "$$@"

# The binary interface as it is now; tests/check-abi.sh compares.
.PHONY: abi
abi: libgradus.la
	@$(AM_TESTS_ENVIRONMENT) $(srcdir)/%D%/check-abi.sh --write

# The readers under arbitrary input (tests/fuzz/README.md).  Not part of `make check`, which
# goes through the committed inputs (test_fuzz).
.PHONY: fuzz
fuzz: build.h config.h
	@$(MAKE) -f $(srcdir)/%D%/fuzz/fuzz.mk SRCDIR='$(srcdir)' \
	  SOURCES='$(filter %.c,$(libgradus_la_SOURCES) $(libharness_la_SOURCES))' \
	  FUZZ_CPPFLAGS='$(fuzz_cppflags)' FUZZ_LIBS='$(fuzz_libs)'
fuzz_cppflags = -include config.h -I. -I$(srcdir)/include -I$(srcdir)/src -I$(srcdir)/tests \
	$(OPENBLAS_CFLAGS) $(LAPACKE_CFLAGS) $(GSL_CFLAGS) $(YAML_CFLAGS) $(JANSSON_CFLAGS) \
	$(HDF5_CFLAGS) $(ZLIB_CFLAGS)
fuzz_libs = $(NUMERIC_LIBS) $(YAML_LIBS) $(JANSSON_LIBS)
