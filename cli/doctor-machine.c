/* SPDX-License-Identifier: Apache-2.0 */
#include "doctor-machine.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#define LEAST_WIDTH 1280 /* what the scenes are laid out for; below it letters get small */
#define LEAST_HEIGHT 720
#define BATTERY_FAIL 20 /* per cent, without mains: less than half an hour */
#define BATTERY_WARN 80
#define MEMORY_FAIL_MIB 300 /* the wall has some 250 MB at 4K */
#define MEMORY_WARN_MIB 1024
#define EDID_BLOCK 128
#define EDID_NAME 0xfc /* type of the descriptor that holds the monitor's name (VESA E-EDID 1.4, 3.10.3) */

static void G_GNUC_PRINTF(5, 6) tell(CliSay say, gpointer data, CliVerdict verdict, const char *what, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  say(verdict, what, text, data);
}

/* The file's text without blanks at its ends; NULL: it cannot be read. (transfer full) */
static char *
read_word(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in @folder, by name; empty when it is not there. (transfer full) */
static GPtrArray *
names_in(const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name(dir)))
    g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare);
  return names;
}

/* --- Screens ------------------------------------------------------------------------------------------------------ */

/* As the screen calls itself; "" it does not say. (transfer full) */
static char *
screen_name(const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "edid", NULL);
  g_autofree char *edid = NULL;
  gsize len = 0;
  if (!g_file_get_contents(path, &edid, &len, NULL) || len < EDID_BLOCK)
    return g_strdup("");
  for (guint at = 54; at + 18 <= 126; at += 18) {
    const guchar *d = (const guchar *)edid + at;
    if (d[0] || d[1] || d[2] || d[3] != EDID_NAME)
      continue;
    char *name = g_strndup((const char *)d + 5, 13);
    for (char *c = name; *c; c++)
      *c = *c == '\n' ? ' ' : g_ascii_isprint(*c) ? *c : '?';
    return g_strstrip(name);
  }
  return g_strdup("");
}

/* One connector with something plugged in. TRUE: it is no part of the machine. */
static gboolean
tell_screen(const char *folder, const char *connector, CliSay say, gpointer data)
{
  g_autofree char *name = screen_name(folder), *modes = read_word(folder, "modes");
  unsigned width = 0, height = 0;
  gboolean own =
    g_str_has_prefix(connector, "eDP") || g_str_has_prefix(connector, "LVDS") || g_str_has_prefix(connector, "DSI");
  gboolean known = modes && sscanf(modes, "%ux%u", &width, &height) == 2;
  if (!known)
    tell(say, data, CLI_WARN, "screen",
         cli_said("%s %s says no resolution; try another cable, or another socket",
                  "%s %s ne dit pas sa résolution : essayez un autre câble ou une autre prise",
                  "%s %s لا يذكر دقته: جرّبوا كابلًا آخر أو مقبسًا آخر"),
         connector, name);
  else if (width < LEAST_WIDTH || height < LEAST_HEIGHT)
    tell(say, data, CLI_WARN, "screen",
         cli_said("%s %s has %ux%u: letters get small from the back rows; choose %dx%d or more on it",
                  "%s %s est en %ux%u : du fond de la salle les lettres sont petites ; choisissez %dx%d ou plus",
                  "%s %s بدقة %ux%u: الحروف صغيرة من آخر القاعة؛ اختاروا %dx%d أو أكثر"),
         connector, name, width, height, LEAST_WIDTH, LEAST_HEIGHT);
  else
    tell(say, data, CLI_PASS, "screen", "%s %s %ux%u%s", connector, name, width, height,
         own ? cli_said(", this machine's own", ", celui de cette machine", "، شاشة هذا الجهاز") : "");
  return !own;
}

static void
check_screens(const char *root, CliSay say, gpointer data)
{
  g_autofree char *folder = g_build_filename(root, "sys/class/drm", NULL);
  g_autoptr(GPtrArray) names = names_in(folder);
  guint n = 0, others = 0;
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i], *connector = strchr(name, '-'); /* "card0-HDMI-A-1" */
    g_autofree char *at = g_build_filename(folder, name, NULL), *status = read_word(at, "status");
    if (!connector || g_strcmp0(status, "connected") != 0)
      continue;
    n++;
    others += tell_screen(at, connector + 1, say, data);
  }
  if (n == 0)
    tell(say, data, CLI_WARN, "screen",
         cli_said("no screen is seen from here (%s): look yourself where the wall and the presenter are",
                  "aucun écran ne se voit d'ici (%s) : regardez vous-même où sont le mur et la vue du présentateur",
                  "لا تُرى شاشة من هنا (%s): انظروا بأنفسكم أين الجدار وأين نافذة المقدّم"),
         folder);
  else if (others == 0)
    tell(say, data, CLI_WARN, "screen",
         cli_said("only this machine's own screen: plug the projector in and choose \"extend\", not \"mirror\"",
                  "seulement l'écran de cette machine : branchez le projecteur et choisissez « étendre », non « dupliquer »",
                  "شاشة هذا الجهاز فقط: صِلوا جهاز العرض واختاروا «توسيع» لا «نسخ»"));
  else if (n == 1)
    tell(say, data, CLI_WARN, "screen",
         cli_said("one screen: the presenter's window (V twice) would stand before the hall",
                  "un seul écran : la fenêtre du présentateur (V deux fois) se tiendrait devant la salle",
                  "شاشة واحدة: نافذة المقدّم (V مرتين) تظهر أمام القاعة"));
}

/* --- Power, memory, network ---------------------------------------------------------------------------------------- */

typedef struct {
  gboolean mains;
  int battery; /* per cent of the emptiest; -1: none */
} Power;

static Power
read_power(const char *root)
{
  g_autofree char *folder = g_build_filename(root, "sys/class/power_supply", NULL);
  g_autoptr(GPtrArray) names = names_in(folder);
  Power power = { .battery = -1 };
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *at = g_build_filename(folder, names->pdata[i], NULL), *type = read_word(at, "type"),
                    *online = read_word(at, "online"), *capacity = read_word(at, "capacity"), *scope = read_word(at, "scope");
    if (g_strcmp0(scope, "Device") == 0) /* a mouse's */
      continue;
    if (g_strcmp0(type, "Battery") == 0 && capacity)
      power.battery = power.battery < 0 ? atoi(capacity) : MIN(power.battery, atoi(capacity));
    else if (online && atoi(online) > 0)
      power.mains = TRUE;
  }
  return power;
}

static void
check_power(const char *root, CliSay say, gpointer data)
{
  Power power = read_power(root);
  if (power.battery < 0)
    tell(say, data, CLI_PASS, "power",
         cli_said("no battery: on mains", "pas de batterie : sur le secteur", "لا بطارية: على الكهرباء"));
  else if (power.mains)
    tell(say, data, CLI_PASS, "power",
         cli_said("on mains, the battery at %d %%", "sur le secteur, la batterie à %d %%", "على الكهرباء، والبطارية عند %d %%"),
         power.battery);
  else
    tell(say, data,
         power.battery < BATTERY_FAIL   ? CLI_FAIL
         : power.battery < BATTERY_WARN ? CLI_WARN
                                        : CLI_PASS,
         "power",
         cli_said("on the battery, %d %%: plug it in; the wall is drawn sparingly meanwhile",
                  "sur la batterie, %d %% : branchez-la ; le mur se dessine avec économie en attendant",
                  "على البطارية، %d %%: صِلوها بالكهرباء؛ والجدار يُرسم باقتصاد إلى حينها"),
         power.battery);
}

static void
check_memory(const char *root, CliSay say, gpointer data)
{
  g_autofree char *folder = g_build_filename(root, "proc", NULL), *text = read_word(folder, "meminfo");
  const char *line = text ? strstr(text, "MemAvailable:") : NULL;
  unsigned long kib = 0;
  if (!line || sscanf(line, "MemAvailable: %lu kB", &kib) != 1) {
    tell(say, data, CLI_WARN, "memory",
         cli_said("not known: %s/meminfo does not say what is free", "inconnue : %s/meminfo ne dit pas ce qui est libre",
                  "غير معروفة: %s/meminfo لا يذكر المتاح"),
         folder);
    return;
  }
  CliVerdict verdict = kib >> 10 < MEMORY_FAIL_MIB ? CLI_FAIL : kib >> 10 < MEMORY_WARN_MIB ? CLI_WARN : CLI_PASS;
  tell(say, data, verdict, "memory", cli_said("%lu MiB free%s", "%lu Mio libres%s", "%lu MiB متاحة%s"), kib >> 10,
       verdict == CLI_PASS ? ""
                           : cli_said(": end browsers and what else is large", " : fermez les navigateurs et ce qui est gros",
                                      ": أغلقوا المتصفحات وما هو كبير"));
}

/* A route to everywhere means a network; what is behind it, check_portal() asks. */
static void
check_network(const char *root, CliSay say, gpointer data)
{
  g_autofree char *folder = g_build_filename(root, "proc/net", NULL), *text = read_word(folder, "route");
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (guint i = 1; lines[0] && lines[i]; i++) {
    char name[32];
    unsigned long to, gateway, flags;
    if (sscanf(lines[i], "%31s %lx %lx %lx", name, &to, &gateway, &flags) == 4 && to == 0 && (flags & 1)) {
      tell(say, data, CLI_PASS, "network", cli_said("%s leads out", "%s mène dehors", "%s يصل إلى الخارج"), name);
      return;
    }
  }
  tell(
    say, data, CLI_WARN, "network",
    cli_said(
      "no way out of this machine: enough for ./demo alone; for kits and teams join the hall's network",
      "rien ne mène hors de cette machine : assez pour ./demo seul ; pour les kits et les équipes, rejoignez le réseau de la salle",
      "لا طريق إلى خارج هذا الجهاز: يكفي لـ ./demo وحده؛ وللفرق وأجهزتها انضموا إلى شبكة القاعة"));
}

void
cli_doctor_machine(const char *root, CliSay say, gpointer data)
{
  check_screens(root, say, data);
  check_power(root, say, data);
  check_memory(root, say, data);
  check_network(root, say, data);
}

void
cli_doctor_time(CliSay say, gpointer data)
{
  struct timex state = { 0 };
  int kept = adjtimex(&state);
  if (kept >= 0 && kept != TIME_ERROR && !(state.status & STA_UNSYNC))
    tell(say, data, CLI_PASS, "time",
         cli_said("a time server keeps the clock", "un serveur de temps tient l'horloge", "خادم للوقت يضبط الساعة"));
  else
    tell(say, data, CLI_WARN, "time",
         cli_said("no time server keeps the clock: compare it with a watch (timedatectl set-ntp true mends it)",
                  "aucun serveur de temps ne tient l'horloge : comparez-la à une montre (timedatectl set-ntp true y remédie)",
                  "لا خادم يضبط الساعة: قارنوها بساعة يد (timedatectl set-ntp true يصلح ذلك)"));
}
