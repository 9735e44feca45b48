#pragma once

#include <stddef.h>
#include <stdint.h>

// SQLite as plain functions: no type, constant or callback of its own leaves this target. A
// database and its statements are used from one thread at a time.

typedef struct sqlite3 sq_database;
typedef struct sqlite3_stmt sq_statement;

/// What a call came to.
enum {
  SQ_DONE = 0,
  /// There is a row to look at.
  SQ_ROW,
  /// Another connection holds the database for longer than was to be waited.
  SQ_LOCKED,
  /// No room on the disk, or the database has as many pages as it may.
  SQ_FULL,
  /// No database, or a damaged one.
  SQ_DAMAGED,
  /// Anything else; sq_message tells.
  SQ_FAILED
};

/// Opens an existing file, not through a link. `database` is set in any case but for want of memory,
/// and is to be closed; waits for other connections so many milliseconds.
int sq_open(const char *path, int patience, sq_database **database);
/// Closes it, once its statements are finished.
void sq_close(sq_database *database);
/// The words for what failed last; valid until the next call.
const char *sq_message(sq_database *database);
/// Runs statements that answer nothing, or whose answers do not matter.
int sq_execute(sq_database *database, const char *sql);
/// Whether a transaction is open.
int sq_is_in_transaction(sq_database *database);
/// Rows that the last statement inserted, changed or deleted.
int64_t sq_changes(sq_database *database);
int64_t sq_last_row(sq_database *database);

/// Makes a statement to run many times; NULL on a failure.
int sq_prepare(sq_database *database, const char *sql, sq_statement **statement);
void sq_finish(sq_statement *statement);
/// Parameters count from 1. Bytes are copied.
int sq_bind_integer(sq_statement *statement, int index, int64_t value);
int sq_bind_null(sq_statement *statement, int index);
int sq_bind_text(sq_statement *statement, int index, const char *bytes, size_t count);
int sq_bind_bytes(sq_statement *statement, int index, const void *bytes, size_t count);
int sq_step(sq_statement *statement);
/// Makes it ready for the next run, and forgets its parameters.
void sq_reset(sq_statement *statement);
/// Columns count from 0.
int64_t sq_integer(sq_statement *statement, int column);
int sq_is_null(sq_statement *statement, int column);
/// The bytes of a text or of bytes, valid until the next step; NULL when there are none.
const void *sq_bytes(sq_statement *statement, int column, size_t *count);
