/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
#include "ui/scenes/part.h"

G_BEGIN_DECLS

/* The kinds of parts there are, a file of ui/scenes/parts/ each. Only parts.c and those files need to know. */
extern const CasaPartClass casa_part_column;     /* panels, the one that matters most first */
extern const CasaPartClass casa_part_header;     /* title, where the data comes from, date and clock, menu */
extern const CasaPartClass casa_part_map;        /* the city: districts, stations, vehicles */
extern const CasaPartClass casa_part_panel;      /* one domain: number, word and chart */
extern const CasaPartClass casa_part_ranking;    /* one indicator by line, district or station */
extern const CasaPartClass casa_part_governance; /* how the city stands beside what standards ask */
extern const CasaPartClass casa_part_rose;       /* where the wind comes from */
extern const CasaPartClass casa_part_scatter;    /* one indicator against another */
extern const CasaPartClass casa_part_stack;      /* what a whole is made of */
extern const CasaPartClass casa_part_ribbon;     /* figures in one line */
extern const CasaPartClass casa_part_station;    /* one metric of one station, of a team too */
extern const CasaPartClass casa_part_status;     /* how the pipeline does, in words */
extern const CasaPartClass casa_part_story;      /* what happens, in one sentence */
extern const CasaPartClass casa_part_teams;      /* teams that the organiser has shown: one large, and a board */
extern const CasaPartClass casa_part_text;       /* words of the presenter's own */
extern const CasaPartClass casa_part_tiles;      /* a row of figures */

G_END_DECLS
