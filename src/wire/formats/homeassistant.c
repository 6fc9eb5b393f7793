/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"
#include "wire/formats/template.h"

#include <string.h>

/* Home Assistant: homeassistant/<component>/[<node>/]<object>/config says on which topic a state comes, of what, in which unit
 * and where in the message; the states themselves; and its statestream, homeassistant/sensor/<entity>/state.
 * https://www.home-assistant.io/integrations/mqtt/ */

static const char *const marks[] = { "stat_t", "state_topic", "uniq_id", "unique_id", "stat_cla", "val_tpl", NULL };

#define NOTES_MAX 16 /* entities that share a state topic */

/* Long and short names of a member. */
static const char *
text_of(json_t *config, const char *name, const char *brief)
{
  const char *text = casa_kit_text(config, name);
  return text ? text : casa_kit_text(config, brief);
}

static gboolean
is_config(CasaPayload *payload)
{
  json_t *root = casa_kit_root(payload);
  if (casa_kit_level_is(payload, -1, "config") && casa_payload_kit_is(payload, "+/+/+/#"))
    return root || payload->text_len == 0;
  return text_of(root, "state_topic", "stat_t") &&
         (text_of(root, "unique_id", "uniq_id") || json_object_get(root, "dev") || json_object_get(root, "device"));
}

/* homeassistant/sensor/hall_temperature/<attribute> */
static gboolean
is_statestream(const CasaPayload *payload)
{
  static const char *const components[] = { "sensor", "binary_sensor", "switch", "climate", "weather",
                                            "number", "input_number",  "light",  "person",  "sun" };
  if (!casa_kit_level_is(payload, 0, "homeassistant") || !casa_payload_kit_is(payload, "+/+/+/+"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(components); i++)
    if (casa_kit_level_is(payload, 1, components[i]))
      return TRUE;
  return FALSE;
}

/* What discoveries said of the topic: lines of JSON. */
static const char *
notes_of_topic(const CasaPayload *payload)
{
  if (payload->topic->kind != CASA_TOPIC_KIT)
    return NULL;
  g_autofree char *topic = g_strndup(payload->topic->kit, payload->topic->kit_len);
  return casa_payload_recall(payload, "homeassistant", topic, NULL);
}

static gboolean
claims(CasaPayload *payload)
{
  return is_config(payload) || is_statestream(payload) || casa_payload_kit_is(payload, "homeassistant/status") ||
         notes_of_topic(payload);
}

/* --- Discovery --------------------------------------------------------------------------------------------------- */

/* "~" stands for the base topic, at either end. */
static char *
full_topic(json_t *config, const char *topic)
{
  const char *base = casa_kit_text(config, "~");
  gsize len = strlen(topic);
  if (base && topic[0] == '~')
    return g_strconcat(base, topic + 1, NULL);
  if (base && len > 0 && topic[len - 1] == '~')
    return g_strdup_printf("%.*s%s", (int)len - 1, topic, base);
  return g_strdup(topic);
}

/* The metric: the device's class when the catalogue knows it, else the entity's name. */
static const char *
metric_of(const CasaEmit *emit, json_t *config)
{
  const char *names[] = { text_of(config, "device_class", "dev_cla"), text_of(config, "object_id", "obj_id"),
                          casa_kit_text(config, "name") };
  const char *class = names[0];
  if (class && strcmp(class, "power") == 0)
    return "power_w";
  if (class && strcmp(class, "energy") == 0)
    return "energy_kwh";
  if (class && strcmp(class, "current") == 0)
    return "current_a";
  if (class && strcmp(class, "carbon_dioxide") == 0)
    return "co2_ppm";
  if (class && strcmp(class, "illuminance") == 0)
    return "illuminance_lx";
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (names[i] && casa_emit_find_metric(emit, names[i], strlen(names[i])))
      return names[i];
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (names[i] && *names[i])
      return names[i];
  return "value";
}

/* Of a device without a name: names of entities, such as "Temperature", are those of many. NULL: none. */
static const char *
identifier_of(json_t *device)
{
  json_t *ids = json_object_get(device, "identifiers");
  if (!ids)
    ids = json_object_get(device, "ids");
  return json_string_value(json_is_array(ids) ? json_array_get(ids, 0) : ids);
}

/* Two entities of one device and one class, such as the temperatures of two rooms, are two stations. */
static char *
station_of(const CasaEmit *emit, json_t *device, json_t *config, const char *metric)
{
  const char *name = casa_kit_text(device, "name"), *own = casa_kit_text(config, "name"),
             *unique = text_of(config, "unique_id", "uniq_id");
  if (!name)
    name = identifier_of(device);
  if (!name)
    return g_strdup(own ? own : unique ? unique : "homeassistant");
  g_autofree char *key = g_strdup_printf("entity\n%s\n%s", name, metric);
  const char *first = casa_emit_recall((CasaEmit *)emit, key, NULL);
  if (!first || g_strcmp0(first, unique ? unique : own) == 0)
    return g_strdup(name);
  return g_strdup_printf("%s-%s", name, own ? own : unique ? unique : "2");
}

static json_t *
device_of(json_t *config)
{
  json_t *device = json_object_get(config, "device");
  return device ? device : json_object_get(config, "dev");
}

/* A kit whose base topic is our branch (ESPHome's topic_prefix) names its state's topic whole: the kit's own is behind it. */
static const char *
below_branch(const CasaPayload *payload, const char *topic)
{
  g_autofree char *branch = g_strdup_printf("/%s/" CASA_KIT_DOMAIN "/", payload->topic->source);
  const char *at = strstr(topic, branch);
  return at ? at + strlen(branch) : topic;
}

static void
note_entity(const CasaPayload *payload, CasaEmit *emit, json_t *config, json_t *outer)
{
  const char *topic = text_of(config, "state_topic", "stat_t"), *template = text_of(config, "value_template", "val_tpl");
  const char *unit = text_of(config, "unit_of_measurement", "unit_of_meas"), *unique = text_of(config, "unique_id", "uniq_id");
  if (!topic)
    topic = text_of(outer, "state_topic", "stat_t");
  if (!topic)
    return;
  g_autofree char *whole = full_topic(json_object_get(config, "~") ? config : outer, topic);
  const char *full = below_branch(payload, whole);
  const char *metric = metric_of(emit, config);
  g_autofree char *station = station_of(emit, device_of(outer), config, metric),
                  *key = g_strdup_printf("entity\n%s\n%s", station, metric);
  json_auto_t *note = json_pack("{s:s, s:s, s:s*, s:s*, s:s}", "station", station, "metric", metric, "unit", unit, "template",
                                template, "id", unique ? unique : station);
  if (!note)
    return;
  casa_emit_remember(emit, key, unique ? unique : "", unique ? strlen(unique) : 0);
  const char *before = casa_emit_recall(emit, full, NULL);
  json_auto_t *notes = before ? json_loads(before, 0, NULL) : json_object();
  if (!notes || json_object_size(notes) >= NOTES_MAX)
    return;
  json_object_set(notes, unique ? unique : station, note);
  char *text = json_dumps(notes, JSON_COMPACT);
  if (text)
    casa_emit_remember(emit, full, text, strlen(text));
  free(text);
}

static void
take_config(CasaPayload *payload, CasaEmit *emit)
{
  json_t *root = casa_kit_root(payload), *components = json_object_get(root, "components"), *one;
  const char *key;
  casa_emit_understood(emit);
  if (!components)
    components = json_object_get(root, "cmps");
  if (text_of(root, "state_topic", "stat_t") && !components)
    note_entity(payload, emit, root, root);
  json_object_foreach (components, key, one)
    note_entity(payload, emit, one, root);
}

/* --- States ------------------------------------------------------------------------------------------------------ */

static void
take_note(CasaPayload *payload, CasaEmit *emit, json_t *note)
{
  const char *metric = casa_kit_text(note, "metric"), *station = casa_kit_text(note, "station"),
             *template = casa_kit_text(note, "template"), *unit = casa_kit_text(note, "unit");
  CasaMember value = casa_kit_plain(payload, metric);
  json_t *root = casa_kit_root(payload);
  CasaTemplateResult result = CASA_TEMPLATE_OK;
  if (!casa_emit_begin(emit))
    return;
  casa_kit_station(payload, emit, station);
  if (template)
    result = casa_template_eval(template, value.text, value.text_len, root, &value);
  value.name = metric;
  value.name_len = strlen(metric);
  if (result == CASA_TEMPLATE_UNKNOWN)
    casa_kit_refuse(emit, 1, CASA_WHY_TEMPLATE, metric, template);
  else if (result == CASA_TEMPLATE_OK)
    casa_kit_take_as(emit, &value, metric, unit);
  casa_emit_end(emit);
}

static void
take_states(CasaPayload *payload, CasaEmit *emit, const char *text)
{
  json_auto_t *notes = json_loads(text, 0, NULL);
  const char *key;
  json_t *note;
  casa_emit_understood(emit);
  json_object_foreach (notes, key, note)
    if (casa_kit_text(note, "metric"))
      take_note(payload, emit, note);
}

/* What a climate or a weather measures is an attribute: its metric. Speeds are in whatever unit the owner set. NULL: no
 * measurement. */
static const char *
metric_of_attribute(const CasaEmit *emit, const char *component, const char *what)
{
  static const char *const measuring[] = { "climate", "weather", "water_heater", "humidifier", NULL }, current[] = "current_";
  const char *name = g_str_has_prefix(what, current) ? what + strlen(current) : what;
  if (!g_strv_contains(measuring, component) || strstr(what, "wind") || (name == what && strcmp(component, "weather") != 0))
    return NULL;
  return casa_emit_find_metric(emit, name, strlen(name)) ? name : NULL;
}

static void
take_attribute(CasaPayload *payload, CasaEmit *emit, const char *entity, const char *metric)
{
  CasaMember value = casa_kit_plain(payload, metric);
  double number;
  if (casa_member_number(&value, &number) != CASA_NUMBER_OK || !casa_emit_begin(emit))
    return;
  casa_kit_station(payload, emit, entity);
  casa_kit_take_as(emit, &value, metric, NULL);
  casa_emit_end(emit);
}

/* The unit comes on a topic of its own, and is remembered. */
static void
take_statestream(CasaPayload *payload, CasaEmit *emit)
{
  g_autofree char *entity = casa_kit_level(payload, 2), *what = casa_kit_level(payload, 3),
                  *component = casa_kit_level(payload, 1), *key = g_strdup_printf("stream\n%s", entity ? entity : "");
  casa_emit_understood(emit);
  if (!entity || !what || !casa_kit_is_plain(payload))
    return;
  CasaMember value = casa_kit_plain(payload, entity);
  if (strcmp(what, "unit_of_measurement") == 0)
    casa_emit_remember(emit, key, value.text, value.text_len);
  const char *measured = metric_of_attribute(emit, component ? component : "", what);
  if (measured)
    take_attribute(payload, emit, entity, measured);
  if (strcmp(what, "state") != 0)
    return;
  gsize split = casa_emit_find_metric(emit, entity, strlen(entity)) ? 0 : casa_kit_split_name(emit, entity, strlen(entity));
  g_autofree char *station = split > 0 ? g_strndup(entity, split) : g_strdup(entity);
  g_autofree char *unit = g_strdup(casa_emit_recall(emit, key, NULL));
  casa_kit_station(payload, emit, station);
  if (!casa_emit_begin(emit))
    return;
  casa_kit_take_as(emit, &value, split > 0 ? entity + split + 1 : strcmp(component, "sensor") == 0 ? entity : "state", unit);
  casa_emit_end(emit);
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  const char *notes = notes_of_topic(payload);
  if (is_config(payload))
    take_config(payload, emit);
  else if (notes)
    take_states(payload, emit, notes);
  else if (is_statestream(payload))
    take_statestream(payload, emit);
  else
    casa_emit_understood(emit);
}

const CasaFormat casa_format_homeassistant = {
  .id = "homeassistant", .name = "Home Assistant", .marks = marks, .claims = claims, .decode = decode
};
