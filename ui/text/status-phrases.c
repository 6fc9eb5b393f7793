/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/text/lang.h"
#include "ui/text/name.h"
#include "ui/text/fault-messages.h"
#include "ui/text/phrases.h"
#include <math.h>

/* Letters that stand in the line without being shrunk: what is least urgent gives way. */
#define LINE_LETTERS 104
#define LINE_LETTERS_BRIEF 44 /* a corner of the wall; a focus scene, which writes larger */

#define TURN_MS 4000 /* enough to read a few words */

/* From what must be read to what may be left out. */
typedef enum { URGENT, FAULT, COUNT, STORAGE, RATE, LATENCY, SENSORS, TAIL, CALM } Weight;

typedef struct {
  char *text;
  Weight weight;
} Part;

typedef struct {
  Part parts[16];
  guint n;
} Line;

static void
add(Line *line, Weight weight, char *text)
{
  if (text && line->n < G_N_ELEMENTS(line->parts))
    line->parts[line->n++] = (Part){ text, weight };
  else
    g_free(text);
}

/* @phrase has one %s for the number. */
static char *
with_number(const char *phrase, double n)
{
  g_autofree char *number = casa_lang_number(n, 0);
  g_auto(GStrv) halves = g_strsplit(phrase, "%s", 2);

  return g_strjoinv(number, halves);
}

static gsize
length_of(const Line *line)
{
  gsize length = 0;

  for (guint i = 0; i < line->n; i++)
    length += (gsize)g_utf8_strlen(line->parts[i].text, -1) + 3;
  return length;
}

static void
drop_least(Line *line)
{
  guint least = 0;

  for (guint i = 1; i < line->n; i++)
    if (line->parts[i].weight >= line->parts[least].weight)
      least = i;
  g_free(line->parts[least].text);
  line->n--;
  for (guint i = least; i < line->n; i++)
    line->parts[i] = line->parts[i + 1];
}

/* As much as has room; what is urgent always. */
static char *
join(Line *line, gsize letters)
{
  GString *text = g_string_new(NULL);

  while (line->n > 1 && length_of(line) > letters + 3)
    drop_least(line);
  for (guint i = 0; i < line->n; i++) {
    if (i)
      g_string_append(text, " · ");
    g_string_append(text, line->parts[i].text);
    g_free(line->parts[i].text);
  }
  return g_string_free(text, FALSE);
}

static gboolean
is_unanswered(const CasaSummary *s)
{
  return s->link.state == CASA_LINK_CONNECTING &&
         (s->link.fault.code == CASA_FAULT_LINK_NO_ANSWER || s->link.fault.code == CASA_FAULT_LINK_NO_ANSWER_5);
}

static char *
link_words(const CasaSummary *s)
{
  switch (s->link.state) {
  case CASA_LINK_UP: return NULL;
  case CASA_LINK_REFUSED: return g_strdup_printf(_("le courtier MQTT refuse : %s"), casa_fault_message(s->link.fault.code));
  case CASA_LINK_LOST: return g_strdup(_("liaison MQTT perdue, nouvel essai en cours"));
  case CASA_LINK_CONNECTING:
    /* TR: the address of a broker that was never reached, host:port */
    if (is_unanswered(s))
      return g_strdup_printf(_("aucun courtier MQTT ne répond à %s, nouvel essai en cours"), s->link.peer);
    break;
  case CASA_LINK_OFF: break;
  }
  return g_strdup(_("connexion au courtier MQTT…"));
}

/* Where there is little room: what is wrong, where, and what is done about it take turns, each as large as the line. */
static char *
brief_link_words(const CasaSummary *s)
{
  const guint turn = (guint)(s->now_ms / TURN_MS % 6); /* for two and for three */

  if (s->link.state == CASA_LINK_REFUSED)
    return g_strdup(turn % 2 ? casa_fault_message(s->link.fault.code) : _("le courtier MQTT refuse"));
  if (s->link.state == CASA_LINK_LOST)
    return g_strdup(turn % 2 ? _("nouvel essai en cours") : _("liaison MQTT perdue"));
  if (!is_unanswered(s))
    return link_words(s);
  if (turn % 3 == 1)
    /* TR: the address where a broker should be, host:port */
    return g_strdup_printf(_("attendu à %s"), s->link.peer);
  return g_strdup(turn % 3 ? _("nouvel essai en cours") : _("aucun courtier MQTT"));
}

/* Of live messages: see ingest/backlog.h. */
static char *
latency_words(const CasaCounts *c)
{
  double median = isfinite(c->latency_p50_ms) && c->latency_p50_ms > 0 ? c->latency_p50_ms : c->latency_ms;

  if (!isfinite(median) || median <= 0)
    return NULL;
  g_autofree char *usual = casa_lang_delay(median);
  gboolean more = isfinite(c->latency_p95_ms) && c->latency_p95_ms > 0;
  g_autofree char *mostly = more ? casa_lang_delay(c->latency_p95_ms) : NULL;
  /* TR: how long a measurement takes from the sensor to the store: "42 ms" */
  if (!more || g_str_equal(usual, mostly))
    return g_strdup_printf(_("capteur → stockage en %s"), usual);
  /* TR: the median, and what 95 of 100 measurements stay under: "42 ms", "1,4 s" */
  return g_strdup_printf(_("capteur → stockage en %s (95 %% sous %s)"), usual, mostly);
}

static void
add_flow(Line *line, const CasaSummary *s)
{
  add(line, RATE, with_number(_("%s mesures/s"), s->counts.rate));
  add(line, LATENCY, latency_words(&s->counts));
}

static void
add_storage(Line *line, const CasaSummary *s, gboolean also_well)
{
  double pending = (double)s->counts.pending;

  if (s->erased)
    add(line, URGENT, g_strdup(_("le fichier de la base a été effacé : ne fermez pas Casa Pulse")));
  else if (s->blocked.code)
    add(line, URGENT, g_strdup_printf(_("rien n'est perdu, le courtier garde : %s"), casa_fault_message(s->blocked.code)));
  else if (also_well)
    add(line, s->forward.state == CASA_FORWARD_OFF || s->forward.state == CASA_FORWARD_OK ? STORAGE : TAIL,
        g_strdup(s->forward.state == CASA_FORWARD_OK ? _("stockage local + InfluxDB ✓") : _("stockage local ✓")));
  if (s->forward.state == CASA_FORWARD_RETRYING)
    add(line, FAULT, with_number(_("InfluxDB injoignable, %s en attente"), pending));
  if (s->forward.state == CASA_FORWARD_DENIED)
    add(line, FAULT, with_number(_("InfluxDB refuse l'accès, %s en attente"), pending));
}

/* "5 000/s", "4 Mo/s", "400 ms de calcul/s" */
static char *
limit_words(const CasaQuotaTally *over)
{
  if (over->kind == CASA_QUOTA_MESSAGES)
    return with_number(_("%s/s"), over->limit);
  /* TR: milliseconds of our processor that a second of a team's messages may take */
  if (over->kind == CASA_QUOTA_WORK)
    return with_number(_("%s ms de calcul/s"), over->limit);
  double megabytes = over->limit / 1e6;
  g_autofree char *number = casa_lang_number(megabytes, megabytes < 0.1                                   ? 2
                                                        : megabytes < 10 && megabytes != floor(megabytes) ? 1
                                                                                                          : 0);
  /* TR: megabytes a second */
  return g_strdup_printf(_("%s Mo/s"), number);
}

/* "12 000 hors quota : equipe-7 (5 000/s), equipe-9 (5 000/s)", @most of them */
static char *
quota_words(const CasaSummary *s, guint most)
{
  g_autoptr(GString) names = g_string_new(NULL);
  g_autofree char *number = casa_lang_number((double)s->counts.over_quota, 0);

  for (guint i = 0; i < MIN(s->n_over, most); i++) {
    if (s->over_hidden[i])
      continue;
    g_autofree char *name = casa_name_tame(s->over[i].source), *limit = limit_words(&s->over[i]);
    g_string_append_printf(names, "%s%s (%s)", names->len ? ", " : "", name, limit);
  }
  if (!names->len)
    return with_number(_("%s hors quota"), (double)s->counts.over_quota);
  /* TR: how many messages were over quota, and whose */
  return g_strdup_printf(_("%s hors quota : %s"), number, names->str);
}

/* "equipe-7 a ses 20 000 séries, 312 refus" */
static char *
series_words(const CasaSeriesTally *most, gboolean hidden)
{
  g_autofree char *refused = casa_lang_number((double)most->refused, 0), *limit = casa_lang_number(most->limit, 0);
  g_autofree char *name = hidden ? g_strdup(_("une équipe")) : casa_name_tame(most->source);

  /* TR: how many series the store may have, and has; how many values of further ones it refused */
  if (!most->source[0])
    return g_strdup_printf(_("la base a ses %s séries, %s refus"), limit, refused);
  /* TR: a team's name, how many series it may have, and has; how many values of further ones were refused */
  return g_strdup_printf(_("%s a ses %s séries, %s refus"), name, limit, refused);
}

static void
add_counts(Line *line, const CasaSummary *s)
{
  const CasaCounts *c = &s->counts;
  g_autofree char *alive = casa_lang_number(s->sensors_alive, 0), *known = casa_lang_number(s->sensors_known, 0);

  add(line, c->rejected ? COUNT : CALM,
      with_number(casa_tr_n("%s rejetée", "%s rejetées", (gulong)c->rejected), (double)c->rejected));
  if (c->over_quota)
    add(line, s->flooding ? FAULT : COUNT, quota_words(s, G_N_ELEMENTS(s->over)));
  if (s->crowded.refused)
    add(line, s->crowding ? FAULT : COUNT, series_words(&s->crowded, s->crowded_hidden));
  add(line, SENSORS, g_strdup_printf(_("%s / %s capteurs"), alive, known));
}

char *
casa_phrases_status(const CasaSummary *s, gboolean brief)
{
  Line line = { .n = 0 };
  char *link = brief ? brief_link_words(s) : link_words(s);

  if (link)
    add(&line, URGENT, link);
  else
    add_flow(&line, s);
  if (s->counts.broker_dropped && (s->dropping || !brief))
    /* TR: messages that the MQTT broker has thrown away: how many */
    add(&line, s->dropping ? URGENT : COUNT,
        with_number(_("écartés par le courtier MQTT : %s"), (double)s->counts.broker_dropped));
  if (s->config_fault[0])
    /* TR: a mistake in a configuration file, "indicators.conf:14"; what was shown before it was saved stays */
    add(&line, FAULT, g_strdup_printf(_("%s : version précédente"), s->config_fault));
  if (!brief)
    add_counts(&line, s);
  else if (s->flooding)
    add(&line, FAULT, quota_words(s, 1));
  add_storage(&line, s, !link || !brief);
  if (!brief && s->counts.dropped_display)
    add(&line, COUNT, with_number(_("%s non affichées en direct"), (double)s->counts.dropped_display));
  if (!brief && s->counts.quarantined)
    add(&line, COUNT, with_number(_("%s refusées par InfluxDB"), (double)s->counts.quarantined));
  return join(&line, brief ? LINE_LETTERS_BRIEF : LINE_LETTERS);
}
