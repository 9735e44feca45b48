#pragma once

// Names the calling thread; the kernel keeps the first 15 bytes.
void cl_name_thread(const char *name);
