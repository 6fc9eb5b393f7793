/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/share/save-as.h"
#include "ui/text/lang.h"
#include <string.h>

typedef struct {
  CasaSaveAs calls;
  GtkWidget *root; /* weak */
  char *suffix;
} Saving;

static void
saving_free(gpointer data, GClosure *closure)
{
  Saving *self = data;

  g_clear_weak_pointer(&self->root);
  g_free(self->suffix);
  g_free(self);
}

static void
write_to(Saving *self, const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *full = g_str_has_suffix(path, self->suffix) ? g_strdup(path) : g_strconcat(path, self->suffix, NULL);
  g_autofree char *name = g_filename_display_basename(full);
  g_autofree char *text = NULL;

  if (self->calls.write(full, self->calls.data, &error))
    text = g_strdup_printf(_("Enregistré : %s"), name);
  else
    text = g_strdup_printf(_("%s n'a pas pu être écrit"), name);
  if (error)
    g_message("%s", error->message);
  self->calls.say(text, self->calls.data);
}

static void
response_cb(GtkNativeDialog *dialog, int response, Saving *self)
{
  if (response == GTK_RESPONSE_ACCEPT && self->root) {
    CASA_LANG_SCOPE(self->calls.language);
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    if (path)
      write_to(self, path);
  }
  g_object_unref(dialog);
}

void
casa_save_as(const CasaSaveAs *calls, const char *name)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new(_("Enregistrer ce qui est montré"), GTK_WINDOW(gtk_widget_get_root(calls->root)),
                                GTK_FILE_CHOOSER_ACTION_SAVE, _("Enregistrer"), _("Annuler"));
  Saving *self = g_new0(Saving, 1);

  self->calls = *calls;
  self->suffix = g_strdup(strrchr(name, '.') ? strrchr(name, '.') : "");
  g_set_weak_pointer(&self->root, calls->root);
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), name);
  g_signal_connect_data(dialog, "response", G_CALLBACK(response_cb), self, saving_free, 0);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}
