/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/map/comets.h"
#include "ui/map/roads.h"

G_BEGIN_DECLS

/* The map in two parts: what is measured, and beyond a line that can be moved the same city as it would be without what
 * happens. Reading begins with what is measured. Only what lies on the ground has two sides: nobody knows where vehicles would
 * be, so there are none beyond the line, and no badge. Monotonic times. */

/* What the other side shows; strings are not among it. */
typedef struct {
  const double *values;      /* [n_districts]; NAN no data */
  const double *lit;         /* [n_districts] 0…1; NULL: lamps are not drawn */
  const double *roads;       /* [n_roads] share of the free speed; NULL none */
  const CasaMapPoint *field; /* with any, drawn instead of the districts' values */
  guint n_field;
} CasaMapOther;

/* Plain data of the picture; zeroed at first. */
typedef struct {
  gboolean on;       /* asked for, or on its way out */
  gboolean known;    /* it was told what the other side shows */
  double from, goal; /* where the line glides, fractions of the room from where reading begins */
  gint64 began_us;   /* when it began to; 0: it stands at @goal */
  CasaMapDistrict *districts;
  double *roads;
  CasaMapPoint *field;
  guint n_field;
  gboolean lamps;
  CasaMapGrains *grains; /* of the other side's roads; NULL: to be made */
} CasaMapSplit;

#define CASA_MAP_SPLIT_STEP 0.05 /* of the room: an arrow key */

void casa_map_split_clear(CasaMapSplit *self); /* Lets go of what it holds */
/* Copies. TRUE: the picture of it changes. */
gboolean casa_map_split_tell(CasaMapSplit *self, const CasaCity *city, const CasaMapScale *scale, const CasaMapOther *other);
/* The line glides in from where reading ends to the middle. */
void casa_map_split_open(CasaMapSplit *self, gint64 mono_us, gboolean still);
void casa_map_split_close(CasaMapSplit *self, gint64 mono_us, gboolean still); /* … and out again */
/* To @share of the room, from where reading begins; it stays in it. */
void casa_map_split_move(CasaMapSplit *self, double share);
double casa_map_split_share(const CasaMapSplit *self, gint64 mono_us); /* Where it stands now */
/* Whether it glides; at the end of the way out it is off. */
gboolean casa_map_split_is_moving(const CasaMapSplit *self, gint64 mono_us);
/* The part of a picture of @w × @h that shows the other side; w = 0: none. @room: where the line may stand; h = 0:
 * everywhere. */
CasaMapBox casa_map_split_box(const CasaMapSplit *self, const CasaMapBox *room, double w, double h, gboolean rtl,
                              gint64 mono_us);

/* @base dressed as the other side. */
CasaMapBase casa_map_split_base(const CasaMapSplit *self, const CasaMapBase *base);
/* The boxes (CasaMapBox) of the line, its handle and its words into @taken: no name is cut in two by them. */
void casa_map_split_reserve(PangoContext *pango, const CasaMapView *view, const CasaMapBase *base, GArray *taken);
/* The line, what moves it, and what stands on which side; where CasaMapBase.without is some part of the picture. */
void casa_map_split_paint(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base);

G_END_DECLS
