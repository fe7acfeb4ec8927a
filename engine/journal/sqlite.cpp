// See sqlite.hpp.
#include "engine/journal/sqlite.hpp"

#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "engine/base/descriptor.hpp"

namespace fairway::sqlite {
namespace {

constexpr int busy_ms = 5000, busy_at_the_end_ms = 500;
// In both directions one page is written whose first bytes alone differ. Its old content is kept in memory meanwhile
// and not in a file, which after a crash would keep others from reading.
constexpr const char* one_file = "PRAGMA journal_mode = MEMORY";

int bind(sqlite3_stmt* statement, int index, const Argument& argument) {
    if (const auto* number = std::get_if<std::int64_t>(&argument)) return sqlite3_bind_int64(statement, index, *number);
    const auto& text = std::get<std::string>(argument);
    return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Is it in WAL mode (bytes 18 and 19 of its header, https://sqlite.org/fileformat2.html), but without a log? So a
// command of an earlier version leaves it. Then nobody writes it, and what is there is all there is.
bool rests_in_wal_mode(const std::string& path) {
    std::array<char, 2> versions{};
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return ::pread(file.get(), versions.data(), versions.size(), 18) == 2 && versions[0] == 2 && versions[1] == 2 &&
           ::access((path + "-wal").c_str(), F_OK) != 0;
}

// SQLite would make a log and an index beside such a file, even to read it.
std::string as_unchanging(const std::string& path) {
    std::string out = "file:";
    for (const char c : path) out += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", c) : std::string(1, c);
    return out + "?immutable=1";
}

}  // namespace

bool Row::holds(std::string_view types) const {
    if (static_cast<std::size_t>(sqlite3_column_count(statement_)) != types.size()) return false;
    for (int i = 0; i < static_cast<int>(types.size()); ++i)
        if (sqlite3_column_type(statement_, i) !=
            (types[static_cast<std::size_t>(i)] == 'i' ? SQLITE_INTEGER : SQLITE_TEXT))
            return false;
    return true;
}

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Row::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!bytes) return {};
    return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

void Connection::Close::operator()(sqlite3* db) const {
    if (working) {
        sqlite3_busy_timeout(db, busy_at_the_end_ms);
        sqlite3_exec(db, one_file, nullptr, nullptr, nullptr);  // if it fails, the next command does it
    }
    sqlite3_close_v2(db);
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Error Connection::error(std::string_view doing) const {
    const int code = sqlite3_extended_errcode(db_.get());
    const bool full = (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC;
    return {Code::storage, fmt::format("cannot {} the journal {}: {}{}", doing, path_, sqlite3_errmsg(db_.get()),
                                       full ? "; make room on that disk first" : "")};
}

bool Connection::content_is_wrong() const {
    const int kind = sqlite3_errcode(db_.get()) & 0xff;
    return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_ERROR;
}

Result<Connection> Connection::open(const std::string& path, Mode mode) {
    const bool unchanging = mode == Mode::read && rests_in_wal_mode(path);
    const int flags = mode == Mode::read    ? SQLITE_OPEN_READONLY | (unchanging ? SQLITE_OPEN_URI : 0)
                      : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int status = sqlite3_open_v2((unchanging ? as_unchanging(path) : path).c_str(), &raw, flags, nullptr);
    Connection out;
    out.db_.reset(raw);
    out.path_ = path;
    if (status != SQLITE_OK) return tl::unexpected(out.error("open"));
    sqlite3_busy_timeout(raw, busy_ms);
    // The file may be anybody's work: nothing in it is a program, and its cells are looked at before they are used.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_exec(raw, "PRAGMA cell_size_check = ON", nullptr, nullptr, nullptr);
    return out;
}

Result<std::string> Connection::journal_mode(std::string_view wanted) {
    std::string mode;
    auto asked = query(fmt::format("PRAGMA journal_mode{}", wanted), {}, [&](const Row& row) { mode = row.text(0); });
    if (!asked) return tl::unexpected(asked.error());
    return mode;
}

Result<void> Connection::work() {
    db_.get_deleter().working = true;
    auto mode = journal_mode("");
    // A reader may have kept the last command from putting it to rest.
    if (mode && *mode != "wal") {
        if (auto at_rest = rest(); !at_rest) return at_rest;
        mode = journal_mode(" = WAL");
        // Without shared memory there is no WAL, and what at_rest has is not for work.
        if (mode && *mode != "wal") mode = journal_mode(" = DELETE");
    }
    if (!mode) return tl::unexpected(mode.error());
    return execute("PRAGMA synchronous = FULL");
}

Result<void> Connection::rest() { return execute(one_file); }

Result<void> Connection::execute(std::string_view sql) {
    if (sqlite3_exec(db_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return tl::unexpected(error("write"));
    return {};
}

Result<sqlite3_stmt*> Connection::prepared(std::string_view sql) {
    if (const auto it = statements_.find(sql); it != statements_.end()) return it->second.get();
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK)
        return tl::unexpected(error("use"));
    statements_.emplace(sql, raw);
    return raw;
}

Result<void> Connection::query(std::string_view sql, const std::vector<Argument>& arguments,
                               const std::function<void(const Row&)>& each) {
    const Result<sqlite3_stmt*> statement = prepared(sql);
    if (!statement) return tl::unexpected(statement.error());
    sqlite3_stmt* raw = *statement;
    // However this call ends, the statement is ready for the next one and holds no lock on the file.
    const auto reset = [](sqlite3_stmt* used) { sqlite3_reset(used); };
    const std::unique_ptr<sqlite3_stmt, decltype(reset)> in_use(raw, reset);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (bind(raw, static_cast<int>(i) + 1, arguments[i]) != SQLITE_OK) return tl::unexpected(error("use"));
    while (true) {
        const int status = sqlite3_step(raw);
        if (status == SQLITE_DONE) return {};
        if (status != SQLITE_ROW) return tl::unexpected(error("use"));
        if (each) each(Row(raw));
    }
}

}  // namespace fairway::sqlite
