/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/toll.h"

#include <math.h>
#include <string.h>

#include "wire/tree.h"

#define LATEST_MS 4e12 /* of a time in Unix milliseconds: far from where doubles are no longer whole */

static gboolean
copy_time(const json_t *root, const char *key, gint64 *out)
{
  const json_t *value = json_object_get(root, key);
  const double t = json_is_number(value) ? json_number_value(value) : NAN;
  if (!(t > 0 && t < LATEST_MS))
    return FALSE;
  *out = (gint64)t;
  return TRUE;
}

static void
copy_figures(json_t *root, CasaToll *out)
{
  const char *name;
  json_t *value;
  json_object_foreach (root, name, value) {
    if (out->n == CASA_TOLL_FIGURES)
      return;
    if (!json_is_number(value) || !isfinite(json_number_value(value)) || strlen(name) > CASA_NAME_MAX ||
        g_str_equal(name, "t") || g_str_equal(name, "since"))
      continue;
    g_strlcpy(out->figures[out->n].name, name, sizeof out->figures[0].name);
    out->figures[out->n++].value = json_number_value(value);
  }
}

gboolean
casa_decode_toll(const CasaWireLimits *limits, const void *payload, gsize len, CasaToll *out)
{
  CasaReason why;
  memset(out, 0, sizeof *out);
  if (len == 0 || !casa_tree_check_size(limits, len, &why))
    return FALSE;
  json_t *root = casa_tree_load(limits, payload, len, &why);
  const gboolean ok =
    root && json_is_object(root) && copy_time(root, "t", &out->t_ms) && copy_time(root, "since", &out->since_ms);
  if (ok)
    copy_figures(root, out);
  json_decref(root);
  return ok;
}

double
casa_toll_figure(const CasaToll *self, const char *name)
{
  for (guint i = 0; i < self->n; i++)
    if (g_str_equal(self->figures[i].name, name))
      return self->figures[i].value;
  return NAN;
}

void
casa_tolls_keep(CasaToll *tolls, guint *n, const CasaToll *toll)
{
  guint at = 0;
  for (guint i = 1; i < *n; i++)
    at = tolls[i].t_ms < tolls[at].t_ms ? i : at;
  if (*n < CASA_TOLLS)
    at = *n;
  for (guint i = 0; i < *n; i++)
    at = tolls[i].since_ms == toll->since_ms ? i : at;
  *n = MAX(*n, at + 1);
  tolls[at] = *toll;
}
