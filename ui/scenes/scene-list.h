/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* The scenes of the moment. Reads its file again when that was saved, in place or by renaming another over it; a mistake in it
 * changes nothing but the fault: the last good scenes stay, at the beginning those built into the program. GTK thread only.
 * Signal "changed": the scenes, or the fault, are others; what was handed out before is gone. */
#define CASA_TYPE_SCENE_LIST (casa_scene_list_get_type())
G_DECLARE_FINAL_TYPE(CasaSceneList, casa_scene_list, CASA, SCENE_LIST, GObject)

/* @path need not exist: the shipped scenes then, and no fault. NULL: always those. @world is copied, its city must outlive
 * the list. */
CasaSceneList *casa_scene_list_new(const char *path, const CasaSceneWorld *world);
/* Other domains and indicators: the file is read again. FALSE: neither it nor the scenes shown can be shown with them; then all
 * stays as it was, the world too, and the fault says what is missed. */
gboolean casa_scene_list_set_world(CasaSceneList *self, const CasaSceneWorld *world);
/* Whether that would be TRUE. */
gboolean casa_scene_list_fits(CasaSceneList *self, const CasaSceneWorld *world);
/* Looks now whether the file has changed; it does so by itself once a second. */
void casa_scene_list_check(CasaSceneList *self);

/* (transfer none), until "changed". */
const CasaSceneFile *casa_scene_list_file(CasaSceneList *self);
/* NULL: none. (transfer none), until "changed". */
const CasaSceneFault *casa_scene_list_fault(CasaSceneList *self);

G_END_DECLS
