// See name_form.hpp. The form is that of MS-KILE 3.1.5.11 and "Name Formats for Unique SPNs"; that a port may be the
// name of an instance (MSSQLSvc/sql01:PAYROLL) is the practice of SQL Server.
#include "engine/model/name_form.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using Oddities = std::vector<std::string>;

struct Lookalike {
    char32_t point;
    std::string_view what;
};

// What gets into names by copying from documents and web pages.
constexpr std::array lookalikes = {
    Lookalike{0x00a0, "a no-break space"},        Lookalike{0x00ad, "a soft hyphen, which nobody sees"},
    Lookalike{0x200b, "a space of no width"},     Lookalike{0x200c, "a mark that nobody sees"},
    Lookalike{0x200d, "a mark that nobody sees"}, Lookalike{0x200e, "a mark of direction"},
    Lookalike{0x200f, "a mark of direction"},     Lookalike{0x2010, "a dash that is not `-`"},
    Lookalike{0x2011, "a dash that is not `-`"},  Lookalike{0x2012, "a dash that is not `-`"},
    Lookalike{0x2013, "a dash that is not `-`"},  Lookalike{0x2014, "a dash that is not `-`"},
    Lookalike{0x2044, "a slash that is not `/`"}, Lookalike{0x2212, "a minus that is not `-`"},
    Lookalike{0x2215, "a slash that is not `/`"}, Lookalike{0x3000, "a wide blank"},
    Lookalike{0xfeff, "a byte order mark"},       Lookalike{0xff0f, "a slash that is not `/`"},
    Lookalike{0xff1a, "a colon that is not `:`"},
};

using text::is_alnum;
using text::is_digit;

bool is_hex(char c) {
    const char f = text::fold(c);
    return is_digit(c) || (f >= 'a' && f <= 'f');
}

void characters(std::string_view name, Oddities& out) {
    const auto points = text::code_points(name);
    if (!points) {
        out.emplace_back("it is no UTF-8 text");
        return;
    }
    for (const char32_t point : *points) {
        if (point >= 0x20 && point < 0x7f) continue;
        const auto known = std::find_if(lookalikes.begin(), lookalikes.end(),
                                        [&](const Lookalike& row) { return row.point == point; });
        std::string_view what = "beyond ASCII, which clients may write in another way";
        if (point < 0xa0) what = "a control character";
        else if (known != lookalikes.end()) what = known->what;
        out.push_back(fmt::format("it holds U+{:04X}, {}", static_cast<std::uint32_t>(point), what));
    }
}

void blanks(std::string_view name, Oddities& out) {
    if (text::trim(name) != name) out.emplace_back("it begins or ends with a blank");
    for (const std::string_view stray : {" /", "/ ", " :", ": "})
        if (name.find(stray) != std::string_view::npos)
            out.push_back(fmt::format("there is a blank beside a `{}`", text::trim(stray)));
    if (name.find("  ") != std::string_view::npos) out.emplace_back("it holds two blanks in a row");
}

void escapes(std::string_view name, Oddities& out) {
    if (name.find('\\') != std::string_view::npos)
        out.emplace_back("it holds a backslash; the parts stand apart by `/`");
    for (std::size_t i = 0; i + 2 < name.size(); ++i)
        if (name[i] == '%' && is_hex(name[i + 1]) && is_hex(name[i + 2])) {
            out.push_back(fmt::format("it holds the escape {}, which nobody takes back", name.substr(i, 3)));
            return;
        }
}

void port(std::string_view port, Oddities& out) {
    const bool digits = !port.empty() && std::all_of(port.begin(), port.end(), is_digit);
    if (digits && !text::number<std::uint16_t>(port)) out.push_back(fmt::format("{} is no port", port));
    const auto of_instance = [](char c) { return is_alnum(c) || c == '_' || c == '$' || c == '-' || c == '#'; };
    if (!std::all_of(port.begin(), port.end(), of_instance))
        out.emplace_back("after the colon there is neither a port nor the name of an instance");
}

void host(std::string_view host, Oddities& out) {
    if (host.starts_with('[') && host.ends_with(']')) return;  // an IPv6 address
    for (const char c : host) {
        const bool ascii = c >= 0x20 && c < 0x7f;  // the others were reported already
        if (!ascii || c == '\\' || c == '%' || is_alnum(c) || c == '.' || c == '-' || c == '_') continue;
        out.push_back(fmt::format("its host holds `{}`", c));
        return;
    }
    if (host.ends_with('.') || host.starts_with('.') || host.find("..") != std::string_view::npos)
        out.emplace_back("its host begins or ends with a dot, or holds two in a row");
}

void structure(std::string_view name, Oddities& out) {
    const auto pieces = text::split(name, '/');
    if (pieces.size() == 1) {
        out.emplace_back("it has no service class: there is no `/`");
        return;
    }
    const NameParts parts = parts_of(name);
    if (text::trim(parts.service_class).empty()) out.emplace_back("its service class is empty");
    if (text::trim(parts.host).empty()) out.emplace_back("its host is empty");
    if (pieces.size() > 3)
        out.push_back(fmt::format("it has {} parts, and class/host/service are three", pieces.size()));
    if (pieces.size() == 3 && pieces[2].empty()) out.emplace_back("nothing follows the second `/`");
    if (pieces[1].ends_with(':')) out.emplace_back("nothing follows the colon");
    port(parts.port, out);
    host(parts.host, out);
}

}  // namespace

NameParts parts_of(std::string_view name) {
    NameParts parts;
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return parts;
    parts.service_class = name.substr(0, slash);
    std::string_view rest = name.substr(slash + 1);
    if (const auto second = rest.find('/'); second != std::string_view::npos) {
        parts.service = rest.substr(second + 1);
        rest = rest.substr(0, second);
    }
    const auto bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = rest.substr(0, colon);
    if (colon != std::string_view::npos) parts.port = rest.substr(colon + 1);
    return parts;
}

bool is_plainly_written(std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == name.size()) return false;
    const std::string_view host = name.substr(slash + 1);
    const auto in_host = [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; };
    // A class may be of words: Microsoft Virtual System Migration Service.
    for (std::size_t i = 0; i < slash; ++i)
        if (!in_host(name[i]) && (name[i] != ' ' || i == 0 || name[i - 1] == ' ' || i + 1 == slash)) return false;
    return std::all_of(host.begin(), host.end(), in_host) && host.front() != '.' && host.back() != '.' &&
           host.find("..") == std::string_view::npos;
}

// MS-NBTE 2.2.1
std::string host_name_oddity(std::string_view name) {
    const auto allowed = [](char c) { return is_alnum(c) || c == '-'; };
    if (name.empty() || name.size() > 15 || !std::all_of(name.begin(), name.end(), allowed))
        return "is not a host name: 1 to 15 letters, digits and hyphens";
    if (std::all_of(name.begin(), name.end(), is_digit))
        return "is not a host name: digits alone would be read as an address";
    return {};
}

std::vector<std::string> oddities_of(std::string_view name) {
    Oddities out;
    if (name.empty()) return {"it is empty"};
    characters(name, out);
    blanks(name, out);
    escapes(name, out);
    structure(name, out);
    return out;
}

}  // namespace fairway
