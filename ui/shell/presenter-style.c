/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/presenter-style.h"
#include "ui/kit/theme.h"
#include <gtk/gtk.h>

static void
append_colour(GString *css, const char *selector, const char *property, CasaRgb colour)
{
  char hex[8];

  g_string_append_printf(css, ".casa-presenter %s{%s:%s;}\n", selector, property, casa_rgb_hex(colour, hex));
}

static void
append_states(GString *css, const CasaTheme *t)
{
  char live[8], frozen[8], dark[8], on[8];

  casa_rgb_hex(t->good, live);
  casa_rgb_hex(t->warning, frozen);
  casa_rgb_hex(t->muted, dark);
  casa_rgb_hex(t->ground, on);
  g_string_append_printf(css,
                         ".casa-presenter .sight{border:3px solid %s;border-radius:8px;}\n"
                         ".casa-presenter .sight.frozen{border-color:%s;}\n.casa-presenter .sight.dark{border-color:%s;}\n"
                         ".casa-presenter button.live{background:%s;color:%s;}\n"
                         ".casa-presenter button.frozen{background:%s;color:%s;}\n"
                         ".casa-presenter button.dark{background:%s;color:%s;}\n",
                         live, frozen, dark, live, on, frozen, on, dark, on);
}

void
casa_presenter_style(void)
{
  static gboolean done;
  const CasaTheme *t = casa_theme_get("dark");
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new();
  g_autoptr(GString) css = g_string_new(
    ".casa-presenter{font-size:15px;}\n.casa-presenter .columns{padding:16px;border-spacing:16px;}\n"
    ".casa-presenter .column{border-spacing:12px;}\n.casa-presenter .card{padding:14px;border-radius:12px;}\n"
    ".casa-presenter .timer{font-size:56px;font-weight:700;}\n.casa-presenter .strong{font-size:18px;font-weight:700;}\n"
    ".casa-presenter .say,.casa-presenter .honest,.casa-presenter .cue{font-size:28px;}\n"
    ".casa-presenter .cover{font-size:64px;font-weight:700;}\n.casa-presenter .strip{padding:10px 16px;}\n"
    ".casa-presenter .item{font-size:14px;}\n.casa-presenter .current{padding:4px 6px;border-radius:6px;}\n"
    ".casa-presenter button.off{background:#22304a;}\n.casa-presenter .pair{border-spacing:12px;}\n"
    ".casa-presenter .name{font-weight:600;}\n.casa-presenter .honest-small{font-weight:700;}\n"
    ".casa-presenter .casa-palette-title{font-weight:700;}\n.casa-presenter .casa-palette-name{font-weight:600;}\n"
    ".casa-presenter .casa-palette-strength,.casa-presenter .casa-palette-state{font-size:13px;}\n"
    ".casa-presenter .casa-palette-key{font-weight:700;}\n"
    ".casa-presenter .casa-palette-row{padding:6px 8px;border:2px solid transparent;border-radius:10px;box-shadow:none;}\n");

  if (done)
    return;
  done = TRUE;
  g_string_append_printf(css, ".casa-presenter{font-family:\"Inter\",\"Noto Sans\",\"Noto Sans Arabic\",sans-serif;}\n");
  char ground[8], ink[8];
  g_string_append_printf(css, ".casa-presenter{background-color:%s;color:%s;}\n", casa_rgb_hex(t->ground, ground),
                         casa_rgb_hex(t->ink, ink));
  append_colour(css, ".card", "background-color", t->panel);
  append_colour(css, ".card", "color", t->ink); /* libadwaita's own is black while the hall is light */
  append_colour(css, ".current", "background-color", t->grid);
  append_colour(css, ".strip", "background-color", t->panel);
  append_colour(css, ".muted", "color", t->muted);
  append_colour(css, ".cover", "color", t->muted);
  append_colour(css, ".honest,.casa-presenter .honest-small", "color", t->provenance);
  append_colour(css, ".casa-palette-row", "background", t->panel);
  append_colour(css, ".casa-palette-row", "color", t->ink);
  append_colour(css, ".casa-palette-strength", "color", t->muted);
  append_colour(css, ".casa-palette-row.armed", "border-color", t->warning);
  append_colour(css, ".casa-palette-row.armed .casa-palette-state", "color", t->warning);
  append_colour(css, ".casa-palette-row.running", "border-color", t->good);
  append_colour(css, ".casa-palette-row.running .casa-palette-state", "color", t->good);
  append_colour(css, ".casa-palette-row progress", "background-color", t->good);
  append_colour(css, ".cue", "color", t->warning);
  append_colour(css, ".soon", "color", t->warning);
  append_colour(css, ".good", "color", t->good);
  append_colour(css, ".over", "color", casa_rgb_readable(t->bad, t->panel, 4.5));
  append_states(css, t);
  g_autofree char *text = g_strdup(css->str);
  gtk_css_provider_load_from_data(provider, text, -1);
  gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
