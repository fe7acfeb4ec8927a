// See sqlite.hpp.
#include "engine/journal/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace fairway::sqlite {
namespace {

constexpr int busy_ms = 5000;

int bind(sqlite3_stmt* statement, int index, const Argument& argument) {
    if (const auto* number = std::get_if<std::int64_t>(&argument)) return sqlite3_bind_int64(statement, index, *number);
    const auto& text = std::get<std::string>(argument);
    return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

}  // namespace

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Row::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (!bytes) return {};
    return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

void Connection::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Error Connection::error(std::string_view doing) const {
    const int code = sqlite3_extended_errcode(db_.get());
    const bool full = (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC;
    return {Code::storage, fmt::format("cannot {} the journal {}: {}{}", doing, path_, sqlite3_errmsg(db_.get()),
                                       full ? "; make room on that disk first" : "")};
}

Result<Connection> Connection::open(const std::string& path, Mode mode) {
    const int flags = mode == Mode::read    ? SQLITE_OPEN_READONLY
                      : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int status = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Connection out;
    out.db_.reset(raw);
    out.path_ = path;
    if (status != SQLITE_OK) return tl::unexpected(out.error("open"));
    sqlite3_busy_timeout(raw, busy_ms);
    return out;
}

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
