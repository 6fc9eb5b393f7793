/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

static const struct {
  guint code;
  const char *name, *mend;
} reasons[] = {
  { 0x80, "unspecified error", "the broker's log may say more" },
  { 0x83, "implementation-specific error", "the broker's log may say more" },
  { 0x84, "unsupported protocol version", "" },
  { 0x85, "client identifier not valid", "the broker wants another: see its configuration" },
  { 0x86, "bad user name or password", "check the user in --broker and --password-file" },
  { 0x87, "not authorized", "may this user publish there? see the broker's ACL and --password-file" },
  { 0x88, "server unavailable", "" },
  { 0x89, "server busy", "" },
  { 0x8a, "banned", "ask whoever runs the broker" },
  { 0x90, "topic name invalid", "see [broker] root in pulse.conf" },
  { 0x93, "receive maximum exceeded", "" },
  { CASA_SIM_REFUSED_TOO_LARGE, "packet too large", "the broker takes smaller messages only: see its max_packet_size" },
  { 0x97, "quota exceeded", "the broker takes no more from this user for now: publish less, or raise its quota" },
  { 0x99, "payload format invalid", "" },
  { 0x9a, "retain not supported", "the broker keeps no station descriptions" },
  { 0x9b, "QoS not supported", "try --qos 0" },
  { 0x9c, "use another server", "" },
  { 0x9d, "server moved", "" },
  { 0x9f, "connection rate exceeded", "" },
};

const char *
casa_sim_refusal_name(guint code)
{
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
    if (reasons[i].code == code)
      return reasons[i].name;
  }
  return "unknown reason";
}

const char *
casa_sim_refusal_mend(guint code)
{
  for (guint i = 0; i < G_N_ELEMENTS(reasons); i++) {
    if (reasons[i].code == code)
      return reasons[i].mend;
  }
  return "";
}

guint
casa_sim_refusal_of_connack(guint code)
{
  static const guint same[] = { 0, 0x84, 0x85, 0x88, 0x86, 0x87 };
  return code < G_N_ELEMENTS(same) ? same[code] : code;
}

char *
casa_sim_refusal_list(const guint64 counts[256])
{
  GString *out = g_string_new(NULL);
  for (guint code = 0; code < 256; code++) {
    if (counts[code] > 0)
      g_string_append_printf(out, "%s %s %" G_GUINT64_FORMAT, out->len ? "," : ":", casa_sim_refusal_name(code), counts[code]);
  }
  return g_string_free(out, FALSE);
}
