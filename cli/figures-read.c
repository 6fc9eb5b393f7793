/* SPDX-License-Identifier: Apache-2.0 */
#include "figures-read.h"

#include "base/clock.h"

GArray *
cli_figures_read(const CasaConfig *config, CasaIndicators **out_set, GError **error)
{
  g_autoptr(CasaReader) reader = casa_reader_open(config->store_path, error);
  g_autoptr(CasaIndicators) set = reader ? casa_indicators_load(config->dir, error) : NULL;
  GArray *figures = set ? casa_figures_now(reader, set, casa_reader_now_ms(reader), error) : NULL;

  *out_set = figures ? g_steal_pointer(&set) : NULL;
  return figures;
}

const char *
cli_figures_unit(const CasaIndicator *indicator, const char *lang)
{
  return indicator->format == CASA_FORMAT_DURATION ? "s" : casa_text_in(&indicator->unit, lang);
}

void
cli_figures_state(GString *out, const CasaFigureNow *figure)
{
  char format[8], value[G_ASCII_DTOSTR_BUF_SIZE], time[32];

  g_snprintf(format, sizeof format, "%%.%uf", figure->indicator->decimals);
  g_string_append_printf(out, "{\"value\":%s,\"simulated\":%s,\"time\":\"%s\",\"stations\":%u,\"of\":%u}",
                         g_ascii_formatd(value, sizeof value, format, figure->value), figure->simulated ? "true" : "false",
                         casa_time_format(figure->t_ms, time), figure->n, figure->known);
}
