#pragma once

#include <stdint.h>

// A page of counters in a file that several processes map: `count` of them, 0 in a new file. NULL,
// with errno, when the file cannot be used. Never unmapped: it lives as long as the process.
int64_t *cl_shared_counters(const char *path, int count);

// One counter, added to and read in one step each, whatever other processes do.
void cl_shared_add(int64_t *counter, int64_t amount);
int64_t cl_shared_read(const int64_t *counter);
