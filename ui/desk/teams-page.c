/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/teams-page.h"

#include "teams/diagnosis.h"
#include "ui/data/teams.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"

#include <string.h>

#define TEXT_SHOWN 280 /* letters of a report */

/* A row: a team, or a report. Everything is owned. */
typedef struct {
  char *source, *id; /* id NULL: a team */
  char *sign, *title, *detail;
  const char *class; /* of the sign; static */
  gboolean shown, called;
} Item;

struct _CasaTeamsPage {
  const CasaDesk *desk;
  GtkWidget *root, *heads[2], *lists[2]; /* teams, reports */
  char *drawn[2];                        /* what the rows say; another text draws them anew */
};

static void
item_free(gpointer data)
{
  Item *item = data;

  g_free(item->source);
  g_free(item->id);
  g_free(item->sign);
  g_free(item->title);
  g_free(item->detail);
  g_free(item);
}

/* --- What there is --- */

static CasaGateState
gate_state(CasaTeamsPage *self, const char *team)
{
  CasaTeamGate *gate = casa_model_gate(self->desk->model);

  return gate ? casa_team_gate_state(gate, team) : CASA_GATE_OPEN;
}

/* Why it could not be shut out, or let in; NULL: nothing is wrong. */
static const char *
gate_fault(CasaTeamsPage *self, const char *team)
{
  CasaTeamGate *gate = casa_model_gate(self->desk->model);

  return gate ? casa_team_gate_fault(gate, team) : NULL;
}

static void
add_team(CasaTeamsPage *self, GPtrArray *items, const CasaTeamState *team)
{
  Item *item = g_new0(Item, 1);
  CasaTilePhrases words = { 0 };
  const gboolean featured = g_strcmp0(casa_keepsakes_featured(self->desk->keepsakes), team->source) == 0;
  const CasaGateState gate = gate_state(self, team->source);

  if (team->series != G_MAXUINT)
    casa_phrases_series(self->desk->model, team->series, &words);
  item->source = g_strdup(team->source);
  item->shown = team->shown;
  item->called = team->called;
  item->class = team->called || gate != CASA_GATE_OPEN ? "attention" : team->shown ? "live" : "quiet";
  item->sign = g_strdup(gate == CASA_GATE_SHUT      ? _("✕ exclue")
                        : gate == CASA_GATE_TURNING ? _("… demandé")
                        : team->called              ? _("▲ à aider")
                        : featured                  ? _("★ en grand")
                        : team->shown               ? _("● montrée")
                                                    : _("○ attend"));
  const char *fault = gate_fault(self, team->source);
  item->title = casa_name_tame(team->source);
  item->detail = g_strdup(fault         ? fault
                          : team->over  ? _("▲ a dépassé son quota")
                          : !team->live ? _("○ muette")
                          : words.name  ? words.name
                                        : "");
  casa_tile_phrases_clear(&words);
  g_ptr_array_add(items, item);
}

/* Those that wait, then those that the hall sees. (element-type Item) */
static GPtrArray *
read_teams(CasaTeamsPage *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func(item_free);
  g_autoptr(GPtrArray) waiting = casa_teams_waiting(self->desk->model), all = casa_teams_all(self->desk->model);

  for (guint i = 0; i < waiting->len; i++)
    add_team(self, items, waiting->pdata[i]);
  for (guint i = 0; i < all->len; i++) {
    const CasaTeamState *team = all->pdata[i];
    if (team->shown && !team->called)
      add_team(self, items, team);
  }
  return items;
}

static void
add_report(GPtrArray *items, const CasaStoredReport *report)
{
  Item *item = g_new0(Item, 1);
  const CasaReport *about = &report->about;
  g_autofree char *clock = casa_lang_clock(report->received_ms, FALSE), *name = casa_name_tame(about->source),
                  *text = casa_safe_text(about->text, strlen(about->text), TEXT_SHOWN);

  item->source = g_strdup(about->source);
  item->id = g_strdup(about->id);
  item->shown = report->shown;
  item->class = report->shown ? "live" : "quiet";
  item->sign = g_strdup(report->shown ? _("● montré") : _("○ attend"));
  item->title = g_strdup(*text ? text : about->service);
  item->detail = g_strdup_printf("%s · %s · %s", about->service, name, clock);
  g_ptr_array_add(items, item);
}

/* (element-type Item) */
static GPtrArray *
read_reports(CasaTeamsPage *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func(item_free);
  CasaReports *reports = casa_model_reports(self->desk->model);
  const GArray *const lists[] = { casa_reports_waiting(reports), casa_reports_shown(reports) };

  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    for (guint k = 0; k < lists[i]->len; k++)
      add_report(items, &g_array_index(lists[i], CasaStoredReport, k));
  return items;
}

/* --- What is done --- */

static void
toggle(CasaTeamsPage *self, const Item *item)
{
  if (item->id)
    casa_reports_show(casa_model_reports(self->desk->model), item->source, item->id, !item->shown);
  else
    casa_keepsakes_show(self->desk->keepsakes, item->source, !item->shown);
  casa_teams_page_update(self);
}

static Item *
item_of(GtkWidget *row)
{
  return g_object_get_data(G_OBJECT(row), "item");
}

static void
activated_cb(GtkListBox *list, GtkListBoxRow *row, CasaTeamsPage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  toggle(self, item_of(GTK_WIDGET(row)));
}

static void
clicked_cb(GtkWidget *button, CasaTeamsPage *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  toggle(self, item_of(gtk_widget_get_ancestor(button, GTK_TYPE_LIST_BOX_ROW)));
}

/* The row that has the focus; NULL: none. */
static GtkWidget *
chosen(CasaTeamsPage *self)
{
  GtkRoot *window = gtk_widget_get_root(self->root);
  GtkWidget *focus = window ? gtk_root_get_focus(window) : NULL;
  GtkWidget *row = focus ? gtk_widget_get_ancestor(focus, GTK_TYPE_LIST_BOX_ROW) : NULL;

  return row && gtk_widget_is_ancestor(row, self->root) ? row : NULL;
}

gboolean
casa_teams_page_key(CasaTeamsPage *self, guint key, GdkModifierType state)
{
  GtkWidget *row = chosen(self);
  const Item *item = row ? item_of(row) : NULL;
  const guint letter = gdk_keyval_to_lower(key);

  if (!item || item->id || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) ||
      (letter != GDK_KEY_f && letter != GDK_KEY_a && letter != GDK_KEY_k))
    return FALSE;
  CasaTeamGate *gate = casa_model_gate(self->desk->model);
  if (letter == GDK_KEY_k && !gate)
    return FALSE;
  if (letter == GDK_KEY_k)
    casa_team_gate_turn(gate, item->source);
  else if (letter == GDK_KEY_f)
    casa_keepsakes_feature(self->desk->keepsakes, item->source);
  else
    casa_keepsakes_call(self->desk->keepsakes, item->source, FALSE);
  casa_teams_page_update(self);
  return TRUE;
}

/* --- Widgets --- */

static GtkWidget *
row_label(GtkWidget *box, const char *css_class, const char *text)
{
  GtkWidget *label = casa_label_new(css_class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  casa_label_set(label, text);
  gtk_box_append(GTK_BOX(box), label);
  return label;
}

static GtkWidget *
build_row(CasaTeamsPage *self, Item *item)
{
  GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *button = gtk_button_new();
  g_autofree char *all = g_strdup_printf("%s. %s. %s", item->title, item->sign, item->detail);

  gtk_label_set_width_chars(GTK_LABEL(row_label(box, item->class, item->sign)), 12);
  GtkWidget *title = row_label(words, "head-title", item->title);
  gtk_label_set_wrap(GTK_LABEL(title), TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(title), PANGO_ELLIPSIZE_NONE);
  row_label(words, "quiet", item->detail);
  gtk_widget_set_hexpand(words, TRUE);
  gtk_box_append(GTK_BOX(box), words);
  gtk_button_set_label(GTK_BUTTON(button), item->shown ? _("Cacher") : _("Montrer"));
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_focusable(button, FALSE); /* the row has it */
  g_signal_connect(button, "clicked", G_CALLBACK(clicked_cb), self);
  gtk_box_append(GTK_BOX(box), button);
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, all, -1);
  g_object_set_data_full(G_OBJECT(row), "item", item, item_free);
  return row;
}

static gboolean
is_same(const Item *a, const char *source, const char *id)
{
  return g_strcmp0(a->source, source) == 0 && g_strcmp0(a->id, id) == 0;
}

/* The rows anew; the one that had the focus keeps it. Takes the items. */
static void
draw(CasaTeamsPage *self, guint which, GPtrArray *items)
{
  GtkListBox *list = GTK_LIST_BOX(self->lists[which]);
  GtkWidget *focus = chosen(self), *child;
  const gboolean had = focus && gtk_widget_get_parent(focus) == self->lists[which];
  g_autofree char *source = had ? g_strdup(item_of(focus)->source) : NULL, *id = had ? g_strdup(item_of(focus)->id) : NULL;

  while ((child = gtk_widget_get_first_child(self->lists[which])) != NULL)
    gtk_list_box_remove(list, child);
  while (items->len > 0) {
    Item *item = g_ptr_array_steal_index(items, 0);
    GtkWidget *row = build_row(self, item);
    gtk_list_box_append(list, row);
    if (had && is_same(item, source, id))
      gtk_widget_grab_focus(row);
  }
}

/* Draws only what says something else than before. */
static void
take(CasaTeamsPage *self, guint which, GPtrArray *items)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < items->len; i++) {
    const Item *item = items->pdata[i];
    g_string_append_printf(text, "%s\t%s\t%s\t%s\t%s\n", item->source, item->id ? item->id : "", item->sign, item->title,
                           item->detail);
  }
  if (g_strcmp0(text->str, self->drawn[which]) != 0) {
    g_free(self->drawn[which]);
    self->drawn[which] = g_strdup(text->str);
    draw(self, which, items);
  }
  g_ptr_array_unref(items);
}

static void
say_head(CasaTeamsPage *self, guint which, const char *name, guint waiting)
{
  g_autofree char *n = casa_lang_number(waiting, 0), *text = g_strdup_printf(_("%s · en attente : %s"), name, n);

  casa_label_set(self->heads[which], text);
}

void
casa_teams_page_update(CasaTeamsPage *self)
{
  g_autoptr(GPtrArray) waiting = casa_teams_waiting(self->desk->model);

  take(self, 0, read_teams(self));
  take(self, 1, read_reports(self));
  say_head(self, 0, _("Équipes"), waiting->len);
  /* TR: what citizens report */
  say_head(self, 1, _("Signalements"), casa_reports_waiting(casa_model_reports(self->desk->model))->len);
}

static void
free_cb(gpointer data)
{
  CasaTeamsPage *self = data;

  g_free(self->drawn[0]);
  g_free(self->drawn[1]);
  g_free(self);
}

static void
build_list(CasaTeamsPage *self, guint which, GtkWidget *columns, const char *nothing)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8), *scroller = gtk_scrolled_window_new();
  GtkWidget *empty = casa_label_new("quiet");

  self->heads[which] = row_label(box, "head-title", "");
  self->lists[which] = gtk_list_box_new();
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(self->lists[which]), GTK_SELECTION_NONE);
  g_signal_connect(self->lists[which], "row-activated", G_CALLBACK(activated_cb), self);
  casa_label_set(empty, nothing);
  gtk_list_box_set_placeholder(GTK_LIST_BOX(self->lists[which]), empty);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), self->lists[which]);
  gtk_widget_add_css_class(scroller, "card");
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_box_append(GTK_BOX(box), scroller);
  gtk_box_append(GTK_BOX(columns), box);
}

CasaTeamsPage *
casa_teams_page_new(const CasaDesk *desk)
{
  CasaTeamsPage *self = g_new0(CasaTeamsPage, 1);
  GtkWidget *columns = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 20);

  self->desk = desk;
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 14);
  gtk_widget_add_css_class(self->root, "diagnose");
  row_label(self->root, "big", _("La salle ne voit que ce que vous montrez"));
  gtk_box_set_homogeneous(GTK_BOX(columns), TRUE);
  gtk_widget_set_vexpand(columns, TRUE);
  build_list(self, 0, columns, _("Aucune équipe encore"));
  build_list(self, 1, columns, _("Aucun signalement"));
  gtk_box_append(GTK_BOX(self->root), columns);
  row_label(
    self->root, "quiet",
    _("Entrée : montrer ou cacher · F : en grand · A : aidée · K : exclure, laisser revenir · G sur le mur : la suivante"));
  g_object_set_data_full(G_OBJECT(self->root), "page", self, free_cb);
  casa_teams_page_update(self);
  return self;
}

GtkWidget *
casa_teams_page_widget(CasaTeamsPage *self)
{
  return self->root;
}
