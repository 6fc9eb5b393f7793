/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/lang-bin.h"
#include "ui/text/lang.h"

struct _CasaLangBin {
  GtkWidget parent_instance;
  char *language;
};

G_DEFINE_FINAL_TYPE(CasaLangBin, casa_lang_bin, GTK_TYPE_WIDGET)

static void
snapshot(GtkWidget *widget, GtkSnapshot *out)
{
  CASA_LANG_SCOPE(CASA_LANG_BIN(widget)->language);

  GTK_WIDGET_CLASS(casa_lang_bin_parent_class)->snapshot(widget, out);
}

static void
dispose(GObject *object)
{
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(object));

  if (child)
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(casa_lang_bin_parent_class)->dispose(object);
}

static void
finalize(GObject *object)
{
  g_free(CASA_LANG_BIN(object)->language);
  G_OBJECT_CLASS(casa_lang_bin_parent_class)->finalize(object);
}

static void
casa_lang_bin_class_init(CasaLangBinClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = dispose;
  G_OBJECT_CLASS(klass)->finalize = finalize;
  GTK_WIDGET_CLASS(klass)->snapshot = snapshot;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
casa_lang_bin_init(CasaLangBin *self)
{
  self->language = g_strdup(casa_lang_get());
}

GtkWidget *
casa_lang_bin_new(GtkWidget *child)
{
  GtkWidget *self = g_object_new(CASA_TYPE_LANG_BIN, NULL);

  gtk_widget_set_parent(child, self);
  return self;
}

void
casa_lang_bin_set_language(CasaLangBin *self, const char *language)
{
  g_free(self->language);
  self->language = g_strdup(language);
}
