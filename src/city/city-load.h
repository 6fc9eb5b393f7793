/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"

G_BEGIN_DECLS

/* Readers of the single files of @dir, each filling its part of @self. Stops need the lines. Used by city.c only. */
gboolean casa_city_load_districts(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean casa_city_load_lines(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean casa_city_load_stops(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean casa_city_load_roads(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean casa_city_load_places(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean casa_city_load_coast(CasaCity *self, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
