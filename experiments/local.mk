EXTRA_DIST += \
	%D%/first-race-search.yaml \
	%D%/first-race.yaml \
	%D%/landscape-cliff.yaml \
	%D%/landscape-rosenbrock.yaml \
	%D%/landscape-saddle.yaml \
	%D%/landscape-valley.yaml
