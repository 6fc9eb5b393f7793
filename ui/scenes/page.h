/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/kit/style.h"
#include "ui/text/phrases.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What every scene can do. A page is built for one language and dies with its widget; a new language builds a new one. */
typedef struct _CasaPage CasaPage;

struct _CasaPage {
  GtkWidget *root; /* a CasaFractionLayout */
  gpointer scene;  /* what the scene remembers, freed with g_free */
  void (*restyle)(CasaPage *self, const CasaLook *look);
  void (*update)(CasaPage *self);
  void (*vehicle)(CasaPage *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb); /* NULL: shows none */
  void (*show_controls)(CasaPage *self, gboolean show);
};

/* Gives @root its page; freed (with the scene) when @root goes. */
CasaPage *casa_page_new(GtkWidget *root, gpointer scene);

G_END_DECLS
