/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/page.h"
#include "ui/chart/chart.h"
#include "ui/scenes/parts.h"
#include "ui/scenes/replay-bar.h"
#include "ui/scenes/time-bar.h"

/* Above the line at the foot, beside the legend of a map and the column of panels. */
#define BAR ((CasaFractions){ 0.2, 0.872, 0.512, 0.055 })

/* A part on the page, and where. */
typedef struct {
  CasaPart part;
  CasaFractions slot;
} Placed;

/* On the line at the foot. */
#define REPLAY_BAR ((CasaFractions){ 0.02, 0.935, 0.74, 0.06 })

struct _CasaPage {
  GtkWidget *root;   /* a CasaFractionLayout */
  GPtrArray *placed; /* Placed * */
  CasaPageNotice notice;
  CasaTimeView *time;
  CasaModel *model;
  GtkWidget *replay; /* the time machine's bar */
};

static void
placed_free(gpointer data)
{
  Placed *self = data;

  if (self->part.free_state)
    self->part.free_state(self->part.state);
  else
    g_free(self->part.state);
  g_free(self);
}

static void
page_free(gpointer data)
{
  CasaPage *self = data;

  g_ptr_array_unref(self->placed);
  casa_time_view_free(self->time);
  g_free(self);
}

static void
add_part(CasaPage *self, const CasaPartSpec *spec, const CasaPartContext *context)
{
  Placed *placed = g_new0(Placed, 1);

  placed->slot = spec->slot;
  casa_part_class(spec->type)->build(&placed->part, spec, context);
  gtk_widget_set_name(placed->part.widget, spec->name);
  gtk_widget_add_css_class(placed->part.widget, "casa-part");
  if (spec->under) {
    gtk_widget_add_css_class(placed->part.widget, "casa-under");
    gtk_widget_add_css_class(self->root, "casa-veiled"); /* what stands on it lets it shine through */
  }
  g_ptr_array_add(self->placed, placed);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), placed->part.widget, spec->slot);
}

CasaPage *
casa_page_new(const CasaScene *scene, const CasaPartContext *context)
{
  CasaPage *self = g_new0(CasaPage, 1);
  CasaPartContext own = *context;
  const GPtrArray *parts = casa_scene_parts(scene, context->narrow);

  own.large = scene->large;
  own.parts = parts;
  own.notice = &self->notice;
  own.time = self->time = casa_time_view_new(context->model, scene->range);
  own.camera = &scene->camera;
  self->root = casa_fraction_layout_new();
  self->placed = g_ptr_array_new_with_free_func(placed_free);
  gtk_widget_add_css_class(self->root, "casa-page");
  if (scene->large)
    gtk_widget_add_css_class(self->root, "casa-focus");
  for (guint i = 0; i < parts->len; i++)
    add_part(self, g_ptr_array_index(parts, i), &own);
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), casa_time_bar_new(self->time), BAR);
  self->model = context->model;
  self->replay = casa_replay_bar_new();
  casa_fraction_layout_add(CASA_FRACTION_LAYOUT(self->root), self->replay, REPLAY_BAR);
  g_object_set_data_full(G_OBJECT(self->root), "casa-page", self, page_free);
  return self;
}

CasaTimeView *
casa_page_time(CasaPage *self)
{
  return self->time;
}

GtkWidget *
casa_page_root(CasaPage *self)
{
  return self->root;
}

void
casa_page_end(GtkWidget *root)
{
  if (!g_object_get_data(G_OBJECT(root), "casa-page"))
    return;
  g_object_run_dispose(G_OBJECT(root)); /* its widgets first, as they ask the page */
  g_object_set_data(G_OBJECT(root), "casa-page", NULL);
}

static CasaPart *
part_at(CasaPage *self, guint i)
{
  return &((Placed *)g_ptr_array_index(self->placed, i))->part;
}

void
casa_page_restyle(CasaPage *self, const CasaLook *look)
{
  for (guint i = 0; i < self->placed->len; i++)
    if (part_at(self, i)->restyle)
      part_at(self, i)->restyle(part_at(self, i), look);
}

/* Charts above each other, of one width, show an hour at one place. */
static void
align_with(CasaPage *self, guint first)
{
  const Placed *leader = g_ptr_array_index(self->placed, first);
  g_autoptr(GPtrArray) column = g_ptr_array_new();

  for (guint i = 0; i < self->placed->len; i++) {
    const Placed *other = g_ptr_array_index(self->placed, i);
    if (!other->part.chart || other->slot.x != leader->slot.x || other->slot.w != leader->slot.w)
      continue;
    if (i < first)
      return; /* done with that one */
    g_ptr_array_add(column, other->part.chart);
  }
  if (column->len > 1)
    casa_chart_align((CasaChart *const *)column->pdata, column->len);
}

void
casa_page_update(CasaPage *self)
{
  casa_time_view_update(self->time);
  casa_replay_bar_show(self->replay, casa_model_summary(self->model));
  for (guint i = 0; i < self->placed->len; i++)
    if (part_at(self, i)->update)
      part_at(self, i)->update(part_at(self, i));
  for (guint i = 0; i < self->placed->len; i++)
    if (part_at(self, i)->chart)
      align_with(self, i);
}

void
casa_page_vehicle(CasaPage *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb)
{
  for (guint i = 0; i < self->placed->len; i++)
    if (part_at(self, i)->vehicle)
      part_at(self, i)->vehicle(part_at(self, i), key, at, t_ms, rgb);
}

void
casa_page_show_controls(CasaPage *self, gboolean show)
{
  for (guint i = 0; i < self->placed->len; i++)
    if (part_at(self, i)->show_controls)
      part_at(self, i)->show_controls(part_at(self, i), show);
}
