/* OpenMP after fork().

   The child of a thread that has led a team of OpenMP's holds the team without its other
   threads, which fork() does not copy, and would wait for them for ever.  So the child makes
   do with one thread, which gives the same bits; in threads that it begins itself OpenMP is
   as ever.  */

#ifndef GRADUS_CORE_FORK_H
#define GRADUS_CORE_FORK_H

#include <stddef.h>

/* The calling thread is about to use THREADS of them.  */
void gradus_fork_expect(size_t threads);

#endif
