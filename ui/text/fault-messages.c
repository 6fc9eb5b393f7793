/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/fault-messages.h"
#include "ui/text/lang.h"
#include <string.h>

/* Silence, a broken connection and a first attempt are told by the state of the link. */
const char *
casa_fault_message(CasaFaultCode code)
{
  switch (code) {
  case CASA_FAULT_NONE: return "";
  case CASA_FAULT_STORE_FULL: return _("disque plein, libérez de la place");
  case CASA_FAULT_STORE_LOCKED: return _("base verrouillée par un autre programme, fermez-le");
  case CASA_FAULT_STORE_DISK: return _("le disque refuse, vérifiez sa place et son état");
  case CASA_FAULT_STORE_DAMAGED: return _("base endommagée, relancez Casa Pulse");
  case CASA_FAULT_STORE_DENIED: return _("écriture interdite, vérifiez les droits du fichier");
  case CASA_FAULT_STORE_ABSENT: return _("base introuvable, vérifiez son dossier");
  case CASA_FAULT_STORE_OTHER: return _("la base n'accepte rien, voyez le journal");
  case CASA_FAULT_LINK_PASSWORD: return _("nom ou mot de passe faux");
  case CASA_FAULT_LINK_NOT_AUTHORISED: return _("compte sans autorisation");
  case CASA_FAULT_LINK_CLIENT_ID:
  case CASA_FAULT_LINK_TAKEN_OVER: return _("identifiant de client refusé ou déjà pris");
  case CASA_FAULT_LINK_CERTIFICATE: return _("certificat refusé");
  case CASA_FAULT_LINK_TLS: return _("chiffrement TLS refusé");
  case CASA_FAULT_LINK_SUBSCRIPTION:
  case CASA_FAULT_LINK_NO_SHARES:
  case CASA_FAULT_LINK_MISCOUNTED:
  case CASA_FAULT_LINK_HANGS_UP: return _("abonnement refusé par les règles d'accès");
  case CASA_FAULT_LINK_UNAVAILABLE: return _("service indisponible");
  case CASA_FAULT_LINK_NO_ANSWER:
  case CASA_FAULT_LINK_NO_ANSWER_5:
  case CASA_FAULT_LINK_BROKEN:
  case CASA_FAULT_LINK_SILENT:
  case CASA_FAULT_LINK_DEAD:
  case CASA_FAULT_LINK_REFUSED:
  case CASA_FAULT_LINK_NO_MQTT_5:
  case CASA_FAULT_LINK_NO_MQTT_3:
  case CASA_FAULT_REPLAY:
  case CASA_N_FAULTS: break;
  }
  return _("voyez le journal");
}

/* How long the path is that begins at @text; 0: none does. Ends at a blank or at what closes a sentence. */
static gsize
path_length(const char *text)
{
  gsize n = text[0] == '~' ? 1 : 0;

  if (text[n] != '/')
    return 0;
  n += strcspn(text + n, " \t\n\"';,()");
  while (n > 1 && strchr(":.", text[n - 1]))
    n--;
  return n;
}

char *
casa_text_without_paths(const char *text)
{
  GString *out = g_string_new(NULL);
  gboolean begins = TRUE; /* a word begins here: a slash within one is no path */

  while (*text) {
    gsize n = begins ? path_length(text) : 0;
    if (n > 1) {
      g_autofree char *path = g_strndup(text, n), *last = g_path_get_basename(path);
      g_string_append(out, last);
      text += n;
    }
    begins = *text && strchr(" \t\n\"'(=", *text);
    if (*text)
      g_string_append_c(out, *text++);
  }
  return g_string_free(out, FALSE);
}
