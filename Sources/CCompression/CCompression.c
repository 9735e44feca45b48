#include "CCompression.h"

#include <string.h>
#include <zstd.h>

size_t cc_zstd_bound(size_t count) { return ZSTD_compressBound(count); }

int64_t cc_zstd_compress(
    void *output, size_t room, const void *input, size_t count, int level) {
  size_t took = ZSTD_compress(output, room, input, count, level);
  return ZSTD_isError(took) ? -1 : (int64_t)took;
}

int64_t cc_zstd_content_size(const void *input, size_t count) {
  unsigned long long size = ZSTD_getFrameContentSize(input, count);
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) return -1;
  return size > INT64_MAX ? -1 : (int64_t)size;
}

int64_t cc_zstd_decompress(void *output, size_t room, const void *input, size_t count) {
  size_t size = ZSTD_decompress(output, room, input, count);
  return ZSTD_isError(size) ? -1 : (int64_t)size;
}

// The finalizer of SplitMix64.
static uint64_t mixed(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

uint64_t cc_digest(const void *bytes, size_t count) {
  const uint8_t *place = bytes;
  uint64_t digest = mixed(count + 0x9E3779B97F4A7C15u);
  for (size_t left = count; left > 0;) {
    uint64_t word = 0;
    size_t step = left < sizeof word ? left : sizeof word;
    memcpy(&word, place, step);
    digest = mixed(digest ^ word) + 0x9E3779B97F4A7C15u;
    place += step;
    left -= step;
  }
  return mixed(digest);
}
