/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-config.h"
#include "cli.h"

#include "city/city.h"
#include "city/domain-files.h"
#include "city/map-sources.h"
#include "city/metrics.h"
#include "city/palette.h"
#include "city/stories.h"
#include "wire/decoder.h"

#include <string.h>

typedef struct {
  const CasaConfig *config;
  CliSay say;
  gpointer data;
} Files;

G_GNUC_PRINTF(4, 5)
static void
tell(Files *self, CliVerdict verdict, const char *what, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  self->say(verdict, what, text, self->data);
}

static void
check_config(Files *self)
{
  static const char *const files[] = { "feeds.conf",   "indicators.conf", "map.conf",    "metrics.conf",
                                       "palette.conf", "scenes.conf",     "stories.conf" };
  const CasaConfig *config = self->config;
  g_autoptr(GString) own = g_string_new(NULL), lacking = g_string_new(NULL);
  g_autofree char *additions = g_strconcat(config->file, ".d", NULL);

  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(config->dir, files[i], NULL);
    GString *list = g_file_test(path, G_FILE_TEST_EXISTS) ? own : lacking;
    g_string_append_printf(list, "%s%s", list->len ? " " : "", files[i]);
  }
  g_autoptr(GPtrArray) domains = casa_domain_files_list(config->dir);
  for (guint i = 0; i < domains->len; i++)
    g_string_append_printf(own, " %s", (const char *)domains->pdata[i] + strlen(config->dir) + 1);
  tell(self, CLI_PASS, "config", "%s%s", config->file,
       g_file_test(config->file, G_FILE_TEST_EXISTS)
         ? ""
         : cli_said(" is not there: everything is at its default", " n'est pas là : tout est par défaut",
                    " غير موجود: كل شيء على الافتراضي"));
  if (g_file_test(additions, G_FILE_TEST_IS_DIR))
    tell(self, CLI_PASS, "config", cli_said("%s/*.conf after it", "%s/*.conf après lui", "%s/*.conf بعده"), additions);
  tell(self, CLI_PASS, "files", cli_said("%s in %s%s%s", "%s dans %s%s%s", "%s في %s%s%s"), own->str, config->dir,
       lacking->len ? cli_said("; not there: ", " ; absents : ", "؛ غير موجودة: ") : "", lacking->str);
}

static void
check_metrics(Files *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaMetrics) metrics = casa_metrics_load(self->config->dir, &error);
  guint n = 0;
  if (!metrics) {
    tell(self, CLI_FAIL, "metrics", "%s", error->message);
    return;
  }
  casa_metrics_all(metrics, &n);
  tell(self, CLI_PASS, "metrics",
       cli_said("%u metrics in %s/metrics.conf", "%u métriques dans %s/metrics.conf", "%u مقياسًا في %s/metrics.conf"), n,
       self->config->dir);
  const CasaWireLimits limits = casa_wire_limits(self->config);
  g_autoptr(CasaDecoder) decoder = casa_decoder_new(metrics, &limits);
  if (!casa_decoder_load_feeds(decoder, self->config->dir, &error))
    tell(self, CLI_FAIL, "files", "%s", error->message);
}

/* Files that the wall does without where they are wrong: it takes what is built in. */
static void
check_built_in(Files *self)
{
  const char *dir = self->config->dir;
  g_autoptr(GError) of_map = NULL, of_stories = NULL, of_palette = NULL;
  g_autoptr(CasaMapSources) sources = casa_map_sources_load(dir, &of_map);
  g_autoptr(CasaStories) stories = casa_stories_load(dir, &of_stories);
  g_autoptr(CasaPalette) palette = casa_palette_load(dir, &of_palette);
  const GError *const faults[] = { sources ? of_map : NULL, stories ? of_stories : NULL, palette ? of_palette : NULL };
  for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i])
      tell(self, CLI_FAIL, "files", "%s", faults[i]->message);
}

static void
check_city(Files *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaCity) city = casa_city_load(self->config->dir, &error);
  if (!city)
    tell(self, CLI_FAIL, "city", "%s", error->message);
  else
    tell(self, CLI_PASS, "city",
         cli_said("%u districts, %u lines, %u roads, %u places", "%u arrondissements, %u lignes, %u routes, %u lieux",
                  "%u مقاطعة، %u خطوط، %u طريق، %u مكان"),
         city->n_districts, city->n_lines, city->n_roads, city->n_places);
}

void
cli_doctor_config(const CasaConfig *config, CliSay say, gpointer data)
{
  Files self = { config, say, data };

  check_config(&self);
  check_metrics(&self);
  check_built_in(&self);
  check_city(&self);
}
