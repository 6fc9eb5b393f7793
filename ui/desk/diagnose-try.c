/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/diagnose-try.h"

#include "base/clock.h"
#include "teams/trial.h"
#include "ui/desk/diagnose-words.h"
#include "ui/kit/direction.h"
#include "ui/kit/label.h"
#include "ui/text/lang.h"

#include <string.h>

struct _CasaDiagnoseTry {
  const CasaDesk *desk;
  char *team;
  GtkWidget *root, *topic, *payload, *verdict, *detail;
  GCancellable *gone;
  gboolean asked, again; /* again: something was typed since it was asked */
};

/* --- What is judged, on a thread of its own --- */

typedef struct {
  const CasaConfig *config;
  char *topic, *payload;
} Question;

static void
question_free(gpointer data)
{
  Question *q = data;

  g_free(q->topic);
  g_free(q->payload);
  g_free(q);
}

static void
judge_cb(GTask *task, gpointer source, gpointer data, GCancellable *gone)
{
  const Question *q = data;
  GError *error = NULL;
  CasaTrial *trial = casa_trial_new(q->config, q->topic, q->payload, casa_clock_now_ms(), &error);

  if (trial)
    g_task_return_pointer(task, trial, (GDestroyNotify)casa_trial_free);
  else
    g_task_return_error(task, error);
}

/* --- What is shown --- */

static void
say(CasaDiagnoseTry *self, const CasaTrial *t)
{
  g_autoptr(GString) detail = g_string_new(NULL);
  const gboolean partly = t->usable && t->why.code;
  const char *class = !t->usable ? "refusal" : partly ? "attention" : "good";
  g_autofree char *n = casa_lang_number(t->n_values, 0), *stored = g_strdup_printf(_("✓ Serait stocké : %s"), n);
  g_autofree char *part = g_strdup_printf(_("▲ En partie : %s, le reste est refusé"), n);

  casa_label_set(self->verdict, !t->usable         ? _("✕ Serait refusé")
                                : partly           ? part
                                : t->n_values == 0 ? _("✓ Compris ; rien à stocker")
                                                   : stored);
  gtk_widget_set_css_classes(self->verdict, (const char *[]){ "strong", class, NULL });
  if (t->mended)
    g_string_append_printf(detail, "%s → %s\n", t->mend.wrong, t->mend.right);
  if (t->why.code) {
    char said[CASA_REASON_SIZE];
    g_string_append_printf(detail, "%s\n", casa_diagnose_reason(&t->why, t->why.code, said));
  }
  for (guint i = 0; i < t->readings->len; i++)
    g_string_append_printf(detail, "%s\n", (char *)t->readings->pdata[i]);
  if (t->n_values > t->readings->len)
    g_string_append_printf(detail, "+%u\n", t->n_values - t->readings->len);
  g_strchomp(detail->str);
  casa_label_set(self->detail, detail->str);
}

static void ask(CasaDiagnoseTry *self);

static void
answer_cb(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaTrial) trial = g_task_propagate_pointer(G_TASK(result), &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the page is gone */
  CasaDiagnoseTry *self = data;
  CASA_LANG_SCOPE(self->desk->language);
  self->asked = FALSE;
  if (self->again) {
    ask(self);
    return;
  }
  if (trial)
    say(self, trial);
  else
    casa_label_set(self->verdict, error->message);
}

static void
ask(CasaDiagnoseTry *self)
{
  const char *payload = gtk_editable_get_text(GTK_EDITABLE(self->payload));

  self->again = self->asked;
  if (self->asked)
    return;
  if (!*payload) {
    casa_label_set(self->verdict, _("Collez ici ce que votre appareil envoie."));
    gtk_widget_set_css_classes(self->verdict, (const char *[]){ "quiet", NULL });
    casa_label_set(self->detail, "");
    return;
  }
  Question *q = g_new0(Question, 1);
  q->config = self->desk->config;
  q->topic = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->topic)));
  q->payload = g_strdup(payload);
  g_autoptr(GTask) task = g_task_new(NULL, self->gone, answer_cb, self);
  g_task_set_task_data(task, q, question_free);
  g_task_set_check_cancellable(task, TRUE);
  self->asked = TRUE;
  g_task_run_in_thread(task, judge_cb);
}

static void
typed_cb(GtkEditable *entry, CasaDiagnoseTry *self)
{
  CASA_LANG_SCOPE(self->desk->language);

  ask(self);
}

/* --- Widgets --- */

static GtkWidget *
entry_in(CasaDiagnoseTry *self, const char *name)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12), *label = casa_label_new("quiet"), *entry = gtk_entry_new();

  casa_label_set(label, name);
  gtk_label_set_width_chars(GTK_LABEL(label), 10);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(entry, "code");
  gtk_widget_add_css_class(entry, CASA_CLASS_LTR);
  gtk_widget_set_hexpand(entry, TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append(GTK_BOX(line), label);
  gtk_box_append(GTK_BOX(line), entry);
  gtk_box_append(GTK_BOX(self->root), line);
  g_signal_connect(entry, "changed", G_CALLBACK(typed_cb), self);
  return entry;
}

static GtkWidget *
label_in(CasaDiagnoseTry *self, const char *css_class)
{
  GtkWidget *label = casa_label_new(css_class);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
  gtk_box_append(GTK_BOX(self->root), label);
  return label;
}

static void
free_cb(gpointer data)
{
  CasaDiagnoseTry *self = data;

  g_cancellable_cancel(self->gone);
  g_object_unref(self->gone);
  g_free(self->team);
  g_free(self);
}

CasaDiagnoseTry *
casa_diagnose_try_new(const CasaDesk *desk)
{
  CasaDiagnoseTry *self = g_new0(CasaDiagnoseTry, 1);

  self->desk = desk;
  self->gone = g_cancellable_new();
  self->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_add_css_class(self->root, "card");
  gtk_widget_add_css_class(self->root, "refused-row");
  casa_label_set(label_in(self, "head-title"), _("Essayer sans envoyer"));
  self->topic = entry_in(self, _("Sujet"));
  self->payload = entry_in(self, _("Message"));
  self->verdict = label_in(self, "quiet");
  self->detail = label_in(self, "code");
  gtk_widget_set_visible(self->root, FALSE);
  ask(self);
  g_object_set_data_full(G_OBJECT(self->root), "try", self, free_cb);
  return self;
}

GtkWidget *
casa_diagnose_try_widget(CasaDiagnoseTry *self)
{
  return self->root;
}

void
casa_diagnose_try_set_team(CasaDiagnoseTry *self, const char *team)
{
  if (g_strcmp0(team, self->team) == 0)
    return;
  g_free(self->team);
  self->team = g_strdup(team);
  g_autofree char *topic = g_strdup_printf("%s/%s/air/toit", self->desk->config->root, team);
  gtk_editable_set_text(GTK_EDITABLE(self->topic), topic);
}

void
casa_diagnose_try_toggle(CasaDiagnoseTry *self)
{
  const gboolean on = !gtk_widget_get_visible(self->root);

  gtk_widget_set_visible(self->root, on);
  if (on)
    gtk_widget_grab_focus(self->payload);
}
