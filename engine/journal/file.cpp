// See file.hpp.
#include "engine/journal/file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <iterator>
#include <sys/stat.h>

#include "engine/base/caller.hpp"
#include "engine/base/descriptor.hpp"
#include "engine/base/file.hpp"
#include "engine/base/log.hpp"
#include "engine/base/posix.hpp"

namespace fairway {
namespace {

using Mode = sqlite::Connection::Mode;
constexpr std::size_t largest_file = std::size_t{1} << 34, fewest_digits = 12;

bool exists(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 || errno != ENOENT;
}

// Fairway makes a journal under another name, whole, before it gets its own: no crash leaves it empty.
Result<void> is_a_file(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return os_error(Code::storage, "look at", path);
    if (!S_ISREG(info.st_mode)) return fail(Code::storage, fmt::format("{} is no file; name another --store", path));
    if (info.st_size == 0)
        return fail(Code::storage,
                    fmt::format("the journal {} is empty (0 bytes): its content was lost", path) + way_out(path));
    return {};
}

// Values of a rollback come from there, so it must be nobody else's. Who could read it, no longer can.
Result<void> make_it_ours(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return os_error(Code::storage, "look at", path);
    if (!callers_or_roots(info.st_uid))
        return fail(Code::storage, fmt::format("the journal {} belongs to {}, who could change what a "
                                               "rollback writes; use another --store, or run as that user",
                                               path, account_of(info.st_uid)));
    if (info.st_uid == ::geteuid() && (info.st_mode & 077) != 0 && ::chmod(path.c_str(), 0600) != 0)
        return os_error(Code::storage, "change the mode of", path);
    return {};
}

}  // namespace

std::vector<std::string> JournalFile::beside(const std::string& path) {
    const std::string head = head_file(path);
    return {head, head + ".new", path + ".new", path + "-wal", path + "-shm", path + "-journal"};
}

Result<void> JournalFile::must_exist(const std::string& path) {
    if (exists(path)) return {};
    const auto head = read_head(path);
    if (head && (!*head || (*head)->number == 0))
        return fail(Code::not_found, fmt::format("there is no journal at {}; nothing was ever applied with this store "
                                                 "(see --store)",
                                                 path));
    return fail(Code::storage,
                fmt::format("the journal {} is missing, but {} is there{}", path, head_file(path), way_out(path)));
}

Result<JournalFile> JournalFile::open(const std::string& path, Mode mode) {
    const auto kept = read_head(path);  // before the journal, which may grow meanwhile
    auto database = sqlite::Connection::open(path, mode);
    if (!database) return tl::unexpected(database.error());
    auto chain = read_chain(*database);
    if (!chain) return tl::unexpected(chain.error());
    if (auto same = compare(*chain, kept, path); !same) return tl::unexpected(same.error());
    return JournalFile(std::move(*database), std::move(*chain));
}

Result<JournalFile> JournalFile::open_to_read(const std::string& path) {
    if (auto there = must_exist(path); !there) return tl::unexpected(there.error());
    if (auto is = is_a_file(path); !is) return tl::unexpected(is.error());
    return open(path, Mode::read);
}

Result<JournalFile> JournalFile::open_to_append(const std::string& path) {
    if (path == ":memory:") {
        auto database = sqlite::Connection::open(path, Mode::create);
        if (!database) return tl::unexpected(database.error());
        if (auto made = make_tables(*database); !made) return tl::unexpected(made.error());
        return JournalFile(std::move(*database), {journal_format, {}});
    }
    if (auto there = must_exist(path); !there) {
        if (there.error().code != Code::not_found) return tl::unexpected(there.error());
        if (auto made = make(path, {}); !made) return tl::unexpected(made.error());
    }
    if (auto is = is_a_file(path); !is) return tl::unexpected(is.error());
    if (auto ours = make_it_ours(path); !ours) return tl::unexpected(ours.error());
    // Read only, so that one that is refused stays as it is; but what a crash left undone is undone by SQLite alone.
    auto file = open(path, exists(path + "-journal") ? Mode::write : Mode::read);
    if (!file) return file;
    auto database = sqlite::Connection::open(path, Mode::write);
    if (!database) return tl::unexpected(database.error());
    file->database_ = std::move(*database);
    if (file->chain_.format < journal_format) {
        if (auto migrated = file->migrate(path); !migrated) return tl::unexpected(migrated.error());
        return open_to_append(path);
    }
    if (auto working = file->database_.work(); !working) return tl::unexpected(working.error());
    // A crash between an entry and its head leaves the head behind.
    if (auto kept = write_head(path, file->head()); !kept) return tl::unexpected(kept.error());
    return file;
}

Result<void> JournalFile::insert(const JournalEntry& entry, const std::string& previous) {
    return database_.query("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                           {entry.number, entry.run, entry.kind, entry.at, entry.body, previous, entry.hash});
}

Result<void> JournalFile::append(std::vector<JournalEntry> entries) {
    if (entries.empty()) return {};
    auto written = database_.execute("BEGIN");
    JournalHead last = head();
    for (JournalEntry& entry : entries) {
        entry.number = last.number + 1;
        entry.hash = hash_of(last.hash, entry);
        if (written) written = insert(entry, last.hash);
        last = {entry.number, entry.hash};
    }
    if (written) written = database_.execute("COMMIT");
    if (!written) {
        static_cast<void>(database_.execute("ROLLBACK"));  // what failed first is what is told
        return written;
    }
    std::move(entries.begin(), entries.end(), std::back_inserter(chain_.entries));
    return in_memory() ? Result<void>() : write_head(database_.path(), head());
}

// Under another name, then in its place. The head comes first: a journal without one has lost it.
Result<void> JournalFile::make(const std::string& path, const std::vector<JournalEntry>& entries) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());  // a crash may have left one
    {
        const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (file.get() < 0) return os_error(Code::storage, "create", fresh);
    }
    auto database = sqlite::Connection::open(fresh, Mode::write);
    if (!database) return tl::unexpected(database.error());
    JournalFile made(std::move(*database), {journal_format, {}});
    auto written = made.database_.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL;");
    if (written) written = make_tables(made.database_);
    if (written) written = made.database_.execute("BEGIN");
    for (std::size_t i = 0; written && i < entries.size(); ++i)
        written = made.insert(entries[i], i == 0 ? JournalHead().hash : entries[i - 1].hash);
    if (written) written = made.database_.execute("COMMIT");
    made.chain_.entries = entries;
    if (written) written = write_head(path, made.head());
    if (written) written = put_in_place(fresh, path);
    if (!written) ::unlink(fresh.c_str());
    return written;
}

// The old file stays beside the new one, under a name that says which it was.
Result<void> JournalFile::migrate(const std::string& path) {
    if (auto rested = database_.rest(); !rested) return rested;  // nothing of it lies in a log
    if (exists(path + "-wal"))
        return fail(Code::storage,
                    fmt::format("the journal {} has an older format and is to be brought up to date, but "
                                "another program is reading it; try again when it has ended",
                                path));
    const std::string copy = fmt::format("{}.format-{}.{}", path, chain_.format, head().hash.substr(0, fewest_digits));
    const auto old = read_file(path, largest_file);
    if (!old) return fail(Code::storage, old.error().text);
    auto done = replace_own_file(copy, *old);
    if (done) done = make(path, chain_.entries);
    if (done)
        log::warn(fmt::format("the journal {} now has format {}; the file as it was is kept as {}", path,
                              journal_format, copy));
    return done;
}

Result<void> JournalFile::accept(const std::string& path, const JournalHead& end) {
    if (auto there = must_exist(path); !there) return there;
    if (auto is = is_a_file(path); !is) return is;
    auto database = sqlite::Connection::open(path, Mode::read);
    if (!database) return tl::unexpected(database.error());
    const auto chain = read_chain(*database);
    if (!chain) return tl::unexpected(chain.error());
    const JournalHead found = chain->head();
    if (end.number != found.number || end.hash.size() < fewest_digits || !found.hash.starts_with(end.hash))
        return fail(Code::refused, fmt::format("the journal {} ends with {}, so its head is not changed to {}:{}", path,
                                               in_words(found), end.number, end.hash));
    return write_head(path, found);
}

}  // namespace fairway
