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
  CasaConfig *config; /* a test may change it before pipeline_open() */
  CasaPulse *pulse;
  gsize heard; /* so much of the log was looked at */
} PipelineFixture;

/* @conf: text of pulse.conf, or NULL. @broker_extra: see test_broker_new(). Not yet open. */
PipelineFixture *pipeline_new(const char *conf, const char *broker_extra);
/* Before pipeline_open(): by another way to the broker (a relay's). */
void pipeline_connect_by(PipelineFixture *self, const char *url);
void pipeline_open(PipelineFixture *self);
void pipeline_close(PipelineFixture *self);
void pipeline_free(PipelineFixture *self); /* closes, stops the broker, removes the folder */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PipelineFixture, pipeline_free)

void pipeline_assert_adds_up(const CasaCounts *c);
CasaCounts pipeline_counts(PipelineFixture *self); /* they add up, or the test ends */
/* Waits for @n received messages; the counts must add up whenever they are looked at. */
CasaCounts pipeline_wait_received(PipelineFixture *self, guint64 n);
CasaCounts pipeline_wait_gaps(PipelineFixture *self, guint64 n);
CasaLink pipeline_wait_link(PipelineFixture *self, CasaLinkState state, guint connections);
/* Waits until @words were logged, as every new text of the link is, after those waited for before. They may be history by
 * then. */
void pipeline_wait_said(PipelineFixture *self, const char *words);
/* Waits until the text of the refusing store holds @words. */
void pipeline_wait_blocked(PipelineFixture *self, const char *words);
/* The first column of the first row; 0 when there is none. */
gint64 pipeline_query(PipelineFixture *self, const char *sql);
char *pipeline_query_text(PipelineFixture *self, const char *sql);

G_END_DECLS
