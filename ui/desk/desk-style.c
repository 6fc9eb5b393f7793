/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/desk.h"
#include "ui/kit/style.h"
#include <string.h>

#define SIDE_UNIT 0.64 /* of windows beside the desk: their text is as large as its own */

/* A raised control of the dark desk; other themes mix theirs. */
static CasaRgb
raised(const CasaTheme *t)
{
  return casa_rgb_mix(t->panel, t->ink, t->dark ? 0.11 : 0.08);
}

static void rule(GString *css, const char *scope, const char *selectors, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void
rule(GString *css, const char *scope, const char *selectors, const char *format, ...)
{
  g_auto(GStrv) list = g_strsplit(selectors, ",", -1);
  va_list args;

  for (guint i = 0; list[i]; i++)
    g_string_append_printf(css, "%s.%s %s", i ? "," : "", scope, list[i]);
  g_string_append_c(css, '{');
  va_start(args, format);
  g_string_append_vprintf(css, format, args);
  va_end(args);
  g_string_append(css, ";}\n");
}

typedef struct {
  char ground[8], panel[8], raised[8], grid[8], ink[8], muted[8], accent[8], good[8], warning[8], bad[8], provenance[8], bar[8],
    chosen[8];
} Hex;

static void
take_colours(Hex *hex, const CasaTheme *t)
{
  casa_rgb_hex(t->ground, hex->ground);
  casa_rgb_hex(t->panel, hex->panel);
  casa_rgb_hex(raised(t), hex->raised);
  casa_rgb_hex(t->grid, hex->grid);
  casa_rgb_hex(t->ink, hex->ink);
  casa_rgb_hex(casa_rgb_readable(t->muted, raised(t), 4.6), hex->muted);
  casa_rgb_hex(casa_rgb_readable(t->accent, t->panel, 4.6), hex->accent);
  casa_rgb_hex(casa_rgb_readable(t->good, t->panel, 4.6), hex->good);
  casa_rgb_hex(casa_rgb_readable(t->warning, t->panel, 4.6), hex->warning);
  casa_rgb_hex(casa_rgb_readable(t->bad, t->panel, 4.6), hex->bad);
  casa_rgb_hex(casa_rgb_readable(t->provenance, t->panel, 4.6), hex->provenance);
  casa_rgb_hex(casa_rgb_mix(t->ground, t->panel, 0.6), hex->bar);
  casa_rgb_hex(casa_rgb_mix(t->panel, t->accent, 0.14), hex->chosen);
}

static void
append_controls(GString *css, const char *scope, const Hex *hex)
{
  rule(css, scope, ".desk button,.desk menubutton>button",
       "background:%s;color:%s;border:none;box-shadow:none;border-radius:8px;padding:4px 11px;min-height:24px;font-weight:600",
       hex->raised, hex->ink);
  rule(css, scope, ".desk button.flat,.desk windowcontrols>button", "background:none;padding:4px 6px");
  rule(css, scope, ".desk windowcontrols>button", "border-radius:99px");
  rule(css, scope, ".desk .linked>button", "border-radius:0");
  rule(css, scope, ".desk .linked>button:first-child", "border-radius:8px 0 0 8px");
  rule(css, scope, ".desk .linked>button:last-child", "border-radius:0 8px 8px 0");
  rule(css, scope, ".desk .linked>button:first-child:dir(rtl)", "border-radius:0 8px 8px 0");
  rule(css, scope, ".desk .linked>button:last-child:dir(rtl)", "border-radius:8px 0 0 8px");
  rule(css, scope, ".desk button:hover", "box-shadow:inset 0 0 0 1px %s", hex->muted);
  rule(css, scope, ".desk button:checked", "background:%s;color:%s", hex->ink, hex->ground);
  rule(css, scope, ".desk button:disabled", "opacity:0.5");
  rule(css, scope, ".desk button:focus-visible,.desk entry:focus-within,.desk row:focus-visible,.desk chart:focus-visible",
       "outline:2px solid %s;outline-offset:-2px", hex->accent);
  rule(css, scope, ".desk .chip", "border-radius:99px;padding:2px 8px");
  rule(css, scope, ".desk entry,.desk text.view,.desk textview",
       "background:%s;color:%s;border:1px solid %s;border-radius:8px;box-shadow:none", hex->panel, hex->ink, hex->grid);
  rule(css, scope, ".desk .follow", "background:none;color:%s;border:2px solid %s", hex->warning, hex->warning);
  rule(css, scope, ".desk .primary", "background:%s;color:%s", hex->accent, hex->ground);
}

static void
append_list(GString *css, const char *scope, const Hex *hex)
{
  rule(css, scope, ".desk columnview,.desk columnview listview", "background:none;color:%s", hex->ink);
  rule(css, scope, ".desk columnview row", "background:none;border-radius:6px;padding:0;margin:0;border:none");
  rule(css, scope, ".desk columnview row:hover", "background:%s", hex->raised);
  rule(css, scope, ".desk columnview cell", "padding:3px 4px;border:none");
  rule(css, scope, ".desk .row-metric,.desk .row-unit,.desk .quiet", "color:%s", hex->muted);
  rule(css, scope, ".desk .row-name,.desk .row-number,.desk .strong", "font-weight:600");
  rule(css, scope, ".desk .row-group", "font-weight:600;font-size:14px");
  rule(css, scope, ".desk .live", "color:%s", hex->good);
  rule(css, scope, ".desk .silent,.desk .attention", "color:%s", hex->warning);
  rule(css, scope, ".desk .refused,.desk .bad", "color:%s", hex->bad);
  rule(css, scope, ".desk .provenance", "color:%s", hex->provenance);
  rule(css, scope, ".desk .good", "color:%s", hex->good);
  rule(css, scope, ".desk .ticked", "background:%s;border-radius:6px", hex->chosen);
  rule(css, scope, ".desk .star", "padding:0 2px;min-height:18px;min-width:18px");
  rule(css, scope, ".desk .star:checked", "background:none;color:%s", hex->warning);
}

static void
append_diagnose(GString *css, const char *scope, const Hex *hex)
{
  rule(css, scope, ".desk .diagnose", "padding:18px 32px");
  rule(css, scope, ".desk .diagnose .steps", "background:%s;border-radius:12px;padding:16px 12px", hex->panel);
  rule(css, scope, ".desk .step-sign",
       "font-weight:700;font-size:26px;border:3px solid currentColor;border-radius:99px;min-width:44px;min-height:44px");
  rule(css, scope, ".desk .step-sign.quiet", "border-style:dashed");
  rule(css, scope, ".desk .diagnose .big", "font-size:26px");
  rule(css, scope, ".desk .refused-row", "padding:10px 18px");
  rule(css, scope, ".desk .refusal,.desk .mended",
       "font-family:\"Noto Sans Mono\",\"DejaVu Sans Mono\",monospace;font-size:16px");
  rule(css, scope, ".desk .refusal", "color:%s", hex->bad);
  rule(css, scope, ".desk list", "background:none;color:%s", hex->ink);
  rule(css, scope, ".desk list row", "padding:8px 14px;border-radius:8px");
  rule(css, scope, ".desk list row:hover", "background:%s", hex->raised);
  rule(css, scope, ".desk .mended", "color:%s;font-weight:700", hex->good);
}

char *
casa_desk_css(const CasaDesk *desk, const char *scope)
{
  GString *css = g_string_new(NULL);
  Hex hex;

  take_colours(&hex, desk->theme);
  rule(css, scope, ".desk",
       "background:%s;color:%s;font-family:\"%s\",\"Inter\",\"Noto Sans\",\"Noto Sans Arabic\",sans-serif;"
       "font-feature-settings:\"tnum\" 1;font-size:13px",
       hex.ground, hex.ink, desk->font);
  rule(css, scope, ".desk .bar,.desk .side", "background:%s", hex.bar);
  rule(css, scope, ".desk .bar", "border-bottom:1px solid %s;padding:5px 12px", hex.grid);
  rule(css, scope, ".desk .foot", "border-top:1px solid %s;padding:8px 12px;background:%s", hex.grid, hex.bar);
  rule(css, scope, ".desk .brand", "font-weight:700;font-size:15px");
  rule(css, scope, ".desk .clock", "font-weight:700;font-size:15px");
  rule(css, scope, ".desk .card", "background:%s;border-radius:12px;box-shadow:none", hex.panel);
  rule(css, scope, ".desk .pill",
       "border-radius:99px;border:2px solid %s;color:%s;padding:0 10px;min-height:24px;font-weight:600", hex.provenance,
       hex.provenance);
  rule(css, scope, ".desk .pill.live", "border-color:%s;color:%s", hex.good, hex.good);
  rule(css, scope, ".desk .pill.silent", "border-color:%s;color:%s", hex.warning, hex.warning);
  rule(css, scope, ".desk .head-title", "font-weight:700;font-size:14px");
  rule(css, scope, ".desk .head-number", "font-weight:700;font-size:18px");
  rule(css, scope, ".desk .muted-picture", "opacity:0.45");
  rule(css, scope, ".desk .big", "font-weight:700;font-size:28px");
  rule(css, scope, ".desk .code", "font-family:\"Noto Sans Mono\",\"DejaVu Sans Mono\",monospace");
  append_diagnose(css, scope, &hex);
  append_controls(css, scope, &hex);
  append_list(css, scope, &hex);
  if (g_str_equal(desk->theme->id, "contrast"))
    rule(css, scope, ".desk .card,.desk button", "border:1px solid %s", hex.muted);
  g_autofree char *side =
    casa_look_side_css(&(CasaLook){ .theme = desk->theme, .font = desk->font, .unit = SIDE_UNIT, .scope = scope });
  g_string_append(css, side);
  return g_string_free(css, FALSE);
}

CasaRgb
casa_desk_colour(const CasaDesk *desk, const char *domain, gboolean team)
{
  const CasaCityDomain *known = team ? NULL : casa_indicators_domain(casa_model_indicators(desk->model), domain);

  return known ? casa_rgb_from_hex(casa_city_domain_colours(known, desk->theme->id)->first) : desk->theme->provenance;
}
