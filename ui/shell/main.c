/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/application.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define GIVE_BACK_S 10

/* Each of ten threads would get an arena of its own, and keep what it once needed: 10 MB of the wall (bench/README.md).
 * Pictures of the whole window or of a map come from the system and go back to it: in the heap, what is small and stays comes
 * to lie between them, 15 MB of the wall in motion. What GTK needs for a usual frame, a third of the window, stays in the
 * heap, where it costs less. By itself glibc would raise the first bound beyond all pictures; the second is what it would make
 * of that. */
static void
set_up_heap(void)
{
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
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
  set_up_heap();
  g_timeout_add_seconds(GIVE_BACK_S, give_back_cb, NULL);
  return casa_application_run(argc, argv);
}
