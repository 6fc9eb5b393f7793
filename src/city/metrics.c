/* SPDX-License-Identifier: Apache-2.0 */
#include "city/metrics.h"
#include "city/domain-files.h"
#include "base/error.h"
#include "base/keyfile.h"

#include <math.h>
#include <string.h>

#define DOMAINS_GROUP "domains"
#define OWN_DOMAIN "domain " /* of config/domains */
#define UNIT_MAX 32          /* bytes of a unit's name, once folded */

typedef struct {
  char name[UNIT_MAX]; /* folded */
  double factor, offset;
} Unit;

typedef struct {
  CasaMetric metric; /* first: a CasaMetric * of ours is an Entry * */
  GArray *units;     /* of Unit; the canonical one is in it */
} Entry;

/* One name in the look-up table; the string belongs to an entry. */
typedef struct {
  const char *name;
  gsize len;
  const CasaMetric *metric;
} Slot;

struct _CasaMetrics {
  GPtrArray *entries; /* of Entry */
  char **domains;
  GHashTable *kinds; /* kind → domain, a string of domains */
  Slot *slots;       /* open addressing, linear probing, at most half full: a miss ends at an empty slot */
  gsize mask;        /* number of slots - 1, a power of two - 1 */
};

static void
free_entry(gpointer data)
{
  Entry *entry = data;
  CasaMetric *metric = &entry->metric;
  g_free(metric->id);
  g_free(metric->domain);
  g_free(metric->unit);
  g_free(metric->name_fr);
  g_free(metric->name_en);
  g_free(metric->name_ar);
  g_strfreev(metric->aliases);
  g_array_unref(entry->units);
  g_free(entry);
}

void
casa_metrics_free(CasaMetrics *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->entries);
  g_clear_pointer(&self->kinds, g_hash_table_unref);
  g_strfreev(self->domains);
  g_free(self->slots);
  g_free(self);
}

/* FNV-1a over lower-cased ASCII. */
static gsize
hash_name(const char *name, gsize len)
{
  guint32 hash = 2166136261u;
  for (gsize i = 0; i < len; i++)
    hash = (hash ^ (guint8)g_ascii_tolower(name[i])) * 16777619u;
  return hash;
}

/* The slot that holds @name, or the empty one where it would go. */
static Slot *
find_slot(const CasaMetrics *self, const char *name, gsize len)
{
  gsize i = hash_name(name, len) & self->mask;
  while (self->slots[i].name && (self->slots[i].len != len || g_ascii_strncasecmp(self->slots[i].name, name, len) != 0))
    i = (i + 1) & self->mask;
  return &self->slots[i];
}

const CasaMetric *
casa_metrics_find(const CasaMetrics *self, const char *name, gsize len)
{
  return len ? find_slot(self, name, len)->metric : NULL;
}

gboolean
casa_metrics_has_domain(const CasaMetrics *self, const char *domain)
{
  return g_strv_contains((const char *const *)self->domains, domain);
}

const char *const *
casa_metrics_domains(const CasaMetrics *self)
{
  return (const char *const *)self->domains;
}

const char *
casa_metrics_domain_of_kind(const CasaMetrics *self, const char *kind)
{
  return g_hash_table_lookup(self->kinds, kind);
}

const CasaMetric *const *
casa_metrics_all(const CasaMetrics *self, guint *n)
{
  *n = self->entries->len;
  return (const CasaMetric *const *)self->entries->pdata;
}

/* Writes @unit to @out (UNIT_MAX bytes) with spellings that mean the same made equal: both micro signs and u, raised
 * digits, the ordinal º for the degree °, no spaces. FALSE when too long or not UTF-8. */
static gboolean
fold_unit(const char *unit, char *out)
{
  gsize n = 0;
  for (const char *p = unit; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char_validated(p, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2)
      return FALSE;
    switch (c) {
    case ' ': continue;
    case 0x00B5:                 /* micro sign */
    case 0x03BC: c = 'u'; break; /* Greek mu */
    case 0x00B2: c = '2'; break;
    case 0x00B3: c = '3'; break;
    case 0x00BA: c = 0x00B0; break;
    default: break;
    }
    if (n + 6 >= UNIT_MAX)
      return FALSE;
    n += (gsize)g_unichar_to_utf8(c, out + n);
  }
  out[n] = '\0';
  return TRUE;
}

static const Unit *
find_unit(const Entry *entry, const char *folded)
{
  for (guint i = 0; i < entry->units->len; i++) {
    const Unit *unit = &g_array_index(entry->units, Unit, i);
    if (strcmp(unit->name, folded) == 0)
      return unit;
  }
  return NULL;
}

/* mV and MV, mbar and Mbar: where milli and mega differ by a capital alone, case is not to be guessed. */
static gboolean
is_prefixed(const char *unit)
{
  static const char *const bases[] = { "v", "w", "wh", "va", "hz", "pa", "a", "g", "g/m3", "bar", "l", "j", "s" };
  for (guint i = 0; (unit[0] == 'm' || unit[0] == 'M') && i < G_N_ELEMENTS(bases); i++)
    if (g_ascii_strcasecmp(unit + 1, bases[i]) == 0)
      return TRUE;
  return FALSE;
}

/* As it is written; or else, where that leaves no doubt, in any case. */
static const Unit *
find_unit_in_any_case(const Entry *entry, const char *folded)
{
  const Unit *found = find_unit(entry, folded);
  for (guint i = 0; !found && !is_prefixed(folded) && i < entry->units->len; i++) {
    const Unit *unit = &g_array_index(entry->units, Unit, i);
    if (g_ascii_strcasecmp(unit->name, folded) == 0)
      found = unit;
  }
  return found;
}

gboolean
casa_metrics_convert(const CasaMetrics *self, const CasaMetric *metric, const char *unit, double *factor, double *offset)
{
  char folded[UNIT_MAX];
  const Unit *found = fold_unit(unit, folded) ? find_unit_in_any_case((const Entry *)metric, folded) : NULL;
  if (!found)
    return FALSE;
  *factor = found->factor;
  *offset = found->offset;
  return TRUE;
}

static gboolean
parse_number(const char *text, double *out)
{
  char *end = NULL;
  *out = g_ascii_strtod(text, &end);
  return end != text && *end == '\0' && isfinite(*out);
}

/* "unit factor [offset]" */
static gboolean
add_unit(const CasaKeyfile *file, Entry *entry, const char *text, GError **error)
{
  const char *id = entry->metric.id;
  g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
  g_autoptr(GPtrArray) parts = g_ptr_array_new();
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_ptr_array_add(parts, words[i]);
  Unit unit = { .offset = 0 };
  if (parts->len < 2 || parts->len > 3 || !fold_unit(parts->pdata[0], unit.name) ||
      !parse_number(parts->pdata[1], &unit.factor) || unit.factor == 0 ||
      (parts->len == 3 && !parse_number(parts->pdata[2], &unit.offset)))
    return casa_keyfile_fail(file, id, "units", error,
                             "\"%s\" is not \"unit factor [offset]\", such as \"kW 0.001\" or \"K 1 -273.15\"", text);
  if (find_unit(entry, unit.name))
    return casa_keyfile_fail(file, id, "units", error, "unit \"%s\" stands twice", (char *)parts->pdata[0]);
  g_array_append_val(entry->units, unit);
  return TRUE;
}

static gboolean
read_units(const CasaKeyfile *file, Entry *entry, GError **error)
{
  Unit canonical = { .factor = 1 };
  if (!fold_unit(entry->metric.unit, canonical.name))
    return casa_keyfile_fail(file, entry->metric.id, "unit", error, "longer than %d bytes", UNIT_MAX - 7);
  g_array_append_val(entry->units, canonical);
  g_auto(GStrv) list = casa_keyfile_get_list(file, entry->metric.id, "units");
  for (guint i = 0; list && list[i]; i++)
    if (!add_unit(file, entry, list[i], error))
      return FALSE;
  return TRUE;
}

static char *
string_or(const CasaKeyfile *file, const char *group, const char *key, const char *def)
{
  const char *value = casa_keyfile_get(file, group, key);
  return g_strdup(value ? value : def);
}

static gboolean
is_topic_level(const char *text)
{
  gsize len = strlen(text);
  return len >= 1 && len <= 64 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static void
read_strings(const CasaKeyfile *file, CasaMetric *metric)
{
  const char *id = metric->id;
  metric->domain = string_or(file, id, "domain", "");
  metric->unit = string_or(file, id, "unit", "");
  metric->name_fr = string_or(file, id, "name_fr", id);
  metric->name_en = string_or(file, id, "name_en", metric->name_fr);
  metric->name_ar = string_or(file, id, "name_ar", metric->name_fr);
  metric->aliases = casa_keyfile_get_list(file, id, "aliases");
  if (!metric->aliases)
    metric->aliases = g_new0(char *, 1);
}

static gboolean
read_metric(const CasaMetrics *self, const CasaKeyfile *file, Entry *entry, GError **error)
{
  static const char *const known[] = { "domain", "unit",     "name_fr", "name_en", "name_ar", "min",
                                       "max",    "decimals", "aliases", "units",   NULL };
  CasaMetric *metric = &entry->metric;
  const char *id = metric->id;
  read_strings(file, metric);
  if (!is_topic_level(id))
    return casa_keyfile_fail(file, id, NULL, error, "a metric's id is 1 to 64 of a-z, 0-9, _ and -");
  if (!casa_keyfile_check_keys(file, id, known, error))
    return FALSE;
  if (strcmp(metric->domain, "any") != 0 && !casa_metrics_has_domain(self, metric->domain)) {
    g_autofree char *list = g_strjoinv(", ", self->domains);
    return casa_keyfile_fail(file, id, "domain", error, "\"%s\" is not declared; write any, or one of: %s", metric->domain,
                             list);
  }
  metric->min = -G_MAXDOUBLE;
  metric->max = G_MAXDOUBLE;
  if (!casa_keyfile_get_double(file, id, "min", -G_MAXDOUBLE, G_MAXDOUBLE, &metric->min, error) ||
      !casa_keyfile_get_double(file, id, "max", -G_MAXDOUBLE, G_MAXDOUBLE, &metric->max, error) ||
      !casa_keyfile_get_uint(file, id, "decimals", 0, 6, &metric->decimals, error))
    return FALSE;
  if (metric->min >= metric->max)
    return casa_keyfile_fail(file, id, "max", error, "not above min: every value would be refused");
  return read_units(file, entry, error);
}

/* The kinds of station that tell of @domain, as @key of @group says. */
static gboolean
read_kinds(CasaMetrics *self, const CasaKeyfile *file, char *domain, const char *group, const char *key, GError **error)
{
  g_auto(GStrv) kinds = casa_keyfile_get_list(file, group, key);
  for (guint i = 0; kinds && kinds[i]; i++) {
    const char *other = g_hash_table_lookup(self->kinds, kinds[i]);
    if (!is_topic_level(kinds[i]))
      return casa_keyfile_fail(file, group, key, error, "\"%s\" is not made of a-z, 0-9, _ and -", kinds[i]);
    if (other && other != domain)
      return casa_keyfile_fail(file, group, key, error, "\"%s\" already tells %s; a kind has one domain", kinds[i], other);
    g_hash_table_insert(self->kinds, g_strdup(kinds[i]), domain);
  }
  return TRUE;
}

/* The names of domains first: no kind of another may be one of them. Then kinds_DOMAIN, or in the file of a domain its
 * kinds. */
static gboolean
read_all_kinds(CasaMetrics *self, const CasaKeyfile *file, GError **error)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
  self->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_ptr_array_add(known, g_strdup("declared"));
  for (guint i = 0; self->domains[i]; i++) {
    g_hash_table_insert(self->kinds, g_strdup(self->domains[i]), self->domains[i]);
    g_ptr_array_add(known, g_strconcat("kinds_", self->domains[i], NULL));
  }
  for (guint i = 0; self->domains[i]; i++)
    if (!read_kinds(self, file, self->domains[i], DOMAINS_GROUP, known->pdata[i + 1], error))
      return FALSE;
  for (guint i = 0; self->domains[i]; i++) {
    g_autofree char *group = g_strconcat(OWN_DOMAIN, self->domains[i], NULL);
    if (!read_kinds(self, file, self->domains[i], group, "kinds", error))
      return FALSE;
  }
  g_ptr_array_add(known, NULL);
  return casa_keyfile_check_keys(file, DOMAINS_GROUP, (const char *const *)known->pdata, error);
}

/* [domain NAME] in the file of a domain declares it. One that is declared before may have such a file, too. */
static void
add_own_domains(CasaMetrics *self, const CasaKeyfile *file)
{
  g_autoptr(GStrvBuilder) all = g_strv_builder_new();
  const char *const *groups = casa_keyfile_groups(file);

  g_strv_builder_addv(all, (const char **)self->domains);
  for (guint i = 0; groups[i]; i++) {
    const char *name = g_str_has_prefix(groups[i], OWN_DOMAIN) ? groups[i] + strlen(OWN_DOMAIN) : NULL;
    if (name && !g_strv_contains((const char *const *)self->domains, name))
      g_strv_builder_add(all, name);
  }
  g_strfreev(self->domains);
  self->domains = g_strv_builder_end(all);
}

/* @name stands in "declared", or is that of an own [domain NAME]. */
static gboolean
fail_domain(const CasaKeyfile *file, const char *name, GError **error)
{
  g_autofree char *group = g_strconcat(OWN_DOMAIN, name, NULL);
  const gboolean own = casa_keyfile_has_group(file, group);

  return casa_keyfile_fail(file, own ? group : DOMAINS_GROUP, own ? NULL : "declared", error,
                           "\"%s\" is not made of a-z, 0-9, _ and -", name);
}

static gboolean
read_domains(CasaMetrics *self, const CasaKeyfile *file, GError **error)
{
  self->domains = casa_keyfile_get_list(file, DOMAINS_GROUP, "declared");
  if (!self->domains) {
    self->domains = g_new0(char *, 1);
    return casa_keyfile_fail(file, DOMAINS_GROUP, "declared", error,
                             "missing; write [domains] and declared = mobility; energy; air");
  }
  add_own_domains(self, file);
  for (guint i = 0; self->domains[i]; i++)
    if (!is_topic_level(self->domains[i]))
      return fail_domain(file, self->domains[i], error);
  return read_all_kinds(self, file, error);
}

static gboolean
add_name(CasaMetrics *self, const CasaKeyfile *file, const CasaMetric *metric, const char *name, GError **error)
{
  Slot *slot = find_slot(self, name, strlen(name));
  if (slot->name)
    return casa_keyfile_fail(file, metric->id, name == metric->id ? NULL : "aliases", error,
                             "\"%s\" already stands for %s; a name has one meaning", name, slot->metric->id);
  *slot = (Slot){ name, strlen(name), metric };
  return TRUE;
}

static gboolean
build_table(CasaMetrics *self, const CasaKeyfile *file, GError **error)
{
  gsize names = 0, size = 16;
  for (guint i = 0; i < self->entries->len; i++)
    names += 1 + g_strv_length(((Entry *)self->entries->pdata[i])->metric.aliases);
  while (size < names * 2)
    size *= 2;
  self->slots = g_new0(Slot, size);
  self->mask = size - 1;
  /* Ids first, so that a clash is told of the alias and not of the id. */
  for (guint i = 0; i < self->entries->len; i++) {
    const CasaMetric *metric = self->entries->pdata[i];
    if (!add_name(self, file, metric, metric->id, error))
      return FALSE;
  }
  for (guint i = 0; i < self->entries->len; i++) {
    const CasaMetric *metric = self->entries->pdata[i];
    for (guint a = 0; metric->aliases[a]; a++)
      if (!add_name(self, file, metric, metric->aliases[a], error))
        return FALSE;
  }
  return TRUE;
}

CasaMetrics *
casa_metrics_load(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, "metrics.conf", NULL);
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
  if (!file || !casa_domain_files_add(file, dir, CASA_DOMAIN_METRICS, error))
    return NULL;
  g_autoptr(CasaMetrics) self = g_new0(CasaMetrics, 1);
  self->entries = g_ptr_array_new_with_free_func(free_entry);
  if (!read_domains(self, file, error))
    return NULL;
  const char *const *groups = casa_keyfile_groups(file);
  for (guint i = 0; groups[i]; i++) {
    if (strcmp(groups[i], DOMAINS_GROUP) == 0 || g_str_has_prefix(groups[i], OWN_DOMAIN))
      continue;
    Entry *entry = g_new0(Entry, 1);
    entry->metric.id = g_strdup(groups[i]);
    entry->units = g_array_new(FALSE, FALSE, sizeof(Unit));
    g_ptr_array_add(self->entries, entry);
    if (!read_metric(self, file, entry, error))
      return NULL;
  }
  return build_table(self, file, error) ? g_steal_pointer(&self) : NULL;
}
