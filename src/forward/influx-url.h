/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What an `--influx` URL means (docs/FORWARD.md), pure. Any thread. */
typedef enum {
  CASA_INFLUX_V1, /* ?db= */
  CASA_INFLUX_V2, /* ?org=&bucket= */
  CASA_INFLUX_V3, /* ?database= */
} CasaInfluxApi;

typedef struct {
  CasaInfluxApi api;
  char *name;        /* the URL as people know it; holds no secret */
  char *database;    /* db, bucket or database: what to name in a message */
  char *write_url;   /* where lines are POSTed, with precision in milliseconds */
  char *query_url;   /* v1 only, else NULL: where InfluxQL that changes something is POSTed */
  char *read_url;    /* where InfluxQL that reads is asked, of any version; further parameters may follow with & */
  char *export_url;  /* v1 only, else NULL: where VictoriaMetrics gives its samples back */
  char *metrics_url; /* v1 only, else NULL: where VictoriaMetrics and vmagent tell of themselves */
  gboolean loopback; /* the host is this machine: no proxy can stand between */
} CasaInfluxUrl;

/* FALSE and CASA_ERROR_USAGE: says which part is wrong and what a right URL looks like; a URL that carries a secret is
 * refused, and not repeated in the message. */
gboolean casa_influx_url_parse(const char *url, CasaInfluxUrl *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_influx_url_clear(CasaInfluxUrl *self); /* Frees what it holds, not itself */

G_END_DECLS
