/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <string.h>

#include "wire/reason.h"

static const struct {
  const char *key;
  gsize at;
} arguments[] = {
  { "field", G_STRUCT_OFFSET(CasaReason, field) },
  { "got", G_STRUCT_OFFSET(CasaReason, got) },
  { "wanted", G_STRUCT_OFFSET(CasaReason, wanted) },
  { "more", G_STRUCT_OFFSET(CasaReason, more) },
};

/* Arguments are printable: only these two need a backslash in JSON. */
static void
append_text(GString *out, const char *text)
{
  for (const char *p = text; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *p);
  }
}

void
casa_reason_append_json(const CasaReason *reason, GString *out)
{
  g_string_append_printf(out, "{\"why\":\"%s\"", casa_reason_name(reason->why));
  for (guint i = 0; i < G_N_ELEMENTS(arguments); i++) {
    const char *text = G_STRUCT_MEMBER_P(reason, arguments[i].at);
    if (!text[0])
      continue;
    g_string_append_printf(out, ",\"%s\":\"", arguments[i].key);
    append_text(out, text);
    g_string_append_c(out, '"');
  }
  g_string_append_c(out, '}');
}

static gboolean
read_one(json_t *object, CasaReason *out)
{
  const char *name = json_string_value(json_object_get(object, "why"));
  const char *texts[G_N_ELEMENTS(arguments)];
  for (guint i = 0; i < G_N_ELEMENTS(arguments); i++)
    texts[i] = json_string_value(json_object_get(object, arguments[i].key));
  casa_reason_set(out, name ? casa_reason_find(name) : CASA_WHY_NONE, .field = texts[0], .got = texts[1], .wanted = texts[2],
                  .more = texts[3]);
  return out->why != CASA_WHY_NONE;
}

guint
casa_reasons_from_json(const char *json, CasaReason *out, guint max)
{
  guint n = 0;
  json_t *all = json ? json_loads(json, 0, NULL) : NULL;
  for (gsize i = 0; i < json_array_size(all) && n < max; i++)
    n += read_one(json_array_get(all, i), &out[n]);
  json_decref(all);
  return n;
}
