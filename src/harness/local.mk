libharness_la_SOURCES += \
	%D%/basins.c \
	%D%/basins.h \
	%D%/basins_figure.c \
	%D%/basins_figure.h \
	%D%/chart.c \
	%D%/chart.h \
	%D%/check.c \
	%D%/check.h \
	%D%/checkpoint_file.c \
	%D%/checkpoint_file.h \
	%D%/claims.c \
	%D%/claims.h \
	%D%/collection.c \
	%D%/collection.h \
	%D%/contours.c \
	%D%/contours.h \
	%D%/curves.c \
	%D%/curves.h \
	%D%/derivatives.c \
	%D%/derivatives.h \
	%D%/document.c \
	%D%/document.h \
	%D%/draw.c \
	%D%/draw.h \
	%D%/drive.c \
	%D%/drive.h \
	%D%/expression.c \
	%D%/expression.h \
	%D%/figures.c \
	%D%/figures.h \
	%D%/findings.c \
	%D%/findings.h \
	%D%/folder.c \
	%D%/folder.h \
	%D%/gnuplot.c \
	%D%/gnuplot.h \
	%D%/html.c \
	%D%/html.h \
	%D%/interrupt.c \
	%D%/interrupt.h \
	%D%/json.c \
	%D%/json.h \
	%D%/keeper.c \
	%D%/keeper.h \
	%D%/landscape.c \
	%D%/landscape.h \
	%D%/manifest.c \
	%D%/manifest.h \
	%D%/measured_layers.c \
	%D%/measured_layers.h \
	%D%/measurement.c \
	%D%/measurement.h \
	%D%/output.c \
	%D%/output.h \
	%D%/page.c \
	%D%/page.h \
	%D%/page_answer.c \
	%D%/page_profiles.c \
	%D%/page_record.c \
	%D%/page_tables.c \
	%D%/page_targets.c \
	%D%/page_tuning.c \
	%D%/page_varied.c \
	%D%/profiles.c \
	%D%/profiles.h \
	%D%/profiles_figure.c \
	%D%/progress.c \
	%D%/progress.h \
	%D%/provenance.c \
	%D%/provenance.h \
	%D%/race.c \
	%D%/race.h \
	%D%/race_runs.c \
	%D%/race_runs.h \
	%D%/reconstructions.c \
	%D%/reconstructions.h \
	%D%/reconstructions_figure.c \
	%D%/reconstructions_figure.h \
	%D%/record.c \
	%D%/record.h \
	%D%/record_note.c \
	%D%/repeat.c \
	%D%/repeat.h \
	%D%/report.c \
	%D%/report.h \
	%D%/reproduction.c \
	%D%/reproduction.h \
	%D%/results.c \
	%D%/results.h \
	%D%/scale.c \
	%D%/scale.h \
	%D%/sensitivity.c \
	%D%/sensitivity.h \
	%D%/side_by_side.c \
	%D%/side_by_side.h \
	%D%/sketch.h \
	%D%/sketch_data.c \
	%D%/sketch_script.c \
	%D%/spectrum.c \
	%D%/spectrum.h \
	%D%/standings.c \
	%D%/standings.h \
	%D%/study.c \
	%D%/study.h \
	%D%/study_claims.c \
	%D%/study_profiles.c \
	%D%/study_reader.c \
	%D%/study_reader.h \
	%D%/study_runs.c \
	%D%/study_search.c \
	%D%/study_search.h \
	%D%/study_starts.c \
	%D%/study_targets.c \
	%D%/study_tune.c \
	%D%/study_vary.c \
	%D%/summary.c \
	%D%/summary.h \
	%D%/summary_table.c \
	%D%/summary_table.h \
	%D%/targets.c \
	%D%/targets.h \
	%D%/targets_settle.c \
	%D%/text_file.c \
	%D%/text_file.h \
	%D%/trace.c \
	%D%/trace.h \
	%D%/trace_checksum.c \
	%D%/trace_reader.c \
	%D%/trajectory.c \
	%D%/trajectory.h \
	%D%/tuning.c \
	%D%/tuning.h \
	%D%/tuning_table.c \
	%D%/unfinished.c \
	%D%/unfinished.h \
	%D%/variants_figure.c \
	%D%/variants_figure.h \
	%D%/view.c \
	%D%/view.h

# The commit, looked up at every build, and the flags of this one; written when they have
# changed.  Only a tree that the repository knows has a commit: a tarball unpacked inside some
# other repository has not.
build.h: FORCE
	$(AM_V_GEN)commit=unknown; \
	if git -C $(srcdir) ls-files --error-unmatch configure.ac >/dev/null 2>&1; then \
		commit=`git -C $(srcdir) describe --always --dirty 2>/dev/null || echo unknown`; \
	fi; \
	flags=`echo '$(GRADUS_CFLAGS) $(OPENMP_CFLAGS) $(CPPFLAGS) $(CFLAGS)' | \
		sed 's/-W[^ ]*//g; s/  */ /g; s/^ //; s/["\\]/\\&/g'`; \
	{ echo "#define GRADUS_COMMIT \"$$commit\""; \
	  printf '#define GRADUS_FLAGS "%s"\n' "$$flags"; } >$@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
FORCE:
.PHONY: FORCE
%D%/provenance.lo: build.h
CLEANFILES += build.h
