/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/data/note-flags.h"

static gboolean
is_kept(CasaKeepsakes *keepsakes, const char *id)
{
  for (guint i = 0; i < casa_keepsakes_n_notes(keepsakes); i++)
    if (g_str_equal(casa_keepsakes_note(keepsakes, i)->id, id))
      return TRUE;
  return FALSE;
}

static void
changed_cb(CasaKeepsakes *keepsakes, gpointer data)
{
  CasaFlags *flags = data;

  for (guint i = casa_flags_n(flags); i > 0; i--) {
    const CasaFlag *flag = casa_flags_get(flags, i - 1);
    if (flag->note && !is_kept(keepsakes, flag->id))
      casa_flags_remove(flags, flag->id);
  }
  for (guint i = 0; i < casa_keepsakes_n_notes(keepsakes); i++) {
    const CasaNote *note = casa_keepsakes_note(keepsakes, i);
    /* In the language that it was written in. */
    casa_flags_put(flags, &(CasaFlag){ .id = note->id,
                                       .from_ms = note->from_ms,
                                       .to_ms = note->to_ms,
                                       .sign = "N",
                                       .text = { note->text, note->text, note->text },
                                       .note = TRUE });
  }
}

gulong
casa_note_flags_follow(CasaFlags *flags, CasaKeepsakes *keepsakes)
{
  if (!keepsakes)
    return 0;
  changed_cb(keepsakes, flags);
  return g_signal_connect(keepsakes, "changed", G_CALLBACK(changed_cb), flags);
}
