/* SPDX-License-Identifier: Apache-2.0 */
#include "city/domain-files.h"

#include <string.h>

#define FOLDER "domains"
#define SUFFIX ".conf"

static gint
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
casa_domain_files_list(const char *dir)
{
  g_autofree char *folder = g_build_filename(dir, FOLDER, NULL);
  g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  const char *name;

  while (open && (name = g_dir_read_name(open)))
    if (*name != '.' && g_str_has_suffix(name, SUFFIX))
      g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(paths, compare_names);
  return paths;
}

/* Bits of CasaDomainPart; 0: it belongs nowhere. */
static guint
parts_of(const char *group)
{
  static const struct {
    const char *what;
    guint parts;
  } kinds[] = { { "domain ", 1 << CASA_DOMAIN_METRICS | 1 << CASA_DOMAIN_INDICATORS },
                { "kind ", 1 << CASA_DOMAIN_INDICATORS },
                { "scale ", 1 << CASA_DOMAIN_INDICATORS },
                { "limit ", 1 << CASA_DOMAIN_INDICATORS },
                { "indicator ", 1 << CASA_DOMAIN_INDICATORS },
                { "event ", 1 << CASA_DOMAIN_STORIES },
                { "story ", 1 << CASA_DOMAIN_STORIES },
                { "scene ", 1 << CASA_DOMAIN_SCENES } };
  static const char *const elsewhere[] = { "domains", "own", "parachute", NULL }; /* of the four files alone */

  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_has_prefix(group, kinds[i].what))
      return kinds[i].parts;
  return strchr(group, ' ') || g_strv_contains(elsewhere, group) ? 0 : 1 << CASA_DOMAIN_METRICS;
}

static gboolean
is_wanted(const char *group, gpointer part)
{
  return (parts_of(group) >> GPOINTER_TO_UINT(part) & 1) != 0;
}

static gboolean
check_groups(const CasaKeyfile *file, GError **error)
{
  const char *const *groups = casa_keyfile_groups(file);

  for (guint i = 0; groups[i]; i++)
    if (!parts_of(groups[i]))
      return casa_keyfile_fail(file, groups[i], NULL, error,
                               "does not belong into the file of a domain; known here: [domain NAME], [METRIC], [kind NAME], "
                               "[scale NAME], [limit NAME], [indicator NAME], [event KIND], [story NAME], [scene NAME]");
  return TRUE;
}

gboolean
casa_domain_files_add(CasaKeyfile *file, const char *dir, CasaDomainPart part, GError **error)
{
  g_autoptr(GPtrArray) paths = casa_domain_files_list(dir);

  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(CasaKeyfile) more = casa_keyfile_load(paths->pdata[i], error);
    if (!more || (part == CASA_DOMAIN_METRICS && !check_groups(more, error)) ||
        !casa_keyfile_add(file, more, is_wanted, GUINT_TO_POINTER(part), error))
      return FALSE;
  }
  return TRUE;
}

gboolean
casa_domain_files_look(CasaFileStamp *stamp, const char *dir)
{
  g_autoptr(GPtrArray) paths = casa_domain_files_list(dir);
  CasaFileStamp all = { .size = paths->len }, before = *stamp;

  for (guint i = 0; i < paths->len; i++) { /* one number that differs when any of them does */
    const CasaFileStamp one = casa_file_stamp(paths->pdata[i]);
    const guint64 of_time = (guint64)one.changed.tv_sec * 1000000007 + (guint64)one.changed.tv_nsec;
    all.inode = ((all.inode * 31 + g_str_hash(paths->pdata[i])) * 31 + one.inode) * 31 + one.size;
    all.inode = all.inode * 31 + of_time;
  }
  *stamp = all;
  return all.inode != before.inode || all.size != before.size;
}
