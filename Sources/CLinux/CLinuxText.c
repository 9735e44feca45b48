#include "CLinux.h"

#include <string.h>

void cl_error_text(int code, char *text, size_t capacity) {
  char room[256];
  const char *words = strerror_r(code, room, sizeof room);
  strncpy(text, words, capacity - 1);
  text[capacity - 1] = 0;
}
