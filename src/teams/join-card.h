/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "teams/teams.h"

G_BEGIN_DECLS

/* What a team needs to join, on one card: address, user, password, topic, and a line to paste for each kind of kit. Pure data;
 * who shows it chooses how. It holds a password: free it soon. */

typedef enum {
  CASA_CARD_PUB,     /* mosquitto_pub */
  CASA_CARD_PYTHON,  /* paho-mqtt, 1.x or 2.x */
  CASA_CARD_NODE,    /* the npm package mqtt */
  CASA_CARD_ARDUINO, /* PubSubClient, on an ESP32 or whatever has a network */
  CASA_CARD_TASMOTA, /* its console */
  CASA_CARD_NODERED, /* what to fill in in an mqtt node */
  CASA_CARD_LINES
} CasaCardLine;

typedef enum {
  CASA_CARD_JOIN,     /* "Rejoindre Casa Pulse" */
  CASA_CARD_ADDRESS,  /* "Adresse" */
  CASA_CARD_USER,     /* "Utilisateur" */
  CASA_CARD_PASSWORD, /* "Mot de passe" */
  CASA_CARD_TOPIC,    /* "Sujet" */
  CASA_CARD_BROWSER,  /* "Navigateur" */
  CASA_CARD_SCAN,     /* "Scannez : …" */
  CASA_CARD_DEVICES,  /* "Un utilisateur par appareil : …" */
  CASA_CARD_WORDS
} CasaCardWord;

typedef struct {
  char *title;                   /* of the team */
  char *address;                 /* host:port, as kits reach it */
  char *user, *password, *topic; /* topic: ROOT/NAME/… with an example behind it */
  char *page;                    /* address of the page for browsers; NULL: there is none */
  char *link;                    /* what the QR code says: the page with the login behind '#', which a browser keeps to itself;
                                 * without a page mqtt://user@host:port */
  char *devices;                 /* what the word CASA_CARD_DEVICES is about: "NAME, NAME.2 … NAME.8" */
  char *lines[CASA_CARD_LINES];  /* each whole, to be pasted as it is */
  const char *words[CASA_CARD_WORDS]; /* in the card's language (static) */
  gboolean rtl;                       /* its language is written from right to left; addresses and lines never are */
} CasaJoinCard;

/* The card of @team with its @password, in the language @lang ("fr", "ar", "en"; else French). (transfer full) */
CasaJoinCard *casa_join_card_new(const CasaConfig *config, const CasaTeam *team, const char *password, const char *lang);
void casa_join_card_free(CasaJoinCard *self); /* NULL is fine; wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaJoinCard, casa_join_card_free)

/* Host and port as kits reach the broker. (both transfer full) */
void casa_join_address(const CasaConfig *config, char **host, char **port);

/* What a line is for: "mosquitto_pub", "Python"… Names, the same in every language. (transfer none) */
const char *casa_join_card_line_name(CasaCardLine line);

/* For a terminal: the QR code, then a line each. (transfer full: explicit_bzero() it) */
char *casa_join_card_text(const CasaJoinCard *self, gboolean colours);

G_END_DECLS
