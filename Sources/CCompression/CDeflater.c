#include "CDeflater.h"

#include <bzlib.h>
#include <limits.h>
#include <lz4frame.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "CInflater.h"

// What gzip adds to a stream of zlib.
enum { GZIP_EXTRA = 32 };

static LZ4F_preferences_t lz4_preferences(size_t count) {
  LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
  preferences.frameInfo.contentSize = count;
  return preferences;
}

size_t cc_compress_bound(int format, size_t count) {
  switch (format) {
    case CC_FORMAT_ZLIB:
    case CC_FORMAT_GZIP: return compressBound(count) + GZIP_EXTRA;
    case CC_FORMAT_XZ: return lzma_stream_buffer_bound(count);
    case CC_FORMAT_BZ2: return count + count / 100 + 600;
    case CC_FORMAT_ZSTD: return ZSTD_compressBound(count);
    case CC_FORMAT_LZ4: {
      LZ4F_preferences_t preferences = lz4_preferences(count);
      return LZ4F_compressFrameBound(count, &preferences);
    }
    default: return 0;
  }
}

static int64_t deflated(
    int window, int level, const void *input, size_t count, void *output, size_t room) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return -1;
  stream.next_in = (Bytef *)input;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)room;
  int answer = deflate(&stream, Z_FINISH);
  int64_t written = answer == Z_STREAM_END ? (int64_t)stream.total_out : -1;
  deflateEnd(&stream);
  return written;
}

static int64_t bzipped(const void *input, size_t count, void *output, size_t room) {
  unsigned int written = (unsigned int)room;
  int answer = BZ2_bzBuffToBuffCompress(output, &written, (char *)input, (unsigned)count, 9, 0, 0);
  return answer == BZ_OK ? (int64_t)written : -1;
}

static int64_t xzipped(const void *input, size_t count, void *output, size_t room) {
  size_t written = 0;
  lzma_ret answer = lzma_easy_buffer_encode(
      LZMA_PRESET_DEFAULT, LZMA_CHECK_CRC64, NULL, input, count, output, &written, room);
  return answer == LZMA_OK ? (int64_t)written : -1;
}

static int64_t lz4_framed(const void *input, size_t count, void *output, size_t room) {
  LZ4F_preferences_t preferences = lz4_preferences(count);
  size_t written = LZ4F_compressFrame(output, room, input, count, &preferences);
  return LZ4F_isError(written) ? -1 : (int64_t)written;
}

int64_t cc_compress(
    int format, int level, const void *input, size_t count, void *output, size_t room) {
  if (count > INT_MAX || room > INT_MAX) return -1;
  switch (format) {
    case CC_FORMAT_ZLIB: return deflated(15, level, input, count, output, room);
    case CC_FORMAT_GZIP: return deflated(15 + 16, level, input, count, output, room);
    case CC_FORMAT_XZ: return xzipped(input, count, output, room);
    case CC_FORMAT_BZ2: return bzipped(input, count, output, room);
    case CC_FORMAT_ZSTD: {
      size_t written = ZSTD_compress(output, room, input, count, ZSTD_CLEVEL_DEFAULT);
      return ZSTD_isError(written) ? -1 : (int64_t)written;
    }
    case CC_FORMAT_LZ4: return lz4_framed(input, count, output, room);
    default: return -1;
  }
}
