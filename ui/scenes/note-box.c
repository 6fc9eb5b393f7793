/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/note-box.h"
#include "ui/kit/direction.h"
#include "ui/text/lang.h"

/* One question. Lives as long as its popover. */
typedef struct {
  CasaKeepsakes *keepsakes; /* held */
  gint64 from_ms, to_ms;
} Question;

static void
question_free(gpointer data)
{
  Question *self = data;

  g_object_unref(self->keepsakes);
  g_free(self);
}

static gboolean
take_away_cb(gpointer data)
{
  GtkWidget *popover = data;

  if (gtk_widget_get_parent(popover))
    gtk_widget_unparent(popover);
  return G_SOURCE_REMOVE;
}

/* Not while it still closes. */
static void
closed_cb(GtkPopover *popover, gpointer data)
{
  g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, take_away_cb, g_object_ref(popover), g_object_unref);
}

static void
activate_cb(GtkEntry *entry, gpointer data)
{
  Question *question = g_object_get_data(G_OBJECT(data), "casa-note");

  casa_keepsakes_add_note(question->keepsakes, question->from_ms, question->to_ms, gtk_editable_get_text(GTK_EDITABLE(entry)));
  gtk_popover_popdown(GTK_POPOVER(data));
}

static GtkWidget *
entry_for(GtkWidget *popover)
{
  GtkWidget *entry = gtk_entry_new();

  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), _("Note, puis Entrée"));
  gtk_entry_set_max_length(GTK_ENTRY(entry), CASA_NOTE_MOST);
  gtk_editable_set_width_chars(GTK_EDITABLE(entry), 28);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Note, puis Entrée"), -1);
  g_signal_connect(entry, "activate", G_CALLBACK(activate_cb), popover);
  return entry;
}

/* Beside the place that it is about. */
static GdkRectangle
place_of(CasaChart *chart, gint64 t_ms)
{
  const CasaChartLayout *layout = casa_chart_layout(chart);

  if (!layout)
    return (GdkRectangle){ 0, 0, 1, 1 };
  const double x = CLAMP(casa_chart_layout_x(layout, t_ms), layout->x, layout->x + layout->w);
  return (GdkRectangle){ (int)x, (int)layout->y, 1, 1 };
}

/* The chart may go while it is asked. */
static void
chart_gone_cb(GtkWidget *chart, gpointer data)
{
  take_away_cb(data);
}

static void
note_cb(CasaChart *chart, gint64 from_ms, gint64 to_ms, gpointer data)
{
  GtkWidget *popover = gtk_popover_new(), *entry = entry_for(popover);
  Question *question = g_new0(Question, 1);
  const GdkRectangle place = place_of(chart, from_ms);

  question->keepsakes = g_object_ref(data);
  question->from_ms = from_ms;
  question->to_ms = to_ms;
  g_object_set_data_full(G_OBJECT(popover), "casa-note", question, question_free);
  gtk_popover_set_child(GTK_POPOVER(popover), entry);
  gtk_popover_set_pointing_to(GTK_POPOVER(popover), &place);
  gtk_widget_set_parent(popover, GTK_WIDGET(chart));
  casa_direction_apply(popover);
  g_signal_connect(popover, "closed", G_CALLBACK(closed_cb), NULL);
  g_signal_connect_object(chart, "destroy", G_CALLBACK(chart_gone_cb), popover, 0);
  gtk_popover_popup(GTK_POPOVER(popover));
  gtk_widget_grab_focus(entry);
}

static void
undo_cb(CasaChart *chart, gpointer data)
{
  casa_keepsakes_undo_note(data);
}

void
casa_note_box_attach(CasaChart *chart, CasaKeepsakes *keepsakes)
{
  if (!keepsakes)
    return;
  g_signal_connect_object(chart, "note", G_CALLBACK(note_cb), keepsakes, 0);
  g_signal_connect_object(chart, "undo-note", G_CALLBACK(undo_cb), keepsakes, 0);
}
