/* SPDX-License-Identifier: Apache-2.0 */
#include "advection.h"

#include <math.h>

#define EAST_M 92700.0 /* metres per degree of longitude at 33.58 N, and of latitude */
#define NORTH_M 110900.0
#define N_SIDES 4 /* the outer boundary is told apart by where it looks: a shore and a hinterland do not cancel */

typedef struct {
  const CasaCity *city;
  GHashTable *owners;   /* an edge → district index + 1 of one or, sixteen bits up, two that lie along it */
  double *east, *north; /* [n_districts + N_SIDES] of the box at work */
} Builder;

/* Five decimals identify a point; neighbours may run along their common edge in either sense. */
static char *
edge_key(CasaLonLat a, CasaLonLat b)
{
  int ax = (int)floor(a.lon * 1e5 + 0.5), ay = (int)floor(a.lat * 1e5 + 0.5);
  int bx = (int)floor(b.lon * 1e5 + 0.5), by = (int)floor(b.lat * 1e5 + 0.5);
  gboolean turned = ax > bx || (ax == bx && ay > by);
  return turned ? g_strdup_printf("%d %d %d %d", bx, by, ax, ay) : g_strdup_printf("%d %d %d %d", ax, ay, bx, by);
}

static void
claim_edges(Builder *b, guint district)
{
  const CasaDistrict *d = &b->city->districts[district];
  for (guint r = 0; r < d->n_rings; r++) {
    const CasaPath *ring = &d->rings[r];
    for (guint i = 0; i + 1 < ring->n; i++) {
      char *key = edge_key(ring->points[i], ring->points[i + 1]);
      guint owners = GPOINTER_TO_UINT(g_hash_table_lookup(b->owners, key));
      g_hash_table_insert(b->owners, key, GUINT_TO_POINTER(owners << 16 | (district + 1)));
    }
  }
}

static guint
neighbour(const Builder *b, guint district, CasaLonLat p, CasaLonLat q)
{
  g_autofree char *key = edge_key(p, q);
  guint owners = GPOINTER_TO_UINT(g_hash_table_lookup(b->owners, key));
  guint first = owners & 0xffff, second = owners >> 16, other = first == district + 1 ? second : first;
  return other > 0 ? other - 1 : CASA_SIM_OUTSIDE;
}

/* Twice the area, positive when the ring turns counter-clockwise, square metres. */
static double
turn(const CasaPath *ring)
{
  double sum = 0;
  for (guint i = 0; i + 1 < ring->n; i++) {
    CasaLonLat o = ring->points[0], p = ring->points[i], q = ring->points[i + 1];
    sum += ((p.lon - o.lon) * (q.lat - o.lat) - (q.lon - o.lon) * (p.lat - o.lat)) * EAST_M * NORTH_M;
  }
  return sum;
}

static double
add_ring(Builder *b, guint district, const CasaPath *ring, gboolean hole)
{
  double twice = turn(ring);
  double sense = (twice > 0) == hole ? -1 : 1; /* the inside lies to the left of an outer ring, to the right of a hole */
  for (guint i = 0; i + 1 < ring->n; i++) {
    CasaLonLat p = ring->points[i], q = ring->points[i + 1];
    double east = sense * (q.lat - p.lat) * NORTH_M, north = -sense * (q.lon - p.lon) * EAST_M;
    guint to = neighbour(b, district, p, q);
    if (to == CASA_SIM_OUTSIDE)
      to = b->city->n_districts + (east > 0 ? 1 : 0) + (north > 0 ? 2 : 0);
    b->east[to] += east;
    b->north[to] += north;
  }
  return (twice > 0 ? twice : -twice) / 2 * (hole ? -1 : 1);
}

/* By the even-odd rule the middle of a hole lies outside its district. */
static gboolean
is_hole(const CasaCity *city, const CasaDistrict *d, const CasaPath *ring)
{
  CasaLonLat middle = { 0, 0 };
  for (guint i = 0; i < ring->n; i++) {
    middle.lon += ring->points[i].lon / ring->n;
    middle.lat += ring->points[i].lat / ring->n;
  }
  return casa_city_district_at(city, middle) != d;
}

static void
add_cell(Builder *b, CasaSimAdvection *self, guint district)
{
  const CasaDistrict *d = &b->city->districts[district];
  CasaSimCell *cell = &self->cells[district];
  guint n_sides = b->city->n_districts + N_SIDES;
  for (guint i = 0; i < n_sides; i++)
    b->east[i] = b->north[i] = 0;
  for (guint r = 0; r < d->n_rings; r++) {
    cell->area_m2 += add_ring(b, district, &d->rings[r], r > 0 && is_hole(b->city, d, &d->rings[r]));
  }
  cell->first = self->faces->len;
  for (guint i = 0; i < n_sides; i++) {
    CasaSimFace face = { .to = i < b->city->n_districts ? i : CASA_SIM_OUTSIDE, .east_m = b->east[i], .north_m = b->north[i] };
    if (face.east_m != 0 || face.north_m != 0)
      g_array_append_val(self->faces, face);
  }
  cell->n = self->faces->len - cell->first;
}

void
casa_sim_advection_init(CasaSimAdvection *self, const CasaCity *city)
{
  Builder b = { .city = city, .owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
  self->n_cells = city->n_districts;
  self->cells = g_new0(CasaSimCell, city->n_districts + 1);
  self->faces = g_array_new(FALSE, FALSE, sizeof(CasaSimFace));
  b.east = g_new0(double, city->n_districts + N_SIDES);
  b.north = g_new0(double, city->n_districts + N_SIDES);
  for (guint i = 0; i < city->n_districts; i++)
    claim_edges(&b, i);
  for (guint i = 0; i < city->n_districts; i++)
    add_cell(&b, self, i);
  g_hash_table_unref(b.owners);
  g_free(b.east);
  g_free(b.north);
}

void
casa_sim_advection_clear(CasaSimAdvection *self)
{
  g_clear_pointer(&self->cells, g_free);
  g_clear_pointer(&self->faces, g_array_unref);
}
