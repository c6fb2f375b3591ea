# Speed, never part of the tests: `make bench`.
EXTRA_PROGRAMS += %D%/softmax_evaluate %D%/harness_cost %D%/adam_update %D%/autoencoder_update \
	%D%/prong_update
BENCH_LIBS = libharness.la libgradus.la
%C%_softmax_evaluate_LDADD = $(BENCH_LIBS)
%C%_harness_cost_LDADD = $(BENCH_LIBS)
%C%_adam_update_LDADD = $(BENCH_LIBS)
%C%_autoencoder_update_LDADD = $(BENCH_LIBS)
%C%_prong_update_LDADD = $(BENCH_LIBS)
%C%_adam_update_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=gradus_descent_move
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += %D%/run.sh %D%/softmax_evaluate.py %D%/softmax_updates.py %D%/adam_update.py \
	%D%/autoencoder_update.py

.PHONY: bench
bench: gradus$(EXEEXT) %D%/softmax_evaluate$(EXEEXT) %D%/harness_cost$(EXEEXT) \
		%D%/adam_update$(EXEEXT) %D%/autoencoder_update$(EXEEXT) %D%/prong_update$(EXEEXT)
	$(srcdir)/%D%/run.sh $(builddir)/%D% ./gradus$(EXEEXT) $(srcdir)/%D%
