/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/fraction-layout.h"
#include "ui/kit/label.h"
#include "ui/kit/shrink-bin.h"
#include "ui/scenes/parts.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <math.h>

/* How the city stands beside what standards ask of it: a row for each yardstick, and below the formula and source of the one
 * that is chosen, by a click or Enter; Escape gives back the first one. What it says is worked out elsewhere:
 * ui/data/governance.h. */

#define FOOT 0.17 /* of the height: the formula */
#define WORST_SHOWN 3

typedef struct Governance Governance;

typedef struct {
  Governance *owner;
  guint index;
  GtkWidget *button, *name, *state, *value, *verdict;
} Row;

struct Governance {
  CasaModel *model;
  gboolean narrow;
  GtkWidget *table, *empty, *title, *formula, *source;
  GSimpleActionGroup *actions; /* CASA_PART_LEAVE is among them while something is chosen */
  GPtrArray *rows;             /* Row */
  guint revision;              /* of what stands there */
  char *chosen;                /* id of a yardstick; NULL: the first that has a figure */
};

static void
governance_free(gpointer data)
{
  Governance *self = data;

  g_ptr_array_unref(self->rows);
  g_object_unref(self->actions);
  g_free(self->chosen);
  g_free(self);
}

/* --- Words --- */

/* "1 sur 365 j" */
static char *
coverage(const CasaFinding *finding)
{
  g_autofree char *covered = casa_lang_number(floor(finding->covered), 0), *period = casa_lang_number(finding->period, 0);

  if (finding->period == 0)
    return g_strdup("");
  /* TR: how much of a period is known: "12 of 365 days" */
  return g_strdup_printf(finding->in_hours ? _("%s sur %s h") : _("%s sur %s jours"), covered, period);
}

static char *
state_of(const CasaFinding *finding)
{
  g_autofree char *known = coverage(finding);
  g_autoptr(GString) out = g_string_new(known);

  if (finding->simulated)
    g_string_append_printf(out, "%s◆ %s", out->len ? " · " : "", _("simulé"));
  if (finding->yardstick->estimate)
    g_string_append_printf(out, "%s◇ %s", out->len ? " · " : "", _("estimé"));
  if (finding->place_fr && finding->state == CASA_FINDING_VALUE)
    g_string_append_printf(out, "%s%s", out->len ? " · " : "", casa_lang_local(finding->place_fr, finding->place_ar));
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *
value_of(const CasaFinding *finding)
{
  g_autofree char *number = casa_lang_number(finding->value, finding->yardstick->decimals);

  if (finding->state == CASA_FINDING_NO_DATA)
    return g_strdup(_("pas de donnée"));
  if (finding->state == CASA_FINDING_NOT_ENOUGH)
    return g_strdup(_("pas assez de données"));
  return g_strdup_printf("%s %s", number, casa_phrases_text(&finding->yardstick->unit));
}

/* Sign, word and bound: "▲ dépassé · 35 au plus". */
static char *
verdict_of(const CasaFinding *finding)
{
  const CasaYardstick *y = finding->yardstick;
  const gboolean counts = y->kind == CASA_YARDSTICK_EXCEEDANCE;
  g_autofree char *bound = casa_lang_number(counts ? y->allowed : y->limit, 0);
  g_autofree char *limit = g_strdup_printf(y->at_least ? _("%s au moins") : _("%s au plus"), bound);
  const char *word = "";

  if (!isfinite(y->limit))
    return g_strdup("");
  switch (finding->judgement) {
  case CASA_JUDGED_GOOD: word = _("✓ respecté"); break;
  case CASA_JUDGED_BAD: word = y->at_least ? _("▼ non atteint") : _("▲ dépassé"); break;
  case CASA_JUDGED_NOT_YET: word = _("… pas encore jugé"); break;
  case CASA_JUDGED_NOTHING: break;
  }
  return g_strdup_printf("%s%s%s", word, *word ? " · " : "", limit);
}

/* "Moulay Thami 22:00 (71)": the least comfortable stops of the night. */
static void
append_worst(GString *out, const CasaFinding *finding)
{
  for (guint i = 0; finding->worst && finding->state == CASA_FINDING_VALUE && i < MIN(finding->worst->len, WORST_SHOWN); i++) {
    const CasaWayHome *way = &g_array_index(finding->worst, CasaWayHome, i);
    g_autofree char *score = casa_lang_number(way->score, 0), *hour = casa_lang_hour(way->hour_ms);
    g_string_append_printf(out, "%s%s, %s (%s)", i ? " ; " : " · ", casa_lang_local(way->stop->name_fr, way->stop->name_ar),
                           hour, score);
  }
}

/* --- The table --- */

static void
set_class(GtkWidget *widget, const char *class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class(widget, class);
  else
    gtk_widget_remove_css_class(widget, class);
}

static void
say_row(const Row *row, const CasaFinding *finding)
{
  g_autofree char *state = state_of(finding), *value = value_of(finding), *verdict = verdict_of(finding);
  const char *name = casa_phrases_text(&finding->yardstick->name);
  g_autofree char *spoken =
    g_strdup_printf("%s : %s%s%s%s%s", name, value, *verdict ? ", " : "", verdict, *state ? ", " : "", state);

  casa_label_set(row->name, name);
  casa_label_set(row->state, state);
  casa_label_set(row->value, value);
  casa_label_set(row->verdict, verdict);
  set_class(row->value, "casa-unknown", finding->state != CASA_FINDING_VALUE);
  set_class(row->verdict, "casa-good", finding->judgement == CASA_JUDGED_GOOD);
  set_class(row->verdict, "casa-bad", finding->judgement == CASA_JUDGED_BAD);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static const CasaFinding *
chosen_of(const Governance *self, const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++) {
    const CasaFinding *finding = findings->pdata[i];
    if (self->chosen ? g_str_equal(self->chosen, finding->yardstick->id) : finding->state == CASA_FINDING_VALUE)
      return finding;
  }
  return findings->len ? findings->pdata[0] : NULL;
}

/* Who does not see the foot is told the chosen row's formula and source with the row. */
static void
mark(const Row *row, gboolean chosen, const CasaYardstick *yardstick, const char *source)
{
  g_autofree char *told = chosen ? g_strdup_printf("%s. %s", casa_phrases_text(&yardstick->formula), source) : g_strdup("");

  set_class(row->button, "casa-chosen", chosen);
  gtk_accessible_update_property(GTK_ACCESSIBLE(row->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, told, -1);
}

static void
say_chosen(Governance *self, const GPtrArray *findings)
{
  const CasaFinding *finding = chosen_of(self, findings);
  g_autoptr(GString) title = g_string_new(NULL);

  if (!finding)
    return;
  g_string_append_printf(title, "%s · %s", casa_phrases_text(&finding->yardstick->theme),
                         casa_phrases_text(&finding->yardstick->name));
  append_worst(title, finding);
  casa_label_set(self->title, title->str);
  casa_label_set(self->formula, casa_phrases_text(&finding->yardstick->formula));
  /* The standards' own names, as they are cited. */
  g_autofree char *source = g_strdup_printf(_("Source : %s"), casa_phrases_text(&finding->yardstick->source));
  casa_label_set(self->source, source);
  for (guint i = 0; i < MIN(self->rows->len, findings->len); i++)
    mark(self->rows->pdata[i], findings->pdata[i] == (gconstpointer)finding, finding->yardstick, source);
}

static void
choose(Governance *self, const char *id)
{
  g_free(self->chosen);
  self->chosen = g_strdup(id); /* before what it stands in is gone */
  const CasaGovernanceView *view =
    casa_governance_want(casa_model_governance(self->model), casa_model_summary(self->model)->now_ms);
  if (!id)
    g_action_map_remove_action(G_ACTION_MAP(self->actions), "leave");
  if (view->findings)
    say_chosen(self, view->findings);
}

static void
leave_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  choose(data, NULL);
}

/* While something is chosen, Escape is ours. */
static void
take_escape(Governance *self)
{
  g_autoptr(GSimpleAction) leave = g_simple_action_new("leave", NULL);

  g_signal_connect(leave, "activate", G_CALLBACK(leave_cb), self);
  g_action_map_add_action(G_ACTION_MAP(self->actions), G_ACTION(leave));
}

static void
clicked_cb(GtkButton *button, gpointer data)
{
  const Row *row = data;
  Governance *self = row->owner;
  const CasaGovernanceView *view =
    casa_governance_want(casa_model_governance(self->model), casa_model_summary(self->model)->now_ms);

  if (!view->findings || row->index >= view->findings->len)
    return;
  take_escape(self);
  choose(self, ((const CasaFinding *)view->findings->pdata[row->index])->yardstick->id);
}

static GtkWidget *
put_label(GtkWidget *layout, const char *class, double xalign, CasaFractions slot)
{
  GtkWidget *label = casa_label_new(class);

  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(layout), casa_shrink_bin_new(label, xalign, 0.5), slot);
  return label;
}

static void
add_row(Governance *self, guint index, CasaFractions slot)
{
  Row *row = g_new0(Row, 1);
  GtkWidget *layout = casa_fraction_layout_new();

  *row = (Row){ .owner = self, .index = index, .button = gtk_button_new() };
  gtk_button_set_has_frame(GTK_BUTTON(row->button), FALSE);
  gtk_widget_add_css_class(row->button, "casa-yardstick");
  row->name = put_label(layout, "casa-yardstick-name", 0, (CasaFractions){ 0.02, 0.02, 0.56, 0.52 });
  row->state = put_label(layout, "casa-yardstick-state", 0, (CasaFractions){ 0.02, 0.55, 0.56, 0.43 });
  row->value = put_label(layout, "casa-yardstick-name", 1, (CasaFractions){ 0.6, 0.02, 0.38, 0.52 });
  row->verdict = put_label(layout, "casa-verdict", 1, (CasaFractions){ 0.6, 0.55, 0.38, 0.43 });
  gtk_button_set_child(GTK_BUTTON(row->button), layout);
  g_signal_connect(row->button, "clicked", G_CALLBACK(clicked_cb), row);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->table), row->button, slot);
  g_ptr_array_add(self->rows, row);
}

/* Two columns, one where the window is narrow. */
static void
make_rows(Governance *self, guint n)
{
  const guint columns = self->narrow ? 1 : 2, lines = (n + columns - 1) / columns;

  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_unparent(((Row *)self->rows->pdata[i])->button);
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; i < n; i++)
    add_row(self, i, (CasaFractions){ (double)(i / lines) / columns, (double)(i % lines) / lines, 1.0 / columns, 1.0 / lines });
}

static void
update(CasaPart *part)
{
  Governance *self = part->state;
  const CasaGovernanceView *view =
    casa_governance_want(casa_model_governance(self->model), casa_model_summary(self->model)->now_ms);

  gtk_widget_set_visible(self->empty, !view->findings);
  gtk_widget_set_visible(self->table, view->findings != NULL);
  if (view->revision == self->revision)
    return;
  self->revision = view->revision;
  casa_label_set(self->empty, view->fault ? _("Les indicateurs ne peuvent pas être calculés") : _("Calcul en cours"));
  if (!view->findings)
    return;
  if (self->rows->len != view->findings->len)
    make_rows(self, view->findings->len);
  for (guint i = 0; i < self->rows->len; i++)
    say_row(self->rows->pdata[i], view->findings->pdata[i]);
  say_chosen(self, view->findings);
}

static GtkWidget *
put_text(GtkWidget *layout, const char *class, guint lines, CasaFractions slot)
{
  GtkWidget *label = casa_label_new(class);

  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_lines(GTK_LABEL(label), (int)lines);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_yalign(GTK_LABEL(label), 0);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(layout), label, slot);
  return label;
}

static GtkWidget *
build_foot(Governance *self)
{
  GtkWidget *foot = casa_fraction_layout_new();

  gtk_widget_add_css_class(foot, "casa-panel");
  self->title = put_label(foot, "casa-card-value", 0, (CasaFractions){ 0.015, 0.04, 0.97, 0.22 });
  self->formula = put_text(foot, "casa-card-name", 3, (CasaFractions){ 0.015, 0.27, 0.97, 0.49 });
  self->source = put_label(foot, "casa-card-subtitle", 0, (CasaFractions){ 0.015, 0.77, 0.97, 0.2 });
  return foot;
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Governance *self = part->state = g_new0(Governance, 1);
  GtkWidget *panel = casa_fraction_layout_new();

  part->free_state = governance_free;
  self->model = context->model;
  self->narrow = context->narrow;
  self->rows = g_ptr_array_new_with_free_func(g_free);
  self->actions = g_simple_action_group_new();
  self->table = casa_fraction_layout_new();
  set_class(self->table, "casa-dense", self->narrow);
  self->empty = casa_label_new("casa-name");
  casa_label_set(self->empty, _("Calcul en cours"));
  gtk_widget_add_css_class(panel, "casa-panel");
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(panel), self->table, (CasaFractions){ 0, 0, 1, 1 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(panel), casa_shrink_bin_new(self->empty, 0.5, 0.5),
                           (CasaFractions){ 0, 0.4, 1, 0.2 });
  part->widget = casa_fraction_layout_new();
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), panel, (CasaFractions){ 0, 0, 1, 1 - FOOT - 0.012 });
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(part->widget), build_foot(self), (CasaFractions){ 0, 1 - FOOT, 1, FOOT });
  gtk_widget_insert_action_group(part->widget, "part", G_ACTION_GROUP(self->actions));
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { NULL } };
const CasaPartClass casa_part_governance = { "governance", OPTIONS, build };
