/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-teams.h"
#include "ui/data/teams.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/phrases.h"

#define WAITING 2 /* rows of teams that wait; more are a number */

typedef struct {
  CasaTeamQueue *queue;
  GtkWidget *line, *number, *name, *what, *button;
  char *source; /* NULL: the row is empty */
} Row;

struct _CasaTeamQueue {
  CasaModel *model;
  CasaWindow *hall; /* weak */
  GtkWidget *box, *title, *more;
  GtkWidget *gate, *gate_words, *gate_fault, *gate_button; /* whom one key shuts out */
  Row rows[1 + WAITING];                                   /* the first: the team that is large in the hall */
};

static void
click_cb(GtkButton *button, Row *row)
{
  CasaTeamQueue *self = row->queue;
  CasaKeepsakes *keepsakes = casa_model_keepsakes(self->model);

  if (!row->source || !keepsakes)
    return;
  if (row == &self->rows[0]) {
    casa_keepsakes_show(keepsakes, row->source, FALSE);
    if (self->hall)
      casa_window_show_teams(self->hall, FALSE);
  } else if (casa_keepsakes_is_called(keepsakes, row->source)) {
    casa_keepsakes_call(keepsakes, row->source, FALSE);
  } else {
    casa_keepsakes_feature(keepsakes, row->source);
    if (self->hall)
      casa_window_show_teams(self->hall, TRUE);
  }
  casa_team_queue_look(self);
}

static void
turn_cb(GtkButton *button, CasaTeamQueue *self)
{
  gtk_widget_activate_action(GTK_WIDGET(button), "app.turn-team", NULL);
  casa_team_queue_look(self);
}

static GtkWidget *
label_in(GtkWidget *line, const char *class)
{
  GtkWidget *label = casa_label_new(class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_box_append(GTK_BOX(line), label);
  return label;
}

static void
build_row(CasaTeamQueue *self, guint i)
{
  Row *row = &self->rows[i];

  row->queue = self;
  row->line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_add_css_class(row->line, i == 0 ? "current" : "line");
  row->number = label_in(row->line, "honest-small");
  row->name = label_in(row->line, "name");
  row->what = label_in(row->line, "muted");
  gtk_widget_set_hexpand(row->what, TRUE);
  row->button = gtk_button_new();
  gtk_widget_set_focusable(row->button, FALSE);
  gtk_widget_add_css_class(row->button, "off");
  g_signal_connect(row->button, "clicked", G_CALLBACK(click_cb), row);
  gtk_box_append(GTK_BOX(row->line), row->button);
  gtk_box_append(GTK_BOX(self->box), row->line);
}

static void
build_gate(CasaTeamQueue *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);

  self->gate = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class(line, "line");
  gtk_box_append(GTK_BOX(self->gate), line);
  self->gate_words = label_in(line, "soon");
  gtk_widget_set_hexpand(self->gate_words, TRUE);
  self->gate_fault = label_in(self->gate, "soon");
  gtk_label_set_ellipsize(GTK_LABEL(self->gate_fault), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(self->gate_fault), TRUE);
  gtk_label_set_lines(GTK_LABEL(self->gate_fault), 4);
  self->gate_button = gtk_button_new();
  gtk_widget_set_focusable(self->gate_button, FALSE);
  gtk_widget_set_valign(self->gate_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(self->gate_button, "off");
  g_signal_connect(self->gate_button, "clicked", G_CALLBACK(turn_cb), self);
  gtk_box_append(GTK_BOX(line), self->gate_button);
  gtk_widget_set_visible(self->gate, FALSE);
}

static void
free_cb(gpointer data)
{
  CasaTeamQueue *self = data;

  for (guint i = 0; i < G_N_ELEMENTS(self->rows); i++)
    g_free(self->rows[i].source);
  g_clear_weak_pointer(&self->hall);
  g_free(self);
}

CasaTeamQueue *
casa_team_queue_new(CasaModel *model, CasaWindow *hall)
{
  CasaTeamQueue *self = g_new0(CasaTeamQueue, 1);

  self->model = model;
  g_set_weak_pointer(&self->hall, hall);
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  build_gate(self);
  self->title = label_in(self->box, "strong");
  for (guint i = 0; i < G_N_ELEMENTS(self->rows); i++)
    build_row(self, i);
  self->more = label_in(self->box, "muted");
  g_object_set_data_full(G_OBJECT(self->box), "casa-team-queue", self, free_cb);
  return self;
}

GtkWidget *
casa_team_queue_widget(CasaTeamQueue *self)
{
  return self->box;
}

GtkWidget *
casa_team_queue_gate(CasaTeamQueue *self)
{
  return self->gate;
}

static void
say_row(CasaTeamQueue *self, Row *row, const CasaTeamState *team, const char *deed)
{
  CasaTilePhrases words = { 0 };
  g_autofree char *number = team->number ? casa_lang_number(team->number, 0) : g_strdup("·");
  g_autofree char *name = casa_name_tame(team->source);

  if (team->series != G_MAXUINT)
    casa_phrases_series(self->model, team->series, &words);
  if (g_strcmp0(row->source, team->source) != 0) {
    g_free(row->source);
    row->source = g_strdup(team->source);
  }
  casa_label_set(row->number, number);
  casa_label_set(row->name, name);
  casa_label_set(row->what, team->called  ? _("▲ à aider")
                            : team->over  ? _("▲ a dépassé son quota")
                            : !team->live ? _("○ muette")
                            : words.name  ? words.name
                                          : "");
  gtk_button_set_label(GTK_BUTTON(row->button), deed);
  gtk_widget_set_visible(row->line, TRUE);
  casa_tile_phrases_clear(&words);
}

static void
empty_row(Row *row)
{
  g_clear_pointer(&row->source, g_free);
  gtk_widget_set_visible(row->line, FALSE);
}

/* "2 équipes attendent d'être montrées · G" */
static void
say_title(CasaTeamQueue *self, guint n)
{
  g_autofree char *text =
    g_strdup_printf(casa_tr_n("%u équipe attend d’être montrée · G", "%u équipes attendent d’être montrées · G", n), n);
  g_autofree char *more = n > WAITING ? g_strdup_printf("+%u", n - WAITING) : g_strdup("");

  casa_label_set(self->title, n ? text : _("Aucune équipe n'attend d'être montrée"));
  casa_label_set(self->more, more);
  gtk_widget_set_visible(self->more, n > WAITING);
}

/* TR: %s: a team */
static void
say_gate(CasaTeamQueue *self)
{
  CasaTeamGate *gate = casa_model_gate(self->model);
  const char *team = gate ? casa_team_gate_offender(gate, g_get_monotonic_time()) : NULL;

  gtk_widget_set_visible(self->gate, team != NULL);
  if (!team)
    return;
  const CasaGateState state = casa_team_gate_state(gate, team);
  const char *fault = casa_team_gate_fault(gate, team);
  g_autofree char *name = casa_name_tame(team);
  g_autofree char *words = g_strdup_printf(state == CASA_GATE_TURNING ? _("… %s : demandé au broker")
                                           : state == CASA_GATE_SHUT  ? _("✕ %s est exclue : ses connexions sont fermées")
                                                                      : _("▲ %s dépasse son quota"),
                                           name);
  g_autofree char *why = fault ? g_strdup_printf("✕ %s", fault) : g_strdup("");

  casa_label_set(self->gate_words, words);
  casa_label_set(self->gate_fault, why);
  gtk_widget_set_visible(self->gate_fault, fault != NULL);
  gtk_button_set_label(GTK_BUTTON(self->gate_button), state == CASA_GATE_SHUT ? _("Laisser revenir (K)") : _("Exclure (K)"));
  gtk_widget_set_sensitive(self->gate_button, state != CASA_GATE_TURNING);
}

void
casa_team_queue_look(CasaTeamQueue *self)
{
  CasaKeepsakes *keepsakes = casa_model_keepsakes(self->model);
  const char *featured = keepsakes ? casa_keepsakes_featured(keepsakes) : NULL;
  g_autoptr(GPtrArray) teams = casa_teams_all(self->model), queue = casa_teams_waiting(self->model);
  gboolean large = FALSE;
  guint waiting = 0;

  for (guint i = 0; keepsakes && i < teams->len; i++) {
    const CasaTeamState *team = teams->pdata[i];
    if (g_strcmp0(team->source, featured) == 0) {
      large = TRUE;
      say_row(self, &self->rows[0], team, _("Cacher (Maj+G)"));
    }
  }
  for (guint i = 0; keepsakes && i < queue->len; i++) {
    const CasaTeamState *team = queue->pdata[i];
    if (waiting++ < WAITING)
      say_row(self, &self->rows[waiting], team, team->called ? _("Aidée") : _("Montrer"));
  }
  if (!large)
    empty_row(&self->rows[0]);
  for (guint i = waiting + 1; i < G_N_ELEMENTS(self->rows); i++)
    empty_row(&self->rows[i]);
  say_title(self, waiting);
  say_gate(self);
}
