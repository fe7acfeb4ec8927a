// See stand_ins.hpp.
#include "engine/base/stand_ins.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/guid.hpp"
#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr std::array<std::string_view, 5> words = {"HOST", "NAME", "USER", "PATH", "TEXT"};
constexpr std::string_view digits = "0123456789";

bool only(std::string_view s, std::string_view of) {
    return !s.empty() && s.find_first_not_of(of) == std::string_view::npos;
}

// S-1-5-21-…: of one domain. The short ones (S-1-5-32-544) are the same everywhere.
bool is_sid_of_a_domain(std::string_view s) {
    constexpr std::string_view start = "S-1-5-21-";
    return text::same_folded(s.substr(0, start.size()), start) && only(s.substr(start.size()), "0123456789-");
}

// Of the numbers with dots and colons that stand in texts, those that are addresses.
bool is_address(std::string_view s) {
    if (s == "::") return true;
    const bool plausible =
        std::count(s.begin(), s.end(), '.') == 3 || (std::count(s.begin(), s.end(), ':') >= 2 && s.size() > 2);
    return plausible && parse_address(s).has_value();
}

bool is_everybody(std::string_view address) {
    return only(address, "0.:") || address == "::1" || address == "127.0.0.1";
}

// -12, 1.5, 10.0.20348, 1.2.840.113556.1.4.417
bool is_number(std::string_view s) {
    if (s.starts_with('-')) s.remove_prefix(1);
    return only(s, "0123456789.") && text::is_digit(s.front()) && text::is_digit(s.back());
}

// ISO 8601 and CIM: 2026-11-22T10:11:12.5Z, PT60.000S, P0DT0H5M0S, 20261122101112.000000+000, **************.…
bool is_time(std::string_view s) {
    if (s.starts_with('P'))
        return s.size() > 2 && only(s.substr(1), "0123456789.YMWDTHS") && text::is_digit(s[s.size() - 2]);
    if (s.size() < 14 || !only(s, "0123456789*.:+-TZ")) return false;
    return only(s.substr(0, 4), "0123456789*");
}

bool is_switch(std::string_view s) { return text::same_folded(s, "true") || text::same_folded(s, "false"); }

bool is_part_of_name(char c) { return text::is_alnum(c) || c == '_' || c == '-'; }

// The longest run from here that could be a name with dots, an address or a GUID.
std::string_view run_of(std::string_view s) {
    const auto end =
        std::find_if_not(s.begin(), s.end(), [](char c) { return is_part_of_name(c) || c == '.' || c == ':'; });
    return {s.begin(), end};
}

std::string_view without_last_part(std::string_view s) {
    const auto cut = s.find_last_of(".:");
    return cut == std::string_view::npos ? std::string_view{} : s.substr(0, cut);
}

}  // namespace

std::string StandIns::numbered(std::string_view real, std::string_view form) {
    const std::string key = text::fold(real);
    if (const auto it = given_.find(key); it != given_.end()) return it->second;
    std::string out = fmt::format(fmt::runtime(form), ++count_[std::string(form)]);
    given_.emplace(key, out);
    return out;
}

void StandIns::know_as(std::string_view name, std::string stand_in) {
    if (name.empty() || known_.contains(text::fold(name))) return;
    given_.insert_or_assign(text::fold(name), stand_in);
    known_.emplace(text::fold(name), std::move(stand_in));
}

void StandIns::know(std::string_view name, Kind kind) { know_as(name, of(name, kind)); }

void StandIns::know_domain(std::string_view domain) {
    if (domain.empty() || known_.contains(text::fold(domain))) return;
    const std::string number = domains_.empty() ? "" : fmt::format("{}", domains_.size() + 1);
    know_as(domain, fmt::format("example{}.test", number));
    know_as(domain.substr(0, domain.find('.')), "EXAMPLE" + number);
    domains_.emplace_back(text::fold(domain), fmt::format("example{}.test", number));
    std::sort(domains_.begin(), domains_.end(),
              [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

void StandIns::know_host(std::string_view name, std::string_view full_name) {
    const auto domain = std::find_if(domains_.begin(), domains_.end(),
                                     [&](const auto& one) { return text::fold(full_name).ends_with("." + one.first); });
    know(name, Kind::host);
    const std::string stand_in = known_.at(text::fold(name));
    know_as(full_name,
            fmt::format("{}.{}", text::fold(stand_in), domain == domains_.end() ? "example.test" : domain->second));
    know_as(full_name.substr(0, full_name.find('.')), stand_in);
}

// A name of a domain that is known is a host's, whoever it is.
std::optional<std::string> StandIns::known(std::string_view name) {
    const std::string folded = text::fold(name);
    if (const auto it = known_.find(folded); it != known_.end()) return it->second;
    for (const auto& [domain, stand_in] : domains_) {
        if (folded.size() <= domain.size() + 1 || !folded.ends_with("." + domain)) continue;
        know_host(folded.substr(0, folded.find('.')), folded);
        return known_.at(folded);
    }
    return std::nullopt;
}

std::string StandIns::of(std::string_view real, Kind kind) {
    if (auto name = known(real)) return *name;
    return is_guid(real) ? guid(real)
                         : numbered(real, fmt::format("{}{{:03}}", words.at(static_cast<std::size_t>(kind))));
}

std::string StandIns::by_form_or(std::string_view text, Kind kind) {
    const auto found = by_form(text);
    return found ? *found : of(text, kind);
}

std::string StandIns::guid(std::string_view real) { return numbered(real, "00000000-0000-4000-8000-{:012}"); }

std::string StandIns::address(std::string_view real) {
    if (is_everybody(real)) return std::string(real);
    if (real.find(':') != real.npos) return numbered(real, "2001:db8::{:x}");
    // 198.18.0.0/15 is nobody's (RFC 2544), and larger than an estate.
    const std::string number = numbered(real, "v4 {}");
    const auto n = text::number<unsigned>(std::string_view(number).substr(3)).value_or(0);
    return fmt::format("198.{}.{}.{}", 18 + n / 65536 % 2, n / 256 % 256, n % 256);
}

std::optional<std::string> StandIns::by_form(std::string_view whole) {
    const std::string_view text = text::trim(whole);
    const std::string_view bare = text.substr(0, text.find('/'));
    if (is_guid(text)) return guid(text);
    if (is_sid_of_a_domain(text)) return numbered(text, "S-1-5-21-1-2-3-{}");
    if (is_address(text)) return address(text);
    if (is_address(bare) && only(text.substr(bare.size() + 1), digits))
        return address(bare) + std::string(text.substr(bare.size()));
    if (text.empty() || is_number(text) || is_switch(text) || is_time(text)) return std::string(whole);
    return std::nullopt;
}

std::string StandIns::in(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::string_view run = at == 0 || !is_part_of_name(text[at - 1]) ? run_of(text.substr(at)) : std::string_view{};
        std::optional<std::string> found;
        for (; !run.empty() && !found; run = found ? run : without_last_part(run)) {
            const std::string_view name = run.substr(0, run.find_last_not_of(".:") + 1);
            if ((found = known(name))) {
            } else if (is_guid(name)) found = guid(name);
            else if (is_sid_of_a_domain(name)) found = by_form(name);
            else if (is_address(name)) found = address(name);
            if (!found) continue;
            run = name;
        }
        if (found) {
            out += *found;
            at += run.size();
        } else {
            out += text[at++];
        }
    }
    return out;
}

}  // namespace fairway
