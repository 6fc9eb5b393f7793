/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* The error domain of libcasa. Messages are for users: they say what is wrong, where (file, line, key, host…),
 * and how to mend it. They never carry a secret. */
#define CASA_ERROR (casa_error_quark())
GQuark casa_error_quark(void); /* The error domain */

typedef enum {
  CASA_ERROR_USAGE,         /* wrong command line or argument: exit status 2 */
  CASA_ERROR_CONFIG,        /* wrong configuration file: exit status 2; message names file, line, key */
  CASA_ERROR_DATA,          /* a data file (GeoJSON, CSV…) cannot be used */
  CASA_ERROR_IO,            /* the system refused a read or a write */
  CASA_ERROR_STORE_CORRUPT, /* the store is not a readable database */
  CASA_ERROR_STORE_NEWER,   /* the store was written by a newer program */
  CASA_ERROR_STORE_BUSY,    /* another process writes this store */
  CASA_ERROR_STORE_FULL,    /* no space is left where the store is */
  CASA_ERROR_STORE_LOCKED,  /* another program's transaction holds the store */
  CASA_ERROR_STORE_DISK,    /* the disk under the store refuses */
  CASA_ERROR_STORE_DENIED,  /* the store may not be written, or read */
  CASA_ERROR_STORE_ABSENT,  /* the store cannot be opened where it should be */
  CASA_ERROR_ZONE,          /* no time zone that this machine knows: exit status 2 */
  CASA_ERROR_NETWORK,       /* nobody answers; trying again may help */
  CASA_ERROR_REFUSED,       /* a server answered, and said no */
  CASA_ERROR_CANCELLED,     /* the caller no longer wants the answer; never shown */
} CasaErrorCode;

/* Where in a file a CASA_ERROR came up, so that nobody need read it out of the message. @file without folders; @line from 1, 0
 * the whole file; @key NULL a whole group or line. FALSE: it is not about a file. Out parameters (transfer none), as long as
 * @error. */
gboolean casa_error_get_place(const GError *error, const char **out_file, guint *out_line, const char **out_key);
/* Copies. @error NULL, or of another domain: nothing happens. */
void casa_error_set_place(GError *error, const char *path, guint line, const char *key);

/* Exit status (1 the work failed, 2 wrong usage or configuration) that fits @error; NULL gives 0. */
int casa_error_exit_status(const GError *error);

G_END_DECLS
