/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Each of ten threads would get an arena of its own, and keep what it once needed: 10 MB of the wall (bench/README.md). */
static void
share_arenas(void)
{
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
#endif
}

int
main(int argc, char **argv)
{
  share_arenas();
  return casa_application_run(argc, argv);
}
