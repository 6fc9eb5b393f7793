/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* How a table writes its times: a format and, where that names none, a zone. Immutable after init. */
typedef struct {
  char *format;      /* "rfc3339", "epoch", or a pattern of %d %m %Y %y %H %M %S %f %z, other characters as they are */
  char *zone;        /* "UTC", "+01:00", "Africa/Casablanca", another of the system's names */
  GTimeZone *system; /* NULL: UTC, an offset or Casablanca */
  gint64 offset_ms;
  gboolean casablanca; /* by the table of civil.h */
} CasaSimTimeFormat;

/* Copies. CASA_ERROR_ZONE: @zone is not known; CASA_ERROR_USAGE: what is wrong with @format; and how to write them. */
gboolean casa_sim_time_format_init(CasaSimTimeFormat *self, const char *format, const char *zone,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void casa_sim_time_format_clear(CasaSimTimeFormat *self); /* Frees what it holds, not itself */

/* FALSE: @text is no such time, or no moment at all (31 February), or before 1970 or after 2200. */
gboolean casa_sim_time_read(const CasaSimTimeFormat *self, const char *text, gint64 *out_ms);

/* The first of the usual formats that reads @text (NULL: none does), and whether it needs a zone. */
const char *casa_sim_time_guess(const char *text, gboolean *out_needs_zone);

G_END_DECLS
