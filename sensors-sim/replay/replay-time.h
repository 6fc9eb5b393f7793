/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How a table writes its times: a format and, where that names none, a zone. Immutable after init. */
typedef struct {
  char *format;      /* "rfc3339", "epoch", "excel" (days since 1899-12-30), or a pattern of %d %m %Y %y %H %I %p %M %S %f %z */
  char *zone;        /* "UTC", "+01:00", "Africa/Casablanca", another of the system's names */
  GTimeZone *system; /* NULL: UTC, an offset or Casablanca */
  gint64 offset_ms;
  gboolean casablanca; /* by the table of civil.h */
} CasaSimTimeFormat;

/* Copies. CASA_ERROR_ZONE: @zone is not known; CASA_ERROR_USAGE: what is wrong with @format; and how to write them. */
gboolean casa_sim_time_format_init(CasaSimTimeFormat *self, const char *format, const char *zone,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_time_format_clear(CasaSimTimeFormat *self); /* Frees what it holds, not itself */

/* What a text says of time. */
typedef enum {
  CASA_SIM_TIME_NOT,     /* no such time, or no moment at all (31 February), or before 1970 or after 2200 */
  CASA_SIM_TIME_ONE,     /* a moment */
  CASA_SIM_TIME_TWICE,   /* an hour that the clock ran through twice: two moments, the earlier first */
  CASA_SIM_TIME_SKIPPED, /* an hour that the clock left out: there was no such moment in this zone */
} CasaSimMoment;

/* All that @text can mean; @out is written unless it is NOT. */
CasaSimMoment casa_sim_time_moments(const CasaSimTimeFormat *self, const char *text, gint64 out[2]);

/* The (first) moment. FALSE: there is none. */
gboolean casa_sim_time_read(const CasaSimTimeFormat *self, const char *text, gint64 *out_ms);

G_END_DECLS
