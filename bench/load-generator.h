/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* A process that has nothing to do with us and takes a given share of the processors: what ingest beside a drain is compared
 * with, to tell what the drain costs by itself from what any busy neighbour costs. */
typedef struct _Burner LoadGenerator;

/* @share of one processor, 0…1, at @niceness; reads and writes 1 MiB of its own memory. */
LoadGenerator *load_generator_new(double share, int niceness);
void load_generator_free(LoadGenerator *self); /* NULL is fine */

G_END_DECLS
