/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/feeds.h"
#include "wire/formats/kit.h"
#include "wire/formats/template.h"

#include "base/error.h"
#include "base/keyfile.h"

#include <string.h>

struct _CasaFeeds {
  GPtrArray *feeds; /* CasaFeed, owned */
};

static void
free_feed(gpointer data)
{
  CasaFeed *feed = data;
  for (guint i = 0; i < feed->n_values; i++) {
    g_free(feed->values[i].metric);
    g_free(feed->values[i].template);
    g_free(feed->values[i].unit);
  }
  g_free(feed->name);
  g_free(feed->topic);
  g_free(feed->station);
  g_free(feed->each);
  g_free(feed->time);
  g_free(feed->domain);
  g_free(feed);
}

void
casa_feeds_free(CasaFeeds *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->feeds);
  g_free(self);
}

/* --- The file ---------------------------------------------------------------------------------------------------- */

/* "value" is the whole payload, everything else a path in its JSON. FALSE: it is no path. */
static gboolean
read_path(const CasaKeyfile *file, const char *group, const char *key, const char *path, char **out, GError **error)
{
  CasaMember ignored = { .name = "" };
  gboolean whole = strcmp(path, "value") == 0, bracket = path[0] == '[';
  *out = whole ? g_strdup("{{ value }}") : g_strdup_printf("{{ value_json%s%s }}", bracket ? "" : ".", path);
  if (casa_template_eval(*out, "", 0, NULL, &ignored) != CASA_TEMPLATE_UNKNOWN)
    return TRUE;
  return casa_keyfile_fail(file, group, key, error, "\"%s\" is no path; write data.t, list[0].x or data.t * 0.1", path);
}

static gboolean
read_optional(const CasaKeyfile *file, const char *group, const char *key, char **out, GError **error)
{
  const char *path = casa_keyfile_get(file, group, key);
  return !path || read_path(file, group, key, path, out, error);
}

/* "$2" is the second level of the topic. */
static gboolean
read_station(CasaFeed *feed, const CasaKeyfile *file, const char *group, GError **error)
{
  const char *station = casa_keyfile_get(file, group, "station");
  feed->station_level = -1;
  if (!station)
    return TRUE;
  if (station[0] != '$')
    return read_path(file, group, "station", station, &feed->station, error);
  feed->station_level = (int)g_ascii_strtoull(station + 1, NULL, 10) - 1;
  return feed->station_level >= 0 ||
         casa_keyfile_fail(file, group, "station", error, "\"%s\" is no level of the topic; write $1, $2…", station);
}

/* value.temp_c = data.t; °F */
static gboolean
read_value(CasaFeed *feed, const CasaKeyfile *file, const char *group, const char *key, GError **error)
{
  g_auto(GStrv) parts = casa_keyfile_get_list(file, group, key);
  CasaFeedValue *value = &feed->values[feed->n_values];
  if (!parts || !parts[0] || feed->n_values == CASA_FEED_VALUES_MAX || strlen(key) == strlen("value."))
    return casa_keyfile_fail(file, group, key, error, "write value.<metric> = path; unit (at most %d of them)",
                             CASA_FEED_VALUES_MAX);
  feed->n_values++;
  value->metric = g_strdup(key + strlen("value."));
  value->unit = g_strdup(parts[1]);
  return read_path(file, group, key, parts[0], &value->template, error);
}

static gboolean
read_values(CasaFeed *feed, const CasaKeyfile *file, const char *group, GError **error)
{
  static const char *const others[] = { "topic", "station", "each", "time", "domain", NULL };
  g_auto(GStrv) keys = casa_keyfile_keys(file, group);
  for (guint i = 0; keys[i]; i++) {
    if (g_str_has_prefix(keys[i], "value.")) {
      if (!read_value(feed, file, group, keys[i], error))
        return FALSE;
    } else if (!g_strv_contains(others, keys[i])) {
      return casa_keyfile_fail(file, group, keys[i], error, "no such key: topic, station, each, time, domain, value.<metric>");
    }
  }
  return feed->n_values > 0 || casa_keyfile_fail(file, group, NULL, error, "which values? write value.temp_c = data.t");
}

static gboolean
read_feed(CasaFeed *feed, const CasaKeyfile *file, const char *group, GError **error)
{
  const char *topic = casa_keyfile_get(file, group, "topic");
  feed->name = g_strdup(group);
  if (!topic)
    return casa_keyfile_fail(file, group, "topic", error, "which topics? + stands for a level, # for all that follow");
  feed->topic = g_strdup(topic);
  feed->domain = g_strdup(casa_keyfile_get(file, group, "domain"));
  return read_station(feed, file, group, error) && read_optional(file, group, "each", &feed->each, error) &&
         read_optional(file, group, "time", &feed->time, error) && read_values(feed, file, group, error);
}

CasaFeeds *
casa_feeds_load(const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename(dir, "feeds.conf", NULL);
  g_autoptr(CasaFeeds) self = g_new0(CasaFeeds, 1);
  self->feeds = g_ptr_array_new_with_free_func(free_feed);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&self);
  g_autoptr(CasaKeyfile) file = casa_keyfile_load(path, error);
  if (!file)
    return NULL;
  const char *const *groups = casa_keyfile_groups(file);
  for (guint i = 0; groups[i]; i++) {
    CasaFeed *feed = g_new0(CasaFeed, 1);
    g_ptr_array_add(self->feeds, feed);
    if (!read_feed(feed, file, groups[i], error))
      return NULL;
  }
  return g_steal_pointer(&self);
}

const CasaFeed *
casa_feeds_find(const CasaFeeds *self, const CasaPayload *payload)
{
  for (guint i = 0; self && i < self->feeds->len; i++) {
    const CasaFeed *feed = self->feeds->pdata[i];
    if (casa_payload_kit_is(payload, feed->topic))
      return feed;
  }
  return NULL;
}

/* --- Messages ---------------------------------------------------------------------------------------------------- */

static gboolean
claims(CasaPayload *payload)
{
  return casa_feeds_find(payload->feeds, payload) != NULL;
}

static gboolean
eval(const CasaPayload *payload, const char *template, json_t *root, CasaMember *out)
{
  return casa_template_eval(template, payload->text, payload->text_len, root, out) == CASA_TEMPLATE_OK;
}

static void
name_station(CasaPayload *payload, CasaEmit *emit, const CasaFeed *feed, json_t *root)
{
  CasaMember name = { .name = "station" };
  casa_format_station_of_topic(payload, emit, 0);
  if (feed->station_level >= 0) {
    g_autofree char *level = casa_kit_level(payload, feed->station_level);
    casa_kit_station(payload, emit, level);
  } else if (feed->station && eval(payload, feed->station, root, &name)) {
    g_autofree char *text = name.type == CASA_MEMBER_TEXT     ? g_strndup(name.text, name.text_len)
                            : name.type == CASA_MEMBER_NUMBER ? g_strdup_printf("%.0f", name.number)
                                                              : NULL;
    casa_kit_station(payload, emit, text);
  }
}

static void
take_one(CasaPayload *payload, CasaEmit *emit, const CasaFeed *feed, json_t *root)
{
  CasaMember time = { .name = "time", .name_len = 4 };
  name_station(payload, emit, feed, root);
  if (!casa_emit_begin(emit))
    return;
  if (feed->time && eval(payload, feed->time, root, &time) && time.type == CASA_MEMBER_TEXT)
    casa_kit_time_text(emit, time.text, time.text_len);
  else if (time.type == CASA_MEMBER_NUMBER && feed->time)
    casa_emit_time(emit, &time);
  for (guint i = 0; i < feed->n_values; i++) {
    CasaMember value = { .name = feed->values[i].metric, .name_len = strlen(feed->values[i].metric) };
    if (eval(payload, feed->values[i].template, root, &value))
      casa_kit_take_as(emit, &value, feed->values[i].metric, feed->values[i].unit);
  }
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  const CasaFeed *feed = casa_feeds_find(payload->feeds, payload);
  gboolean json = payload->text_len > 0 && strchr("{[", payload->text[0]);
  json_auto_t *form = json ? NULL : casa_kit_form(payload); /* field1=21.5&field2=48 */
  json_t *root = json ? casa_payload_json(payload, NULL) : form, *one;
  CasaMember list = { .name = "each" };
  size_t i;
  casa_emit_domain(emit, feed->domain);
  if (!feed->each) {
    take_one(payload, emit, feed, root);
  } else if (eval(payload, feed->each, root, &list) && list.type == CASA_MEMBER_ARRAY) {
    json_array_foreach (list.json, i, one)
      take_one(payload, emit, feed, one);
  }
}

const CasaFormat casa_format_feeds = { .id = "feeds", .name = "config/feeds.conf", .claims = claims, .decode = decode };
