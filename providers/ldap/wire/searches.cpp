// See searches.hpp.
#include "providers/ldap/wire/searches.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <numeric>

#include "engine/base/text.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t under_way_at_once = 4;  // below Active Directory's MaxResultSetsPerConn (10)
constexpr std::size_t most_pages = 2000;      // of one search

class Conversation {
public:
    Conversation(ReadWire& wire, std::span<const Search> searches, const Sink& sink)
        : wire_(wire), searches_(searches.begin(), searches.end()), sink_(sink) {}

    Result<void> run() {
        while (true) {
            while (started_ < searches_.size() && asked_.size() < under_way_at_once)
                if (auto asked = ask(started_++, 0, 0, {}); !asked) return asked;
            if (asked_.empty()) return {};
            Result<Page> page = wire_.next();
            if (!page) return tl::unexpected(page.error());
            if (auto taken = take(std::move(*page)); !taken) return taken;
        }
    }

private:
    struct Asked {
        std::size_t search = 0, pages = 0, bytes = 0;
    };

    // `pages`, `bytes`: what has come of it.
    Result<void> ask(std::size_t search, std::size_t pages, std::size_t bytes, const std::string& cookie) {
        const Result<int> number = wire_.ask(searches_[search], cookie);
        if (!number) return tl::unexpected(number.error());
        asked_[*number] = {search, pages, bytes};
        return {};
    }

    Result<void> take(Page page) {
        const auto answered = asked_.extract(page.question);
        if (answered.empty()) return fail(Code::protocol, "an answer came to what was not asked");
        const auto [search, pages, before] = answered.mapped();
        if (page.cut) {  // a server with small pages: the same again, page by page
            searches_[search].page_size = entries_per_page;
            return ask(search, 0, 0, {});
        }
        const std::size_t came =
            std::transform_reduce(page.entries.begin(), page.entries.end(), std::size_t{0}, std::plus<>{},
                                  [](const Entry& entry) { return size_of(entry); });
        const std::size_t bytes = before + came;
        together_ += came;
        if (bytes > most_bytes || together_ > most_bytes_together)
            return fail(Code::protocol, "the directory server " + too_many_bytes());
        // Asked for before its entries are looked at: the server works meanwhile.
        if (!page.cookie.empty()) {
            if (pages + 1 == most_pages)
                return fail(Code::protocol, fmt::format("the answer has no end after {} pages", most_pages));
            if (auto more = ask(search, pages + 1, bytes, page.cookie); !more) return more;
        }
        return sink_(std::move(page.entries));
    }

    ReadWire& wire_;
    std::vector<Search> searches_;
    const Sink& sink_;
    std::size_t started_ = 0, together_ = 0;
    std::map<int, Asked> asked_;
};

}  // namespace

Result<void> search_all(ReadWire& wire, std::span<const Search> searches, const Sink& sink) {
    Result<void> done = Conversation(wire, searches, sink).run();
    if (!done) wire.abandon();
    return done;
}

Result<Entry> read_object(ReadWire& wire, std::string base, std::vector<std::string> attributes, bool deleted) {
    Search search;
    search.base = std::move(base);
    search.attributes = std::move(attributes);
    search.deleted = deleted;
    std::vector<Entry> found;
    const auto read = search_all(wire, std::span(&search, 1), [&](std::vector<Entry> entries) -> Result<void> {
        found = std::move(entries);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    if (found.size() != 1) return fail(Code::not_found, fmt::format("`{}` is not shown to us", printable(search.base)));
    return std::move(found.front());
}

std::string too_many_bytes() {
    return fmt::format(
        "sends more than {} MiB for one search, or {} MiB for all of one question; this cannot be right, or the "
        "search is too wide: name fewer hosts (--host), or look at the accounts that it finds",
        most_bytes >> 20, most_bytes_together >> 20);
}

const Attribute* find(const Entry& entry, std::string_view name) {
    const auto it = std::find_if(entry.attributes.begin(), entry.attributes.end(),
                                 [&](const Attribute& a) { return text::same_folded(a.name, name); });
    return it == entry.attributes.end() ? nullptr : &*it;
}

std::string first_value(const Entry& entry, std::string_view name) {
    const Attribute* attribute = find(entry, name);
    return attribute && !attribute->values.empty() ? attribute->values.front() : std::string();
}

}  // namespace fairway::ldap
