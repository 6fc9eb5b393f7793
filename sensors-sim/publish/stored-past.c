/* SPDX-License-Identifier: Apache-2.0 */
#include "stored-past.h"

#include <string.h>

#include "wire/encode.h"
#include "wire/tree.h"

#define ANSWER_BYTES 16384

typedef struct {
  gint64 from_ms, to_ms; /* to exclusive */
} Stretch;

struct _CasaSimStoredPast {
  GArray *stretches; /* Stretch */
};

static gboolean
is_moment(const json_t *value, gint64 t_ms)
{
  return json_is_real(value) && json_real_value(value) == (double)t_ms;
}

/* FALSE: not two moments. */
static gboolean
read_stretch(const json_t *pair, Stretch *out)
{
  const json_t *from = json_array_get(pair, 0), *to = json_array_get(pair, 1);
  if (!json_is_real(from) || !json_is_real(to))
    return FALSE;
  *out = (Stretch){ (gint64)json_real_value(from), (gint64)json_real_value(to) };
  return TRUE;
}

CasaSimStoredPast *
casa_sim_stored_past_parse(const char *answer, const char *source, gint64 from_ms, gint64 to_ms)
{
  static const CasaWireLimits limits = { .max_payload = ANSWER_BYTES, .max_depth = 4, .max_fields = 16 };
  CasaReason why;
  g_autoptr(CasaSimStoredPast) self = g_new0(CasaSimStoredPast, 1);
  self->stretches = g_array_new(FALSE, FALSE, sizeof(Stretch));
  json_t *tree = casa_tree_load(&limits, answer, strlen(answer), &why);
  const json_t *have = json_object_get(tree, "have");
  gboolean ok = g_strcmp0(json_string_value(json_object_get(tree, "source")), source) == 0 &&
                is_moment(json_object_get(tree, "from"), from_ms) && is_moment(json_object_get(tree, "to"), to_ms) &&
                json_is_array(have);
  for (gsize i = 0; ok && i < json_array_size(have); i++) {
    Stretch stretch;
    ok = read_stretch(json_array_get(have, i), &stretch);
    if (ok)
      g_array_append_val(self->stretches, stretch);
  }
  json_decref(tree);
  return ok ? g_steal_pointer(&self) : NULL;
}

void
casa_sim_stored_past_free(CasaSimStoredPast *self)
{
  if (!self)
    return;
  g_array_unref(self->stretches);
  g_free(self);
}

gboolean
casa_sim_stored_past_has(const CasaSimStoredPast *self, gint64 t_ms)
{
  for (guint i = 0; self && i < self->stretches->len; i++) {
    const Stretch *s = &g_array_index(self->stretches, Stretch, i);
    if (t_ms >= s->from_ms && t_ms < s->to_ms)
      return TRUE;
  }
  return FALSE;
}

char *
casa_sim_stored_past_question(const char *source, gint64 from_ms, gint64 to_ms, gint64 step_ms)
{
  GString *out = g_string_new("{\"source\":");
  casa_encode_string(out, source);
  g_string_append_printf(out, ",\"from\":%" G_GINT64_FORMAT ",\"to\":%" G_GINT64_FORMAT ",\"step\":%" G_GINT64_FORMAT "}",
                         from_ms, to_ms, step_ms);
  return g_string_free(out, FALSE);
}
