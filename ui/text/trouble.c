/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/trouble.h"
#include "ui/text/lang.h"
#include <string.h>

typedef struct {
  const char *sign; /* a part of the English sentence */
  const char *words;
} Trouble;

/* The store's sentences end in how to mend them: src/store/db.c. */
static const Trouble STORE[] = {
  { "disk is full", N_("disque plein, libérez de la place") },
  { "No space left", N_("disque plein, libérez de la place") },
  { "holds it locked", N_("base verrouillée par un autre programme, fermez-le") },
  { "disk refused", N_("le disque refuse, vérifiez sa place et son état") },
  { "file is damaged", N_("base endommagée, relancez Casa Pulse") },
  { "may not be written", N_("écriture interdite, vérifiez les droits du fichier") },
  { "cannot be opened", N_("base introuvable, vérifiez son dossier") },
};

/* The broker's, src/source/mqtt/mqtt-client.c and mqtt-source.c. */
static const Trouble LINK[] = {
  { "user name or password", N_("nom ou mot de passe faux") },
  { "not authorised", N_("compte sans autorisation") },
  { "client id", N_("identifiant de client refusé ou déjà pris") },
  { "certificate", N_("certificat refusé") },
  { "TLS", N_("chiffrement TLS refusé") },
  { "subscription", N_("abonnement refusé par les règles d'accès") },
  { "unavailable", N_("service indisponible") },
};

static const char *
find(const Trouble *table, guint n, const char *text, const char *otherwise)
{
  for (guint i = 0; i < n; i++)
    if (strstr(text, table[i].sign))
      return casa_tr(table[i].words);
  return otherwise;
}

const char *
casa_trouble_store(const char *text)
{
  return find(STORE, G_N_ELEMENTS(STORE), text, _("la base n'accepte rien, voyez le journal"));
}

const char *
casa_trouble_link(const char *text)
{
  return find(LINK, G_N_ELEMENTS(LINK), text, _("voyez le journal"));
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
casa_trouble_without_paths(const char *text)
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
