/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/series-pane.h"
#include "ui/desk/series-sparks.h"
#include "ui/chart/spark.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

#define PANE_WIDTH 380

struct _CasaSeriesPane {
  const CasaDesk *desk;
  const CasaExploreView *view;
  CasaSeriesPaneCalls calls;
  GtkWidget *root, *search, *chips[CASA_N_LIST_STATES], *list, *foot;
  CasaSeriesList *series;
  CasaSeriesSparks *sparks;
  GHashTable *cells; /* set of GtkListItem that show a row now */
  gboolean choosing; /* chips and checks are set by us */
};

/* --- Cells --- */

typedef enum { CELL_NAME, CELL_LINE, CELL_VALUE } CellKind;

static GtkWidget *
part(GtkWidget *cell, const char *key)
{
  return g_object_get_data(G_OBJECT(cell), key);
}

static GtkWidget *
add_part(GtkWidget *cell, const char *key, GtkWidget *child)
{
  g_object_set_data(G_OBJECT(cell), key, child);
  gtk_box_append(GTK_BOX(cell), child);
  return child;
}

static void check_cb(GtkCheckButton *check, CasaSeriesPane *self);
static void star_cb(GtkToggleButton *star, CasaSeriesPane *self);

static void
build_name(CasaSeriesPane *self, GtkWidget *cell)
{
  GtkWidget *check = add_part(cell, "check", gtk_check_button_new());
  add_part(cell, "arrow", gtk_image_new_from_icon_name("pan-down-symbolic"));
  add_part(cell, "mark", casa_label_new("row-mark"));
  GtkWidget *name = add_part(cell, "name", casa_label_new("row-name"));
  GtkWidget *metric = add_part(cell, "metric", casa_label_new("row-metric"));
  GtkWidget *star = add_part(cell, "star", gtk_toggle_button_new());

  gtk_widget_set_hexpand(metric, TRUE);
  gtk_label_set_xalign(GTK_LABEL(metric), 0);
  gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize(GTK_LABEL(metric), PANGO_ELLIPSIZE_END);
  gtk_widget_set_focusable(check, FALSE);
  gtk_widget_set_focusable(star, FALSE);
  gtk_button_set_label(GTK_BUTTON(star), "☆");
  gtk_widget_add_css_class(star, "flat");
  gtk_widget_add_css_class(star, "star");
  g_signal_connect(check, "toggled", G_CALLBACK(check_cb), self);
  g_signal_connect(star, "toggled", G_CALLBACK(star_cb), self);
}

static void
setup_cb(GtkSignalListItemFactory *factory, GtkListItem *item, CasaSeriesPane *self)
{
  CASA_LANG_SCOPE(self->desk->language);
  const CellKind kind = (CellKind)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(factory), "kind"));
  GtkWidget *cell = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 5);

  if (kind == CELL_NAME) {
    build_name(self, cell);
  } else if (kind == CELL_LINE) {
    add_part(cell, "square", casa_label_new("provenance"));
    add_part(cell, "line", casa_spark_new(self->desk->theme, 44, 20));
    gtk_widget_set_halign(cell, GTK_ALIGN_END);
  } else {
    GtkWidget *number = add_part(cell, "number", casa_label_new("row-number"));
    add_part(cell, "unit", casa_label_new("row-unit"));
    gtk_widget_set_hexpand(number, TRUE);
    gtk_label_set_xalign(GTK_LABEL(number), 1);
  }
  casa_direction_apply(cell);
  gtk_list_item_set_child(item, cell);
}

static void
say_group(CasaSeriesPane *self, CellKind kind, GtkWidget *cell, CasaSeriesRow *row)
{
  const guint group = casa_series_row_group(row);
  guint listed, all;

  if (kind == CELL_NAME) {
    gtk_widget_set_visible(part(cell, "check"), FALSE);
    gtk_widget_set_visible(part(cell, "star"), FALSE);
    gtk_widget_set_visible(part(cell, "mark"), FALSE);
    gtk_widget_set_visible(part(cell, "arrow"), TRUE);
    gtk_image_set_from_icon_name(GTK_IMAGE(part(cell, "arrow")),
                                 casa_series_list_is_folded(self->series, group) ? "pan-end-symbolic" : "pan-down-symbolic");
    casa_label_set(part(cell, "name"), casa_series_row_name(row));
    casa_label_set(part(cell, "metric"), "");
  } else if (kind == CELL_LINE) {
    casa_label_set(part(cell, "square"), "");
    casa_spark_set(CASA_SPARK(part(cell, "line")), NULL, self->desk->theme->muted, FALSE);
  } else {
    casa_series_list_count_group(self->series, group, &listed, &all);
    g_autofree char *n = casa_lang_number(listed, 0), *of = casa_lang_number(all, 0);
    /* TR: rows of a group that are listed, and how many it has */
    g_autofree char *text = listed == all ? g_strdup(of) : g_strdup_printf(_("%s sur %s"), n, of);
    casa_label_set(part(cell, "number"), "");
    casa_label_set(part(cell, "unit"), text);
  }
}

static void
set_class(GtkWidget *widget, const char *class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class(widget, class);
  else
    gtk_widget_remove_css_class(widget, class);
}

static void
say_name(CasaSeriesPane *self, GtkWidget *cell, CasaSeriesRow *row)
{
  const gboolean live = casa_desk_is_live(self->desk, casa_series_row_series(row));
  const char *path = casa_series_row_path(row);
  const gboolean ticked = casa_explore_view_find(self->view, path) != G_MAXUINT;
  const gboolean starred = casa_keepsakes_is_favourite(self->desk->keepsakes, path);
  GtkWidget *check = part(cell, "check"), *star = part(cell, "star"), *mark = part(cell, "mark");
  g_autofree char *spoken = g_strdup_printf("%s, %s", casa_series_row_name(row), casa_series_row_metric(row));

  self->choosing = TRUE;
  g_object_set_data(G_OBJECT(check), "row", row);
  g_object_set_data(G_OBJECT(star), "row", row);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check), ticked);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(star), starred);
  self->choosing = FALSE;
  gtk_button_set_label(GTK_BUTTON(star), starred ? "★" : "☆");
  gtk_widget_set_visible(check, TRUE);
  gtk_widget_set_visible(star, TRUE);
  gtk_widget_set_visible(mark, TRUE);
  gtk_widget_set_visible(part(cell, "arrow"), FALSE);
  casa_label_set(mark, live ? "●" : "○");
  set_class(mark, "live", live);
  set_class(mark, "silent", !live);
  set_class(cell, "ticked", ticked);
  casa_label_set(part(cell, "name"), casa_series_row_name(row));
  casa_label_set(part(cell, "metric"), casa_series_row_metric(row));
  gtk_accessible_update_property(GTK_ACCESSIBLE(check), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(star), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Favori"), -1);
}

static void
say_value(CasaSeriesPane *self, GtkWidget *cell, CasaSeriesRow *row)
{
  const guint series = casa_series_row_series(row);
  CasaLatestValues *latest = casa_model_latest(self->desk->model);
  const CasaValue *value = casa_latest_values_get(latest, series);
  const CasaMetric *metric = casa_latest_values_metric(latest, series);
  const gboolean live = casa_desk_is_live(self->desk, series);

  if (!value) {
    casa_label_set(part(cell, "number"), "—");
    casa_label_set(part(cell, "unit"), "");
  } else if (live) {
    g_autofree char *number = casa_lang_number(value->value, metric ? metric->decimals : 1);
    casa_label_set(part(cell, "number"), number);
    casa_label_set(part(cell, "unit"), metric ? metric->unit : "");
  } else {
    g_autofree char *age = casa_lang_age(casa_model_summary(self->desk->model)->now_ms - value->t_ms);
    /* TR: nothing has come from this sensor for so long: "muet 35 s" */
    g_autofree char *text = g_strdup_printf(_("muet %s"), age);
    casa_label_set(part(cell, "number"), "");
    casa_label_set(part(cell, "unit"), text);
  }
  set_class(part(cell, "unit"), "silent", value && !live);
}

static void
say_line(CasaSeriesPane *self, GtkWidget *cell, CasaSeriesRow *row)
{
  const guint series = casa_series_row_series(row);
  const gboolean team = casa_series_row_is_team(row);
  const CasaStationValues *station = casa_latest_values_owner(casa_model_latest(self->desk->model), series);

  casa_label_set(part(cell, "square"), !team ? "" : station && station->simulated ? "◆" : "■");
  casa_spark_set(CASA_SPARK(part(cell, "line")), casa_series_sparks_get(self->sparks, series),
                 casa_desk_colour(self->desk, casa_series_row_domain(row), team), !casa_desk_is_live(self->desk, series));
}

static void
say(CasaSeriesPane *self, GtkListItem *item)
{
  GtkWidget *cell = gtk_list_item_get_child(item);
  CasaSeriesRow *row = gtk_list_item_get_item(item);
  const CellKind kind = (CellKind)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(item), "kind"));

  if (!row || !cell)
    return;
  if (kind == CELL_NAME)
    set_class(part(cell, "name"), "row-group", casa_series_row_is_group(row));
  if (casa_series_row_is_group(row))
    say_group(self, kind, cell, row);
  else if (kind == CELL_NAME)
    say_name(self, cell, row);
  else if (kind == CELL_LINE)
    say_line(self, cell, row);
  else
    say_value(self, cell, row);
  if (casa_series_row_is_group(row))
    set_class(cell, "ticked", FALSE);
}

static void
bind_cb(GtkSignalListItemFactory *factory, GtkListItem *item, CasaSeriesPane *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  g_object_set_data(G_OBJECT(item), "kind", g_object_get_data(G_OBJECT(factory), "kind"));
  g_hash_table_add(self->cells, item);
  say(self, item);
}

static void
unbind_cb(GtkSignalListItemFactory *factory, GtkListItem *item, CasaSeriesPane *self)
{
  g_hash_table_remove(self->cells, item);
}

static void
say_all(CasaSeriesPane *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init(&iter, self->cells);
  while (g_hash_table_iter_next(&iter, &item, NULL))
    say(self, item);
}

static void
spark_cb(guint series, gpointer data)
{
  CasaSeriesPane *self = data;
  CASA_LANG_SCOPE(self->desk->language);
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init(&iter, self->cells);
  while (g_hash_table_iter_next(&iter, &item, NULL)) {
    CasaSeriesRow *row = gtk_list_item_get_item(item);
    if (row && casa_series_row_series(row) == series)
      say(self, item);
  }
}

/* --- What the user does --- */

static void
check_cb(GtkCheckButton *check, CasaSeriesPane *self)
{
  CasaSeriesRow *row = g_object_get_data(G_OBJECT(check), "row");

  if (!self->choosing && row)
    self->calls.tick(casa_series_row_path(row), self->calls.data);
}

static void
star_cb(GtkToggleButton *star, CasaSeriesPane *self)
{
  CasaSeriesRow *row = g_object_get_data(G_OBJECT(star), "row");

  if (self->choosing || !row)
    return;
  casa_keepsakes_set_favourite(self->desk->keepsakes, casa_series_row_path(row), gtk_toggle_button_get_active(star));
  casa_series_pane_refresh(self);
}

static void
activate_cb(GtkColumnView *view, guint position, CasaSeriesPane *self)
{
  g_autoptr(CasaSeriesRow) row = g_list_model_get_item(G_LIST_MODEL(self->series), position);

  if (!row)
    return;
  if (!casa_series_row_is_group(row)) {
    self->calls.tick(casa_series_row_path(row), self->calls.data);
    return;
  }
  casa_series_list_toggle_group(self->series, casa_series_row_group(row));
  casa_series_pane_refresh(self);
}

static void
search_cb(GtkSearchEntry *entry, CasaSeriesPane *self)
{
  CASA_LANG_SCOPE(self->desk->language);
  const char *text = gtk_editable_get_text(GTK_EDITABLE(entry));

  casa_series_list_find(self->series, text);
  say_all(self);
  self->calls.find(text, self->calls.data);
}

static void
chip_cb(GtkToggleButton *chip, CasaSeriesPane *self)
{
  CASA_LANG_SCOPE(self->desk->language);
  const CasaListState state = (CasaListState)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(chip), "state"));

  if (self->choosing || !gtk_toggle_button_get_active(chip))
    return;
  casa_series_list_set_state(self->series, state);
  say_all(self);
  self->calls.state(state, self->calls.data);
}

/* --- Building --- */

static void
say_chips(CasaSeriesPane *self)
{
  static const char *const marks[CASA_N_LIST_STATES] = { "", "● ", "○ ", "★ " };
  const char *names[CASA_N_LIST_STATES] = { _("Tous"), _("En direct"), _("Muets"), _("Favoris") };

  for (guint i = 0; i < CASA_N_LIST_STATES; i++) {
    g_autofree char *n = casa_lang_number(casa_series_list_count(self->series, (CasaListState)i), 0);
    g_autofree char *text =
      i == CASA_LIST_FAVOURITES ? g_strdup_printf("★ %s", n) : g_strdup_printf("%s%s %s", marks[i], names[i], n);
    if (g_strcmp0(gtk_button_get_label(GTK_BUTTON(self->chips[i])), text) != 0)
      gtk_button_set_label(GTK_BUTTON(self->chips[i]), text);
    gtk_widget_set_tooltip_text(self->chips[i], names[i]);
  }
}

static GtkWidget *
build_chips(CasaSeriesPane *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);

  self->choosing = TRUE;
  for (guint i = 0; i < CASA_N_LIST_STATES; i++) {
    GtkWidget *chip = self->chips[i] = gtk_toggle_button_new_with_label("");
    gtk_widget_add_css_class(chip, "chip");
    g_object_set_data(G_OBJECT(chip), "state", GINT_TO_POINTER((int)i));
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(chip), i ? GTK_TOGGLE_BUTTON(self->chips[0]) : NULL);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(chip), i == self->view->list);
    g_signal_connect(chip, "toggled", G_CALLBACK(chip_cb), self);
    gtk_box_append(GTK_BOX(box), chip);
  }
  self->choosing = FALSE;
  return box;
}

static void
add_column(CasaSeriesPane *self, CellKind kind, const char *title, int width)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();

  g_object_set_data(G_OBJECT(factory), "kind", GINT_TO_POINTER((int)kind));
  g_signal_connect(factory, "setup", G_CALLBACK(setup_cb), self);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cb), self);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_cb), self);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new(title, factory);
  if (width > 0)
    gtk_column_view_column_set_fixed_width(column, width);
  else
    gtk_column_view_column_set_expand(column, TRUE);
  gtk_column_view_append_column(GTK_COLUMN_VIEW(self->list), column);
}

static GtkWidget *
build_list(CasaSeriesPane *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new();
  GtkNoSelection *selection = gtk_no_selection_new(g_object_ref(G_LIST_MODEL(self->series)));

  self->list = gtk_column_view_new(GTK_SELECTION_MODEL(selection));
  gtk_column_view_set_single_click_activate(GTK_COLUMN_VIEW(self->list), FALSE);
  add_column(self, CELL_NAME, _("Mesure"), 0);
  add_column(self, CELL_LINE, _("30 min"), 68);
  add_column(self, CELL_VALUE, _("Valeur"), 108);
  gtk_widget_set_visible(gtk_widget_get_first_child(self->list), FALSE); /* its row of heads: columns speak for themselves */
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Toutes les mesures"), -1);
  g_signal_connect(self->list, "activate", G_CALLBACK(activate_cb), self);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_EXTERNAL, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->list);
  gtk_widget_set_vexpand(scroller, TRUE);
  return scroller;
}

static void
gone_cb(gpointer data, GObject *was)
{
  CasaSeriesPane *self = data;

  casa_series_sparks_free(self->sparks);
  g_hash_table_unref(self->cells);
  g_object_unref(self->series);
  g_free(self);
}

static GtkWidget *
build_foot(CasaSeriesPane *self)
{
  GtkWidget *foot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *legend = casa_label_new("provenance");
  g_autofree char *text = g_strdup_printf("■ %s   ◆ %s", _("capteur réel"), _("simulé"));

  self->foot = casa_label_new("strong");
  gtk_widget_add_css_class(foot, "foot");
  gtk_widget_set_hexpand(self->foot, TRUE);
  gtk_label_set_xalign(GTK_LABEL(self->foot), 0);
  casa_label_set(legend, text);
  gtk_box_append(GTK_BOX(foot), self->foot);
  gtk_box_append(GTK_BOX(foot), legend);
  return foot;
}

CasaSeriesPane *
casa_series_pane_new(const CasaDesk *desk, const CasaExploreView *view, const CasaSeriesPaneCalls *calls)
{
  CasaSeriesPane *self = g_new0(CasaSeriesPane, 1);
  GtkWidget *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);

  self->desk = desk;
  self->view = view;
  self->calls = *calls;
  self->cells = g_hash_table_new(NULL, NULL);
  self->series = casa_series_list_new(desk);
  self->sparks = casa_series_sparks_new(desk, spark_cb, self);
  casa_series_list_find(self->series, view->find);
  casa_series_list_set_state(self->series, view->list);
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class(self->root, "side");
  gtk_widget_set_size_request(self->root, PANE_WIDTH, -1);
  self->search = gtk_search_entry_new();
  g_object_set(self->search, "placeholder-text", _("Chercher une station, une mesure"), NULL);
  gtk_widget_set_tooltip_text(self->search, "Ctrl+F");
  gtk_editable_set_text(GTK_EDITABLE(self->search), view->find);
  g_signal_connect(self->search, "search-changed", G_CALLBACK(search_cb), self);
  gtk_widget_set_margin_top(top, 10);
  gtk_widget_set_margin_start(top, 10);
  gtk_widget_set_margin_end(top, 10);
  gtk_widget_set_margin_bottom(top, 4);
  gtk_box_append(GTK_BOX(top), self->search);
  gtk_box_append(GTK_BOX(top), build_chips(self));
  gtk_box_append(GTK_BOX(self->root), top);
  gtk_box_append(GTK_BOX(self->root), build_list(self));
  gtk_box_append(GTK_BOX(self->root), build_foot(self));
  g_object_weak_ref(G_OBJECT(self->root), gone_cb, self);
  casa_series_pane_refresh(self);
  return self;
}

GtkWidget *
casa_series_pane_widget(CasaSeriesPane *self)
{
  return self->root;
}

void
casa_series_pane_refresh(CasaSeriesPane *self)
{
  CASA_LANG_SCOPE(self->desk->language);
  g_autofree char *n = casa_lang_number(self->view->n_curves, 0), *most = casa_lang_number(CASA_EXPLORE_CURVES_MAX, 0);
  g_auto(GStrv) halves = g_strsplit(casa_tr_n("%s courbe", "%s courbes", self->view->n_curves), "%s", 2);
  g_autofree char *count = g_strjoinv(n, halves);
  /* TR: "3 courbes", and how many there may be */
  g_autofree char *text = g_strdup_printf(_("%s, %s au plus"), count, most);

  casa_series_list_refresh(self->series);
  say_chips(self);
  say_all(self);
  casa_label_set(self->foot, text);
}

void
casa_series_pane_focus_search(CasaSeriesPane *self)
{
  gtk_widget_grab_focus(self->search);
  gtk_editable_select_region(GTK_EDITABLE(self->search), 0, -1);
}

gboolean
casa_series_pane_has_focus(CasaSeriesPane *self)
{
  GtkRoot *root = gtk_widget_get_root(self->root);
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;

  return focus && gtk_widget_is_ancestor(focus, self->root);
}
