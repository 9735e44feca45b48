#include "CNCurses.h"

#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "CNInternal.h"

static SCREEN *screen;
static char *type;
static int wants_colours, has_colours, mouse_on, cursor_shown, can_hide;

int cn_is_terminal(void) { return isatty(0) && isatty(1); }

void cn_send(const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(1, next, count);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) next += written, count -= (size_t)written;
  }
}

static void send_text(const char *text) { cn_send(text, strlen(text)); }

// The widths of characters must be those that the caller counted with: C.UTF-8, whatever LANG says.
static void set_locale(void) {
  if (!setlocale(LC_CTYPE, "C.UTF-8") && !setlocale(LC_CTYPE, "C.utf8")) setlocale(LC_CTYPE, "");
}

static void enter_modes(void) {
  send_text("\033[?2004h");
  if (mouse_on) send_text("\033[?1000h\033[?1002h\033[?1006h");
}

static void leave_modes(void) {
  send_text("\033[?2004l");
  if (mouse_on) send_text("\033[?1006l\033[?1002l\033[?1000l");
}

static int begin(void) {
  screen = newterm(type, stdout, stdin);
  if (!screen) return CN_FAILED;
  cn_complete_restoration();
  cn_arm_restoration(1);
  raw(), noecho(), nonl(), typeahead(-1);
  leaveok(stdscr, FALSE), scrollok(stdscr, FALSE), can_hide = curs_set(0) != ERR;
  cursor_shown = 0;
  has_colours = wants_colours && start_color() == OK && use_default_colors() == OK;
  enter_modes();
  return CN_OK;
}

int cn_open(const char *type_name, int with_colours) {
  if (type) return CN_FAILED;
  if (!cn_is_terminal()) return CN_NO_TERMINAL;
  set_locale();
  int result = cn_inspect(type_name);
  if (result != CN_OK) return result;
  cn_prepare_restoration();
  type = strdup(type_name);
  wants_colours = with_colours;
  mouse_on = 0;
  result = begin();
  if (result != CN_OK) cn_close();
  return result;
}

void cn_close(void) {
  cn_leave();
  free(type);
  type = NULL;
}

void cn_leave(void) {
  if (!screen) return;
  leave_modes();
  endwin();
  cn_arm_restoration(0);
  delscreen(screen);
  screen = NULL;
}

// ncurses' own way back from endwin resets the terminal's palette (OSC 104), which undoes what the
// user's start-up files have set. So the screen is made anew.
int cn_return(void) {
  if (screen || !type) return CN_FAILED;
  cn_restore_modes();
  return begin();
}

int cn_colours(void) { return has_colours ? COLORS : 0; }
int cn_pairs(void) { return has_colours ? COLOR_PAIRS : 0; }

int cn_define_pair(int pair, int foreground, int background) {
#if NCURSES_EXT_COLORS
  return init_extended_pair(pair, foreground, background) == OK;
#else
  return pair < 256 && init_pair((short)pair, (short)foreground, (short)background) == OK;
#endif
}

int cn_rows(void) { return screen ? getmaxy(stdscr) : 0; }
int cn_columns(void) { return screen ? getmaxx(stdscr) : 0; }

void cn_follow_size(void) {
  struct winsize size;
  if (!screen || ioctl(1, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_row > 0 && size.ws_col > 0) resizeterm(size.ws_row, size.ws_col);
}

static attr_t attributes(unsigned bits) {
  return (bits & CN_BOLD ? A_BOLD : 0) | (bits & CN_DIM ? A_DIM : 0) |
         (bits & CN_UNDERLINE ? A_UNDERLINE : 0) | (bits & CN_REVERSE ? A_REVERSE : 0);
}

void cn_put_row(int row, const cn_cell *cells, int count) {
  static cchar_t line[1000];
  if (!screen || row < 0 || row >= getmaxy(stdscr)) return;
  if (count > (int)(sizeof line / sizeof *line)) count = sizeof line / sizeof *line;
  for (int i = 0; i < count; i++) {
    wchar_t text[CN_CELL_TEXT];
    for (int k = 0; k < CN_CELL_TEXT; k++) text[k] = (wchar_t)cells[i].text[k];
    text[CN_CELL_TEXT - 1] = 0;
    int pair = cells[i].pair;
    setcchar(&line[i], text, attributes(cells[i].attributes), (short)(pair & 0x7fff), &pair);
  }
  mvwadd_wchnstr(stdscr, row, 0, line, count);
}

void cn_cursor(int row, int column) {
  int show = row >= 0;
  if (!screen) return;
  if (show != cursor_shown) can_hide = curs_set(show) != ERR;
  cursor_shown = show;
  if (show) wmove(stdscr, row, column);
  // Where it cannot be hidden it rests where it disturbs least.
  else if (!can_hide) wmove(stdscr, getmaxy(stdscr) - 1, getmaxx(stdscr) - 1);
}

void cn_flush(void) {
  if (screen) wrefresh(stdscr);
}

void cn_redraw(void) {
  if (screen) clearok(curscr, TRUE);
}

void cn_mouse(int on) {
  if (screen) leave_modes();
  mouse_on = on;
  if (screen) enter_modes();
}

long cn_read(void *buffer, size_t capacity) {
  ssize_t count;
  do count = read(0, buffer, capacity);
  while (count < 0 && errno == EINTR);
  return count < 0 ? 0 : count;
}
