/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "toy-city.h"
#include "ui/map/map-sheet.h"
#include "ui/map/map.h"
#include <malloc.h>
#include <math.h>

/* Needs a display: tests/ui/meson.build gives it a virtual one. */

typedef struct {
  GtkWidget *window;
  CasaMap *map;
} Fixture;

#define DEADLINE_US (60 * G_USEC_PER_SEC)

/* Turns the main loop until @done says so, or fails the test. */
static void
wait_until(gboolean (*done)(Fixture *f), Fixture *f)
{
  gint64 end = casa_clock_mono_us() + DEADLINE_US;

  while (!done(f)) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static gboolean
painted(Fixture *f)
{
  return casa_map_n_base_paints(f->map) > 0 && gtk_widget_get_width(GTK_WIDGET(f->map)) > 0;
}

static void
set_up(Fixture *f, gconstpointer data)
{
  static const CasaMapScale scale = { "PM10", "µg/m³", NULL, CASA_MAP_RAMP_DUST, 0, 150, NAN, NULL, 0 };
  const double values[4] = { 5, 45, 120, NAN };

  f->window = gtk_window_new();
  f->map = CASA_MAP(casa_map_new(toy_city()));
  casa_map_set_theme(f->map, casa_theme_get("dark"), "Inter", 16);
  casa_map_set_scale(f->map, &scale);
  casa_map_set_districts(f->map, values);
  gtk_window_set_default_size(GTK_WINDOW(f->window), 640, 480);
  gtk_window_set_child(GTK_WINDOW(f->window), GTK_WIDGET(f->map));
  gtk_window_present(GTK_WINDOW(f->window));
  wait_until(painted, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
  gtk_window_destroy(GTK_WINDOW(f->window));
  while (g_main_context_iteration(NULL, FALSE))
    ;
}

/* Runs until the window has drawn a few more frames. */
static void
some_frames(Fixture *f)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(f->map));
  gint64 start = gdk_frame_clock_get_frame_counter(clock), end = casa_clock_mono_us() + DEADLINE_US;

  while (gdk_frame_clock_get_frame_counter(clock) < start + 3) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    gtk_widget_queue_draw(GTK_WIDGET(f->map));
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static guint
paints_after(Fixture *f)
{
  some_frames(f);
  return casa_map_n_base_paints(f->map);
}

static void
tell(Fixture *f, guint key, gint64 t_ms)
{
  const CasaMapReport report = { .key = key, .at = { -7.6, 33.57 }, .t_ms = t_ms, .rgb = 0xE8621A };

  casa_map_report(f->map, &report);
}

/* The ground is painted some times a second at most: until it is painted once more. */
static void
wait_for_paint(Fixture *f, guint before)
{
  gint64 end = casa_clock_mono_us() + DEADLINE_US;

  while (casa_map_n_base_paints(f->map) == before) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
    g_usleep(1000);
  }
}

static void
test_base_is_kept(Fixture *f, gconstpointer data)
{
  const double nearly[4] = { 5.5, 45, 120.5, NAN }, other[4] = { 5, 45, 140, NAN };
  const CasaMapBadge badge = { .at = { -7.55, 33.62 }, .text = "74", .band = 4, .priority = 1 };
  guint before = paints_after(f);

  casa_map_set_districts(f->map, nearly);
  casa_map_set_badges(f->map, &badge, 1);
  tell(f, 1, casa_clock_now_ms());
  g_assert_cmpuint(paints_after(f), ==, before);
  casa_map_set_districts(f->map, other);
  wait_for_paint(f, before);
  g_assert_cmpuint(paints_after(f), ==, before + 1);
  casa_map_set_theme(f->map, casa_theme_get("light"), "Inter", 16);
  g_assert_cmpuint(paints_after(f), ==, before + 2);
  casa_map_set_theme(f->map, casa_theme_get("light"), "Inter", 16);
  g_assert_cmpuint(paints_after(f), ==, before + 2);
}

/* Presses a key as the focused widget's key controller gets it. */
static gboolean
press(Fixture *f, guint keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(GTK_WIDGET(f->map));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(controllers, i);

    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0, 0, &handled);
  }
  some_frames(f);
  return handled;
}

static void
test_keys(Fixture *f, gconstpointer data)
{
  g_assert_true(gtk_widget_get_focusable(GTK_WIDGET(f->map)));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  g_assert_false(press(f, GDK_KEY_Right)); /* a clicker's arrow is not ours while the whole city is shown */
  g_assert_true(press(f, GDK_KEY_plus));
  g_assert_true(press(f, GDK_KEY_KP_Add));
  g_assert_cmpfloat_with_epsilon(casa_map_get_zoom(f->map), 2.25, 1e-9);
  g_assert_true(press(f, GDK_KEY_Right));
  g_assert_true(press(f, GDK_KEY_minus));
  g_assert_cmpfloat_with_epsilon(casa_map_get_zoom(f->map), 1.5, 1e-9);
  g_assert_true(press(f, GDK_KEY_0));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  g_assert_true(press(f, GDK_KEY_minus));
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  for (int i = 0; i < 20; i++)
    press(f, GDK_KEY_plus);
  g_assert_cmpfloat(casa_map_get_zoom(f->map), <=, 24);
  g_assert_false(press(f, GDK_KEY_Escape)); /* nothing is chosen */
  g_assert_false(press(f, GDK_KEY_Page_Down));
}

static gboolean
no_vehicle(Fixture *f)
{
  return casa_map_n_vehicles(f->map) == 0;
}

static void
test_silent_vehicles_go(Fixture *f, gconstpointer data)
{
  gint64 now = casa_clock_now_ms();

  tell(f, 1, now - 60000); /* stale on arrival */
  tell(f, 2, now);
  some_frames(f);
  g_assert_cmpuint(casa_map_n_vehicles(f->map), ==, 1);
  casa_map_set_stale(f->map, 1);
  wait_until(no_vehicle, f);
}

static void
test_screen_reader(Fixture *f, gconstpointer data)
{
  GtkAccessible *map = GTK_ACCESSIBLE(f->map);
  g_autofree char *label = NULL;

  casa_map_set_accessible(f->map, "Carte de Casablanca", "PM10 par arrondissement");
  g_assert_cmpint(gtk_accessible_get_accessible_role(map), ==, GTK_ACCESSIBLE_ROLE_IMG);
  label = gtk_test_accessible_check_property(map, GTK_ACCESSIBLE_PROPERTY_LABEL, "Carte de Casablanca");
  g_assert_null(label);
}

static void
count_cb(CasaMap *map, guint *n)
{
  (*n)++;
}

/* By keys alone: through everything in sight and out again; Escape lets go. */
static void
test_choose_by_keys(Fixture *f, gconstpointer data)
{
  const CasaMapBadge badge = { .at = { -7.55, 33.62 }, .text = "74", .band = 4, .priority = 1, .key = 9 };
  guint told = 0, steps = 0;

  casa_map_set_badges(f->map, &badge, 1);
  tell(f, 5, casa_clock_now_ms());
  some_frames(f);
  g_signal_connect(f->map, "selected", G_CALLBACK(count_cb), &told);
  g_assert_false(press(f, GDK_KEY_Tab)); /* the focus moves on while nothing is chosen */
  g_assert_true(press(f, GDK_KEY_Return));
  g_assert_cmpint(casa_map_get_selection(f->map)->kind, ==, CASA_MAP_STATION);
  g_assert_cmpuint(casa_map_get_selection(f->map)->key, ==, 9);
  g_assert_true(press(f, GDK_KEY_Tab));
  g_assert_cmpint(casa_map_get_selection(f->map)->kind, ==, CASA_MAP_VEHICLE);
  g_assert_true(press(f, GDK_KEY_ISO_Left_Tab));
  g_assert_cmpint(casa_map_get_selection(f->map)->kind, ==, CASA_MAP_STATION);
  g_assert_true(press(f, GDK_KEY_Escape));
  g_assert_cmpint(casa_map_get_selection(f->map)->kind, ==, CASA_MAP_NOTHING);
  g_assert_cmpuint(told, ==, 4);
  press(f, GDK_KEY_Return);
  while (press(f, GDK_KEY_Tab))
    g_assert_cmpuint(++steps, <, 20);
  g_assert_cmpuint(steps, ==, 1 + 1 + 4); /* after the badge vehicle, line, districts: then the focus moves on */
}

static gboolean
at_rest(Fixture *f)
{
  return casa_map_get_zoom(f->map) == 1;
}

/* A point tells what lies there. */
static void
test_look_up(Fixture *f, gconstpointer data)
{
  CasaMapCamera *camera = casa_map_get_camera(f->map);
  CasaMapView view;
  CasaMapItem item;
  double x, y;

  tell(f, 5, casa_clock_now_ms());
  wait_until(at_rest, f);
  some_frames(f);
  view = casa_map_camera_view(camera, casa_clock_mono_us());
  casa_map_project(&view, (CasaLonLat){ -7.6, 33.57 }, &x, &y);
  item = casa_map_lookup(f->map, x, y);
  g_assert_cmpint(item.kind, ==, CASA_MAP_VEHICLE);
  g_assert_cmpuint(item.key, ==, 5);
  casa_map_project(&view, (CasaLonLat){ -7.65, 33.57 }, &x, &y);
  item = casa_map_lookup(f->map, x, y + 2);
  g_assert_cmpint(item.kind, ==, CASA_MAP_LINE);
  g_assert_true(item.line == &toy_city()->lines[0]);
  casa_map_project(&view, (CasaLonLat){ -7.65, 33.63 }, &x, &y);
  item = casa_map_lookup(f->map, x, y);
  g_assert_cmpint(item.kind, ==, CASA_MAP_DISTRICT);
  g_assert_cmpstr(item.district->id, ==, "a");
  item = casa_map_lookup(f->map, -5, -5);
  g_assert_cmpint(item.kind, ==, CASA_MAP_NOTHING);
}

/* Nothing that moves, nothing that changes: no frame is painted. */
static void
test_still_map_paints_nothing(Fixture *f, gconstpointer data)
{
  guint before;
  gint64 end;

  some_frames(f);
  for (end = casa_clock_mono_us() + 1500000; casa_clock_mono_us() < end;)
    g_main_context_iteration(NULL, FALSE);
  before = casa_map_n_frames(f->map);
  for (end = casa_clock_mono_us() + 1500000; casa_clock_mono_us() < end;)
    g_main_context_iteration(NULL, FALSE);
  g_assert_cmpuint(casa_map_n_frames(f->map) - before, <=, 2);
  tell(f, 5, casa_clock_now_ms());
  for (end = casa_clock_mono_us() + 1500000; casa_clock_mono_us() < end;)
    g_main_context_iteration(NULL, FALSE);
  g_assert_cmpuint(casa_map_n_frames(f->map) - before, >, 5); /* a vehicle is never quite still */
}

static void
count_frame_cb(GdkFrameClock *clock, gpointer data)
{
  (*(guint *)data)++;
}

/* Thirty pictures a second need thirty frames of the window, not sixty of which half are empty. */
static void
test_no_empty_frames(Fixture *f, gconstpointer data)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(f->map));
  const gint64 end = casa_clock_mono_us() + DEADLINE_US;
  guint frames = 0, before;
  gulong id;

  tell(f, 5, casa_clock_now_ms());
  some_frames(f);
  id = g_signal_connect(clock, "update", G_CALLBACK(count_frame_cb), &frames);
  before = casa_map_n_frames(f->map);
  while (casa_map_n_frames(f->map) < before + 30) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, TRUE);
  }
  g_signal_handler_disconnect(clock, id);
  g_assert_cmpuint(frames, <, 40);
}

/* The camera goes to where something happens, and back when it is over. */
static void
test_event(Fixture *f, gconstpointer data)
{
  casa_map_set_event(f->map, "nowhere", NULL, TRUE);
  some_frames(f);
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  casa_map_set_event(f->map, "b", "sans courant", TRUE);
  for (gint64 end = casa_clock_mono_us() + DEADLINE_US; casa_map_get_zoom(f->map) == 1;) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
  }
  g_assert_cmpfloat(casa_map_get_zoom(f->map), <=, 2.8);
  casa_map_set_event(f->map, NULL, NULL, TRUE);
  wait_until(at_rest, f);
}

static void
wait_zoomed(Fixture *f)
{
  for (gint64 end = casa_clock_mono_us() + DEADLINE_US; casa_map_get_zoom(f->map) == 1;) {
    g_assert_cmpint(casa_clock_mono_us(), <, end);
    g_main_context_iteration(NULL, FALSE);
  }
}

/* The same for what is no district's: once for each, and back when it is over. */
static void
test_visit(Fixture *f, gconstpointer data)
{
  const CasaLonLat min = { -7.60, 33.58 }, max = { -7.59, 33.59 };

  casa_map_visit(f->map, "tram-incident t1 1", min, max);
  wait_zoomed(f);
  casa_map_visit(f->map, NULL, min, max);
  wait_until(at_rest, f);
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
  casa_map_visit(f->map, "tram-incident t1 2", min, max);
  wait_zoomed(f);
  casa_map_go_home(f->map);
  wait_until(at_rest, f);
  casa_map_visit(f->map, "tram-incident t1 2", min, max); /* the same: whoever has gone home stays there */
  some_frames(f);
  g_assert_cmpfloat(casa_map_get_zoom(f->map), ==, 1);
}

/* What the sheet shows of tile @i. (transfer full) */
static GskRenderNode *
node_at(CasaMapSheet *sheet, guint i)
{
  GtkSnapshot *snapshot = gtk_snapshot_new();
  casa_map_sheet_append(sheet, snapshot);
  g_autoptr(GskRenderNode) all = gtk_snapshot_free_to_node(snapshot);
  return gsk_render_node_ref(gsk_container_node_get_child(all, i));
}

/* What @node paints at @x @y of the picture. */
static guint32
colour_of(GskRenderNode *node, int x, int y)
{
  cairo_surface_t *screen = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 3 * CASA_MAP_TILE, CASA_MAP_TILE);
  cairo_t *cr = cairo_create(screen);
  guint32 colour;

  gsk_render_node_draw(node, cr);
  cairo_destroy(cr);
  colour = *(guint32 *)(gpointer)(cairo_image_surface_get_data(screen) + y * cairo_image_surface_get_stride(screen) + x * 4);
  cairo_surface_destroy(screen);
  return colour & 0xffffff;
}

/* A frame of a blue picture of three tiles, with a red dot in the second, which is taken over. */
static void
take_frame(CasaMapSheet *sheet, GtkWidget *widget, CasaMapTiles *tiles, double x)
{
  const CasaMapBox box = { x, 10, 5, 5 };
  cairo_t *cr = casa_map_tiles_begin(tiles);

  casa_map_tiles_mark(&box, tiles);
  cairo_set_source_rgb(cr, 1, 0, 0);
  cairo_rectangle(cr, box.x, box.y, box.w, box.h);
  cairo_fill(cr);
  casa_map_tiles_end(tiles);
  casa_map_sheet_take(sheet, widget, tiles, 1);
}

static CasaMapTiles *
blue_tiles(void)
{
  CasaMapTiles *tiles = casa_map_tiles_new(3 * CASA_MAP_TILE, CASA_MAP_TILE, 1);
  cairo_t *ground = cairo_create(casa_map_tiles_ground(tiles));

  cairo_set_source_rgb(ground, 0, 0, 1);
  cairo_paint(ground);
  cairo_destroy(ground);
  return tiles;
}

/* Bytes that the program has of its heap; 0 under a sanitizer. */
static gsize
heap(void)
{
  return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* Where GTK paints with cairo: only what changed has new nodes, these show the new pixels, and no pixels are there twice. */
static void
test_sheet_shows_the_picture_itself(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaMapTiles) tiles = blue_tiles(), other = blue_tiles();
  CasaMapSheet *sheet = casa_map_sheet_new();
  GskRenderNode *first[3], *node;
  gsize before = heap();

  take_frame(sheet, GTK_WIDGET(f->map), tiles, CASA_MAP_TILE + 10);
  for (guint i = 0; i < 3; i++)
    first[i] = node_at(sheet, i);
  g_assert_cmphex(colour_of(first[1], CASA_MAP_TILE + 12, 12), ==, 0xff0000);
  take_frame(sheet, GTK_WIDGET(f->map), tiles, CASA_MAP_TILE + 50);
  for (guint i = 0; i < 3; i++) {
    node = node_at(sheet, i);
    g_assert_true((node == first[i]) == (i != 1));
    g_assert_cmphex(colour_of(node, (int)i * CASA_MAP_TILE + 12, 12), ==, 0x0000ff);
    g_assert_cmphex(colour_of(node, (int)i * CASA_MAP_TILE + 52, 12), ==, i == 1 ? 0xff0000 : 0x0000ff);
    gsk_render_node_unref(node);
  }
  g_assert_cmpuint(heap(), <, before + CASA_MAP_TILE * CASA_MAP_TILE * 4);

  take_frame(sheet, GTK_WIDGET(f->map), other, 10); /* another picture of the same size */
  node = node_at(sheet, 0);
  g_assert_cmphex(colour_of(node, 12, 12), ==, 0xff0000);
  gsk_render_node_unref(node);
  for (guint i = 0; i < 3; i++)
    gsk_render_node_unref(first[i]);
  casa_map_sheet_free(sheet);
}

/* The presenter sees the picture smaller: what lies below it shines through at no edge of a tile. */
static void
test_sheet_smaller(Fixture *f, gconstpointer data)
{
  g_autoptr(CasaMapTiles) tiles = blue_tiles();
  CasaMapSheet *sheet = casa_map_sheet_new();
  GtkSnapshot *snapshot = gtk_snapshot_new();
  cairo_surface_t *screen = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 3 * CASA_MAP_TILE, CASA_MAP_TILE);
  cairo_t *cr = cairo_create(screen);

  take_frame(sheet, GTK_WIDGET(f->map), tiles, 10);
  gtk_snapshot_scale(snapshot, 0.43f, 0.43f);
  casa_map_sheet_append(sheet, snapshot);
  g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  gsk_render_node_draw(node, cr);
  cairo_destroy(cr);
  const guint32 *row =
    (const guint32 *)(gpointer)(cairo_image_surface_get_data(screen) + 30 * cairo_image_surface_get_stride(screen));
  for (int x = 1; x < (int)(3 * CASA_MAP_TILE * 0.43) - 1; x++)
    g_assert_cmphex(row[x] & 0xffffff, ==, 0x0000ff);
  cairo_surface_destroy(screen);
  casa_map_sheet_free(sheet);
}

/* Where a graphics card may read the pixels at any time, they stay what they were. */
static void
test_sheet_copies_for_the_card(void)
{
  GtkWidget *nowhere = g_object_ref_sink(gtk_label_new(NULL));
  g_autoptr(CasaMapTiles) tiles = blue_tiles();
  CasaMapSheet *sheet = casa_map_sheet_new();
  GskRenderNode *old, *new;

  take_frame(sheet, nowhere, tiles, 10);
  old = node_at(sheet, 0);
  take_frame(sheet, nowhere, tiles, 50);
  new = node_at(sheet, 0);
  g_assert_cmphex(colour_of(old, 12, 12), ==, 0xff0000);
  g_assert_cmphex(colour_of(new, 12, 12), ==, 0x0000ff);
  g_assert_cmphex(colour_of(new, 52, 12), ==, 0xff0000);
  gsk_render_node_unref(old);
  gsk_render_node_unref(new);
  casa_map_sheet_free(sheet);
  g_object_unref(nowhere);
}

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  g_test_add("/map/widget/base-is-kept", Fixture, NULL, set_up, test_base_is_kept, tear_down);
  g_test_add("/map/widget/keys", Fixture, NULL, set_up, test_keys, tear_down);
  g_test_add("/map/widget/silent-vehicles-go", Fixture, NULL, set_up, test_silent_vehicles_go, tear_down);
  g_test_add("/map/widget/screen-reader", Fixture, NULL, set_up, test_screen_reader, tear_down);
  g_test_add("/map/widget/choose-by-keys", Fixture, NULL, set_up, test_choose_by_keys, tear_down);
  g_test_add("/map/sheet/shows-the-picture-itself", Fixture, NULL, set_up, test_sheet_shows_the_picture_itself, tear_down);
  g_test_add("/map/sheet/smaller", Fixture, NULL, set_up, test_sheet_smaller, tear_down);
  g_test_add_func("/map/sheet/copies-for-the-card", test_sheet_copies_for_the_card);
  g_test_add("/map/widget/visit", Fixture, NULL, set_up, test_visit, tear_down);
  g_test_add("/map/widget/look-up", Fixture, NULL, set_up, test_look_up, tear_down);
  g_test_add("/map/widget/still-map-paints-nothing", Fixture, NULL, set_up, test_still_map_paints_nothing, tear_down);
  g_test_add("/map/widget/no-empty-frames", Fixture, NULL, set_up, test_no_empty_frames, tear_down);
  g_test_add("/map/widget/event", Fixture, NULL, set_up, test_event, tear_down);
  return g_test_run();
}
