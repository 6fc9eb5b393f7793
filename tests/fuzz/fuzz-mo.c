/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"
#include "ui/text/mo.h"

#include <string.h>

/* Every string that lies in the file, as a message: the catalogue's own are among them. */
static void
look_up_all(const CasaMo *mo, const char *text, gsize size)
{
  guint n = 0;
  for (const char *p = text, *end = text + size; p < end && n < 200; n++) {
    gsize len = strnlen(p, (gsize)(end - p));
    g_autofree char *msgid = g_strndup(p, len);
    for (guint form = 0; form < 4; form++) {
      const char *found = casa_mo_lookup(mo, form == 3 ? "ctx" : NULL, msgid, form);
      g_assert_true(!found || (*found && g_utf8_validate(found, -1, NULL) && casa_mo_same_arguments(msgid, found)));
    }
    p += len + 1;
  }
}

static void
compare_formats(const char *text, gsize size)
{
  g_autofree char *copy = g_strndup(text, size);
  char *second = strchr(copy, '\n');
  if (second)
    *second++ = '\0';
  gboolean same = casa_mo_same_arguments(copy, second ? second : copy);
  g_assert_true(same == casa_mo_same_arguments(second ? second : copy, copy));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  GError *error = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new(data, size);
  g_autoptr(CasaMo) mo = casa_mo_new(bytes, &error);
  fuzz_check_error(mo != NULL, error);
  if (mo)
    look_up_all(mo, (const char *)data, size);
  compare_formats((const char *)data, size);
  return 0;
}
