/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map.h"
#include "ui/text/lang.h"
#include "ui/map/fleet.h"
#include "ui/map/map-gestures.h"
#include <math.h>
#include <string.h>

#define FRAME_US 31000 /* at most 30 a second, with room for the jitter of the frame clock */
#define STEP_PX 0.4    /* smaller moves are not worth a frame: a tram crawls at a third of a pixel a second */
#define WATCH_MS 1000  /* looks for vehicles that fell silent */

/* GTK thread only. */
struct _CasaMap {
  GtkWidget parent_instance;
  const CasaCity *city;
  const CasaClock *clock;
  CasaMapBase base;           /* strings and districts in it are ours */
  CasaMapDistrict *districts; /* [city->n_districts] */
  CasaMapBadge *badges;
  guint n_badges;
  CasaMapCallout callout; /* text ours; shown while it is not NULL */
  CasaMapFleet *fleet;
  GArray *shown;        /* CasaMapVehicle drawn last */
  GArray *next;         /* CasaMapVehicle to be drawn */
  CasaMapGestures hand; /* zoom and centre */

  CasaMapView view;         /* valid while base_texture is */
  GdkTexture *base_texture; /* NULL = to be painted */
  GdkTexture *signs_texture;
  GHashTable *sprites; /* line colour → GdkTexture */
  guint base_paints;

  guint tick;
  guint watch;
  gint64 drawn_us;
};

G_DEFINE_FINAL_TYPE(CasaMap, casa_map, GTK_TYPE_WIDGET)

static void
drop_pictures(CasaMap *self)
{
  g_clear_object(&self->base_texture);
  g_clear_object(&self->signs_texture);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* @surface (transfer full) */
static GdkTexture *
to_texture(cairo_surface_t *surface)
{
  int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
  gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  g_autoptr(GBytes) bytes = NULL;

  cairo_surface_flush(surface);
  bytes = g_bytes_new_with_free_func(cairo_image_surface_get_data(surface), stride * (gsize)h,
                                     (GDestroyNotify)cairo_surface_destroy, surface);
  return gdk_memory_texture_new(w, h, GDK_MEMORY_DEFAULT, bytes, stride);
}

static cairo_t *
begin_picture(CasaMap *self, cairo_surface_t **surface)
{
  int scale = gtk_widget_get_scale_factor(GTK_WIDGET(self));

  *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)self->view.w * scale, (int)self->view.h * scale);
  cairo_surface_set_device_scale(*surface, scale, scale);
  return cairo_create(*surface);
}

static void
paint_base(CasaMap *self, PangoContext *pango, double w, double h)
{
  cairo_surface_t *surface;
  cairo_t *cr;

  self->base.rtl = casa_lang_rtl();
  self->view = casa_map_view_for(pango, &self->base, w, h, self->hand.zoom, casa_map_gestures_centre(&self->hand));
  cr = begin_picture(self, &surface);
  casa_map_paint_base(cr, pango, &self->view, &self->base);
  cairo_destroy(cr);
  self->base_texture = to_texture(surface);
  self->base_paints++;
  g_clear_object(&self->signs_texture);
}

static void
paint_signs(CasaMap *self, PangoContext *pango)
{
  cairo_surface_t *surface;
  cairo_t *cr = begin_picture(self, &surface);

  casa_map_paint_signs(cr, pango, &self->view, &self->base, self->badges, self->n_badges);
  cairo_destroy(cr);
  self->signs_texture = to_texture(surface);
}

static GdkTexture *
sprite(CasaMap *self, guint32 rgb)
{
  GdkTexture *texture = g_hash_table_lookup(self->sprites, GUINT_TO_POINTER(rgb));

  if (texture == NULL) {
    texture = to_texture(casa_map_glow(&self->base, rgb, gtk_widget_get_scale_factor(GTK_WIDGET(self))));
    g_hash_table_insert(self->sprites, GUINT_TO_POINTER(rgb), texture);
  }
  return texture;
}

static void
snapshot_vehicle(CasaMap *self, GtkSnapshot *snapshot, const CasaMapVehicle *vehicle)
{
  GdkTexture *texture = sprite(self, vehicle->rgb);
  double reach = casa_map_glow_reach(&self->base), x, y;

  casa_map_project(&self->view, vehicle->at, &x, &y);
  if (x < -reach || y < -reach || x > self->view.w + reach || y > self->view.h + reach)
    return;
  if (vehicle->alpha < 1)
    gtk_snapshot_push_opacity(snapshot, vehicle->alpha);
  gtk_snapshot_append_texture(
    snapshot, texture, &GRAPHENE_RECT_INIT((float)(x - reach), (float)(y - reach), (float)(2 * reach), (float)(2 * reach)));
  if (vehicle->alpha < 1)
    gtk_snapshot_pop(snapshot);
}

static void
snapshot_focus(CasaMap *self, GtkSnapshot *snapshot, const graphene_rect_t *all)
{
  const CasaRgb c = self->base.theme->mobility;
  const GdkRGBA rgba = { (float)c.r, (float)c.g, (float)c.b, 1 };
  const GdkRGBA colours[4] = { rgba, rgba, rgba, rgba };
  const float widths[4] = { 3, 3, 3, 3 };
  GskRoundedRect outline;

  if ((gtk_widget_get_state_flags(GTK_WIDGET(self)) & GTK_STATE_FLAG_FOCUS_VISIBLE) == 0 ||
      !gtk_widget_has_focus(GTK_WIDGET(self)))
    return;
  gsk_rounded_rect_init_from_rect(&outline, all, 8);
  gtk_snapshot_append_border(snapshot, &outline, widths, colours);
}

static void
casa_map_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  CasaMap *self = CASA_MAP(widget);
  PangoContext *pango = gtk_widget_get_pango_context(widget);
  int w = gtk_widget_get_width(widget), h = gtk_widget_get_height(widget);
  const graphene_rect_t all = GRAPHENE_RECT_INIT(0, 0, (float)w, (float)h);

  if (w <= 0 || h <= 0)
    return;
  if (self->base_texture == NULL)
    paint_base(self, pango, w, h);
  if (self->signs_texture == NULL)
    paint_signs(self, pango);
  gtk_snapshot_push_clip(snapshot, &all);
  gtk_snapshot_append_texture(snapshot, self->base_texture, &all);
  casa_map_fleet_read(self->fleet, casa_clock_us(self->clock), self->shown);
  for (guint i = 0; i < self->shown->len; i++)
    snapshot_vehicle(self, snapshot, &g_array_index(self->shown, CasaMapVehicle, i));
  gtk_snapshot_append_texture(snapshot, self->signs_texture, &all);
  snapshot_focus(self, snapshot, &all);
  gtk_snapshot_pop(snapshot);
}

/* Compares what would be drawn with what was: TRUE when someone would see a difference. */
static gboolean
looks_different(CasaMap *self)
{
  if (self->next->len != self->shown->len)
    return TRUE;
  for (guint i = 0; i < self->next->len; i++) {
    const CasaMapVehicle *a = &g_array_index(self->next, CasaMapVehicle, i);
    const CasaMapVehicle *b = &g_array_index(self->shown, CasaMapVehicle, i);

    if (fabs(a->at.lon - b->at.lon) * self->view.k * self->view.scale > STEP_PX ||
        fabs(a->at.lat - b->at.lat) * self->view.scale > STEP_PX || fabs(a->alpha - b->alpha) > 0.05)
      return TRUE;
  }
  return FALSE;
}

/* TRUE while something still moves or fades. */
static gboolean
advance(CasaMap *self)
{
  gboolean busy = casa_map_fleet_read(self->fleet, casa_clock_us(self->clock), self->next);

  if (looks_different(self))
    gtk_widget_queue_draw(GTK_WIDGET(self));
  return busy;
}

static gboolean
tick_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  CasaMap *self = CASA_MAP(widget);
  gint64 now_us = gdk_frame_clock_get_frame_time(clock);

  if (now_us - self->drawn_us < FRAME_US)
    return G_SOURCE_CONTINUE;
  self->drawn_us = now_us;
  if (advance(self))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
wake(CasaMap *self)
{
  if (self->tick == 0 && gtk_widget_get_mapped(GTK_WIDGET(self)))
    self->tick = gtk_widget_add_tick_callback(GTK_WIDGET(self), tick_cb, NULL, NULL);
}

static gboolean
watch_cb(gpointer data)
{
  CasaMap *self = data;

  if (self->tick == 0 && advance(self))
    wake(self);
  return G_SOURCE_CONTINUE;
}

static void
casa_map_map(GtkWidget *widget)
{
  CasaMap *self = CASA_MAP(widget);

  GTK_WIDGET_CLASS(casa_map_parent_class)->map(widget);
  self->watch = g_timeout_add(WATCH_MS, watch_cb, self);
  wake(self);
}

static void
rest(CasaMap *self)
{
  g_clear_handle_id(&self->watch, g_source_remove);
  if (self->tick != 0)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self), self->tick);
  self->tick = 0;
}

static void
casa_map_unmap(GtkWidget *widget)
{
  rest(CASA_MAP(widget));
  GTK_WIDGET_CLASS(casa_map_parent_class)->unmap(widget);
}

static void
casa_map_size_allocate(GtkWidget *widget, int w, int h, int baseline)
{
  CasaMap *self = CASA_MAP(widget);

  if (self->view.w != w || self->view.h != h)
    drop_pictures(self);
}

static void
casa_map_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                 int *natural_baseline)
{
  gboolean wide = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = wide ? 160 : 100;
  *natural = wide ? 640 : 480;
}

static void
restyle(CasaMap *self)
{
  g_hash_table_remove_all(self->sprites);
  drop_pictures(self);
}

static void
scale_changed_cb(CasaMap *self)
{
  restyle(self);
}

static void
hand_moved_cb(gpointer data)
{
  drop_pictures(CASA_MAP(data));
}

static void
casa_map_direction_changed(GtkWidget *widget, GtkTextDirection previous)
{
  drop_pictures(CASA_MAP(widget));
}

static void
casa_map_dispose(GObject *object)
{
  CasaMap *self = CASA_MAP(object);

  rest(self);
  g_clear_object(&self->base_texture);
  g_clear_object(&self->signs_texture);
  g_clear_pointer(&self->sprites, g_hash_table_unref);
  G_OBJECT_CLASS(casa_map_parent_class)->dispose(object);
}

static void
casa_map_finalize(GObject *object)
{
  CasaMap *self = CASA_MAP(object);

  casa_map_fleet_free(self->fleet);
  g_array_unref(self->shown);
  g_array_unref(self->next);
  g_free(self->districts);
  g_free(self->badges);
  g_free((char *)self->base.font);
  g_free((char *)self->base.title);
  g_free((char *)self->base.subtitle);
  g_free((char *)self->callout.text);
  G_OBJECT_CLASS(casa_map_parent_class)->finalize(object);
}

static void
casa_map_class_init(CasaMapClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = casa_map_dispose;
  G_OBJECT_CLASS(class)->finalize = casa_map_finalize;
  widget->snapshot = casa_map_snapshot;
  widget->map = casa_map_map;
  widget->unmap = casa_map_unmap;
  widget->measure = casa_map_measure;
  widget->size_allocate = casa_map_size_allocate;
  widget->direction_changed = casa_map_direction_changed;
  gtk_widget_class_set_css_name(widget, "casa-map");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
casa_map_init(CasaMap *self)
{
  self->base.theme = casa_theme_get(NULL);
  self->base.font = g_strdup("Inter");
  self->base.font_px = 20;
  for (guint i = 0; i < 6; i++)
    self->base.breaks[i] = i;
  self->fleet = casa_map_fleet_new();
  self->shown = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));
  self->next = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));
  self->sprites = g_hash_table_new_full(NULL, NULL, NULL, g_object_unref);
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect(self, "notify::scale-factor", G_CALLBACK(scale_changed_cb), NULL);
}

GtkWidget *
casa_map_new(const CasaCity *city)
{
  CasaMap *self = g_object_new(CASA_TYPE_MAP, NULL);

  self->city = city;
  self->clock = casa_clock_real();
  self->base.city = city;
  self->districts = g_new(CasaMapDistrict, MAX(city->n_districts, 1));
  for (guint i = 0; i < city->n_districts; i++)
    self->districts[i].value = NAN;
  self->base.districts = self->districts;
  casa_map_gestures_attach(&self->hand, GTK_WIDGET(self), city, &self->view, hand_moved_cb);
  return GTK_WIDGET(self);
}

static void
replace(const char **place, const char *text)
{
  char *copy = g_strdup(text);

  g_free((char *)*place);
  *place = copy;
}

void
casa_map_set_theme(CasaMap *self, const CasaTheme *theme, const char *font, double font_px)
{
  if (theme == self->base.theme && g_strcmp0(font, self->base.font) == 0 && fabs(font_px - self->base.font_px) < 0.01)
    return;
  self->base.theme = theme;
  replace(&self->base.font, font);
  self->base.font_px = font_px;
  restyle(self);
}

void
casa_map_set_legend(CasaMap *self, const char *title, const char *subtitle, const double breaks[6])
{
  gboolean same = g_strcmp0(title, self->base.title) == 0 && g_strcmp0(subtitle, self->base.subtitle) == 0;

  for (guint i = 0; i < 6; i++) {
    same = same && breaks[i] == self->base.breaks[i];
    self->base.breaks[i] = breaks[i];
  }
  if (same)
    return;
  replace(&self->base.title, title);
  replace(&self->base.subtitle, subtitle);
  drop_pictures(self);
}

void
casa_map_set_districts(CasaMap *self, const double *values)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->city->n_districts; i++) {
    changed =
      changed || casa_map_class(self->base.breaks, values[i]) != casa_map_class(self->base.breaks, self->districts[i].value);
    self->districts[i].value = values[i];
  }
  if (changed)
    drop_pictures(self);
}

void
casa_map_set_clock(CasaMap *self, const CasaClock *clock)
{
  self->clock = clock;
}

static gboolean
animations_enabled(CasaMap *self)
{
  gboolean enabled = TRUE;

  g_object_get(gtk_widget_get_settings(GTK_WIDGET(self)), "gtk-enable-animations", &enabled, NULL);
  return enabled;
}

void
casa_map_set_vehicle(CasaMap *self, guint key, CasaLonLat at, gint64 t_ms, guint32 rgb)
{
  casa_map_fleet_set_glide(self->fleet, animations_enabled(self));
  casa_map_fleet_set(self->fleet, key, at, t_ms, rgb, casa_clock_ms(self->clock), casa_clock_us(self->clock));
  wake(self);
}

void
casa_map_set_stale(CasaMap *self, gint64 stale_ms)
{
  casa_map_fleet_set_stale(self->fleet, stale_ms);
  wake(self);
}

void
casa_map_set_badges(CasaMap *self, const CasaMapBadge *badges, guint n)
{
  gboolean same = n == self->n_badges;

  for (guint i = 0; same && i < n; i++) {
    const CasaMapBadge *a = &badges[i], *b = &self->badges[i];

    same = a->at.lon == b->at.lon && a->at.lat == b->at.lat && a->band == b->band && a->stale == b->stale &&
           a->priority == b->priority && strncmp(a->text, b->text, sizeof a->text) == 0;
  }
  if (same)
    return;
  g_free(self->badges);
  self->badges = n > 0 ? g_memdup2(badges, n * sizeof *badges) : NULL;
  self->n_badges = n;
  g_clear_object(&self->signs_texture);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
casa_map_set_callout(CasaMap *self, CasaLonLat at, const char *text)
{
  if (g_strcmp0(text, self->callout.text) == 0 && at.lon == self->callout.at.lon && at.lat == self->callout.at.lat)
    return;
  replace(&self->callout.text, text);
  self->callout.at = at;
  self->base.callout = text != NULL ? &self->callout : NULL;
  g_clear_object(&self->signs_texture);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

guint
casa_map_n_vehicles(CasaMap *self)
{
  return casa_map_fleet_size(self->fleet);
}

guint
casa_map_n_base_paints(CasaMap *self)
{
  return self->base_paints;
}

double
casa_map_get_zoom(CasaMap *self)
{
  return self->hand.zoom;
}

void
casa_map_set_accessible(CasaMap *self, const char *label, const char *description)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}
