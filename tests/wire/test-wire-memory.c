/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/memory.h"

#include <string.h>

static void
test_notes(void)
{
  gsize len;
  CasaMemory *memory = casa_memory_new();
  g_assert_null(casa_memory_get(memory, "a", "f", "k", NULL));
  casa_memory_forget(memory, "a", "f", "k");
  casa_memory_put(memory, "a", "f", "k", "one\0two", 7);
  g_assert_cmpstr(casa_memory_get(memory, "a", "f", "k", &len), ==, "one");
  g_assert_cmpuint(len, ==, 7);
  casa_memory_put(memory, "a", "f", "k", "three", 5);
  g_assert_cmpstr(casa_memory_get(memory, "a", "f", "k", NULL), ==, "three");
  /* Neither another format's nor another source's. */
  g_assert_null(casa_memory_get(memory, "a", "g", "k", NULL));
  g_assert_null(casa_memory_get(memory, "b", "f", "k", NULL));
  casa_memory_put(memory, "a", "f", "nothing", NULL, 0);
  g_assert_cmpstr(casa_memory_get(memory, "a", "f", "nothing", &len), ==, "");
  g_assert_cmpuint(len, ==, 0);
  casa_memory_forget(memory, "a", "f", "k");
  g_assert_null(casa_memory_get(memory, "a", "f", "k", NULL));
  casa_memory_free(memory);
  casa_memory_free(NULL);
}

static void
put_number(CasaMemory *memory, guint i, gsize size)
{
  g_autofree char *key = g_strdup_printf("%u", i), *bytes = g_strnfill(size, 'x');
  casa_memory_put(memory, "a", "f", key, bytes, size);
}

static gboolean
has_number(CasaMemory *memory, guint i)
{
  g_autofree char *key = g_strdup_printf("%u", i);
  return casa_memory_get(memory, "a", "f", key, NULL) != NULL;
}

/* The oldest go, and what is used is not old. */
static void
test_bounds(void)
{
  CasaMemory *memory = casa_memory_new();
  for (guint i = 0; i < CASA_MEMORY_NOTES; i++)
    put_number(memory, i, 1);
  g_assert_true(has_number(memory, 0));
  put_number(memory, CASA_MEMORY_NOTES, 1);
  g_assert_true(has_number(memory, 0));
  g_assert_false(has_number(memory, 1));
  g_assert_true(has_number(memory, 2));

  put_number(memory, 5000, CASA_MEMORY_BYTES - 100);
  g_assert_true(has_number(memory, 5000));
  g_assert_false(has_number(memory, 1000));
  put_number(memory, 5000, CASA_MEMORY_BYTES); /* with its key too large: not kept, and what was there is no longer true */
  g_assert_false(has_number(memory, 5000));
  casa_memory_free(memory);
}

static void
test_sources(void)
{
  CasaMemory *memory = casa_memory_new();
  for (guint i = 0; i < CASA_MEMORY_SOURCES + 1; i++) {
    g_autofree char *name = g_strdup_printf("s%u", i);
    casa_memory_put(memory, name, "f", "k", "v", 1);
    g_assert_nonnull(casa_memory_get(memory, "s0", "f", "k", NULL));
  }
  g_assert_null(casa_memory_get(memory, "s1", "f", "k", NULL));
  g_assert_nonnull(casa_memory_get(memory, "s2", "f", "k", NULL));
  casa_memory_free(memory);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/wire/memory/notes", test_notes);
  g_test_add_func("/wire/memory/bounds", test_bounds);
  g_test_add_func("/wire/memory/sources", test_sources);
  return g_test_run();
}
