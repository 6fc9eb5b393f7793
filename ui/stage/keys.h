/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gdk/gdk.h>

G_BEGIN_DECLS

#define CASA_KEY_HELD_MS 1000 /* how long a key is held that must not be met by accident */

/* What a key means on stage. Pure. */
typedef enum {
  CASA_KEY_NONE,
  CASA_KEY_NEXT,
  CASA_KEY_PREVIOUS,
  CASA_KEY_FREEZE, /* the picture stands still */
  CASA_KEY_NUMBER, /* a digit from 1 on, in *out_number */
  CASA_KEY_SCENE,  /* Alt and a digit: the same */
  CASA_KEY_PALETTE,
  CASA_KEY_WHAT_IF, /* two futures, with something and without it */
  CASA_KEY_COMPARE, /* the map in two: with what happens, and without it */
  CASA_KEY_BLACK,
  CASA_KEY_WHITE,
  CASA_KEY_SHOW,       /* full screen on: a clicker's "start" */
  CASA_KEY_FULLSCREEN, /* full screen on or off */
  CASA_KEY_LEAVE,      /* full screen off; never quits: clickers send Escape and F5 in turn from one button */
  CASA_KEY_LANGUAGE,
  CASA_KEY_THEME,
  CASA_KEY_HOME,      /* the map shows the whole city */
  CASA_KEY_REPLAY,    /* the time machine: there and back */
  CASA_KEY_PARACHUTE, /* held for a second: the rehearsal instead of live data, and back */
  CASA_KEY_TEAM,      /* the next team that waits, large in the hall */
  CASA_KEY_NO_TEAM,   /* hides that team again */
  CASA_KEY_TURN_TEAM, /* shuts the team out that floods, and lets it in again */
  CASA_KEY_EXPLORE,   /* the desk's window, on the laptop */
  CASA_KEY_DIAGNOSE,  /* the same, why a team is not on the wall */
  CASA_KEY_POINTER,   /* over the hall's picture, as the three that follow: marks.h */
  CASA_KEY_SPOTLIGHT,
  CASA_KEY_MAGNIFIER,
  CASA_KEY_PEN,
  CASA_KEY_ERASE, /* all that was written on the picture */
  CASA_KEY_UNDO,  /* the last of it */
  CASA_KEY_TEAMS, /* the same, what waits to be shown */
  CASA_KEY_HIDE,  /* the hall's window, and back */
  CASA_KEY_VIEW,  /* the presenter's window, and back */
  CASA_KEY_SWAP,  /* the two of them change screens */
} CasaKey;

/* @arrows: arrows and space turn scenes too (full screen, and no widget that needs them has the focus). */
CasaKey casa_key_meaning(guint keyval, GdkModifierType state, gboolean arrows, guint *out_number);

/* A clicker is a keyboard that knows no layout: it sends places of keys. Under a layout that has something else there (Arabic
 * letters, the digits of a French keyboard) this gives what an American one has; else @keyval. @keycode: as X11 and Wayland
 * count, of Linux' evdev. */
guint casa_key_at_place(guint keyval, guint keycode);

G_END_DECLS
