/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/page.h"
#include "ui/shell/window.h"
#include "ui/stage/palette-view.h"
#include "ui/stage/what-if-view.h"

G_BEGIN_DECLS

/* The inside of a window, for ui/shell/window*.c only: from the bottom up: window-size.c says how large its letters are and
 * which parts its shape asks for, window-scene.c shows a scene, window-deeds.c has what it can be told to do, window.c the
 * widget. */
struct _CasaWindow {
  AdwApplicationWindow parent_instance;
  CasaModel *model;
  CasaLook look;
  char *scope;    /* CSS class: what the style sheet is for */
  char *language; /* of all words in the window */
  guint listener; /* at the model, 0 none */
  gboolean stale; /* news came while nobody could see the window */
  GtkCssProvider *css;
  CasaHall *hall;     /* NULL once disposed */
  GtkWidget *content; /* all that is shown, wherever it stands; owned */
  GtkWidget *over;    /* in it: the hall, and above it the palette */
  GtkWidget *toasts, *scroller, *stack;
  AdwToast *told;        /* weak: what was told for a moment, while it is seen or waits */
  CasaSceneList *scenes; /* NULL with the model */
  CasaPage *page;
  CasaEventKeys *keys;          /* NULL: none */
  CasaPaletteView *palette;     /* with keys; it goes with its widget */
  CasaWhatIf *what_if;          /* owned; NULL: none is offered */
  CasaWhatIfView *what_if_view; /* with it; it goes with its widget */
  GtkWindow *presenter;         /* about this one; weak; NULL: none */
  AdwBin *host;                 /* in that; weak */
  CasaAudience audience;
  guint scene;
  gboolean teams;  /* the scene of teams stands before it, for a while */
  gint64 shown_us; /* monotonic: since when it is shown, or was last uncovered */
  char *scene_id;  /* of @scene */
  gboolean narrow; /* the page has the parts for a narrow window */
  gboolean posing;
  double scene_speed; /* at which the scene shows a past day; 0: it does not */
  gboolean held;      /* no scene comes by itself */
  int scene_minute;   /* of that day, from which on; CASA_REPLAY_WHOLE_DAY */
  int width, height;  /* of the scene, as last styled */
  guint settling;     /* timer: fonts of former sizes are still kept */
  guint beat, frame;  /* timer while it is mapped; tick callback, once: see casa_window_begin_beat() */
  void (*look_after)(CasaWindow *self);
};

/* window-beat.c: a clock of frames that runs on while nothing moves was a fifth of what a wall took. */
/* Calls @look_after some times a second while the window's content is mapped, and with its first frame. */
void casa_window_begin_beat(CasaWindow *self, void (*look_after)(CasaWindow *self));
void casa_window_end_beat(CasaWindow *self); /* Before @content goes; a second time changes nothing */
void casa_window_wake(CasaWindow *self);     /* Looks after the window with the next frame, before that is painted */

/* window-size.c */
void casa_window_restyle(CasaWindow *self);        /* The style sheet anew, and what draws by the look itself */
void casa_window_fit(CasaWindow *self);            /* Letters for the size that the window has now */
gboolean casa_window_take_shape(CasaWindow *self); /* Letters that go with the parts. TRUE: other parts than before */

/* window-scene.c */
guint casa_window_n_scenes(CasaWindow *self);                 /* at least 1 */
void casa_window_show_scene(CasaWindow *self, gboolean fade); /* Builds the scene anew, and shows it */
void casa_window_drop_old_scenes(CasaWindow *self);           /* Those that faded out: the next visit builds a fresh one */
/* The file was saved: the scene of the same name goes on, else the one in its place. */
void casa_window_take_scenes(CasaWindow *self);
void casa_window_update(CasaWindow *self);             /* Everything that is shown, by the model */
gboolean casa_window_is_seen(CasaWindow *self);        /* The window stands on a screen, and nothing covers the scene */
void casa_window_show_controls(CasaWindow *self);      /* Menu and buttons of the window, where there is room for them */
void casa_window_tell_style_manager(CasaWindow *self); /* Menus and dialogs are dark or light for all windows: as this one */

/* window-audience.c */
gboolean casa_window_is_presented(CasaWindow *self); /* A presenter's window is seen somewhere */
void casa_window_leave_presenter(CasaWindow *self);  /* Before it is disposed */

/* window-what-if.c */
void casa_window_toggle_what_if(CasaWindow *self);    /* Opens the card, or closes it; where it is offered */
gboolean casa_window_close_what_if(CasaWindow *self); /* FALSE: it was not open */
void casa_window_restyle_what_if(CasaWindow *self);   /* Another look, or language */

/* window-deeds.c */
void casa_window_install_deeds(GtkWidgetClass *class); /* Its actions, by their names */

G_END_DECLS
