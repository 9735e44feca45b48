#include "CLinux.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int64_t *cl_shared_counters(const char *path, int count) {
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return NULL;
  size_t size = (size_t)count * sizeof(int64_t);
  int64_t *counters = NULL;
  if (ftruncate(file, (off_t)size) == 0) {
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) counters = page;
  }
  // Changes of a mapped page need not show in the time of modification; that of opening does.
  futimens(file, NULL);
  close(file);
  return counters;
}

void cl_shared_add(int64_t *counter, int64_t amount) {
  __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
}

int64_t cl_shared_read(const int64_t *counter) {
  return __atomic_load_n(counter, __ATOMIC_RELAXED);
}
