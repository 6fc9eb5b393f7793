/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/explore-replace.h"
#include "ui/desk/explore-curve.h"
#include "ui/kit/direction.h"
#include "ui/text/lang.h"
#include <adwaita.h>

typedef struct {
  GtkWidget *root; /* weak: NULL when it has gone, and @data with it */
  char *path;
  CasaExploreReplace replace;
  gpointer data;
} Question;

static void
response_cb(AdwMessageDialog *dialog, const char *response, Question *self)
{
  if (self->root && g_ascii_isdigit(*response))
    self->replace((guint)(*response - '0'), self->path, self->data);
}

static void
question_free(gpointer data, GClosure *closure)
{
  Question *self = data;

  g_clear_weak_pointer(&self->root);
  g_free(self->path);
  g_free(self);
}

static void
add_responses(AdwMessageDialog *dialog, GPtrArray *curves)
{
  adw_message_dialog_add_response(dialog, "cancel", _("Annuler"));
  for (guint i = 0; i < curves->len; i++) {
    char id[2] = { (char)('0' + i), '\0' };
    g_autofree char *title = casa_explore_curve_title(curves->pdata[i]);
    g_auto(GStrv) parts = g_strsplit(title, "_", -1);
    g_autofree char *plain = g_strjoinv("__", parts); /* an underscore would be a mnemonic */
    adw_message_dialog_add_response(dialog, id, plain);
  }
  adw_message_dialog_set_close_response(dialog, "cancel");
}

void
casa_explore_replace_ask(GtkWidget *root, GPtrArray *curves, const char *path, CasaExploreReplace replace, gpointer data)
{
  Question *question = g_new0(Question, 1);
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(root)), _("Quatre courbes au plus"),
                                             _("Laquelle la nouvelle doit-elle remplacer ?"));

  question->path = g_strdup(path);
  question->replace = replace;
  question->data = data;
  g_set_weak_pointer(&question->root, root);
  add_responses(ADW_MESSAGE_DIALOG(dialog), curves);
  g_signal_connect_data(dialog, "response", G_CALLBACK(response_cb), question, question_free, 0);
  casa_direction_apply(dialog);
  gtk_window_present(GTK_WINDOW(dialog));
}
