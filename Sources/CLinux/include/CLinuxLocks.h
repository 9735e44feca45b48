#pragma once

#include <stdint.h>

// Locks on single bytes of a file, which belong to the open file: they end when it is closed, also
// by the end of the process, and two openings of one process exclude each other. The byte need not
// exist.

// Takes the byte for this opening without waiting: 0 when it has it, 1 when another one does, -1
// with errno.
int cl_lock_byte(int descriptor, int64_t position);
// Gives it up.
int cl_unlock_byte(int descriptor, int64_t position);
// Whether another opening has the byte: 1 or 0, -1 with errno.
int cl_is_byte_locked(int descriptor, int64_t position);
