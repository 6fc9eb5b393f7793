/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config.h"
#include "base/error.h"
#include "base/keyfile.h"

#include <string.h>

static CasaKeyfile *
parse(const char *text)
{
  g_autoptr(GError) error = NULL;
  CasaKeyfile *file = casa_keyfile_parse(text, strlen(text), "f.conf", &error);
  g_assert_no_error(error);
  return file;
}

static void
values(void)
{
  g_autoptr(CasaKeyfile) file = parse("# c\n\n[a]\n x = 1 = 2 \r\nempty=\nlist= p ;; q;\n[b b]\nx=\"é\"\n");
  g_assert_cmpstr(casa_keyfile_get(file, "a", "x"), ==, "1 = 2");
  g_assert_cmpstr(casa_keyfile_get(file, "b b", "x"), ==, "\"é\"");
  g_assert_null(casa_keyfile_get(file, "a", "empty"));
  g_assert_null(casa_keyfile_get(file, "a", "nothing"));
  g_auto(GStrv) list = casa_keyfile_get_list(file, "a", "list");
  g_assert_cmpuint(g_strv_length(list), ==, 2);
  g_assert_cmpstr(list[1], ==, "q");
  g_assert_true(g_strv_contains(casa_keyfile_groups(file), "b b"));
  g_assert_cmpuint(g_strv_length((char **)casa_keyfile_groups(file)), ==, 2);
}

static void
lines(void)
{
  g_autoptr(CasaKeyfile) file = parse("# top\n[a]\nx=1\n\n[b]\n# x=5\nx=2\ny = 3");
  g_assert_cmpuint(casa_keyfile_line_of(file, "a", "x"), ==, 3);
  g_assert_cmpuint(casa_keyfile_line_of(file, "b", "x"), ==, 7);
  g_assert_cmpuint(casa_keyfile_line_of(file, "b", "y"), ==, 8);
  g_assert_cmpuint(casa_keyfile_line_of(file, "b", NULL), ==, 5);
  g_assert_cmpuint(casa_keyfile_line_of(file, "a", "y"), ==, 0);
  g_assert_cmpuint(casa_keyfile_line_of(file, "c", "x"), ==, 0);
}

static gboolean
begins_with(const char *group, gpointer prefix)
{
  return g_str_has_prefix(group, prefix);
}

/* Groups of another file: each complaint names the file that it came from. */
static void
added(void)
{
  static const char more[] = "[m a]\nx=5\n[n b]\nx=6\n[m c]\ny=7\n";
  g_autoptr(CasaKeyfile) file = parse("[a]\nx=1\n");
  g_autoptr(GError) error = NULL;
  CasaKeyfile *other = casa_keyfile_parse(more, strlen(more), "/etc/more.conf", &error);
  double x = 0;

  g_assert_true(casa_keyfile_add(file, other, begins_with, (gpointer) "m ", &error));
  casa_keyfile_free(other);
  g_autofree char *groups = g_strjoinv("|", (char **)casa_keyfile_groups(file));
  g_assert_cmpstr(groups, ==, "a|m a|m c");
  g_assert_cmpstr(casa_keyfile_get(file, "m c", "y"), ==, "7");
  g_assert_null(casa_keyfile_get(file, "n b", "x"));
  g_assert_false(casa_keyfile_get_double(file, "m c", "y", 0, 1, &x, &error));
  g_assert_nonnull(strstr(error->message, "/etc/more.conf:6: [m c] y:"));
  g_clear_error(&error);
  g_assert_false(casa_keyfile_fail(file, "m a", "missing", &error, "is not there"));
  g_assert_nonnull(strstr(error->message, "/etc/more.conf:1: [m a] missing:"));
  g_clear_error(&error);
  g_assert_false(casa_keyfile_get_double(file, "a", "x", 2, 3, &x, &error));
  g_assert_nonnull(strstr(error->message, "f.conf:2: [a] x:"));
  g_clear_error(&error);

  g_autoptr(CasaKeyfile) again = casa_keyfile_parse(more, strlen(more), "/etc/again.conf", &error);
  g_assert_false(casa_keyfile_add(file, again, begins_with, (gpointer) "m ", &error));
  g_assert_nonnull(strstr(error->message, "/etc/again.conf:1: [m a]: stands in /etc/more.conf:1, too"));
}

static void
complaints_name_the_line(void)
{
  static const struct {
    const char *text;
    const char *message; /* a part of it */
  } cases[] = {
    { "x=1\n", "f.conf:1: a key before" },
    { "[a]\nx=1\nrubbish\n", "f.conf:3: neither" },
    { "[a]\n=1\n", "f.conf:2: neither" },
    { "[a\nx=1\n", "f.conf:1: neither" },
    { "[]\n", "f.conf:1: neither" },
    { "[a]\nx=1\ny=1\nx=2\n", "f.conf:4: [a] x: written twice, first on line 2" },
    { "[a]\nx=1\n[b]\n[a]\n", "f.conf:4: this [group] stands twice" },
    { "[a]\nx=1\ny=\\q\n", "f.conf:3: [a] y: cannot be read" },
    { "[a]\nx=1\ny=caf\xE9\n", "f.conf:3: not UTF-8" },
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(casa_keyfile_parse(cases[i].text, strlen(cases[i].text), "f.conf", &error));
    g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].message));
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(casa_keyfile_parse("[a]\nx=\0\n", 8, "f.conf", &error));
  g_assert_nonnull(strstr(error->message, "f.conf:2:"));
}

static void
typed(void)
{
  g_autoptr(CasaKeyfile) file = parse("[a]\nd=1.5\nbad=1,5\nu=7\nneg=-1\nb=true\nyes=yes\nt=90s\nnan=nan\n");
  double d = 0;
  guint u = 0;
  gboolean b = FALSE;
  gint64 t = 0;
  g_assert_true(casa_keyfile_get_double(file, "a", "d", 0, 2, &d, NULL));
  g_assert_cmpfloat(d, ==, 1.5);
  g_assert_true(casa_keyfile_get_double(file, "a", "absent", 0, 2, &d, NULL));
  g_assert_cmpfloat(d, ==, 1.5);
  g_assert_true(casa_keyfile_get_uint(file, "a", "u", 0, 7, &u, NULL));
  g_assert_cmpuint(u, ==, 7);
  g_assert_true(casa_keyfile_get_bool(file, "a", "b", &b, NULL));
  g_assert_true(b);
  g_assert_true(casa_keyfile_get_duration(file, "a", "t", 0, 100000, &t, NULL));
  g_assert_cmpint(t, ==, 90000);

  g_autoptr(GError) error = NULL;
  g_assert_false(casa_keyfile_get_double(file, "a", "bad", 0, 2, &d, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_CONFIG);
  g_assert_nonnull(strstr(error->message, "f.conf:3: [a] bad: \"1,5\" is not a number"));
  g_assert_false(casa_keyfile_get_double(file, "a", "d", 2, 3, &d, NULL));
  g_assert_false(casa_keyfile_get_double(file, "a", "nan", 0, 1, &d, NULL));
  g_assert_false(casa_keyfile_get_uint(file, "a", "neg", 0, 7, &u, NULL));
  g_assert_false(casa_keyfile_get_uint(file, "a", "u", 0, 6, &u, NULL));
  g_assert_false(casa_keyfile_get_bool(file, "a", "yes", &b, NULL));
  g_assert_false(casa_keyfile_get_duration(file, "a", "t", 0, 89999, &t, NULL));
  g_assert_cmpuint(u, ==, 7); /* a refused value changes nothing */
}

/* The first bytes of a plausible file with each byte replaced in turn: never a crash, always a result or an error. */
static void
garbage(void)
{
  static const char text[] = "[a]\nx=1;2\n#é\n[b]\ny=\\s\n";
  static const char bytes[] = { '\0', '\n', '[', ']', '=', '\\', '#', '\xC3', '\xFF', ' ', 'x' };
  for (gsize i = 0; i < sizeof text - 1; i++)
    for (guint b = 0; b < sizeof bytes; b++) {
      g_autofree char *copy = g_memdup2(text, sizeof text - 1); /* no NUL at its end */
      g_autoptr(GError) error = NULL;
      copy[i] = bytes[b];
      g_autoptr(CasaKeyfile) file = casa_keyfile_parse(copy, sizeof text - 1, "f.conf", &error);
      g_assert_true((file != NULL) != (error != NULL));
    }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/keyfile/values", values);
  g_test_add_func("/base/keyfile/lines", lines);
  g_test_add_func("/base/keyfile/added", added);
  g_test_add_func("/base/keyfile/complaints-name-the-line", complaints_name_the_line);
  g_test_add_func("/base/keyfile/typed", typed);
  g_test_add_func("/base/keyfile/garbage", garbage);
  return g_test_run();
}
