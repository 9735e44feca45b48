#pragma once

#include <stddef.h>

// Words for an errno; safe on any thread.
void cl_error_text(int code, char *text, size_t capacity);
