#include "gradus.h"
extern int gradus_harness_placeholder;
int gradus_harness_placeholder;
