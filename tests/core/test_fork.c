#include "../function.h"
START_TEST(nothing) {}
END_TEST
TEST_MAIN("fork", nothing)
