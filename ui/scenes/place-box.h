/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* The boxes that a camera shows of places of the city; it adds a margin of its own. Pure. */

/* All of @line: a little less at both ends, since the margin is too much for it. */
void casa_place_box_line(const CasaLine *line, CasaLonLat *min, CasaLonLat *max);
/* What is round a stop or a landmark: some 800 m each way. */
void casa_place_box_round(CasaLonLat at, CasaLonLat *min, CasaLonLat *max);
/* Of the district, line, stop or landmark of id @place. FALSE: @city has none, and nothing is set. */
gboolean casa_place_box_find(const CasaCity *city, const char *place, CasaLonLat *min, CasaLonLat *max);

G_END_DECLS
