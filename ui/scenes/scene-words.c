/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/scenes/scene-words.h"
#include "ui/text/lang.h"

/* In a line of its own, and never in the place of the wall: the hall need not know. */
char *
casa_scene_words_fault(CasaSceneList *list)
{
  const CasaSceneFault *fault = casa_scene_list_fault(list);

  if (!fault)
    return NULL;
  g_autofree char *line = fault->line ? g_strdup_printf(":%u", fault->line) : g_strdup("");
  g_autofree char *key = fault->key ? g_strdup_printf(" (%s)", fault->key) : g_strdup("");

  /* TR: a mistake in the file of scenes; file, line, key: "▲ scenes.conf:14 (map) : version précédente" */
  return g_strdup_printf(_("▲ %s%s%s : version précédente"), fault->file, line, key);
}

char *
casa_scene_words_hint(CasaSceneList *list, guint i)
{
  const CasaSceneFile *file = casa_scene_list_file(list);

  if (i == 0)
    return g_strdup(_("F11 plein écran · L langue · Ctrl+? aide"));
  /* TR: which scene of how many, then its name */
  return g_strdup_printf(_("scène %u/%u · %s"), i + 1, casa_scene_file_n(file), casa_scene_title(casa_scene_file_get(file, i)));
}
