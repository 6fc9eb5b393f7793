/* SPDX-License-Identifier: Apache-2.0 */
#include "city/governance.h"
#include "city/city-resources.h"
#include "city/indicators-private.h"
#include <math.h>
#include <string.h>

#define SHIPPED "/casa-pulse/governance.conf"
#define PREFIX "yardstick "
#define TEXT_KEYS(key) key "_fr", key "_en", key "_ar"

struct _CasaYardsticks {
  gint refs; /* atomic; all else is immutable after load */
  CasaIndicators *indicators;
  GPtrArray *items; /* CasaYardstick, by index */
};

/* By CasaYardstickKind, and how many indicators each wants beside `of`. */
static const char *const KINDS[] = { "exceedance", "mean",    "access", "interruptions", "duration", "share",      "per-point",
                                     "on-time",    "bunched", "lost",   "way-home",      "noise",    "night-flow", NULL };
static const guint WANTS[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0 };

static void
yardstick_free(gpointer data)
{
  CasaYardstick *self = data;

  g_free(self->id);
  casa_text_clear(&self->theme);
  casa_text_clear(&self->name);
  casa_text_clear(&self->formula);
  casa_text_clear(&self->source);
  casa_text_clear(&self->unit);
  g_free(self);
}

static gboolean
read_also(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  g_auto(GStrv) ids = casa_keyfile_get_list(file, group, "also");
  const guint n = ids ? g_strv_length(ids) : 0;

  if (n != WANTS[out->kind])
    return casa_keyfile_fail(file, group, "also", error, "%s wants %u indicators there", KINDS[out->kind], WANTS[out->kind]);
  for (guint i = 0; i < n; i++)
    if (!casa_reference_read(set, file, group, "also", ids[i], &out->also[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_what(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  static const char *const overs[] = { "24h", "8h", "1h", NULL };
  const char *of = casa_keyfile_get(file, group, "of");
  guint kind = G_MAXUINT, over = CASA_OVER_DAY;

  if (!casa_word_read(file, group, "kind", KINDS, &kind, error) || !casa_word_read(file, group, "over", overs, &over, error))
    return FALSE;
  if (kind == G_MAXUINT)
    return casa_keyfile_fail(file, group, "kind", error, "missing");
  out->kind = (CasaYardstickKind)kind;
  out->over = (CasaOver)over;
  if (!casa_reference_read(set, file, group, "of", of, &out->of, error))
    return FALSE;
  if (!of && out->kind != CASA_YARDSTICK_ACCESS)
    return casa_keyfile_fail(file, group, "of", error, "missing: an indicator of indicators.conf");
  if (out->of && !out->of->metric)
    return casa_keyfile_fail(file, group, "of", error, "\"%s\" has no metric of its own", of);
  return read_also(set, file, group, out, error);
}

static gboolean
read_numbers(const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  const struct {
    const char *key;
    double min, max, *to;
  } numbers[] = {
    { "limit", 0, 1e9, &out->limit },
    { "allowed", 0, 8784, &out->allowed },
    { "judged", 0, 1, &out->judged },
    { "early", -3600, 0, &out->early },
    { "late", 0, 3600, &out->late },
    { "metres", 1, 10000, &out->metres },
    { "points", 1, 1e9, &out->points },
    { "seats", 1, 10000, &out->seats },
    { "seats_rail", 1, 10000, &out->seats_rail },
    { "below", 0.01, 0.99, &out->below },
    { "wait_good", 0, 240, &out->wait_good },
    { "wait_bad", 0, 240, &out->wait_bad },
    { "people_good", 1, 1e6, &out->people_good },
  };

  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
    if (!casa_keyfile_get_double(file, group, numbers[i].key, numbers[i].min, numbers[i].max, numbers[i].to, error))
      return FALSE;
  if (out->wait_bad <= out->wait_good)
    return casa_keyfile_fail(file, group, "wait_bad", error, "is not more than wait_good");
  return casa_keyfile_get_uint(file, group, "days", 1, 366, &out->days, error) &&
         casa_keyfile_get_uint(file, group, "least", 0, 8784, &out->least, error) &&
         casa_keyfile_get_uint(file, group, "decimals", 0, 3, &out->decimals, error);
}

static gboolean
read_switches(const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  return casa_keyfile_get_bool(file, group, "hours", &out->hours, error) &&
         casa_keyfile_get_bool(file, group, "people", &out->people, error) &&
         casa_keyfile_get_bool(file, group, "night", &out->night, error) &&
         casa_keyfile_get_bool(file, group, "estimate", &out->estimate, error) &&
         casa_keyfile_get_bool(file, group, "at_least", &out->at_least, error);
}

/* A number that nobody can check is no indicator: name, formula and source must stand there. */
static gboolean
read_words(const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  static const char *const needed[] = { "theme_fr", "name_fr", "formula_fr", "source_fr", NULL };

  for (guint i = 0; needed[i]; i++)
    if (!casa_keyfile_get(file, group, needed[i]))
      return casa_keyfile_fail(file, group, needed[i], error, "missing");
  casa_text_read(file, group, "theme", NULL, &out->theme);
  casa_text_read(file, group, "name", NULL, &out->name);
  casa_text_read(file, group, "formula", NULL, &out->formula);
  casa_text_read(file, group, "unit", out->of ? &out->of->unit : NULL, &out->unit);
  casa_text_read(file, group, "source", NULL, &out->source);
  return TRUE;
}

static gboolean
read_yardstick(const CasaIndicators *set, const CasaKeyfile *file, const char *group, CasaYardstick *out, GError **error)
{
  static const char *const known[] = { "kind",
                                       "of",
                                       "also",
                                       "over",
                                       "hours",
                                       "people",
                                       "night",
                                       "estimate",
                                       "limit",
                                       "at_least",
                                       "allowed",
                                       "days",
                                       "least",
                                       "judged",
                                       "early",
                                       "late",
                                       "metres",
                                       "points",
                                       "seats",
                                       "seats_rail",
                                       "below",
                                       "wait_good",
                                       "wait_bad",
                                       "people_good",
                                       "decimals",
                                       TEXT_KEYS("theme"),
                                       TEXT_KEYS("name"),
                                       TEXT_KEYS("formula"),
                                       TEXT_KEYS("unit"),
                                       TEXT_KEYS("source"),
                                       NULL };

  out->id = g_strdup(group + strlen(PREFIX));
  out->limit = NAN;
  out->days = 1;
  out->judged = 0.75;
  out->below = 0.5;
  out->wait_bad = 1;
  out->people_good = 1;
  out->points = out->seats = out->seats_rail = 1;
  out->late = 300;
  out->metres = 500;
  return casa_keyfile_check_keys(file, group, known, error) && read_what(set, file, group, out, error) &&
         read_numbers(file, group, out, error) && read_switches(file, group, out, error) && read_words(file, group, out, error);
}

/* @file (transfer full), NULL after an error of its own. */
static CasaYardsticks *
read_set(CasaKeyfile *owned, CasaIndicators *indicators, GError **error)
{
  g_autoptr(CasaKeyfile) file = owned;
  g_autoptr(CasaYardsticks) self = g_new0(CasaYardsticks, 1);

  self->refs = 1;
  self->indicators = casa_indicators_ref(indicators);
  self->items = g_ptr_array_new_with_free_func(yardstick_free);
  if (!file)
    return NULL;
  const char *const *groups = casa_keyfile_groups(file);
  for (guint i = 0; groups[i]; i++) {
    CasaYardstick *item = g_new0(CasaYardstick, 1);
    item->index = self->items->len;
    g_ptr_array_add(self->items, item);
    if (!g_str_has_prefix(groups[i], PREFIX)) {
      casa_keyfile_fail(file, groups[i], NULL, error, "unknown group; known here: [yardstick NAME]");
      return NULL;
    }
    if (!read_yardstick(indicators, file, groups[i], item, error))
      return NULL;
  }
  return g_steal_pointer(&self);
}

static CasaKeyfile *
shipped_file(GError **error)
{
  g_autoptr(GBytes) bytes = g_resource_lookup_data(casa_city_get_resource(), SHIPPED, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gsize len;

  if (!bytes)
    return NULL;
  const char *text = g_bytes_get_data(bytes, &len);
  return casa_keyfile_parse(text, len, "governance.conf (built in)", error);
}

CasaYardsticks *
casa_yardsticks_load(const char *dir, CasaIndicators *indicators, GError **error)
{
  g_autofree char *path = g_build_filename(dir, "governance.conf", NULL);

  return read_set(g_file_test(path, G_FILE_TEST_EXISTS) ? casa_keyfile_load(path, error) : shipped_file(error), indicators,
                  error);
}

CasaYardsticks *
casa_yardsticks_ref(CasaYardsticks *self)
{
  g_atomic_int_inc(&self->refs);
  return self;
}

void
casa_yardsticks_unref(CasaYardsticks *self)
{
  if (!self || !g_atomic_int_dec_and_test(&self->refs))
    return;
  g_ptr_array_unref(self->items);
  casa_indicators_unref(self->indicators);
  g_free(self);
}

guint
casa_yardsticks_n(const CasaYardsticks *self)
{
  return self->items->len;
}

const CasaYardstick *
casa_yardsticks_get(const CasaYardsticks *self, guint index)
{
  return self->items->pdata[index];
}

CasaIndicators *
casa_yardsticks_indicators(const CasaYardsticks *self)
{
  return self->indicators;
}

const char *
casa_yardstick_kind_word(CasaYardstickKind kind)
{
  return KINDS[kind];
}
