#pragma once

#include <stddef.h>
#include <stdint.h>

// The screen by ncurses, as plain functions: no curses macro, type or global leaves this target.
// All but the signal handlers must be called from one thread. Only one screen exists at a time.

enum { CN_BOLD = 1, CN_DIM = 2, CN_UNDERLINE = 4, CN_REVERSE = 8 };
enum { CN_OK = 0, CN_UNKNOWN_TERMINAL, CN_NO_CURSOR_ADDRESSING, CN_NO_TERMINAL, CN_FAILED };
enum { CN_INPUT = 1, CN_SIGNAL = 2, CN_WAKE = 4 };
enum { CN_CELL_TEXT = 5 };

/// One character: up to four code points ended by 0, attributes, and a colour pair.
typedef struct {
  uint32_t text[CN_CELL_TEXT];
  int32_t pair;
  uint16_t attributes;
} cn_cell;

/// Whether descriptors 0 and 1 are terminals.
int cn_is_terminal(void);
/// Opens the screen on descriptors 0 and 1 for a terminal type; colours are set up unless told not
/// to. Returns one of the results above; on any but CN_OK nothing has changed.
int cn_open(const char *type, int with_colours);
/// Leaves the screen and gives the terminal back as it was. May be called again.
void cn_close(void);
/// Leaves the screen for a while.
void cn_leave(void);
/// Comes back to an empty screen of the size that the window has now; colour pairs are to be defined
/// again. One of the results above.
int cn_return(void);

/// Colours that the terminal has, 0 without; pairs that it can hold.
int cn_colours(void);
int cn_pairs(void);
/// Defines a colour pair; -1 is the terminal's own colour. 0 when the terminal refuses.
int cn_define_pair(int pair, int foreground, int background);

int cn_rows(void);
int cn_columns(void);
/// Asks the system for the size and takes it over.
void cn_follow_size(void);

/// Puts cells into a row from column 0.
void cn_put_row(int row, const cn_cell *cells, int count);
/// Places the cursor; a negative row hides it.
void cn_cursor(int row, int column);
/// Sends what has changed.
void cn_flush(void);
/// Has the next flush send everything.
void cn_redraw(void);
/// Reports of the mouse (presses, drags, wheel).
void cn_mouse(int on);
/// Writes bytes to the terminal past ncurses: only sequences that do not touch the screen.
void cn_send(const void *bytes, size_t count);

/// Waits for input, a signal, or the descriptor `wake` (-1: none); a negative timeout is for ever.
/// Returns which of CN_INPUT, CN_SIGNAL, CN_WAKE are ready; 0 after the timeout.
int cn_wait(int wake, int wants_input, int timeout_milliseconds);
/// Reads what is there; 0 at the end of input, also when the terminal is gone.
long cn_read(void *buffer, size_t capacity);

/// Catches WINCH TSTP CONT TERM HUP INT QUIT (told by cn_next_signal) and the fatal signals, which
/// give the terminal back and then take their course. 0 when that is not possible.
int cn_catch_signals(void);
void cn_release_signals(void);
/// The next signal that came, or 0. CN_... names of those that a caller tells apart follow.
int cn_next_signal(void);
extern const int cn_signal_resized, cn_signal_stop, cn_signal_continued;
/// While on, what the keyboard sends (INT, QUIT) is for another program, and a stop stops at once.
void cn_yield_signals(int on);
/// Stops this process as Ctrl-Z does; returns when it is continued. Where no shell could continue
/// it (an orphaned process group) it returns at once.
void cn_stop(void);

/// What is written to descriptor 2 is kept (up to 256 KB) until cn_release_errors writes it to
/// where it would have gone, with control characters replaced.
void cn_capture_errors(void);
void cn_release_errors(void);
