/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "ui/kit/label.h"
#include "ui/kit/line-box.h"
#include "ui/scenes/parts.h"
#include "ui/text/phrases.h"

/* A row of labels that Tab can reach: a GtkBox hands the focus on to its children, which take none. */
#define CASA_TYPE_FACT_ROW (casa_fact_row_get_type())
G_DECLARE_FINAL_TYPE(CasaFactRow, casa_fact_row, CASA, FACT_ROW, GtkWidget)

struct _CasaFactRow {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE(CasaFactRow, casa_fact_row, GTK_TYPE_WIDGET)

static void
fact_row_dispose(GObject *object)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL;)
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(casa_fact_row_parent_class)->dispose(object);
}

static void
casa_fact_row_class_init(CasaFactRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = fact_row_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
casa_fact_row_init(CasaFactRow *self)
{
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
}

#define TURN_US (6 * G_USEC_PER_SEC) /* long enough to read what a turn brings */

/* Figures in one line: name, number, unit, parted by thin strokes. Where the line is too narrow, those at its end take
 * turns. */
typedef struct {
  GtkWidget *box, *name, *number, *unit;
  const CasaIndicator *indicator;
} Fact;

typedef struct {
  CasaModel *model;
  GArray *facts; /* Fact */
} Ribbon;

static void
ribbon_free(gpointer data)
{
  Ribbon *self = data;

  g_array_unref(self->facts);
  g_free(self);
}

static void
update(CasaPart *part)
{
  Ribbon *self = part->state;

  casa_line_box_set_turn(CASA_LINE_BOX(part->widget), (guint)(casa_clock_mono_us() / TURN_US));
  for (guint i = 0; i < self->facts->len; i++) {
    const Fact *fact = &g_array_index(self->facts, Fact, i);
    CasaTilePhrases words;
    casa_phrases_tile(self->model, fact->indicator, &words);
    g_autofree char *spoken = g_strdup_printf("%s : %s %s", words.name, words.number, words.unit);
    casa_label_set(fact->name, words.name);
    casa_label_set(fact->number, words.number);
    casa_label_set(fact->unit, words.unit);
    gtk_accessible_update_property(GTK_ACCESSIBLE(fact->box), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    casa_tile_phrases_clear(&words);
  }
}

static Fact
fact_new(const CasaIndicator *indicator)
{
  Fact fact = { .box = g_object_new(CASA_TYPE_FACT_ROW, NULL), .indicator = indicator };

  fact.name = casa_label_new("casa-fact-name");
  fact.number = casa_label_new_number("casa-fact-number");
  fact.unit = casa_label_new("casa-fact-unit");
  gtk_widget_add_css_class(fact.box, "casa-fact");
  gtk_widget_set_valign(fact.box, GTK_ALIGN_CENTER);
  gtk_widget_set_parent(fact.name, fact.box);
  gtk_widget_set_parent(fact.number, fact.box);
  gtk_widget_set_parent(fact.unit, fact.box);
  return fact;
}

static void
build(CasaPart *part, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Ribbon *self = part->state = g_new0(Ribbon, 1);
  g_autoptr(GPtrArray) indicators = casa_part_indicators(spec, "indicators", context->model);

  part->free_state = ribbon_free;
  self->model = context->model;
  self->facts = g_array_new(FALSE, FALSE, sizeof(Fact));
  part->widget = casa_line_box_new();
  gtk_widget_add_css_class(part->widget, "casa-ribbon");
  for (guint i = 0; i < indicators->len; i++) {
    Fact fact = fact_new(indicators->pdata[i]);
    g_array_append_val(self->facts, fact);
    casa_line_box_append(CASA_LINE_BOX(part->widget), fact.box);
  }
  part->update = update;
}

static const CasaPartOption OPTIONS[] = { { "indicators", CASA_OPTION_INDICATORS, TRUE }, { NULL } };
const CasaPartClass casa_part_ribbon = { "ribbon", OPTIONS, build };
