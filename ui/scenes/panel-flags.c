/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/panel-flags.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"

static void
clear_flag(gpointer data)
{
  CasaChartFlag *flag = data;

  g_free((char *)flag->sign);
  g_free((char *)flag->text);
}

GArray *
casa_panel_flags_new(void)
{
  GArray *flags = g_array_new(FALSE, FALSE, sizeof(CasaChartFlag));

  g_array_set_clear_func(flags, clear_flag);
  return flags;
}

static CasaRgb
colour_of(const CasaFlag *flag, const CasaTheme *theme)
{
  if (flag->note)
    return theme->ink;
  return flag->grave ? theme->bad : theme->warning;
}

void
casa_panel_flags_show(CasaModel *model, const char *domain, GArray *flags, CasaChartPicture *picture)
{
  const CasaFlags *all = casa_model_flags(model);

  g_array_set_size(flags, 0);
  for (guint i = 0; picture->theme && i < casa_flags_n(all); i++) {
    const CasaFlag *flag = casa_flags_get(all, i);
    if (!casa_flag_concerns(flag, domain))
      continue;
    const CasaChartFlag shown = { flag->from_ms, flag->to_ms == CASA_FLAG_OPEN ? CASA_CHART_FLAG_OPEN : flag->to_ms,
                                  g_strdup(flag->sign), flag->text.fr ? g_strdup(casa_phrases_text(&flag->text)) : NULL,
                                  colour_of(flag, picture->theme) };
    g_array_append_val(flags, shown);
  }
  picture->flags = (const CasaChartFlag *)flags->data;
  picture->n_flags = flags->len;
}

void
casa_panel_flags_describe(const GArray *flags, gint64 from_ms, gint64 to_ms, GString *text)
{
  for (guint i = 0; i < flags->len; i++) {
    const CasaChartFlag *flag = &g_array_index(flags, CasaChartFlag, i);
    if (!flag->text || flag->from_ms > to_ms || MAX(flag->to_ms, flag->from_ms) < from_ms)
      continue;
    g_autofree char *clock = casa_lang_clock(flag->from_ms, FALSE);
    g_string_append_printf(text, "%s%s : %s", text->len ? " ; " : "", clock, flag->text);
  }
}
