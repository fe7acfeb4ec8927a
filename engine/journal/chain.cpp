// See chain.hpp.
#include "engine/journal/chain.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"

namespace fairway {

extern const char* const journal_schema;  // schema.sql

namespace {

constexpr std::array<std::string_view, 4> kinds = {"begin", "intent", "outcome", "end"};
constexpr std::size_t hash_digits = 64, shown_digits = 12, longest_head = 128;

// `more`: a further way out.
tl::unexpected<Error> unusable(const std::string& journal, const std::string& what, const std::string& more = {}) {
    return fail(Code::storage, what + way_out(journal) + more);
}

// What the file says of its own tables, one statement a line.
Result<std::string> tables_of(sqlite::Connection& database, std::string_view columns) {
    std::string out;
    auto read = database.query(fmt::format("SELECT {} FROM sqlite_master ORDER BY name", columns), {},
                               [&](const sqlite::Row& row) { out += row.text(0) + "\n"; });
    if (!read) return tl::unexpected(read.error());
    return out;
}

// Whether the tables are those of its format. Of format 1 only the names count: nothing is ever written into it.
Result<bool> has_its_tables(sqlite::Connection& database, std::int64_t format) {
    if (format == 1) {
        const auto names = tables_of(database, "type || ' ' || name");
        if (!names) return tl::unexpected(names.error());
        return *names ==
               "table entry\ntrigger entry_is_never_changed\ntrigger entry_is_never_removed\n"
               "index entry_of_run\ntable format\n";
    }
    auto fresh = sqlite::Connection::open(":memory:", sqlite::Connection::Mode::create);
    if (!fresh) return tl::unexpected(fresh.error());
    if (auto made = make_tables(*fresh); !made) return tl::unexpected(made.error());
    const auto right = tables_of(*fresh, "sql"), found = tables_of(database, "sql");
    if (!right) return tl::unexpected(right.error());
    if (!found) return tl::unexpected(found.error());
    return *right == *found;
}

Result<std::int64_t> format_of(sqlite::Connection& database) {
    std::int64_t format = 0;
    std::size_t rows = 0;
    auto read = database.query("SELECT version FROM format", {}, [&](const sqlite::Row& row) {
        format = row.holds("i") ? row.integer(0) : 0;
        ++rows;
    });
    if (!read && !database.content_is_wrong()) return tl::unexpected(read.error());
    if (!read || rows != 1 || format < 1)
        return unusable(database.path(), fmt::format("{} is no journal of Fairway, or it is damaged{}", database.path(),
                                                     read ? "" : ": " + read.error().text));
    if (format > journal_format)
        return fail(Code::storage, fmt::format("the journal has format {}, this Fairway writes format {}; use the "
                                               "Fairway that wrote it, or another --store",
                                               format, journal_format));
    return format;
}

// Every page of the file, which the entries alone do not reach: an index, a list of free pages.
Result<void> check_pages(sqlite::Connection& database) {
    std::string found;
    auto read = database.query("PRAGMA integrity_check(1)", {}, [&](const sqlite::Row& row) { found = row.text(0); });
    if (!read && !database.content_is_wrong()) return read;
    if (!read) found = read.error().text;
    if (found == "ok") return {};
    return unusable(database.path(),
                    fmt::format("the journal {} is damaged: {}", database.path(), text::printable(found)));
}

constexpr std::string_view every_entry =
    "SELECT seq, run, kind, at, body, previous, hash FROM entry NOT INDEXED ORDER BY seq";

// The entry of a row, if it is the next one after `before`. Types first: asked for as another type, a value is changed.
std::optional<JournalEntry> following(const sqlite::Row& row, const JournalHead& before) {
    if (!row.holds("ittittt")) return std::nullopt;
    JournalEntry entry{row.integer(0), row.text(1), row.text(2), row.integer(3), row.text(4), row.text(6)};
    const bool one_line = (entry.run + entry.kind).find('\n') == std::string::npos;
    if (!one_line || entry.number != before.number + 1 || row.text(5) != before.hash ||
        entry.hash != hash_of(before.hash, entry))
        return std::nullopt;
    return entry;
}

Result<void> known(const JournalEntry& entry) {
    if (entry.kind.ends_with('?') || std::find(kinds.begin(), kinds.end(), entry.kind) != kinds.end()) return {};
    return fail(Code::storage,
                fmt::format("entry {} of the journal is of a kind that this Fairway does not know ({}): it "
                            "was written by a newer Fairway; use that one, or another --store",
                            entry.number, text::printable(entry.kind)));
}

}  // namespace

std::string in_words(const JournalHead& head) {
    return fmt::format("{}:{}", head.number, head.hash.substr(0, shown_digits));
}

std::string hash_of(const std::string& previous, const JournalEntry& entry) {
    return sha256(
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", previous, entry.number, entry.run, entry.kind, entry.at, entry.body));
}

Result<void> make_tables(sqlite::Connection& database) {
    return database.execute(
        fmt::format("BEGIN IMMEDIATE;\n{}\nINSERT INTO format VALUES ({});\nCOMMIT;", journal_schema, journal_format));
}

Result<Chain> read_chain(sqlite::Connection& database) {
    const auto format = format_of(database);
    if (!format) return tl::unexpected(format.error());
    Chain chain{.format = *format, .entries = {}};
    JournalHead head;
    std::int64_t broken = 0;
    // Not by an index: it says which rows there are, and may be wrong.
    auto read = database.query(every_entry, {}, [&](const sqlite::Row& row) {
        if (broken != 0) return;
        auto entry = following(row, head);
        if (!entry) {
            broken = head.number + 1;
            return;
        }
        head = {entry->number, entry->hash};
        chain.entries.push_back(std::move(*entry));
    });
    const std::string& path = database.path();
    if (!read && !database.content_is_wrong()) return tl::unexpected(read.error());
    if (!read) return unusable(path, read.error().text);
    if (broken != 0)
        return unusable(path,
                        fmt::format("the journal's chain is broken at entry {}: the file {} is damaged, or somebody "
                                    "changed it",
                                    broken, path));
    for (const JournalEntry& entry : chain.entries)
        if (auto is = known(entry); !is) return tl::unexpected(is.error());
    const auto as_made = has_its_tables(database, *format);
    if (!as_made) return tl::unexpected(as_made.error());
    if (!*as_made)
        return unusable(path,
                        fmt::format("the tables of the journal {} are not as Fairway made them: the file is damaged, "
                                    "or somebody changed it",
                                    path));
    if (auto pages = check_pages(database); !pages) return tl::unexpected(pages.error());
    return chain;
}

std::string head_file(const std::string& journal) { return journal + ".head"; }

Result<std::optional<JournalHead>> read_head(const std::string& journal) {
    const std::string path = head_file(journal);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return std::optional<JournalHead>();
    if (file.get() < 0) return os_error(Code::storage, "read", path);
    struct stat info {};
    const bool is_file = ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode);
    const auto content = is_file ? read_most(file.get(), path, longest_head, Code::storage) : std::string();
    if (!content) return tl::unexpected(content.error());
    const auto parts = text::split(*content, ' ');
    const auto number = text::number<std::int64_t>(parts[0]);
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (parts.size() != 2 || !number || *number < 0 || parts[1].size() != hash_digits + 1 || parts[1].back() != '\n' ||
        !std::all_of(parts[1].begin(), parts[1].end() - 1, is_digit))
        return fail(Code::storage, fmt::format("{} does not hold the number and hash of a journal's entry", path));
    return std::optional(JournalHead{*number, std::string(parts[1].substr(0, hash_digits))});
}

Result<void> write_head(const std::string& journal, const JournalHead& head) {
    return replace_own_file(head_file(journal), fmt::format("{} {}\n", head.number, head.hash));
}

std::string way_out(const std::string& journal) {
    return fmt::format(
        ". Nothing was done. Restore {0} and {0}.head together from a copy. If there is none, keep what is "
        "left as evidence and use another --store: Fairway can then not roll back the runs of this one",
        journal);
}

Result<void> compare(const Chain& chain, const Result<std::optional<JournalHead>>& kept, const std::string& journal) {
    const JournalHead end = chain.head();
    const auto refuse = [&](const std::string& what) {
        return unusable(
            journal, what,
            fmt::format(".\nIf you know that entry {} is the last one, accept the journal as it is: fairway history "
                        "--store {} --accept-head {}",
                        end.number, text::shell_word(journal), in_words(end)));
    };
    if (!kept) return refuse(kept.error().text + ", so nobody knows whether the journal has lost its end");
    if (!*kept && chain.format == 1) return {};  // it has none
    if (!*kept) return refuse(head_file(journal) + " is missing, so nobody knows whether the journal has lost its end");
    const JournalHead& head = **kept;
    if (head.number > end.number)
        return refuse(fmt::format("the journal {} ends with entry {}, but by {} there were {}: entries are missing",
                                  journal, end.number, head_file(journal), head.number));
    if (head.number > 0 && chain.entries[static_cast<std::size_t>(head.number) - 1].hash != head.hash)
        return refuse(
            fmt::format("entry {} of the journal {} is not the one that {} names: one of the two belongs to "
                        "another journal, or entries were replaced",
                        head.number, journal, head_file(journal)));
    return {};
}

}  // namespace fairway
