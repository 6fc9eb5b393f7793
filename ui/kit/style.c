/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/kit/sign.h"
#include "ui/kit/style.h"
#include <math.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

#define UNIT_MIN 0.4

double
casa_look_px(const CasaLook *look, double px)
{
  return px * look->unit;
}

double
casa_look_unit(int width, int height)
{
  return MAX(MIN(width / 1920.0, height / 1080.0), UNIT_MIN);
}

double
casa_look_narrow_unit(int width, int height)
{
  return MAX(MIN(1.2 * width, height) / 1080.0, UNIT_MIN);
}

const char *
casa_look_font(void)
{
  static const char *found;
  PangoFontFamily **families;
  int n;

  if (found)
    return found;
  pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
  found = "Sans";
  for (int i = 0; i < n; i++)
    if (g_str_equal(pango_font_family_get_name(families[i]), "Inter"))
      found = "Inter";
  g_free(families);
  return found;
}

void
casa_look_forget_fonts(void)
{
  PangoFontMap *map = pango_cairo_font_map_get_default();

  if (PANGO_IS_FC_FONT_MAP(map))
    pango_fc_font_map_cache_clear(PANGO_FC_FONT_MAP(map));
}

/* Of windows beside the wall. */
#define SIDE ".casa-side-head,.casa-side-body"

typedef struct {
  const char *selector;
  double px; /* at 1080p */
  int weight;
} TypeRule;

/* Nothing under 20 on the wall, nothing under 32 in a focus scene. */
static const TypeRule TYPE[] = {
  { ".casa-title", 42, 700 },
  { ".casa-subtitle", 42, 300 },
  { ".casa-badge", 23, 600 },
  { ".casa-badge.frozen", 26, 700 },
  { ".casa-date", 24, 400 },
  { ".casa-clock", 42, 600 },
  { ".casa-name", 26, 600 },
  { ".casa-number", 70, 700 },
  { ".casa-unit", 24, 400 },
  { ".casa-trend", 24, 600 },
  { ".casa-tile-name", 24, 400 },
  { ".casa-tile-number", 50, 700 },
  { ".casa-tile-unit", 24, 400 },
  { ".casa-status", 22, 400 },
  { ".casa-story", 42, 600 },
  { ".casa-banner-title", 50, 700 },
  { ".casa-banner-what", 24, 400 },
  { ".casa-banner-number", 52, 700 },
  { ".casa-banner-words", 22, 400 },
  { ".casa-banner-also", 24, 600 },
  { ".casa-pill", 21, 700 },
  { ".casa-time", 22, 600 },
  { ".casa-lead .casa-number", 104, 700 },
  { ".casa-lead .casa-name", 32, 600 },
  { ".casa-fact-name", 22, 400 },
  { ".casa-fact-number", 26, 600 },
  { ".casa-fact-unit", 22, 400 },
  { ".casa-palette-title", 28, 600 },
  { ".casa-palette-key", 34, 700 },
  { ".casa-palette-name", 26, 600 },
  { ".casa-palette-strength", 21, 400 },
  { ".casa-palette-state", 24, 600 },
  { ".casa-palette-words", 24, 600 },
  { ".casa-card-title", 28, 600 },
  { ".casa-card-subtitle", 21, 400 },
  { ".casa-card-name", 22, 400 },
  { ".casa-card-value", 24, 600 },
  { ".casa-verdict", 19, 600 },
  { ".casa-yardstick-name", 23, 600 },
  { ".casa-yardstick-state", 19, 400 },
  { ".casa-dense .casa-yardstick-name", 20, 600 }, /* all in one column: two lines of a row would lie on one another */
  { ".casa-dense .casa-yardstick-state", 15, 400 },
  { ".casa-dense .casa-verdict", 15, 600 },
  { "popover modelbutton,popover entry,popover label", 24, 400 },
  { "toast", 24, 600 },
  { ".casa-focus .casa-badge", 32, 600 },
  { ".casa-focus .casa-date", 32, 400 },
  { ".casa-focus .casa-name", 52, 600 },
  { ".casa-focus .casa-number", 150, 700 },
  { ".casa-focus .casa-unit", 40, 400 },
  { ".casa-focus .casa-trend", 40, 600 },
  { ".casa-focus .casa-status", 32, 400 },
};

static void
append_number(GString *css, const char *format, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  /* CSS wants a point whatever the locale says. */
  g_string_append_printf(css, "%s%spx;", format, g_ascii_formatd(buf, sizeof buf, "%.2f", value));
}

static void
append_type(GString *css, const CasaLook *look)
{
  for (guint i = 0; i < G_N_ELEMENTS(TYPE); i++) {
    g_string_append_printf(css, "%s{font-weight:%d;", TYPE[i].selector, TYPE[i].weight);
    append_number(css, "font-size:", casa_look_px(look, TYPE[i].px));
    g_string_append(css, "}\n");
  }
}

static void
append_boxes(GString *css, const CasaLook *look)
{
  const struct {
    const char *selector, *property;
    double px;
  } boxes[] = {
    { ".casa-panel,.casa-tile,.casa-map", "border-radius:", 16 },
    { ".casa-card", "border-radius:", 14 },
    { ".casa-card", "padding:", 18 },
    { ".casa-card", "margin:", 22 },
    { ".casa-bar", "border-radius:", 3 },
    { ".casa-badge", "border-radius:", 26 },
    { ".casa-badge", "padding-left:", 15 },
    { ".casa-badge", "padding-right:", 15 },
    { ".casa-badge", "padding-top:", 4 },
    { ".casa-badge", "padding-bottom:", 4 },
    /* Arabic letters ask for a line so high that a badge would fill the header. */
    { ".casa-badge", "line-height:", 29 },
    { ".casa-focus .casa-badge", "line-height:", 40 },
    { ".casa-header", "border-spacing:", 14 },
    { ".casa-tile-line", "border-spacing:", 12 },
    { ".casa-fact", "border-spacing:", 9 },
    { ".casa-line", "border-spacing:", 18 },
    { ".casa-focus .casa-line", "border-spacing:", 48 },
    { ".casa-veiled .casa-head,.casa-veiled .casa-ribbon,.casa-veiled .casa-foot", "padding-left:", 40 },
    { ".casa-veiled .casa-head,.casa-veiled .casa-ribbon,.casa-veiled .casa-foot", "padding-right:", 40 },
    { ".casa-story", "line-height:", 53 },
    { ".casa-palette,.casa-what-if", "border-radius:", 16 },
    { ".casa-palette", "padding:", 18 },
    { ".casa-palette", "margin-bottom:", 60 },
    { ".casa-palette", "border-spacing:", 6 },
    { ".casa-palette", "min-width:", 820 },
    { ".casa-palette-row", "border-radius:", 12 },
    { ".casa-palette-row", "padding:", 8 },
    { ".casa-palette-key", "min-width:", 36 },
    { ".casa-banner", "border-radius:", 16 },
    { ".casa-pill", "border-radius:", 20 },
    { ".casa-pill", "padding-left:", 13 },
    { ".casa-pill", "padding-right:", 13 },
    { ".casa-pill", "padding-top:", 2 },
    { ".casa-pill", "padding-bottom:", 5 },
    { ".casa-banner-number", "line-height:", 58 },
    { ".casa-banner-words", "line-height:", 26 },
    { ".casa-pill", "line-height:", 30 },
    { ".casa-time-bar", "border-spacing:", 10 },
    { ".casa-time-bar", "border-radius:", 14 },
    { ".casa-time-bar", "padding:", 8 },
    { ".casa-time-button", "padding-left:", 14 },
    { ".casa-time-button", "padding-right:", 14 },
    { ".casa-time-button", "border-radius:", 10 },
    { ".casa-words", "border-spacing:", 8 },
  };
  for (guint i = 0; i < G_N_ELEMENTS(boxes); i++) {
    g_string_append_printf(css, "%s{", boxes[i].selector);
    append_number(css, boxes[i].property, casa_look_px(look, boxes[i].px));
    g_string_append(css, "}\n");
  }
}

static void
append_ink(GString *css, const char *selector, const char *property, CasaRgb colour)
{
  char hex[8];

  g_string_append_printf(css, "%s{%s:%s;}\n", selector, property, casa_rgb_hex(colour, hex));
}

static void
append_badge(GString *css, const CasaLook *look, const char *name, CasaRgb colour)
{
  CasaRgb tint = casa_rgb_mix(look->theme->ground, colour, 0.12);
  char edge[8], text[8], ground[8];

  casa_rgb_hex(colour, edge);
  casa_rgb_hex(casa_rgb_readable(colour, tint, 4.6), text); /* 4.5 asked for, and hex rounds */
  casa_rgb_hex(tint, ground);
  g_string_append_printf(css, ".casa-badge.%s{color:%s;background:%s;border:2px solid %s;}\n", name, text, ground, edge);
}

/* Each domain's name and bar in its colour: a class of its id. */
static void
append_domains(GString *css, const CasaLook *look)
{
  const CasaTheme *t = look->theme;
  guint n = 0;
  const CasaCityDomain *const *domains = look->indicators ? casa_indicators_domains(look->indicators, &n) : NULL;

  for (guint i = 0; i < n; i++) {
    CasaRgb colour = casa_rgb_from_hex(casa_city_domain_colours(domains[i], t->id)->first);
    g_autofree char *text =
      g_strdup_printf(".casa-domain-%s .casa-name,.casa-domain-%s .casa-trend", domains[i]->id, domains[i]->id);
    g_autofree char *bar = g_strdup_printf(".casa-domain-%s .casa-bar", domains[i]->id);
    append_ink(css, text, "color", casa_rgb_readable(colour, t->panel, 4.5));
    append_ink(css, bar, "background-color", colour);
    char rim[8];
    g_string_append_printf(css, ".casa-veiled .casa-domain-%s.casa-lead{border:2.5px solid %s;}\n", domains[i]->id,
                           casa_rgb_hex(colour, rim));
  }
}

/* What happens, in the colour of its gravity; who says so on a ground of its own. */
static void
append_banner(GString *css, const CasaLook *look)
{
  static const char *const classes[] = { "mild", "watch", "grave" };
  const CasaTheme *t = look->theme;
  char hex[8], ground[8];

  for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
    CasaRgb colour = casa_sign_colour(t, i + 1), tint = casa_rgb_mix(t->panel, colour, 0.08);
    g_string_append_printf(css, ".casa-banner.%s{border:2.5px solid %s;background-color:%s;}\n", classes[i],
                           casa_rgb_hex(colour, hex), casa_rgb_hex(tint, ground));
    g_string_append_printf(css, ".casa-banner.%s .casa-banner-number{color:%s;}\n", classes[i],
                           casa_rgb_hex(casa_rgb_readable(colour, tint, 4.6), hex));
  }
  /* Violet says simulated, and nothing else does. */
  g_string_append_printf(css, ".casa-pill{background-color:%s;color:%s;}\n", casa_rgb_hex(t->muted, hex),
                         casa_rgb_hex(casa_rgb_readable(t->ground, t->muted, 4.6), ground));
  g_string_append_printf(css, ".casa-pill.simulated{background-color:%s;color:%s;}\n", casa_rgb_hex(t->provenance, hex),
                         casa_rgb_hex(casa_rgb_readable(t->ground, t->provenance, 4.6), ground));
  g_string_append(css, ".casa-dimmed>*{opacity:0.7;}\n");
}

/* Raised controls on a card; what is armed or runs has an edge in its colour beside shape and word. */
static void
append_palette(GString *css, const CasaLook *look)
{
  const CasaTheme *t = look->theme;
  CasaRgb raised = casa_rgb_mix(t->panel, t->ink, 0.08);
  char hex[8], ground[8], edge[8];

  g_string_append_printf(css, ".casa-palette,.casa-what-if{background-color:%s;color:%s;border:2px solid %s;}\n",
                         casa_rgb_hex(t->panel, hex), casa_rgb_hex(t->ink, ground),
                         casa_rgb_hex(casa_rgb_mix(t->panel, t->ink, 0.3), edge));
  /* All that is behind steps back, so that no half of a panel is read beside the card. */
  g_string_append_printf(css, ".casa-what-if{box-shadow:0 0 0 9999px alpha(%s,0.72);}\n", casa_rgb_hex(t->ground, hex));
  g_string_append_printf(css, ".casa-palette-row{background:%s;color:inherit;border:2px solid transparent;box-shadow:none;}\n",
                         casa_rgb_hex(raised, hex));
  append_ink(css, ".casa-palette-strength", "color", casa_rgb_readable(t->muted, raised, 4.6));
  append_ink(css, ".casa-palette-row.armed", "border-color", t->warning);
  append_ink(css, ".casa-palette-row.armed .casa-palette-state", "color", casa_rgb_readable(t->warning, raised, 4.6));
  append_ink(css, ".casa-palette-row.running", "border-color", t->provenance);
  append_ink(css, ".casa-palette-row.running .casa-palette-state", "color", casa_rgb_readable(t->provenance, raised, 4.6));
  append_ink(css, ".casa-palette-row:focus-visible", "outline-color", t->accent);
  append_ink(css, ".casa-palette-row progress", "background-color", t->provenance);
}

static void
append_colours(GString *css, const CasaLook *look)
{
  const CasaTheme *t = look->theme;

  append_ink(css, ".casa-page", "background-color", t->ground);
  append_ink(css, ".casa-page", "color", t->ink);
  append_ink(css, ".casa-panel,.casa-tile", "background-color", t->panel);
  append_ink(
    css, ".casa-subtitle,.casa-date,.casa-unit,.casa-tile-name,.casa-tile-unit,.casa-status,.casa-fact-name,.casa-fact-unit",
    "color", t->muted);
  append_ink(css, ".casa-card", "background-color", t->panel);
  append_ink(css, ".casa-card-name,.casa-card-subtitle,.casa-yardstick-state", "color", t->muted);
  append_ink(css, ".casa-chosen", "background-color", casa_rgb_mix(t->panel, t->provenance, 0.16));
  append_ink(css, ".casa-warning", "color", casa_rgb_readable(t->warning, t->ground, 4.5));
  append_domains(css, look);
  append_banner(css, look);
  append_palette(css, look);
  append_ink(css, ".casa-panel .casa-trend.casa-bad", "color", casa_rgb_readable(t->bad, t->panel, 4.5));
  append_ink(css, ".casa-verdict,.casa-unknown", "color", t->muted);
  append_ink(css, ".casa-verdict.casa-good", "color", casa_rgb_readable(t->good, t->panel, 4.5));
  append_ink(css, ".casa-verdict.casa-bad", "color", casa_rgb_readable(t->bad, t->panel, 4.5));
  append_ink(css, ".casa-time-bar", "background-color", casa_rgb_mix(t->panel, t->ink, 0.10));
  append_ink(css, ".casa-time-bar", "color", t->ink);
  append_ink(css, ".casa-time-button.casa-chosen", "background-color", t->ink);
  append_ink(css, ".casa-time-button.casa-chosen", "color", t->panel);
  char ring[8];
  g_string_append_printf(
    css,
    "chart:focus-visible,.casa-tile:focus-visible,.casa-fact:focus-visible,.casa-time-button:focus-visible{outline:3px solid %s;outline-offset:-3px;}\n",
    casa_rgb_hex(t->accent, ring));
  append_badge(css, look, "live", t->good);
  append_badge(css, look, "simulated", t->provenance);
  append_badge(css, look, "replay", t->provenance);
  append_badge(css, look, "loading", t->accent);
  append_badge(css, look, "frozen", t->warning);
  append_badge(css, look, "last", t->warning);
  append_badge(css, look, "mute", t->warning);
  append_badge(css, look, "lost", t->bad);
  /* High contrast tells its areas apart by an edge, not by a shade. */
  if (g_str_equal(t->id, "contrast")) {
    char edge[8];
    casa_rgb_hex(t->muted, edge);
    g_string_append_printf(css, ".casa-panel,.casa-tile,.casa-map{border:1px solid %s;}\n", edge);
  }
}

/* Over a map that fills the window: panels let a little of it through, not so much that its vehicles look like dots of a chart;
 * lines at its edges have a veil of their own. */
static void
append_veils(GString *css, const CasaLook *look)
{
  char ground[8], panel[8];

  casa_rgb_hex(look->theme->ground, ground);
  casa_rgb_hex(look->theme->panel, panel);
  g_string_append(css, ".casa-veiled .casa-bar{background:none;}\n");
  g_string_append(css, ".casa-under{border-radius:0;border-style:none;}\n");
  g_string_append_printf(css, ".casa-veiled .casa-panel,.casa-veiled .casa-tile{background-color:alpha(%s,0.94);}\n", panel);
  g_string_append_printf(css, ".casa-veiled .casa-ribbon,.casa-veiled .casa-foot{background-color:alpha(%s,0.86);}\n", ground);
  g_string_append_printf(
    css, ".casa-veiled .casa-head{background-image:linear-gradient(to bottom,alpha(%s,0.9),alpha(%s,0));}\n", ground, ground);
}

/* Menus, questions and what is said for a moment: GTK's own would be grey, small, and in the colours of another window. */
static void
append_menus(GString *css, const CasaLook *look)
{
  const CasaTheme *t = look->theme;
  const CasaRgb raised = casa_rgb_mix(t->panel, t->ink, 0.14);
  char panel[8], ink[8], edge[8], over[8];

  casa_rgb_hex(casa_rgb_mix(t->panel, t->ink, 0.06), panel);
  casa_rgb_hex(t->ink, ink);
  casa_rgb_hex(raised, over);
  g_string_append_printf(
    css,
    "popover>contents,popover>arrow{background-color:%s;color:%s;border:1px solid %s;box-shadow:none;border-radius:6px;}\n",
    panel, ink, casa_rgb_hex(casa_rgb_mix(t->panel, t->ink, 0.35), edge));
  g_string_append_printf(
    css, "popover modelbutton:hover,popover modelbutton:selected,popover modelbutton:focus{background-color:%s;}\n", over);
  append_ink(css, "popover accelerator,popover .title", "color", casa_rgb_readable(t->muted, raised, 4.6));
  g_string_append_printf(css, "toast{background-color:%s;color:%s;}\n", ink, casa_rgb_hex(t->panel, edge));
}

static void
append_side(GString *css, const CasaLook *look)
{
  static const TypeRule types[] = {
    { ".casa-side-title", 32, 700 },
    { ".casa-side-group", 26, 700 },
    { ".casa-side-words,.casa-side-cell,.casa-answer", 22, 400 },
    { ".casa-side-body shortcut,.casa-side-body columnview header label", 20, 600 },
  };
  const CasaTheme *t = look->theme;
  const CasaRgb key = casa_rgb_mix(t->panel, t->ink, 0.14);
  char panel[8], ink[8], edge[8];

  for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
    g_string_append_printf(css, "%s{font-weight:%d;", types[i].selector, types[i].weight);
    append_number(css, "font-size:", casa_look_px(look, types[i].px));
    g_string_append(css, "}\n");
  }
  g_string_append_printf(
    css, SIDE "{background-color:%s;color:%s;font-family:\"%s\",\"Inter\",\"Noto Sans\",\"Noto Sans Arabic\",sans-serif;}\n",
    casa_rgb_hex(t->panel, panel), casa_rgb_hex(t->ink, ink), look->font);
  g_string_append_printf(css, ".casa-side-head{border-bottom:1px solid %s;", casa_rgb_hex(t->grid, edge));
  append_number(css, "padding:", casa_look_px(look, 12));
  g_string_append(css, "}\n.casa-side-columns{");
  append_number(css, "padding:", casa_look_px(look, 24));
  append_number(css, "border-spacing:", casa_look_px(look, 40));
  g_string_append(css, "}\n.casa-side-answers{");
  append_number(css, "padding:", casa_look_px(look, 24));
  append_number(css, "border-spacing:", casa_look_px(look, 14));
  g_string_append(css, "}\n.casa-side-column{");
  append_number(css, "border-spacing:", casa_look_px(look, 7));
  g_string_append(css, "}\n");
  append_ink(css, ".casa-side-group", "color", casa_rgb_readable(t->accent, t->panel, 4.6));
  g_string_append_printf(css,
                         ".casa-side-body .keycap{background:%s;color:%s;border:none;box-shadow:none;min-width:0;min-height:0;",
                         casa_rgb_hex(key, edge), ink);
  append_number(css, "padding:", casa_look_px(look, 6));
  g_string_append(css, "}\n");
  g_string_append_printf(
    css,
    ".casa-side-body columnview,.casa-side-body columnview listview,.casa-side-body columnview header button{background:%s;color:%s;}\n",
    panel, ink);
}

/* Puts ".scope " before every selector of @css, whose rules stand one a line: "a,b{…}". GTK knows no sheet that holds for one
 * window only, and two windows may differ in size and theme. */
static char *
scoped(const char *css, const char *scope)
{
  GString *out = g_string_new(NULL);
  g_auto(GStrv) rules = g_strsplit(css, "\n", -1);

  for (guint i = 0; rules[i]; i++) {
    const char *brace = strchr(rules[i], '{');
    if (!brace)
      continue;
    g_autofree char *list = g_strndup(rules[i], (gsize)(brace - rules[i]));
    g_auto(GStrv) selectors = g_strsplit(list, ",", -1);
    for (guint k = 0; selectors[k]; k++)
      g_string_append_printf(out, "%s.%s %s", k ? "," : "", scope, selectors[k]);
    g_string_append_printf(out, "%s\n", brace);
  }
  return g_string_free(out, FALSE);
}

char *
casa_look_css(const CasaLook *look)
{
  g_autoptr(GString) css = g_string_new(NULL);

  g_string_append_printf(
    css,
    ".casa-page,.casa-badge,.casa-palette,.casa-what-if,popover,toast{font-family:\"%s\",\"Inter\",\"Noto Sans\",\"Noto Sans Arabic\",sans-serif;"
    "font-feature-settings:\"tnum\" 1;}\n"
    ".casa-black{background:#000;}\n.casa-white{background:#fff;}\n",
    look->font);
  append_type(css, look);
  append_boxes(css, look);
  append_colours(css, look);
  append_veils(css, look);
  append_menus(css, look);
  append_side(css, look);
  return scoped(css->str, look->scope);
}

char *
casa_look_side_css(const CasaLook *look)
{
  g_autoptr(GString) css = g_string_new(NULL);

  append_side(css, look);
  return scoped(css->str, look->scope);
}
