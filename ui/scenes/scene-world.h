/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "city/indicators.h"
#include "ui/scenes/scene-file.h"

G_BEGIN_DECLS

/* The domains that have a panel, and the indicators. GTK thread only; it lives until the next call, what it lists as long as
 * @set. */
const CasaSceneWorld *casa_scene_world(const CasaIndicators *set);

/* The same, and what cues may name: the events that stories.conf can tell, the districts, lines, stops and landmarks of @city,
 * which must live as long; NULL: as above. */
const CasaSceneWorld *casa_scene_world_of_city(const CasaIndicators *set, const CasaCity *city);

G_END_DECLS
