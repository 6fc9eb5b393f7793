/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/stage/keys.h"

static CasaKey
arrow_meaning(guint keyval)
{
  switch (keyval) {
  case GDK_KEY_Right:
  case GDK_KEY_Down:
  case GDK_KEY_space: return CASA_KEY_NEXT;
  case GDK_KEY_Left:
  case GDK_KEY_Up: return CASA_KEY_PREVIOUS;
  default: return CASA_KEY_NONE;
  }
}

static CasaKey
control_meaning(guint keyval, GdkModifierType state)
{
  const guint lower = gdk_keyval_to_lower(keyval);

  if (state & (GDK_ALT_MASK | GDK_SUPER_MASK))
    return CASA_KEY_NONE;
  if (state & GDK_SHIFT_MASK)
    return lower == GDK_KEY_s ? CASA_KEY_SWAP : CASA_KEY_NONE;
  return lower == GDK_KEY_z ? CASA_KEY_UNDO : CASA_KEY_NONE;
}

guint
casa_key_at_place(guint keyval, guint keycode)
{
  static const struct {
    guint keycode, keyval;
  } letters[] = { { 38, GDK_KEY_a }, { 42, GDK_KEY_g },     { 25, GDK_KEY_w },     { 26, GDK_KEY_e }, { 27, GDK_KEY_r },
                  { 31, GDK_KEY_i }, { 33, GDK_KEY_p },     { 28, GDK_KEY_t },     { 32, GDK_KEY_o }, { 39, GDK_KEY_s },
                  { 43, GDK_KEY_h }, { 52, GDK_KEY_z },     { 55, GDK_KEY_v },     { 54, GDK_KEY_c }, { 58, GDK_KEY_m },
                  { 46, GDK_KEY_l }, { 40, GDK_KEY_d },     { 45, GDK_KEY_k },     { 41, GDK_KEY_f }, { 53, GDK_KEY_x },
                  { 56, GDK_KEY_b }, { 59, GDK_KEY_comma }, { 60, GDK_KEY_period } };
  guint32 c = gdk_keyval_to_unicode(keyval);

  if (keycode >= 10 && keycode <= 18 && c)
    return GDK_KEY_1 + (keycode - 10);
  if (keycode == 19 && c)
    return GDK_KEY_0;
  if (c < 0x80)
    return keyval;
  for (guint i = 0; i < G_N_ELEMENTS(letters); i++)
    if (letters[i].keycode == keycode)
      return letters[i].keyval;
  return keyval;
}

CasaKey
casa_key_meaning(guint keyval, GdkModifierType state, gboolean arrows, guint *out_number)
{
  gboolean is_digit = keyval >= GDK_KEY_1 && keyval <= GDK_KEY_9;

  if (is_digit)
    *out_number = keyval - GDK_KEY_0;
  if (is_digit && (state & GDK_ALT_MASK) && !(state & (GDK_CONTROL_MASK | GDK_SUPER_MASK)))
    return CASA_KEY_SCENE;
  if (state & GDK_CONTROL_MASK)
    return control_meaning(keyval, state);
  if (state & (GDK_ALT_MASK | GDK_SUPER_MASK))
    return CASA_KEY_NONE;
  switch (gdk_keyval_to_lower(keyval)) {
  case GDK_KEY_Page_Down:
  case GDK_KEY_KP_Page_Down: return CASA_KEY_NEXT;
  case GDK_KEY_Page_Up:
  case GDK_KEY_KP_Page_Up: return CASA_KEY_PREVIOUS;
  case GDK_KEY_b:
  case GDK_KEY_period: return CASA_KEY_BLACK;
  case GDK_KEY_w: return state & GDK_SHIFT_MASK ? CASA_KEY_WHITE : CASA_KEY_FREEZE;
  case GDK_KEY_f:
  case GDK_KEY_comma: return CASA_KEY_FREEZE;
  case GDK_KEY_F5: return CASA_KEY_SHOW;
  case GDK_KEY_F11: return CASA_KEY_FULLSCREEN;
  case GDK_KEY_Escape: return CASA_KEY_LEAVE;
  case GDK_KEY_e: return CASA_KEY_PALETTE;
  case GDK_KEY_i: return CASA_KEY_WHAT_IF;
  case GDK_KEY_a: return CASA_KEY_COMPARE;
  case GDK_KEY_l: return CASA_KEY_LANGUAGE;
  case GDK_KEY_t: return CASA_KEY_THEME;
  case GDK_KEY_0:
  case GDK_KEY_KP_0: return CASA_KEY_HOME;
  case GDK_KEY_r: return CASA_KEY_REPLAY;
  case GDK_KEY_p: return CASA_KEY_PARACHUTE;
  case GDK_KEY_g: return state & GDK_SHIFT_MASK ? CASA_KEY_NO_TEAM : CASA_KEY_TEAM;
  case GDK_KEY_k: return CASA_KEY_TURN_TEAM;
  case GDK_KEY_x: return CASA_KEY_EXPLORE;
  case GDK_KEY_o: return CASA_KEY_POINTER;
  case GDK_KEY_s: return CASA_KEY_SPOTLIGHT;
  case GDK_KEY_m: return CASA_KEY_MAGNIFIER;
  case GDK_KEY_c: return CASA_KEY_PEN;
  case GDK_KEY_h: return CASA_KEY_HIDE;
  case GDK_KEY_v: return CASA_KEY_VIEW;
  case GDK_KEY_BackSpace:
  case GDK_KEY_Delete: return CASA_KEY_ERASE;
  case GDK_KEY_d: return state & GDK_SHIFT_MASK ? CASA_KEY_TEAMS : CASA_KEY_DIAGNOSE;
  default: break;
  }
  if (is_digit)
    return CASA_KEY_NUMBER;
  return arrows ? arrow_meaning(keyval) : CASA_KEY_NONE;
}
