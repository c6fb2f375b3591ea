# Speed, never part of the tests: `make bench`.
EXTRA_PROGRAMS += %D%/softmax_evaluate %D%/harness_cost
BENCH_LIBS = libharness.la libgradus.la
%C%_softmax_evaluate_LDADD = $(BENCH_LIBS)
%C%_harness_cost_LDADD = $(BENCH_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += %D%/run.sh %D%/softmax_evaluate.py

.PHONY: bench
bench: gradus$(EXEEXT) %D%/softmax_evaluate$(EXEEXT) %D%/harness_cost$(EXEEXT)
	$(srcdir)/%D%/run.sh $(builddir)/%D% ./gradus$(EXEEXT) $(srcdir)/%D%
