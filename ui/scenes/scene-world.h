/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/indicators.h"
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* The domains that have a panel, and the indicators. GTK thread only; it lives until the next call, what it lists as long as @set. */
const CasaSceneWorld *casa_scene_world(const CasaIndicators *set);

G_END_DECLS
