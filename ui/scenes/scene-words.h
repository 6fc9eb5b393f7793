/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-list.h"

G_BEGIN_DECLS

/* A mistake in the file, in a line of its own; NULL: none. In the language of the moment. (transfer full) */
char *casa_scene_words_fault(CasaSceneList *list);
/* What stands at the right end of the status line in scene @i of @list: on the first scene the keys, else which scene of how
 * many. In the language of the moment. (transfer full) */
char *casa_scene_words_hint(CasaSceneList *list, guint i);

G_END_DECLS
