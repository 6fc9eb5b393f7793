/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/symbols.h"

#include <string.h>

/* As they are written: mA is not MA. */
static const struct {
  const char *symbol, *metric, *unit;
  gboolean alone; /* it can be nothing else, also where it stands alone */
} symbols[] = {
  { "V", "voltage_v", "V", FALSE },       { "A", "current_a", "A", FALSE },      { "W", "power_w", "W", FALSE },
  { "U", "voltage_v", "V", FALSE },       { "I", "current_a", "A", FALSE },      { "mV", "voltage_v", "mV", FALSE },
  { "mA", "current_a", "mA", FALSE },     { "kW", "power_w", "kW", TRUE },       { "kWh", "energy_kwh", "kWh", TRUE },
  { "Wh", "energy_kwh", "Wh", TRUE },     { "Hz", "frequency_hz", "Hz", FALSE }, { "°C", "temp_c", "°C", TRUE },
  { "°F", "temp_c", "°F", TRUE },         { "degC", "temp_c", "°C", TRUE },      { "%RH", "rh_pct", "%", TRUE },
  { "hPa", "pressure_hpa", "hPa", TRUE }, { "dBA", "noise_dba", "dBA", TRUE },   { "dB(A)", "noise_dba", "dBA", TRUE },
};

/* Index in symbols, or -1. Most names are longer. */
static int
find(const CasaMember *member)
{
  double ignored;
  if (member->name_len == 0 || member->name_len > 5 || (g_ascii_islower(member->name[0]) && !strchr("mkdh", member->name[0])))
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS(symbols); i++)
    if (member->name[0] == symbols[i].symbol[0] && casa_member_is(member, symbols[i].symbol))
      return member->type != CASA_MEMBER_BOOL && casa_member_number(member, &ignored) == CASA_NUMBER_OK ? (int)i : -1;
  return -1;
}

/* Whether another of @members is a symbol too, of another metric. */
static gboolean
is_confirmed(int symbol, const CasaMember *members, guint n)
{
  for (guint i = 0; i < n; i++) {
    int other = find(&members[i]);
    if (other >= 0 && g_strcmp0(symbols[other].metric, symbols[symbol].metric) != 0)
      return TRUE;
  }
  return FALSE;
}

/* P beside U or V, and I or A, is a power, and no pressure. */
static gboolean
is_power(const CasaMember *member, const CasaMember *members, guint n)
{
  gboolean voltage = FALSE, current = FALSE;
  if (!casa_member_is(member, "P"))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    voltage |= casa_member_is(&members[i], "U") || casa_member_is(&members[i], "V");
    current |= casa_member_is(&members[i], "I") || casa_member_is(&members[i], "A");
  }
  return voltage && current;
}

static gboolean
has(const CasaMember *members, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (casa_member_is_like(&members[i], name))
      return TRUE;
  return FALSE;
}

/* Of the two values of such a sensor, that for the open air counts where both are there. */
static const char *
dust_metric(const CasaMember *member, const CasaMember *members, guint n)
{
  static const struct {
    const char *theirs, *metric, *better; /* better: the name of the same for the open air; NULL: this is it */
    const char *with;                     /* what must stand beside it; NULL: nothing need */
  } names[] = {
    { "pm10_env", "pm1", NULL, "pm100_env" },
    { "pm10_standard", "pm1", "pm10_env", "pm100_standard" },
    { "pm25_standard", "pm2_5", "pm25_env", NULL },
    { "pm100_standard", "pm10", "pm100_env", NULL },
    { "pm_ae_ug_1_0", "pm1", NULL, NULL },
    { "pm_sp_ug_1_0", "pm1", "pm_ae_ug_1_0", NULL },
    { "pm_sp_ug_2_5", "pm2_5", "pm_ae_ug_2_5", NULL },
    { "pm_sp_ug_10_0", "pm10", "pm_ae_ug_10_0", NULL },
    { "pm1_0_atm", "pm1", NULL, NULL },
    { "pm1_0_cf_1", "pm1", "pm1_0_atm", NULL },
    { "pm2_5_cf_1", "pm2_5", "pm2_5_atm", NULL },
    { "pm10_0_cf_1", "pm10", "pm10_0_atm", NULL },
  };
  if (member->name_len < 8 || (member->name[0] | 0x20) != 'p' || (member->name[1] | 0x20) != 'm')
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (casa_member_is_like(member, names[i].theirs) && !(names[i].better && has(members, n, names[i].better)) &&
        !(names[i].with && !has(members, n, names[i].with)) && !has(members, n, names[i].metric))
      return names[i].metric;
  return NULL;
}

const char *
casa_symbol_metric(const CasaMember *member, const CasaMember *members, guint n, const char **unit)
{
  int symbol = find(member);
  if (member->name_len == 1 && is_power(member, members, n)) {
    *unit = "W";
    return "power_w";
  }
  if (symbol < 0 && member->name_len > 5)
    return dust_metric(member, members, n);
  if (symbol < 0 || !(symbols[symbol].alone || is_confirmed(symbol, members, n)))
    return NULL;
  *unit = symbols[symbol].unit;
  return symbols[symbol].metric;
}
