/* SPDX-License-Identifier: Apache-2.0 */
#include "teams/join-card.h"

#include "teams/qr.h"

#include <string.h>

/* The command line has no catalogues, so the card brings its words with it. */
static const char *const words[][CASA_CARD_WORDS] = {
  { "Rejoindre Casa Pulse", "Adresse", "Utilisateur", "Mot de passe", "Sujet", "Navigateur",
    "Scannez : la page s'ouvre, déjà connectée.", "Un utilisateur par appareil, même mot de passe :" },
  { "الانضمام إلى Casa Pulse", "العنوان", "المستخدم", "كلمة السر", "الموضوع", "المتصفح", "امسحوا الرمز: تُفتح الصفحة متصلةً.",
    "مستخدم لكل جهاز، بكلمة السر نفسها:" },
  { "Join Casa Pulse", "Address", "User", "Password", "Topic", "Browser", "Scan: the page opens, logged in.",
    "One user for each device, the same password:" },
};

static guint
language(const char *lang)
{
  return g_strcmp0(lang, "ar") == 0 ? 1 : g_strcmp0(lang, "en") == 0 ? 2 : 0;
}

const char *
casa_join_card_line_name(CasaCardLine line)
{
  static const char *const names[] = { "mosquitto_pub", "Python", "Node.js", "Arduino / ESP32", "Tasmota", "Node-RED" };
  return names[line];
}

/* Host and port of "host:port"; a card without a port has MQTT's own. */
static void
split_address(const char *address, char **host, char **port)
{
  const char *colon = strrchr(address, ':');
  *host = colon ? g_strndup(address, (gsize)(colon - address)) : g_strdup(address);
  *port = g_strdup(colon ? colon + 1 : "1883");
}

static char *
address_of(const CasaConfig *config)
{
  g_autofree char *host = NULL;
  guint16 port = 1883;
  if (config->teams_address)
    return g_strdup(config->teams_address);
  if (!casa_broker_url_parse(config->broker_url, NULL, NULL, &host, &port, NULL))
    return g_strdup(config->broker_url);
  return g_strdup_printf("%s:%u", host, port);
}

void
casa_join_address(const CasaConfig *config, char **host, char **port)
{
  g_autofree char *address = address_of(config);
  split_address(address, host, port);
}

static void
write_lines(CasaJoinCard *self, const char *root, const char *team)
{
  g_autofree char *host = NULL, *port = NULL;
  split_address(self->address, &host, &port);
  const char *secret = self->password;
  self->lines[CASA_CARD_PUB] = g_strdup_printf("mosquitto_pub -h %s -p %s -u %s -P %s -t %s/%s/air/capteur-1/temp_c -m 21.4",
                                               host, port, team, secret, root, team);
  self->lines[CASA_CARD_PYTHON] = g_strdup_printf(
    "python3 -c \"import paho.mqtt.publish as p; p.single('%s/%s/air/python/temp_c', 21.4, qos=1, hostname='%s', port=%s, "
    "auth={'username': '%s.2', 'password': '%s'})\"",
    root, team, host, port, team, secret);
  self->lines[CASA_CARD_NODE] = g_strdup_printf(
    "node -e \"require('mqtt').connect('mqtt://%s.3:%s@%s:%s').publish('%s/%s/air/node/temp_c', '21.4', {qos: 1}, "
    "() => process.exit())\"",
    team, secret, host, port, root, team);
  self->lines[CASA_CARD_ARDUINO] = g_strdup_printf(
    "mqtt.setServer(\"%s\", %s); mqtt.connect(\"esp32\", \"%s\", \"%s\"); mqtt.publish(\"%s/%s/air/esp32/temp_c\", "
    "\"21.4\");",
    host, port, team, secret, root, team);
  self->lines[CASA_CARD_TASMOTA] =
    g_strdup_printf("Backlog MqttHost %s; MqttPort %s; MqttUser %s; MqttPassword %s; FullTopic %s/%s/kit/%%prefix%%/%%topic%%/",
                    host, port, team, secret, root, team);
  self->lines[CASA_CARD_NODERED] = g_strdup_printf(
    "mqtt out: Server %s, Port %s, Username %s.4, Password %s, Topic %s/%s/kit/nodered", host, port, team, secret, root, team);
}

CasaJoinCard *
casa_join_card_new(const CasaConfig *config, const CasaTeam *team, const char *password, const char *lang)
{
  CasaJoinCard *self = g_new0(CasaJoinCard, 1);
  guint l = language(lang);
  static const char *const ids[] = { "fr", "ar", "en" };
  self->title = g_strdup(team->title ? team->title : team->name);
  self->address = address_of(config);
  self->user = g_strdup(team->name);
  self->password = g_strdup(password);
  self->topic = g_strdup_printf("%s/%s/air/capteur-1/temp_c", config->root, team->name);
  self->page = g_strdup(config->teams_page);
  self->link = self->page ? g_strdup_printf("%s#team=%s&password=%s&lang=%s", self->page, team->name, password, ids[l])
                          : g_strdup_printf("mqtt://%s@%s", team->name, self->address);
  self->devices = team->devices > 1 ? g_strdup_printf("%s, %s.2 … %s.%u", team->name, team->name, team->name, team->devices)
                                    : g_strdup(team->name);
  memcpy(self->words, words[l], sizeof self->words);
  self->rtl = l == 1;
  write_lines(self, config->root, team->name);
  return self;
}

static void
wipe(char *text)
{
  if (text)
    explicit_bzero(text, strlen(text));
  g_free(text);
}

void
casa_join_card_free(CasaJoinCard *self)
{
  if (!self)
    return;
  for (guint i = 0; i < CASA_CARD_LINES; i++)
    wipe(self->lines[i]);
  wipe(self->password);
  wipe(self->link);
  g_free(self->title);
  g_free(self->address);
  g_free(self->user);
  g_free(self->topic);
  g_free(self->page);
  g_free(self->devices);
  g_free(self);
}

char *
casa_join_card_text(const CasaJoinCard *self, gboolean colours)
{
  g_autoptr(CasaQr) qr = casa_qr_new(self->link);
  g_autofree char *picture = qr ? casa_qr_text(qr, colours) : g_strdup("");
  GString *out = g_string_new(picture);
  const char *const *w = self->words;
  g_string_append_printf(out, "\n%s · %s\n\n", w[CASA_CARD_JOIN], self->title);
  g_string_append_printf(out, "%s: %s\n%s: %s\n%s: %s\n%s: %s\n", w[CASA_CARD_ADDRESS], self->address, w[CASA_CARD_USER],
                         self->user, w[CASA_CARD_PASSWORD], self->password, w[CASA_CARD_TOPIC], self->topic);
  if (self->page)
    g_string_append_printf(out, "%s: %s\n%s\n", w[CASA_CARD_BROWSER], self->page, w[CASA_CARD_SCAN]);
  g_string_append_printf(out, "%s %s\n", w[CASA_CARD_DEVICES], self->devices);
  for (guint i = 0; i < CASA_CARD_LINES; i++)
    g_string_append_printf(out, "\n%s\n%s\n", casa_join_card_line_name(i), self->lines[i]);
  return g_string_free(out, FALSE);
}
