/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/shell/options.h"
#include "base/clock.h"
#include "base/error.h"
#include "ui/desk/explore-view.h"

#define SIDE_MIN 320
#define SIDE_MAX 16384

static gboolean usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
usage_error(GError **error, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "%s (see casa-pulse --help)", text);
  return FALSE;
}

static gboolean
side_parse(const char *text, int *out)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned(text, 10, SIDE_MIN, SIDE_MAX, &value, NULL))
    return FALSE;
  *out = (int)value;
  return TRUE;
}

static gboolean
size_parse(CasaOptions *self, const char *text, GError **error)
{
  g_auto(GStrv) sides = g_strsplit(text, "x", 3);

  if (g_strv_length(sides) == 2 && side_parse(sides[0], &self->width) && side_parse(sides[1], &self->height))
    return TRUE;
  return usage_error(error, "--size %s: wanted WIDTHxHEIGHT such as 1920x1080, each from %d to %d", text, SIDE_MIN, SIDE_MAX);
}

static gboolean
one_of(const char *option, const char *value, const char *const *known, GError **error)
{
  if (!value || g_strv_contains(known, value))
    return TRUE;
  g_autofree char *list = g_strjoinv(", ", (char **)known);
  return usage_error(error, "%s %s: not one of %s", option, value, list);
}

static gboolean
is_picture(const char *path)
{
  return g_str_has_suffix(path, ".png") || g_str_has_suffix(path, ".svg") || g_str_has_suffix(path, ".pdf");
}

static gboolean
check(CasaOptions *self, const char *size, const char *after, GError **error)
{
  static const char *const languages[] = { "fr", "ar", "en", NULL }, *const themes[] = { "dark", "light", "contrast", NULL };

  if (!one_of("--lang", self->language, languages, error) || !one_of("--theme", self->theme, themes, error))
    return FALSE;
  if (self->screenshot && !is_picture(self->screenshot))
    return usage_error(error, "--screenshot %s: the name must end in .png, .svg or .pdf", self->screenshot);
  if (self->diagnose && (self->stage || self->scene || self->explore))
    return usage_error(error, "--diagnose shows a team's desk: it does not go with --stage, --scene and --explore");
  if (self->parachute && !g_file_test(self->parachute, G_FILE_TEST_IS_REGULAR))
    return usage_error(error, "--parachute %s: there is no such file; casa-sim --stdout and mosquitto_sub write one",
                       self->parachute);
  self->rehearse = self->rehearse || self->rehearse_write;
  if (self->rehearse && self->autoplay)
    return usage_error(error, "--rehearse records and --autoplay plays: one of them");
  if (self->curtain && (self->screenshot || self->explore || self->presenter))
    return usage_error(error, "--curtain shows nothing: it does not go with --screenshot, --explore and --presenter");
  if (self->explore && (self->stage || self->scene))
    return usage_error(error, "--explore shows no scene: it does not go with --stage and --scene");
  if (self->explore) {
    CasaExploreView view;
    g_autoptr(GError) local = NULL;
    const gboolean right = casa_explore_view_parse(&view, self->explore, &local);
    casa_explore_view_clear(&view);
    if (!right)
      return usage_error(error, "--explore %s", local->message);
  }
  if (after && !self->screenshot)
    return usage_error(error, "--after goes with --screenshot");
  if (size && !size_parse(self, size, error))
    return FALSE;
  if (!after)
    return TRUE;
  g_autoptr(GError) local = NULL;
  if (!casa_duration_parse(after, &self->after_ms, &local))
    return usage_error(error, "--after %s: %s", after, local->message);
  return TRUE;
}

static gboolean
check_replay(CasaOptions *self, const char *replay, const char *speed, gboolean loop, GError **error)
{
  g_autoptr(GError) local = NULL;
  char *end = NULL;

  if (!replay)
    return !speed && !loop ? TRUE : usage_error(error, "--speed and --loop go with --replay");
  self->replay = TRUE;
  self->past.loop = loop;
  self->past.speed = speed ? g_ascii_strtod(speed, &end) : 1;
  if (speed &&
      (end == speed || *end || !(self->past.speed >= CASA_REPLAY_SPEED_MIN && self->past.speed <= CASA_REPLAY_SPEED_MAX)))
    return usage_error(error, "--speed %s: wanted a number from %g to %g", speed, CASA_REPLAY_SPEED_MIN,
                       (double)CASA_REPLAY_SPEED_MAX);
  if (!casa_replay_options_parse(&self->past, replay, &local))
    return usage_error(error, "--replay %s", local->message);
  return TRUE;
}

static const char SUMMARY[] =
  "Shows the sensors of the city live: subscribes over MQTT, stores every series, draws them for an audience.";
static const char DESCRIPTION[] =
  "Keys: F11 full screen, Page Up/Down scenes, L language, T theme, F freeze, B black, Ctrl+? all shortcuts, Ctrl+Q quit.\n"
  "Exit status: 0 done, 1 the work failed, 2 wrong usage or configuration.\n";

static gboolean
parse_entries(const GOptionEntry *entries, int argc, char **argv, GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_auto(GStrv) copy = g_new0(char *, (gsize)argc + 1);
  g_autoptr(GError) local = NULL;

  for (int i = 0; i < argc; i++)
    copy[i] = g_strdup(argv[i]);
  g_option_context_set_summary(context, SUMMARY);
  g_option_context_set_description(context, DESCRIPTION);
  g_option_context_add_main_entries(context, entries, NULL);
  return g_option_context_parse_strv(context, &copy, &local) || usage_error(error, "%s", local->message);
}

gboolean
casa_options_parse(CasaOptions *self, int argc, char **argv, GError **error)
{
  g_autofree char *size = NULL, *after = NULL, *replay = NULL, *speed = NULL;
  gboolean loop = FALSE;
  g_auto(GStrv) rest = NULL;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &self->config, "Folder of pulse.conf and the city's files", "DIR" },
    { "broker", 0, 0, G_OPTION_ARG_STRING, &self->broker, "Where to subscribe, mqtt://[user@]host:port or mqtts://…", "URL" },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, &self->store, "The database file, created when absent", "PATH" },
    { "influx", 0, 0, G_OPTION_ARG_STRING, &self->influx, "Forward to this InfluxDB, http://host:8086/?db=casa", "URL" },
    { "stage", 0, 0, G_OPTION_ARG_NONE, &self->stage, "Begin in full screen", NULL },
    { "presenter", 0, 0, G_OPTION_ARG_NONE, &self->presenter,
      "Open the presenter's window too: notes, time, what the hall sees (Ctrl+P opens it later)", NULL },
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, &self->rehearse,
      "Record what is shown and when, compare with the plan at the end, and ask whether the talk takes the new minutes", NULL },
    { "rehearse-write", 0, 0, G_OPTION_ARG_NONE, &self->rehearse_write, "The same, and write them without asking", NULL },
    { "autoplay", 0, 0, G_OPTION_ARG_NONE, &self->autoplay,
      "Play the talk again and again as it was rehearsed; a key or a touch takes over for a minute", NULL },
    { "frugal", 0, 0, G_OPTION_ARG_NONE, &self->frugal,
      "Two frames a second and no adornment; on a battery it is so without being asked", NULL },
    { "scene", 0, 0, G_OPTION_ARG_STRING, &self->scene, "Begin with (or take the picture of) this scene", "SCENE" },
    { "talk", 0, 0, G_OPTION_ARG_FILENAME, &self->talk, "Show the scenes of this file instead of those of scenes.conf",
      "FILE" },
    { "check-scenes", 0, 0, G_OPTION_ARG_FILENAME, &self->check_scenes, "Say whether this file of scenes is right, and end",
      "FILE" },
    { "parachute", 0, 0, G_OPTION_ARG_FILENAME, &self->parachute,
      "Show this recording when live data fail, instead of what the talk says", "FILE" },
    { "lang", 0, 0, G_OPTION_ARG_STRING, &self->language, "Language of the screen: fr, ar or en", "LANG" },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &self->theme, "dark, light or contrast", "THEME" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &self->state,
      "Keep scene, language, theme and full screen in this file, and begin as it says", "FILE" },
    { "curtain", 0, 0, G_OPTION_ARG_NONE, &self->curtain,
      "Show nothing but black, behind the wall of the same --state, and keep the screen awake", NULL },
    { "came-back", 0, 0, G_OPTION_ARG_INT, &self->came_back,
      "Tell the presenter that the wall before ended with this status (128 and more: a signal)", "STATUS" },
    { "explore", 0, 0, G_OPTION_ARG_STRING, &self->explore,
      "Show the explore page instead of the wall: a link that it copied, or paths SOURCE/DOMAIN/STATION/METRIC parted by commas",
      "LINK" },
    { "diagnose", 0, 0, G_OPTION_ARG_STRING, &self->diagnose,
      "Show why this team is, or is not, on the wall, instead of the wall", "TEAM" },
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &self->screenshot, "Write a picture of the wall (.png, .svg, .pdf) and end",
      "FILE" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &after, "Take the picture after this long, not once the history is there",
      "SECONDS" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Size of the picture or of the window (default 1920x1080 for a picture)",
      "WxH" },
    { "replay", 0, 0, G_OPTION_ARG_FILENAME, &replay,
      "Show a past of the store, FROM/TO (times as for casa export, such as -3h/now), or the file of a recording", "PAST" },
    { "speed", 0, 0, G_OPTION_ARG_STRING, &speed, "Replay so many times as fast, 0.1 to 1440 (default 1)", "X" },
    { "loop", 0, 0, G_OPTION_ARG_NONE, &loop, "Replay from the beginning again at the end", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version and end", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };

  *self = (CasaOptions){ .after_ms = -1 };
  if (!parse_entries(entries, argc, argv, error))
    return FALSE;
  if (rest && rest[0])
    return usage_error(error, "%s: unexpected argument", rest[0]);
  return check(self, size, after, error) && check_replay(self, replay, speed, loop, error);
}

void
casa_options_clear(CasaOptions *self)
{
  g_free(self->config);
  g_free(self->broker);
  g_free(self->store);
  g_free(self->influx);
  g_free(self->language);
  g_free(self->theme);
  g_free(self->scene);
  g_free(self->check_scenes);
  g_free(self->state);
  g_free(self->talk);
  g_free(self->parachute);
  g_free(self->explore);
  g_free(self->diagnose);
  g_free(self->screenshot);
  casa_replay_options_clear(&self->past);
  *self = (CasaOptions){ 0 };
}
