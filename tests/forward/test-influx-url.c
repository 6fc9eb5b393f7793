/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "forward/influx-url.h"

#include <string.h>

static void
assert_good(const char *url, CasaInfluxApi api, const char *name, const char *write_url, const char *query_url)
{
  g_autoptr(GError) error = NULL;
  CasaInfluxUrl out;

  g_assert_true(casa_influx_url_parse(url, &out, &error));
  g_assert_no_error(error);
  g_assert_cmpint(out.api, ==, api);
  g_assert_cmpstr(out.name, ==, name);
  g_assert_cmpstr(out.write_url, ==, write_url);
  g_assert_cmpstr(out.query_url, ==, query_url);
  casa_influx_url_clear(&out);
}

static void
test_versions(void)
{
  assert_good("http://host:8086/?db=casa", CASA_INFLUX_V1, "http://host:8086/?db=casa",
              "http://host:8086/write?db=casa&precision=ms", "http://host:8086/query");
  assert_good("http://host:8086?db=casa&rp=week", CASA_INFLUX_V1, "http://host:8086/?db=casa&rp=week",
              "http://host:8086/write?db=casa&rp=week&precision=ms", "http://host:8086/query");
  assert_good("https://host/?org=Ville+de+Casa&bucket=b%26c", CASA_INFLUX_V2, "https://host/?org=Ville+de+Casa&bucket=b%26c",
              "https://host/api/v2/write?org=Ville%20de%20Casa&bucket=b%26c&precision=ms", NULL);
  assert_good("http://host:8181/?database=d", CASA_INFLUX_V3, "http://host:8181/?database=d",
              "http://host:8181/api/v3/write_lp?db=d&precision=millisecond", NULL);
}

/* Reading goes over the path of 1.x whatever the version; VictoriaMetrics stands behind 1.x only. */
static void
test_reading(void)
{
  static const char *const cases[][3] = {
    { "http://host:8086/?db=ca%20sa&rp=week", "http://host:8086/query?db=ca%20sa&rp=week&epoch=ms",
      "http://host:8086/api/v1/export" },
    { "https://host/in/?org=o&bucket=b%26c", "https://host/in/query?db=b%26c&epoch=ms", NULL },
    { "http://host:8181/?database=d", "http://host:8181/query?db=d&epoch=ms", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    CasaInfluxUrl out;
    g_assert_true(casa_influx_url_parse(cases[i][0], &out, NULL));
    g_assert_cmpstr(out.read_url, ==, cases[i][1]);
    g_assert_cmpstr(out.export_url, ==, cases[i][2]);
    casa_influx_url_clear(&out);
  }
}

static void
test_path_is_kept(void)
{
  assert_good("http://host/insert/0/influx/?db=casa", CASA_INFLUX_V1, "http://host/insert/0/influx/?db=casa",
              "http://host/insert/0/influx/write?db=casa&precision=ms", "http://host/insert/0/influx/query");
  assert_good("http://[::1]:8086/?db=casa", CASA_INFLUX_V1, "http://[::1]:8086/?db=casa",
              "http://[::1]:8086/write?db=casa&precision=ms", "http://[::1]:8086/query");
}

static void
assert_bad(const char *url, const char *word)
{
  g_autoptr(GError) error = NULL;
  CasaInfluxUrl out;

  g_assert_false(casa_influx_url_parse(url, &out, &error));
  g_assert_error(error, CASA_ERROR, CASA_ERROR_USAGE);
  g_assert_nonnull(strstr(error->message, word));
  g_assert_null(out.name);
}

static void
test_mistakes_are_named(void)
{
  assert_bad("", "cannot be read");
  assert_bad("localhost:8086", "http://");
  assert_bad("ftp://host/?db=casa", "http://");
  assert_bad("http://host:8086/", "names no database");
  assert_bad("http://host:8086/?db=", "\"db\" is empty");
  assert_bad("http://host:8086/?db=a&db=b", "given twice");
  assert_bad("http://host:8086/?db=a&database=b", "different versions");
  assert_bad("http://host:8086/?org=a", "go together");
  assert_bad("http://host:8086/?bucket=a", "go together");
  assert_bad("http://host:8086/?bucket=a&org=b&rp=c", "rp=");
  assert_bad("http://host:8086/?db", "cannot be read");
  assert_bad("http:?db=a", "host");
  assert_bad("http://host:8086/?database=a&rp=b", "rp=");
  assert_bad("http://host:8086/?db=a&precision=s", "\"precision\"");
  assert_bad("http://host:8086/?db=a#x", "#");
  assert_bad("http:///?db=a", "host");
  assert_bad("http://ho\x14st/?db=a", "control character");
  assert_bad("http://ho%20st/?db=a", "its host");
  assert_bad("http://host%2fx/?db=a", "its host");
  assert_bad("http://host/a b/?db=a", "%20");
}

static void
test_secrets_are_refused_and_not_repeated(void)
{
  static const char *const urls[] = {
    "http://admin:hunter2@host/?db=casa",
    "http://host/?db=casa&u=admin&p=hunter2",
    "http://host/?db=casa&token=hunter2",
    "http://hunter2@host/?db=casa",
  };

  for (guint i = 0; i < G_N_ELEMENTS(urls); i++) {
    g_autoptr(GError) error = NULL;
    CasaInfluxUrl out;
    g_assert_false(casa_influx_url_parse(urls[i], &out, &error));
    g_assert_nonnull(strstr(error->message, "token_file"));
    g_assert_null(strstr(error->message, "hunter2"));
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/forward/influx-url/versions", test_versions);
  g_test_add_func("/forward/influx-url/reading", test_reading);
  g_test_add_func("/forward/influx-url/path-is-kept", test_path_is_kept);
  g_test_add_func("/forward/influx-url/mistakes-are-named", test_mistakes_are_named);
  g_test_add_func("/forward/influx-url/secrets", test_secrets_are_refused_and_not_repeated);
  return g_test_run();
}
