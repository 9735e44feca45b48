// <term.h> must follow <ncurses.h>.
#include <ncurses.h>

#include <term.h>

#include "CNCurses.h"
#include "CNInternal.h"

// The one file that sees <term.h>, whose macros (`lines`, `columns`, ...) break other headers.

int cn_inspect(const char *type) {
  int error = 0;
  if (setupterm(type, 1, &error) != OK) return CN_UNKNOWN_TERMINAL;
  int result = cursor_address ? CN_OK : CN_NO_CURSOR_ADDRESSING;
  del_curterm(set_curterm(NULL));
  return result;
}
