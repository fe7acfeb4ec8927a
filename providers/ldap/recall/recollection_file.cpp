// See recollection_file.hpp.
#include "providers/ldap/recall/recollection_file.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "engine/model/catalogue.hpp"
#include "providers/ldap/identity/bytes.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view magic = "fairway recollection 2\n";
constexpr std::size_t head_size = 12;

// Finds accidents, not forgeries: whoever may write the file is us. Eight bytes at once, as the file may be large.
std::uint64_t checksum(std::string_view bytes) {
    constexpr std::uint64_t prime = 0x9E3779B97F4A7C15;
    std::uint64_t sum = bytes.size() * prime;
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        sum = (sum ^ word) * prime;
        sum ^= sum >> 32;
    }
    for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * prime;
    return sum ^ sum >> 29;
}

// The words of all sets, and where each stands.
class Words {
public:
    explicit Words(const Recollection& known) {
        Set::Elements all;
        std::unordered_set<std::string_view> seen;
        for (const auto& [name, account] : known.accounts)
            for (const Held& held : account.values)
                if (held && as_set(*held))
                    for (const std::string_view element : *as_set(*held))
                        if (seen.insert(element).second) all.push_back(element);
        sorted_ = Set::of(std::move(all));
        std::uint32_t place = 0;
        for (const std::string_view word : sorted_) places_.emplace(word, place++);
    }
    const Set& sorted() const { return sorted_; }
    std::uint32_t place(std::string_view word) const { return places_.at(word); }

private:
    Set sorted_;
    std::unordered_map<std::string_view, std::uint32_t> places_;
};

class Payload {
public:
    explicit Payload(char kind) : bytes_(1, kind) {}
    Payload& text(std::string_view value) {
        bytes_ += little_bytes(static_cast<std::uint32_t>(value.size()));
        bytes_ += value;
        return *this;
    }
    Payload& integer(std::int64_t value) {
        bytes_ += little_bytes(static_cast<std::uint64_t>(value));
        return *this;
    }
    Payload& count(std::size_t value) {
        bytes_ += little_bytes(static_cast<std::uint32_t>(value));
        return *this;
    }
    Payload& value(const Held& held, const Words* words) {
        const bool indexed = words && held && as_set(*held);
        bytes_ += static_cast<char>(indexed ? 5 : held ? held->index() + 1 : 0);
        if (!held) return *this;
        if (const bool* b = std::get_if<bool>(&*held)) bytes_ += static_cast<char>(*b);
        else if (const auto* i = std::get_if<std::int64_t>(&*held)) integer(*i);
        else if (const auto* t = std::get_if<std::string>(&*held)) text(*t);
        else {
            const Set& set = *as_set(*held);
            count(set.size());
            for (const std::string_view element : set)
                if (indexed) count(words->place(element));
                else text(element);
        }
        return *this;
    }
    std::string record() const {
        return little_bytes(static_cast<std::uint32_t>(bytes_.size())) + little_bytes(checksum(bytes_)) + bytes_;
    }

private:
    std::string bytes_;
};

std::string account_record(const std::string& name, const Recollection::Known& account, const Words* words = nullptr) {
    Payload out('a');
    out.text(name).text(account.guid).count(account.values.size());
    for (const Held& held : account.values) out.value(held, words);
    return out.record();
}

std::string mark_record(const Recollection& known) { return Payload('m').integer(known.usn).record(); }

// Takes values from the front; after the first that is not there, everything is empty and good() is false.
class Take {
public:
    explicit Take(std::string_view bytes) : rest_(bytes) {}
    bool good() const { return good_; }
    bool at_end() const { return good_ && rest_.empty(); }

    std::string_view raw(std::size_t size) {
        if (!good_ || rest_.size() < size) {
            good_ = false;
            return {};
        }
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    template <class Number>
    Number number() {
        const std::string_view bytes = raw(sizeof(Number));
        return good_ ? little<Number>(bytes, 0) : Number{};
    }
    std::string_view text() { return raw(number<std::uint32_t>()); }
    // Of things that take `least` bytes each: a hostile count reserves no more than the file could hold.
    std::size_t count(std::size_t least) {
        const std::size_t out = number<std::uint32_t>();
        if (out > rest_.size() / least) good_ = false;
        return good_ ? out : 0;
    }
    Set indexed_set(const Set& words) {
        std::vector<std::uint32_t> places(count(sizeof(std::uint32_t)));
        std::size_t least = 0;
        for (std::uint32_t& place : places) {
            place = number<std::uint32_t>();
            good_ = good_ && place >= least && place < words.size();
            if (!good_) return {};
            least = std::size_t{place} + 1;
        }
        return words.at(places);
    }
    Held value(const Set& words) {
        switch (number<std::uint8_t>()) {
            case 0: return std::nullopt;
            case 1: return Held(number<std::uint8_t>() != 0);
            case 2: return Held(static_cast<std::int64_t>(number<std::uint64_t>()));
            case 3: return Held(std::string(text()));
            case 4: {
                Set::Elements elements(count(sizeof(std::uint32_t)));
                for (std::string_view& element : elements) element = text();
                return Held(Set::of(std::move(elements)));
            }
            case 5: return Held(indexed_set(words));
            default: good_ = false; return std::nullopt;
        }
    }

private:
    std::string_view rest_;
    bool good_ = true;
};

// The payload of the next record, or empty at the end of what is whole.
std::string_view next_record(std::string_view& log) {
    if (log.size() < head_size) return {};
    const std::size_t size = little<std::uint32_t>(log, 0);
    if (size == 0 || size > log.size() - head_size) return {};
    const std::string_view payload = log.substr(head_size, size);
    if (checksum(payload) != little<std::uint64_t>(log, 4)) return {};
    log.remove_prefix(head_size + size);
    return payload;
}

bool take_header(Take& take, Recollection& known) {
    known.viewer = take.text();
    known.invocation = take.text();
    known.full_s = static_cast<std::int64_t>(take.number<std::uint64_t>());
    for (std::size_t left = take.count(sizeof(std::uint32_t)); left > 0 && take.good(); --left) {
        known.settings.push_back(find_setting(take.text()));
        if (!known.settings.back()) return false;  // of another version of this program
    }
    return take.at_end();
}

// Whether the value could be one of the setting: a log of another version may mean something else by its name.
bool fits(const Held& held, const Setting& setting) {
    return !held || held->index() == static_cast<std::size_t>(setting.type);
}

bool take_words(Take& take, Set& words) {
    Set::Elements elements(take.count(sizeof(std::uint32_t)));
    for (std::string_view& element : elements) element = take.text();
    words = Set::of(elements);
    return take.at_end() && words.elements() == elements;
}

bool take_record(std::string_view payload, Recollection& known, Set& words, bool& marked) {
    Take take(payload.substr(1));
    if (payload[0] == 's') return words.empty() && take_words(take, words);
    if (payload[0] == 'm') {
        known.usn = static_cast<std::int64_t>(take.number<std::uint64_t>());
        marked = true;
        return take.at_end();
    }
    const std::string name(take.text());
    if (payload[0] == 'f') {
        known.accounts.erase(name);
        return take.at_end();
    }
    if (payload[0] != 'a') return false;
    Recollection::Known account;
    account.guid = take.text();
    account.values.resize(take.count(1));
    for (Held& held : account.values) held = take.value(words);
    if (!take.at_end() || account.values.size() != (account.guid.empty() ? 0 : known.settings.size())) return false;
    for (std::size_t i = 0; i < account.values.size(); ++i)
        if (!fits(account.values[i], *known.settings[i])) return false;
    known.accounts.insert_or_assign(name, std::move(account));
    return true;
}

}  // namespace

std::string print_recollection(const Recollection& known) {
    Payload header('h');
    header.text(known.viewer).text(known.invocation).integer(known.full_s).count(known.settings.size());
    for (const Setting* setting : known.settings) header.text(setting->name);
    std::string out(magic);
    out += header.record();
    const Words words(known);
    Payload list('s');
    list.count(words.sorted().size());
    for (const std::string_view word : words.sorted()) list.text(word);
    out += list.record();
    for (const auto& [name, account] : known.accounts) out += account_record(name, account, &words);
    return out + mark_record(known);
}

std::string print_changes(const Recollection& known, std::span<const std::string> names) {
    std::string out;
    for (const std::string& name : names) {
        const auto it = known.accounts.find(name);
        out += it == known.accounts.end() ? Payload('f').text(name).record() : account_record(name, it->second);
    }
    return out + mark_record(known);
}

std::optional<ParsedRecollection> parse_recollection(std::string_view bytes) {
    if (!bytes.starts_with(magic)) return std::nullopt;
    bytes.remove_prefix(magic.size());
    ParsedRecollection out;
    const std::string_view header = next_record(bytes);
    Take take(header.substr(std::min<std::size_t>(1, header.size())));
    if (!header.starts_with('h') || !take_header(take, out.known)) return std::nullopt;
    Set words;
    bool marked = false;
    for (std::string_view record = next_record(bytes); !record.empty(); record = next_record(bytes))
        if (!take_record(record, out.known, words, marked)) return std::nullopt;
    out.whole = bytes.empty();
    if (!marked) return std::nullopt;
    return out;
}

}  // namespace fairway::ldap
