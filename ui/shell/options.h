/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "replay.h"

G_BEGIN_DECLS

/* The command line of casa-pulse. */
typedef struct {
  char *parachute;                        /* a recording that is shown when live data fail; NULL: as the talk says */
  char *config, *broker, *store, *influx; /* NULL: not given */
  char *language, *theme;                 /* NULL: as configured */
  gboolean stage, presenter, version, frugal;
  gboolean rehearse, rehearse_write, autoplay; /* record the talk; write its minutes; play it by itself */
  gboolean curtain;                            /* black, behind the wall; nothing else */
  int came_back;                               /* how the wall before this one ended, as a shell counts; 0: there was none */
  char *scene;                                 /* an id of scenes.conf, not checked yet; NULL: the first */
  char *talk;                                  /* a file of scenes; NULL: scenes.conf of the configuration */
  char *check_scenes;                          /* a file to be checked, instead of showing anything; NULL: none */
  char *state;       /* file that keeps how the first window stands, and is begun from when it is there; NULL: none */
  char *explore;     /* a link of the explore page, or paths of series; it is shown instead of the wall; NULL: no */
  char *diagnose;    /* a team, whose diagnosis is shown instead of the wall; NULL: no */
  char *screenshot;  /* NULL: none; ends in .png, .svg or .pdf */
  gint64 after_ms;   /* -1: as soon as the history is there */
  int width, height; /* of the picture, or of the window */
  gboolean replay;   /* show a past beside recording; then: */
  CasaReplayOptions past;
} CasaOptions;

/* FALSE: CASA_ERROR_USAGE. --help prints and exits. */
gboolean casa_options_parse(CasaOptions *self, int argc, char **argv, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_options_clear(CasaOptions *self); /* Frees what it holds, not itself */

G_END_DECLS
