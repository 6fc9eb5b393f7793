/* SPDX-License-Identifier: Apache-2.0 */
#include "csv.h"

#include <string.h>

#include "base/error.h"

#define CHUNK 65536
#define SEPARATORS ",;\t|"

struct _CasaSimCsv {
  GInputStream *stream;
  char separator;
  char *encoding;
  GString *buffer; /* raw bytes; those before `at` are done with */
  gsize at;
  gboolean ended, begun, guesses, recoded;
  guint64 next_line, line, n_comments;
  GString *text; /* the row's fields, each NUL-terminated */
  gsize offsets[CASA_SIM_CSV_MAX_FIELDS];
  guint n_fields;
  char *why;
  GError *error;
};

CasaSimCsv *
casa_sim_csv_new(GInputStream *stream, char separator, const char *encoding)
{
  CasaSimCsv *self = g_new0(CasaSimCsv, 1);
  self->stream = g_object_ref(stream);
  self->separator = separator;
  self->guesses = g_strcmp0(encoding, CASA_SIM_CSV_GUESS) == 0;
  if (encoding && !self->guesses && g_ascii_strcasecmp(encoding, "utf-8") != 0)
    self->encoding = g_strdup(encoding);
  self->buffer = g_string_sized_new(2 * CHUNK);
  self->text = g_string_sized_new(1024);
  self->next_line = 1;
  return self;
}

void
casa_sim_csv_free(CasaSimCsv *self)
{
  if (!self)
    return;
  g_object_unref(self->stream);
  g_free(self->encoding);
  g_string_free(self->buffer, TRUE);
  g_string_free(self->text, TRUE);
  g_free(self->why);
  g_clear_error(&self->error);
  g_free(self);
}

/* More bytes behind those that are there. FALSE: there are none. */
static gboolean
fill(CasaSimCsv *self)
{
  if (self->ended)
    return FALSE;
  g_string_erase(self->buffer, 0, (gssize)self->at);
  self->at = 0;
  gsize had = self->buffer->len;
  g_string_set_size(self->buffer, had + CHUNK);
  gssize n = g_input_stream_read(self->stream, self->buffer->str + had, CHUNK, NULL, &self->error);
  g_string_set_size(self->buffer, had + (gsize)MAX(n, 0));
  self->ended = n <= 0;
  return n > 0;
}

/* The line at @at, without its end, as far as it was read; @next: where the one behind it begins. */
static gsize
line_at(const CasaSimCsv *self, gsize at, gsize *next)
{
  gsize end = at;
  while (end < self->buffer->len && self->buffer->str[end] != '\n' && self->buffer->str[end] != '\r')
    end++;
  *next = end;
  if (end < self->buffer->len)
    *next += self->buffer->str[end] == '\r' && end + 1 < self->buffer->len && self->buffer->str[end + 1] == '\n' ? 2 : 1;
  return end - at;
}

/* How many of each candidate stand in the @len bytes at @at, outside of quotes; the index of the most frequent. */
static guint
count_separators(const CasaSimCsv *self, gsize at, gsize len, guint counts[4])
{
  guint best = 0;
  gboolean quoted = FALSE;
  memset(counts, 0, 4 * sizeof *counts);
  for (gsize i = at; i < at + len; i++) {
    char c = self->buffer->str[i];
    if (c == '"')
      quoted = !quoted;
    const char *which = quoted || !c ? NULL : strchr(SEPARATORS, c);
    if (which)
      counts[which - SEPARATORS]++;
  }
  for (guint i = 1; i < 4; i++)
    best = counts[i] > counts[best] ? i : best;
  return best;
}

/* The separator the first line has most of. */
static char
guess_separator(const CasaSimCsv *self)
{
  gsize next;
  guint counts[4];
  return SEPARATORS[count_separators(self, self->at, line_at(self, self->at, &next), counts)];
}

/* "sep=;": what Excel reads as a word about the table, not of it. */
static void
skip_separator_line(CasaSimCsv *self)
{
  gsize next, len = line_at(self, self->at, &next);
  const char *line = self->buffer->str + self->at;
  gsize quote = len > 0 && *line == '"';
  if (len - quote < 5 || g_ascii_strncasecmp(line + quote, "sep=", 4) != 0 || len > 5 + 2 * quote)
    return;
  if (!self->separator && strchr(SEPARATORS, line[quote + 4]))
    self->separator = line[quote + 4];
  self->at = next;
  self->next_line++;
}

/* Whether the line at @at, which begins with #, is a header all the same: "# time;pm10" before a line with as many fields
 * that tells of a number. */
static gboolean
is_header(const CasaSimCsv *self, gsize at)
{
  gsize next, end, len = line_at(self, at, &next), len2 = line_at(self, next, &end);
  guint counts[4], counts2[4];
  guint best = count_separators(self, at, len, counts);
  count_separators(self, next, len2, counts2);
  return counts[best] > 0 && counts[best] == counts2[best] && self->buffer->str[next] != '#' &&
         g_ascii_isdigit(self->buffer->str[next]);
}

/* Lines that begin with # stand before many a header, and are not of the table. */
static void
skip_comments(CasaSimCsv *self)
{
  while (self->at < self->buffer->len && self->buffer->str[self->at] == '#') {
    gsize next;
    if (is_header(self, self->at)) {
      self->at++;
      return;
    }
    line_at(self, self->at, &next);
    self->at = next;
    self->next_line++;
    self->n_comments++;
  }
}

static void
begin(CasaSimCsv *self)
{
  self->begun = TRUE;
  while (self->buffer->len < CASA_SIM_CSV_MAX_ROW && fill(self))
    ;
  const guchar *bytes = (const guchar *)self->buffer->str;
  if (self->buffer->len >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff))) {
    g_clear_error(&self->error);
    g_set_error(&self->error, CASA_ERROR, CASA_ERROR_DATA,
                "this is UTF-16: save the table as \"CSV UTF-8\", or iconv -f UTF-16 -t UTF-8");
    self->at = self->buffer->len;
    self->ended = TRUE;
    return;
  }
  if (self->buffer->len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
    self->at = 3;
  skip_separator_line(self);
  skip_comments(self);
  if (!self->separator)
    self->separator = guess_separator(self);
}

/* Where a row ends. */
typedef enum { ENDS, OPEN_QUOTE, TOO_LONG } Extent;

static gsize
line_end_length(const char *p, gsize left)
{
  return *p == '\r' && left > 1 && p[1] == '\n' ? 2 : 1;
}

/* Finds the end of the row that begins at `at`: @len bytes without its line end, which has @end_len. A quote opens only at
 * the beginning of a field, as RFC 4180 has it: an inch sign within one is a letter. */
static Extent
extent(CasaSimCsv *self, gsize *len, gsize *end_len, guint *n_breaks)
{
  gboolean quoted = FALSE, field_begins = TRUE;
  gsize i = 0;
  *n_breaks = 0;
  for (;; i++) {
    if (self->at + i + 1 >= self->buffer->len && !self->ended) /* one ahead, for CRLF and a doubled quote */
      fill(self);
    if (self->at + i >= self->buffer->len || i > CASA_SIM_CSV_MAX_ROW)
      break;
    const char *p = self->buffer->str + self->at + i;
    if (quoted) {
      if (*p == '"' && self->at + i + 1 < self->buffer->len && p[1] == '"')
        i++;
      else if (*p == '"')
        quoted = FALSE;
      else if (*p == '\n' || (*p == '\r' && p[1] != '\n')) /* the buffer ends in NUL */
        ++*n_breaks;
    } else if (*p == '\n' || *p == '\r') {
      *len = i;
      *end_len = line_end_length(p, self->buffer->len - self->at - i);
      ++*n_breaks;
      return ENDS;
    } else {
      quoted = field_begins && *p == '"';
      field_begins = *p == self->separator;
      continue;
    }
    field_begins = FALSE;
  }
  *len = MIN(i, self->buffer->len - self->at);
  *end_len = 0;
  return i > CASA_SIM_CSV_MAX_ROW ? TOO_LONG : quoted ? OPEN_QUOTE : ENDS;
}

static CasaSimCsvResult
bad(CasaSimCsv *self, char *why)
{
  g_free(self->why);
  self->why = why;
  return CASA_SIM_CSV_BAD;
}

/* Goes on behind the first line break: what could not be a row may hold good ones. */
static void
skip_line(CasaSimCsv *self)
{
  for (;;) {
    const char *p = self->buffer->str + self->at, *end = self->buffer->str + self->buffer->len;
    while (p < end && *p != '\n' && *p != '\r')
      p++;
    self->at = (gsize)(p - self->buffer->str);
    if (p + 1 >= end && fill(self))
      continue;
    if (self->at < self->buffer->len)
      self->at += line_end_length(self->buffer->str + self->at, self->buffer->len - self->at);
    self->next_line++;
    return;
  }
}

/* One field of the @len bytes at @p into text, without its quotes. Returns the bytes read, with the separator. */
static gsize
read_field(CasaSimCsv *self, const char *p, gsize len, gboolean *more)
{
  gsize i = 0;
  gboolean quoted = len > 0 && *p == '"';
  for (i = quoted; i < len; i++) {
    if (quoted && p[i] == '"' && i + 1 < len && p[i + 1] == '"')
      i++;
    else if (quoted && p[i] == '"') {
      quoted = FALSE;
      continue;
    } else if (!quoted && p[i] == self->separator)
      break;
    g_string_append_c(self->text, p[i]);
  }
  *more = i < len;
  return i + *more;
}

static gboolean
is_ascii(const GString *s)
{
  for (gsize i = 0; i < s->len; i++) {
    if ((guchar)s->str[i] >= 0x80)
      return FALSE;
  }
  return TRUE;
}

/* Fields stand one behind the other with their NULs: recoded as a whole, they keep their order but not their places. */
static gboolean
recode(CasaSimCsv *self)
{
  gsize n = 0;
  if (is_ascii(self->text))
    return TRUE;
  if (!self->encoding) {
    gboolean valid = TRUE;
    for (guint i = 0; valid && i < self->n_fields; i++)
      valid = g_utf8_validate(self->text->str + self->offsets[i], -1, NULL);
    if (valid || !self->guesses)
      return valid;
    self->encoding = g_strdup("windows-1252"); /* from here on */
    self->recoded = TRUE;
  }
  g_autofree char *utf8 = g_convert(self->text->str, (gssize)self->text->len, "UTF-8", self->encoding, NULL, &n, NULL);
  if (!utf8)
    return FALSE;
  g_string_truncate(self->text, 0);
  g_string_append_len(self->text, utf8, (gssize)n);
  gsize at = 0;
  for (guint i = 0; i < self->n_fields; i++) {
    self->offsets[i] = at;
    at += strlen(self->text->str + at) + 1;
  }
  return TRUE;
}

static CasaSimCsvResult
split(CasaSimCsv *self, const char *p, gsize len)
{
  gboolean more = TRUE;
  self->n_fields = 0;
  g_string_truncate(self->text, 0);
  if (memchr(p, '\0', len))
    return bad(self, g_strdup("it holds a zero byte: is this a text file? (a spreadsheet must be saved as CSV)"));
  while (more) {
    if (self->n_fields == CASA_SIM_CSV_MAX_FIELDS)
      return bad(self, g_strdup_printf("more than %d fields", CASA_SIM_CSV_MAX_FIELDS));
    self->offsets[self->n_fields++] = self->text->len;
    gsize n = read_field(self, p, len, &more);
    g_string_append_c(self->text, '\0');
    p += n;
    len -= n;
  }
  if (!recode(self))
    return bad(self, g_strdup_printf("bytes that are no %s: set encoding, such as encoding = windows-1252",
                                     self->encoding ? self->encoding : "UTF-8"));
  return CASA_SIM_CSV_ROW;
}

CasaSimCsvResult
casa_sim_csv_next(CasaSimCsv *self)
{
  if (!self->begun)
    begin(self);
  for (;;) {
    gsize len, end_len;
    guint n_breaks;
    self->line = self->next_line;
    self->n_fields = 0;
    Extent found = extent(self, &len, &end_len, &n_breaks);
    if (found == ENDS && len == 0 && end_len == 0)
      return CASA_SIM_CSV_END;
    if (found != ENDS) {
      skip_line(self);
      return bad(self, found == TOO_LONG
                         ? g_strdup_printf("a row of more than %d bytes: is a quote missing?", CASA_SIM_CSV_MAX_ROW)
                         : g_strdup("a quote opens here and never closes: write \" as \"\" within quotes"));
    }
    const char *row = self->buffer->str + self->at;
    self->at += len + end_len;
    self->next_line += MAX(n_breaks, 1);
    if (len > 0)
      return split(self, row, len);
  }
}

guint
casa_sim_csv_n_fields(const CasaSimCsv *self)
{
  return self->n_fields;
}

const char *
casa_sim_csv_field(const CasaSimCsv *self, guint i)
{
  return i < self->n_fields ? self->text->str + self->offsets[i] : "";
}

guint64
casa_sim_csv_line(const CasaSimCsv *self)
{
  return self->line;
}

const char *
casa_sim_csv_why(const CasaSimCsv *self)
{
  return self->why ? self->why : "";
}

char
casa_sim_csv_separator(const CasaSimCsv *self)
{
  return self->separator;
}

const char *
casa_sim_csv_guessed_encoding(const CasaSimCsv *self)
{
  return self->recoded ? self->encoding : NULL;
}

guint64
casa_sim_csv_n_comments(const CasaSimCsv *self)
{
  return self->n_comments;
}

const GError *
casa_sim_csv_error(const CasaSimCsv *self)
{
  return self->error;
}
