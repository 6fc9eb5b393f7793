/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/lang.h"
#include "base/clock.h"
#include "casa-build.h"
#include "city/city-zone.h"
#include "ui/text/mo.h"
#include <gtk/gtk.h>
#include <math.h>
#include <string.h>

#define NNBSP "\u202f" /* narrow no-break space: French thousands */
#define NBSP "\u00a0"
#define MINUS "\u2212"
#define LRI "\u2066" /* left-to-right isolate … */
#define PDI "\u2069" /* … and its end: keeps "-3,4" in order inside Arabic */

typedef struct {
  const char *id;
  gboolean rtl;
  guint (*plural)(gulong n);
  const char *group, *point; /* digits grouped by three; decimal sign */
  const char *weekdays[7];   /* Monday first */
  const char *months[12];
  const char *millisecond, *second, *minute, *hour, *day; /* units of an age */
} Language;

static guint
plural_fr(gulong n)
{
  return n > 1 ? 1 : 0;
}

static guint
plural_en(gulong n)
{
  return n != 1 ? 1 : 0;
}

/* Unicode CLDR plural rules, Arabic: zero, one, two, few, many, other. */
static guint
plural_ar(gulong n)
{
  if (n <= 2)
    return (guint)n;
  if (n % 100 >= 3 && n % 100 <= 10)
    return 3;
  return n % 100 >= 11 ? 4 : 5;
}

/* Names come from here and not from strftime(): a bare system has no locale to ask. Arabic months as used in Morocco. */
static const Language languages[] = {
  { "fr",
    FALSE,
    plural_fr,
    NNBSP,
    ",",
    { "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim." },
    { "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc." },
    "ms",
    "s",
    "min",
    "h",
    "j" },
  { "ar",
    TRUE,
    plural_ar,
    NBSP,
    ",",
    { "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد" },
    { "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر" },
    "مث",
    "ث",
    "د",
    "س",
    "ي" },
  { "en",
    FALSE,
    plural_en,
    ",",
    ".",
    { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
    { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
    "ms",
    "s",
    "min",
    "h",
    "d" },
};

/* GTK thread only. Catalogues are read once and never freed: strings that were handed out stay valid for good. */
static const Language *current = &languages[0];
static CasaMo *catalogues[G_N_ELEMENTS(languages)];
static gboolean tried[G_N_ELEMENTS(languages)];

static gboolean
runs_from_build_tree(void)
{
  g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);

  return exe != NULL && g_str_has_prefix(exe, CASA_BUILD_ROOT "/");
}

static CasaMo *
load_catalogue(const char *id)
{
  const char *dir = runs_from_build_tree() ? CASA_BUILD_ROOT "/po" : CASA_LOCALEDIR;
  g_autofree char *path = g_build_filename(dir, id, "LC_MESSAGES", "casa-pulse.mo", NULL);
  g_autofree char *data = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  CasaMo *mo;
  gsize size;

  if (!g_file_get_contents(path, &data, &size, &error)) {
    g_message("No %s translation, French is shown: %s", id, error->message);
    return NULL;
  }
  bytes = g_bytes_new_take(g_steal_pointer(&data), size);
  mo = casa_mo_new(bytes, &error);
  if (mo == NULL)
    g_message("Translation %s cannot be used, French is shown: %s; reinstall it", path, error->message);
  return mo;
}

static void
make_current(const char *id)
{
  guint i = 0;

  for (guint k = 0; k < G_N_ELEMENTS(languages); k++)
    if (g_strcmp0(id, languages[k].id) == 0)
      i = k;
  current = &languages[i];
  if (i != 0 && !tried[i]) {
    tried[i] = TRUE;
    catalogues[i] = load_catalogue(current->id);
  }
}

void
casa_lang_set(const char *id)
{
  make_current(id);
  if (gtk_is_initialized())
    gtk_widget_set_default_direction(current->rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
}

const char *
casa_lang_enter(const char *id)
{
  const char *before = current->id;

  make_current(id);
  return before;
}

void
casa_lang_leave(const char *before)
{
  make_current(before);
}

const char *
casa_lang_get(void)
{
  return current->id;
}

gboolean
casa_lang_rtl(void)
{
  return current->rtl;
}

static const char *
lookup(const char *ctx, const char *msgid, guint form)
{
  const CasaMo *mo = catalogues[current - languages];

  return mo != NULL ? casa_mo_lookup(mo, ctx, msgid, form) : NULL;
}

const char *
casa_tr(const char *msgid)
{
  const char *found = lookup(NULL, msgid, 0);

  return found != NULL ? found : msgid;
}

const char *
casa_tr_ctx(const char *ctx, const char *msgid)
{
  const char *found = lookup(ctx, msgid, 0);

  return found != NULL ? found : msgid;
}

const char *
casa_tr_n(const char *one, const char *many, gulong n)
{
  const char *found = lookup(NULL, one, current->plural(n));

  if (found != NULL)
    return found;
  return plural_fr(n) == 0 ? one : many;
}

/* Puts the group sign between thousands of the plain digits @digits. */
static void
append_grouped(GString *out, const char *digits, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0)
      g_string_append(out, current->group);
    g_string_append_c(out, digits[i]);
  }
}

char *
casa_lang_number(double value, guint decimals)
{
  char plain[512], format[8];
  GString *out;
  const char *digits = plain, *point;
  gboolean negative;

  if (!isfinite(value))
    return g_strdup("–");
  g_snprintf(format, sizeof format, "%%.%uf", MIN(decimals, 9));
  g_ascii_formatd(plain, sizeof plain, format, value);
  negative = plain[0] == '-';
  digits += negative ? 1 : 0;
  negative = negative && strspn(digits, "0.") != strlen(digits); /* -0.04 with one decimal is 0.0 */
  point = strchr(digits, '.');

  out = g_string_new(current->rtl ? LRI : NULL);
  if (negative)
    g_string_append(out, MINUS);
  append_grouped(out, digits, point != NULL ? (gsize)(point - digits) : strlen(digits));
  if (point != NULL) {
    g_string_append(out, current->point);
    g_string_append(out, point + 1);
  }
  if (current->rtl)
    g_string_append(out, PDI);
  return g_string_free(out, FALSE);
}

const char *
casa_lang_local(const char *fr, const char *ar)
{
  return current->rtl && ar && *ar ? ar : fr;
}

const char *
casa_lang_unit(const char *unit)
{
  /* Those that have another spelling somewhere. */
  const char *const spelt[][2] = {
    { "km/h", C_("unit", "km/h") },   { "m/s", C_("unit", "m/s") },     { "µg/m³", C_("unit", "µg/m³") },
    { "mg/m³", C_("unit", "mg/m³") }, { "MW", C_("unit", "MW") },       { "kW", C_("unit", "kW") },
    { "kWh", C_("unit", "kWh") },     { "s", C_("unit", "s") },         { "min", C_("unit", "min") },
    { "m³/h", C_("unit", "m³/h") },   { "véh/h", C_("unit", "véh/h") },
  };
  for (guint i = 0; i < G_N_ELEMENTS(spelt); i++)
    if (strcmp(unit, spelt[i][0]) == 0)
      return spelt[i][1];
  return unit;
}

GTimeZone *
casa_lang_zone(void)
{
  return casa_city_zone(casa_clock_now_ms());
}

/* NULL beyond the years 1 to 9999. */
static GDateTime *
local_time(gint64 t_ms)
{
  gint64 s = t_ms / 1000 - (t_ms % 1000 < 0 ? 1 : 0);
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(s);

  return utc != NULL ? g_date_time_to_timezone(utc, casa_city_zone(t_ms)) : NULL;
}

char *
casa_lang_clock(gint64 t_ms, gboolean seconds)
{
  g_autoptr(GDateTime) t = local_time(t_ms);

  if (t == NULL)
    return g_strdup("–");
  if (seconds)
    return g_strdup_printf("%02d:%02d:%02d", g_date_time_get_hour(t), g_date_time_get_minute(t), g_date_time_get_second(t));
  return g_strdup_printf("%02d:%02d", g_date_time_get_hour(t), g_date_time_get_minute(t));
}

char *
casa_lang_hour(gint64 t_ms)
{
  g_autoptr(GDateTime) t = local_time(t_ms);

  if (t == NULL)
    return g_strdup("–");
  if (current != &languages[0])
    return g_strdup_printf("%02d:%02d", g_date_time_get_hour(t), g_date_time_get_minute(t));
  if (g_date_time_get_minute(t) == 0)
    return g_strdup_printf("%d" NBSP "h", g_date_time_get_hour(t));
  return g_strdup_printf("%d" NBSP "h" NBSP "%02d", g_date_time_get_hour(t), g_date_time_get_minute(t));
}

char *
casa_lang_date(gint64 t_ms)
{
  g_autoptr(GDateTime) t = local_time(t_ms);

  if (t == NULL)
    return g_strdup("–");
  return g_strdup_printf("%s %d %s", current->weekdays[g_date_time_get_day_of_week(t) - 1], g_date_time_get_day_of_month(t),
                         current->months[g_date_time_get_month(t) - 1]);
}

char *
casa_lang_age(gint64 age_ms)
{
  gint64 s = MAX(age_ms, 0) / 1000;

  if (s < 60)
    return g_strdup_printf("%d" NBSP "%s", (int)s, current->second);
  if (s < 60 * 60)
    return g_strdup_printf("%d" NBSP "%s", (int)(s / 60), current->minute);
  if (s < 48 * 60 * 60)
    return g_strdup_printf("%d" NBSP "%s", (int)(s / 3600), current->hour);
  return g_strdup_printf("%" G_GINT64_FORMAT NBSP "%s", s / 86400, current->day);
}

char *
casa_lang_delay(double ms)
{
  gboolean seconds = ms >= 999.5;
  g_autofree char *number = casa_lang_number(seconds ? ms / 1000 : MAX(ms, 1), seconds && ms < 9950 ? 1 : 0);

  return g_strdup_printf("%s" NBSP "%s", number, seconds ? current->second : current->millisecond);
}
