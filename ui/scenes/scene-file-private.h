/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/keyfile.h"
#include "ui/scenes/scene-file.h"

#define CASA_SCENE_TOUCH 1e-9 /* parts may touch, and fractions are not exact */

/* Between scene-file.c, scene-cues.c and scene-part-line.c. */

/* What reading needs. */
typedef struct {
  const CasaKeyfile *file;
  const CasaSceneWorld *world;
  const char *group;
  double grid_w, grid_h;
  GError **error;
} CasaSceneReader;

/* Sets the error with where it is; @key NULL: the group. Always FALSE. */
gboolean casa_scene_reader_fail(CasaSceneReader *r, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);
gboolean casa_scene_is_id(const char *text); /* Whether @text may name a scene */
/* FALSE: @word, which may be NULL, is no finite number. */
gboolean casa_scene_number(const char *word, double *out);
/* What is parted by blanks. (transfer full) */
char **casa_scene_words(const char *line);
/* The part that @key of the group describes; @keys: all keys of the group. NULL: it failed. (transfer full) */
CasaPartSpec *casa_scene_read_part(CasaSceneReader *r, const char *key, char **keys);

/* Its cues, and the past that it shows (replay, speed). FALSE: it failed. */
gboolean casa_scene_read_cues(CasaSceneReader *r, CasaScene *scene);
/* Its camera and the range of its charts. FALSE: it failed. */
gboolean casa_scene_read_look(CasaSceneReader *r, CasaScene *scene);
/* The group is [parachute]; a path is below the folder of @name, the file's own. FALSE: it failed. */
gboolean casa_scene_read_parachute(CasaSceneReader *r, const char *name, CasaParachutePlan *out);
#define CASA_PARACHUTE_GROUP "parachute"
#define CASA_PARACHUTE_AFTER_S 15           /* longer than any sensor of the city pauses (10 s: docs/SIMULATOR.md) */
void casa_scene_cues_clear(CasaCues *self); /* Frees its texts */
