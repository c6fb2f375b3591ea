# Speed, never part of the tests: `make bench`.
EXTRA_PROGRAMS += %D%/softmax_evaluate %D%/harness_cost %D%/adam_update
sparse_bench = %D%/write_libsvm %D%/sparse_pass %D%/liblinear_value %D%/cpu_seconds
EXTRA_PROGRAMS += $(sparse_bench)
EXTRA_PROGRAMS += %D%/softmax_evaluate %D%/harness_cost %D%/adam_update %D%/autoencoder_update
BENCH_LIBS = libharness.la libgradus.la
%C%_softmax_evaluate_LDADD = $(BENCH_LIBS)
%C%_harness_cost_LDADD = $(BENCH_LIBS)
%C%_adam_update_LDADD = $(BENCH_LIBS)
%C%_autoencoder_update_LDADD = $(BENCH_LIBS)
%C%_adam_update_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=gradus_descent_move
%C%_write_libsvm_LDADD = $(BENCH_LIBS)
%C%_sparse_pass_LDADD = $(BENCH_LIBS)
%C%_liblinear_value_LDADD = $(BENCH_LIBS)
%C%_cpu_seconds_LDADD =
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += %D%/run.sh %D%/softmax_evaluate.py %D%/softmax_updates.py %D%/adam_update.py
EXTRA_DIST += %D%/sparse.sh

.PHONY: bench
bench: gradus$(EXEEXT) %D%/softmax_evaluate$(EXEEXT) %D%/harness_cost$(EXEEXT) \
		%D%/adam_update$(EXEEXT) $(sparse_bench)
EXTRA_DIST += %D%/run.sh %D%/softmax_evaluate.py %D%/softmax_updates.py %D%/adam_update.py \
	%D%/autoencoder_update.py

.PHONY: bench
bench: gradus$(EXEEXT) %D%/softmax_evaluate$(EXEEXT) %D%/harness_cost$(EXEEXT) \
		%D%/adam_update$(EXEEXT) %D%/autoencoder_update$(EXEEXT)
	$(srcdir)/%D%/run.sh $(builddir)/%D% ./gradus$(EXEEXT) $(srcdir)/%D%
