/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/map-paint.h"

G_BEGIN_DECLS

/* Where the vehicles are between two reports. Knows no widget and no clock: times are handed in. One thread at a time. */
typedef struct _CasaMapFleet CasaMapFleet;

CasaMapFleet *casa_map_fleet_new(void);
void casa_map_fleet_free(CasaMapFleet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaMapFleet, casa_map_fleet_free)

/* Without it vehicles jump from report to report. */
void casa_map_fleet_set_glide(CasaMapFleet *self, gboolean glide);
/* Age of a report at which its vehicle begins to fade; 0 = never. */
void casa_map_fleet_set_stale(CasaMapFleet *self, gint64 stale_ms);

/* A report: seen at @at at @t_ms (data time), while the wall clock says @now_ms and the monotonic one @mono_us. One
 * older than the last is ignored; a jump of kilometres or after a long silence is not animated. */
void casa_map_fleet_set(CasaMapFleet *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb, gint64 now_ms, gint64 mono_us);

/* The vehicles to draw at @mono_us into @out (GArray of CasaMapVehicle, replaced). Forgets those that faded away.
 * TRUE while something still moves or fades. */
gboolean casa_map_fleet_read(CasaMapFleet *self, gint64 mono_us, GArray *out);
guint casa_map_fleet_size(const CasaMapFleet *self);

G_END_DECLS
