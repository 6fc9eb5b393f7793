/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <sqlite3.h>

#include "store/reader.h"

/* A store in a folder of its own, gone after the test. */
typedef struct {
  char *folder, *path;
  CasaStoreOptions options;
  CasaStore *store;
} Fixture;

void fixture_set_up(Fixture *f, gconstpointer data);
void fixture_tear_down(Fixture *f, gconstpointer data);
void fixture_reopen(Fixture *f);

/* A reading of source "kit", domain "air". */
CasaReading reading_of(const char *station, gint64 t_ms, const char *metric, double value);
/* Puts one value; it must work. */
CasaPut put_one(Fixture *f, const char *station, gint64 t_ms, const char *metric, double value);
CasaPut put_reading(Fixture *f, const CasaReading *reading, gint64 received_ms);

/* Runs @sql in the store by a connection of its own, as somebody with sqlite3 would. */
void fixture_change(Fixture *f, const char *sql);

/* Asks the file from outside, through a connection of its own that only reads. */
gint64 ask_int(const char *path, const char *sql);
double ask_double(const char *path, const char *sql);
char *ask_text(const char *path, const char *sql);
/* Hours that differ from what SQL makes of the samples; missing and surplus ones count, and so do days
 * that differ from their hours. For when all is sealed. */
gint64 wrong_hours(const char *path);
