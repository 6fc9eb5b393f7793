/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/formats/kit.h"

#include <string.h>

/* What kits of all makes say of themselves: …/LWT online, …/availability offline. It is understood, and nothing to store. */

static gboolean
claims(CasaPayload *payload)
{
  static const char *const levels[] = { "LWT",   "lwt",        "availability", "status", "online",
                                        "state", "connection", "connected",    "will" };
  static const char *const words[] = { "online", "offline", "connected", "disconnected", "Online", "Offline" };
  gboolean level = FALSE, word = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(levels); i++)
    level |= casa_kit_level_is(payload, -1, levels[i]);
  if (!level)
    return FALSE;
  if (casa_kit_is_plain(payload)) {
    CasaMember value = casa_kit_plain(payload, "");
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
      word |= value.text_len == strlen(words[i]) && memcmp(value.text, words[i], value.text_len) == 0;
  }
  return word;
}

static void
decode(CasaPayload *payload, CasaEmit *emit)
{
  casa_emit_understood(emit);
}

const CasaFormat casa_format_presence = { .id = "presence", .name = "online, offline", .claims = claims, .decode = decode };
