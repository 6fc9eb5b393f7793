/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* Which events can be commanded from the wall: config/palette.conf, whose own comments say what each key means. Immutable after
 * load: any thread may read. */

#define CASA_PALETTE_KEYS 9

typedef struct {
  guint key;   /* 1 to CASA_PALETTE_KEYS */
  char *event; /* as the simulator calls it */
  char *place; /* id of a district, line, stop or landmark; NULL: the event's own */
  double intensity;
  guint minutes;
} CasaPaletteItem;

typedef struct _CasaPalette CasaPalette;

/* Reads @dir/palette.conf; where it is missing or wrong, what was built into the program, and *@out_fault (transfer full) says
 * why; NULL: nothing was wrong, or there is no such file. (transfer full) */
CasaPalette *casa_palette_load(const char *dir, GError **out_fault);
void casa_palette_free(CasaPalette *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaPalette, casa_palette_free)

guint casa_palette_n(const CasaPalette *self);                             /* How many there are */
const CasaPaletteItem *casa_palette_get(const CasaPalette *self, guint i); /* By rising key; i < casa_palette_n() */

/* What is sent to the simulator to begin it, and to end it early: JSON of docs/SIMULATOR.md. (transfer full) */
char *casa_palette_begin_command(const CasaPaletteItem *item);
char *casa_palette_end_command(const CasaPaletteItem *item); /* …that one alone */

#define CASA_PALETTE_CALM_COMMAND "{\"event\":\"calm\"}" /* ends all that were commanded */

G_END_DECLS
