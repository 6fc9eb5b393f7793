/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "pulse.h"

#include "broker.h"
#include "process.h"

G_BEGIN_DECLS

/* The whole pipeline in this process, against a real broker, in a folder of its own. Aborts on failure. */
typedef struct {
  TestBroker *broker;
  char *dir, *store, *config_dir;
  CasaConfig *config; /* a test may change it before house_open() */
  CasaPulse *pulse;
  gsize heard; /* so much of the log was looked at */
} House;

/* @conf: text of pulse.conf, or NULL. @broker_extra: see test_broker_new(). Not yet open. */
House *house_new(const char *conf, const char *broker_extra);
/* Before house_open(): by another way to the broker (a relay's). */
void house_connect_by(House *self, const char *url);
void house_open(House *self);
void house_close(House *self);
void house_free(House *self); /* closes, stops the broker, removes the folder */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(House, house_free)

void house_assert_adds_up(const CasaCounts *c);
CasaCounts house_counts(House *self); /* they add up, or the test ends */
/* Waits for @n received messages; the counts must add up whenever they are looked at. */
CasaCounts house_wait_received(House *self, guint64 n);
CasaCounts house_wait_gaps(House *self, guint64 n);
CasaLink house_wait_link(House *self, CasaLinkState state, guint connections);
/* Waits until @words were logged, as every new text of the link is, after those waited for before. They may be history by then. */
void house_wait_said(House *self, const char *words);
/* Waits until the text of the refusing store holds @words. */
void house_wait_blocked(House *self, const char *words);
/* The first column of the first row; 0 when there is none. */
gint64 house_query(House *self, const char *sql);
char *house_query_text(House *self, const char *sql);

G_END_DECLS
