/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/explore-view.h"
#include "ui/desk/explore-page.h"
#include <adwaita.h>

G_BEGIN_DECLS

/* The window of the desk, on the laptop: never in the hall. Pages about the same city, in a language and a theme of its own;
 * another one builds them anew with the same view. */
#define CASA_TYPE_DESK_WINDOW (casa_desk_window_get_type())
G_DECLARE_FINAL_TYPE(CasaDeskWindow, casa_desk_window, CASA, DESK_WINDOW, AdwApplicationWindow)

typedef enum { CASA_DESK_EXPLORE, CASA_DESK_DIAGNOSE, CASA_DESK_TEAMS, CASA_N_DESK_PAGES } CasaDeskPage;

/* @model and @keepsakes outlive it. The language is that of the moment; @theme as casa_theme_get() takes it. */
CasaDeskWindow *casa_desk_window_new(AdwApplication *app, CasaModel *model, CasaKeepsakes *keepsakes, const char *theme);
void casa_desk_window_go(CasaDeskWindow *self, CasaDeskPage page); /* Turns to @page */
/* Shows why a team is not on the wall; @config outlives it. @team NULL: the one that was chosen last, or the first. */
void casa_desk_window_diagnose(CasaDeskWindow *self, const CasaConfig *config, const char *team);
/* Shows this view; copied. */
void casa_desk_window_set_view(CasaDeskWindow *self, const CasaExploreView *view);
const CasaExploreView *casa_desk_window_view(CasaDeskWindow *self); /* (transfer none) */
CasaExplorePage *casa_desk_window_explore(
  CasaDeskWindow *self); /* (transfer none), until language, theme or page change; NULL: another page */
void casa_desk_window_set_language(CasaDeskWindow *self, const char *language); /* "fr", "ar" or "en" */
void casa_desk_window_set_theme(CasaDeskWindow *self, const char *theme);
/* Shows the page at exactly this size, without window buttons: for pictures. */
void casa_desk_window_pose(CasaDeskWindow *self, int width, int height);
GtkWidget *casa_desk_window_picture(CasaDeskWindow *self);  /* What a picture is taken of */
gboolean casa_desk_window_is_settled(CasaDeskWindow *self); /* Whether there is nothing to wait for before one */

G_END_DECLS
