# Speed, never part of the tests: `make bench`.  A program or a script is a line here.
bench_programs =
bench_programs += %D%/adam_update
bench_programs += %D%/autoencoder_update
bench_programs += %D%/cpu_seconds
bench_programs += %D%/harness_cost
bench_programs += %D%/large_lbfgs
bench_programs += %D%/liblinear_value
bench_programs += %D%/prong_update
bench_programs += %D%/softmax_evaluate
bench_programs += %D%/toms566_gradus
bench_programs += %D%/sparse_pass
bench_programs += %D%/write_libsvm

EXTRA_DIST += %D%/run.sh
EXTRA_DIST += %D%/adam_update.py
EXTRA_DIST += %D%/autoencoder_update.py
EXTRA_DIST += %D%/large_lbfgs.sh
EXTRA_DIST += %D%/rosenbrock_liblbfgs.c
EXTRA_DIST += %D%/softmax_evaluate.py
EXTRA_DIST += %D%/softmax_gap.py
EXTRA_DIST += %D%/softmax_gap.sh
EXTRA_DIST += %D%/softmax_updates.py
EXTRA_DIST += %D%/toms566.awk
EXTRA_DIST += %D%/toms566.sh
EXTRA_DIST += %D%/toms566_case.h
EXTRA_DIST += %D%/toms566_gsl.c
EXTRA_DIST += %D%/toms566_liblbfgs.c
EXTRA_DIST += %D%/toms566_nlopt.c
EXTRA_DIST += %D%/sparse.sh

BENCH_LIBS = libharness.la libgradus.la
%C%_adam_update_LDADD = $(BENCH_LIBS)
%C%_adam_update_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=gradus_descent_move
%C%_autoencoder_update_LDADD = $(BENCH_LIBS)
%C%_cpu_seconds_LDADD =
%C%_harness_cost_LDADD = $(BENCH_LIBS)
%C%_large_lbfgs_LDADD = $(BENCH_LIBS)
%C%_liblinear_value_LDADD = $(BENCH_LIBS)
%C%_prong_update_LDADD = $(BENCH_LIBS)
%C%_softmax_evaluate_LDADD = $(BENCH_LIBS)
%C%_toms566_gradus_LDADD = $(BENCH_LIBS)
%C%_sparse_pass_LDADD = $(BENCH_LIBS)
%C%_write_libsvm_LDADD = $(BENCH_LIBS)
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)
CLEANFILES += %D%/toms566.csv %D%/toms566-profile.csv %D%/toms566-profile.svg

.PHONY: bench
bench: gradus$(EXEEXT) $(bench_programs)
	$(srcdir)/%D%/run.sh $(builddir)/%D% ./gradus$(EXEEXT) $(srcdir)/%D%
