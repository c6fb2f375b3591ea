libharness_la_SOURCES += \
	%D%/collection.c \
	%D%/collection.h \
	%D%/outcome.c \
	%D%/outcome.h \
	%D%/page.c \
	%D%/page.h \
	%D%/page_answer.c \
	%D%/page_profiles.c \
	%D%/page_record.c \
	%D%/page_tables.c \
	%D%/page_targets.c \
	%D%/page_tuning.c \
	%D%/page_varied.c \
	%D%/report.c \
	%D%/report.h \
	%D%/reproduction.c \
	%D%/reproduction.h

EXTRA_DIST += %D%/style.css
CLEANFILES += %D%/style.css.inc
%D%/page.lo: %D%/style.css.inc
%D%/style.css.inc: $(srcdir)/%D%/style.css
	$(AM_V_GEN)$(as_string) $(srcdir)/%D%/style.css >$@.part && mv $@.part $@
