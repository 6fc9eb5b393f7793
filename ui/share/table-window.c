/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/share/table-window.h"
#include "ui/kit/label.h"
#include "ui/kit/side-window.h"

/* A row: a GObject that holds its texts. */
#define ROW "casa-row"

static GListModel *
rows_new(const CasaSheet *sheet)
{
  GListStore *rows = g_list_store_new(G_TYPE_OBJECT);

  for (guint i = 1; i < sheet->table->len; i++) {
    g_autoptr(GObject) row = g_object_new(G_TYPE_OBJECT, NULL);
    g_object_set_data_full(row, ROW, g_strdupv(sheet->table->pdata[i]), (GDestroyNotify)g_strfreev);
    g_list_store_append(rows, row);
  }
  return G_LIST_MODEL(rows);
}

static void
setup_cb(GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_list_item_set_child(item, casa_label_new("casa-side-cell"));
}

static void
bind_cb(GtkListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const GStrv texts = g_object_get_data(gtk_list_item_get_item(item), ROW);

  if (GPOINTER_TO_UINT(data) < g_strv_length(texts))
    casa_label_set(gtk_list_item_get_child(item), texts[GPOINTER_TO_UINT(data)]);
}

static void
add_column(GtkColumnView *view, const char *head, guint i)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  GtkColumnViewColumn *column = gtk_column_view_column_new(head, factory);

  g_signal_connect(factory, "setup", G_CALLBACK(setup_cb), GUINT_TO_POINTER(i));
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cb), GUINT_TO_POINTER(i));
  gtk_column_view_column_set_expand(column, TRUE);
  gtk_column_view_append_column(view, column);
  g_object_unref(column);
}

void
casa_table_window_show(GtkWidget *chart, const CasaSheet *sheet)
{
  GtkWindow *parent = GTK_WINDOW(gtk_widget_get_root(chart));
  GtkWidget *view = gtk_column_view_new(GTK_SELECTION_MODEL(gtk_single_selection_new(rows_new(sheet))));
  const GStrv heads = sheet->table->len ? sheet->table->pdata[0] : NULL;

  for (guint i = 0; heads && heads[i]; i++)
    add_column(GTK_COLUMN_VIEW(view), heads[i], i);
  /* Of one picture its head says more: unit and provenance. */
  const char *title = sheet->pictures->len == 1 ? g_array_index(sheet->pictures, CasaSheetPicture, 0).head : sheet->title;
  gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_window_present(casa_side_window_new(parent, title, view, 0.6, 0.8));
  gtk_widget_grab_focus(view);
}
