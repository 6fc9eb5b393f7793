/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/map/map-private.h"
#include "base/clock.h"
#include "ui/map/map-legend.h"
#include "ui/text/lang.h"
#include <math.h>

#define WATCH_MS 1000 /* looks for what changed while nothing moves */
#define DOZE_US 20000 /* until the next frame when it is farther away than this: the window's clock would beat in vain */
#define FOLLOW_ZOOM 3.5
#define GRIP 1.6 /* body sizes to both sides of the line between two parts that the pointer takes it by */

G_DEFINE_FINAL_TYPE(CasaMap, casa_map, GTK_TYPE_WIDGET)

static guint signal_selected;

static void
follow(CasaMap *self, gint64 mono_us)
{
  const GArray *vehicles = casa_map_picture_vehicles(self->picture);
  CasaMapCamera *camera = casa_map_picture_camera(self->picture);

  if (!casa_map_camera_is_following(camera))
    self->followed = 0;
  for (guint i = 0; self->followed != 0 && i < vehicles->len; i++) {
    const CasaMapVehicle *v = &g_array_index(vehicles, CasaMapVehicle, i);
    if (v->key == self->followed)
      casa_map_camera_follow(camera, v->at, MAX(casa_map_camera_stance(camera, mono_us).zoom, FOLLOW_ZOOM), mono_us);
  }
}

/* A chosen vehicle takes its mark with it. */
static void
carry_mark(CasaMap *self)
{
  const GArray *vehicles = casa_map_picture_vehicles(self->picture);

  for (guint i = 0; self->selection.kind == CASA_MAP_VEHICLE && i < vehicles->len; i++)
    if (g_array_index(vehicles, CasaMapVehicle, i).key == self->selection.key)
      self->selection.at = g_array_index(vehicles, CasaMapVehicle, i).at;
  casa_map_picture_set_mark(self->picture, self->selection.at, casa_map_item_radius(self->picture, &self->selection));
}

static void
paint(CasaMap *self, gint64 mono_us)
{
  PangoContext *pango = gtk_widget_get_pango_context(GTK_WIDGET(self));
  int w = gtk_widget_get_width(GTK_WIDGET(self)), h = gtk_widget_get_height(GTK_WIDGET(self));
  CASA_LANG_SCOPE(self->lang);

  if (w <= 0 || h <= 0)
    return;
  casa_map_picture_set_now(self->picture, casa_clock_ms(self->clock), casa_clock_speed(self->clock), mono_us);
  casa_map_picture_set_size(self->picture, pango, w, h, gtk_widget_get_scale_factor(GTK_WIDGET(self)));
  follow(self, mono_us);
  if (self->selection.kind != CASA_MAP_NOTHING)
    carry_mark(self);
  casa_map_picture_frame(self->picture, pango, mono_us);
  casa_map_sheet_take(self->sheet, GTK_WIDGET(self), casa_map_picture_tiles(self->picture),
                      gtk_widget_get_scale_factor(GTK_WIDGET(self)));
  self->frames++;
}

static void
snapshot_focus(CasaMap *self, GtkSnapshot *snapshot, const graphene_rect_t *all)
{
  const CasaRgb c = casa_map_picture_base(self->picture)->theme->accent;
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
  int w = gtk_widget_get_width(widget), h = gtk_widget_get_height(widget);
  const graphene_rect_t all = GRAPHENE_RECT_INIT(0, 0, (float)w, (float)h);

  if (w <= 0 || h <= 0)
    return;
  if (casa_map_picture_tiles(self->picture) == NULL || casa_map_sheet_is_empty(self->sheet) ||
      casa_map_picture_view(self->picture)->w != w || casa_map_picture_view(self->picture)->h != h)
    paint(self, casa_clock_mono_us());
  casa_map_sheet_append(self->sheet, snapshot);
  snapshot_focus(self, snapshot, &all);
}

static gboolean
alarm_cb(gpointer data)
{
  CasaMap *self = data;

  self->alarm = 0;
  casa_map_wake(self);
  return G_SOURCE_REMOVE;
}

/* No frame before @next_us: the window's clock, which costs something at every beat, is let go of until then. */
static void
doze(CasaMap *self, gint64 next_us, gint64 mono_us)
{
  if (next_us - mono_us < WATCH_MS * 1000)
    self->alarm = g_timeout_add((guint)((next_us - mono_us + 999) / 1000), alarm_cb, self); /* too early would be a beat more */
}

static gboolean
tick_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  CasaMap *self = CASA_MAP(widget);
  gint64 mono_us = casa_clock_mono_us(), next_us = casa_map_picture_next_us(self->picture, mono_us);

  if (next_us <= mono_us) {
    paint(self, mono_us);
    gtk_widget_queue_draw(widget);
    next_us = casa_map_picture_next_us(self->picture, mono_us);
    mono_us = casa_clock_mono_us(); /* the painting took its time */
  }
  if (next_us - mono_us < DOZE_US)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  doze(self, next_us, mono_us);
  return G_SOURCE_REMOVE;
}

void
casa_map_wake(CasaMap *self)
{
  gint64 mono_us = casa_clock_mono_us(), next_us;

  if (self->tick != 0 || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  g_clear_handle_id(&self->alarm, g_source_remove);
  next_us = casa_map_picture_next_us(self->picture, mono_us);
  if (next_us - mono_us < DOZE_US)
    self->tick = gtk_widget_add_tick_callback(GTK_WIDGET(self), tick_cb, NULL, NULL);
  else
    doze(self, next_us, mono_us);
}

/* Vehicles that fell silent must fade even when no message causes a new frame. */
static gboolean
watch_cb(gpointer data)
{
  CasaMap *self = data;
  g_autoptr(GArray) vehicles = g_array_new(FALSE, FALSE, sizeof(CasaMapVehicle));

  if (self->tick != 0 || self->alarm != 0)
    return G_SOURCE_CONTINUE;
  if (casa_map_fleet_read(casa_map_picture_fleet(self->picture), casa_clock_ms(self->clock), vehicles) ||
      vehicles->len != casa_map_picture_vehicles(self->picture)->len)
    casa_map_picture_moved(self->picture);
  casa_map_wake(self);
  return G_SOURCE_CONTINUE;
}

gboolean
casa_map_is_animated(CasaMap *self)
{
  gboolean enabled = TRUE;

  g_object_get(gtk_widget_get_settings(GTK_WIDGET(self)), "gtk-enable-animations", &enabled, NULL);
  return enabled;
}

static void
casa_map_map(GtkWidget *widget)
{
  CasaMap *self = CASA_MAP(widget);

  GTK_WIDGET_CLASS(casa_map_parent_class)->map(widget);
  casa_map_picture_set_still(self->picture, !casa_map_is_animated(self));
  self->watch = g_timeout_add(WATCH_MS, watch_cb, self);
  casa_map_wake(self);
}

static void
rest(CasaMap *self)
{
  g_clear_handle_id(&self->watch, g_source_remove);
  g_clear_handle_id(&self->alarm, g_source_remove);
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
casa_map_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                 int *natural_baseline)
{
  gboolean wide = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = wide ? 160 : 100;
  *natural = wide ? 640 : 480;
}

static void
moved_cb(gpointer data)
{
  CasaMap *self = data;

  casa_map_picture_moved(self->picture);
  casa_map_wake(self);
}

static void
picked_cb(double x, double y, gpointer data)
{
  CasaMap *self = data;
  CasaMapItem item = casa_map_lookup_item(self->picture, x, y);

  casa_map_select(self, &item);
}

static gboolean
stepped_cb(int direction, gpointer data)
{
  CasaMap *self = data;
  CasaMapItem item = { .kind = CASA_MAP_NOTHING };

  if (self->selection.kind == CASA_MAP_NOTHING) /* Tab leaves the map, for who has chosen nothing */
    return FALSE;
  if (direction != 0)
    item = casa_map_step_item(self->picture, &self->selection, direction);
  casa_map_select(self, &item);
  return item.kind != CASA_MAP_NOTHING || direction == 0;
}

/* Enter chooses the first thing; then it goes to what is chosen, and follows it when it moves. */
static gboolean
entered_cb(gpointer data)
{
  CasaMap *self = data;

  if (self->selection.kind == CASA_MAP_NOTHING) {
    CasaMapItem first = casa_map_step_item(self->picture, &self->selection, 1);
    casa_map_select(self, &first);
    return first.kind != CASA_MAP_NOTHING;
  }
  if (self->selection.kind == CASA_MAP_VEHICLE)
    casa_map_follow(self, self->selection.key);
  else
    casa_map_camera_fly(casa_map_picture_camera(self->picture),
                        (CasaMapStance){ self->selection.at, MAX(casa_map_get_zoom(self), FOLLOW_ZOOM) }, CASA_MAP_FLIGHT_US,
                        casa_clock_mono_us());
  moved_cb(self);
  return TRUE;
}

/* Whether the pointer takes the line. */
static gboolean
grabs_cb(double x, gpointer data)
{
  CasaMap *self = data;
  const double line = casa_map_picture_line(self->picture);

  return casa_map_picture_is_compared(self->picture) && fabs(x - line) <= GRIP * casa_map_picture_base(self->picture)->font_px;
}

static void
pulled_cb(double x, gpointer data)
{
  CasaMap *self = data;

  casa_map_picture_move_line(self->picture, x);
  casa_map_wake(self);
}

static gboolean
shifted_cb(int steps, gpointer data)
{
  CasaMap *self = data;

  if (!casa_map_picture_is_compared(self->picture))
    return FALSE;
  casa_map_picture_step_line(self->picture, steps, casa_clock_mono_us());
  casa_map_wake(self);
  return TRUE;
}

void
casa_map_set_theme(CasaMap *self, const CasaTheme *theme, const char *font, double font_px)
{
  self->lang = casa_lang_get();
  casa_map_picture_set_style(self->picture, theme, font, font_px, casa_lang_rtl());
  casa_map_wake(self);
}

static void
casa_map_direction_changed(GtkWidget *widget, GtkTextDirection previous)
{
  const CasaMapBase *base = casa_map_picture_base(CASA_MAP(widget)->picture);

  casa_map_set_theme(CASA_MAP(widget), base->theme, base->font, base->font_px);
}

static void
casa_map_dispose(GObject *object)
{
  CasaMap *self = CASA_MAP(object);

  rest(self);
  casa_map_sheet_clear(self->sheet);
  G_OBJECT_CLASS(casa_map_parent_class)->dispose(object);
}

static void
casa_map_finalize(GObject *object)
{
  CasaMap *self = CASA_MAP(object);

  casa_map_sheet_free(self->sheet);
  casa_map_picture_free(self->picture);
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
  widget->direction_changed = casa_map_direction_changed;
  signal_selected = g_signal_new("selected", CASA_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new("compared", CASA_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name(widget, "casa-map");
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
casa_map_init(CasaMap *self)
{
  self->sheet = casa_map_sheet_new();
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
casa_map_new(const CasaCity *city)
{
  CasaMap *self = g_object_new(CASA_TYPE_MAP, NULL);

  self->city = city;
  self->clock = casa_clock_real();
  self->lang = casa_lang_get();
  self->picture = casa_map_picture_new(city);
  self->hand = (CasaMapGestures){ .widget = GTK_WIDGET(self),
                                  .camera = casa_map_picture_camera(self->picture),
                                  .moved = moved_cb,
                                  .picked = picked_cb,
                                  .stepped = stepped_cb,
                                  .entered = entered_cb,
                                  .grabs = grabs_cb,
                                  .pulled = pulled_cb,
                                  .shifted = shifted_cb };
  casa_map_gestures_attach(&self->hand);
  return GTK_WIDGET(self);
}

const char *
casa_map_get_callout(CasaMap *self)
{
  const CasaMapCallout *callout = casa_map_picture_base(self->picture)->callout;

  return callout != NULL ? callout->text : NULL;
}

guint
casa_map_n_vehicles(CasaMap *self)
{
  return casa_map_fleet_size(casa_map_picture_fleet(self->picture));
}

guint
casa_map_n_held(CasaMap *self)
{
  return casa_map_fleet_n_held(casa_map_picture_fleet(self->picture), casa_clock_ms(self->clock));
}

gboolean
casa_map_line_stands(CasaMap *self, const CasaLine *line)
{
  return casa_map_fleet_line_stands(casa_map_picture_fleet(self->picture), line, casa_clock_ms(self->clock));
}

void
casa_map_get_legend(CasaMap *self, CasaMapBox *legend, CasaMapBox *attribution)
{
  GtkWidget *widget = GTK_WIDGET(self);
  CASA_LANG_SCOPE(self->lang);
  CasaMapLegend measured = casa_map_legend_measure(gtk_widget_get_pango_context(widget), casa_map_picture_base(self->picture),
                                                   gtk_widget_get_width(widget), gtk_widget_get_height(widget));

  *legend = measured.box;
  *attribution = measured.attribution;
}

guint
casa_map_n_base_paints(CasaMap *self)
{
  guint land, ground, signs;

  casa_map_picture_paints(self->picture, &land, &ground, &signs);
  return ground;
}

guint
casa_map_n_frames(CasaMap *self)
{
  return self->frames;
}

double
casa_map_get_zoom(CasaMap *self)
{
  return casa_map_camera_stance(casa_map_picture_camera(self->picture), G_MAXINT64 / 2).zoom;
}

void
casa_map_go_home(CasaMap *self)
{
  casa_map_camera_go_home(casa_map_picture_camera(self->picture), casa_clock_mono_us());
  moved_cb(self);
}

void
casa_map_set_rest(CasaMap *self, CasaLonLat min, CasaLonLat max, double zoom_max)
{
  casa_map_camera_set_rest(casa_map_picture_camera(self->picture), min, max, CASA_MAP_MARGIN, zoom_max);
  moved_cb(self);
}

CasaMapCamera *
casa_map_get_camera(CasaMap *self)
{
  return casa_map_picture_camera(self->picture);
}

void
casa_map_look(CasaMap *self)
{
  moved_cb(self);
}

void
casa_map_follow(CasaMap *self, guint vehicle)
{
  const GArray *vehicles = casa_map_picture_vehicles(self->picture);

  for (guint i = 0; i < vehicles->len; i++) {
    const CasaMapVehicle *v = &g_array_index(vehicles, CasaMapVehicle, i);

    if (v->key != vehicle)
      continue;
    self->followed = vehicle;
    casa_map_camera_follow(casa_map_picture_camera(self->picture), v->at, MAX(casa_map_get_zoom(self), FOLLOW_ZOOM),
                           casa_clock_mono_us());
    moved_cb(self);
  }
}

CasaMapItem
casa_map_lookup(CasaMap *self, double x, double y)
{
  return casa_map_lookup_item(self->picture, x, y);
}

const CasaMapItem *
casa_map_get_selection(CasaMap *self)
{
  return &self->selection;
}

void
casa_map_select(CasaMap *self, const CasaMapItem *item)
{
  gboolean same = casa_map_item_equal(item, &self->selection);

  self->selection = *item;
  casa_map_picture_set_mark(self->picture, item->at, casa_map_item_radius(self->picture, item));
  casa_map_wake(self);
  if (!same)
    g_signal_emit(self, signal_selected, 0);
}

void
casa_map_set_accessible(CasaMap *self, const char *label, const char *description)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}
