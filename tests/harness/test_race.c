#include "harness/race.h"
int main(void) { return 0; }
