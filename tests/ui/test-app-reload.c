/* SPDX-License-Identifier: Apache-2.0 */
#include "app-fixture.h"
#include "base/clock.h"
#include "casa-build.h"
#include "process.h"
#include "ui/data/indicators-watch.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

/* What indicators.conf says is shown as soon as it is saved; a mistake in it changes nothing but what is said of it. */

static gboolean
is_settled(CasaModel *model)
{
  return casa_model_settled(model);
}

typedef struct {
  CasaModel *model;
  guint sets, faults, rebuilt;
} Reload;

static void
saved_cb(CasaIndicators *set, const GError *fault, gpointer data)
{
  Reload *self = data;

  casa_model_set_config_fault(self->model, fault);
  if (set)
    casa_model_set_indicators(self->model, set);
  self->sets += set != NULL;
  self->faults += fault != NULL;
}

static void
rebuild_cb(gpointer data)
{
  ((Reload *)data)->rebuilt++;
}

static void
save(const char *dir, const char *name, const char *more)
{
  g_autofree char *from = g_build_filename(CASA_SOURCE_ROOT, "config", name, NULL), *to = g_build_filename(dir, name, NULL);
  g_autofree char *text = NULL;

  g_assert_true(g_file_get_contents(from, &text, NULL, NULL));
  g_autofree char *all = g_strconcat(text, more, NULL);
  g_assert_true(g_file_set_contents(to, all, -1, NULL));
}

static const char WATER[] =
  "\n[kind tank]\n[scale tank]\nfrom = 0; 80\nwords_fr = bas; haut\nwords_ar = منخفض; مرتفع\nbad_from = 2\n"
  "[indicator tank]\nmetric = level_pct\nkinds = tank\nstations = max\nscale = tank\nsay = class\n"
  "[domain harbour]\nname_fr = Port\nheadline = tank\n";

static void
declare(const char *dir, const char *domain)
{
  g_autofree char *path = g_build_filename(dir, "metrics.conf", NULL), *text = NULL;
  g_autofree char *with = g_strdup_printf("declared = %s; ", domain);

  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GString) all = g_string_new(text);
  g_assert_cmpuint(g_string_replace(all, "declared = ", with, 1), ==, 1);
  g_assert_true(g_file_set_contents(path, all->str, -1, NULL));
}

/* A domain of one's own, from a file that is saved while the wall runs; then a mistake in it. */
static void
test_reload(void)
{
  AppFixture fixture = { 0 };
  gint64 now = casa_clock_now_ms();
  g_autofree char *dir = test_dir_new();
  Reload reload = { 0 };

  casa_lang_set("fr");
  app_fixture_init(&fixture);
  save(dir, "metrics.conf", "");
  declare(dir, "harbour");
  save(dir, "indicators.conf", "");
  reload.model = app_fixture_model(&fixture);
  g_assert_true(app_fixture_wait(reload.model, is_settled, 60));
  casa_model_listen(reload.model, &(CasaModelListener){ .rebuild = rebuild_cb, .data = &reload });
  CasaIndicatorsWatch *watch = casa_indicators_watch_new(dir, saved_cb, &reload);
  casa_indicators_watch_check(watch);
  g_assert_cmpuint(reload.sets + reload.faults, ==, 0);

  save(dir, "indicators.conf", WATER);
  casa_indicators_watch_check(watch);
  g_assert_cmpuint(reload.sets, ==, 1);
  g_assert_cmpuint(reload.rebuilt, ==, 1);
  app_fixture_put(&fixture, "city", "water", "tank-1", "level_pct", 91, now, APP_LIVE);
  casa_model_tick(reload.model, now + 2000);
  g_assert_cmpint(app_figure(reload.model, "tank")->state, ==, CASA_STATE_NONE); /* its kind was never said */
  g_autoptr(GError) error = NULL;
  g_autofree CasaDescriptor *d = g_new0(CasaDescriptor, 1);
  gboolean changed;
  g_strlcpy(d->source, "city", sizeof d->source);
  g_strlcpy(d->domain, "water", sizeof d->domain);
  g_strlcpy(d->station, "tank-1", sizeof d->station);
  g_strlcpy(d->kind, "tank", sizeof d->kind);
  g_assert_true(casa_store_put_descriptor(fixture.store, d, now, &changed, &error));
  casa_model_tick(reload.model, now + 4000);
  CasaHeadline words = { 0 };
  casa_phrases_headline(reload.model, app_indicator(reload.model, "tank"), &words);
  g_assert_cmpstr(words.number, ==, "91");
  g_assert_cmpstr(words.unit, ==, "% · Niveau");
  g_assert_cmpstr(words.trend, ==, "▲ haut · max. tank-1");
  casa_headline_clear(&words);
  g_assert_nonnull(casa_model_curve(reload.model, app_indicator(reload.model, "tank")));

  save(dir, "indicators.conf", "[domain harbour]\nheadline = none\n");
  casa_indicators_watch_check(watch);
  g_assert_cmpuint(reload.faults, ==, 1);
  g_assert_cmpuint(reload.sets, ==, 1);
  const char *told = casa_model_summary(reload.model)->config_fault; /* file, line, key */
  g_assert_true(g_str_has_prefix(told, "indicators.conf:") && g_str_has_suffix(told, " (headline)"));
  g_assert_cmpfloat(app_figure(reload.model, "tank")->value, ==, 91); /* what was shown stays */
  save(dir, "indicators.conf", WATER);
  casa_indicators_watch_check(watch);
  g_assert_cmpstr(casa_model_summary(reload.model)->config_fault, ==, "");

  casa_indicators_watch_free(watch);
  casa_model_free(reload.model);
  app_fixture_clear(&fixture);
  test_dir_remove(dir);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/app/reload/domain-of-ones-own", test_reload);
  return g_test_run();
}
