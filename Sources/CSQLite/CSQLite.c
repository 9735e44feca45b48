#include "CSQLite.h"

#include <sqlite3.h>

static int outcome(int code) {
  switch (code & 0xFF) {
  case SQLITE_OK:
  case SQLITE_DONE:
    return SQ_DONE;
  case SQLITE_ROW:
    return SQ_ROW;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return SQ_LOCKED;
  case SQLITE_FULL:
    return SQ_FULL;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return SQ_DAMAGED;
  default:
    return SQ_FAILED;
  }
}

int sq_open(const char *path, int patience, sq_database **database) {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  int code = sqlite3_open_v2(path, database, flags, NULL);
  if (code != SQLITE_OK) return outcome(code);
  sqlite3_extended_result_codes(*database, 1);
  // What is in the file may be anybody's: no functions or views of its own doing.
  sqlite3_db_config(*database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(*database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config(*database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config(*database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  return outcome(sqlite3_busy_timeout(*database, patience));
}

void sq_close(sq_database *database) { sqlite3_close_v2(database); }

const char *sq_message(sq_database *database) { return sqlite3_errmsg(database); }

int sq_execute(sq_database *database, const char *sql) {
  return outcome(sqlite3_exec(database, sql, NULL, NULL, NULL));
}

int sq_is_in_transaction(sq_database *database) { return !sqlite3_get_autocommit(database); }

int64_t sq_changes(sq_database *database) { return sqlite3_changes64(database); }

int64_t sq_last_row(sq_database *database) { return sqlite3_last_insert_rowid(database); }

int sq_prepare(sq_database *database, const char *sql, sq_statement **statement) {
  return outcome(
    sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL));
}

void sq_finish(sq_statement *statement) { sqlite3_finalize(statement); }

int sq_bind_integer(sq_statement *statement, int index, int64_t value) {
  return outcome(sqlite3_bind_int64(statement, index, value));
}

int sq_bind_null(sq_statement *statement, int index) {
  return outcome(sqlite3_bind_null(statement, index));
}

int sq_bind_text(sq_statement *statement, int index, const char *bytes, size_t count) {
  if (bytes == NULL || count == 0) return outcome(sqlite3_bind_text(statement, index, "", 0, NULL));
  return outcome(
    sqlite3_bind_text64(statement, index, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8));
}

int sq_bind_bytes(sq_statement *statement, int index, const void *bytes, size_t count) {
  if (bytes == NULL || count == 0) return outcome(sqlite3_bind_zeroblob(statement, index, 0));
  return outcome(sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT));
}

int sq_step(sq_statement *statement) { return outcome(sqlite3_step(statement)); }

void sq_reset(sq_statement *statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

int64_t sq_integer(sq_statement *statement, int column) {
  return sqlite3_column_int64(statement, column);
}

int sq_is_null(sq_statement *statement, int column) {
  return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

const void *sq_bytes(sq_statement *statement, int column, size_t *count) {
  const void *bytes = sqlite3_column_blob(statement, column);
  int length = sqlite3_column_bytes(statement, column);
  *count = bytes == NULL || length < 0 ? 0 : (size_t)length;
  return bytes;
}
