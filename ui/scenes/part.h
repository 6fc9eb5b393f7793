/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/data/model.h"
#include "ui/kit/style.h"
#include "ui/scenes/scene-file.h"
#include "ui/scenes/time-view.h"

G_BEGIN_DECLS

/* What scenes are made of: a map, a panel, a row of tiles… Each kind of part is one file of ui/scenes/parts/ and one line of
 * parts.c. A part is built for one language and dies with its widget; a new language builds a new one. GTK thread only. */
typedef struct _CasaPart CasaPart;

/* What the wall noticed by itself, for the parts of the page that tell of it. The map fills the first ones. */
typedef struct {
  const CasaDistrict *dark; /* takes less than half of the current that is usual; NULL: none */
  double share;             /* of the usual that it takes, 0…1 */
  gint64 dark_ms;           /* since when it is noticed */
  const CasaLine *stands;   /* more than half of what runs on it stands; NULL: none */
  gint64 stands_ms;         /* since when it is noticed */
  guint n_held;             /* vehicles on the map that stand away from the ends of their line */
  gboolean has_map;         /* the page has a map that can notice */
  guint most_heard;         /* sensors, at once, since the page is there */
  gint64 silent_ms;         /* since when many of them are not; 0: they are */
} CasaPageNotice;

typedef struct {
  CasaModel *model;       /* outlives every part */
  CasaPageNotice *notice; /* the page's own; lives as long as its parts */
  CasaTimeView *time;     /* the page's own, as long: the range and cursor of its charts */
  gboolean narrow;        /* the window is higher than wide */
  gboolean large;         /* the scene has the letters of a scene about one thing */
  gint64 event_ms;        /* a panel whose domain an event concerns shows its chart from shortly before this; 0: the day */
  const GPtrArray *parts; /* CasaPartSpec *, all of the scene; only while it is built */
  const CasaSceneCamera *camera; /* where maps look at rest; only while it is built */
  const char *hint;              /* for the right end of the status line */
  const char *fault;             /* a mistake in the file of scenes, to be said in its place; NULL: none */
} CasaPartContext;

struct _CasaPart {
  GtkWidget *widget; /* set by build(); fills the part's slot */
  GtkWidget *chart;  /* a CasaChart that shares its hours with those above and below it; NULL: none */
  gpointer state;    /* the part's own */
  GDestroyNotify free_state;
  /* Any of these may stay NULL. */
  void (*restyle)(CasaPart *self, const CasaLook *look); /* once before it is shown; then at a new size or theme */
  void (*update)(CasaPart *self);                        /* the model has news: once a second */
  void (*vehicle)(CasaPart *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb);
  void (*show_controls)(CasaPart *self, gboolean show); /* menu and window buttons */
};

/* Action of a part's widget, there only while Escape, with the focus in the part, shall close what the part has opened. */
#define CASA_PART_LEAVE "part.leave"

typedef enum {
  CASA_OPTION_WORD,       /* anything */
  CASA_OPTION_TEXT,       /* for people, in up to three languages: NAME_fr, NAME_en, NAME_ar */
  CASA_OPTION_SWITCH,     /* yes or no */
  CASA_OPTION_HOURS,      /* a whole number of hours, 1 to 24 */
  CASA_OPTION_BOX,        /* four numbers parted by ',', in units of the grid: left, top, width, height */
  CASA_OPTION_DOMAINS,    /* ids of indicators.conf, parted by ',' */
  CASA_OPTION_DOMAIN,     /* an id of indicators.conf */
  CASA_OPTION_INDICATOR,  /* an id of indicators.conf */
  CASA_OPTION_CHOICE,     /* one of `choices` */
  CASA_OPTION_INDICATORS, /* ids of indicators.conf, parted by ',' */
} CasaOptionKind;

typedef struct {
  const char *name;
  CasaOptionKind kind;
  gboolean required;
  const char *const *choices; /* of CASA_OPTION_CHOICE: NULL at the end */
} CasaPartOption;

typedef struct {
  const char *id;                /* in scenes.conf */
  const CasaPartOption *options; /* name NULL at the end */
  void (*build)(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context);
} CasaPartClass;

/* The indicators that @option lists: const CasaIndicator *. One that has just gone from indicators.conf is left out. (transfer
 * full) */
GPtrArray *casa_part_indicators(const CasaPartSpec *spec, const char *option, CasaModel *model);

/* Every kind of part, NULL at the end. Static. parts.c */
const CasaPartClass *const *casa_part_classes(void);
const CasaPartClass *casa_part_class(const char *id); /* NULL: no such */

G_END_DECLS
