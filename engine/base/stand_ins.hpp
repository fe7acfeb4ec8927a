// Which made-up name stands for a real one in what is published: the same by the same, whatever its case. Names that
// are known are replaced wherever they stand in a text; so are GUIDs, SIDs and addresses. What an unknown text is (a
// name, a path) the caller says. It knows no protocol.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairway {

class StandIns {
public:
    enum class Kind { host, name, user, path, text };

    // Replaced in every text from now on, and a domain with whatever host stands before it.
    void know(std::string_view name, Kind kind);
    void know_domain(std::string_view domain);
    void know_host(std::string_view name, std::string_view full_name);

    // The stand-in for the whole of `real`.
    std::string of(std::string_view real, Kind kind);
    // A text that may name what is known; the rest of it stays.
    std::string in(std::string_view text);
    // What cannot name anything, and what can be known by its form: numbers, switches, dates, object identifiers stay;
    // GUIDs, SIDs and addresses are replaced. Nothing: it may be any text.
    std::optional<std::string> by_form(std::string_view text);
    std::string by_form_or(std::string_view text, Kind kind);

private:
    void know_as(std::string_view name, std::string stand_in);
    std::optional<std::string> known(std::string_view name);
    std::string guid(std::string_view real);
    std::string address(std::string_view real);
    std::string numbered(std::string_view real, std::string_view form);

    std::map<std::string, std::string, std::less<>> known_;     // folded; looked for in texts
    std::map<std::string, std::string, std::less<>> given_;     // folded; of whole texts
    std::map<std::string, std::size_t, std::less<>> count_;     // by the form of the stand-in
    std::vector<std::pair<std::string, std::string>> domains_;  // folded, longest first, and what stands for them
};

}  // namespace fairway
