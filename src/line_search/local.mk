libgradus_la_SOURCES +=
