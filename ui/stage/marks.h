/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a presenter does over the hall's picture: points at it, lights a spot of it, magnifies it, writes on it. A widget as
 * large as the picture, that lies over it and is empty until it is used; the mouse may move over it, or over a small picture of
 * the hall elsewhere. Places are fractions of the picture: 0, 0 top left, 1, 1 bottom right. GTK thread only. */
#define CASA_TYPE_MARKS (casa_marks_get_type())
G_DECLARE_FINAL_TYPE(CasaMarks, casa_marks, CASA, MARKS, GtkWidget)

typedef enum {
  CASA_TOOL_NONE,
  CASA_TOOL_POINTER,   /* a large dot */
  CASA_TOOL_SPOTLIGHT, /* all but a disc is darkened */
  CASA_TOOL_MAGNIFIER, /* a disc shows what is below it twice as large */
  CASA_TOOL_PEN,       /* a pressed mouse writes; strokes stay when the pen is put away */
} CasaTool;

#define CASA_MARKS_COLOUR 0xff3b8d /* 0xRRGGBB of pen and pointer: in no theme and no domain, and seen on dark and light */

GtkWidget *casa_marks_new(void); /* (transfer floating) */
/* What the magnifier shows, at any size: @moving as it changes (not owned, and at least as long here as the marks), or @still,
 * where that stands in its place; either may be NULL. */
void casa_marks_set_sight(CasaMarks *self, GtkWidget *moving, GdkPaintable *still);
void casa_marks_set_tool(CasaMarks *self, CasaTool tool); /* It begins where the mouse was last, at first in the middle */
CasaTool casa_marks_tool(CasaMarks *self);                /* The one in use */

void casa_marks_point(CasaMarks *self, double x, double y); /* The mouse moves there; a pen that is down draws a line */
void casa_marks_press(CasaMarks *self, double x, double y); /* …is pressed there; only a pen minds */
void casa_marks_release(CasaMarks *self);                   /* …and let go */

guint casa_marks_n_strokes(CasaMarks *self); /* How many stand on the picture */
void casa_marks_undo(CasaMarks *self);       /* Takes the last stroke away, if there is one */
void casa_marks_clear(CasaMarks *self);      /* Takes all of them away */

/* The mouse over @area, which shows the whole picture as large as it fits, does here what it does there. @area goes with the
 * program, or before this widget. */
void casa_marks_follow(CasaMarks *self, GtkWidget *area);

void casa_marks_give(CasaMarks *self, GtkWindow *window); /* @window is that of the hall: casa_marks_of() finds it there */
CasaMarks *casa_marks_of(GtkWindow *window);              /* (transfer none); NULL: it has none */

G_END_DECLS
