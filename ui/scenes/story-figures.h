/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/happenings.h"

G_BEGIN_DECLS

/* What a sentence of config/stories.conf may speak of: figures by their names, from the same values as the panels. */

typedef struct {
  CasaModel *model;
  const CasaPageNotice *notice;
  const CasaHappening *happening; /* that the sentence is about; NULL: none */
  const char *const *domains;     /* whose figures may be told, NULL at the end; NULL: all */
} CasaStoryMoment;

typedef struct {
  double number;      /* NAN: it is a word */
  char *text;         /* as it is written, in the language of the moment */
  const char *unit;   /* that goes with it, "" none */
  const char *domain; /* whose colour it has; NULL: none */
} CasaStoryFigure;

/* @name as stories.conf has it: "load", "pm10:times", "place". FALSE: not known now, or there is no such; @out is then
 * untouched. */
gboolean casa_story_figure(const CasaStoryMoment *moment, const char *name, CasaStoryFigure *out);
void casa_story_figure_clear(CasaStoryFigure *self);                                        /* Frees its text */
gboolean casa_story_term_is_true(const CasaStoryMoment *moment, const CasaStoryTerm *term); /* FALSE also: not known now */

G_END_DECLS
