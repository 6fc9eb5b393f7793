/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define GIVE_BACK_S 10

/* Each of ten threads would get an arena of its own, and keep what it once needed: 10 MB of the wall (bench/README.md). */
static void
share_arenas(void)
{
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
#endif
}

/* What a burst needed (days of curves, a scene, a flight) lies scattered over the heap, some 20 MB of the wall. Takes two or
 * three milliseconds. */
static gboolean
give_back_cb(gpointer data)
{
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  return G_SOURCE_CONTINUE;
}

int
main(int argc, char **argv)
{
  share_arenas();
  g_timeout_add_seconds(GIVE_BACK_S, give_back_cb, NULL);
  return casa_application_run(argc, argv);
}
