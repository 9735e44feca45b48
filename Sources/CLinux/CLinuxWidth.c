#include "CLinuxWidth.h"

#include <locale.h>
#include <pthread.h>
#include <wchar.h>

static locale_t utf8_locale;
static pthread_once_t utf8_locale_once = PTHREAD_ONCE_INIT;

static void make_utf8_locale(void) {
  static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8", ""};
  for (unsigned i = 0; i < sizeof names / sizeof *names && !utf8_locale; i++)
    utf8_locale = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
}

int clinux_column_width(uint32_t code_point) {
  pthread_once(&utf8_locale_once, make_utf8_locale);
  if (!utf8_locale) return code_point >= 0x20 && code_point < 0x7f ? 1 : -1;
  locale_t before = uselocale(utf8_locale);
  int width = wcwidth((wchar_t)code_point);
  uselocale(before);
  return width;
}
