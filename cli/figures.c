/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "figures-read.h"
#include "home-assistant.h"

#include "base/clock.h"
#include "wire/encode.h"

#include <string.h>

static const CliCommand command = {
  .name = "figures",
  .summary = "Prints what the city's figures are now, of the newest values in the store, which may be in use meanwhile.",
  .details = "  text  for reading (default)\n"
             "  json  an object a line, with names in three languages\n\n"
             "A value older than three minutes counts no more. What is a figure, and of which stations it is made, stands in\n"
             "indicators.conf; means over hours are those of \"casa indicators\" and of the wall.\n\n"
             "With --home-assistant it prints nothing, and tells Home Assistant of each figure instead, as a sensor that it\n"
             "finds by itself (MQTT discovery), as the user of [broker], until Ctrl-C. A figure that is not known any more\n"
             "becomes unavailable there.\n\n"
             "Example:\n  casa figures --config figures.conf --home-assistant",
};

enum { EVERY_MIN_MS = 1000, EVERY_MAX_MS = 60 * 1000 }; /* at most a third of what counts as fresh */

static void
text_row(GString *out, const CasaFigureNow *figure)
{
  char format[8], value[G_ASCII_DTOSTR_BUF_SIZE];
  const char *lang = cli_language(), *unit = cli_figures_unit(figure->indicator, lang);

  g_snprintf(format, sizeof format, "%%.%uf", figure->indicator->decimals);
  g_string_append_printf(out, "%-24s %s%s%s%s\n", casa_text_in(&figure->indicator->name, lang),
                         g_ascii_formatd(value, sizeof value, format, figure->value), *unit ? " " : "", unit,
                         figure->simulated ? cli_said(" [simulated]", " [simulé]", " [محاكاة]") : "");
}

static void
json_row(GString *out, const CasaFigureNow *figure)
{
  const CasaText *name = &figure->indicator->name;
  const char *texts[] = { "id",      figure->indicator->id,
                          "unit",    cli_figures_unit(figure->indicator, "en"),
                          "name_fr", name->fr,
                          "name_en", name->en,
                          "name_ar", name->ar };

  for (guint i = 0; i < G_N_ELEMENTS(texts); i += 2) {
    g_string_append_printf(out, "%s\"%s\":", i ? "," : "{", texts[i]);
    casa_encode_string(out, texts[i + 1]);
  }
  g_string_append(out, ",\"now\":");
  cli_figures_state(out, figure);
  g_string_append(out, "}\n");
}

static int
print(const CasaConfig *config, void (*row)(GString *out, const CasaFigureNow *figure))
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaIndicators) set = NULL;
  g_autoptr(GArray) figures = cli_figures_read(config, &set, &error);
  g_autoptr(GString) out = g_string_new(NULL);

  if (!figures)
    return cli_fail(&command, error);
  for (guint i = 0; i < figures->len; i++)
    row(out, &g_array_index(figures, CasaFigureNow, i));
  cli_write(out->str, out->len);
  return CLI_OK;
}

int
cli_figures(int argc, char **argv)
{
  g_autofree char *format = NULL, *prefix = NULL, *every = NULL;
  gboolean home_assistant = FALSE;
  const GOptionEntry own[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format, "text (default) or json", "text|json" },
    { "home-assistant", 0, 0, G_OPTION_ARG_NONE, &home_assistant, "Tell Home Assistant of them, again and again", NULL },
    { "every", 0, 0, G_OPTION_ARG_STRING, &every, "With --home-assistant: how often (default 30s; 1s to 1min)", "DURATION" },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &prefix, "With --home-assistant: its discovery prefix (default homeassistant)",
      "TOPIC" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(CasaConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  gint64 every_ms = 30 * 1000;
  int status;

  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
    return cli_usage(&command, "--format %s: use text or json", format);
  if ((every || prefix) && !home_assistant)
    return cli_usage(&command, "--every and --prefix are of --home-assistant");
  if (every && !casa_duration_parse(every, &every_ms, &error))
    return cli_usage(&command, "--every: %s", error->message);
  if (every_ms < EVERY_MIN_MS || every_ms > EVERY_MAX_MS)
    return cli_usage(&command, "--every %s: 1s to 1min", every);
  if (prefix && (!*prefix || strpbrk(prefix, "+#") || !g_utf8_validate(prefix, -1, NULL) || *prefix == '$'))
    return cli_usage(&command, "--prefix \"%s\": a topic, such as homeassistant", prefix);
  if (home_assistant)
    return cli_home_assistant(&command, config, prefix ? prefix : "homeassistant", every_ms);
  return cli_finish_stdout(&command, print(config, format && *format == 'j' ? json_row : text_row));
}
