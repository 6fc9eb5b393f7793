/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/chart/chart.h"
#include "ui/chart/plot-view.h"
#include "ui/data/figures.h"

G_BEGIN_DECLS

/* What is seen of one chart, or of several above each other, ready to be taken along: as a picture that says where it comes
 * from, as a table for programs, as a table for people. A value of the moment: made when somebody asks for it. In the language
 * of the moment. */

typedef struct {
  char *head; /* above it: what, in which unit, whether it is measured; owned */
  double height;
  CasaPlotPaint paint;
  gpointer data;
} CasaSheetPicture;

typedef struct {
  const CasaTheme *theme;
  const char *font;      /* family; static */
  char *title;           /* what the whole is called; owned */
  char *source;          /* below the picture: which series, which indicators; owned */
  gint64 from_ms, to_ms; /* what is seen */
  GArray *pictures;      /* CasaSheetPicture */
  GPtrArray *data;       /* GStrv: heads, then rows, as programs read them */
  GPtrArray *table;      /* GStrv: heads, then rows, as people read them */
} CasaSheet;

/* An empty one; @theme and @font are static, the texts are copied. (transfer full) */
CasaSheet *casa_sheet_new(const CasaTheme *theme, const char *font, const char *title, const char *source, gint64 from_ms,
                          gint64 to_ms);
void casa_sheet_free(CasaSheet *self); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CasaSheet, casa_sheet_free)

/* One more picture below those that are there, @height units high. @head is copied. @paint is called with @data while the sheet
 * is written, never later. */
void casa_sheet_add(CasaSheet *self, const char *head, double height, CasaPlotPaint paint, gpointer data);
/* A time chart as it stands, with letters for a page; @chart lives until the sheet was written. */
void casa_sheet_add_chart(CasaSheet *self, const char *head, double height, CasaChart *chart);
/* One more row of @rows (self->data, self->table); the texts are copied, NULL ends them. */
void casa_sheet_row(GPtrArray *rows, ...) G_GNUC_NULL_TERMINATED;
/* A number for programs: with a point, "" when it is not finite. (transfer full) */
char *casa_sheet_number(double value);

/* "simulated", "real", "replay", "estimate", parted by "+": for programs. (transfer full) */
char *casa_sheet_provenance(CasaProvenance from);
/* The same for people, behind a sign: "◆ simulé", "■ capteur réel". (transfer full) */
char *casa_sheet_provenance_words(CasaProvenance from);

/* The rows as RFC 4180 has them; what a spreadsheet would take for a formula gets an apostrophe. (transfer full) */
char *casa_sheet_csv(const CasaSheet *self);
/* @path ends in .csv, .png, .svg or .pdf: pictures are painted anew, in vectors where the file has them, with title, time,
 * source and provenance burned in. FALSE: CASA_ERROR_IO names the path. */
gboolean casa_sheet_write(const CasaSheet *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same picture for the clipboard. (transfer full) */
GdkTexture *casa_sheet_texture(const CasaSheet *self);

G_END_DECLS
