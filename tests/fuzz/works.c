/* What a compiler must be able to build before the targets are compiled.  */

#include <omp.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    return bytes && size > (size_t)omp_get_max_threads() ? -1 : 0;
}
