/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"
#include "doctor-config.h"
#include "doctor-machine.h"
#include "doctor-store.h"

#include "base/clock.h"
#include "casa-build.h"
#include "base/identity.h"
#include "city/city-zone.h"
#include "city/city.h"
#include "city/metrics.h"
#include "forward/influx-trial.h"
#include "source/mqtt/mqtt-source.h"
#include "store/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const CliCommand command = {
  .name = "doctor",
  .summary = "Checks everything before the curtain rises: a line each, pass, warn or fail, and the fix.",
  .details =
    "The store is only looked at, and the broker keeps no session. InfluxDB gets, and must give back, one test sample\n"
    "(measurement casa_pulse), as before any forwarding; where its database is missing, it is created.\n"
    "Exit status: 0 no fail, 1 something fails, 2 the configuration is wrong.",
};

/* A day of 1,500 series at a reading a second is 130 M samples of 26 bytes. */
#define DISK_WARN_MIB 4096
#define DISK_FAIL_MIB 200
/* How long others may take to answer. */
typedef struct {
  guint broker_s, listen_s;
  guint influx_ms; /* VictoriaMetrics shows new points after a second or two */
} Patience;
static const Patience USUAL = { 8, 3, 10000 }, BEFORE_THE_CURTAIN = { 3, 1, 3000 }; /* the second: ten seconds for everything */
#define LIVE_S 2 /* within which something new must come in */

typedef struct {
  const CasaConfig *config;
  const Patience *patience;
  guint fails, warns;
} Doctor;

static void G_GNUC_PRINTF(4, 5) say(Doctor *self, CliVerdict verdict, const char *what, const char *format, ...)
{
  static const char *const words[] = { "pass", "warn", "fail" };
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  printf("%s  %-7s  %s\n", words[verdict], what, text);
  fflush(stdout);
  self->fails += verdict == CLI_FAIL;
  self->warns += verdict == CLI_WARN;
}

/* --- Clock ------------------------------------------------------------------------------------------------------- */

static void
check_clock(Doctor *self)
{
  CasaZoneData data = casa_city_zone_data();
  if (data == CASA_ZONE_DATA_MISSING)
    say(
      self, CLI_WARN, "clock",
      cli_said(
        "no zone data for Africa/Casablanca: local times of past Ramadans are an hour off; install the "
        "package tzdata",
        "pas de données de fuseau pour Africa/Casablanca : les heures locales des ramadans passés sont décalées d'une heure ; "
        "installez le paquet tzdata",
        "لا بيانات لمنطقة Africa/Casablanca: الأوقات المحلية في رمضان الماضي مزاحة ساعة؛ ثبّتوا الحزمة tzdata"));
  else if (data == CASA_ZONE_DATA_OUTDATED)
    say(
      self, CLI_WARN, "clock",
      cli_said(
        "zone data from before September 2026: Casa Pulse goes by UTC+0, this machine's other clocks are "
        "an hour ahead; update the package tzdata (2026c or newer)",
        "données de fuseau d'avant septembre 2026 : Casa Pulse suit UTC+0, les autres horloges de cette machine ont une heure "
        "d'avance ; mettez à jour le paquet tzdata (2026c ou plus récent)",
        "بيانات المنطقة أقدم من شتنبر 2026: يتبع Casa Pulse توقيت UTC+0، وساعات هذا الجهاز الأخرى متقدمة ساعة؛ حدّثوا الحزمة "
        "tzdata ‏(2026c أو أحدث)"));
  else
    say(self, CLI_PASS, "clock",
        cli_said("zone data know Morocco's clock of today", "les données de fuseau connaissent l'heure du Maroc d'aujourd'hui",
                 "بيانات المنطقة تعرف ساعة المغرب اليوم"));
}

/* --- Store ------------------------------------------------------------------------------------------------------- */

/* The folder of the store, or the nearest one above that exists: what is missing is made at start. */
static char *
existing_folder(const char *path)
{
  char *dir = g_path_get_dirname(path);
  while (!g_file_test(dir, G_FILE_TEST_EXISTS) && strcmp(dir, "/") != 0 && strcmp(dir, ".") != 0) {
    char *up = g_path_get_dirname(dir);
    g_free(dir);
    dir = up;
  }
  return dir;
}

static void
check_disk(Doctor *self, const char *dir)
{
  struct statvfs fs;
  if (statvfs(dir, &fs) != 0) {
    say(self, CLI_FAIL, "disk", "%s: %s", dir, g_strerror(errno));
    return;
  }
  guint64 mib = (guint64)fs.f_bavail * fs.f_frsize >> 20;
  CliVerdict verdict = mib < DISK_FAIL_MIB ? CLI_FAIL : mib < DISK_WARN_MIB ? CLI_WARN : CLI_PASS;
  say(self, verdict, "disk",
      cli_said("%" G_GUINT64_FORMAT " MiB free in %s%s", "%" G_GUINT64_FORMAT " Mio libres dans %s%s",
               "%" G_GUINT64_FORMAT " MiB متاحة في %s%s"),
      mib, dir,
      verdict == CLI_PASS ? ""
                          : cli_said("; free some, or choose another place with --store",
                                     " ; libérez-en, ou choisissez un autre endroit avec --store",
                                     "؛ أفرغوا بعضها أو اختاروا مكانًا آخر بـ --store"));
}

/* What the store remembers of the last hour. */
static void
tell_senders(Doctor *self, CasaReader *reader)
{
  gint64 now_ms = casa_clock_now_ms();
  g_autoptr(GError) error = NULL;
  g_autofree char *fault = cli_doctor_clock(reader, now_ms);
  if (fault)
    say(self, CLI_WARN, "clock", "%s", fault);
  g_autoptr(GPtrArray) refusals = reader ? cli_doctor_refusals(self->config, reader, now_ms, &error) : NULL;
  for (guint i = 0; refusals && i < refusals->len; i++)
    say(self, CLI_WARN, "senders", "%s", (const char *)refusals->pdata[i]);
  if (error)
    say(self, CLI_FAIL, "senders", "%s", error->message);
  else if (refusals && refusals->len == 0)
    say(self, CLI_PASS, "senders",
        cli_said("nothing was refused within the last hour", "rien n'a été refusé depuis une heure",
                 "لم يُرفض شيء خلال الساعة الأخيرة"));
  g_autofree char *dropped = reader ? cli_doctor_dropped(reader, now_ms) : NULL;
  if (dropped)
    say(self, CLI_WARN, "gaps", "%s", dropped);
}

static gboolean
is_in_use(const char *path)
{
  g_autofree char *lock = g_strconcat(path, ".lock", NULL);
  int fd = g_open(lock, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  gboolean busy = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(fd);
  return busy;
}

static void
check_store(Doctor *self)
{
  const char *path = self->config->store_path;
  g_autofree char *dir = existing_folder(path);
  gboolean exists = g_file_test(path, G_FILE_TEST_EXISTS);
  check_disk(self, dir);
  if (g_access(dir, W_OK | X_OK) != 0 || (exists && g_access(path, W_OK) != 0)) {
    say(self, CLI_FAIL, "store",
        cli_said("%s cannot be written: %s; mend the rights or choose another with --store",
                 "%s ne peut être écrit : %s ; corrigez les droits ou choisissez-en un autre avec --store",
                 "تتعذر الكتابة في %s: %s؛ أصلحوا الصلاحيات أو اختاروا غيره بـ --store"),
        path, g_strerror(errno));
    return;
  }
  if (!exists) {
    say(self, CLI_PASS, "store", cli_said("%s will be made", "%s sera créé", "سيُنشأ %s"), path);
    tell_senders(self, NULL);
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaReader) reader = casa_reader_open(path, &error);
  if (!reader)
    say(self, CLI_FAIL, "store",
        cli_said("%s; a damaged store is set aside at start, never deleted",
                 "%s ; une base abîmée est mise de côté au démarrage, jamais effacée",
                 "%s؛ القاعدة التالفة تُنحّى عند البدء ولا تُحذف أبدًا"),
        error->message);
  else if (is_in_use(path))
    say(self, CLI_PASS, "store",
        cli_said("%s is being written by a running casa-pulse or casa record",
                 "%s est écrit par un casa-pulse ou casa record en marche",
                 "يكتب فيه الآن casa-pulse أو casa record:‏ %s"),
        path);
  else
    say(self, CLI_PASS, "store",
        cli_said("%s can be read and written", "%s peut être lu et écrit", "القراءة والكتابة ممكنتان: %s"), path);
  tell_senders(self, reader);
}

/* --- Broker ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const Patience *patience;
  GMutex lock;
  GCond changed;
  CasaLink link;  /* guarded by lock */
  guint messages; /* guarded by lock */
} Listening;

static gboolean
message_cb(const CasaMessage *message, gpointer data)
{
  Listening *l = data;
  g_mutex_lock(&l->lock);
  l->messages++;
  g_cond_signal(&l->changed);
  g_mutex_unlock(&l->lock);
  return TRUE;
}

static void
link_cb(const CasaLink *link, gpointer data)
{
  Listening *l = data;
  g_mutex_lock(&l->lock);
  l->link = *link;
  g_cond_signal(&l->changed);
  g_mutex_unlock(&l->lock);
}

/* Until the broker said yes or no; then until something arrives. */
static void
listen_to(Listening *l)
{
  gint64 until_us = g_get_monotonic_time() + l->patience->broker_s * G_USEC_PER_SEC;
  g_mutex_lock(&l->lock);
  while (l->link.state != CASA_LINK_UP && l->link.state != CASA_LINK_REFUSED &&
         g_cond_wait_until(&l->changed, &l->lock, until_us))
    ;
  until_us = g_get_monotonic_time() + l->patience->listen_s * G_USEC_PER_SEC;
  while (l->link.state == CASA_LINK_UP && !l->link.session_waits && l->messages == 0 &&
         g_cond_wait_until(&l->changed, &l->lock, until_us))
    ;
  g_mutex_unlock(&l->lock);
}

/* A recorder that ran beside the wall and was stopped: the broker keeps everything for it, too, and writes that to disk again
 * and again. Of the wall's own session it is known what it is for. */
static void
tell_hoarder(Doctor *self)
{
  const CasaConfig *config = self->config;
  g_autofree char *host = NULL;
  guint16 port = 0;
  if (g_strcmp0(config->broker_user, config->record_user) != 0 ||
      !casa_broker_url_parse(config->broker_url, NULL, NULL, &host, &port, NULL))
    return;
  say(
    self, CLI_WARN, "queue",
    cli_said(
      "nobody runs as user \"%s\", and the broker keeps every message for it meanwhile; start casa record, let it end by itself "
      "([record] session_expiry in pulse.conf), or throw it away: mosquitto_sub -h %s -p %u -u %s -P PASSWORD -E -t %s/#",
      "personne ne tourne comme « %s », et le broker garde chaque message pour lui ; lancez casa record, laissez la session "
      "finir d'elle-même ([record] session_expiry dans pulse.conf), ou jetez-la : mosquitto_sub -h %s -p %u -u %s -P PASSWORD -E -t %s/#",
      "لا أحد يعمل باسم «%s»، والوسيط يحتفظ له بكل رسالة؛ شغّلوا casa record، أو دعوا الجلسة تنتهي "
      "([record] session_expiry في pulse.conf)، أو ارموها: mosquitto_sub -h %s -p %u -u %s -P PASSWORD -E -t %s/#"),
    config->broker_user, host, port, config->broker_user, config->root);
}

static void
tell_broker(Doctor *self, const Listening *l)
{
  const CasaConfig *config = self->config;
  g_autofree char *fault = casa_fault_text(&l->link.fault);
  if (l->link.state != CASA_LINK_UP)
    say(self, CLI_FAIL, "broker",
        cli_said("%s (or name another with --broker)", "%s (ou nommez-en un autre avec --broker)",
                 "%s (أو سمّوا غيره بـ --broker)"),
        fault[0] ? fault : cli_said("no answer", "pas de réponse", "لا جواب"));
  else if (l->link.session_waits)
    say(self, CLI_PASS, "broker",
        cli_said(
          "%s answers and lets user \"%s\" in; a session waits there for casa-pulse or casa record, and was "
          "left as it is",
          "%s répond et laisse entrer « %s » ; une session y attend casa-pulse ou casa record, et a été laissée telle quelle",
          "%s يجيب ويُدخل «%s»؛ جلسة تنتظر هناك casa-pulse أو casa record، وتُركت كما هي"),
        config->broker_url, config->broker_user);
  else if (l->messages == 0)
    say(self, CLI_WARN, "broker",
        cli_said("%s answers and takes the subscription to %s/#, but nothing came in %u s; start casa-sim",
                 "%s répond et accepte l'abonnement à %s/#, mais rien n'est venu en %u s ; lancez casa-sim",
                 "%s يجيب ويقبل الاشتراك في %s/#، لكن لم يصل شيء خلال %u ث؛ شغّلوا casa-sim"),
        config->broker_url, config->root, l->patience->listen_s);
  else
    say(self, CLI_PASS, "broker",
        cli_said("%s answers, and messages arrive below %s", "%s répond, et des messages arrivent sous %s",
                 "%s يجيب، والرسائل تصل تحت %s"),
        config->broker_url, config->root);
  if (l->link.state == CASA_LINK_UP && l->link.session_waits)
    tell_hoarder(self);
}

/* Where the user is the client id, whoever connects as it takes the session of the program that does so otherwise, and with
 * a clean one of its own would throw away what waits there. So only its name is asked for, and nothing is taken. */
static void
ask_broker(Doctor *self, gboolean peek)
{
  const CasaConfig *config = self->config;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) filters = casa_mqtt_filters(config->root, NULL, NULL);
  g_autofree char *client_id = g_strdup_printf("casa-doctor-%08x", g_random_int());
  Listening l = { .patience = self->patience, .link.state = CASA_LINK_OFF };
  CasaMqttOptions options = casa_mqtt_options_of(config);
  options.user = config->broker_user;
  options.password = config->broker_password;
  options.client_id = client_id;
  options.filters = (const char *const *)filters;
  options.session_expiry_s = (guint)(config->session_expiry_ms / 1000);
  options.clean_session = !peek;
  options.peek = peek;
  options.receiver = (CasaReceiver){ message_cb, link_cb, &l };
  g_mutex_init(&l.lock);
  g_cond_init(&l.changed);
  CasaSource *source = casa_mqtt_source_new(&options, &error);
  if (source && casa_source_start(source, &error)) {
    listen_to(&l);
    casa_source_stop(source, 2000);
    tell_broker(self, &l);
  } else {
    say(self, CLI_FAIL, "broker", "%s", error->message);
  }
  casa_source_free(source);
  g_mutex_clear(&l.lock);
  g_cond_clear(&l.changed);
}

static void
check_broker(Doctor *self)
{
  g_autoptr(GError) error = NULL;
  gboolean peek = self->config->broker_user && self->config->user_is_client_id;
  CasaIdentity *identity = peek ? casa_identity_take(self->config, &error) : NULL;
  if (!error)
    ask_broker(self, peek);
  else
    say(self, CLI_WARN, "broker", cli_said("not asked: %s", "pas interrogé : %s", "لم يُسأل: %s"), error->message);
  casa_identity_release(identity);
}

/* --- Influx ------------------------------------------------------------------------------------------------------ */

static void
tell_influx(Doctor *self, CasaInflux *influx, gboolean unread)
{
  const char *name = casa_influx_name(influx);
  if (unread)
    say(self, CLI_WARN, "influx",
        cli_said(
          "%s took a test sample, but what it keeps cannot be read there; look yourself, or give the token "
          "or user the right to read",
          "%s a pris une mesure d'essai, mais ce qu'il garde ne peut y être lu ; regardez vous-même, ou donnez au jeton ou à "
          "l'utilisateur le droit de lire",
          "أخذ %s قياسًا تجريبيًا، لكن ما يحتفظ به لا يُقرأ؛ انظروا بأنفسكم أو امنحوا الرمز أو المستخدم حق القراءة"),
        name);
  else if (casa_influx_is_doubling(influx))
    say(self, CLI_WARN, "influx",
        cli_said("%s keeps twice what is sent twice, as after a lost reply; start it with "
                 "-dedup.minScrapeInterval=1ms",
                 "%s garde deux fois ce qui est envoyé deux fois, comme après une réponse perdue ; lancez-le avec "
                 "-dedup.minScrapeInterval=1ms",
                 "يحفظ %s مرتين ما أُرسل مرتين، كما بعد جواب ضائع؛ شغّلوه بـ -dedup.minScrapeInterval=1ms"),
        name);
  else
    say(self, CLI_PASS, "influx",
        cli_said("%s took a test sample and gives it back", "%s a pris une mesure d'essai et la rend",
                 "أخذ %s قياسًا تجريبيًا ويعيده"),
        name);
}

/* As the forwarder does before it trusts a server. */
static void
try_influx(Doctor *self, CasaInflux *influx)
{
  CasaInfluxTrial trial = { .within_ms = self->patience->influx_ms };
  g_autoptr(GError) error = NULL;
  gboolean unread;
  guint retry_ms = 0;
  CasaWriteResult result = casa_influx_try(influx, &trial, &unread, &retry_ms, &error);
  if (result == CASA_WRITE_OK)
    tell_influx(self, influx, unread);
  else
    say(self, result == CASA_WRITE_RETRY ? CLI_WARN : CLI_FAIL, "influx",
        cli_said("%s; samples wait in the store meanwhile", "%s ; les mesures attendent dans la base",
                 "%s؛ القياسات تنتظر في القاعدة"),
        error->message);
}

static void
check_influx(Doctor *self)
{
  const CasaConfig *config = self->config;
  g_autoptr(GError) error = NULL;
  if (!config->influx_url) {
    say(self, CLI_PASS, "influx",
        cli_said("not configured: nothing is copied to InfluxDB", "pas configuré : rien n'est copié vers InfluxDB",
                 "غير مضبوط: لا يُنسخ شيء إلى InfluxDB"));
    return;
  }
  g_autoptr(CasaInflux) influx =
    casa_influx_new(config->influx_url, config->influx_token, config->influx_user, config->influx_password, &error);
  if (influx)
    try_influx(self, influx);
  else
    say(self, CLI_FAIL, "influx", "%s", error->message);
}

/* --- The stage ---------------------------------------------------------------------------------------------------- */

/* Whether new samples come into a store that somebody writes: the simulator runs, or sensors do. */
static void
check_live(Doctor *self)
{
  g_autoptr(CasaReader) reader = is_in_use(self->config->store_path) ? casa_reader_open(self->config->store_path, NULL) : NULL;
  gint64 before_ms = cli_doctor_newest(reader), until_us = g_get_monotonic_time() + LIVE_S * G_USEC_PER_SEC;
  if (!reader) {
    say(self, CLI_WARN, "live",
        cli_said("nobody writes the store: start ./demo --stage, or casa-pulse, before the hall comes in",
                 "personne n'écrit la base : lancez ./demo --stage, ou casa-pulse, avant que la salle n'entre",
                 "لا أحد يكتب في القاعدة: شغّلوا ./demo --stage أو casa-pulse قبل دخول القاعة"));
    return;
  }
  while (cli_doctor_newest(reader) == before_ms && g_get_monotonic_time() < until_us)
    g_usleep(100000);
  if (cli_doctor_newest(reader) != before_ms)
    say(self, CLI_PASS, "live", cli_said("new values come in", "de nouvelles valeurs arrivent", "تصل قيم جديدة"));
  else
    say(self, CLI_WARN, "live",
        cli_said("nothing new came in %d s: is the simulator running, are the sensors?",
                 "rien de nouveau en %d s : le simulateur tourne-t-il, et les capteurs ?",
                 "لا جديد منذ %d ث: هل يعمل المحاكي والمستشعرات؟"),
        LIVE_S);
}

static void
say_cb(CliVerdict verdict, const char *what, const char *text, gpointer data)
{
  say(data, verdict, what, "%s", text);
}

static void
check_stage(Doctor *self)
{
  cli_doctor_machine("/", say_cb, self);
  cli_doctor_time(say_cb, self);
  cli_doctor_desktop(say_cb, self);
  check_live(self);
}

static void
conclude(Doctor *self, gint64 began_us)
{
  double s = (double)(g_get_monotonic_time() - began_us) / G_USEC_PER_SEC;
  if (self->fails)
    say(self, CLI_FAIL, "curtain",
        cli_said("%u to mend first, and %u to look at (%.1f s)", "%u à réparer d'abord, et %u à regarder (%.1f s)",
                 "%u للإصلاح أولًا، و%u للنظر (%.1f ث)"),
        self->fails, self->warns, s);
  else if (self->warns)
    say(self, CLI_WARN, "curtain",
        cli_said("may rise; %u to look at (%.1f s)", "peut se lever ; %u à regarder (%.1f s)", "يمكن رفعها؛ %u للنظر (%.1f ث)"),
        self->warns, s);
  else
    say(self, CLI_PASS, "curtain", cli_said("may rise (%.1f s)", "peut se lever (%.1f s)", "يمكن رفعها (%.1f ث)"), s);
}

/* --- All of it --------------------------------------------------------------------------------------------------- */

/* Which program this is, and the wall beside it: two installations on one machine are told apart. */
static void
check_version(Doctor *self)
{
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname(program) : g_strdup("?");
  g_autofree char *wall = g_build_filename(folder, "casa-pulse", NULL);
  say(self, CLI_PASS, "version", "casa %s, %s%s", CASA_VERSION, program ? program : "?",
      g_file_test(wall, G_FILE_TEST_IS_EXECUTABLE)
        ? cli_said("; casa-pulse beside it", " ; casa-pulse à côté", "؛ وcasa-pulse بجانبه")
        : "");
}

static void
check_all(Doctor *self)
{
  check_version(self);
  cli_doctor_config(self->config, say_cb, self);
  check_clock(self);
  check_store(self);
  check_broker(self);
  check_influx(self);
}

int
cli_doctor(int argc, char **argv)
{
  gboolean stage = FALSE;
  const GOptionEntry own[] = { { "stage", 0, 0, G_OPTION_ARG_NONE, &stage,
                                 "Also the machine: screens, power, fonts, idle lock …; within ten seconds", NULL },
                               G_OPTION_ENTRY_NULL };
  g_autoptr(CasaConfig) config = NULL;
  gint64 began_us = g_get_monotonic_time();
  Doctor self = { 0 };
  int status;
  if (!cli_parse(&command, own, &argc, &argv, &config, &status))
    return status;
  if (argc > 1)
    return cli_usage(&command, "unexpected argument \"%s\"", argv[1]);
  casa_config_be_recorder(config);
  self.config = config;
  self.patience = stage ? &BEFORE_THE_CURTAIN : &USUAL;
  check_all(&self);
  if (stage) {
    check_stage(&self);
    conclude(&self, began_us);
  }
  return cli_finish_stdout(&command, self.fails ? CLI_FAILED : CLI_OK);
}
