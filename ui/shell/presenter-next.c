/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-next.h"
#include "ui/kit/direction.h"
#include "ui/scenes/page.h"
#include "ui/text/lang.h"

#define WIDTH 1280 /* of the scene, before it is made small */
#define HEIGHT 720
#define LOOK_MS 1000
#define LEAST_WIDTH 160
#define SCOPE "casa-next-view"

struct _CasaNextView {
  GtkWidget parent_instance;
  CasaModel *model; /* NULL once disposed */
  CasaPage *page;   /* NULL: none is shown */
  CasaLook look;
  char *shown, *language; /* shown: which scene, language and theme the page is of */
  GtkCssProvider *css;
  GskRenderNode *picture; /* as it was painted last; NULL: it is to be painted */
  guint listener, timer;
};

G_DEFINE_FINAL_TYPE(CasaNextView, casa_next_view, GTK_TYPE_WIDGET)

static void
drop_picture(CasaNextView *self)
{
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* Nothing of the page may live on: also when the indicators are others. */
static void
drop_page_cb(gpointer data)
{
  CasaNextView *self = data;

  if (self->page)
    gtk_widget_unparent(casa_page_root(self->page));
  self->page = NULL;
  g_clear_pointer(&self->shown, g_free);
  drop_picture(self);
}

static void
build_page(CasaNextView *self, const CasaScene *scene)
{
  const CasaPartContext context = { .model = self->model };

  self->look.indicators = casa_model_indicators(self->model);
  g_autofree char *sheet = casa_look_css(&self->look);
  gtk_css_provider_load_from_data(self->css, sheet, -1);
  self->page = casa_page_new(scene, &context);
  gtk_widget_set_parent(casa_page_root(self->page), GTK_WIDGET(self));
  casa_page_restyle(self->page, &self->look);
  casa_page_show_controls(self->page, FALSE);
  casa_page_update(self->page);
  casa_direction_apply(GTK_WIDGET(self));
}

void
casa_next_view_show(CasaNextView *self, const CasaScene *scene, const char *language, const char *theme)
{
  g_autofree char *shown = g_strjoin("|", scene->id, language, theme, NULL);
  CASA_LANG_SCOPE(language);

  if (g_strcmp0(shown, self->shown) == 0)
    return;
  drop_page_cb(self);
  self->shown = g_steal_pointer(&shown);
  g_free(self->language);
  self->language = g_strdup(language);
  self->look.theme = casa_theme_get(theme);
  build_page(self, scene);
}

void
casa_next_view_forget(CasaNextView *self)
{
  g_clear_pointer(&self->shown, g_free);
}

static gboolean
look_cb(gpointer data)
{
  CasaNextView *self = data;

  if (!self->page || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return G_SOURCE_CONTINUE;
  CASA_LANG_SCOPE(self->language);
  casa_page_update(self->page);
  drop_picture(self);
  return G_SOURCE_CONTINUE;
}

static void
measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *least, int *natural, int *base, int *natural_base)
{
  *least = LEAST_WIDTH * (orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : WIDTH) / WIDTH;
  *natural = orientation == GTK_ORIENTATION_VERTICAL && for_size > 0 ? for_size * HEIGHT / WIDTH : *least;
  *natural = MAX(*natural, *least);
}

static GtkSizeRequestMode
request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  CasaNextView *self = CASA_NEXT_VIEW(widget);
  float scale = MIN((float)width / WIDTH, (float)height / HEIGHT);
  GskTransform *place = gsk_transform_translate(
    NULL, &GRAPHENE_POINT_INIT(((float)width - scale * WIDTH) / 2, ((float)height - scale * HEIGHT) / 2));

  place = gsk_transform_scale(place, scale, scale);
  if (self->page)
    gtk_widget_allocate(casa_page_root(self->page), WIDTH, HEIGHT, -1, gsk_transform_ref(place));
  gsk_transform_unref(place);
  g_clear_pointer(&self->picture, gsk_render_node_unref);
}

/* What moves on the page asks for a new picture with every frame: it gets the last one. */
static void
snapshot(GtkWidget *widget, GtkSnapshot *out)
{
  CasaNextView *self = CASA_NEXT_VIEW(widget);

  if (!self->page)
    return;
  if (!self->picture) {
    CASA_LANG_SCOPE(self->language);
    GtkSnapshot *inner = gtk_snapshot_new();
    gtk_widget_snapshot_child(widget, casa_page_root(self->page), inner);
    self->picture = gtk_snapshot_free_to_node(inner);
  }
  if (self->picture)
    gtk_snapshot_append_node(out, self->picture);
}

static void
dispose(GObject *object)
{
  CasaNextView *self = CASA_NEXT_VIEW(object);

  if (self->model) {
    casa_model_unlisten(self->model, self->listener);
    drop_page_cb(self);
    gtk_style_context_remove_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css));
  }
  self->model = NULL;
  g_clear_handle_id(&self->timer, g_source_remove);
  g_clear_object(&self->css);
  g_clear_pointer(&self->picture, gsk_render_node_unref);
  g_clear_pointer(&self->language, g_free);
  G_OBJECT_CLASS(casa_next_view_parent_class)->dispose(object);
}

static void
casa_next_view_class_init(CasaNextViewClass *klass)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = dispose;
  widget->measure = measure;
  widget->get_request_mode = request_mode;
  widget->size_allocate = size_allocate;
  widget->snapshot = snapshot;
}

static void
casa_next_view_init(CasaNextView *self)
{
  self->look = (CasaLook){
    .theme = casa_theme_get(NULL), .font = casa_look_font(), .unit = casa_look_unit(WIDTH, HEIGHT), .scope = SCOPE
  };
  self->css = gtk_css_provider_new();
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(self->css),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_widget_add_css_class(GTK_WIDGET(self), SCOPE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_can_target(GTK_WIDGET(self), FALSE);
  gtk_widget_set_can_focus(GTK_WIDGET(self), FALSE);
  self->timer = g_timeout_add(LOOK_MS, look_cb, self);
}

GtkWidget *
casa_next_view_new(CasaModel *model)
{
  CasaNextView *self = g_object_new(CASA_TYPE_NEXT_VIEW, NULL);

  self->model = model;
  self->listener = casa_model_listen(model, &(CasaModelListener){ .rebuild = drop_page_cb, .data = self });
  return GTK_WIDGET(self);
}
