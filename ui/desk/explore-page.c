/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-page.h"
#include "base/clock.h"
#include "base/time-units.h"
#include "ui/chart/chart-readout.h"
#include "ui/desk/explore-bar.h"
#include "ui/desk/explore-curve.h"
#include "ui/desk/explore-export.h"
#include "ui/desk/explore-replace.h"
#include "ui/desk/explore-stats.h"
#include "ui/desk/overview.h"
#include "ui/desk/series-pane.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/share/save-as.h"
#include "ui/share/share.h"
#include "ui/text/lang.h"

struct _CasaExplorePage {
  const CasaDesk *desk;
  CasaExploreView *view;
  CasaViewport *viewport;
  gulong changed;
  CasaSeriesPane *pane;
  GPtrArray *curves; /* CasaExploreCurve; freed with their widgets */
  CasaExploreBar *bar;
  GtkWidget *root, *charts, *empty, *overview, *stats;
  gint64 ahead_ms; /* hours to come that are shown */
  guint settle;    /* idle: what follows the viewport */
};

static void refresh(CasaExplorePage *self);

/* --- The viewport and the view --- */

/* The overview's span is all that can be looked at. */
static void
set_clock(CasaExplorePage *self)
{
  const gint64 now = casa_clock_ms(casa_model_clock(self->desk->model));

  casa_viewport_set_now(self->viewport, now);
  casa_viewport_set_first(self->viewport, now - self->view->span_ms);
}

static void
read_viewport(CasaExplorePage *self)
{
  if (casa_viewport_is_following(self->viewport)) {
    self->view->from_ms = self->view->to_ms = 0;
    return;
  }
  casa_viewport_range(self->viewport, &self->view->from_ms, &self->view->to_ms);
}

/* Room for what comes next, once it is known of a curve: a quarter of what is shown, a day at most; of minutes none. */
static void
look_ahead(CasaExplorePage *self)
{
  const gint64 now = casa_viewport_now(self->viewport), span_ms = self->view->span_ms;
  gint64 ahead_ms = 0;

  for (guint i = 0; i < self->curves->len; i++)
    if (casa_explore_curve_foresees(self->curves->pdata[i]) && span_ms >= CASA_HOUR_MS)
      ahead_ms = MIN(span_ms / 4, CASA_DAY_MS);
  if (ahead_ms == self->ahead_ms)
    return;
  self->ahead_ms = ahead_ms;
  casa_viewport_set_ahead(self->viewport, ahead_ms);
  if (!casa_viewport_is_following(self->viewport))
    return;
  casa_viewport_set_range(self->viewport, now - span_ms, now + ahead_ms);
  casa_viewport_follow(self->viewport);
}

static void
set_span(CasaExplorePage *self, gint64 span_ms)
{
  const gint64 now = casa_clock_ms(casa_model_clock(self->desk->model));

  self->view->span_ms = span_ms;
  casa_viewport_set_first(self->viewport, now - MAX(span_ms, 366 * CASA_DAY_MS)); /* room for the range before it is cut */
  casa_viewport_set_ahead(self->viewport, 0);
  self->ahead_ms = 0;
  casa_viewport_set_range(self->viewport, now - span_ms, now);
  casa_viewport_follow(self->viewport);
  set_clock(self);
  refresh(self);
  look_ahead(self);
}

static void
news_cb(gpointer data)
{
  CasaExplorePage *self = data;
  CASA_LANG_SCOPE(self->desk->language);

  look_ahead(self);
  casa_explore_stats_set(self->stats, self->curves, self->viewport);
}

static void
align(CasaExplorePage *self)
{
  CasaChart *charts[CASA_EXPLORE_CURVES_MAX];

  for (guint i = 0; i < self->curves->len; i++)
    charts[i] = casa_explore_curve_chart(self->curves->pdata[i]);
  casa_chart_align(charts, self->curves->len);
}

static void
refresh(CasaExplorePage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  casa_explore_bar_show(self->bar, self->view->span_ms, self->view->compare);
  for (guint i = 0; i < self->curves->len; i++)
    casa_explore_curve_refresh(self->curves->pdata[i]);
  align(self);
  casa_explore_stats_set(self->stats, self->curves, self->viewport);
  casa_overview_refresh(CASA_OVERVIEW(self->overview));
}

static gboolean
settle_cb(gpointer data)
{
  CasaExplorePage *self = data;

  self->settle = 0;
  read_viewport(self);
  refresh(self);
  return G_SOURCE_REMOVE;
}

/* However often it moves within a frame. */
static void
viewport_cb(CasaViewport *viewport, CasaExplorePage *self)
{
  if (self->settle == 0)
    self->settle = g_idle_add(settle_cb, self);
}

/* --- Curves --- */

static void
show_overview(CasaExplorePage *self)
{
  CasaExploreCurve *first = self->curves->len ? self->curves->pdata[0] : NULL;

  gtk_widget_set_visible(self->empty, !first);
  gtk_widget_set_visible(self->overview, first != NULL);
  gtk_widget_set_visible(gtk_widget_get_parent(self->stats), first != NULL);
  if (first)
    casa_overview_set(CASA_OVERVIEW(self->overview), casa_desk_series(self->desk, casa_explore_curve_path(first)),
                      casa_explore_curve_colour(first), self->view->span_ms);
}

static void
say_cb(const char *text, gpointer data)
{
  casa_explore_bar_say(((CasaExplorePage *)data)->bar, text);
}

static CasaSheet *
sheet_cb(gpointer data)
{
  CasaExplorePage *self = data;

  return casa_explore_sheet(self->desk, self->curves, self->viewport);
}

static gboolean
write_cb(const char *path, gpointer data, GError **error)
{
  return casa_explore_page_export(data, path, error);
}

static void
save(const char *suffix, gpointer data)
{
  CasaExplorePage *self = data;
  g_autofree char *name = g_strdup_printf("casa-pulse.%s", suffix);

  casa_save_as(&(CasaSaveAs){ self->root, write_cb, say_cb, self, self->desk->language }, name);
}

static void
add_curve(CasaExplorePage *self, const char *path)
{
  CasaExploreCurve *curve = casa_explore_curve_new(self->desk, path, self->viewport, news_cb, self);

  g_ptr_array_add(self->curves, curve);
  casa_explore_curve_compare(curve, self->view->compare);
  casa_share_attach(GTK_WIDGET(casa_explore_curve_chart(curve)), &(CasaShare){ sheet_cb, save, say_cb, self });
  casa_direction_apply(casa_explore_curve_widget(curve));
  gtk_box_append(GTK_BOX(self->charts), casa_explore_curve_widget(curve));
}

static void
drop_curve(CasaExplorePage *self, guint i)
{
  CasaExploreCurve *curve = self->curves->pdata[i];

  g_ptr_array_remove_index(self->curves, i);
  gtk_box_remove(GTK_BOX(self->charts), casa_explore_curve_widget(curve));
}

static void
curves_changed(CasaExplorePage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  show_overview(self);
  casa_series_pane_refresh(self->pane);
  refresh(self);
}

/* Which one goes for the fifth was chosen. */
static void
replace_cb(guint i, const char *path, gpointer data)
{
  CasaExplorePage *self = data;

  if (i >= self->curves->len || casa_explore_view_find(self->view, path) != G_MAXUINT)
    return;
  casa_explore_view_remove(self->view, i);
  drop_curve(self, i);
  casa_explore_page_toggle(self, path);
}

void
casa_explore_page_toggle(CasaExplorePage *self, const char *path)
{
  CASA_LANG_SCOPE(self->desk->language);
  const guint i = casa_explore_view_find(self->view, path);

  if (i != G_MAXUINT) {
    casa_explore_view_remove(self->view, i);
    drop_curve(self, i);
  } else if (casa_explore_view_add(self->view, path)) {
    add_curve(self, path);
  } else if (self->view->n_curves == CASA_EXPLORE_CURVES_MAX) {
    casa_explore_replace_ask(self->root, self->curves, path, replace_cb, self);
    casa_series_pane_refresh(self->pane);
    return;
  }
  curves_changed(self);
}

/* --- What the pane tells --- */

static void
tick_cb(const char *path, gpointer data)
{
  casa_explore_page_toggle(data, path);
}

static void
find_cb(const char *text, gpointer data)
{
  CasaExplorePage *self = data;

  g_free(self->view->find);
  self->view->find = g_strdup(text);
}

static void
state_cb(CasaListState state, gpointer data)
{
  ((CasaExplorePage *)data)->view->list = state;
}

/* --- The bar --- */

static void
set_compare(CasaExplorePage *self, CasaCompare compare)
{
  self->view->compare = compare;
  for (guint i = 0; i < self->curves->len; i++)
    casa_explore_curve_compare(self->curves->pdata[i], compare);
  refresh(self);
}

static void
span_cb(gint64 span_ms, gpointer data)
{
  CasaExplorePage *self = data;

  set_span(self, span_ms);
  show_overview(self);
}

static void
compare_cb(CasaCompare compare, gpointer data)
{
  set_compare(data, compare);
}

static char *
link_cb(gpointer data)
{
  CasaExplorePage *self = data;

  read_viewport(self);
  return casa_explore_view_link(self->view);
}

/* --- Keys --- */

static gboolean
step_cursor(CasaExplorePage *self, gint step)
{
  gint64 t = 0, to;

  if (self->curves->len == 0)
    return FALSE;
  const CasaChartPicture *picture = casa_chart_picture(casa_explore_curve_chart(self->curves->pdata[0]));
  if (!casa_viewport_cursor(self->viewport, &t, NULL))
    t = step > 0 ? picture->from_ms - 1 : picture->to_ms + 1;
  if (picture->n_lines > 0 && casa_chart_step(picture, &picture->lines[0], t, step, &to))
    casa_viewport_pin(self->viewport, to, -1);
  return TRUE;
}

static gboolean
control_key(CasaExplorePage *self, guint key)
{
  if (key == GDK_KEY_f) {
    casa_series_pane_focus_search(self->pane);
    return TRUE;
  }
  if (key == GDK_KEY_e) {
    save("png", self);
    return TRUE;
  }
  if ((key == GDK_KEY_c || key == GDK_KEY_t) && self->curves->len && !casa_series_pane_has_focus(self->pane))
    return casa_share_do(GTK_WIDGET(casa_explore_curve_chart(self->curves->pdata[0])), key == GDK_KEY_c ? "copy" : "table");
  return key >= GDK_KEY_1 && casa_explore_bar_choose_span(self->bar, key - GDK_KEY_1);
}

gboolean
casa_explore_page_key(CasaExplorePage *self, guint key, GdkModifierType state)
{
  const gint by = state & GDK_SHIFT_MASK ? 10 : 1;

  if (state & (GDK_ALT_MASK | GDK_SUPER_MASK))
    return FALSE;
  if (state & GDK_CONTROL_MASK)
    return control_key(self, gdk_keyval_to_lower(key));
  if (casa_series_pane_has_focus(self->pane))
    return FALSE;
  switch (key) {
  case GDK_KEY_c:
  case GDK_KEY_C: set_compare(self, (CasaCompare)((self->view->compare + 1) % CASA_N_COMPARES)); return TRUE;
  case GDK_KEY_End: casa_viewport_follow(self->viewport); return TRUE;
  case GDK_KEY_0:
  case GDK_KEY_KP_0: casa_viewport_show_all(self->viewport); return TRUE;
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add: casa_viewport_zoom_here(self->viewport, 0.5); return TRUE;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract: casa_viewport_zoom_here(self->viewport, 2); return TRUE;
  case GDK_KEY_Left: return !gtk_widget_has_focus(self->overview) && step_cursor(self, -by);
  case GDK_KEY_Right: return !gtk_widget_has_focus(self->overview) && step_cursor(self, by);
  default: return FALSE;
  }
}

/* --- Building --- */

static void
gone_cb(gpointer data, GObject *was)
{
  CasaExplorePage *self = data;

  g_clear_handle_id(&self->settle, g_source_remove);
  g_clear_signal_handler(&self->changed, self->viewport);
  g_object_unref(self->viewport);
  g_ptr_array_unref(self->curves);
  g_free(self);
}

static GtkWidget *
card(GtkWidget *child)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class(box, "card");
  gtk_box_append(GTK_BOX(box), child);
  return box;
}

static GtkWidget *
build_right(CasaExplorePage *self)
{
  GtkWidget *right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10), *body;

  self->charts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_set_homogeneous(GTK_BOX(self->charts), FALSE);
  gtk_widget_set_vexpand(self->charts, TRUE);
  self->empty = casa_label_new("big");
  casa_label_set(self->empty, _("Cochez une mesure à gauche"));
  gtk_widget_set_vexpand(self->empty, TRUE);
  gtk_widget_set_halign(self->empty, GTK_ALIGN_CENTER);
  gtk_widget_set_valign(self->empty, GTK_ALIGN_CENTER);
  body = card(self->charts);
  gtk_box_append(GTK_BOX(body), self->empty);
  gtk_widget_set_vexpand(body, TRUE);
  self->overview = casa_overview_new(self->desk, self->viewport);
  self->stats = casa_explore_stats_new();
  self->bar = casa_explore_bar_new(self->viewport, &(CasaExploreBarCalls){ span_cb, compare_cb, save, link_cb, self });
  gtk_widget_set_margin_top(right, 10);
  gtk_widget_set_margin_bottom(right, 10);
  gtk_widget_set_margin_start(right, 14);
  gtk_widget_set_margin_end(right, 14);
  gtk_box_append(GTK_BOX(right), casa_explore_bar_widget(self->bar));
  gtk_box_append(GTK_BOX(right), body);
  gtk_box_append(GTK_BOX(right), card(self->overview));
  gtk_box_append(GTK_BOX(right), card(self->stats));
  gtk_widget_set_hexpand(right, TRUE);
  return right;
}

/* A view of the past begins where it was, as far as the overview reaches. */
static void
apply_view(CasaExplorePage *self)
{
  const gint64 now = casa_clock_ms(casa_model_clock(self->desk->model)), from = self->view->from_ms, to = self->view->to_ms;

  if (to > from)
    self->view->span_ms = MAX(self->view->span_ms, now - from);
  set_span(self, self->view->span_ms);
  if (to > from)
    casa_viewport_set_range(self->viewport, from, to);
  read_viewport(self);
}

CasaExplorePage *
casa_explore_page_new(const CasaDesk *desk, CasaExploreView *view)
{
  CasaExplorePage *self = g_new0(CasaExplorePage, 1);
  const CasaSeriesPaneCalls calls = { tick_cb, find_cb, state_cb, self };

  self->desk = desk;
  self->view = view;
  self->curves = g_ptr_array_new();
  self->viewport = casa_viewport_new(casa_clock_ms(casa_model_clock(desk->model)));
  self->root = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->pane = casa_series_pane_new(desk, view, &calls);
  gtk_box_append(GTK_BOX(self->root), casa_series_pane_widget(self->pane));
  gtk_box_append(GTK_BOX(self->root), build_right(self));
  g_object_weak_ref(G_OBJECT(self->root), gone_cb, self);
  apply_view(self);
  for (guint i = 0; i < view->n_curves; i++)
    add_curve(self, view->curves[i]);
  self->changed = g_signal_connect(self->viewport, "changed", G_CALLBACK(viewport_cb), self);
  curves_changed(self);
  return self;
}

GtkWidget *
casa_explore_page_widget(CasaExplorePage *self)
{
  return self->root;
}

void
casa_explore_page_update(CasaExplorePage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  set_clock(self);
  casa_series_pane_refresh(self->pane);
  show_overview(self);
  refresh(self);
}

gboolean
casa_explore_page_is_settled(CasaExplorePage *self)
{
  for (guint i = 0; i < self->curves->len; i++)
    if (!casa_explore_curve_is_settled(self->curves->pdata[i]))
      return FALSE;
  return TRUE;
}

gboolean
casa_explore_page_export(CasaExplorePage *self, const char *path, GError **error)
{
  CASA_LANG_SCOPE(self->desk->language);
  g_autoptr(CasaSheet) sheet = casa_explore_sheet(self->desk, self->curves, self->viewport);

  return casa_sheet_write(sheet, path, error);
}
