/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/config-places.h"
#include "base/config-secrets.h"
#include "base/error.h"
#include "base/keyfile.h"
#include "base/time-units.h"

#include <string.h>

/* Of the store, bytes. Below the least there is no room for the hours of a city. */
#define MIN_SIZE (50 * G_GINT64_CONSTANT(1000000))
#define MAX_SIZE (1000 * G_GINT64_CONSTANT(1000000000000))
#define HUNDRED_YEARS_MS (36525 * CASA_DAY_MS)

static void
clear_secret(char **secret)
{
  if (*secret)
    explicit_bzero(*secret, strlen(*secret));
  g_clear_pointer(secret, g_free);
}

void
casa_config_free(CasaConfig *self)
{
  if (!self)
    return;
  char **secrets[] = { &self->broker_password, &self->influx_token,     &self->influx_password, &self->record_password,
                       &self->teams_password,  &self->welcome_password, &self->stage_password,  &self->companions_password };
  for (guint i = 0; i < G_N_ELEMENTS(secrets); i++)
    clear_secret(secrets[i]);
  g_clear_pointer(&self->zone, g_time_zone_unref);
  char *strings[] = { self->dir,         self->file,           self->broker_url,
                      self->broker_user, self->broker_ca_file, self->client_id,
                      self->root,        self->share,          self->store_path,
                      self->influx_url,  self->influx_user,    self->language,
                      self->theme,       self->record_user,    self->influx_secret_file,
                      self->teams_user,  self->teams_folder,   self->teams_address,
                      self->teams_page,  self->welcome_user,   self->stage_simulator,
                      self->stage_user,  self->companions_user };
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_strfreev(self->filters);
  if (self->quotas)
    g_hash_table_unref(self->quotas);
  g_free(self->own);
  g_free(self);
}

/* Secrets must not stand where `ps` and logs show them. What else is right or wrong with it the forwarder knows. */
static const char *
influx_url_fault(const char *url)
{
  const char *rest = g_str_has_prefix(url, "http://") ? url + 7 : g_str_has_prefix(url, "https://") ? url + 8 : NULL;
  if (!rest || *rest == '\0' || *rest == '/' || *rest == '?')
    return "not an address; write http://host:8086/?db=casa (v1), ?org=o&bucket=b (v2) or ?database=d (v3)";
  if (memchr(rest, '@', strcspn(rest, "/?#")))
    return "a user name or password in the address; use user, password_file or token_file in pulse.conf, [influx]";
  const char *query = strchr(rest, '?');
  g_auto(GStrv) pairs = g_strsplit(query ? query + 1 : "", "&", -1);
  static const char *const secret[] = { "p", "password", "token", NULL };
  for (guint i = 0; pairs[i]; i++) {
    pairs[i][strcspn(pairs[i], "=")] = '\0';
    if (g_strv_contains(secret, pairs[i]))
      return "a secret in the address; use password_file or token_file in pulse.conf, [influx]";
  }
  return NULL;
}

static gboolean
root_is_sound(const char *root)
{
  g_auto(GStrv) levels = g_strsplit(root, "/", -1);
  for (guint i = 0; levels[i]; i++) {
    gsize len = strlen(levels[i]);
    if (len < 1 || len > 64 || strspn(levels[i], "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
      return FALSE;
  }
  return levels[0] != NULL;
}

static void
set_string(char **slot, const char *value)
{
  g_free(*slot);
  *slot = g_strdup(value);
}

static void
read_string(const CasaKeyfile *file, const char *group, const char *key, char **slot)
{
  const char *value = casa_keyfile_get(file, group, key);
  if (value)
    set_string(slot, value);
}

static void
read_path(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *key, char **slot)
{
  const char *value = casa_keyfile_get(file, group, key);
  if (!value)
    return;
  g_free(*slot);
  g_autofree char *base = g_path_get_dirname(self->file);
  *slot = casa_config_resolve(value, base);
}

static gboolean
read_choice(const CasaKeyfile *file, const char *group, const char *key, const char *const *choices, char **slot,
            GError **error)
{
  const char *value = casa_keyfile_get(file, group, key);
  if (!value)
    return TRUE;
  if (!g_strv_contains(choices, value)) {
    g_autofree char *list = g_strjoinv(", ", (char **)choices);
    return casa_keyfile_fail(file, group, key, error, "\"%s\" is not one of: %s", value, list);
  }
  set_string(slot, value);
  return TRUE;
}

gboolean
casa_config_share(CasaConfig *self, const char *share, const char *const *filters, GError **error)
{
  for (guint i = 0; filters && filters[i]; i++) {
    const char *fault = casa_config_filter_fault(filters[i]);
    if (!fault)
      continue;
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "\"%s\" %s", filters[i], fault);
    return FALSE;
  }
  if (share && (*share == '\0' || strlen(share) > 64 || strpbrk(share, "/+#") || !g_utf8_validate(share, -1, NULL))) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "\"%s\" is no name of a share; use 1 to 64 bytes without / + #", share);
    return FALSE;
  }
  if (share && self->mqtt_version == 3) {
    g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                "a share needs MQTT 5, but [broker] mqtt_version is 3.1.1; split the topics with filters instead");
    return FALSE;
  }
  if (share) {
    set_string(&self->share, share);
    self->mqtt_version = 5; /* 3.1.1 would take it for a common filter, and nothing would ever arrive */
  }
  if (filters && filters[0]) {
    g_strfreev(self->filters);
    self->filters = g_strdupv((char **)filters);
  }
  return TRUE;
}

static gboolean
read_share(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *group = "broker";
  const char *version = casa_keyfile_get(file, group, "mqtt_version");
  g_auto(GStrv) filters = casa_keyfile_get_list(file, group, "filters");
  g_autoptr(GError) local = NULL;
  if (version && strcmp(version, "auto") != 0 && strcmp(version, "5") != 0 && strcmp(version, "3.1.1") != 0)
    return casa_keyfile_fail(file, group, "mqtt_version", error, "\"%s\" is not one of: auto, 5, 3.1.1", version);
  if (version)
    self->mqtt_version = *version == 'a' ? 0 : *version == '5' ? 5 : 3;
  if (!casa_config_share(self, NULL, (const char *const *)filters, &local))
    return casa_keyfile_fail(file, group, "filters", error, "%s", local->message);
  if (!casa_config_share(self, casa_keyfile_get(file, group, "share"), NULL, &local))
    return casa_keyfile_fail(file, group, "share", error, "%s", local->message);
  return casa_keyfile_get_duration(file, group, "session_expiry", 0, HUNDRED_YEARS_MS, &self->session_expiry_ms, error);
}

static gboolean
read_broker(CasaConfig *self, const CasaKeyfile *file, CasaConfigKeyring *keyring, GError **error)
{
  const char *group = "broker";
  g_autoptr(GError) local = NULL;
  read_string(file, group, "user", &self->broker_user);
  read_string(file, group, "url", &self->broker_url);
  g_autofree char *user = NULL;
  if (!casa_broker_url_parse(self->broker_url, NULL, &user, NULL, NULL, &local))
    return casa_keyfile_fail(file, group, "url", error, "%s", local->message);
  if (user)
    set_string(&self->broker_user, user);
  read_path(self, file, group, "ca_file", &self->broker_ca_file);
  read_string(file, group, "client_id", &self->client_id);
  if (self->client_id && strlen(self->client_id) > 128)
    return casa_keyfile_fail(file, group, "client_id", error, "longer than 128 bytes");
  read_string(file, group, "root", &self->root);
  if (!root_is_sound(self->root))
    return casa_keyfile_fail(file, group, "root", error,
                             "\"%s\" is not a topic prefix; write levels of a-z, 0-9, _ and - parted by single /", self->root);
  return read_share(self, file, error) &&
         casa_config_secret_from(self, file, group, "password_file", "password_keyring", &self->broker_password,
                                 &keyring->broker, error) &&
         casa_keyfile_get_bool(file, group, "user_is_client_id", &self->user_is_client_id, error) &&
         casa_keyfile_get_uint(file, group, "keepalive", 1, 600, &self->keepalive_s, error);
}

/* A key of earlier versions: not worth refusing to start for, whatever it says. */
static void
say_unused(const CasaKeyfile *file, const char *group, const char *key, const char *why)
{
  g_autoptr(GError) where = NULL;
  if (casa_keyfile_get(file, group, key) && !casa_keyfile_fail(file, group, key, &where, "%s", why))
    g_message("%s", where->message);
}

static gboolean
read_store(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *group = "store";
  read_path(self, file, group, "path", &self->store_path);
  if (!casa_keyfile_get_duration(file, group, "retention", CASA_MINUTE_MS, HUNDRED_YEARS_MS, &self->retention_ms, error) ||
      !casa_keyfile_get_size(file, group, "max_size", MIN_SIZE, MAX_SIZE, &self->max_size, error) ||
      !casa_keyfile_get_bool(file, group, "power_safe", &self->power_safe, error))
    return FALSE;
  say_unused(file, group, "rollup_retention",
             "has no effect any more: minutes are made from the samples (retention), hours are kept for ever; take it out");
  return TRUE;
}

static gboolean
read_influx(CasaConfig *self, const CasaKeyfile *file, CasaConfigKeyring *keyring, GError **error)
{
  const char *group = "influx";
  read_string(file, group, "url", &self->influx_url);
  const char *fault = self->influx_url ? influx_url_fault(self->influx_url) : NULL;
  if (fault)
    return casa_keyfile_fail(file, group, "url", error, "%s", fault);
  read_string(file, group, "user", &self->influx_user);
  if (!casa_config_secret_from(self, file, group, "token_file", "token_keyring", &self->influx_token, &keyring->influx_token,
                               error) ||
      !casa_config_secret_from(self, file, group, "password_file", "password_keyring", &self->influx_password,
                               &keyring->influx_password, error))
    return FALSE;
  const char *path = casa_keyfile_get(file, group, self->influx_token ? "token_file" : "password_file");
  if (path && !keyring->influx_token) {
    g_autofree char *base = g_path_get_dirname(self->file);
    g_free(self->influx_secret_file);
    self->influx_secret_file = casa_config_resolve(path, base);
  }
  return TRUE;
}

static gboolean
read_record(CasaConfig *self, const CasaKeyfile *file, CasaConfigKeyring *keyring, GError **error)
{
  const char *group = "record";
  read_string(file, group, "user", &self->record_user);
  if (!casa_keyfile_get_duration(file, group, "session_expiry", 0, HUNDRED_YEARS_MS, &self->record_expiry_ms, error))
    return FALSE;
  if (casa_keyfile_get(file, group, "password_file") && !self->record_user)
    return casa_keyfile_fail(file, group, "password_file", error, "whose password? set user besides");
  if (!casa_config_secret_from(self, file, group, "password_file", "password_keyring", &self->record_password, &keyring->record,
                               error))
    return FALSE;
  return self->record_user || !keyring->record ||
         casa_keyfile_fail(file, group, "password_keyring", error, "whose password? set user besides");
}

/* A user of the broker beside the wall's own, and its password. */
static gboolean
read_other_user(CasaConfig *self, const CasaKeyfile *file, const char *group, char **user, char **password, GError **error)
{
  read_string(file, group, "user", user);
  if (casa_keyfile_get(file, group, "password_file") && !*user)
    return casa_keyfile_fail(file, group, "password_file", error, "whose password? set user besides");
  return casa_config_secret_from(self, file, group, "password_file", NULL, password, NULL, error);
}

static gboolean
read_stage(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  read_string(file, "stage", "simulator", &self->stage_simulator);
  return read_other_user(self, file, "stage", &self->stage_user, &self->stage_password, error) &&
         read_other_user(self, file, "companions", &self->companions_user, &self->companions_password, error);
}

void
casa_config_be_recorder(CasaConfig *self)
{
  if (self->record_expiry_ms >= 0)
    self->session_expiry_ms = self->record_expiry_ms;
  if (!self->record_user || self->user_from_override)
    return;
  set_string(&self->broker_user, self->record_user);
  clear_secret(&self->broker_password);
  self->broker_password = g_strdup(self->record_password);
}

static gboolean
read_teams(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *group = "teams";
  read_string(file, group, "user", &self->teams_user);
  if (casa_keyfile_get(file, group, "password_file") && !self->teams_user)
    return casa_keyfile_fail(file, group, "password_file", error, "whose password? set user besides");
  read_path(self, file, group, "password_file", &self->teams_folder);
  if (self->teams_folder && casa_keyfile_get(file, group, "password_file")) {
    g_autofree char *path = g_steal_pointer(&self->teams_folder);
    self->teams_folder = g_path_get_dirname(path);
  }
  read_path(self, file, group, "folder", &self->teams_folder);
  read_string(file, group, "address", &self->teams_address);
  read_string(file, group, "page", &self->teams_page);
  read_string(file, group, "welcome_user", &self->welcome_user);
  return casa_config_secret_from(self, file, group, "password_file", NULL, &self->teams_password, NULL, error) &&
         casa_config_secret_from(self, file, group, "welcome_password_file", NULL, &self->welcome_password, NULL, error);
}

static gboolean
read_zone(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *zone = casa_keyfile_get(file, "limits", "zone");
  if (!zone || !*zone)
    return TRUE;
  self->zone = g_time_zone_new_identifier(zone);
  return self->zone ||
         casa_keyfile_fail(file, "limits", "zone", error, "\"%s\" is no zone; write Africa/Casablanca or +01:00", zone);
}

static gboolean
read_limits(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  const char *group = "limits";
  /* 64 fields is the room a decoded message has; nesting beyond 64 has no use and costs stack. */
  return casa_keyfile_get_uint(file, group, "max_payload", 64, 16 * 1024 * 1024, &self->max_payload, error) &&
         casa_keyfile_get_uint(file, group, "max_depth", 1, 64, &self->max_depth, error) &&
         casa_keyfile_get_uint(file, group, "max_fields", 1, 64, &self->max_fields, error) &&
         casa_keyfile_get_uint(file, group, "max_batch", 64, 16 * 1024 * 1024, &self->max_batch, error) &&
         casa_keyfile_get_uint(file, group, "max_readings", 1, 10000, &self->max_readings, error) &&
         casa_keyfile_get_uint(file, group, "max_series", 1, 10000000, &self->max_series, error) &&
         casa_keyfile_get_duration(file, group, "future", 0, 365 * CASA_DAY_MS, &self->future_ms, error) &&
         read_zone(self, file, error);
}

static gboolean
read_ui(CasaConfig *self, const CasaKeyfile *file, GError **error)
{
  static const char *const languages[] = { "fr", "ar", "en", NULL };
  static const char *const themes[] = { "dark", "light", "contrast", NULL };
  return read_choice(file, "ui", "language", languages, &self->language, error) &&
         read_choice(file, "ui", "theme", themes, &self->theme, error);
}

static gboolean
check_keys(const CasaKeyfile *file, GError **error)
{
  static const struct {
    const char *group;
    const char *keys[16];
  } known[] = {
    { "broker",
      { "url", "user", "password_file", "ca_file", "client_id", "root", "keepalive", "mqtt_version", "session_expiry", "share",
        "filters", "password_keyring", "user_is_client_id", NULL } },
    { "store", { "path", "retention", "rollup_retention", "max_size", "power_safe", NULL } },
    { "influx", { "url", "token_file", "token_keyring", "user", "password_file", "password_keyring", NULL } },
    { "limits",
      { "max_payload", "max_depth", "max_fields", "max_batch", "max_readings", "max_series", "future", "zone", NULL } },
    { "quota", { "messages", "burst", "bytes", "work", "series", NULL } },
    { "record", { "user", "password_file", "password_keyring", "session_expiry", NULL } },
    { "teams", { "user", "password_file", "folder", "address", "page", "welcome_user", "welcome_password_file", NULL } },
    { "stage", { "user", "password_file", "simulator", NULL } },
    { "companions", { "user", "password_file", NULL } },
    { "ui", { "language", "theme", NULL } },
  };
  const char *const *groups = casa_keyfile_groups(file);
  for (guint g = 0; groups[g]; g++) {
    guint i = 0;
    const char *group = casa_config_quota_source(groups[g]) ? "quota" : groups[g];
    while (i < G_N_ELEMENTS(known) && strcmp(known[i].group, group) != 0)
      i++;
    if (i == G_N_ELEMENTS(known))
      return casa_keyfile_fail(
        file, groups[g], NULL, error,
        "unknown group; known here: broker, store, influx, limits, quota, quota NAME, record, stage, companions, teams, ui");
    if (!casa_keyfile_check_keys(file, groups[g], known[i].keys, error))
      return FALSE;
  }
  return TRUE;
}

static void
set_defaults(CasaConfig *self)
{
  self->broker_url = g_strdup("mqtt://127.0.0.1:1883");
  self->root = g_strdup("casa/v1");
  self->keepalive_s = 5;
  self->record_expiry_ms = -1;
  self->user_is_client_id = TRUE;
  self->store_path = g_build_filename(g_get_user_data_dir(), "casa-pulse", "pulse.db", NULL);
  self->retention_ms = 90 * CASA_DAY_MS;
  self->max_payload = 16384;
  self->max_depth = 8;
  self->max_fields = 64;
  self->max_batch = 65536;
  self->max_readings = 1000;
  self->max_series = 200000;
  self->future_ms = 10 * CASA_MINUTE_MS;
  casa_config_quota_defaults(self);
  self->language = g_strdup("fr");
  self->theme = g_strdup("dark");
}

static gboolean
apply_overrides(CasaConfig *self, const CasaConfigOverrides *overrides, GError **error)
{
  if (overrides->broker) {
    g_autofree char *user = NULL;
    if (!casa_broker_url_parse(overrides->broker, NULL, &user, NULL, NULL, error)) {
      g_prefix_error(error, "--broker: ");
      return FALSE;
    }
    set_string(&self->broker_url, overrides->broker);
    if (user && self->broker_user && strcmp(user, self->broker_user) != 0) /* a password is nobody else's */
      clear_secret(&self->broker_password);
    if (user)
      set_string(&self->broker_user, user);
    self->user_from_override = user != NULL;
  }
  if (overrides->store) {
    g_free(self->store_path);
    self->store_path = g_canonicalize_filename(overrides->store, NULL);
  }
  if (overrides->influx) {
    const char *fault = influx_url_fault(overrides->influx);
    if (fault) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE, "--influx: %s", fault);
      return FALSE;
    }
    set_string(&self->influx_url, overrides->influx);
  }
  return TRUE;
}

/* What a file does not say stays as it was. */
static gboolean
read_file(CasaConfig *self, const char *path, CasaConfigKeyring *keyring, GError **error)
{
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
  return file && check_keys(file, error) && read_broker(self, file, keyring, error) && read_store(self, file, error) &&
         read_influx(self, file, keyring, error) && read_record(self, file, keyring, error) && read_stage(self, file, error) &&
         read_teams(self, file, error) && read_limits(self, file, error) && casa_config_quota_load(self, file, error) &&
         read_ui(self, file, error);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files @path.d/NAME.conf in the order of their names: what a program or a second person adds without touching the file.
 * (transfer full) */
static char **
additions_of(const char *path)
{
  g_autofree char *folder = g_strconcat(path, ".d", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new();
  for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
    if (g_str_has_suffix(entry, ".conf") && *entry != '.')
      g_ptr_array_add(paths, g_build_filename(folder, entry, NULL));
  }
  g_ptr_array_sort(paths, by_name);
  g_ptr_array_add(paths, NULL);
  return (char **)g_ptr_array_free(paths, FALSE);
}

CasaConfig *
casa_config_load(const CasaConfigOverrides *overrides, GError **error)
{
  static const CasaConfigOverrides none;
  g_autoptr(CasaConfig) self = g_new0(CasaConfig, 1);
  CasaConfigKeyring keyring = { 0 };
  if (!overrides)
    overrides = &none;
  gboolean shipped;
  self->dir = casa_config_find_dir(overrides->dir, &shipped, &self->file, error);
  if (!self->dir)
    return NULL;
  if (!self->file)
    self->file = casa_config_find_file(self->dir, shipped);
  set_defaults(self);

  if (g_file_test(self->file, G_FILE_TEST_EXISTS) && !read_file(self, self->file, &keyring, error))
    return NULL;
  g_auto(GStrv) additions = additions_of(self->file);
  for (guint i = 0; additions[i]; i++)
    if (!read_file(self, additions[i], &keyring, error))
      return NULL;
  if (!apply_overrides(self, overrides, error) ||
      (!overrides->without_keyring && !casa_config_ask_keyring(self, &keyring, error)))
    return NULL;
  if (!self->client_id)
    self->client_id = casa_config_client_id(self->store_path);
  return g_steal_pointer(&self);
}
