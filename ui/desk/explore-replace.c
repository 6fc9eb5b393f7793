/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-replace.h"
#include "ui/desk/explore-curve.h"
#include "ui/kit/label.h"
#include "ui/kit/side-window.h"
#include "ui/text/lang.h"

#define ANSWER "casa-answer" /* the number of the curve that goes, of a button */

typedef struct {
  GtkWidget *root; /* weak: NULL when it has gone, and @data with it */
  char *path;
  CasaExploreReplace replace;
  gpointer data;
} Question;

static void
answer_cb(GtkButton *button, Question *self)
{
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(button)));

  if (self->root)
    self->replace(GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), ANSWER)), self->path, self->data);
  gtk_window_destroy(window);
}

static void
question_free(gpointer data)
{
  Question *self = data;

  g_clear_weak_pointer(&self->root);
  g_free(self->path);
  g_free(self);
}

static void
add_answer(GtkWidget *box, Question *question, guint curve, const char *title)
{
  GtkWidget *button = gtk_button_new_with_label(title);

  g_object_set_data(G_OBJECT(button), ANSWER, GUINT_TO_POINTER(curve));
  gtk_widget_add_css_class(button, ANSWER);
  gtk_label_set_ellipsize(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(button))), PANGO_ELLIPSIZE_END);
  g_signal_connect(button, "clicked", G_CALLBACK(answer_cb), question);
  gtk_box_append(GTK_BOX(box), button);
}

void
casa_explore_replace_ask(GtkWidget *root, GPtrArray *curves, const char *path, CasaExploreReplace replace, gpointer data)
{
  Question *question = g_new0(Question, 1);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *label = casa_label_new("casa-side-words");

  question->path = g_strdup(path);
  question->replace = replace;
  question->data = data;
  g_set_weak_pointer(&question->root, root);
  gtk_widget_add_css_class(box, "casa-side-answers");
  casa_label_set(label, _("Laquelle la nouvelle doit-elle remplacer ?"));
  gtk_box_append(GTK_BOX(box), label);
  for (guint i = 0; i < curves->len; i++) {
    g_autofree char *title = casa_explore_curve_title(curves->pdata[i]);
    add_answer(box, question, i, title);
  }
  GtkWindow *window = casa_side_window_new(GTK_WINDOW(gtk_widget_get_root(root)), _("Quatre courbes au plus"), box, 0.35, 0.45);
  g_object_set_data_full(G_OBJECT(window), ANSWER, question, question_free);
  gtk_window_present(window);
}
