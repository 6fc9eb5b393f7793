/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

/* What is wrong, as a code and its arguments, from where it arises to whoever tells people: a screen puts the code into words
 * of its own language, a log into those of casa_fault_text(). No program reads words back. */

typedef enum {
  CASA_FAULT_NONE,

  /* The store takes nothing; detail: the log's words. */
  CASA_FAULT_STORE_FULL,    /* no space left */
  CASA_FAULT_STORE_LOCKED,  /* another program's transaction */
  CASA_FAULT_STORE_DISK,    /* the disk refuses */
  CASA_FAULT_STORE_DAMAGED, /* the file is no sound database */
  CASA_FAULT_STORE_DENIED,  /* the file may not be written */
  CASA_FAULT_STORE_ABSENT,  /* the file cannot be opened */
  CASA_FAULT_STORE_OTHER,

  /* The link; peer: host:port. */
  CASA_FAULT_LINK_NO_ANSWER,      /* detail: why, may be empty */
  CASA_FAULT_LINK_NO_ANSWER_5,    /* the same, to MQTT 5, which it may not know */
  CASA_FAULT_LINK_BROKEN,         /* detail: why, may be empty */
  CASA_FAULT_LINK_SILENT,         /* for two seconds */
  CASA_FAULT_LINK_DEAD,           /* for six */
  CASA_FAULT_LINK_CLIENT_ID,      /* the broker refuses it */
  CASA_FAULT_LINK_UNAVAILABLE,    /* the broker says so of itself */
  CASA_FAULT_LINK_PASSWORD,       /* user name or password is wrong */
  CASA_FAULT_LINK_NOT_AUTHORISED, /* the user has no right to connect */
  CASA_FAULT_LINK_REFUSED,        /* for another reason; detail: which */
  CASA_FAULT_LINK_NO_MQTT_5,      /* the broker does not know what is demanded */
  CASA_FAULT_LINK_NO_MQTT_3,
  CASA_FAULT_LINK_SUBSCRIPTION, /* refused; detail: the filter */
  CASA_FAULT_LINK_NO_SHARES,    /* refused, as a shared one; detail: the filter */
  CASA_FAULT_LINK_MISCOUNTED,   /* the broker answers for another number of filters */
  CASA_FAULT_LINK_HANGS_UP,     /* whenever we subscribe */
  CASA_FAULT_LINK_TAKEN_OVER,   /* another program uses our client id, by all signs */
  CASA_FAULT_LINK_CERTIFICATE,  /* the broker's is not trusted; detail: why */
  CASA_FAULT_LINK_TLS,          /* no TLS for another reason; detail: which */

  CASA_FAULT_REPLAY, /* a past cannot be read; detail: why */
  CASA_N_FAULTS,
} CasaFaultCode;

typedef struct {
  CasaFaultCode code;
  char peer[100];   /* "": there is none */
  char detail[200]; /* "": there is none; may hold paths and foreign words: for the log only */
} CasaFault;

/* What the store says by the code of @error (one of CASA_ERROR; NULL: it refuses without a word). */
CasaFault casa_fault_from_store(const GError *error);
/* For the log and the command line, in English: what, where, and how to mend it. "" for none. (transfer full) */
char *casa_fault_text(const CasaFault *self);

G_END_DECLS
