/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/desk/desk.h"
#include "ui/desk/explore-view.h"

G_BEGIN_DECLS

/* The explore page: every series at the left, up to four curves at the right on one axis of time. GTK thread only. */
typedef struct _CasaExplorePage CasaExplorePage;

/* @desk and @view (not owned; kept up to date) outlive it. Freed with its widget. */
CasaExplorePage *casa_explore_page_new(const CasaDesk *desk, CasaExploreView *view);
GtkWidget *casa_explore_page_widget(CasaExplorePage *self); /* (transfer none) */
void casa_explore_page_update(CasaExplorePage *self);       /* The model has news */
/* Before any widget hears of it. TRUE: it was ours. */
gboolean casa_explore_page_key(CasaExplorePage *self, guint key, GdkModifierType state);
/* Whether all curves show what the view says: for pictures. */
gboolean casa_explore_page_is_settled(CasaExplorePage *self);
/* Draws this series, or no longer; a fifth one asks which curve it shall replace. */
void casa_explore_page_toggle(CasaExplorePage *self, const char *path);
/* Writes what is seen; see casa_explore_export(). */
gboolean casa_explore_page_export(CasaExplorePage *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
