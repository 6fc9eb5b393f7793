/* SPDX-License-Identifier: Apache-2.0 */
#include "check-hints.h"

#include "cli.h"

#include <string.h>

/* --- Names that nobody knows ------------------------------------------------------------------------------------- */

#define NAME_MAX_LEN 64
#define UNIT_MAX_LEN 3 /* kmh; longer words at a name's end are misspelt more often than units */

/* Levenshtein's distance of two short names; more than 64 bytes are as far as can be. */
static guint
distance(const char *a, const char *b)
{
  gsize n = strlen(a), m = strlen(b);
  guint row[NAME_MAX_LEN + 1];
  if (n > NAME_MAX_LEN || m > NAME_MAX_LEN)
    return G_MAXUINT;
  for (gsize j = 0; j <= m; j++)
    row[j] = (guint)j;
  for (gsize i = 1; i <= n; i++) {
    guint diagonal = row[0];
    row[0] = (guint)i;
    for (gsize j = 1; j <= m; j++) {
      guint above = row[j], swap = diagonal + (a[i - 1] != b[j - 1]);
      row[j] = MIN(swap, MIN(above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[m];
}

/* Whether both end in short words that differ: power_ma is no power_mw misspelt, but says another unit. */
static gboolean
ends_otherwise(const char *name, const char *known)
{
  const char *a = strrchr(name, '_'), *b = strrchr(known, '_');
  return a && b && strlen(a) <= 1 + UNIT_MAX_LEN && strlen(b) <= 1 + UNIT_MAX_LEN && strcmp(a, b) != 0;
}

/* The numbers in both are the same: pm1_0 is no slip of the pen for pm10. */
static gboolean
has_numbers_of(const char *name, const char *known)
{
  while (*name || *known) {
    gsize n = strspn(name, "0123456789"), k = strspn(known, "0123456789");
    if (n != k || strncmp(name, known, n) != 0)
      return FALSE;
    name += n + strcspn(name + n, "0123456789");
    known += k + strcspn(known + k, "0123456789");
  }
  return TRUE;
}

/* Whether @name may be @known misspelt, or @known with something before it, as from objects in objects. */
static gboolean
is_like(const char *name, const char *known)
{
  gsize n = strlen(name), k = strlen(known);
  if (k >= 3 && n > k + 1 && name[n - k - 1] == '_' && g_str_has_suffix(name, known))
    return TRUE;
  return k >= 4 && name[0] == known[0] && !ends_otherwise(name, known) && has_numbers_of(name, known) &&
         distance(name, known) <= (k >= 8 ? 2u : 1u);
}

static const char *
known_name_like(const CasaMetrics *metrics, const char *name)
{
  guint n;
  gsize longest = 0; /* wind_speed says more than speed */
  const char *best = NULL;
  const CasaMetric *const *all = casa_metrics_all(metrics, &n);
  for (guint i = 0; i < n; i++) {
    const char *const id[] = { all[i]->id, NULL };
    const char *const *lists[] = { id, (const char *const *)all[i]->aliases };
    for (guint k = 0; k < G_N_ELEMENTS(lists); k++)
      for (const char *const *known = lists[k]; known && *known; known++)
        if (strlen(*known) > longest && is_like(name, *known)) {
          longest = strlen(*known);
          best = all[i]->id;
        }
  }
  return best;
}

static void
add_new_name(const CasaMetrics *metrics, GHashTable *told, const char *name, GString *out)
{
  if (casa_metrics_find(metrics, name, strlen(name)) || !g_hash_table_add(told, (gpointer)name))
    return;
  const char *like = known_name_like(metrics, name);
  g_string_append_printf(out, "%s\"%s\"", out->len ? ", " : "", name);
  if (like)
    g_string_append_printf(out, " (%s%s%s)", cli_said("did you mean ", "vouliez-vous dire ", "هل تقصدون "), like,
                           cli_said("?", " ?", "؟"));
}

char *
cli_check_new_names(const CasaMetrics *metrics, const CasaDecoded *decoded)
{
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < decoded->readings->len; i++) {
    const CasaReading *reading = casa_decoded_reading(decoded, i);
    for (guint k = 0; k < reading->n_fields; k++)
      add_new_name(metrics, told, reading->fields[k].metric, out);
  }
  if (out->len)
    g_string_prepend(
      out, cli_said("not in metrics.conf, so without unit and limits: ", "pas dans metrics.conf, donc sans unité ni limites : ",
                    "ليس في metrics.conf، فهو دون وحدة ولا حدود: "));
  return out->len ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* --- Topics ------------------------------------------------------------------------------------------------------ */

/* As a level of ours: small letters without accents, digits, _ and -. */
static char *
clean_level(const char *level)
{
  g_autofree char *apart = g_utf8_normalize(level, -1, G_NORMALIZE_ALL);
  GString *out = g_string_new(NULL);
  for (const char *p = apart ? apart : level; *p; p = apart ? g_utf8_next_char(p) : p + 1) {
    gunichar c = apart ? g_utf8_get_char(p) : (guchar)*p;
    if (c < 128 && (g_ascii_isalnum((char)c) || c == '_' || c == '-'))
      g_string_append_c(out, g_ascii_tolower((char)c));
    else if (c < 128 || !g_unichar_ismark(c))
      g_string_append_c(out, '-');
  }
  return g_string_free(out, FALSE);
}

/* The levels behind the root, or behind what was meant as the root; all of them when there is none. */
static GPtrArray *
levels_of(const char *root, const char *topic, gsize len, gboolean *below)
{
  g_autofree char *text = g_strndup(topic, len);
  g_auto(GStrv) parts = g_strsplit(text, "/", -1), roots = g_strsplit(root, "/", -1);
  GPtrArray *levels = g_ptr_array_new_with_free_func(g_free);
  guint n_root = g_strv_length(roots);
  for (char **part = parts; *part; part++)
    if (**part)
      g_ptr_array_add(levels, clean_level(*part));
  *below = levels->len > 0 && strcmp(levels->pdata[0], roots[0]) == 0;
  for (guint i = 0; *below && i < n_root && levels->len > 0; i++) {
    const char *level = levels->pdata[0];
    if (strcmp(level, roots[i]) == 0 || (i > 0 && level[0] == 'v' && g_ascii_isdigit(level[1])))
      g_ptr_array_remove_index(levels, 0);
  }
  return levels;
}

/* What stands between @from and the end, as one level. */
static char *
joined(const GPtrArray *levels, guint from, guint end)
{
  GString *out = g_string_new(NULL);
  for (guint i = from; i < end; i++)
    g_string_append_printf(out, "%s%s", i > from ? "-" : "", (char *)levels->pdata[i]);
  return g_string_free(out, FALSE);
}

#define STATION "/$station" /* stands behind the source, not behind the station */

/* <source>/<domain>/<station>[/<metric>] made of what is there. NULL: too little of it makes sense. */
static char *
topic_meant(const CasaMetrics *metrics, const char *root, const char *topic, gsize len)
{
  gboolean below;
  g_autoptr(GPtrArray) levels = levels_of(root, topic, len, &below);
  guint n = levels->len;
  if (n < 2)
    return NULL;
  if (below && n >= 3 && len > strlen(STATION) && memcmp(topic + len - strlen(STATION), STATION, strlen(STATION)) == 0)
    return g_strdup_printf("%s/%s" STATION "/%s", root, (char *)levels->pdata[0], (char *)levels->pdata[n - 2]);
  const char *source = levels->pdata[0], *last = levels->pdata[n - 1];
  const CasaMetric *metric = casa_metrics_find(metrics, last, strlen(last));
  gboolean has_domain = n >= 3 && casa_metrics_has_domain(metrics, levels->pdata[1]);
  const char *domain = has_domain ? levels->pdata[1] : metric && strcmp(metric->domain, "any") != 0 ? metric->domain : NULL;
  gboolean has_metric = metric || (has_domain && n >= 4);
  guint first = has_domain || (below && n >= 4) ? 2 : 1, end = has_metric ? n - 1 : n;
  g_autofree char *station = first < end ? joined(levels, first, end) : g_strdup("my-sensor");
  if (!domain || (!below && !metric))
    return NULL;
  return g_strdup_printf("%s/%s/%s/%s%s%s", root, source, domain, station, has_metric ? "/" : "", has_metric ? last : "");
}

static char *
topic_hint(const CasaMetrics *metrics, const char *root, const char *topic, gsize len)
{
  gsize n_root = strlen(root);
  g_autofree char *meant = topic_meant(metrics, root, topic, len);
  if (!meant && (len < n_root || memcmp(topic, root, n_root) != 0))
    return g_strconcat(
      cli_said("of another system? publish it below ", "d'un autre système ? publiez-le sous ", "من نظام آخر؟ انشروه تحت "),
      root, "/<source>/kit/", NULL);
  if (!meant || (strlen(meant) == len && memcmp(meant, topic, len) == 0))
    return NULL;
  return g_strconcat(cli_said("did you mean ", "vouliez-vous dire ", "هل تقصدون "), meant,
                     cli_said(" ? (after the root stands your user name)", " ? (après la racine vient votre nom d'utilisateur)",
                              "؟ (بعد الجذر اسم المستخدم)"),
                     NULL);
}

/* --- Payloads ---------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *code, *pattern; /* what was refused, and how it looks */
  const char *hint;           /* \1, \2: the pattern's parts */
} Habit;

/* What other systems and languages write; the first that fits counts. */
static const Habit habits[] = {
  { "empty", "^\\s*\\{\\s*\"", "an object with names of its own goes one level up, to …/<station>" },
};

static char *
payload_hint(const char *payload, gsize len, const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS(habits); i++) {
    g_autoptr(GMatchInfo) match = NULL;
    if (strcmp(habits[i].code, code) != 0)
      continue;
    g_autoptr(GRegex) regex = g_regex_new(habits[i].pattern, G_REGEX_OPTIMIZE, 0, NULL);
    g_assert(regex);
    if (g_regex_match_full(regex, payload, (gssize)len, 0, 0, &match, NULL))
      return g_match_info_expand_references(match, habits[i].hint, NULL);
  }
  return NULL;
}

char *
cli_check_hint(const CasaMetrics *metrics, const char *root, const char *topic, gsize topic_len, const char *payload, gsize len,
               const char *code)
{
  if (strcmp(code, "topic") == 0 || strcmp(code, "domain") == 0)
    return g_utf8_validate(topic, (gssize)topic_len, NULL) ? topic_hint(metrics, root, topic, topic_len) : NULL;
  return len <= 4096 && g_utf8_validate(payload, (gssize)len, NULL) ? payload_hint(payload, len, code) : NULL;
}
