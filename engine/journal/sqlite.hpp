// SQLite: a connection and a statement, with errors as values. Only its source includes the library. Knows nothing
// of journals.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace fairway::sqlite {

class Row {
public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
    // Do the columns hold these types, and no others? 'i': an integer, 't': a text.
    bool holds(std::string_view types) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;

private:
    sqlite3_stmt* statement_;
};

using Argument = std::variant<std::int64_t, std::string>;

class Connection {
public:
    // read: makes no file and changes none. create: also where it is missing.
    enum class Mode { read, write, create };
    static Result<Connection> open(const std::string& path, Mode mode);

    // Several statements without arguments.
    Result<void> execute(std::string_view sql);
    // One statement; `each` is called for every row and may be empty.
    Result<void> query(std::string_view sql, const std::vector<Argument>& arguments,
                       const std::function<void(const Row&)>& each = {});
    // From here on a commit is on the disk when it is answered; others can read meanwhile, and it takes one sync (WAL
    // mode, where the file system has it).
    Result<void> work();
    // The end of that: one file, without a log beside it. Fails while others read. Tried as well when the connection
    // goes.
    Result<void> rest();
    // Whether what failed last failed for what the file holds, and not for a lock, a right or a disk.
    bool content_is_wrong() const;
    const std::string& path() const { return path_; }

private:
    struct Close {
        bool working;
        Close() noexcept : working(false) {}
        void operator()(sqlite3* db) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Error error(std::string_view doing) const;
    Result<std::string> journal_mode(std::string_view wanted);
    Result<sqlite3_stmt*> prepared(std::string_view sql);

    std::unique_ptr<sqlite3, Close> db_;
    // By their text, so that a statement is compiled once; gone before the connection is.
    std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;
    std::string path_;
};

}  // namespace fairway::sqlite
