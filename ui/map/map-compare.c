/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-picture-private.h"
#include <math.h>

/* The picture in two parts: map-split.h. */

static gboolean
is_going(const CasaMapSplit *split)
{
  return split->goal >= 1;
}

/* Both layers follow the line at once, whatever their rates. */
static void
refresh(CasaMapPicture *self)
{
  self->ground_layer.stale = self->signs_layer.stale = self->moving_layer.stale = TRUE;
  self->ground_layer.painted_us = self->signs_layer.painted_us = 0;
}

void
casa_map_picture_set_other(CasaMapPicture *self, const CasaMapOther *other)
{
  if (casa_map_split_tell(&self->split, self->city, &self->base.scale, other))
    self->ground_layer.stale = TRUE;
}

void
casa_map_picture_compare(CasaMapPicture *self, gboolean compare, gint64 mono_us)
{
  if (compare)
    casa_map_split_open(&self->split, mono_us, self->still);
  else
    casa_map_split_close(&self->split, mono_us, self->still);
  refresh(self);
}

gboolean
casa_map_picture_is_compared(const CasaMapPicture *self)
{
  return self->split.on && !is_going(&self->split);
}

static CasaMapBox
room_of(const CasaMapPicture *self)
{
  return self->base.room.h > 0 ? self->base.room : (CasaMapBox){ 0, 0, self->w, self->h };
}

void
casa_map_picture_move_line(CasaMapPicture *self, double x)
{
  const CasaMapBox room = room_of(self);
  const double share = (x - room.x) / MAX(room.w, 1);

  if (!casa_map_picture_is_compared(self))
    return;
  casa_map_split_move(&self->split, self->base.rtl ? 1 - share : share);
  refresh(self);
}

void
casa_map_picture_step_line(CasaMapPicture *self, int steps, gint64 mono_us)
{
  const double step = (self->base.rtl ? -steps : steps) * CASA_MAP_SPLIT_STEP;

  if (!casa_map_picture_is_compared(self))
    return;
  casa_map_split_move(&self->split, casa_map_split_share(&self->split, mono_us) + step);
  refresh(self);
}

double
casa_map_picture_line(const CasaMapPicture *self)
{
  const CasaMapBox *box = &self->base.without;

  if (box->w <= 0)
    return NAN;
  return self->base.rtl ? box->w : box->x;
}

void
casa_map_picture_place_line(CasaMapPicture *self, gint64 mono_us)
{
  CasaMapSplit *split = &self->split;
  const CasaMapBox before = self->base.without;

  if (split->on && is_going(split) && !casa_map_split_is_moving(split, mono_us))
    casa_map_split_clear(split);
  self->base.without = casa_map_split_box(split, &self->base.room, self->w, self->h, self->base.rtl, mono_us);
  if (before.x != self->base.without.x || before.w != self->base.without.w)
    refresh(self);
}
