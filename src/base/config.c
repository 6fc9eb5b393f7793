/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/config-places.h"
#include "base/error.h"
#include "base/keyfile.h"

#include <string.h>

#define MINUTE_MS G_GINT64_CONSTANT(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define HUNDRED_YEARS_MS (36525 * DAY_MS)

void casa_config_free(CasaConfig *self) {
  if (!self)
    return;
  char *strings[] = {self->dir,        self->broker_url, self->broker_user,  self->broker_password, self->broker_ca_file,
                     self->client_id,  self->root,       self->store_path,   self->influx_url,      self->influx_token,
                     self->influx_user, self->influx_password, self->language, self->theme};
  for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
    g_free(strings[i]);
  g_free(self);
}

/* host[:port] or [v6]:port → host and port text (NULL: none). FALSE: malformed. */
static gboolean split_host(const char *text, char **host, char **port) {
  *host = *port = NULL;
  const char *end;
  if (*text == '[') {
    end = strchr(text, ']');
    if (!end || end == text + 1)
      return FALSE;
    *host = g_strndup(text + 1, (gsize)(end - text - 1));
    end++;
  } else {
    end = text + strcspn(text, ":");
    if (end == text)
      return FALSE;
    *host = g_strndup(text, (gsize)(end - text));
  }
  if (*end == ':')
    *port = g_strdup(end + 1);
  return *end == ':' || *end == '\0';
}

static gboolean url_fail(GError **error, const char *what) {
  g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
              "broker address: %s; write mqtt://[user@]host[:port], or mqtts:// for TLS", what);
  return FALSE;
}

gboolean casa_broker_url_parse(const char *url, gboolean *out_tls, char **out_user, char **out_host, guint16 *out_port,
                               GError **error) {
  gboolean tls = g_ascii_strncasecmp(url, "mqtts://", 8) == 0;
  if (!tls && g_ascii_strncasecmp(url, "mqtt://", 7) != 0)
    return url_fail(error, "it does not begin with mqtt:// or mqtts://");
  g_autofree char *rest = g_strdup(url + (tls ? 8 : 7));
  g_autofree char *user = NULL;
  char *at = strrchr(rest, '@');
  const char *place = at ? at + 1 : rest;
  if (at) {
    *at = '\0';
    if (strchr(rest, ':')) {
      g_set_error(error, CASA_ERROR, CASA_ERROR_USAGE,
                  "broker address: a password in it could be read by everyone on this machine; put it in a file of mode "
                  "0600 and name that in pulse.conf, [broker] password_file");
      return FALSE;
    }
    user = g_uri_unescape_string(rest, NULL);
    if (!user || !*user)
      return url_fail(error, "the user name before @ is empty or wrongly escaped");
  }
  gsize len = strlen(place);
  g_autofree char *bare = g_strndup(place, len && place[len - 1] == '/' ? len - 1 : len);
  g_autofree char *host = NULL;
  g_autofree char *port = NULL;
  guint64 number = tls ? 8883 : 1883;
  if (strpbrk(bare, "/?# \t") || !split_host(bare, &host, &port))
    return url_fail(error, "the host is missing or malformed");
  if (port && !g_ascii_string_to_unsigned(port, 10, 1, 65535, &number, NULL))
    return url_fail(error, "the port is not a number from 1 to 65535");

  if (out_tls)
    *out_tls = tls;
  if (out_user)
    *out_user = g_steal_pointer(&user);
  if (out_host)
    *out_host = g_steal_pointer(&host);
  if (out_port)
    *out_port = (guint16)number;
  return TRUE;
}

/* Secrets must not stand where `ps` and logs show them. What else is right or wrong with it the forwarder knows. */
static const char *influx_url_fault(const char *url) {
  const char *rest = g_str_has_prefix(url, "http://") ? url + 7 : g_str_has_prefix(url, "https://") ? url + 8 : NULL;
  if (!rest || *rest == '\0' || *rest == '/' || *rest == '?')
    return "not an address; write http://host:8086/?db=casa (v1), ?org=o&bucket=b (v2) or ?database=d (v3)";
  if (memchr(rest, '@', strcspn(rest, "/?#")))
    return "a user name or password in the address; use user, password_file or token_file in pulse.conf, [influx]";
  const char *query = strchr(rest, '?');
  g_auto(GStrv) pairs = g_strsplit(query ? query + 1 : "", "&", -1);
  static const char *const secret[] = {"p", "password", "token", NULL};
  for (guint i = 0; pairs[i]; i++) {
    pairs[i][strcspn(pairs[i], "=")] = '\0';
    if (g_strv_contains(secret, pairs[i]))
      return "a secret in the address; use password_file or token_file in pulse.conf, [influx]";
  }
  return NULL;
}

static gboolean root_is_sound(const char *root) {
  g_auto(GStrv) levels = g_strsplit(root, "/", -1);
  for (guint i = 0; levels[i]; i++) {
    gsize len = strlen(levels[i]);
    if (len < 1 || len > 64 || strspn(levels[i], "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
      return FALSE;
  }
  return levels[0] != NULL;
}

static void take(char **slot, const char *value) {
  g_free(*slot);
  *slot = g_strdup(value);
}

static void read_string(const CasaKeyfile *file, const char *group, const char *key, char **slot) {
  const char *value = casa_keyfile_get(file, group, key);
  if (value)
    take(slot, value);
}

static void read_path(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *key,
                      char **slot) {
  const char *value = casa_keyfile_get(file, group, key);
  if (!value)
    return;
  g_free(*slot);
  *slot = casa_config_resolve(value, self->dir);
}

static gboolean read_secret(const CasaConfig *self, const CasaKeyfile *file, const char *group, const char *key,
                            char **slot, GError **error) {
  g_autofree char *path = NULL;
  g_autofree char *reason = NULL;
  read_path(self, file, group, key, &path);
  if (!path)
    return TRUE;
  *slot = casa_config_read_secret(path, &reason);
  return *slot || casa_keyfile_fail(file, group, key, error, "%s: %s", path, reason);
}

static gboolean read_choice(const CasaKeyfile *file, const char *group, const char *key, const char *const *choices,
                            char **slot, GError **error) {
  const char *value = casa_keyfile_get(file, group, key);
  if (!value)
    return TRUE;
  if (!g_strv_contains(choices, value)) {
    g_autofree char *list = g_strjoinv(", ", (char **)choices);
    return casa_keyfile_fail(file, group, key, error, "\"%s\" is not one of: %s", value, list);
  }
  take(slot, value);
  return TRUE;
}

static gboolean read_broker(CasaConfig *self, const CasaKeyfile *file, GError **error) {
  const char *group = "broker";
  g_autoptr(GError) local = NULL;
  read_string(file, group, "user", &self->broker_user);
  read_string(file, group, "url", &self->broker_url);
  g_autofree char *user = NULL;
  if (!casa_broker_url_parse(self->broker_url, NULL, &user, NULL, NULL, &local))
    return casa_keyfile_fail(file, group, "url", error, "%s", local->message);
  if (user)
    take(&self->broker_user, user);
  read_path(self, file, group, "ca_file", &self->broker_ca_file);
  read_string(file, group, "client_id", &self->client_id);
  if (self->client_id && strlen(self->client_id) > 128)
    return casa_keyfile_fail(file, group, "client_id", error, "longer than 128 bytes");
  read_string(file, group, "root", &self->root);
  if (!root_is_sound(self->root))
    return casa_keyfile_fail(file, group, "root", error,
                             "\"%s\" is not a topic prefix; write levels of a-z, 0-9, _ and - parted by single /",
                             self->root);
  return read_secret(self, file, group, "password_file", &self->broker_password, error) &&
         casa_keyfile_get_uint(file, group, "keepalive", 1, 600, &self->keepalive_s, error);
}

static gboolean read_store(CasaConfig *self, const CasaKeyfile *file, GError **error) {
  const char *group = "store";
  read_path(self, file, group, "path", &self->store_path);
  if (!casa_keyfile_get_duration(file, group, "retention", MINUTE_MS, HUNDRED_YEARS_MS, &self->retention_ms, error) ||
      !casa_keyfile_get_duration(file, group, "rollup_retention", MINUTE_MS, HUNDRED_YEARS_MS,
                                 &self->rollup_retention_ms, error) ||
      !casa_keyfile_get_bool(file, group, "power_safe", &self->power_safe, error))
    return FALSE;
  if (self->rollup_retention_ms >= self->retention_ms)
    return TRUE;
  if (casa_keyfile_get(file, group, "rollup_retention"))
    return casa_keyfile_fail(file, group, "rollup_retention", error,
                             "shorter than retention: the summaries would go before the samples; make it at least as long");
  self->rollup_retention_ms = self->retention_ms;
  return TRUE;
}

static gboolean read_influx(CasaConfig *self, const CasaKeyfile *file, GError **error) {
  const char *group = "influx";
  read_string(file, group, "url", &self->influx_url);
  const char *fault = self->influx_url ? influx_url_fault(self->influx_url) : NULL;
  if (fault)
    return casa_keyfile_fail(file, group, "url", error, "%s", fault);
  read_string(file, group, "user", &self->influx_user);
  return read_secret(self, file, group, "token_file", &self->influx_token, error) &&
         read_secret(self, file, group, "password_file", &self->influx_password, error);
}

static gboolean read_limits(CasaConfig *self, const CasaKeyfile *file, GError **error) {
  const char *group = "limits";
  /* 64 fields is the room a decoded message has; nesting beyond 64 has no use and costs stack. */
  return casa_keyfile_get_uint(file, group, "max_payload", 64, 16 * 1024 * 1024, &self->max_payload, error) &&
         casa_keyfile_get_uint(file, group, "max_depth", 1, 64, &self->max_depth, error) &&
         casa_keyfile_get_uint(file, group, "max_fields", 1, 64, &self->max_fields, error) &&
         casa_keyfile_get_uint(file, group, "max_series", 1, 10000000, &self->max_series, error) &&
         casa_keyfile_get_duration(file, group, "future", 0, 365 * DAY_MS, &self->future_ms, error);
}

static gboolean read_ui(CasaConfig *self, const CasaKeyfile *file, GError **error) {
  static const char *const languages[] = {"fr", "ar", "en", NULL};
  static const char *const themes[] = {"dark", "light", "contrast", NULL};
  return read_choice(file, "ui", "language", languages, &self->language, error) &&
         read_choice(file, "ui", "theme", themes, &self->theme, error);
}

static gboolean check_keys(const CasaKeyfile *file, GError **error) {
  static const struct {
    const char *group;
    const char *keys[8];
  } known[] = {
      {"broker", {"url", "user", "password_file", "ca_file", "client_id", "root", "keepalive", NULL}},
      {"store", {"path", "retention", "rollup_retention", "power_safe", NULL}},
      {"influx", {"url", "token_file", "user", "password_file", NULL}},
      {"limits", {"max_payload", "max_depth", "max_fields", "max_series", "future", NULL}},
      {"ui", {"language", "theme", NULL}},
  };
  const char *const *groups = casa_keyfile_groups(file);
  for (guint g = 0; groups[g]; g++) {
    guint i = 0;
    while (i < G_N_ELEMENTS(known) && strcmp(known[i].group, groups[g]) != 0)
      i++;
    if (i == G_N_ELEMENTS(known))
      return casa_keyfile_fail(file, groups[g], NULL, error,
                               "unknown group; known here: broker, store, influx, limits, ui");
    if (!casa_keyfile_check_keys(file, groups[g], known[i].keys, error))
      return FALSE;
  }
  return TRUE;
}

static void set_defaults(CasaConfig *self) {
  self->broker_url = g_strdup("mqtt://127.0.0.1:1883");
  self->root = g_strdup("casa/v1");
  self->keepalive_s = 5;
  self->store_path = g_build_filename(g_get_user_data_dir(), "casa-pulse", "pulse.db", NULL);
  self->retention_ms = 30 * DAY_MS;
  self->rollup_retention_ms = 90 * DAY_MS;
  self->max_payload = 16384;
  self->max_depth = 8;
  self->max_fields = 64;
  self->max_series = 200000;
  self->future_ms = 10 * MINUTE_MS;
  self->language = g_strdup("fr");
  self->theme = g_strdup("dark");
}

static gboolean apply_overrides(CasaConfig *self, const CasaConfigOverrides *overrides, GError **error) {
  if (overrides->broker) {
    g_autofree char *user = NULL;
    if (!casa_broker_url_parse(overrides->broker, NULL, &user, NULL, NULL, error)) {
      g_prefix_error(error, "--broker: ");
      return FALSE;
    }
    take(&self->broker_url, overrides->broker);
    if (user)
      take(&self->broker_user, user);
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
    take(&self->influx_url, overrides->influx);
  }
  return TRUE;
}

CasaConfig *casa_config_load(const CasaConfigOverrides *overrides, GError **error) {
  static const CasaConfigOverrides none;
  g_autoptr(CasaConfig) self = g_new0(CasaConfig, 1);
  if (!overrides)
    overrides = &none;
  self->dir = casa_config_find_dir(overrides->dir, error);
  if (!self->dir)
    return NULL;
  set_defaults(self);

  g_autofree char *path = g_build_filename(self->dir, "pulse.conf", NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
    if (!file || !check_keys(file, error) || !read_broker(self, file, error) || !read_store(self, file, error) ||
        !read_influx(self, file, error) || !read_limits(self, file, error) || !read_ui(self, file, error))
      return NULL;
  }
  if (!apply_overrides(self, overrides, error))
    return NULL;
  if (!self->client_id)
    self->client_id = casa_config_client_id(self->store_path);
  return g_steal_pointer(&self);
}
