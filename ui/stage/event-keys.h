/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "city/palette.h"
#include "commander.h"
#include "ui/data/model.h"

G_BEGIN_DECLS

/* Commands events of the simulated city from the wall: a first press arms for ten seconds, a second one launches; of one that
 * runs the same two presses end it early. What runs is what the store was told ($event), never what was commanded. One for all
 * windows; no widget. GTK thread. Times @now_us are monotonic. */
typedef struct _CasaEventKeys CasaEventKeys;

typedef enum {
  CASA_EVENT_IDLE,
  CASA_EVENT_ARMED,     /* the next press launches it */
  CASA_EVENT_SENT,      /* commanded; the city has not told of it yet */
  CASA_EVENT_RUNNING,   /* told */
  CASA_EVENT_END_ARMED, /* told; the next press ends it */
} CasaEventState;

typedef struct {
  const CasaPaletteItem *item;
  CasaEventState state;
  guint left_s; /* armed: until it is disarmed, of the wall's time; running: until its end, of the city's */
  double share; /* running: what is left of it, 0 to 1 */
} CasaEventRow;

#define CASA_EVENT_ARMED_US (10 * G_USEC_PER_SEC)
#define CASA_EVENT_CALM_US G_USEC_PER_SEC /* two zeros within this mean calm */

/* @commander NULL: nothing can be commanded, and a press says so. Both, and the city's palette, outlive it. */
CasaEventKeys *casa_event_keys_new(CasaModel *model, CasaCommander *commander);
void casa_event_keys_free(CasaEventKeys *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaEventKeys, casa_event_keys_free)

/* Another model is shown from now on: of a past, in which nothing can be commanded, or the live one again. */
void casa_event_keys_set_model(CasaEventKeys *self, CasaModel *model);
void casa_event_keys_take_palette(CasaEventKeys *self);    /* The city has another one: palette.conf was saved */
const CasaCity *casa_event_keys_city(CasaEventKeys *self); /* Whose events they are. (transfer none) */

/* Whether digits mean events: somebody may command, and there is something to command. */
gboolean casa_event_keys_ready(CasaEventKeys *self);
guint casa_event_keys_n(CasaEventKeys *self); /* How many events there are */
void casa_event_keys_row(CasaEventKeys *self, guint i, gint64 now_us, CasaEventRow *out);

void casa_event_keys_press(CasaEventKeys *self, guint i, gint64 now_us); /* The event of row @i was asked for */
void casa_event_keys_press_digit(CasaEventKeys *self, guint digit,
                                 gint64 now_us);                     /* …of that key; another digit does nothing */
void casa_event_keys_press_zero(CasaEventKeys *self, gint64 now_us); /* The second in time calms the city */
void casa_event_keys_calm(CasaEventKeys *self, gint64 now_us);       /* Ends all that was commanded */
/* The event of that key (@key 1 to 9), or else of that name, is launched at once: it was named, not pressed. "calm": all that
 * was commanded ends. NULL: it was commanded; else why it was not, in English. */
const char *casa_event_keys_cue(CasaEventKeys *self, guint key, const char *name, gint64 now_us);

typedef enum {
  CASA_CUE_SENT,   /* commanded; a refusal comes later: casa_event_keys_take_refusal() */
  CASA_CUE_NOBODY, /* nobody commands the city from here */
  CASA_CUE_PAST,   /* a past is shown: events are commanded live */
  CASA_CUE_RUNS,   /* that event runs already */
} CasaCueAnswer;

/* The event of a scene's cue, of the palette or not (@what: its key counts for nothing), begins at once. Nothing of it is said
 * on the wall: what came of it is for whoever asks. */
CasaCueAnswer casa_event_keys_begin(CasaEventKeys *self, const CasaPaletteItem *what, gint64 now_us);
CasaCueAnswer casa_event_keys_cue_calm(CasaEventKeys *self, gint64 now_us); /* All that was commanded ends; likewise */
/* Why a cue was not obeyed, once for each, in the language of the moment; NULL: none was refused since. (transfer full) */
char *casa_event_keys_take_refusal(CasaEventKeys *self);
/* The same of an answer; NULL of CASA_CUE_SENT. @event: its kind. (transfer full) */
char *casa_event_keys_cue_words(CasaCueAnswer answer, const char *event);

/* FALSE: nothing was armed. */
gboolean casa_event_keys_disarm(CasaEventKeys *self, gint64 now_us);

/* Takes what the simulator answered, and lets go of what is armed no more. TRUE while there is something to be shown: something
 * armed or sent, or words. */
gboolean casa_event_keys_tick(CasaEventKeys *self, gint64 now_us);
/* What became of the last command, in the language of the moment; "" nothing to be said. (transfer full) */
char *casa_event_keys_words(CasaEventKeys *self);

G_END_DECLS
