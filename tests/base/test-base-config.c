/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/error.h"
#include "casa-build.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *dir;
} Fixture;

static void
setup(Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp("casa-config-XXXXXX", NULL);
  g_assert_nonnull(f->dir);
}

static void
write_file(const Fixture *f, const char *name, const char *text, int mode)
{
  g_autofree char *path = g_build_filename(f->dir, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
teardown(Fixture *f, gconstpointer data)
{
  g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(f->dir, name, NULL);
    g_unlink(path);
  }
  g_assert_cmpint(g_rmdir(f->dir), ==, 0);
  g_free(f->dir);
}

static CasaConfig *
load(const Fixture *f, const char *text, GError **error)
{
  g_autofree char *store = g_build_filename(f->dir, "pulse.db", NULL);
  if (text)
    write_file(f, "pulse.conf", text, 0644);
  return casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .store = store }, error);
}

static void
check_defaults(const CasaConfig *c)
{
  g_assert_cmpstr(c->broker_url, ==, "mqtt://127.0.0.1:1883");
  g_assert_null(c->broker_user);
  g_assert_null(c->broker_password);
  g_assert_null(c->influx_url);
  g_assert_cmpstr(c->root, ==, "casa/v1");
  g_assert_cmpuint(c->keepalive_s, ==, 5);
  g_assert_cmpuint(c->mqtt_version, ==, 0);
  g_assert_cmpint(c->session_expiry_ms, ==, 0);
  g_assert_null(c->share);
  g_assert_true(c->user_is_client_id);
  g_assert_null(c->record_user);
  g_assert_cmpint(c->record_expiry_ms, ==, -1);
  g_assert_null(c->filters);
  g_assert_cmpint(c->retention_ms, ==, G_GINT64_CONSTANT(90) * 86400000);
  g_assert_cmpint(c->max_size, ==, 0);
  g_assert_false(c->power_safe);
  g_assert_cmpuint(c->max_payload, ==, 16384);
  g_assert_cmpuint(c->max_depth, ==, 8);
  g_assert_cmpuint(c->max_fields, ==, 64);
  g_assert_cmpuint(c->max_series, ==, 200000);
  g_assert_cmpint(c->future_ms, ==, 600000);
  g_assert_cmpuint(casa_config_quota(c, "equipe-1")->messages, ==, 5000);
  g_assert_cmpuint(casa_config_quota(c, "equipe-1")->burst, ==, 200000);
  g_assert_cmpuint(casa_config_quota(c, "equipe-1")->bytes, ==, 4000000);
  g_assert_cmpuint(casa_config_quota(c, "equipe-1")->series, ==, 5000);
  g_assert_cmpuint(casa_config_quota(c, "city")->messages, ==, 0);
  g_assert_cmpuint(casa_config_quota(c, "city")->series, ==, 0);
  g_assert_cmpstr(c->language, ==, "fr");
  g_assert_cmpstr(c->theme, ==, "dark");
}

static void
defaults(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaConfig) c = load(f, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(c->dir, ==, f->dir);
  check_defaults(c);
  casa_config_free(NULL);
}

/* The shipped file says what the defaults are: take every '#' before a key away, and nothing may change. */
static void
shipped_file_tells_the_defaults(Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(g_file_get_contents(CASA_SOURCE_ROOT "/config/pulse.conf", &text, NULL, NULL));
  g_autoptr(GRegex) commented = g_regex_new("^#([a-z_]+ =)", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *bare = g_regex_replace(commented, text, -1, 0, "\\1", 0, NULL);
  g_assert_cmpstr(bare, !=, text);
  g_autoptr(CasaConfig) c = load(f, bare, &error);
  g_assert_no_error(error);
  check_defaults(c);

  g_autoptr(CasaConfig) as_shipped = load(f, text, &error);
  g_assert_no_error(error);
  check_defaults(as_shipped);
}

/* A key that lost its meaning is no reason not to start; what to do about it is said, with the place. */
static void
unused_key(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_test_expect_message(NULL, G_LOG_LEVEL_MESSAGE,
                        "*pulse.conf:3: ?store? rollup_retention: has no effect any more*take it out");
  g_autoptr(CasaConfig) c = load(f, "[store]\nretention=7d\nrollup_retention=whatever\n", &error);
  g_test_assert_expected_messages();
  g_assert_no_error(error);
  g_assert_cmpint(c->retention_ms, ==, 7 * 86400000);
}

static void
every_key(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  write_file(f, "secret", "pa ss=wörd\n", 0600);
  g_autoptr(CasaConfig) c = load(f,
                                 "[broker]\nurl=mqtts://hall.example:8884\nuser=pulse\npassword_file=secret\n"
                                 "ca_file=/etc/ca.pem\nclient_id=wall-7\nroot=city/v2\nkeepalive=9\n"
                                 "mqtt_version=5\nsession_expiry=2h\nshare=hall\nfilters=city/mobility/#;+/$station/+\n"
                                 "[store]\nretention=7d\nrollup_retention=400d\nmax_size=1.5 GB\npower_safe=true\n"
                                 "[influx]\nurl=http://h:8086/?db=casa\nuser=u\npassword_file=secret\ntoken_file=secret\n"
                                 "[limits]\nmax_payload=100\nmax_depth=3\nmax_fields=4\nmax_series=5\nfuture=1min\n"
                                 "[ui]\nlanguage=ar\ntheme=contrast\n",
                                 &error);
  g_assert_no_error(error);
  g_assert_cmpstr(c->broker_url, ==, "mqtts://hall.example:8884");
  g_assert_cmpstr(c->broker_user, ==, "pulse");
  g_assert_cmpstr(c->broker_password, ==, "pa ss=wörd");
  g_assert_cmpstr(c->broker_ca_file, ==, "/etc/ca.pem");
  g_assert_cmpstr(c->client_id, ==, "wall-7");
  g_assert_cmpstr(c->root, ==, "city/v2");
  g_assert_cmpuint(c->keepalive_s, ==, 9);
  g_assert_cmpuint(c->mqtt_version, ==, 5);
  g_assert_cmpint(c->session_expiry_ms, ==, 2 * 3600000);
  g_assert_cmpstr(c->share, ==, "hall");
  g_assert_cmpuint(g_strv_length(c->filters), ==, 2);
  g_assert_cmpstr(c->filters[1], ==, "+/$station/+");
  g_assert_cmpint(c->retention_ms, ==, 7 * 86400000);
  g_assert_cmpint(c->max_size, ==, 1500000000);
  g_assert_true(c->power_safe);
  g_assert_cmpstr(c->influx_url, ==, "http://h:8086/?db=casa");
  g_assert_cmpstr(c->influx_token, ==, "pa ss=wörd");
  g_assert_cmpstr(c->influx_password, ==, "pa ss=wörd");
  g_assert_cmpuint(c->max_depth, ==, 3);
  g_assert_cmpint(c->future_ms, ==, 60000);
  g_assert_cmpstr(c->language, ==, "ar");
  g_assert_cmpstr(c->theme, ==, "contrast");
}

/* casa record is somebody else, unless the command line says who. */
static void
recorder(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  static const char text[] = "[broker]\nuser=pulse\npassword_file=secret\nsession_expiry=9h\n"
                             "[record]\nuser=record\npassword_file=other\nsession_expiry=2h\n";
  g_autofree char *store = g_build_filename(f->dir, "pulse.db", NULL);
  write_file(f, "secret", "one\n", 0600);
  write_file(f, "other", "two\n", 0600);
  g_autoptr(CasaConfig) c = load(f, text, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(c->broker_user, ==, "pulse");
  g_assert_cmpint(c->session_expiry_ms, ==, 9 * 3600000);
  casa_config_be_recorder(c);
  g_assert_cmpint(c->session_expiry_ms, ==, 2 * 3600000);
  g_assert_cmpstr(c->broker_user, ==, "record");
  g_assert_cmpstr(c->broker_password, ==, "two");
  g_autoptr(CasaConfig) named =
    casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .broker = "mqtt://eve@b", .store = store }, &error);
  g_assert_no_error(error);
  casa_config_be_recorder(named);
  g_assert_cmpstr(named->broker_user, ==, "eve");
  g_assert_null(named->broker_password); /* pulse's is not shown to eve's broker */
}

static void
quotas(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaConfig) c = load(f,
                                 "[quota equipe-7]\nmessages=0\n[quota]\nmessages=10\nburst=20\n"
                                 "[quota city]\nmessages=9\n[quota equipe-8]\nburst=5\nbytes=6\nseries=7\n",
                                 &error);
  g_assert_no_error(error);
  g_assert_cmpuint(casa_config_quota(c, "other")->messages, ==, 10);
  g_assert_cmpuint(casa_config_quota(c, "other")->bytes, ==, 4000000);
  g_assert_cmpuint(casa_config_quota(c, "equipe-7")->messages, ==, 0);
  g_assert_cmpuint(casa_config_quota(c, "equipe-7")->burst, ==, 20); /* wherever [quota] stands */
  g_assert_cmpuint(casa_config_quota(c, "equipe-8")->messages, ==, 10);
  g_assert_cmpuint(casa_config_quota(c, "equipe-8")->burst, ==, 5);
  g_assert_cmpuint(casa_config_quota(c, "equipe-8")->series, ==, 7);
  g_assert_cmpuint(casa_config_quota(c, "city")->messages, ==, 9);
  g_assert_cmpuint(casa_config_quota(c, "city")->bytes, ==, 0);
}

static void
overrides_win(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *store = g_build_filename(f->dir, "other.db", NULL);
  write_file(f, "pulse.conf", "[broker]\nuser=pulse\nurl=mqtt://a\n[store]\npath=b.db\n[influx]\nurl=http://c/?db=d\n", 0644);
  g_autoptr(CasaConfig) c =
    casa_config_load(&(CasaConfigOverrides){ f->dir, "mqtt://eve@b:99", store, "http://e/?db=f" }, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(c->broker_url, ==, "mqtt://eve@b:99");
  g_assert_cmpstr(c->broker_user, ==, "eve");
  g_assert_cmpstr(c->store_path, ==, store);
  g_assert_cmpstr(c->influx_url, ==, "http://e/?db=f");

  g_autoptr(CasaConfig) kept = casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .broker = "mqtt://b" }, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(kept->broker_user, ==, "pulse");
  g_autofree char *beside = g_build_filename(f->dir, "b.db", NULL);
  g_assert_cmpstr(kept->store_path, ==, beside);

  g_assert_null(casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .broker = "localhost" }, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, "--broker"));
}

static void
complaints(Fixture *f, gconstpointer data)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
    { "[broker]\nurl=mqtt://ok\nkeepalive=soon\n", "pulse.conf:3: [broker] keepalive: \"soon\" is not a whole number" },
    { "[broker]\nurl=localhost:1883\n", "pulse.conf:2: [broker] url: " },
    { "[broker]\nhost=x\n", "pulse.conf:2: [broker] host: unknown key; known here: url, user" },
    { "[brokre]\n", "pulse.conf:1: [brokre]: unknown group; known here: broker" },
    { "[broker]\nroot=/casa/#\n", "pulse.conf:2: [broker] root: " },
    { "[broker]\npassword_file=nowhere\n", "pulse.conf:2: [broker] password_file: " },
    { "[broker]\nmqtt_version=4\n", "pulse.conf:2: [broker] mqtt_version: \"4\" is not one of: auto, 5, 3.1.1" },
    { "[broker]\nfilters=a/#/b\n", "pulse.conf:2: [broker] filters: \"a/#/b\" has levels after #" },
    { "[broker]\nfilters=a;b+/c\n", "pulse.conf:2: [broker] filters: \"b+/c\" has a + or # that" },
    { "[broker]\nfilters=/a\n", "pulse.conf:2: [broker] filters: \"/a\" is no topic filter below the root" },
    { "[broker]\nshare=a/b\n", "pulse.conf:2: [broker] share: \"a/b\" is no name of a share" },
    { "[broker]\nmqtt_version=3.1.1\nshare=a\n", "pulse.conf:3: [broker] share: a share needs MQTT 5" },
    { "[record]\npassword_file=x\n", "pulse.conf:2: [record] password_file: whose password?" },
    { "[record]\npassword_keyring=true\n", "pulse.conf:2: [record] password_keyring: whose password?" },
    { "[broker]\npassword_file=x\npassword_keyring=true\n",
      "pulse.conf:3: [broker] password_keyring: there is a password_file besides" },
    { "[influx]\nurl=http://h/?db=x\npassword_keyring=true\n", "[influx] password_keyring: whose password?" },
    { "[quota]\nmessages=many\n", "pulse.conf:2: [quota] messages: \"many\" is not a whole number" },
    { "[quota Team]\nmessages=1\n", "pulse.conf:1: [quota Team]: \"Team\" is no source" },
    { "[quota team]\nrate=1\n",
      "pulse.conf:2: [quota team] rate: unknown key; known here: messages, burst, bytes, work, series" },
    { "[store]\nretention=long\n", "pulse.conf:2: [store] retention: \"long\" is not a duration" },
    { "[store]\nmax_size=20\n", "pulse.conf:2: [store] max_size: \"20\" is not a size" },
    { "[store]\nmax_size=20 Go\n", "pulse.conf:2: [store] max_size: \"20 Go\" is not a size" },
    { "[store]\nmax_size=1 MB\n", "pulse.conf:2: [store] max_size: 1 MB is outside 50 MB" },
    { "[store]\npower_safe=yes\n", "pulse.conf:2: [store] power_safe: \"yes\" is neither" },
    { "[influx]\nurl=h:8086\n", "pulse.conf:2: [influx] url: not an address" },
    { "[limits]\n# many\nmax_fields=65\n", "pulse.conf:3: [limits] max_fields: \"65\" is not a whole number from 1 to 64" },
    { "[ui]\nlanguage=de\n", "pulse.conf:2: [ui] language: \"de\" is not one of: fr, ar, en" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(load(f, cases[i].text, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].message));
    g_assert_nonnull(strstr(error->message, f->dir));
    g_assert_cmpint(casa_error_exit_status(error), ==, 2);
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_config_load(&(CasaConfigOverrides){ .dir = "/no/such/folder" }, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, "/no/such/folder"));
}

static void
secrets_stay_secret(Fixture *f, gconstpointer data)
{
  static const int open_modes[] = { 0640, 0604, 0620, 0601, 0777 };
  for (guint i = 0; i < G_N_ELEMENTS(open_modes); i++) {
    g_autoptr(GError) error = NULL;
    write_file(f, "secret", "hunter2", open_modes[i]);
    g_assert_null(load(f, "[broker]\npassword_file=secret\n", &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "chmod 600"));
    g_assert_null(strstr(error->message, "hunter2"));
  }
  static const char *const urls[] = { "[broker]\nurl=mqtt://u:hunter2@h\n", "[influx]\nurl=http://u:hunter2@h/?db=d\n",
                                      "[influx]\nurl=http://h/?db=d&p=hunter2\n",
                                      "[influx]\nurl=https://h/?token=hunter2&org=o\n" };
  for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(load(f, urls[i], &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "_file"));
    g_assert_null(strstr(error->message, "hunter2"));
  }
  static const char *const contents[] = { "", "\n", "one\ntwo\n", "caf\xE9" };
  for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
    g_autoptr(GError) error = NULL;
    write_file(f, "secret", contents[i], 0600);
    g_assert_null(load(f, "[broker]\npassword_file=secret\n", &error));
    g_assert_nonnull(strstr(error->message, "exactly one line"));
  }
}

static void
client_id_is_kept(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CasaConfig) first = load(f, NULL, &error);
  g_autoptr(CasaConfig) second = load(f, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_str_has_prefix(first->client_id, "casa-pulse-"));
  g_assert_cmpuint(strlen(first->client_id), >, 30);
  g_assert_cmpstr(first->client_id, ==, second->client_id);

  /* Whoever can read the id can take our session over. */
  g_autofree char *path = g_strconcat(first->store_path, ".client-id", NULL);
  GStatBuf st;
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 077, ==, 0);

  g_autofree char *other = g_build_filename(f->dir, "other.db", NULL);
  g_autoptr(CasaConfig) third = casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .store = other }, &error);
  g_assert_cmpstr(third->client_id, !=, first->client_id);

  write_file(f, "pulse.db.client-id", "<spoilt>", 0600);
  g_autoptr(CasaConfig) mended = load(f, NULL, &error);
  g_autoptr(CasaConfig) again = load(f, NULL, &error);
  g_assert_true(g_str_has_prefix(mended->client_id, "casa-pulse-"));
  g_assert_cmpstr(mended->client_id, ==, again->client_id);

  /* A store that cannot be is told when it is opened, not here. */
  g_autoptr(CasaConfig) nowhere =
    casa_config_load(&(CasaConfigOverrides){ .dir = f->dir, .store = "/proc/nowhere/pulse.db" }, &error);
  g_assert_no_error(error);
  g_assert_nonnull(nowhere->client_id);
}

/* Instead of the C library's, for what is linked into this program: a USB stick has a file system without links. */
static gboolean without_links;
int link(const char *from, const char *to);

int
link(const char *from, const char *to)
{
  if (!without_links)
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
  errno = EPERM;
  return -1;
}

/* With a new id at every start, the broker would keep everything for a program that never comes back. */
static void
client_id_without_links(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  without_links = TRUE;
  g_autoptr(CasaConfig) first = load(f, NULL, &error);
  g_autoptr(CasaConfig) second = load(f, NULL, &error);
  without_links = FALSE;
  g_assert_no_error(error);
  g_assert_cmpuint(strlen(first->client_id), >, 30);
  g_assert_cmpstr(first->client_id, ==, second->client_id);
  g_autofree char *path = g_strconcat(first->store_path, ".client-id", NULL);
  GStatBuf st;
  g_assert_cmpint(g_stat(path, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 077, ==, 0);
}

static void
broker_urls(void)
{
  gboolean tls;
  g_autofree char *user = NULL;
  g_autofree char *host = NULL;
  guint16 port;
  g_assert_true(casa_broker_url_parse("mqtt://h", &tls, &user, &host, &port, NULL));
  g_assert_false(tls);
  g_assert_null(user);
  g_assert_cmpstr(host, ==, "h");
  g_assert_cmpuint(port, ==, 1883);
  g_clear_pointer(&host, g_free);
  g_assert_true(casa_broker_url_parse("mqtts://equipe%207@[::1]:8884/", &tls, &user, &host, &port, NULL));
  g_assert_true(tls);
  g_assert_cmpstr(user, ==, "equipe 7");
  g_assert_cmpstr(host, ==, "::1");
  g_assert_cmpuint(port, ==, 8884);
  g_clear_pointer(&host, g_free);
  g_assert_true(casa_broker_url_parse("mqtts://h", NULL, NULL, NULL, &port, NULL));
  g_assert_cmpuint(port, ==, 8883);

  static const char *const wrong[] = { "",
                                       "h",
                                       "tcp://h",
                                       "mqtt://",
                                       "mqtt:///",
                                       "mqtt://:1883",
                                       "mqtt://h:",
                                       "mqtt://h:0",
                                       "mqtt://h:65536",
                                       "mqtt://h:x",
                                       "mqtt://h/topic",
                                       "mqtt://@h",
                                       "mqtt://[::1",
                                       "mqtt://[]:1",
                                       "mqtt://h h",
                                       "mqtt://[::1]x",
                                       NULL };
  for (guint i = 0; wrong[i]; i++) {
    g_autoptr(GError) error = NULL;
    g_test_message("%s", wrong[i]);
    g_assert_false(casa_broker_url_parse(wrong[i], &tls, NULL, NULL, NULL, &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "mqtt://[user@]host[:port]"));
  }
}

/* Run from the build tree, the programs read the source tree; CASA_CONFIG_DIR names another folder. */
static void
finds_the_folder(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *store = g_build_filename(f->dir, "pulse.db", NULL);
  g_unsetenv("CASA_CONFIG_DIR");
  g_autoptr(CasaConfig) tree = casa_config_load(&(CasaConfigOverrides){ .store = store }, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(tree->dir, ==, CASA_SOURCE_ROOT "/config");
  g_setenv("CASA_CONFIG_DIR", f->dir, TRUE);
  g_autoptr(CasaConfig) named = casa_config_load(&(CasaConfigOverrides){ .store = store }, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(named->dir, ==, f->dir);
  g_unsetenv("CASA_CONFIG_DIR");
}

/* Files beside it add to pulse.conf and win over it; what they do not say stays. */
static void
additions(Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_build_filename(f->dir, "pulse.conf.d", NULL);
  g_assert_cmpint(g_mkdir(folder, 0755), ==, 0);
  write_file(f, "first.password", "one\n", 0600);
  write_file(f, "second.password", "two\n", 0600);
  write_file(f, "pulse.conf.d/20-b.conf", "[broker]\nurl = mqtt://hall:1884\npassword_file = second.password\n", 0644);
  write_file(f, "pulse.conf.d/10-a.conf", "[broker]\nurl = mqtt://hall:1\n[quota kit]\nmessages = 7\n", 0644);
  write_file(f, "pulse.conf.d/notes.txt", "nonsense", 0644);
  g_autoptr(CasaConfig) c =
    load(f, "[broker]\nuser = pulse\nmqtt_version = 5\npassword_file = first.password\n[quota]\nmessages = 40\nbytes = 50\n",
         &error);
  g_assert_no_error(error);
  g_assert_cmpstr(c->broker_url, ==, "mqtt://hall:1884");
  g_assert_cmpstr(c->broker_user, ==, "pulse");
  g_assert_cmpstr(c->broker_password, ==, "two");
  g_assert_cmpuint(c->mqtt_version, ==, 5);
  g_assert_cmpuint(c->quota.messages, ==, 40);
  g_assert_cmpuint(casa_config_quota(c, "kit")->messages, ==, 7);
  g_assert_cmpuint(casa_config_quota(c, "kit")->bytes, ==, 50);
  /* A mistake there is told with its own file and line. */
  write_file(f, "pulse.conf.d/20-b.conf", "[broker]\nurrl = x\n", 0644);
  g_assert_null(load(f, NULL, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, "pulse.conf.d/20-b.conf:2: [broker] urrl"));
  const char *const names[] = { "20-b.conf", "10-a.conf", "notes.txt" };
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_unlink(path);
  }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/base/config/" name, Fixture, NULL, setup, func, teardown)
  ADD("defaults", defaults);
  ADD("shipped-file-tells-the-defaults", shipped_file_tells_the_defaults);
  ADD("every-key", every_key);
  ADD("unused-key", unused_key);
  ADD("recorder", recorder);
  ADD("quotas", quotas);
  ADD("overrides-win", overrides_win);
  ADD("complaints", complaints);
  ADD("secrets-stay-secret", secrets_stay_secret);
  ADD("client-id-is-kept", client_id_is_kept);
  ADD("client-id-without-links", client_id_without_links);
  ADD("finds-the-folder", finds_the_folder);
  ADD("additions", additions);
  g_test_add_func("/base/config/broker-urls", broker_urls);
  return g_test_run();
}
