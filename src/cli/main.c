#include "gradus.h"
#include <stdio.h>
int main(void) {
    puts(gradus_version());
    return 0;
}
