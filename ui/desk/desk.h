/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "base/config.h"
#include "ui/data/keepsakes.h"
#include "ui/data/model.h"
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What all parts of a desk window share. They are built for one language and one theme; another one builds them anew. */
typedef struct {
  CasaModel *model;         /* outlives the desk */
  CasaKeepsakes *keepsakes; /* favourites; outlives the desk */
  const CasaConfig *config; /* outlives the desk; NULL: no team can be diagnosed */
  const CasaTheme *theme;
  const char *font;     /* family for pictures; static */
  const char *language; /* static; answers and timers speak it: CASA_LANG_SCOPE(desk->language) */
} CasaDesk;

/* The style sheet of everything below a widget of class @scope. (transfer full) desk-style.c */
char *casa_desk_css(const CasaDesk *desk, const char *scope);
/* The colour of a domain's curve; of one that indicators.conf does not know, and with @team: the colour of provenance. */
CasaRgb casa_desk_colour(const CasaDesk *desk, const char *domain, gboolean team);

G_END_DECLS
