/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/page.h"

G_BEGIN_DECLS

/* The scenes, in the order of the clicker: the wall, then one domain after the other, full screen. */
#define CASA_N_SCENES (1 + CASA_N_DOMAINS)

/* Its page; (transfer full): it goes with its root. */
CasaPage *casa_scene_build(guint scene, CasaModel *model);

/* What the command line calls them, in the same order, NULL at the end: "wall", then the ids of the domains. Static. */
const char *const *casa_scene_ids(void);

/* "scène 2/4 · Mobilité" (transfer full) */
char *casa_scene_title(guint scene);

G_END_DECLS
