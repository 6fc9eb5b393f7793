/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/error.h"
#include "casa-build.h"
#include "process.h"
#include "ui/shell/options.h"
#include <glib/gstdio.h>

#define PULSE CASA_BUILD_ROOT "/ui/casa-pulse"
#define CONFIG CASA_SOURCE_ROOT "/config"

static void
assert_refused(const char *const *argv, const char *part)
{
  g_autoptr(GError) error = NULL;
  CasaOptions options;

  g_assert_false(casa_options_parse(&options, (int)g_strv_length((char **)argv), (char **)argv, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  if (!strstr(error->message, part))
    g_error("\"%s\" does not say \"%s\"", error->message, part);
  casa_options_clear(&options);
}

#define REFUSED(part, ...) assert_refused((const char *[]){ "casa-pulse", __VA_ARGS__, NULL }, part)

static void
test_refused(void)
{
  REFUSED("1920x1080", "--size", "huge");
  REFUSED("16384", "--size", "20000x100");
  REFUSED("320", "--size", "100x100");
  REFUSED(".png", "--screenshot", "wall.jpg");
  REFUSED("fr, ar, en", "--lang", "de");
  REFUSED("dark, light, contrast", "--theme", "pink");
  REFUSED("--screenshot", "--after", "3");
  REFUSED("soon", "--screenshot", "a.png", "--after", "soon");
  REFUSED("stray", "stray");
  REFUSED("wanted FROM/TO", "--replay", "yesterday");
  REFUSED("ends before", "--replay", "now/-1h");
  REFUSED("0.1 to 1440", "--replay", "-2h/-1h", "--speed", "1441");
  REFUSED("0.1 to 1440", "--replay", "-2h/-1h", "--speed", "nan");
  REFUSED("0.1 to 1440", "--replay", "-2h/-1h", "--speed", "fast");
  REFUSED("go with --replay", "--speed", "2");
  REFUSED("go with --replay", "--loop");
  REFUSED("--curtain shows nothing", "--curtain", "--presenter");
  REFUSED("--curtain shows nothing", "--curtain", "--screenshot", "a.png");
  REFUSED("--frobnicate", "--frobnicate");
}

static void
test_accepted(void)
{
  const char *argv[] = { "casa-pulse", "--stage", "--screenshot", "a.svg", "--after", "1.5",
                         "--size",     "800x600", "--lang",       "ar",    "--theme", "light",
                         "--scene",    "energy",  "--store",      "/x.db", NULL };
  g_autoptr(GError) error = NULL;
  CasaOptions options;
  gboolean ok = casa_options_parse(&options, G_N_ELEMENTS(argv) - 1, (char **)argv, &error);

  g_assert_no_error(error);
  g_assert_true(ok);
  g_assert_true(options.stage);
  g_assert_cmpstr(options.scene, ==, "energy");
  g_assert_cmpint(options.after_ms, ==, 1500);
  g_assert_cmpint(options.width, ==, 800);
  g_assert_cmpint(options.height, ==, 600);
  g_assert_cmpstr(options.store, ==, "/x.db");
  casa_options_clear(&options);
}

/* Runs the program; its words must hold @part. */
static void
assert_run(const char *const *argv, int status, const char *part)
{
  g_autofree char *out = NULL, *err = NULL;
  int got = test_run(argv, NULL, &out, &err);

  if (got != status || !(strstr(out, part) || strstr(err, part)))
    g_error("%s: status %d (wanted %d), says: %s%s (wanted: %s)", argv[0], got, status, out, err, part);
}

#define RUN(status, part, ...) assert_run((const char *[]){ __VA_ARGS__, NULL }, status, part)

static void
test_program(void)
{
  RUN(0, "--screenshot", PULSE, "--help");
  RUN(0, "[OPTION…]", "env", "LC_ALL=C.UTF-8", PULSE, "--help");
  RUN(0, CASA_VERSION, PULSE, "--version");
  RUN(2, "--frobnicate", PULSE, "--frobnicate");
  RUN(1, "xvfb-run", "env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", PULSE, "--config", CONFIG);
}

static void
test_config(void)
{
  g_autofree char *dir = test_dir_new(), *file = g_build_filename(dir, "pulse.conf", NULL);

  g_assert_true(g_file_set_contents(file, "[broker]\nport of call=yes\n", -1, NULL));
  RUN(2, "pulse.conf", PULSE, "--config", dir);
  RUN(2, "not one of wall, mobility, energy, air", "env", "-u", "DISPLAY", PULSE, "--config", CONFIG, "--scene", "5");
  RUN(2, "password", PULSE, "--config", CONFIG, "--broker", "mqtt://me:secret@host", "--screenshot", "x.png");
  test_dir_remove(dir);
}

/* The file of scenes, checked without a display, and a scene that only it knows. */
static void
test_scenes(void)
{
  g_autofree char *dir = test_dir_new(), *file = g_build_filename(dir, "scenes.conf", NULL);

  RUN(0, "wall, mobility, energy, air, water, waste, civic", "env", "-u", "DISPLAY", PULSE, "--check-scenes",
      CONFIG "/scenes.conf");
  RUN(0, "wall, mobility, energy, air", PULSE, "--check-scenes", CONFIG "/talks/grid.conf");
  RUN(0, "wall, mobility, evening, energy, air", CASA_BUILD_ROOT "/cli/casa", "check", "--config", CONFIG, "--talk",
      CONFIG "/talks/persuade.conf");
  g_assert_true(g_file_set_contents(file, "[scene a]\ntitle_fr = A\nminutes = soon\n", -1, NULL));
  RUN(2, "minutes: \"soon\": wanted", CASA_BUILD_ROOT "/cli/casa", "check", "--config", CONFIG, "--talk", file);
  g_assert_true(
    g_file_set_contents(file, "[scene a]\ntitle_fr = A\nm = map 0 0 1 1\nevent = power-cut place=paris\n", -1, NULL));
  RUN(2, ":4: [scene a] event: no place \"paris\"", CASA_BUILD_ROOT "/cli/casa", "check", "--config", CONFIG, "--talk", file);
  g_assert_true(g_file_set_contents(file, "[scene a]\ntitle_fr = A\nm = map 0 0 1 1\nevent = silence\n", -1, NULL));
  RUN(2, "no event \"silence\"; known: power-cut", CASA_BUILD_ROOT "/cli/casa", "check", "--config", CONFIG, "--talk", file);
  RUN(2, "--scene sea: not one of wall, mobility", "env", "-u", "DISPLAY", PULSE, "--config", CONFIG, "--talk",
      CONFIG "/talks/grid.conf", "--scene", "sea");
  g_assert_true(g_file_set_contents(file, "[scene sea]\ntitle_fr = Mer\nm = map 0 0 1 2\n", -1, NULL));
  RUN(2, "scenes.conf:3: [scene sea] m: reaches out of the screen", "env", "-u", "DISPLAY", PULSE, "--check-scenes", file);
  RUN(2, "nowhere.conf", PULSE, "--check-scenes", "/nowhere.conf");
  test_dir_remove(dir);
}

/* The store cannot be used: words that name it, status 1, no window left waiting when a picture was asked for. */
static void
test_store(void)
{
  AppFixture fixture = { 0 };
  g_autofree char *picture = NULL;

  app_fixture_init(&fixture); /* holds the store open: busy */
  picture = g_build_filename(fixture.dir, "wall.png", NULL);
  RUN(1, fixture.path, PULSE, "--config", CONFIG, "--store", fixture.path, "--screenshot", picture);
  RUN(1, "/proc/nowhere", PULSE, "--config", CONFIG, "--store", "/proc/nowhere/pulse.db", "--screenshot", picture);
  app_fixture_clear(&fixture);
}

static void
test_picture(void)
{
  g_autofree char *dir = test_dir_new(), *store = g_build_filename(dir, "pulse.db", NULL);
  g_autofree char *good = g_build_filename(dir, "wall.png", NULL), *bad = g_build_filename(dir, "no", "wall.png", NULL);
  g_autofree char *broker = g_strdup_printf("mqtt://127.0.0.1:%u", test_free_port());

  RUN(1, bad, PULSE, "--config", CONFIG, "--store", store, "--broker", broker, "--screenshot", bad, "--after", "1");
  RUN(0, "", PULSE, "--config", CONFIG, "--store", store, "--broker", broker, "--screenshot", good, "--after", "1");
  g_assert_true(g_file_test(good, G_FILE_TEST_IS_REGULAR));
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/options/refused", test_refused);
  g_test_add_func("/app/options/accepted", test_accepted);
  g_test_add_func("/app/options/program", test_program);
  g_test_add_func("/app/options/config", test_config);
  g_test_add_func("/app/options/scenes", test_scenes);
  g_test_add_func("/app/options/store", test_store);
  g_test_add_func("/app/options/picture", test_picture);
  return g_test_run();
}
