EXTRA_DIST += \
	%D%/first-race-search.yaml \
	%D%/first-race.yaml
