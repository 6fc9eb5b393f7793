/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/emit-private.h"
#include "wire/faults.h"

#include <math.h>
#include <string.h>

/* A value on its way into a reading. */
typedef struct {
  const CasaMember *member;
  char id[CASA_NAME_MAX + 1];
  const CasaMetric *metric; /* NULL: not in the catalogue */
  const char *unit;         /* NULL: the canonical one */
  char suffix[CASA_NAME_MAX + 1];
  double value;
} Value;

/* The unit at the end of a name, which may be one; FALSE: it has no such end. */
static gboolean
suffix_of(const char *name, gsize len, char suffix[CASA_NAME_MAX + 1])
{
  const char *cut = g_strrstr_len(name, (gssize)len, "_");
  if (!cut || cut == name || (gsize)(name + len - cut) > CASA_NAME_MAX + 1)
    return FALSE;
  memcpy(suffix, cut + 1, (gsize)(name + len - cut - 1));
  suffix[name + len - cut - 1] = '\0';
  return TRUE;
}

/* wind_speed_ms, pm25_mgm3, no2_ug_m3: units that a name cannot have as they are written. */
static gboolean
split_spelt(const CasaEmit *self, Value *v, const char *name, gsize len)
{
  static const struct {
    const char *end, *unit;
  } spelt[] = { { "_ms", "m/s" },     { "_mps", "m/s" },     { "_m_s", "m/s" },    { "_km_h", "km/h" },
                { "_ugm3", "µg/m³" }, { "_ug_m3", "µg/m³" }, { "_mgm3", "mg/m³" }, { "_mg_m3", "mg/m³" },
                { "_lpm", "l/min" },  { "_l_min", "l/min" }, { "_l_h", "l/h" },    { "_lph", "l/h" } };
  double factor, offset;
  for (guint i = 0; i < G_N_ELEMENTS(spelt); i++) {
    const gsize n = strlen(spelt[i].end);
    if (len <= n || g_ascii_strncasecmp(name + len - n, spelt[i].end, n) != 0)
      continue;
    const CasaMetric *metric = casa_emit_find_metric(self, name, len - n);
    if (!metric || !casa_metrics_convert(self->metrics, metric, spelt[i].unit, &factor, &offset))
      continue;
    v->unit = spelt[i].unit;
    v->metric = metric;
    return TRUE;
  }
  return FALSE;
}

/* temp_f, load_kW: a known name and one of its units. */
static gboolean
split_suffix(const CasaEmit *self, Value *v, const char *name, gsize len)
{
  double factor, offset;
  if (!suffix_of(name, len, v->suffix))
    return FALSE;
  const CasaMetric *metric = casa_emit_find_metric(self, name, len - strlen(v->suffix) - 1);
  if (!metric)
    return FALSE;
  if (!casa_metrics_convert(self->metrics, metric, v->suffix, &factor, &offset)) {
    g_autofree char *small =
      g_ascii_strdown(v->suffix, -1); /* pressureHpa; of shorter ones only capitals tell milli and mega */
    if (strlen(small) < 3 || !casa_metrics_convert(self->metrics, metric, small, &factor, &offset))
      return FALSE;
    g_strlcpy(v->suffix, small, sizeof v->suffix);
  }
  v->unit = v->suffix;
  v->metric = metric;
  return TRUE;
}

/* {"débit":3,"unit":"L/min"}, where the catalogue has débit for vehicles and débit_eau for water: that whose other name begins
 * with it, if it is the only one that knows the unit. */
static const CasaMetric *
metric_of_alias(const CasaEmit *self, const char *name, gsize len, const char *unit)
{
  char id[CASA_NAME_MAX + 1];
  double factor, offset;
  guint n;
  const CasaMetric *const *all = casa_metrics_all(self->metrics, &n);
  const CasaMetric *found = NULL;
  if (!casa_emit_clean_name(name, len, id))
    return NULL;
  const gsize k = strlen(id);
  for (guint i = 0; i < n; i++)
    for (guint a = 0; all[i]->aliases && all[i]->aliases[a]; a++) {
      const char *alias = all[i]->aliases[a];
      if (strncmp(alias, id, k) != 0 || alias[k] != '_' || all[i] == found ||
          !casa_metrics_convert(self->metrics, all[i], unit, &factor, &offset))
        continue;
      if (found)
        return NULL;
      found = all[i];
    }
  return found;
}

/* "Pression (hPa)", "CO2 [ppm]": a known name and one of its units, as tables and forms have it. */
static gboolean
split_brackets(const CasaEmit *self, Value *v, const char *name, gsize len)
{
  double factor, offset;
  const char *open = len > 0 && strchr(")]", name[len - 1]) ? memchr(name, name[len - 1] == ')' ? '(' : '[', len) : NULL;
  gsize before = open ? (gsize)(open - name) : 0, n = open ? len - before - 2 : 0;
  while (before > 0 && name[before - 1] == ' ')
    before--;
  const CasaMetric *metric = n > 0 && n < sizeof v->suffix ? casa_emit_find_metric(self, name, before) : NULL;
  if (!metric)
    return FALSE;
  memcpy(v->suffix, open + 1, n);
  v->suffix[n] = '\0';
  if (!casa_metrics_convert(self->metrics, metric, v->suffix, &factor, &offset))
    metric = metric_of_alias(self, name, before, v->suffix);
  if (!metric)
    return FALSE;
  v->unit = v->suffix;
  v->metric = metric;
  return TRUE;
}

/* tempf, tempc. */
static void
split_degree(const CasaEmit *self, Value *v)
{
  const CasaMember *member = v->member;
  gsize len = member->name_len;
  if (len < 5 || !strchr("cCfF", member->name[len - 1]))
    return;
  const CasaMetric *metric = casa_emit_find_metric(self, member->name, len - 1);
  if (!metric || strcmp(metric->unit, "°C") != 0)
    return;
  g_snprintf(v->suffix, sizeof v->suffix, "%c", g_ascii_toupper(member->name[len - 1]));
  v->unit = v->suffix;
  v->metric = metric;
}

static void
split_unit(const CasaEmit *self, Value *v)
{
  char words[CASA_NAME_MAX + 1];
  const CasaMember *member = v->member;
  if (v->unit || split_brackets(self, v, member->name, member->name_len) ||
      split_suffix(self, v, member->name, member->name_len) || split_spelt(self, v, member->name, member->name_len) ||
      (casa_emit_part_words(member->name, member->name_len, words) && split_suffix(self, v, words, strlen(words))))
    return;
  split_degree(self, v);
}

/* load_mW: a name as the catalogue has it but for its capitals, which say milli where the metric is in mega. */
static gboolean
says_milli(const Value *v, const char *suffix)
{
  const char *unit = v->metric->unit;
  return suffix[0] == 'm' && unit[0] == 'M' && strcmp(suffix + 1, unit + 1) == 0;
}

/* power_mW is the metric of the rest of the name, where that knows the unit; else the name's own, which refuses it. */
static void
heed_milli(const CasaEmit *self, Value *v)
{
  if (v->unit || !suffix_of(v->member->name, v->member->name_len, v->suffix) || !says_milli(v, v->suffix))
    return;
  split_unit(self, v);
  v->unit = v->suffix;
}

/* The publisher's name, for words. */
static char *
quote_name(const Value *v, char buf[CASA_QUOTE_SIZE])
{
  return casa_reason_quote(buf, v->member->name, v->member->name_len);
}

/* power_mw, which the catalogue has for load_mw though the rest of the name is power_w, which knows mW. (transfer none) NULL:
 * the name tells, or is the metric's own. */
static const CasaMetric *
milli_metric(const CasaEmit *self, Value *v)
{
  const CasaMember *member = v->member;
  char milli[CASA_NAME_MAX + 1];
  double factor, offset;
  if (!v->metric || v->metric->unit[0] != 'M' || !suffix_of(member->name, member->name_len, v->suffix) || v->suffix[0] != 'm' ||
      g_ascii_strcasecmp(v->suffix, v->metric->unit) != 0)
    return NULL;
  const CasaMetric *rest = casa_emit_find_metric(self, member->name, member->name_len - strlen(v->suffix) - 1);
  g_snprintf(milli, sizeof milli, "m%s", v->metric->unit + 1);
  return rest && rest != v->metric && casa_metrics_convert(self->metrics, rest, milli, &factor, &offset) ? rest : NULL;
}

/* {"current":1.5,"unit":"A"} is current_a, {"flow":3,"unit":"L/min"} flow_m3h: a metric that begins with the name and knows the
 * unit, if it is the only one. */
static const CasaMetric *
metric_by_unit(const CasaEmit *self, const char *name, gsize len, const char *unit)
{
  double factor, offset;
  guint n;
  const CasaMetric *const *all = casa_metrics_all(self->metrics, &n);
  const CasaMetric *found = NULL;
  for (guint i = 0; i < n; i++) {
    if (g_ascii_strncasecmp(all[i]->id, name, len) != 0 || all[i]->id[len] != '_' ||
        !casa_metrics_convert(self->metrics, all[i], unit, &factor, &offset))
      continue;
    if (found)
      return NULL;
    found = all[i];
  }
  return found;
}

/* Only a unit beside such a name tells which of the two it is. */
static gboolean
choose_by_unit(const CasaEmit *self, Value *v, CasaReason *why)
{
  double factor, offset;
  char name[CASA_QUOTE_SIZE];
  if (!v->metric && v->unit)
    v->metric = metric_by_unit(self, v->member->name, v->member->name_len, v->unit);
  if (v->metric && v->unit && !casa_metrics_convert(self->metrics, v->metric, v->unit, &factor, &offset)) {
    const CasaMetric *other = metric_of_alias(self, v->member->name, v->member->name_len, v->unit);
    v->metric = other ? other : v->metric;
  }
  if (v->metric)
    g_strlcpy(v->id, v->metric->id, sizeof v->id);
  const CasaMetric *milli = milli_metric(self, v);
  if (!milli)
    return TRUE;
  if (!v->unit) {
    casa_reason_set(why, CASA_WHY_UNIT_SMALL, .field = quote_name(v, name), .got = v->suffix, .wanted = milli->id,
                    .more = v->metric->id);
    return FALSE;
  }
  if (!casa_metrics_convert(self->metrics, v->metric, v->unit, &factor, &offset)) {
    v->metric = milli;
    g_strlcpy(v->id, milli->id, sizeof v->id);
  }
  return TRUE;
}

/* What the catalogue knows by this name as it is written or, so that no spelling goes round the catalogue's range and units,
 * as it is cleaned. FALSE: no name can be made of it. */
static gboolean
name_value(const CasaEmit *self, Value *v)
{
  const CasaMember *member = v->member;
  v->metric = casa_metrics_find(self->metrics, member->name, member->name_len);
  if (!v->metric) {
    if (!casa_emit_clean_name(member->name, member->name_len, v->id))
      return FALSE;
    v->metric = casa_emit_find_metric(self, member->name, member->name_len);
  }
  if (v->metric)
    heed_milli(self, v);
  else
    split_unit(self, v);
  if (v->metric)
    g_strlcpy(v->id, v->metric->id, sizeof v->id);
  return TRUE;
}

/* "21.5 °C", "48 %": a number as JSON writes it and its unit, which kits say in one text. FALSE: @text is none. *@unit: a part
 * of it. */
static gboolean
split_quantity(const CasaMember *member, double *value, char unit[CASA_NAME_MAX + 1])
{
  CasaReason why;
  const gsize n = member->type == CASA_MEMBER_TEXT ? casa_number_scan(member->text, member->text_len) : 0;
  if (n == 0 || n == member->text_len || !casa_fault_of_text(member->text, member->text_len, "", &why) ||
      why.why != CASA_WHY_UNIT_BEHIND || !g_str_has_prefix(why.got, why.wanted) ||
      casa_number_parse(why.wanted, strlen(why.wanted), value) != CASA_NUMBER_OK)
    return FALSE;
  g_strlcpy(unit, why.more, CASA_NAME_MAX + 1);
  return TRUE;
}

gboolean
casa_emit_quantity(CasaEmit *self, const CasaMember *member)
{
  char unit[CASA_NAME_MAX + 1];
  double value, factor, offset;
  if (self->topic->kind != CASA_TOPIC_KIT || !split_quantity(member, &value, unit))
    return FALSE;
  const CasaMetric *metric = casa_emit_find_metric(self, member->name, member->name_len);
  if (metric ? !casa_metrics_convert(self->metrics, metric, unit, &factor, &offset)
             : !casa_emit_knows_by_unit(self, member->name, member->name_len, unit))
    return FALSE;
  CasaMember number = { .name = member->name, .name_len = member->name_len, .type = CASA_MEMBER_NUMBER, .number = value };
  casa_emit_value(self, &number, unit);
  return TRUE;
}

/* Says why the member is no number. */
static gboolean
read_number(Value *v, CasaReason *why)
{
  const CasaMember *member = v->member;
  CasaNumberResult result = casa_member_number(member, &v->value);
  char name[CASA_QUOTE_SIZE];
  if (result == CASA_NUMBER_OK)
    return TRUE;
  quote_name(v, name);
  if (result == CASA_NUMBER_NON_FINITE)
    casa_reason_set(why, CASA_WHY_NOT_FINITE, .field = name);
  else if (member->type == CASA_MEMBER_NULL)
    casa_reason_set(why, CASA_WHY_NULL, .field = name);
  else if (member->type != CASA_MEMBER_TEXT || !casa_fault_of_text(member->text, member->text_len, name, why))
    casa_reason_set(why, CASA_WHY_NOT_NUMBER, .field = name, .got = casa_member_type_name(member));
  return FALSE;
}

/* A state under a name of its own is 0 or 1; a share, a temperature or a count it is not. */
static gboolean
check_boolean(const Value *v, CasaReason *why)
{
  char name[CASA_QUOTE_SIZE];
  if (v->member->type != CASA_MEMBER_BOOL || !v->metric)
    return TRUE;
  casa_reason_set(why, CASA_WHY_BOOLEAN, .field = quote_name(v, name), .wanted = v->metric->id, .more = v->metric->unit);
  return FALSE;
}

/* To 12 digits: 90.5 °F is 32.5 °C, and not 32.500000000000021. */
static double
round_off(double value)
{
  if (value == 0 || !isfinite(value))
    return value;
  double scale = pow(10, 11 - floor(log10(fabs(value))));
  double rounded = rint(value * scale) / scale;
  return isfinite(rounded) ? rounded : value;
}

const CasaMetric *
casa_emit_metric_of_units(const CasaEmit *self, const char *name, gsize len, const char *unit)
{
  char suffix[CASA_NAME_MAX + 1];
  double factor, offset;
  guint n = 0;
  const CasaMetric *const *all = suffix_of(name, len, suffix) ? casa_metrics_all(self->metrics, &n) : NULL;
  for (guint i = 0; i < n; i++)
    if (casa_metrics_convert(self->metrics, all[i], suffix, &factor, &offset) &&
        casa_metrics_convert(self->metrics, all[i], unit, &factor, &offset))
      return all[i];
  return NULL;
}

gboolean
casa_emit_knows_by_unit(const CasaEmit *self, const char *name, gsize len, const char *unit)
{
  return casa_emit_metric_of_units(self, name, len, unit) || metric_by_unit(self, name, len, unit);
}

/* battery_v in mV: a name of the publisher's own that ends in a unit says what its numbers are in, and they are brought to it.
 * As it is written: whether mV or MV is meant, only capitals tell. */
static void
keep_to_name(const CasaEmit *self, Value *v)
{
  const CasaMember *member = v->member;
  const CasaMetric *like = casa_emit_metric_of_units(self, member->name, member->name_len, v->unit);
  char suffix[CASA_NAME_MAX + 1];
  double factor, offset, own_factor, own_offset;
  if (!like || !suffix_of(member->name, member->name_len, suffix) ||
      !casa_metrics_convert(self->metrics, like, suffix, &own_factor, &own_offset) ||
      !casa_metrics_convert(self->metrics, like, v->unit, &factor, &offset))
    return;
  if (factor != own_factor || offset != own_offset)
    v->value = round_off((v->value * factor + offset - own_offset) / own_factor);
}

/* FALSE: the unit is not one of the metric's. One that is not in the catalogue keeps the publisher's, or that of its name. */
static gboolean
convert_unit(const CasaEmit *self, Value *v, CasaReason *why)
{
  double factor, offset;
  char name[CASA_QUOTE_SIZE];
  if (!v->unit || v->unit[0] == '\0')
    return TRUE;
  if (!v->metric) {
    keep_to_name(self, v);
    return TRUE;
  }
  if (casa_metrics_convert(self->metrics, v->metric, v->unit, &factor, &offset)) {
    if (factor != 1 || offset != 0) /* its own unit leaves it as it is */
      v->value = round_off(v->value * factor + offset);
    return TRUE;
  }
  casa_reason_set(why, CASA_WHY_UNIT, .field = quote_name(v, name), .got = v->unit, .wanted = v->metric->id,
                  .more = v->metric->unit[0] ? v->metric->unit : "the bare number");
  return FALSE;
}

#define EXACT_BELOW 9007199254740992.0 /* 2^53 */

/* Ids of devices are numbers of 64 bits, and no readings. */
static gboolean
check_exact(const Value *v, CasaReason *why)
{
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE];
  if (v->metric || fabs(v->value) < EXACT_BELOW)
    return TRUE;
  casa_reason_set(why, CASA_WHY_EXACT, .field = quote_name(v, name), .got = casa_reason_number(got, v->value));
  return FALSE;
}

/* The air's pressure in Pa (as chips' libraries have it), kPa or inches, by its size: none of these is as large as another,
 * or as hPa. NULL: it is in none. */
static const char *
pressure_unit(const CasaEmit *self, const CasaMetric *metric, double value)
{
  static const char *const units[] = { "Pa", "kPa", "inHg" };
  double factor, offset;
  for (guint i = 0; strcmp(metric->unit, "hPa") == 0 && i < G_N_ELEMENTS(units); i++)
    if (casa_metrics_convert(self->metrics, metric, units[i], &factor, &offset) && value * factor + offset >= metric->min &&
        value * factor + offset <= metric->max)
      return units[i];
  return NULL;
}

/* {"pressure":101325} can only be Pa, and is taken so; pressure_hpa of 101325 contradicts itself. */
static gboolean
heed_size(const CasaEmit *self, Value *v, CasaReason *why)
{
  const CasaMetric *m = v->metric;
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE], cure[CASA_QUOTE_SIZE];
  const char *unit = m && !v->unit && !(v->value >= m->min && v->value <= m->max) ? pressure_unit(self, m, v->value) : NULL;
  if (!unit)
    return TRUE;
  if (!casa_member_is_like(v->member, m->id)) {
    v->unit = unit;
    return TRUE;
  }
  g_snprintf(cure, sizeof cure, "%s in %s", m->id, m->unit);
  casa_reason_set(why, CASA_WHY_UNIT_LIKELY, .field = quote_name(v, name), .got = casa_reason_number(got, v->value),
                  .wanted = unit, .more = cure);
  return FALSE;
}

static gboolean
check_range(const Value *v, CasaReason *why)
{
  const CasaMetric *m = v->metric;
  if (!m || (v->value >= m->min && v->value <= m->max))
    return TRUE;
  char name[CASA_QUOTE_SIZE], got[CASA_QUOTE_SIZE], lo[CASA_QUOTE_SIZE], hi[CASA_QUOTE_SIZE], range[2 * CASA_QUOTE_SIZE],
    canonical[2 * CASA_QUOTE_SIZE];
  g_snprintf(range, sizeof range, "%s … %s %s", casa_reason_number(lo, m->min), casa_reason_number(hi, m->max), m->unit);
  g_snprintf(canonical, sizeof canonical, "%s: %s", m->id, m->unit[0] ? m->unit : "none");
  casa_reason_set(why, CASA_WHY_RANGE, .field = quote_name(v, name), .got = casa_reason_number(got, v->value), .wanted = range,
                  .more = canonical);
  return FALSE;
}

static gboolean
add_field(CasaEmit *self, const Value *v, CasaReason *why)
{
  GArray *fields = self->out->fields;
  char name[CASA_QUOTE_SIZE], n[CASA_QUOTE_SIZE];
  guint most = MIN(self->limits->max_fields, CASA_FIELDS_MAX);
  for (guint i = 0; i < self->n; i++)
    if (strcmp(g_array_index(fields, CasaField, self->first + i).metric, v->id) == 0) {
      casa_reason_set(why, CASA_WHY_TWICE, .field = quote_name(v, name), .wanted = v->id);
      return FALSE;
    }
  if (self->n >= most) {
    casa_reason_set(why, CASA_WHY_FIELDS, .field = quote_name(v, name), .wanted = casa_reason_count(n, most));
    return FALSE;
  }
  g_array_set_size(fields, fields->len + 1);
  CasaField *field = &g_array_index(fields, CasaField, fields->len - 1);
  g_strlcpy(field->metric, v->id, sizeof field->metric);
  field->value = v->value + 0.0;
  self->known[self->n++] = v->metric;
  self->has_place |= v->id[0] == 'l' && (strcmp(v->id, "lat") == 0 || strcmp(v->id, "lon") == 0);
  return TRUE;
}

static gboolean
take_value(CasaEmit *self, const CasaMember *member, const char *unit, CasaReason *why)
{
  Value v;
  char name[CASA_QUOTE_SIZE];
  v.member = member;
  v.unit = unit && *unit ? unit : NULL;
  if (!read_number(&v, why))
    return FALSE;
  if (!name_value(self, &v)) {
    casa_reason_set(why, CASA_WHY_NAME, .field = quote_name(&v, name));
    return FALSE;
  }
  return check_boolean(&v, why) && check_exact(&v, why) && choose_by_unit(self, &v, why) && heed_size(self, &v, why) &&
         convert_unit(self, &v, why) && check_range(&v, why) && add_field(self, &v, why);
}

void
casa_emit_value(CasaEmit *self, const CasaMember *member, const char *unit)
{
  CasaReason why;
  g_return_if_fail(self->open);
  if (member->type == CASA_MEMBER_TEXT && casa_emit_quantity(self, member))
    return;
  if (!take_value(self, member, unit, &why))
    casa_emit_refuse(self, 1, &why);
}

void
casa_emit_number(CasaEmit *self, const char *name, double value, const char *unit)
{
  CasaMember member = casa_member_of_number(name, value);
  casa_emit_value(self, &member, unit);
}
