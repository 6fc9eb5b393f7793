/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include "base/error.h"

static CasaFaultCode
store_code(const GError *error)
{
  if (!error || error->domain != CASA_ERROR)
    return CASA_FAULT_STORE_OTHER;
  switch ((CasaErrorCode)error->code) {
  case CASA_ERROR_STORE_FULL: return CASA_FAULT_STORE_FULL;
  case CASA_ERROR_STORE_LOCKED: return CASA_FAULT_STORE_LOCKED;
  case CASA_ERROR_STORE_DISK: return CASA_FAULT_STORE_DISK;
  case CASA_ERROR_STORE_CORRUPT: return CASA_FAULT_STORE_DAMAGED;
  case CASA_ERROR_STORE_DENIED: return CASA_FAULT_STORE_DENIED;
  case CASA_ERROR_STORE_ABSENT: return CASA_FAULT_STORE_ABSENT;
  default: return CASA_FAULT_STORE_OTHER;
  }
}

CasaFault
casa_fault_from_store(const GError *error)
{
  CasaFault fault = { .code = store_code(error) };
  g_strlcpy(fault.detail, error ? error->message : "the store refuses to write", sizeof fault.detail);
  return fault;
}

/* What the broker says no to, and how to mend it; NULL: not a refusal of the broker's. */
static const char *
refusal(const CasaFault *self)
{
  switch (self->code) {
  case CASA_FAULT_LINK_CLIENT_ID: return "it refuses the client id; set [broker] client_id";
  case CASA_FAULT_LINK_UNAVAILABLE: return "it says it is unavailable";
  case CASA_FAULT_LINK_PASSWORD: return "user name or password is wrong; set [broker] user and password_file";
  case CASA_FAULT_LINK_NOT_AUTHORISED: return "not authorised; set [broker] user and password_file, and check the broker's ACL";
  case CASA_FAULT_LINK_NO_MQTT_5: return "it does not speak MQTT 5; set [broker] mqtt_version = 3.1.1 (share needs 5)";
  case CASA_FAULT_LINK_NO_MQTT_3: return "it does not speak MQTT 3.1.1; set [broker] mqtt_version = 5";
  case CASA_FAULT_LINK_REFUSED: return self->detail;
  default: return NULL;
  }
}

static char *
subscription_text(const CasaFault *self)
{
  switch (self->code) {
  case CASA_FAULT_LINK_SUBSCRIPTION:
    return g_strdup_printf("the broker at %s refuses the subscription to %s; allow it in the broker's ACL", self->peer,
                           self->detail);
  case CASA_FAULT_LINK_NO_SHARES:
    return g_strdup_printf(
      "the broker at %s refuses the subscription to %s: it has no shared subscriptions; take share away and "
      "split the topics",
      self->peer, self->detail);
  case CASA_FAULT_LINK_MISCOUNTED:
    return g_strdup_printf(
      "the broker at %s refuses the subscription: it answers for another number of filters than were asked "
      "for; what kind of broker is it?",
      self->peer);
  case CASA_FAULT_LINK_HANGS_UP:
    return g_strdup_printf(
      "the broker at %s hangs up whenever we subscribe; allow our topics in its ACL, or does another program "
      "use our user or client id?",
      self->peer);
  default: return NULL;
  }
}

static char *
connection_text(const CasaFault *self)
{
  const char *open = self->detail[0] ? " (" : "", *close = self->detail[0] ? ")" : "";
  switch (self->code) {
  case CASA_FAULT_LINK_NO_ANSWER:
    return g_strdup_printf("no broker answers at %s%s%s%s; is it running?", self->peer, open, self->detail, close);
  case CASA_FAULT_LINK_NO_ANSWER_5:
    return g_strdup_printf("no broker answers at %s%s%s%s; is it running? does it speak MQTT 5 (a share needs it)?", self->peer,
                           open, self->detail, close);
  case CASA_FAULT_LINK_BROKEN:
    return g_strdup_printf("the connection to %s broke%s%s", self->peer, self->detail[0] ? ": " : "", self->detail);
  case CASA_FAULT_LINK_SILENT: return g_strdup_printf("no answer from %s for 2 s; the network or the broker hangs", self->peer);
  case CASA_FAULT_LINK_DEAD: return g_strdup_printf("no answer from %s for 6 s; connecting anew", self->peer);
  case CASA_FAULT_LINK_TAKEN_OVER:
    return g_strdup_printf(
      "the broker at %s ends every connection soon: does another program use our user or client id? end it, "
      "or give it a user of its own",
      self->peer);
  case CASA_FAULT_LINK_CERTIFICATE:
  case CASA_FAULT_LINK_TLS: return g_strdup_printf("no TLS with %s, and so nothing was sent: %s", self->peer, self->detail);
  case CASA_FAULT_REPLAY: return g_strdup_printf("the replay cannot go on: %s", self->detail);
  default: return NULL;
  }
}

char *
casa_fault_text(const CasaFault *self)
{
  const char *no = refusal(self);
  if (no)
    return g_strdup_printf("the broker at %s refuses: %s", self->peer, no);
  char *text = subscription_text(self);
  if (!text)
    text = connection_text(self);
  return text ? text : g_strdup(self->code == CASA_FAULT_NONE ? "" : self->detail);
}
