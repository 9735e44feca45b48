#pragma once

#include <stdint.h>

/// Columns that a code point takes, by libc's tables under a UTF-8 locale, whatever locale the
/// program runs in: 0, 1, 2, or -1 when it cannot be printed. Safe on every thread.
int clinux_column_width(uint32_t code_point);
