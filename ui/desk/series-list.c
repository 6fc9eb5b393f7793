/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/desk/series-list.h"
#include "ui/text/lang.h"
#include "ui/text/phrases.h"
#include <string.h>

struct _CasaSeriesRow {
  GObject parent_instance;
  guint group, series;
  char *path, *name, *metric, *domain;
  gboolean team;
};

G_DEFINE_FINAL_TYPE(CasaSeriesRow, casa_series_row, G_TYPE_OBJECT)

/* One series, whether it is listed or not. */
typedef struct {
  guint series, group;
  gboolean team;
  char *name, *metric, *path, *domain;
  char *key;  /* what is searched in: folded, without accents */
  char *sort; /* order within the group */
} Entry;

typedef struct {
  char *name;
  guint n;            /* entries */
  guint listed;       /* that fit */
  CasaSeriesRow *row; /* NULL: not asked for yet */
  gboolean folded;
} Group;

struct _CasaSeriesList {
  GObject parent_instance;
  const CasaDesk *desk;
  GPtrArray *entries;    /* Entry, in the order of the list */
  GArray *groups;        /* Group */
  GHashTable *rows;      /* CasaSeriesRow by series, those that were asked for */
  GHashTable *by_series; /* Entry, the entries' own */
  GArray *listed;        /* guint: a series, or HEAD | group */
  guint generation;
  char **words; /* searched for, folded */
  CasaListState state;
};

#define HEAD 0x80000000u

static GType
item_type(GListModel *model)
{
  return CASA_TYPE_SERIES_ROW;
}

static guint
n_items(GListModel *model)
{
  return CASA_SERIES_LIST(model)->listed->len;
}

static CasaSeriesRow *
row_of_group(CasaSeriesList *self, guint i)
{
  Group *group = &g_array_index(self->groups, Group, i);

  if (!group->row) {
    group->row = g_object_new(CASA_TYPE_SERIES_ROW, NULL);
    group->row->group = i;
    group->row->series = G_MAXUINT;
    group->row->name = g_strdup(group->name);
    group->row->metric = g_strdup("");
  }
  return g_object_ref(group->row);
}

static CasaSeriesRow *
row_of_entry(CasaSeriesList *self, const Entry *entry)
{
  CasaSeriesRow *row = g_hash_table_lookup(self->rows, GUINT_TO_POINTER(entry->series));

  if (!row) {
    row = g_object_new(CASA_TYPE_SERIES_ROW, NULL);
    row->group = entry->group;
    row->series = entry->series;
    row->team = entry->team;
    row->path = g_strdup(entry->path);
    row->name = g_strdup(entry->name);
    row->metric = g_strdup(entry->metric);
    row->domain = g_strdup(entry->domain);
    g_hash_table_insert(self->rows, GUINT_TO_POINTER(entry->series), row);
  }
  return g_object_ref(row);
}

static gpointer
get_item(GListModel *model, guint position)
{
  CasaSeriesList *self = CASA_SERIES_LIST(model);

  if (position >= self->listed->len)
    return NULL;
  const guint at = g_array_index(self->listed, guint, position);
  return at & HEAD ? row_of_group(self, at & ~HEAD)
                   : row_of_entry(self, g_hash_table_lookup(self->by_series, GUINT_TO_POINTER(at)));
}

static void
model_init(GListModelInterface *iface)
{
  iface->get_item_type = item_type;
  iface->get_n_items = n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(CasaSeriesList, casa_series_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, model_init))

/* --- Rows --- */

static void
row_finalize(GObject *object)
{
  CasaSeriesRow *self = CASA_SERIES_ROW(object);

  g_free(self->path);
  g_free(self->name);
  g_free(self->metric);
  g_free(self->domain);
  G_OBJECT_CLASS(casa_series_row_parent_class)->finalize(object);
}

static void
casa_series_row_class_init(CasaSeriesRowClass *class)
{
  G_OBJECT_CLASS(class)->finalize = row_finalize;
}

static void
casa_series_row_init(CasaSeriesRow *self)
{
}

gboolean
casa_series_row_is_group(CasaSeriesRow *self)
{
  return self->series == G_MAXUINT;
}

guint
casa_series_row_group(CasaSeriesRow *self)
{
  return self->group;
}

guint
casa_series_row_series(CasaSeriesRow *self)
{
  return self->series;
}

const char *
casa_series_row_path(CasaSeriesRow *self)
{
  return self->path;
}

const char *
casa_series_row_name(CasaSeriesRow *self)
{
  return self->name;
}

const char *
casa_series_row_metric(CasaSeriesRow *self)
{
  return self->metric;
}

const char *
casa_series_row_domain(CasaSeriesRow *self)
{
  return self->domain;
}

gboolean
casa_series_row_is_team(CasaSeriesRow *self)
{
  return self->team;
}

/* --- Entries --- */

static void
entry_free(gpointer data)
{
  Entry *self = data;

  g_free(self->name);
  g_free(self->metric);
  g_free(self->path);
  g_free(self->domain);
  g_free(self->key);
  g_free(self->sort);
  g_free(self);
}

static void
group_clear(gpointer data)
{
  Group *self = data;

  g_free(self->name);
  g_clear_object(&self->row);
}

/* "Aïn Sebaâ PM10" → "ain sebaa pm10". (transfer full) */
static char *
folded(const char *text)
{
  g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL), *lower = apart ? g_utf8_casefold(apart, -1) : NULL;
  GString *plain = g_string_new(NULL);

  for (const char *p = lower ? lower : ""; *p; p = g_utf8_next_char(p))
    if (g_unichar_type(g_utf8_get_char(p)) != G_UNICODE_NON_SPACING_MARK)
      g_string_append_unichar(plain, g_utf8_get_char(p));
  return g_string_free(plain, FALSE);
}

/* A group for each domain of the screen in its order, one for other domains, one for teams. */
static void
make_groups(CasaSeriesList *self)
{
  guint n;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(self->desk->model), &n);

  for (guint i = 0; i <= n + 1; i++) {
    Group group = { .name = g_strdup(i < n ? casa_phrases_text(&domains[i]->name) : i == n ? _("Autres") : _("Équipes")) };
    g_array_append_val(self->groups, group);
  }
}

static guint
group_of(CasaSeriesList *self, const char *domain, gboolean team)
{
  guint n, i = 0;
  const CasaCityDomain *const *domains = casa_indicators_domains(casa_model_indicators(self->desk->model), &n);

  if (team)
    return n + 1;
  while (i < n && !g_str_equal(domains[i]->id, domain))
    i++;
  return i;
}

/* A team's station says whose it is. (transfer full) */
static char *
name_of(CasaSeriesList *self, CasaCatalogue *catalogue, const CasaStation *station, gboolean team)
{
  g_autofree char *name = casa_phrases_station(catalogue, station->id);

  return team ? g_strdup_printf("%s · %s", station->source, name) : g_steal_pointer(&name);
}

static void
add_entry(CasaSeriesList *self, guint series)
{
  CasaLatestValues *latest = casa_model_latest(self->desk->model);
  CasaCatalogue *catalogue = casa_latest_values_catalogue(latest);
  const CasaSeriesInfo *info = casa_catalogue_series(catalogue, series);
  const CasaStation *station = info ? casa_catalogue_station(catalogue, info->station) : NULL;

  if (!station || casa_latest_values_is_position(latest, series))
    return;
  Entry *entry = g_new0(Entry, 1);
  entry->series = series;
  entry->team = !g_str_equal(station->source, casa_indicators_city(casa_model_indicators(self->desk->model)));
  entry->group = group_of(self, station->domain, entry->team);
  entry->name = name_of(self, catalogue, station, entry->team);
  entry->metric = casa_desk_metric_name(self->desk, series);
  entry->path = casa_desk_path(self->desk, series);
  entry->domain = g_strdup(station->domain);
  g_autofree char *all =
    g_strdup_printf("%s %s %s %s", entry->name, entry->metric, entry->path, station->name ? station->name : "");
  g_autofree char *label = g_strdup_printf("%s %s", entry->name, entry->metric);
  entry->key = folded(all);
  entry->sort = g_utf8_collate_key_for_filename(label, -1);
  g_array_index(self->groups, Group, entry->group).n++;
  g_ptr_array_add(self->entries, entry);
  g_hash_table_insert(self->by_series, GUINT_TO_POINTER(series), entry);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const Entry *x = *(const Entry *const *)a, *y = *(const Entry *const *)b;

  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  const int order = strcmp(x->sort, y->sort);
  return order ? order : (x->series > y->series) - (x->series < y->series);
}

/* Lets go of rows whose station was described anew. TRUE: there were such. */
static gboolean
drop_old_rows(CasaSeriesList *self)
{
  gboolean any = FALSE;
  GHashTableIter iter;
  gpointer series, row;

  g_hash_table_iter_init(&iter, self->rows);
  while (g_hash_table_iter_next(&iter, &series, &row)) {
    const Entry *entry = g_hash_table_lookup(self->by_series, series);
    if (entry && g_str_equal(entry->name, ((CasaSeriesRow *)row)->name))
      continue;
    g_hash_table_iter_remove(&iter);
    any = TRUE;
  }
  return any;
}

/* TRUE: rows that were handed out have other words. */
static gboolean
read_catalogue(CasaSeriesList *self)
{
  CasaCatalogue *catalogue = casa_latest_values_catalogue(casa_model_latest(self->desk->model));
  const guint generation = casa_catalogue_generation(catalogue), n = casa_catalogue_n_series(catalogue);

  if (self->entries->len > 0 && generation == self->generation)
    return FALSE;
  self->generation = generation;
  g_hash_table_remove_all(self->by_series);
  g_ptr_array_set_size(self->entries, 0);
  for (guint i = 0; i < self->groups->len; i++)
    g_array_index(self->groups, Group, i).n = 0;
  for (guint i = 0; i < n; i++)
    add_entry(self, i);
  g_ptr_array_sort(self->entries, compare);
  return drop_old_rows(self);
}

/* --- What is listed --- */

static gboolean
is_in_state(CasaSeriesList *self, const Entry *entry, CasaListState state)
{
  switch (state) {
  case CASA_LIST_LIVE: return casa_desk_is_live(self->desk, entry->series);
  case CASA_LIST_SILENT: return !casa_desk_is_live(self->desk, entry->series);
  case CASA_LIST_FAVOURITES: return casa_keepsakes_is_favourite(self->desk->keepsakes, entry->path);
  case CASA_LIST_ALL:
  default: return TRUE;
  }
}

static gboolean
fits(CasaSeriesList *self, const Entry *entry)
{
  for (guint i = 0; self->words && self->words[i]; i++)
    if (*self->words[i] && !strstr(entry->key, self->words[i]))
      return FALSE;
  return is_in_state(self, entry, self->state);
}

static GArray *
list_now(CasaSeriesList *self)
{
  GArray *listed = g_array_new(FALSE, FALSE, sizeof(guint));
  guint head = G_MAXUINT;

  for (guint i = 0; i < self->groups->len; i++)
    g_array_index(self->groups, Group, i).listed = 0;
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = self->entries->pdata[i];
    Group *group = &g_array_index(self->groups, Group, entry->group);
    if (!fits(self, entry))
      continue;
    group->listed++;
    if (entry->group != head) {
      const guint at = HEAD | (head = entry->group);
      g_array_append_val(listed, at);
    }
    if (!group->folded)
      g_array_append_val(listed, entry->series);
  }
  return listed;
}

/* @anew: rows have other words, so that equal numbers say nothing. */
static void
take_list(CasaSeriesList *self, gboolean anew)
{
  g_autoptr(GArray) before = self->listed;
  guint same = 0, tail = 0;

  self->listed = list_now(self);
  const guint *old = (const guint *)(gpointer)before->data, *now = (const guint *)(gpointer)self->listed->data;
  const guint shorter = MIN(before->len, self->listed->len);
  while (!anew && same < shorter && old[same] == now[same])
    same++;
  while (!anew && tail < shorter - same && old[before->len - 1 - tail] == now[self->listed->len - 1 - tail])
    tail++;
  const guint removed = before->len - same - tail, added = self->listed->len - same - tail;
  if (removed > 0 || added > 0)
    g_list_model_items_changed(G_LIST_MODEL(self), same, removed, added);
}

void
casa_series_list_refresh(CasaSeriesList *self)
{
  take_list(self, read_catalogue(self));
}

void
casa_series_list_find(CasaSeriesList *self, const char *find)
{
  g_autofree char *plain = folded(find);

  g_strfreev(self->words);
  self->words = g_strsplit_set(plain, " \t\n", -1);
  take_list(self, FALSE);
}

void
casa_series_list_set_state(CasaSeriesList *self, CasaListState state)
{
  self->state = state;
  take_list(self, FALSE);
}

void
casa_series_list_toggle_group(CasaSeriesList *self, guint group)
{
  g_return_if_fail(group < self->groups->len);
  Group *it = &g_array_index(self->groups, Group, group);

  it->folded = !it->folded;
  take_list(self, FALSE);
}

gboolean
casa_series_list_is_folded(CasaSeriesList *self, guint group)
{
  return g_array_index(self->groups, Group, group).folded;
}

void
casa_series_list_count_group(CasaSeriesList *self, guint group, guint *listed, guint *all)
{
  *listed = g_array_index(self->groups, Group, group).listed;
  *all = g_array_index(self->groups, Group, group).n;
}

guint
casa_series_list_count(CasaSeriesList *self, CasaListState state)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    n += is_in_state(self, self->entries->pdata[i], state);
  return n;
}

static void
list_finalize(GObject *object)
{
  CasaSeriesList *self = CASA_SERIES_LIST(object);

  g_hash_table_unref(self->by_series);
  g_ptr_array_unref(self->entries);
  g_array_unref(self->groups);
  g_array_unref(self->listed);
  g_hash_table_unref(self->rows);
  g_strfreev(self->words);
  G_OBJECT_CLASS(casa_series_list_parent_class)->finalize(object);
}

static void
casa_series_list_class_init(CasaSeriesListClass *class)
{
  G_OBJECT_CLASS(class)->finalize = list_finalize;
}

static void
casa_series_list_init(CasaSeriesList *self)
{
  self->entries = g_ptr_array_new_with_free_func(entry_free);
  self->by_series = g_hash_table_new(NULL, NULL);
  self->groups = g_array_new(FALSE, TRUE, sizeof(Group));
  g_array_set_clear_func(self->groups, group_clear);
  self->listed = g_array_new(FALSE, FALSE, sizeof(guint));
  self->rows = g_hash_table_new_full(NULL, NULL, NULL, g_object_unref);
}

CasaSeriesList *
casa_series_list_new(const CasaDesk *desk)
{
  CasaSeriesList *self = g_object_new(CASA_TYPE_SERIES_LIST, NULL);

  self->desk = desk;
  make_groups(self);
  casa_series_list_refresh(self);
  return self;
}
