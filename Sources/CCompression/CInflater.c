#include "CInflater.h"

#include <bzlib.h>
#include <limits.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct cc_inflater {
  int format;
  union {
    z_stream zlib;
    lzma_stream xz;
    bz_stream bz2;
    ZSTD_DStream *zstd;
    LZ4F_dctx *lz4;
  } of;
};

// The libraries count in unsigned int; a step may take less than it was offered.
static unsigned int clipped(size_t count) { return count > INT_MAX ? INT_MAX : (unsigned int)count; }

static int opens(cc_inflater *inflater, uint64_t memory_limit) {
  switch (inflater->format) {
    case CC_FORMAT_ZLIB: return inflateInit2(&inflater->of.zlib, 15) == Z_OK;
    case CC_FORMAT_GZIP: return inflateInit2(&inflater->of.zlib, 15 + 16) == Z_OK;
    case CC_FORMAT_XZ:
      inflater->of.xz = (lzma_stream)LZMA_STREAM_INIT;
      return lzma_stream_decoder(&inflater->of.xz, memory_limit, 0) == LZMA_OK;
    case CC_FORMAT_BZ2: return BZ2_bzDecompressInit(&inflater->of.bz2, 0, 0) == BZ_OK;
    case CC_FORMAT_ZSTD:
      inflater->of.zstd = ZSTD_createDStream();
      return inflater->of.zstd != NULL;
    case CC_FORMAT_LZ4:
      return !LZ4F_isError(LZ4F_createDecompressionContext(&inflater->of.lz4, LZ4F_VERSION));
    default: return 0;
  }
}

cc_inflater *cc_inflater_open(int format, uint64_t memory_limit) {
  cc_inflater *inflater = calloc(1, sizeof *inflater);
  if (inflater == NULL) return NULL;
  inflater->format = format;
  if (opens(inflater, memory_limit)) return inflater;
  free(inflater);
  return NULL;
}

void cc_inflater_close(cc_inflater *inflater) {
  switch (inflater->format) {
    case CC_FORMAT_ZLIB:
    case CC_FORMAT_GZIP: inflateEnd(&inflater->of.zlib); break;
    case CC_FORMAT_XZ: lzma_end(&inflater->of.xz); break;
    case CC_FORMAT_BZ2: BZ2_bzDecompressEnd(&inflater->of.bz2); break;
    case CC_FORMAT_ZSTD: ZSTD_freeDStream(inflater->of.zstd); break;
    case CC_FORMAT_LZ4: LZ4F_freeDecompressionContext(inflater->of.lz4); break;
    default: break;
  }
  free(inflater);
}

static int step_zlib(
    z_stream *stream, const void *input, size_t count, size_t *taken, void *output, size_t room,
    size_t *given) {
  stream->next_in = (Bytef *)input;
  stream->avail_in = clipped(count);
  stream->next_out = output;
  stream->avail_out = clipped(room);
  int answer = inflate(stream, Z_NO_FLUSH);
  *taken = clipped(count) - stream->avail_in;
  *given = clipped(room) - stream->avail_out;
  switch (answer) {
    case Z_STREAM_END: return CC_INFLATE_END;
    case Z_OK:
    case Z_BUF_ERROR: return CC_INFLATE_MORE;
    case Z_MEM_ERROR: return CC_INFLATE_MEMORY;
    default: return CC_INFLATE_CORRUPT;
  }
}

static int step_xz(
    lzma_stream *stream, const void *input, size_t count, size_t *taken, void *output, size_t room,
    size_t *given) {
  stream->next_in = input;
  stream->avail_in = count;
  stream->next_out = output;
  stream->avail_out = room;
  lzma_ret answer = lzma_code(stream, LZMA_RUN);
  *taken = count - stream->avail_in;
  *given = room - stream->avail_out;
  switch (answer) {
    case LZMA_STREAM_END: return CC_INFLATE_END;
    case LZMA_OK:
    case LZMA_BUF_ERROR: return CC_INFLATE_MORE;
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR: return CC_INFLATE_MEMORY;
    default: return CC_INFLATE_CORRUPT;
  }
}

static int step_bz2(
    bz_stream *stream, const void *input, size_t count, size_t *taken, void *output, size_t room,
    size_t *given) {
  stream->next_in = (char *)input;
  stream->avail_in = clipped(count);
  stream->next_out = output;
  stream->avail_out = clipped(room);
  int answer = BZ2_bzDecompress(stream);
  *taken = clipped(count) - stream->avail_in;
  *given = clipped(room) - stream->avail_out;
  switch (answer) {
    case BZ_STREAM_END: return CC_INFLATE_END;
    case BZ_OK: return CC_INFLATE_MORE;
    case BZ_MEM_ERROR: return CC_INFLATE_MEMORY;
    default: return CC_INFLATE_CORRUPT;
  }
}

static int step_zstd(
    ZSTD_DStream *stream, const void *input, size_t count, size_t *taken, void *output, size_t room,
    size_t *given) {
  ZSTD_inBuffer in = {input, count, 0};
  ZSTD_outBuffer out = {output, room, 0};
  size_t answer = ZSTD_decompressStream(stream, &out, &in);
  *taken = in.pos;
  *given = out.pos;
  if (!ZSTD_isError(answer)) return answer == 0 ? CC_INFLATE_END : CC_INFLATE_MORE;
  // A window that is larger than the library takes counts as too much memory.
  return ZSTD_getErrorCode(answer) == ZSTD_error_frameParameter_windowTooLarge ||
                 ZSTD_getErrorCode(answer) == ZSTD_error_memory_allocation
             ? CC_INFLATE_MEMORY
             : CC_INFLATE_CORRUPT;
}

static int step_lz4(
    LZ4F_dctx *stream, const void *input, size_t count, size_t *taken, void *output, size_t room,
    size_t *given) {
  *taken = count;
  *given = room;
  size_t answer = LZ4F_decompress(stream, output, given, input, taken, NULL);
  if (LZ4F_isError(answer)) {
    *taken = *given = 0;
    return CC_INFLATE_CORRUPT;
  }
  return answer == 0 ? CC_INFLATE_END : CC_INFLATE_MORE;
}

int cc_inflater_step(
    cc_inflater *inflater, const void *input, size_t count, size_t *taken, void *output,
    size_t room, size_t *given) {
  *taken = *given = 0;
  switch (inflater->format) {
    case CC_FORMAT_ZLIB:
    case CC_FORMAT_GZIP:
      return step_zlib(&inflater->of.zlib, input, count, taken, output, room, given);
    case CC_FORMAT_XZ: return step_xz(&inflater->of.xz, input, count, taken, output, room, given);
    case CC_FORMAT_BZ2:
      return step_bz2(&inflater->of.bz2, input, count, taken, output, room, given);
    case CC_FORMAT_ZSTD:
      return step_zstd(inflater->of.zstd, input, count, taken, output, room, given);
    case CC_FORMAT_LZ4:
      return step_lz4(inflater->of.lz4, input, count, taken, output, room, given);
    default: return CC_INFLATE_CORRUPT;
  }
}
