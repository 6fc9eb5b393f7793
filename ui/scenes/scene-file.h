/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/keyfile.h"
#include "city/city.h"
#include "ui/chart/viewport.h"
#include "ui/map/camera.h"
#include "ui/scenes/part-spec.h"

G_BEGIN_DECLS

/* config/scenes.conf: which scenes there are, in the order of the clicker, and what stands on each. The file's own comments say
 * what each key means. Builds no widget, needs no display. Immutable once read. */
typedef struct _CasaSceneFile CasaSceneFile;

/* What happens by itself when a scene begins, and when it ends. */
typedef struct {
  char *event, *place; /* an event of the simulated city, and where; NULL: none, and the event's own place */
  double strength;     /* 0.05 to 1, as palette.conf */
  guint minutes;       /* of the city's clock, 1 to 1440 */
  char *language;      /* fr, ar or en; NULL: it stays as it is */
  gboolean calm;       /* when the scene ends, so does everything that was commanded */
} CasaCues;

/* Where the maps of a scene look when nobody has moved them. All 0: at the whole city. */
typedef struct {
  char *place;   /* id of a district, line, stop or landmark; NULL: @at, when zoom is more than 0 */
  CasaLonLat at; /* the middle */
  double zoom;   /* 1: as large as the whole city, to CASA_MAP_ZOOM_MAX */
} CasaSceneCamera;

#define CASA_REPLAY_WHOLE_DAY (-1)

typedef struct {
  char *id;            /* "wall" */
  char *title[3];      /* fr, en, ar; never NULL */
  char *notes[3];      /* fr, en, ar: what the presenter says; all NULL: nothing */
  double minutes;      /* planned; 0: no plan */
  double stay_s;       /* after so long the next scene comes by itself; 0: never */
  double replay_speed; /* it shows the last whole day again, so fast; 0: the city as it is now */
  int replay_minute;   /* …from this minute of that day on, 0 to 1439; CASA_REPLAY_WHOLE_DAY: all of it */
  CasaCues cues;
  CasaViewportPreset range; /* how long a time its charts show */
  CasaSceneCamera camera;
  gboolean large;    /* letters of a scene about one thing */
  GPtrArray *parts;  /* CasaPartSpec *, at least one; those that others stand on come first */
  GPtrArray *narrow; /* the same, for narrow windows; NULL: as above */
} CasaScene;

/* CasaPartSpec *. (transfer none) */
const GPtrArray *casa_scene_parts(const CasaScene *self, gboolean narrow);
/* In the language of the moment. (transfer none) */
const char *casa_scene_title(const CasaScene *self);

/* Paragraphs parted by '|'; one that begins with '!' is to be said for honesty, with '>' it is a cue. In the language of the
 * moment. (transfer none), NULL: none */
const char *casa_scene_notes(const CasaScene *self);

/* What goes on in the hall when live data fail: [parachute] of the file. */
typedef struct {
  double after_s;  /* without live data, before it is of use */
  gboolean itself; /* it opens then by itself; else by a key */
  char *from;      /* path of a recording; NULL: the store */
} CasaParachutePlan;

/* What a scene may speak of; lists of ids, NULL at the end. Not owned. */
typedef struct {
  const char *const *domains, *const *indicators;
  const char *const *events, *const *places; /* of cues; NULL: any, whoever is asked for them will say */
  const CasaCity *city;                      /* in which a camera may stand; NULL: anywhere */
} CasaSceneWorld;

/* What is wrong with a file. */
typedef struct {
  char *file;    /* its name, without folders */
  guint line;    /* 0: of the whole file */
  char *key;     /* of the line; NULL: a whole group, or the file */
  char *message; /* in English, with path, line and key: for a log */
} CasaSceneFault;
void casa_scene_fault_clear(CasaSceneFault *self); /* Frees its texts, and empties it */

/* What the file @path says, not yet held against a world; @built_in: what is built into the program stands for it. Behind the
 * scenes of a folder's own scenes.conf come those of its files of domains (city/domain-files.h); @path NULL, with @built_in:
 * there are none. NULL: *@fault says why. (transfer full) */
CasaKeyfile *casa_scene_keys_load(const char *path, gboolean built_in, CasaSceneFault *fault) G_GNUC_WARN_UNUSED_RESULT;
/* The scenes that @keys of the file @name describe. NULL: *@fault says why. (transfer full) */
CasaSceneFile *casa_scene_file_read(const CasaKeyfile *keys, const char *name, const CasaSceneWorld *world,
                                    CasaSceneFault *fault) G_GNUC_WARN_UNUSED_RESULT;
/* Both: NULL: *@fault says why. (transfer full) */
CasaSceneFile *casa_scene_file_load(const char *path, const CasaSceneWorld *world,
                                    CasaSceneFault *fault) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory; @name stands for the file in messages. */
CasaSceneFile *casa_scene_file_parse(const char *text, gsize len, const char *name, const CasaSceneWorld *world,
                                     CasaSceneFault *fault) G_GNUC_WARN_UNUSED_RESULT;
/* The one that is built into the program. NULL: *@fault says why @world has not what it speaks of. (transfer full) */
CasaSceneFile *casa_scene_file_shipped(const CasaSceneWorld *world, CasaSceneFault *fault) G_GNUC_WARN_UNUSED_RESULT;
/* One line of status, whatever the world: for the day when nothing else can be read. (transfer full) */
CasaSceneFile *casa_scene_file_bare(void);
void casa_scene_file_free(CasaSceneFile *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSceneFile, casa_scene_file_free)

guint casa_scene_file_n(const CasaSceneFile *self);                       /* at least 1 */
const CasaScene *casa_scene_file_get(const CasaSceneFile *self, guint i); /* i < n */
/* As the file says, or the default. (transfer none) */
const CasaParachutePlan *casa_scene_file_parachute(const CasaSceneFile *self);
/* The scene for a team that is called up between two others: the first of the file with a board of teams, else one that is
 * built in, and that no number leads to. (transfer none) */
const CasaScene *casa_scene_file_teams(const CasaSceneFile *self);
/* G_MAXUINT: no such. */
guint casa_scene_file_find(const CasaSceneFile *self, const char *id);
/* "wall, mobility, energy, air" (transfer full) */
char *casa_scene_file_ids(const CasaSceneFile *self);

G_END_DECLS
