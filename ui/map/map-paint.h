/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/city.h"
#include "ui/kit/theme.h"
#include <cairo.h>
#include <pango/pango.h>

G_BEGIN_DECLS

/* Draws the city on any cairo surface; knows no widget. Two layers: the base (sea, land, districts with their choropleth
 * colour, roads, lines, attribution) changes seldom and is cached by the widget; the overlay (vehicles, station badges,
 * callout) is drawn every frame. */

typedef struct {
  double x, y, w, h; /* target rectangle, pixels */
  double scale;      /* pixels per projected unit */
  double cx, cy;     /* projected centre */
  double k;          /* cosine of the city's middle latitude: a projected unit is a degree of latitude */
} CasaMapView;

/* A rectangle on the picture, pixels. */
typedef struct {
  double x, y, w, h;
} CasaMapBox;

/* Equirectangular about the city's middle latitude (error below 1e-4 over 50 km): fits all districts and lines into the
 * rectangle. @zoom >= 1 and @centre (NULL = middle) choose a part. */
CasaMapView casa_map_view_fit(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre);
/* As casa_map_view_fit(), but shifts and shrinks the city (to 60 % at most) so that none of its districts lies under the
 * @n boxes of @avoid. @zoom and @centre then apply on top of that. */
CasaMapView casa_map_view_fit_beside(const CasaCity *city, double w, double h, double zoom, const CasaLonLat *centre,
                                     const CasaMapBox *avoid, guint n);
/* TRUE when a district or a line reaches into @box. */
gboolean casa_map_view_touches(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box);
/* TRUE when @district, one of @city's, reaches into @box. */
gboolean casa_map_view_touches_district(const CasaMapView *view, const CasaCity *city, const CasaDistrict *district,
                                        const CasaMapBox *box);
/* How many straight pieces of the lines run through @box: what stands there would cover vehicles sooner or later. */
guint casa_map_view_tracks(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box);
/* How many straight pieces of the coast (a port has many) and of the lines run through @box: what a name there would lie on. */
guint casa_map_view_crossings(const CasaMapView *view, const CasaCity *city, const CasaMapBox *box);
/* Where @at stands on the picture, pixels. */
void casa_map_project(const CasaMapView *view, CasaLonLat at, double *x, double *y);
CasaLonLat casa_map_unproject(const CasaMapView *view, double x, double y); /* What stands at a pixel of the picture */

/* What a scale of colours goes from and to. None stands alone: numbers are written beside each. */
typedef enum {
  CASA_MAP_RAMP_DENSITY, /* of load: from the land's colour to a warm one */
  CASA_MAP_RAMP_DUST,    /* of particles in the air */
  CASA_MAP_RAMP_DELAY,
  CASA_MAP_RAMP_SPEED, /* slow to fast */
} CasaMapRamp;

/* Colour at @t = 0…1 (clamped) of @ramp; light grounds have their own where a dark one would not do. */
CasaRgb casa_map_ramp(const CasaTheme *theme, CasaMapRamp ramp, double t);

/* What the districts or the field show, and how it is said. Strings are the holder's. */
typedef struct {
  const char *title; /* "PM10"; NULL: no legend */
  const char *unit;  /* "µg/m³" */
  const char *note;  /* under the scale: "moyenne 1 h · 10 stations"; NULL none */
  CasaMapRamp ramp;
  double min, max;
  double limit; /* marked on the scale; NAN none */
  const char *limit_name;
  double isoline; /* a line every so much of a field; 0 none */
} CasaMapScale;

typedef struct {
  double value;    /* NAN: no data, drawn hatched/neutral */
  double lit;      /* 0…1: how much of the street lighting works; 1 where nobody says otherwise */
} CasaMapDistrict; /* one per CasaCity.districts entry */

/* One station of a field that is interpolated between them. */
typedef struct {
  CasaLonLat at;
  double value;
} CasaMapPoint;

typedef struct {
  CasaLonLat at;
  guint32 rgb;               /* line colour */
  double alpha;              /* fades when stale */
  guint key;                 /* who it is */
  const CasaLine *line;      /* NULL: none known */
  double km;                 /* along the line's track; NAN off it */
  double course_x, course_y; /* unit vector east and north of the way it goes; 0, 0 unknown */
  gboolean hollow;           /* its next report is overdue: it waits where it was seen last */
  gboolean held;             /* has not moved for a while where it should have */
} CasaMapVehicle;

typedef struct {
  CasaLonLat at;
  char text[48];   /* "74"; a team's also says whose it is: "74 · equipe-7" */
  guint band;      /* index in theme->ramp / 0..5 for the badge's colour; G_MAXUINT: it is not judged */
  gboolean stale;  /* drawn hollow: it is old, or nobody should rely on it */
  double priority; /* higher wins when badges collide */
  guint key;       /* who it is, for who touches it; CASA_MAP_NOBODY: it cannot be touched */
  gboolean team;   /* a team's station: square, with the team's name */
  gboolean bad;    /* its band is of the bad ones: a triangle */
} CasaMapBadge;

#define CASA_MAP_NOBODY G_MAXUINT

typedef struct {
  CasaLonLat at;
  const char *text; /* one short sentence */
} CasaMapCallout;

typedef struct {
  const CasaCity *city;
  const CasaTheme *theme;
  const char *font;
  double font_px; /* body size; everything scales with it */
  const CasaMapDistrict *districts;
  CasaMapScale scale;
  const CasaMapPoint *field; /* with points, the field is drawn instead of the districts' values */
  guint n_field;
  const gboolean *standing; /* [city->n_lines] most of its vehicles are held; NULL: none is */
  const gboolean *unusual;  /* [city->n_districts] something is unusual there: its name says so; NULL: nowhere */
  const double *roads;      /* [city->n_roads] speed as a share of the free one; NAN unknown; NULL none */
  double darkness;          /* 0 by day, 1 by night: how much of the lamps one sees */
  gboolean lamps;           /* street lamps are drawn at all */
  const char *attribution;  /* "© contributeurs OpenStreetMap", always drawn */
  gboolean rtl;             /* legend on the right */
  CasaMapBox room;          /* part of the picture that no veil covers, pixels; h = 0: all of it */
  const CasaMapBox *veils;  /* [n_veils] boxes that nothing is written under */
  guint n_veils;
  const CasaMapBox *heads; /* [n_heads] vehicles, which no name covers */
  guint n_heads;
  GHashTable *places; /* where names stood: char * → CasaMapPlaced, kept by who paints again; NULL: nothing is remembered */
  gint64 now_us;      /* monotonic, for @places */
  const CasaDistrict *event;     /* something happens there; NULL: nowhere */
  const char *event_text;        /* "sans courant"; NULL: none */
  const CasaMapCallout *callout; /* painted with the signs; NULL none */
  CasaMapBox without;            /* part of the picture that shows another side (map-split.h), pixels; w = 0: none */
} CasaMapBase;

/* A name's place, so that nothing flickers: it stays there for CASA_MAP_PLACE_US at least. */
typedef struct {
  double dx, dy; /* from its anchor to its left upper corner */
  gint64 since_us;
} CasaMapPlaced;
#define CASA_MAP_PLACE_US (5 * 1000 * 1000)

/* The view of the whole city that leaves the legend and the attribution of @base free; @zoom and @centre choose a part. */
CasaMapView casa_map_view_for(PangoContext *pango, const CasaMapBase *base, double w, double h, double zoom,
                              const CasaLonLat *centre);

/* TRUE where the picture shows another side: what is measured has no place there. */
gboolean casa_map_is_without(const CasaMapBase *base, double x, double y);

/* A pixel of the direction pictures (1920 × 1080) in pixels of this one. */
double casa_map_unit(const CasaMapBase *base);
/* How much thicker strokes are on this picture for being nearer: 1 with the whole city on a wall. */
double casa_map_thickness(const CasaMapView *view, const CasaMapBase *base);

/* Land and sea, the same until the camera or the theme changes. */
void casa_map_paint_land(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base);
/* What lies on the land and changes now and then: districts or field, roads, lines. @lamps NULL: none. */
typedef struct _CasaMapLamps CasaMapLamps;
/* On top of the land. */
void casa_map_paint_ground(cairo_t *cr, const CasaMapView *view, const CasaMapBase *base, const CasaMapLamps *lamps);
/* Both, for pictures that are painted once. */
void casa_map_paint_base(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base);

/* What is written: badges, names, legend, attribution. The lines' names and those of places and districts go where the badges
 * leave room. */
void casa_map_paint_signs(cairo_t *cr, PangoContext *pango, const CasaMapView *view, const CasaMapBase *base,
                          const CasaMapBadge *badges, guint n);

/* The outline of one district and a path along points, for who paints on top. */
void casa_map_trace_district(cairo_t *cr, const CasaMapView *view, const CasaDistrict *district);
void casa_map_trace_land(cairo_t *cr, const CasaMapView *view, const CasaCity *city); /* begins a new path */
/* Adds to the path of @cr; strokes nothing. */
void casa_map_trace_path(cairo_t *cr, const CasaMapView *view, const CasaPath *path);
/* A line's colour as bright as this ground asks for, so that dark ones are seen by night. */
CasaRgb casa_map_line_colour(const CasaTheme *theme, guint32 rgb);

G_END_DECLS
