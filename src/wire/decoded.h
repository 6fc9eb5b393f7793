/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "wire/reading.h"

G_BEGIN_DECLS

/* Refusals of one message that keep their words; further ones are only counted. */
#define CASA_REFUSALS_KEPT 4096

/* Something of a message that is not used. */
typedef struct {
  CasaReason why;
  char station[CASA_NAME_MAX + 1]; /* whose it is; "": the message's as a whole */
  guint values;                    /* how many values went with it: 1 for a field, all of a reading whose time is wrong */
} CasaRefused;

/* What one message was decoded to. Reused between messages: its arrays grow to the largest and stay. One thread. */
typedef struct {
  const char *format;  /* id of the format that read it (static); NULL: none did */
  GArray *readings;    /* CasaReading, in the order of the message; their fields are valid until the next message */
  GArray *refusals;    /* CasaRefused, at most CASA_REFUSALS_KEPT; the first is the one that matters most */
  GArray *descriptors; /* CasaDescriptor: what the message says of stations */
  guint n_refused;     /* values refused, also those beyond what is kept */
  gboolean understood; /* it says something that is nothing to store: a discovery, a birth, an empty message that clears */

  /* Private to emit.c. */
  GArray *fields; /* CasaField of all readings */
  GArray *first;  /* guint: where each reading's fields begin */
} CasaDecoded;

CasaDecoded *casa_decoded_new(void);       /* An empty one. (transfer full) */
void casa_decoded_free(CasaDecoded *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaDecoded, casa_decoded_free)
void casa_decoded_clear(CasaDecoded *self); /* Empties it for the next message; its memory stays */

/* Valid until the next message. */
CasaReading *casa_decoded_reading(const CasaDecoded *self, guint i);
/* Why something, or all, was refused: the first reason; NULL: nothing was. */
const CasaReason *casa_decoded_why(const CasaDecoded *self);
/* One more thing that is not used, with @values values. @station may be NULL. */
void casa_decoded_refuse(CasaDecoded *self, const char *station, guint values, const CasaReason *why);

G_END_DECLS
