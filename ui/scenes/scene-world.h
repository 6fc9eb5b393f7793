/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* The domains and indicators that parts can show. Static. */
const CasaSceneWorld *casa_scene_world(void);

G_END_DECLS
