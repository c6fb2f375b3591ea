# Programs of a user's, each with what it prints; tests/test-installed.sh builds and runs
# them with the installed library.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	%D%/minimize.c \
	%D%/minimize.txt \
	%D%/user_method.c \
	%D%/user_method.txt \
	%D%/user_problem.c \
	%D%/user_problem.txt
